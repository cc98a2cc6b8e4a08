"""What a leader should look at before signing the figures of a period."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q

from dossiers.desk.later_entries import with_later_entries
from dossiers.models import Dossier, DossierQuerySet, Event
from motcua import clock
from motcua.models import Office, Staff
from procedures.calendar import calendar_for
from procedures.workdays import NoCalendarData
from reports.figures.offices import scope_of_period
from reports.figures.recount import dossiers_behind
from reports.figures.tables import Table
from reports.lists.late_causes import NONE, causes_behind
from reports.models import ClosingLook
from reports.terms.columns import BY_NAME, NAMES, Column
from reports.terms.periods import Period
from reports.terms.scopes import Scope

BACKDATED_AFTER = timedelta(days=1)
SILENT_DAYS = 10
SHOWN = 20


@dataclass(frozen=True)
class Caution:
    """A sentence, and the first of the dossiers that it is about."""

    kind: str
    sentence: str
    dossiers: list[Dossier]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.dossiers)


@dataclass(frozen=True)
class Change:
    """A number that was another when this person last looked."""

    sector: str
    column: Column
    before: int
    now: int


def warnings_of(office: Office, period: Period) -> list[Caution]:
    """What of KINDS there is, and results that seem not entered; only those that exist."""
    scope = scope_of_period(office, period)
    found = [_warning(kind, words, of(scope, period)) for kind, (words, of) in KINDS.items()]
    try:
        found.append(
            _warning(
                SILENT,
                SILENT_WORDS,
                results_not_entered(scope, period),
            )
        )
    except NoCalendarData:
        sentence = (
            "Chưa có lịch làm việc của những tuần gần đây nên chưa kiểm tra được hồ sơ nào có "
            "kết quả mà chưa nhập."
        )
        found.append(Caution("no_calendar", sentence, [], 0))
    return [warning for warning in found if warning.total or warning.kind == "no_calendar"]


def no_due(scope: Scope, period: Period) -> DossierQuerySet:
    """Pending at the end of the period, and no due date in force then."""
    pending = dossiers_behind("pending_total", period, scope)
    return pending.filter(Q(due_then__isnull=True))


def backdated(scope: Scope, period: Period) -> DossierQuerySet:
    """Dossiers of the period with an act that happened in it and was recorded more than a day
    later."""
    late = (
        Event.objects.filter(
            happened_at__gte=_first_moment(period.start),
            happened_at__lt=_first_moment(period.as_of + timedelta(days=1)),
            recorded_at__gt=F("happened_at") + BACKDATED_AFTER,
        )
        .exclude(kind__in=Event.ACCESS)
        .filter(dossier__office__in=scope.office_ids)
    )
    counted = dossiers_behind("total_in", period, scope)
    return counted.filter(pk__in=late.values("dossier_id"))


def results_not_entered(scope: Scope, period: Period) -> DossierQuerySet:
    """Overdue at the end of the period, still open, and nothing entered for ten working days.
    Raises NoCalendarData when the last weeks have no calendar."""
    recent = Event.objects.filter(
        dossier__office__in=scope.office_ids,
        recorded_at__gte=_first_moment(_silent_since(scope.offices[0])),
    ).exclude(kind__in=Event.ACCESS)
    overdue = dossiers_behind("pending_overdue", period, scope)
    return overdue.filter(resolved_on__isnull=True).exclude(pk__in=recent.values("dossier_id"))


def changes_since_last_look(staff: Staff, office: Office, figures: Table) -> list[Change]:
    """The numbers that were others when this person last opened the page; remembers what the
    page shows now. Nothing on the first look."""
    period = figures.period
    key: dict[str, Any] = {
        "office": office,
        "period_key": period.key,
        "calendar": period.calendar,
    }
    now = {row.key: row.figures for row in figures.rows}
    last = ClosingLook.objects.filter(staff=staff, **key).first()
    ClosingLook.objects.update_or_create(
        staff=staff, **key, defaults={"looked_at": clock.now(), "figures": now}
    )
    if last is None:
        return []
    return [
        Change(sector, BY_NAME[name], before, after)
        for sector in sorted(last.figures.keys() | now.keys())
        for name in NAMES
        if (before := last.figures.get(sector, {}).get(name, 0))
        != (after := now.get(sector, {}).get(name, 0))
    ]


def late_without_cause(scope: Scope, period: Period) -> DossierQuerySet:
    """Resolved late in the period, and no letter names a cause."""
    return causes_behind(NONE, period, scope, among=None).filter(resolved_on__lte=period.as_of)


def overdue_without_apology(scope: Scope, period: Period) -> DossierQuerySet:
    """Overdue at the end of the period, and nobody has apologised by then."""
    return causes_behind(NONE, period, scope, among=None).exclude(resolved_on__lte=period.as_of)


def entered_later(scope: Scope, period: Period) -> DossierQuerySet:
    """Of the period, with an act that was entered later and changed how the dossier stood on a day
    of the period, or was typed in it."""
    counted = dossiers_behind("total_in", period, scope)
    return with_later_entries(counted, (period.start, period.as_of))


LATER = "later"
KINDS: dict[str, tuple[str, Callable[[Scope, Period], DossierQuerySet]]] = {
    "no_due": ("hồ sơ đang giải quyết không có ngày hẹn trả", no_due),
    "no_cause": ("hồ sơ giải quyết trễ chưa ghi nguyên nhân", late_without_cause),
    "no_apology": ("hồ sơ đang quá hạn chưa có thư xin lỗi", overdue_without_apology),
    LATER: ("hồ sơ có việc nhập muộn làm thay đổi xét hạn", entered_later),
    "backdated": (
        "hồ sơ có việc trong kỳ được nhập muộn hơn một ngày so với lúc diễn ra",
        backdated,
    ),
}
SILENT = "silent"
SILENT_WORDS = (
    f"hồ sơ quá hạn mà {SILENT_DAYS} ngày làm việc nay không có việc nào được nhập, có thể đã có "
    "kết quả mà chưa nhập"
)
WORDS = {kind: words for kind, (words, _) in KINDS.items()} | {SILENT: SILENT_WORDS}


def dossiers_of_warning(kind: str, office: Office, period: Period) -> DossierQuerySet:
    """The dossiers that a warning counts. Raises KeyError for a kind that is none, NoCalendarData
    as `results_not_entered` does."""
    scope = scope_of_period(office, period)
    if kind == SILENT:
        return results_not_entered(scope, period)
    return KINDS[kind][1](scope, period)


def _warning(kind: str, words: str, found: DossierQuerySet) -> Caution:
    total = found.count()
    shown = list(found.select_related("procedure").order_by("received_on", "pk")[:SHOWN])
    return Caution(kind, f"{total} {words}.", shown, total)


def _silent_since(office: Office) -> date:
    """The day after which ten working days have passed, today included."""
    calendar, today = calendar_for(office), clock.today()
    day = today
    while calendar.working_days_between(day, today) < SILENT_DAYS:
        day -= timedelta(days=1)
    return day + timedelta(days=1)


def _first_moment(day: date) -> datetime:
    return clock.aware(datetime.combine(day, time.min))
