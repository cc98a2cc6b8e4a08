"""The summaries held against the dossiers themselves, and made anew from them.

Two counts are set beside what is kept. Every bucket of every office is counted again by the
rules of `contributions`, and the tables of every year by the SQL of `figures.recount`, which
shares no line with them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Max, Min

from dossiers.models import Dossier
from dossiers.rules.timeliness import classify_sql
from motcua import clock
from reports.figures import summaries
from reports.figures.offices import every_office
from reports.figures.recount import recount
from reports.terms.buckets import Grain
from reports.terms.columns import NAMES
from reports.terms.contributions import MEASURES, OWN, DaysRow, Facts, SummaryRow, spent_of, sums_of
from reports.terms.periods import Period, parse_period

AT_ONCE = 2_000  # rows on their way from the database

YearRow = tuple[Period, str]
"""A row of the table of a year, in words."""


Counted = list[tuple[Facts, int]]


@dataclass(frozen=True)
class Kept:
    """A table of sums: its rows, its numbers, how both are counted and entered."""

    row: type[SummaryRow] | type[DaysRow]
    numbers: tuple[str, ...]
    count: Callable[[Counted], Mapping[Any, Any]]
    enter: Callable[[Any], None]


TABLES = {
    "Summary": Kept(SummaryRow, MEASURES, sums_of, summaries.add),
    "DaysSummary": Kept(DaysRow, ("count",), spent_of, summaries.add_days),
}


@dataclass(frozen=True)
class Difference:
    """A number that is kept wrongly; `where` is a row of the sums, or a table of a year."""

    where: SummaryRow | DaysRow | YearRow
    name: str
    kept: int
    counted: int


@dataclass
class Account:
    """What a recount found."""

    dossiers: int = 0
    rows: int = 0
    differences: list[Difference] = field(default_factory=list)
    misclassified: list[str] = field(default_factory=list)
    """Codes of the dossiers whose class is not the one of their dates: no act of the program
    leaves one, a hand in the database does."""


def verify(*, tables: bool = True) -> Account:
    """Count everything again, as it stands at one moment; changes nothing.

    Without `tables` every bucket is counted, but not the tables of the years a second time.
    """
    account = Account()
    with _one_moment():
        for office in _office_ids():
            dossiers = _facts_of(office)
            account.dossiers += len(dossiers)
            for name, table in TABLES.items():
                counted, kept = table.count(dossiers), _kept(name, table, office)
                account.rows += len(counted)
                for row in sorted(counted.keys() | kept.keys()):
                    account.differences += _between(
                        row, table.numbers, kept.get(row), counted.get(row)
                    )
        account.misclassified = _misclassified()
        if tables:
            account.differences += _of_the_years()
    return account


def _misclassified() -> list[str]:
    ended = Dossier.objects.filter(resolved_on__isnull=False).annotate(by_dates=classify_sql())
    wrong = ended.exclude(timeliness=F("by_dates"))
    return list(wrong.order_by("pk").values_list("code", flat=True))


@transaction.atomic
def rebuild() -> int:
    """Make the sums anew from the dossiers, while acts wait; how many rows there are."""
    rows = 0
    models = {name: apps.get_model("reports", name) for name in TABLES}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Whoever has entered an act already commits first and is counted; whoever has not
            # is not counted, waits here, and adds the difference afterwards.
            locked = ", ".join(model._meta.db_table for model in models.values())
            cursor.execute(f"LOCK TABLE {locked} IN SHARE ROW EXCLUSIVE MODE")
    offices = _office_ids()
    for model in models.values():
        model.objects.all().delete()
    for office in offices:
        dossiers = _facts_of(office)
        for name in models:
            counted = TABLES[name].count(dossiers)
            TABLES[name].enter(counted)
            rows += len(counted)
    return rows


def words_of(difference: Difference) -> str:
    """Where the number stands and what it should be, for the person who keeps the program."""
    where = difference.where
    if isinstance(where, SummaryRow):
        when = {
            Grain.DAY: f"Ngày {where.start:%d/%m/%Y}",
            Grain.HALF_MONTH: f"Nửa tháng từ {where.start:%d/%m/%Y}",
            Grain.YEAR: f"Năm {where.start:%Y}",
        }[Grain(where.grain)]
        place = f"đơn vị số {where.office_id}, lĩnh vực số {where.sector_id}"
        if where.procedure_id:
            place += f", thủ tục số {where.procedure_id}"
    elif isinstance(where, DaysRow):
        when = f"Nửa tháng từ {where.start:%d/%m/%Y}"
        place = f"đơn vị số {where.office_id}, thủ tục số {where.procedure_id}, {where.days} ngày"
    else:
        period, place = where
        when = f"Bảng {period.label.lower()}"
    return (
        f"{when}, {place}, {difference.name}: đang ghi {difference.kept}, đếm lại "
        f"{difference.counted}."
    )


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read is what stood at one moment, whatever is entered meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with _begun_to_read(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _begun_to_read() -> Iterator[None]:
    """On SQLite every other transaction begins by keeping all writers out; this one only reads."""
    mode = getattr(connection, "transaction_mode", None)
    if mode is None:
        yield
        return
    sqlite: Any = connection  # the attribute is of its database alone
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = mode


def _office_ids() -> list[int]:
    """Every office that has dossiers, or had."""
    found: set[int] = set()
    models = [apps.get_model("reports", name) for name in TABLES]
    for model in (apps.get_model("dossiers", "Dossier"), *models):
        found |= set(model.objects.order_by().values_list("office_id", flat=True).distinct())
    return sorted(found)


def _kept(name: str, table: Kept, office: int) -> dict[Any, list[int]]:
    """The rows of the office; those in which all that came went again are left out."""
    keys = len(table.row._fields)
    rows = apps.get_model("reports", name).objects.filter(office_id=office)
    return {
        table.row(*row[:keys]): list(row[keys:])
        for row in rows.values_list(*table.row._fields, *table.numbers).iterator(AT_ONCE)
        if any(row[keys:])
    }


def _facts_of(office: int) -> Counted:
    """Every accepted dossier of the office, once."""
    dossiers = apps.get_model("dossiers", "Dossier").objects.filter(
        office_id=office, received_on__isnull=False
    )
    standing = {"dossier__office_id": office, "is_void": False}
    promises = _by_dossier(
        # A promise that was never replaced is the dossier's own due date.
        apps.get_model("dossiers", "Deadline").objects.filter(
            counts=True, dossier__due_since__isnull=False, **standing
        ),
        "due_on",
    )
    pauses = _by_dossier(apps.get_model("dossiers", "Pause").objects.filter(**standing), "from_on")
    return [
        (Facts._make([*own, tuple(promises.get(key, ())), tuple(pauses.get(key, ()))]), 1)
        for key, *own in dossiers.order_by().values_list("pk", *OWN).iterator(AT_ONCE)
    ]


def _by_dossier(rows: Any, begins: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, *days in (
        rows.order_by("pk").values_list("dossier_id", begins, "until_on").iterator(AT_ONCE)
    ):
        found[key].append(tuple(days))
    return found


def _of_the_years() -> Iterator[Difference]:
    """What the tables of whole years say otherwise than the dossiers counted by SQL."""
    dossiers = apps.get_model("dossiers", "Dossier").objects
    days = dossiers.aggregate(Min("received_on"), Max("received_on"), Max("resolved_on")).values()
    years = [day.year for day in days if day is not None]
    if not years:
        return
    desks = every_office()
    names = {office.pk: office.name for office in desks.offices}
    for year in range(min(years), max(years) + 1):
        whole = parse_period(f"{year:04}")
        told = whole.told_on(clock.today())
        fields = (("sector_id", "lĩnh vực"), ("procedure_id", "thủ tục"))
        scopes = {period: desks.scope_of_all(period) for period in (whole, told)}
        for (period, scope), (name_of_field, by) in product(scopes.items(), fields):
            kept = summaries.tally(period, scope, "office_id", name_of_field)
            counted = recount(period, scope, "office_id", name_of_field)
            for key in sorted(kept.keys() | counted.keys()):
                where = (period, f"{names[key[0]]}, {by} số {key[1]}")
                sides = [
                    [side[key][name] for name in NAMES] if key in side else None
                    for side in (kept, counted)
                ]
                yield from _between(where, NAMES, *sides)


def _between(
    where: SummaryRow | DaysRow | YearRow,
    names: Sequence[str],
    kept: Sequence[int] | None,
    counted: Sequence[int] | None,
) -> Iterator[Difference]:
    """Number by number; of a side that has no such row every number is 0."""
    zeros = [0] * len(names)
    for name, was, should in zip(names, kept or zeros, counted or zeros, strict=True):
        if was != should:
            yield Difference(where, name, was, should)
