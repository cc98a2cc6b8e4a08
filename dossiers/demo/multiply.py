"""The past of the demonstration many times over, copied inside the database.

Each copy is every life again, under other codes and other names. Statements of SQL write it, one
a table and copy and alike on both databases: millions of lives through Python would take hours.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from dossiers.demo import indexes
from dossiers.demo.names import twin
from dossiers.lifecycle import observers
from dossiers.models import Dossier, Event, SerialCounter, Transfer
from motcua.text import fold

Strides = dict[type[models.Model], int]
"""How far the keys of a copy lie from those of the copy before."""

_SEATED_AT_ONCE = 400
_SETTINGS = {
    "sqlite": ("PRAGMA cache_size = -262144",),
    "postgresql": ("SET LOCAL work_mem = '64MB'",),
}
# Who takes the place of whom in the copy at hand.
_PEOPLE = """CREATE TEMPORARY TABLE demo_people (number varchar(20) PRIMARY KEY,
    name varchar(200), folded varchar(200), new_number varchar(20), phone varchar(20))"""

_DAY = "substr(d.code, length(d.code) - 10, 6)"
_COUNTER = "JOIN dossiers_serialcounter {0} ON {0}.office_id = d.office_id AND {0}.series = {1}"
_JOINS = {
    Dossier: " ".join(
        (
            _COUNTER.format("of_day", _DAY),
            _COUNTER.format("of_year", "'book-20' || substr(d.code, length(d.code) - 10, 2)"),
            "LEFT JOIN demo_people who ON who.number = d.applicant_id",
            "LEFT JOIN demo_people other ON other.number = d.submitter_id",
        )
    ),
    Event: "JOIN dossiers_dossier of_copy ON of_copy.id = d.dossier_id + {dossiers}",
}
# In the order of codes.issue_receipt_code: at least four digits, more when the day has more.
_SERIAL = "CAST(substr(d.code, length(d.code) - 3) AS integer) + of_day.last * {copy}"
_CODE = (
    "substr(d.code, 1, length(d.code) - 4) || substr('000', 1,"
    f" CASE WHEN {_SERIAL} < 10 THEN 3 WHEN {_SERIAL} < 100 THEN 2 WHEN {_SERIAL} < 1000 THEN 1"
    f" ELSE 0 END) || CAST({_SERIAL} AS text)"
)
_NAME = "COALESCE(who.name, d.applicant_name)"
_NUMBER = "COALESCE(who.new_number, d.applicant_id)"
_PHONE = "CASE WHEN d.phone = '' THEN '' ELSE COALESCE(who.phone, d.phone) END"
_OTHER_NAME = "COALESCE(other.name, d.submitter_name)"
_OTHER_NUMBER = "COALESCE(other.new_number, d.submitter_id)"
_OTHER_PHONE = "CASE WHEN d.submitter_phone = '' THEN '' ELSE COALESCE(other.phone, '') END"
_DOSSIER = {
    "code": _CODE,
    "code_key": f"replace(replace({_CODE}, '-', ''), '.', '')",
    "book_number": "d.book_number + of_year.last * {copy}",
    "applicant_name": _NAME,
    "applicant_id": _NUMBER,
    "phone": _PHONE,
    "submitter_name": _OTHER_NAME,
    "submitter_id": _OTHER_NUMBER,
    "submitter_phone": _OTHER_PHONE,
    "collector_name": f"CASE d.collector_name WHEN '' THEN '' WHEN d.applicant_name THEN {_NAME}"
    f" ELSE {_OTHER_NAME} END",
    "collector_paper": f"replace(replace(d.collector_paper, d.applicant_id, {_NUMBER}),"
    f" d.submitter_id, {_OTHER_NUMBER})",
    "search_key": f"trim(COALESCE(who.folded, '') || ' ' || {_NUMBER} || ' ' || {_PHONE})"
    f" || CASE WHEN d.submitter_id = '' THEN '' ELSE ' ' || trim(COALESCE(other.folded, '')"
    f" || ' ' || {_OTHER_NUMBER} || ' ' || {_OTHER_PHONE}) END",
}


@dataclass(frozen=True)
class Documents:
    """How a database speaks of what is inside a JSON document."""

    after: str
    """The document with another value as the second of a pair [before, after] that it has."""
    replaced: str
    number: str


_DOCUMENTS = {
    "sqlite": Documents(
        after="json_replace({0}, '$.{1}[1]', {2})",
        replaced="json_replace({0}, '$.{1}', {2})",
        number="json_extract({0}, '$.{1}')",
    ),
    "postgresql": Documents(
        after="jsonb_set({0}, '{{{1},1}}', to_jsonb({2}), false)",
        replaced="jsonb_set({0}, '{{{1}}}', to_jsonb({2}), false)",
        number="({0} ->> '{1}')::bigint",
    ),
}


def multiply(times: int, progress: Callable[[int], object]) -> None:
    """Make every dossier of the database `times` as many, with all that belongs to its life.

    Deterministic. Codes and book numbers of a copy follow those already issued, and the counters
    follow them, so that the next receipt goes on from there. Must run in a transaction; `progress`
    is told how many more dossiers there are.
    """
    lives = Dossier.objects.count()
    strides = {model: _last_key(model) for model in _of_a_life()}
    numbers = _numbers()
    with connection.cursor() as cursor:
        for statement in (*_SETTINGS[connection.vendor], _PEOPLE):
            cursor.execute(statement)
        with indexes.laid_aside(strides):
            for copy in range(1, times):
                _seat(numbers, copy)
                for model in strides:
                    cursor.execute(_copying(model, copy, strides))
                progress(lives)
        cursor.execute("DROP TABLE demo_people")
    SerialCounter.objects.update(last=models.F("last") * times)
    indexes.set_sequences(strides)
    observers.multiplied(times)


def _of_a_life() -> list[type[models.Model]]:
    """The dossier and every model that hangs on one, each after those it points to."""
    waiting = [
        model
        for model in apps.get_app_config("dossiers").get_models()
        if model is Dossier or Dossier in _pointed_to(model)
    ]
    found: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not _pointed_to(model) & set(waiting)]
        found += ready
        waiting = [model for model in waiting if model not in ready]
    return found


def _pointed_to(model: type[models.Model]) -> set[type[models.Model]]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def _last_key(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _numbers() -> list[str]:
    """The ID numbers of everybody who came, for themselves or for another."""
    found: set[str] = set()
    for name in ("applicant_id", "submitter_id"):
        found.update(Dossier.objects.order_by().values_list(name, flat=True).distinct())
    return sorted(found - {""})


def _seat(numbers: list[str], copy: int) -> None:
    """Say who takes whose place in this copy."""
    rows = [
        (number, other.name, fold(other.name), other.number, other.phone)
        for number, other in ((number, twin(number, copy)) for number in numbers)
    ]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM demo_people")
        for start in range(0, len(rows), _SEATED_AT_ONCE):
            part = rows[start : start + _SEATED_AT_ONCE]
            places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(part))
            cursor.execute(
                f"INSERT INTO demo_people VALUES {places}",  # noqa: S608
                [value for row in part for value in row],
            )


def _copying(model: type[models.Model], copy: int, strides: Strides) -> str:
    """The statement that writes one table's rows of one copy."""
    told = {Dossier: _DOSSIER, Event: _event(strides[Transfer] * copy)}.get(model, {})
    values = {}
    for field in model._meta.concrete_fields:
        moved = model if field.primary_key else field.related_model
        if field.column in told:
            value = told[field.column].replace("{copy}", str(copy))
        elif moved in strides:
            value = f"d.{field.column} + {strides[moved] * copy}"
        else:
            value = "NULL" if field.unique else f"d.{field.column}"
        values[field.column] = value
    joins = _JOINS.get(model, "").format(dossiers=strides[Dossier] * copy)
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)})"  # noqa: S608
        f" SELECT {', '.join(values.values())} FROM {model._meta.db_table} d {joins}"
        f" WHERE d.id <= {strides[model]} ORDER BY d.id"
    )


def _event(transfers: int) -> dict[str, str]:
    """What an act says of codes, names and keys is said of those of the copy."""
    documents = _DOCUMENTS[connection.vendor]
    collected = "d.changes"
    for name in ("collector_name", "collector_paper"):
        collected = documents.after.format(collected, name, f"of_copy.{name}")
    received = documents.after.format("d.changes", "code", "of_copy.code")
    transfer = f"{documents.number.format('d.details', 'transfer')} + {transfers}"
    taken = documents.replaced.format("d.details", "transfer", transfer)
    return {
        "changes": f"CASE d.kind WHEN '{Event.Kind.ACCEPT}' THEN {received}"
        f" WHEN '{Event.Kind.HAND_OVER}' THEN {collected} ELSE d.changes END",
        "details": f"CASE d.kind WHEN '{Event.Kind.TAKE_OVER}' THEN {taken} ELSE d.details END",
    }
