"""Who holds how much now, and how long each place has taken in a period.

A place is an office's desk or one of its divisions. What lies there now is counted for who holds
it, wherever it was received; lists and counts come from the same rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from django.db.models import QuerySet

from dossiers.models import Dossier, DossierQuerySet, Pause, Transfer
from dossiers.rules.days_spent import days_spent
from dossiers.rules.timeliness import Timeliness, classify, is_overdue
from motcua import clock
from motcua.models import Division, Staff
from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.leaders.thresholds import SOON
from reports.terms.buckets import ONE_DAY
from reports.terms.periods import Period
from reports.terms.scopes import Scope
from reports.terms.verdicts import MEDIAN, NINE_TENTHS, nearest_rank

Place = tuple[int, int | None]
"""An office and its division; without a division, its desk."""


Pauses = list[tuple[date, date | None]]


class Pile(StrEnum):
    """The columns of the table of what lies where now; the values stand in addresses."""

    ALL = "dang-giu"
    OVERDUE = "qua-han"
    SOON = "sap-den-han"
    WAITING = "cho-cong-dan"

    @property
    def heading(self) -> str:
        return {
            "dang-giu": "Đang giữ",
            "qua-han": "Đang quá hạn",
            "sap-den-han": f"Đến hạn trong {SOON} ngày làm việc",
            "cho-cong-dan": "Đang chờ công dân",
        }[self.value]


@dataclass
class Load:
    """What lies at a place now: the dossiers of each pile, and how long they have lain there."""

    piles: dict[Pile, list[int]] = field(default_factory=lambda: {pile: [] for pile in Pile})
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """{working days since it came: how many}; without those of a year without calendar."""

    @property
    def usual(self) -> int | None:
        return nearest_rank(self.held, MEDIAN) if self.held else None

    @property
    def longest(self) -> int | None:
        return max(self.held) if self.held else None


@dataclass
class Pace:
    """How long dossiers were at a place, of those that left it in the period: working days from
    the hand-over to the next act that took it away, the citizen's time left out."""

    dossiers: set[int] = field(default_factory=set)
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    met: int = 0
    shares: int = 0
    """How many had a share of the time of their own; `met` of them kept it."""

    @property
    def in_share(self) -> tuple[int, int]:
        """The rate of those that kept their share."""
        return self.met, self.shares

    @property
    def usual(self) -> int | None:
        return nearest_rank(self.days, MEDIAN) if self.days else None

    @property
    def ninety(self) -> int | None:
        return nearest_rank(self.days, NINE_TENTHS) if self.days else None


def loads(scope: Scope, staff: Staff, today: date) -> dict[Place, Load]:
    """What the person may see of what lies with the offices of the scope now. Two queries and
    the calendars."""
    rows = list(
        Dossier.objects.visible_to(staff)
        .open()
        .filter(holder_office__in=scope.office_ids)
        .order_by("due_on", "pk")
        .values_list(
            *("pk", "office_id", "holder_office_id", "holder_division_id"),
            *("due_on", "paused_on", "held_since"),
        )
    )
    calendars = calendars_for({row[1] for row in rows} | {row[2] for row in rows})
    soon = {office: _soon(calendar, today) for office, calendar in calendars.items()}
    found: dict[Place, Load] = defaultdict(Load)
    for pk, office, holder, division, due_on, paused_on, held_since in rows:
        load = found[scope.row_of[holder], division]
        load.piles[Pile.ALL].append(pk)
        if paused_on is not None:
            load.piles[Pile.WAITING].append(pk)
        elif is_overdue(due_on, today):
            load.piles[Pile.OVERDUE].append(pk)
        elif due_on is not None and due_on <= soon[office]:
            load.piles[Pile.SOON].append(pk)
        try:
            since = clock.local(held_since).date()
            load.held[calendars[holder].working_days_between(since, today)] += 1
        except NoCalendarData:
            continue
    return found


def paces(period: Period, scope: Scope) -> dict[Place, Pace]:
    """How long each place of the scope took with what left it in the period."""
    left = _left_in(period, scope)
    rows = list(
        left.values_list(
            *("dossier_id", "to_office_id", "to_division_id", "sent_at", "ended_at", "due_at")
        )
    )
    calendars = calendars_for(row[1] for row in rows)
    ended = Dossier.objects.filter(pk__in=left.order_by().values("dossier_id"))
    pauses = _pauses_of(ended, period.as_of)
    found: dict[Place, Pace] = defaultdict(Pace)
    for dossier, office, division, sent_at, ended_at, due_at in rows:
        pace = found[scope.row_of[office], division]
        pace.dossiers.add(dossier)
        start, end = clock.local(sent_at).date(), clock.local(ended_at).date()
        if due_at is not None:
            pace.shares += 1
            pace.met += classify(end, clock.local(due_at).date()) is not Timeliness.LATE
        try:
            pace.days[days_spent(calendars[office], start, end, pauses[dossier])] += 1
        except NoCalendarData:
            continue
    return found


def left_place(period: Period, scope: Scope, place: Place) -> QuerySet[Transfer]:
    """The hand-overs to the place that ended in the period."""
    offices = [office for office, row in scope.row_of.items() if row == place[0]]
    return _left_in(period, scope).filter(to_office__in=offices, to_division=place[1])


def _left_in(period: Period, scope: Scope) -> QuerySet[Transfer]:
    begin, end = (
        clock.aware(datetime.combine(day, time())) for day in (period.start, period.as_of + ONE_DAY)
    )
    return Transfer.objects.filter(
        is_void=False, to_office__in=scope.office_ids, ended_at__gte=begin, ended_at__lt=end
    )


def _pauses_of(dossiers: DossierQuerySet, as_of: date) -> dict[int, Pauses]:
    """The pauses begun by the end of the day; one that went on then has no end."""
    rows = (
        Pause.objects.filter(is_void=False, from_on__lte=as_of, dossier__in=dossiers.order_by())
        .order_by("pk")
        .values_list("dossier_id", "from_on", "until_on")
    )
    found: dict[int, Pauses] = defaultdict(list)
    for dossier, since, until in rows:
        found[dossier].append((since, until if until and until <= as_of else None))
    return found


def _soon(calendar: WorkingCalendar, today: date) -> date:
    try:
        return calendar.add_working_days(today, SOON)
    except NoCalendarData:
        return today


def names_of(places: Iterable[Place], scope: Scope) -> dict[Place, str]:
    """The places as a reader knows them, in the scope's order, desks before divisions."""
    places = set(places)
    divisions = Division.objects.in_bulk({d for _, d in places if d is not None})
    named = {}
    for office in scope.offices:
        mine = [place for place in places if place[0] == office.pk]
        for place in sorted(mine, key=lambda p: (p[1] is not None, p[1] or 0)):
            division = divisions[place[1]].name if place[1] is not None else "Bộ phận một cửa"
            named[place] = f"{office.name}: {division}" if len(scope.offices) > 1 else division
    return named
