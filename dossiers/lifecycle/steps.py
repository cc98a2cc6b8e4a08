"""Liên thông: the steps that a procedure's version names, each with its share of the limit.

The steps are advice with a clock: the next one is proposed, and a dossier may still be handed
anywhere. An inter-office dossier is counted once, at the office that received it.
"""

from dataclasses import dataclass
from datetime import datetime, time

from dossiers.models import Dossier, Transfer
from dossiers.rules import deadlines
from dossiers.rules.deadlines import Limit, LimitUnit
from motcua import clock
from motcua.models import Division, Office
from procedures.calendar import calendar_for
from procedures.models import ProcedureStep
from procedures.offices.solving import Solvers
from procedures.workdays import WorkingCalendar

LATE_HAND_OVER = time(15)
OF_THE_LEADERS = "lãnh đạo"


def next_step(dossier: Dossier) -> ProcedureStep | None:
    """The first step of the version that the dossier has not been handed to yet."""
    done = (
        dossier.transfers.filter(is_void=False, step__isnull=False)
        .order_by("-step__position")
        .values_list("step__position", flat=True)
        .first()
    )
    return dossier.version.steps.filter(position__gt=done or 0).first()


def place_of(step: ProcedureStep, dossier: Dossier) -> tuple[Office | None, Division | None]:
    """Where a step is done: the office of its level on the dossier's line (the receiving office
    or one above it), and its division of that name; a step of the leaders ("Lãnh đạo ...") where
    they sign. None where the line does not tell."""
    office: Office | None = dossier.office.heir
    while office is not None and office.level != step.level:
        office = office.parent
    if office is None:
        return None, None
    named = Division.objects.filter(office=office, name=step.department, is_active=True).first()
    if named is None and step.department.lower().startswith(OF_THE_LEADERS):
        named = Division.objects.to_sign_at(office).first()
    return office, named


@dataclass(frozen=True)
class Proposal:
    """Where a dossier should go next, and by which step of its procedure, if it has steps."""

    office: Office
    division: Division | None
    step: ProcedureStep | None


def proposal(dossier: Dossier) -> Proposal | None:
    """The next step of the procedure. Without steps: from the desk to the division that solves
    it, from there to the leaders' signature, and back to the desk that received it. None where
    nothing tells another place than the present one."""
    step = next_step(dossier)
    office, division = place_of(step, dossier) if step is not None else (None, None)
    if office is None:
        step = None
        office, division = _usual_way(dossier)
    here = (dossier.holder_office_id, dossier.holder_division_id)
    if (office.pk, division.pk if division else None) == here:
        return None
    return Proposal(office, division, step)


def _usual_way(dossier: Dossier) -> tuple[Office, Division | None]:
    """desk > division > leaders' signature > desk, at the office that has the dossier."""
    here, office = dossier.holder_division, dossier.holder_office
    if here is None:
        return office, solving_division(dossier, office)
    if here.is_leaders:
        return dossier.office.heir, None
    leaders = Division.objects.to_sign_at(office).first()
    return (office, leaders) if leaders is not None else (dossier.office.heir, None)


def solving_division(dossier: Dossier, office: Office) -> Division | None:
    """The division of this office that solves the dossier: that of the day of its receipt, so
    that a sector that moved takes no open dossier along; where that one is closed, today's."""
    solvers, procedure, version = Solvers([office]), dossier.procedure, dossier.version
    of_its_day = solvers.of(procedure, version, office, dossier.received_on).division
    return of_its_day or solvers.of(procedure, version, office).division


def share_words(step: ProcedureStep) -> str:
    """The step's share of the time: "3 ngày làm việc", "trong ngày"."""
    if step.share_unit == LimitUnit.SAME_DAY:
        return "trong ngày"
    return f"{step.share_value} {step.get_share_unit_display()}"


def step_due(
    step: ProcedureStep,
    office: Office,
    sent_at: datetime,
    calendar: WorkingCalendar | None = None,
) -> datetime:
    """When the receiver's share of the time ends, by the receiver's own calendar."""
    limit = Limit(step.share_value, LimitUnit(step.share_unit))
    due = deadlines.due(calendar or calendar_for(office), clock.naive_local(sent_at), limit)
    return clock.aware(due.due_at)


def take_over_by(calendar: WorkingCalendar, sent_at: datetime) -> datetime:
    """Until when a hand-over is taken in time: the same working day; one that is sent after
    15:00, by the end of the next working morning (NĐ 61/2018 Điều 18 khoản 2). Local, naive."""
    day = sent_at.date()
    if calendar.is_working(day) and sent_at.time() <= LATE_HAND_OVER:
        return datetime.combine(day, calendar.closing(day))
    following = calendar.next_working_day(day)
    return datetime.combine(following, calendar.working_hours(following)[0][1])


def taken_late(transfer: Transfer, calendar: WorkingCalendar | None = None) -> bool:
    """Whether the receiver confirmed after the time for it, by the receiver's own calendar."""
    if transfer.taken_at is None:
        return False
    own = calendar or calendar_for(transfer.to_office)
    by = take_over_by(own, clock.naive_local(transfer.sent_at))
    return clock.naive_local(transfer.taken_at) > by
