"""The summaries held against the dossiers themselves, and made anew from them.

Two counts are set beside what is kept. Every bucket of every office is counted again by the
rules of `contributions`, and the tables of every year by the SQL of `figures.recount`, which
shares no line with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connection, transaction
from django.db.models import Max, Min

from motcua.models import Office
from reports import summaries
from reports.bookkeeping import OWN
from reports.buckets import Grain
from reports.columns import NAMES
from reports.contributions import MEASURES, Facts, Row, Sums, sums_of
from reports.figures import recount
from reports.periods import Period, parse_period
from reports.scopes import scope_of_all

AT_ONCE = 2_000  # rows on their way from the database

YearRow = tuple[Period, str]
"""A row of the table of a year, in words."""


@dataclass(frozen=True)
class Difference:
    """A number that is kept wrongly; `where` is a row of the summaries, or a table of a year."""

    where: Row | YearRow
    name: str
    kept: int
    counted: int


@dataclass
class Account:
    """What a recount found."""

    dossiers: int = 0
    rows: int = 0
    differences: list[Difference] = field(default_factory=list)


def verify(*, tables: bool = True) -> Account:
    """Count everything again, as it stands at one moment; changes nothing.

    Without `tables` every bucket is counted, but not the tables of the years a second time.
    """
    account = Account()
    with _one_moment():
        for office in _office_ids(installed):
            counted = _counted(installed, office, account)
            kept = _kept(office)
            for row in sorted(counted.keys() | kept.keys()):
                zeros = [0] * len(MEASURES)
                numbers = zip(MEASURES, kept.get(row, zeros), counted.get(row, zeros), strict=True)
                account.differences += [
                    Difference(row, name, was, should)
                    for name, was, should in numbers
                    if was != should
                ]
            account.rows += len(counted)
        if tables:
            account.differences += _of_the_years()
    return account


@transaction.atomic
def rebuild(apps: Apps = installed) -> Account:
    """Make all summaries anew from the dossiers; acts wait until it is done.

    `apps`: of a migration, where the tables may be older than the models.
    """
    account = Account()
    summary = apps.get_model("reports", "Summary")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Whoever has entered an act already commits first and is counted; whoever has not
            # is not counted, waits here, and adds the difference afterwards.
            cursor.execute(f"LOCK TABLE {summary._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    summary.objects.all().delete()
    for office in _office_ids(apps):
        counted = _counted(apps, office, account)
        summaries.add(counted)
        account.rows += len(counted)
    return account


def words_of(difference: Difference) -> str:
    """Where the number stands and what it should be, for the person who keeps the program."""
    if isinstance(difference.where, Row):
        row = difference.where
        day = {
            Grain.DAY: f"Ngày {row.start:%d/%m/%Y}",
            Grain.HALF_MONTH: f"Nửa tháng từ {row.start:%d/%m/%Y}",
            Grain.YEAR: f"Năm {row.start:%Y}",
        }[Grain(row.grain)]
        place = f"đơn vị số {row.office_id}, lĩnh vực số {row.sector_id}"
        if row.procedure_id:
            place += f", thủ tục số {row.procedure_id}"
    else:
        period, place = difference.where
        day = f"Bảng {period.label.lower()}"
    return (
        f"{day}, {place}, {difference.name}: đang ghi {difference.kept}, đếm lại "
        f"{difference.counted}."
    )


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read is what stood at one moment, whatever is entered meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _office_ids(apps: Apps) -> list[int]:
    """Every office that has dossiers, or had."""
    found: set[int] = set()
    for app, model in (("dossiers", "Dossier"), ("reports", "Summary")):
        rows = apps.get_model(app, model).objects.order_by()
        found |= set(rows.values_list("office_id", flat=True).distinct())
    return sorted(found)


def _named(numbers: list[int] | None) -> dict[str, int] | None:
    return None if numbers is None else dict(zip(MEASURES, numbers, strict=True))


def _kept(office: int) -> Sums:
    model = installed.get_model("reports", "Summary")
    rows = model.objects.filter(office_id=office).values_list(*Row._fields, *MEASURES)
    keys = len(Row._fields)
    return {
        Row(*row[:keys]): list(row[keys:])
        for row in rows.iterator(AT_ONCE)
        if any(row[keys:])  # what came and went again leaves zeros
    }


def _counted(apps: Apps, office: int, account: Account) -> Sums:
    dossiers = apps.get_model("dossiers", "Dossier").objects.filter(
        office_id=office, received_on__isnull=False
    )
    turns = {"dossier__office_id": office, "is_void": False}
    promises = _by_dossier(
        # A promise that was never replaced is the dossier's own due date.
        apps.get_model("dossiers", "Deadline").objects.filter(
            counts=True, dossier__due_since__isnull=False, **turns
        ),
        "due_on",
    )
    pauses = _by_dossier(apps.get_model("dossiers", "Pause").objects.filter(**turns), "from_on")

    def facts() -> Iterator[tuple[Facts, int]]:
        for key, *own in dossiers.order_by().values_list("pk", *OWN).iterator(AT_ONCE):
            account.dossiers += 1
            yield Facts(*own, tuple(promises.get(key, ())), tuple(pauses.get(key, ()))), 1

    return sums_of(facts())


def _by_dossier(rows: Any, begins: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, *days in (
        rows.order_by("pk").values_list("dossier_id", begins, "until_on").iterator(AT_ONCE)
    ):
        found[key].append(tuple(days))
    return found


def _of_the_years() -> Iterator[Difference]:
    """What the tables of whole years say otherwise than the dossiers counted by SQL."""
    dossiers = installed.get_model("dossiers", "Dossier").objects
    days = dossiers.aggregate(Min("received_on"), Max("received_on"), Max("resolved_on")).values()
    years = [day.year for day in days if day is not None]
    if not years:
        return
    desks = Office.objects.with_desk()
    scope, names = scope_of_all(desks), {desk.pk: desk.name for desk in desks}
    for year in range(min(years), max(years) + 1):
        period = parse_period(f"{year:04}")
        for name_of_field, by in (("sector_id", "lĩnh vực"), ("procedure_id", "thủ tục")):
            kept = summaries.tally(period, scope, "office_id", name_of_field)
            counted = recount(period, scope, "office_id", name_of_field)
            for key in sorted(kept.keys() | counted.keys()):
                where = (period, f"{names[key[0]]}, {by} số {key[1]}")
                yield from _between(where, NAMES, kept.get(key), counted.get(key))


def _between(
    where: Row | YearRow,
    names: Iterable[str],
    kept: Mapping[str, int] | None,
    counted: Mapping[str, int] | None,
) -> Iterator[Difference]:
    """Number by number; of a side that has no such row every number is 0."""
    for name in names:
        was, should = (kept or {}).get(name, 0), (counted or {}).get(name, 0)
        if was != should:
            yield Difference(where, name, was, should)
