"""The backlog by age: what is open at the end of a period, by the days since its receipt and by
the days past its due date, in working days of the receiving office or in days of the calendar.

A number of days becomes a date first: "at most 5 working days old" means "received on this day or
after". So the database counts by comparing dates, and the list behind a number is the same
comparison.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from dossiers.models import DossierQuerySet
from dossiers.rules.timeliness import overdue_sql
from procedures.calendar import calendars_for
from procedures.workdays import WorkingCalendar
from reports.figures.recount import clock_stands_still, dossiers_behind
from reports.figures.tables import By, ordered, table
from reports.output.sheets import Sheet, counted_sheet, heading_of
from reports.terms.layouts import Layout, LayoutColumn, Values
from reports.terms.periods import Period
from reports.terms.scopes import Scope

BOUNDS = (5, 10, 30)
LAST = len(BOUNDS)
IN_TIME = -1


class Days(StrEnum):
    """In which days an age is measured."""

    WORKING = "ngay-lam-viec"
    CALENDAR = "ngay-lich"

    @property
    def label(self) -> str:
        return {"ngay-lam-viec": "ngày làm việc", "ngay-lich": "ngày theo lịch"}[self.value]


@dataclass(frozen=True)
class Bucket:
    """A range of days: of `part` "age" or "past"."""

    part: str
    at: int

    @property
    def words(self) -> str:
        if self.at == 0:
            return f"đến {BOUNDS[0]}"
        if self.at == LAST:
            return f"trên {BOUNDS[-1]}"
        return f"{BOUNDS[self.at - 1] + 1} - {BOUNDS[self.at]}"


BUCKETS = {f"{part}_{at}": Bucket(part, at) for part in ("age", "past") for at in range(LAST + 1)}
_AGES = tuple(name for name, bucket in BUCKETS.items() if bucket.part == "age")
_PASTS = tuple(name for name, bucket in BUCKETS.items() if bucket.part == "past")


def layout(days: Days) -> Layout:
    """The columns, worded for working days or days of the calendar."""
    aged = f"Theo số {days.label} từ ngày tiếp nhận"
    past = f"Quá hạn, theo số {days.label} sau ngày hẹn"

    def bucket(name: str, number: int) -> LayoutColumn:
        found = BUCKETS[name]
        since = "ngày tiếp nhận" if found.part == "age" else "ngày hẹn trả"
        return LayoutColumn(
            name,
            found.words[:1].upper() + found.words[1:],
            f"Hết ngày tính số liệu đang giải quyết, được {found.words} {days.label} sau {since}, "
            "tính cả ngày ấy."
            + (" Hồ sơ có thời hạn đang tạm dừng không ở đây." if found.part == "past" else ""),
            groups=(aged if found.part == "age" else past,),
            number=number,
            short_group=f"Tuổi hồ sơ ({days.label})" if found.part == "age" else past,
        )

    return Layout(
        name="ton-dong",
        code="ages",
        label="Hồ sơ tồn theo tuổi",
        title="Hồ sơ đang giải quyết khi hết kỳ, theo tuổi và theo số ngày quá hạn",
        columns=(
            LayoutColumn(
                "pending_total",
                "Đang giải quyết",
                "Hồ sơ đã tiếp nhận mà hết ngày tính số liệu chưa giải quyết xong.",
                number=3,
                formula="(4) + (5) + (6) + (7)",
            ),
            *(bucket(name, at) for at, name in enumerate(_AGES, start=4)),
            LayoutColumn(
                "pending_in_time",
                "Trong hạn",
                "Ngày hẹn trả khi đó chưa qua, hoặc thời hạn đang tạm dừng để chờ công dân.",
                number=8,
                formula="(3) − (9)",
            ),
            LayoutColumn(
                "pending_overdue",
                "Tổng số",
                "Ngày hẹn trả khi đó ở trước ngày tính số liệu và thời hạn không tạm dừng.",
                groups=(past,),
                number=9,
                formula="(10) + (11) + (12) + (13)",
                short_group="Quá hạn",
            ),
            *(bucket(name, at) for at, name in enumerate(_PASTS, start=10)),
        ),
        sums=(
            ("pending_total", _AGES),
            ("pending_total", ("pending_in_time", "pending_overdue")),
            ("pending_overdue", _PASTS),
        ),
    )


def ages_sheet(
    period: Period,
    scope: Scope,
    by: By,
    days: Days = Days.WORKING,
    query: Mapping[str, str] | None = None,
) -> Sheet:
    """The backlog with a row for each sector, office or procedure. Besides its own identities it
    is checked against the figures of the period. Raises NoCalendarData."""
    form = layout(days)
    found: dict[int, Values] = defaultdict(lambda: dict.fromkeys([c.name for c in form.columns], 0))
    rows = _pending(period, scope, days).order_by().values(by.field, "age", "past")
    for row in rows.annotate(n=Count("*")):
        values, n = found[row[by.field]], row["n"]
        values["pending_total"] += n
        values[f"age_{row['age']}"] += n
        if row["past"] == IN_TIME:
            values["pending_in_time"] += n
        else:
            values["pending_overdue"] += n
            values[f"past_{row['past']}"] += n

    return counted_sheet(
        form,
        period,
        scope,
        heading_of(by, form),
        [(key, name, found[pk]) for pk, key, name in ordered(by, scope, list(found))],
        figures=table(period, scope, by).of_dossiers,
        compared=("pending_total", "pending_in_time", "pending_overdue"),
        query=query,
    )


def ages_behind(
    column: str,
    period: Period,
    scope: Scope,
    days: Days = Days.WORKING,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """The dossiers of a number of the backlog."""
    if column not in BUCKETS:
        return dossiers_behind(column, period, scope, among=among, **key)
    bucket = BUCKETS[column]
    found = _pending(period, scope, days, among=among, **key)
    return found.filter(**{bucket.part: bucket.at})


def since_when(calendar: WorkingCalendar | None, end: date) -> tuple[date, ...]:
    """For each bound of days, the first day that is at most so many days before `end`: working
    days of this calendar, or days of the calendar without one. Raises NoCalendarData."""
    if calendar is None:
        return tuple(end - timedelta(days=bound) for bound in BOUNDS)
    found, day, days = [], end, 0
    for bound in BOUNDS:
        while days + calendar.is_working(day) <= bound:
            days += calendar.is_working(day)
            day -= timedelta(days=1)
        found.append(day)
    return tuple(found)


def _pending(
    period: Period,
    scope: Scope,
    days: Days,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """What is open at the end of the period, each with its `age` and `past`: places in BOUNDS,
    IN_TIME for what is not overdue."""
    end = period.as_of
    cuts = _cuts(scope, days, end)
    overdue = overdue_sql(end, F("due_then"), Q(~clock_stands_still(end)))
    places = Case(*_whens("due_then", cuts), default=LAST, output_field=IntegerField())
    return dossiers_behind("pending_total", period, scope, among=among, **key).annotate(
        age=Case(*_whens("received_on", cuts), default=LAST, output_field=IntegerField()),
        past=Case(When(overdue, then=places), default=IN_TIME, output_field=IntegerField()),
    )


def _cuts(scope: Scope, days: Days, end: date) -> dict[tuple[date, ...], list[int]]:
    """The first days of BOUNDS with the offices that share them: nearly always all of them."""
    if days is Days.CALENDAR:
        return {since_when(None, end): scope.office_ids}
    cuts: dict[tuple[date, ...], list[int]] = defaultdict(list)
    for office, calendar in calendars_for(scope.office_ids).items():
        cuts[since_when(calendar, end)].append(office)
    return cuts


def _whens(field: str, cuts: Mapping[tuple[date, ...], Collection[int]]) -> list[When]:
    return [
        When(
            Q(**{f"{field}__gte": first}, **({"office__in": offices} if len(cuts) > 1 else {})),
            then=Value(at),
        )
        for first_days, offices in cuts.items()
        for at, first in enumerate(first_days)
    ]
