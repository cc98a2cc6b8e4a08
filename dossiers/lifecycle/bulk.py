"""The writer of many dossiers at once: for the demonstration, and for the register from before.

Exactly the rows are written that `lifecycle` would have left; a test does both and compares. No
notice is queued: what is long past is told to nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models, transaction
from psycopg2.extras import Json

from dossiers.lifecycle import observers
from dossiers.lifecycle.changes import KINDS
from dossiers.lifecycle.codes import identity_code, take_serials
from dossiers.lifecycle.submitted_papers import rows_of
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import (
    Dossier,
    Event,
    Pause,
    SubmittedPaper,
    SupplementRequest,
    Transfer,
)
from dossiers.rules.codes import SERIAL_DIGITS, code_key

BATCH = 2000  # dossiers
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

T = TypeVar("T")
Row = dict[str, Any]
"""A row to be, as plain values by column."""


@transaction.atomic
def write(
    dossiers: Iterable[UnsavedDossier],
    *,
    recorded_at: datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Put the dossiers into the database, all or nothing, and return how many.

    Codes and book numbers are issued in order of receipt, after those already issued and those
    given. `recorded_at` is when the acts were typed in; left out, each when it happened.
    `progress` is told how many more are written. Raises IntegrityError when a given code is
    taken.
    """
    # As they were received, whatever a correction said of that later: codes follow it.
    ordered = sorted(dossiers, key=lambda each: each.events[0]["happened_at"])
    _issue_numbers(ordered)
    remaining = iter(ordered)
    while batch := list(islice(remaining, BATCH)):
        _write_batch(batch, recorded_at)
        if progress is not None:
            progress(len(batch))
    observers.written(ordered)
    return len(ordered)


def _write_batch(batch: list[UnsavedDossier], recorded_at: datetime | None) -> None:
    _give_keys(Dossier, [vars(each.dossier) for each in batch])
    _give_keys(Event, [event for each in batch for event in each.events])
    for named in (Transfer, Pause):
        _give_keys(named, [vars(row) for each in batch for row in each.rows[named]])
    for each in batch:
        _link(each, recorded_at)
    _insert(Dossier, [vars(each.dossier) for each in batch])
    _insert(SubmittedPaper, [row for each in batch for row in _paper_rows(each)])
    _insert(Event, [event for each in batch for event in each.events])
    for kind in KINDS:
        _insert(kind, [vars(row) for each in batch for row in each.rows[kind]])


def _link(unsaved: UnsavedDossier, recorded_at: datetime | None) -> None:
    """Give events and rows the keys that they point to."""
    key = unsaved.dossier.pk
    for event in unsaved.events:
        event["dossier_id"] = key
        event["recorded_at"] = recorded_at or event["happened_at"]
        if event["kind"] == Event.Kind.TAKE_OVER:
            event["details"] = {"transfer": event["details"]["transfer"].pk}
    for row, name, event in unsaved.links:
        vars(row).update({name: event["id"], "dossier_id": key})
    for request in unsaved.rows[SupplementRequest]:
        request.pause_id = request.pause.pk


def _paper_rows(unsaved: UnsavedDossier) -> Iterator[Row]:
    for row in rows_of(unsaved.papers):
        yield row | {"dossier_id": unsaved.dossier.pk}


def _give_keys(model: type[models.Model], rows: list[Row]) -> None:
    for row, key in zip(rows, _take_keys(model, len(rows)), strict=True):
        row["id"] = key


def _issue_numbers(dossiers: list[UnsavedDossier]) -> None:
    days = _grouped(dossiers, lambda each: (each.dossier.receiver_id, each.numbered_on))
    for (_, day), of_day in days.items():
        office = of_day[0].dossier.receiver
        series = f"{day:%y%m%d}"
        prefix = f"{identity_code(office)}-{series}-"
        waiting = [each for each in of_day if not each.dossier.code]
        given = [_serial(each.dossier.code, prefix) for each in of_day if each.dossier.code]
        above = max(given, default=0)
        if waiting or above:
            first = take_serials(office, series, len(waiting), above)
            for serial, each in enumerate(waiting, start=first):
                each.dossier.code = f"{prefix}{serial:0{SERIAL_DIGITS}d}"
        for each in of_day:
            each.dossier.code_key = code_key(each.dossier.code)
            each.events[0]["changes"]["code"] = [None, each.dossier.code]
    years = _grouped(dossiers, lambda each: (each.dossier.receiver_id, each.numbered_on.year))
    for (_, year), of_year in years.items():
        first = take_serials(of_year[0].dossier.receiver, f"book-{year}", len(of_year))
        for number, each in enumerate(of_year, start=first):
            each.dossier.book_number = number


def _serial(code: str, prefix: str) -> int:
    """The serial of a given code of the office's own pattern and this day; otherwise 0."""
    tail = code.removeprefix(prefix)
    return int(tail) if tail != code and tail.isdecimal() else 0


def _insert(model: type[models.Model], rows: list[Row]) -> None:
    """Insert rows of plain values by column; what a row leaves out has the field's default.

    Not `bulk_create`: it asks every field of every row in turn, which for tens of thousands of
    dossiers takes three times as long as all the rest.
    """
    if not rows:
        return
    key = model._meta.pk.attname
    fields = [f for f in model._meta.concrete_fields if not f.primary_key or rows[0].get(key)]
    prepared = [
        [row.get(field.attname, default) for row in rows]
        if prepare is None
        else [prepare(row.get(field.attname, default)) for row in rows]
        for field, default, prepare in ((f, f.get_default(), _preparing(f)) for f in fields)
    ]
    quote = connection.ops.quote_name
    columns = [quote(f.column) for f in fields if f.column]  # a concrete field always has one
    table = f"{quote(model._meta.db_table)} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = ("\t".join(map(_copied, row)) for row in zip(*prepared, strict=True))
            # Django makes its own errors of what `execute` raises, not of what this does.
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO("\n".join(lines)))
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608
                list(zip(*prepared, strict=True)),
            )


def _copied(value: Any) -> str:
    """A value as PostgreSQL's COPY reads it in its text format."""
    if value is None:
        return r"\N"
    if isinstance(value, Json):
        value = value.dumps(value.adapted)
    if not isinstance(value, str):
        return str(value)
    return value.translate(ESCAPED)


def _preparing(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How a value of the field becomes one of the database; None when it stays as it is."""
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return _day
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


# One moment stands in many columns, one day in many rows.
@lru_cache(maxsize=50_000)
def _moment(value: datetime | None) -> Any:
    return models.DateTimeField().get_db_prep_save(value, connection)


@lru_cache(maxsize=5_000)
def _day(value: date | None) -> Any:
    return models.DateField().get_db_prep_save(value, connection)


def _take_keys(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for that many rows, known before the rows are written."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # A write transaction of SQLite is alone, so nobody else takes the next key.
        last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
        return list(range(last + 1, last + 1 + count))


def _grouped(items: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    found: dict[Any, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
