"""The past of the demonstration many times over, copied inside the database, for measuring.

Each copy is every dossier again, under other codes and other names. Statements of SQL write it,
one a table and copy and alike on both databases: millions of them through Python would take hours.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.apps import apps
from django.db import connection, models, transaction

from dossiers.demo.load import Reporter, check, load, loaded
from dossiers.demo.names import POOL, Applicant, organisation, person
from dossiers.demo.plan import Counts, OfficePlan
from dossiers.models import Dossier, Event, SerialCounter, Transfer
from motcua.text import fold
from reports.models import DaysSummary, Summary
from reports.sign_off import demonstration
from reports.terms.contributions import MEASURES
from tests.bench import indexes

Strides = dict[type[models.Model], int]
"""How far the keys of a copy lie from those of the copy before."""

PAST_BEFORE = date(2017, 1, 1)
"""The past was received, and ended, before this day; the current quarter is not multiplied."""
TAX_DIGITS = 10
COPY_STEP = 1274  # even, so that a woman's place is taken by a woman

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


@transaction.atomic
def load_multiplied(times: int, reporter: Reporter, *, scale: float = 1) -> None:
    """The demonstration on base data already loaded, its past `times` over; see `load` for
    `scale`. Nothing is signed: figures that were signed would differ from the multiplied ones.
    Raises WrongFigures when the past does not have so many times the planned figures."""
    loaded.disconnect(dispatch_uid="reports.demonstration")
    try:
        plans = load(reporter, scale=scale)
    finally:
        demonstration.join()
    multiply(times)
    check([_multiplied(office_plan, times) for office_plan in plans])


def _multiplied(plan: OfficePlan, times: int) -> OfficePlan:
    names = ("received", "early", "on_time", "late")
    counts = Counts(*(getattr(plan.counts, name) * times for name in names))
    return replace(plan, carried=plan.carried * times, counts=counts)


def multiply(times: int) -> None:
    """Make every dossier of the past `times` as many, with all that belongs to its life.

    Deterministic. Codes and book numbers of a copy follow those already issued, and the counters
    follow them, so that the next receipt goes on from there. Must run in a transaction.
    """
    last = Dossier.objects.filter(received_on__lt=PAST_BEFORE).latest("pk").pk
    strides = {model: _last_key(model) for model in _of_a_life()}
    numbers = _numbers()
    with connection.cursor() as cursor:
        for statement in (*_SETTINGS[connection.vendor], _PEOPLE):
            cursor.execute(statement)
        with indexes.laid_aside(strides):
            for copy in range(1, times):
                _seat(numbers, copy)
                for model in strides:
                    cursor.execute(_copying(model, copy, strides, last))
        cursor.execute("DROP TABLE demo_people")
    indexes.set_sequences(strides)
    _multiply_numbers(times)


def _multiply_numbers(times: int) -> None:
    """The counters and the sums of the past so many times."""
    of_past = SerialCounter.objects.filter(series__regex=r"^(book-20)?1[56]")
    of_past.update(last=models.F("last") * times)
    past = Summary.objects.filter(start__lt=PAST_BEFORE)
    past.update(**{name: models.F(name) * times for name in MEASURES})
    ended = DaysSummary.objects.filter(start__lt=PAST_BEFORE)
    ended.update(count=models.F("count") * times)


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
                f"INSERT INTO demo_people VALUES {places}",
                [value for row in part for value in row],
            )


def _copying(model: type[models.Model], copy: int, strides: Strides, last: int) -> str:
    """The statement that writes one table's rows of one copy; `last` is the last dossier of the
    past."""
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
    dossier = next(f for f in model._meta.concrete_fields if Dossier in (model, f.related_model))
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)})"
        f" SELECT {', '.join(values.values())} FROM {model._meta.db_table} d {joins}"
        f" WHERE d.{dossier.column} <= {last} ORDER BY d.id"
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


def twin(number: str, copy: int) -> Applicant:
    """Who stands in the n-th copy of the past for the person or organisation of this ID number
    (of 9 digits, or a tax code): somebody else of the same kind, with a number of the copy."""
    if len(number) == TAX_DIGITS:
        other = organisation(int(number) + COPY_STEP * copy)
        return replace(other, number=f"00{copy % 10_000:04d}{int(other.number):04d}")
    other = person(int(number) + COPY_STEP * copy)
    # Six digits are free.
    return replace(other, number=f"000{copy % 111 * POOL + int(other.number):06d}")
