"""Whole lives written at once: for the demonstration, and for the register from before.

Exactly the rows are written that the verbs of `lifecycle` would have left; a test does both and
compares. No notice is queued: what is long past is told to nobody.
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
from dossiers.lifecycle.codes import SERIAL_DIGITS, identity_code, take_serials
from dossiers.lifecycle.life import Life, Row
from dossiers.models import (
    Deadline,
    Dossier,
    Event,
    Pause,
    SubmittedPaper,
    SupplementRequest,
    Transfer,
)
from dossiers.rules.codes import code_key

BATCH = 2000  # lives
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

T = TypeVar("T")


@transaction.atomic
def write(
    lives: Iterable[Life],
    *,
    recorded_at: datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Put the lives into the database, all or nothing, and return how many.

    Codes and book numbers are issued in order of receipt, after those already issued and those
    given. `recorded_at` is when the acts were typed in; left out, each when it happened.
    `progress` is told how many more are written. Raises IntegrityError when a given code is
    taken.
    """
    ordered = sorted(lives, key=lambda life: life.dossier.received_at or life.last_at)
    _issue_numbers(ordered)
    remaining = iter(ordered)
    while batch := list(islice(remaining, BATCH)):
        _write_batch(batch, recorded_at)
        if progress is not None:
            progress(len(batch))
    observers.written(ordered)
    return len(ordered)


def _write_batch(lives: list[Life], recorded_at: datetime | None) -> None:
    for life, key in zip(lives, _take_keys(Dossier, len(lives)), strict=True):
        life.dossier.pk = key
    _give_keys(Transfer, lives, "transfers")
    _give_keys(Event, lives, "events")
    _give_keys(Pause, lives, "pauses")
    for life in lives:
        for event in life.events:
            event["recorded_at"] = recorded_at or event["happened_at"]
            if event["kind"] == Event.Kind.TAKE_OVER:
                event["details"] = {"transfer": event["details"]["id"]}
        for request in life.supplements:
            request["pause_id"] = life.pauses[request["pause"]]["id"]
    _insert(Dossier, [vars(life.dossier) for life in lives])
    _insert(SubmittedPaper, [row for life in lives for row in _paper_rows(life)])
    for model, name in (
        (Event, "events"),
        (Transfer, "transfers"),
        (Deadline, "deadlines"),
        (Pause, "pauses"),
        (SupplementRequest, "supplements"),
    ):
        _insert(model, [row for life in lives for row in _act_rows(life, name)])


def _paper_rows(life: Life) -> Iterator[Row]:
    for position, paper in enumerate(life.papers, start=1):
        yield {
            "dossier_id": life.dossier.pk,
            "required_id": paper.required.pk if paper.required else None,
            "position": position,
            "name": paper.name,
            "kind": paper.kind,
            "copies": paper.copies,
        }


def _act_rows(life: Life, name: str) -> Iterator[Row]:
    for row in getattr(life, name):
        row["dossier_id"] = life.dossier.pk
        for opened_or_closed in ("opened_by", "closed_by"):
            if opened_or_closed in row:
                row[f"{opened_or_closed}_id"] = life.events[row[opened_or_closed]]["id"]
        yield row


def _give_keys(model: type[models.Model], lives: list[Life], name: str) -> None:
    rows = [row for life in lives for row in getattr(life, name)]
    for row, key in zip(rows, _take_keys(model, len(rows)), strict=True):
        row["id"] = key


def _issue_numbers(lives: list[Life]) -> None:
    days = _grouped(lives, lambda life: (life.dossier.office_id, life.dossier.received_on))
    for (_, day), of_day in days.items():
        office = of_day[0].dossier.office
        series = f"{day:%y%m%d}"
        prefix = f"{identity_code(office)}-{series}-"
        waiting = [life for life in of_day if not life.dossier.code]
        given = [_serial(life.dossier.code, prefix) for life in of_day if life.dossier.code]
        above = max(given, default=0)
        if waiting or above:
            first = take_serials(office, series, len(waiting), above)
            for serial, life in enumerate(waiting, start=first):
                life.dossier.code = f"{prefix}{serial:0{SERIAL_DIGITS}d}"
        for life in of_day:
            life.dossier.code_key = code_key(life.dossier.code)
            life.events[0]["changes"]["code"] = [None, life.dossier.code]
    years = _grouped(lives, lambda life: (life.dossier.office_id, life.dossier.received_on.year))
    for (_, year), of_year in years.items():
        first = take_serials(of_year[0].dossier.office, f"book-{year}", len(of_year))
        for number, life in enumerate(of_year, start=first):
            life.dossier.book_number = number


def _serial(code: str, prefix: str) -> int:
    """The serial of a given code of the office's own pattern and this day; otherwise 0."""
    tail = code.removeprefix(prefix)
    return int(tail) if tail != code and tail.isdecimal() else 0


def _insert(model: type[models.Model], rows: list[Row]) -> None:
    """Insert rows of plain values by column; what a row leaves out has the field's default.

    Not `bulk_create`: it asks every field of every row in turn, which for tens of thousands of
    lives takes three times as long as all the rest.
    """
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if f.attname in rows[0] or not f.primary_key]
    prepared = [
        [row.get(field.attname, default) for row in rows]
        if prepare is None
        else [prepare(row.get(field.attname, default)) for row in rows]
        for field, default, prepare in ((f, f.get_default(), _preparing(f)) for f in fields)
    ]
    quote = connection.ops.quote_name
    table = f"{quote(model._meta.db_table)} ({', '.join(quote(f.column) for f in fields)})"
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
    elif not isinstance(value, str):
        return str(value)
    return value.translate(ESCAPED)


def _preparing(field: models.Field) -> Callable[[Any], Any] | None:
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
