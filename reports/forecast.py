"""Which open dossiers will be late in the next five working days, and why: the rule of
`forecasting` over the facts of `in_hand`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.dashboard.in_hand import OpenDossier, open_dossiers, past_of
from reports.forecasting import DAYS_AHEAD, Chance, Outlook, outlook
from reports.terms.scopes import Scope

SINCE_RECEIPT, SINCE_HAND_OVER = "từ khi tiếp nhận", "từ lần chuyển này"


@dataclass(frozen=True)
class Expected:
    """A dossier due in the next days, with its outlook; None where too few were like it."""

    dossier: OpenDossier
    outlook: Outlook | None


@dataclass(frozen=True)
class Forecast:
    """Of the dossiers that run and are due in the next DAYS_AHEAD working days: those that will
    or may be late, the riskiest first, how many there are, and of how many nothing can be said."""

    late: list[Expected]
    due: int
    unknown: int

    @property
    def likely(self) -> int:
        return sum(e.outlook is not None and e.outlook.chance is Chance.LIKELY for e in self.late)


def forecast(scope: Scope, today: date, as_of: date | None = None) -> Forecast:
    """The forecast of a morning: what was open at the end of the day `as_of` (left out: today).

    Dossiers whose clock stands still, that are overdue already, or whose office has no calendar
    for the way, are not in it. A fixed number of queries.
    """
    expected = outlooks(open_dossiers(scope, as_of or today), scope, today)
    late = [e for e in expected if e.outlook is not None and e.outlook.chance is not Chance.FINE]
    late.sort(key=_risk, reverse=True)
    return Forecast(late, len(expected), sum(e.outlook is None for e in expected))


def outlooks(dossiers: Iterable[OpenDossier], scope: Scope, today: date) -> list[Expected]:
    """The outlook of each of these that runs and is due in the next DAYS_AHEAD working days."""
    dossiers = list(dossiers)
    calendars = calendars_for(d.office_id for d in dossiers)
    near = [
        (d, left) for d in dossiers if (left := _left(d, calendars[d.office_id], today)) is not None
    ]
    past = past_of({d.procedure_id for d, _ in near}, scope, today)
    found = []
    for d, left in near:
        took, since = past.from_receipt.get(d.procedure_id, {}), SINCE_RECEIPT
        if d.sent_on:
            stage = (d.procedure_id, len(d.sent_on))
            took, since = past.from_hand_over.get(stage, {}), SINCE_HAND_OVER
        used = d.used(calendars[d.office_id], today)
        margins = past.margins.get(d.procedure_id, {})
        found.append(Expected(d, outlook(left, used, took, margins, since)))
    return found


def _left(dossier: OpenDossier, calendar: WorkingCalendar, today: date) -> int | None:
    """Working days left of one that runs and is due in time for the forecast."""
    if dossier.due_on is None or dossier.due_on < today or dossier.is_waiting:
        return None
    try:
        left = calendar.working_days_left(today, dossier.due_on)
        dossier.used(calendar, today)
    except NoCalendarData:
        return None
    return left if left <= DAYS_AHEAD else None


def _risk(expected: Expected) -> tuple[bool, float, int]:
    seen = expected.outlook
    if seen is None:
        return (False, 0.0, 0)
    return (seen.chance is Chance.LIKELY, float(seen.risk), -seen.left)
