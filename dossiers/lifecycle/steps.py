"""Liên thông: the steps that a procedure's version names, each with its share of the limit.

The steps are advice with a clock: the next one is proposed, and a dossier may still be handed
anywhere. An inter-office dossier is counted once, at the office that received it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property

from django.db.models import Max

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


@dataclass(frozen=True)
class Proposal:
    """Where a dossier should go next, and by which step of its procedure, if it has steps."""

    office: Office
    division: Division | None
    step: ProcedureStep | None

    @property
    def words(self) -> str:
        """The place as `Dossier.holder_words` would name it there."""
        if self.division is not None:
            return self.division.name
        return f"Bộ phận một cửa {self.office.name_in_small}"


class Ways:
    """Where some dossiers go next: what the rule needs is read once for all of them, and only
    when it is asked for."""

    def __init__(self, dossiers: Iterable[Dossier]) -> None:
        self._dossiers = list(dossiers)

    def next_step(self, dossier: Dossier) -> ProcedureStep | None:
        """The first step of the version that the dossier has not been handed to yet."""
        steps = self._steps.get(dossier.version_id, ())
        if not steps:
            return None
        done = self._done.get(dossier.pk, 0)
        return next((step for step in steps if step.position > done), None)

    def place_of(
        self, step: ProcedureStep, dossier: Dossier
    ) -> tuple[Office | None, Division | None]:
        """Where a step is done: the office of its level on the dossier's line (the receiving
        office or one above it), and its division of that name; a step of the leaders ("Lãnh đạo
        ...") where they sign. None where the line does not tell."""
        office: Office | None = self._heir(dossier)
        while office is not None and office.level != step.level:
            office = self._offices.get(office.parent_id or 0)
        if office is None:
            return None, None
        here = self._divisions.get(office.pk, ())
        named = next((place for place in here if place.name == step.department), None)
        if named is None and step.department.lower().startswith(OF_THE_LEADERS):
            named = self._to_sign(office)
        return office, named

    def proposal(self, dossier: Dossier) -> Proposal | None:
        """The next step of the procedure. Without steps: from the desk to the division that
        solves it, from there to the leaders' signature, and back to the desk that received it.
        None where nothing tells another place than the present one."""
        step = self.next_step(dossier)
        office, division = self.place_of(step, dossier) if step is not None else (None, None)
        if office is None:
            step = None
            office, division = self._usual_way(dossier)
        here = (dossier.holder_office_id, dossier.holder_division_id)
        if (office.pk, division.pk if division else None) == here:
            return None
        return Proposal(office, division, step)

    def _usual_way(self, dossier: Dossier) -> tuple[Office, Division | None]:
        """desk > division > leaders' signature > desk, at the office that has the dossier."""
        here, office = dossier.holder_division, dossier.holder_office
        if here is None:
            return office, self._solving_division(dossier, office)
        if here.is_leaders:
            return self._heir(dossier), None
        leaders = self._to_sign(office)
        return (office, leaders) if leaders is not None else (self._heir(dossier), None)

    def _solving_division(self, dossier: Dossier, office: Office) -> Division | None:
        """The division of this office that solves the dossier: that of the day of its receipt,
        so that a sector that moved takes no open dossier along; where that one is closed,
        today's."""
        procedure, version = dossier.procedure, dossier.version
        of_its_day = self._solvers.of(procedure, version, office, dossier.received_on).division
        return of_its_day or self._solvers.of(procedure, version, office).division

    def _heir(self, dossier: Dossier) -> Office:
        """As `Office.heir` of the office that solves it."""
        office = dossier.office
        while office.successor_id is not None:
            office = self._offices[office.successor_id]
        return office

    def _to_sign(self, office: Office) -> Division | None:
        return next((one for one in self._divisions.get(office.pk, ()) if one.is_leaders), None)

    @cached_property
    def _steps(self) -> dict[int, list[ProcedureStep]]:
        found: defaultdict[int, list[ProcedureStep]] = defaultdict(list)
        versions = {dossier.version_id for dossier in self._dossiers}
        for step in ProcedureStep.objects.filter(version__in=versions).order_by("position"):
            found[step.version_id].append(step)
        return found

    @cached_property
    def _done(self) -> dict[int, int]:
        """The position of the furthest step that each dossier was handed to."""
        handed = Transfer.objects.filter(
            dossier__in=[dossier.pk for dossier in self._dossiers],
            is_void=False,
            step__isnull=False,
        )
        furthest = handed.order_by().values("dossier").annotate(position=Max("step__position"))
        return dict(furthest.values_list("dossier", "position"))

    @cached_property
    def _offices(self) -> dict[int, Office]:
        return Office.objects.in_bulk()

    @cached_property
    def _divisions(self) -> dict[int, list[Division]]:
        found: defaultdict[int, list[Division]] = defaultdict(list)
        for division in Division.objects.filter(is_active=True):
            found[division.office_id].append(division)
        return found

    @cached_property
    def _solvers(self) -> Solvers:
        return Solvers({dossier.holder_office_id for dossier in self._dossiers})


def next_step(dossier: Dossier) -> ProcedureStep | None:
    """`Ways.next_step` of one dossier."""
    return Ways([dossier]).next_step(dossier)


def proposal(dossier: Dossier) -> Proposal | None:
    """`Ways.proposal` of one dossier."""
    return Ways([dossier]).proposal(dossier)


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
