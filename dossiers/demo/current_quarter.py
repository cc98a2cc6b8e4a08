"""The current quarter: what lies on the desks today. Everything is relative to the moment at
which the demonstration is loaded, and nothing of it lies in the future, whatever the hour.

Each dossier is drawn for a queue of the desk: the due date is chosen first, then the day of
receipt from which a limit leads to it.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from dossiers.demo.counter import Counter
from dossiers.demo.history import MISSING, WITHDRAWN
from dossiers.demo.mix import takes_a_while
from dossiers.demo.plan import DISTRICT, apportion
from dossiers.demo.staff import BUILDING_OFFICE, CIVIL_STATUS
from dossiers.demo.timetable import ONE_DAY, moment_on, receipt_on
from dossiers.lifecycle import verbs
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from motcua import clock
from motcua.models import Staff
from procedures.models import Procedure, ProcedureVersion
from procedures.workdays import NoCalendarData

DAYS_BACK, DAYS_AHEAD = 70, 30  # working days that matter
DESK_PHONE = "0900009999"  # of the same pattern as the people's, and nobody's in the pool
OPEN_SINCE = time(7, 20)  # before that nobody has come yet today

QUEUES: dict[str, float] = {
    "overdue": 7,
    "due_today": 7,
    "due_soon": 15,
    "due_later": 12,
    "just_received": 8,
    "just_forwarded": 6,
    "to_sign": 5,
    "waiting": 5,
    "paying": 3,
    "papers_brought": 4,
    "ready": 10,
    "uncollected": 3,
    "handed_over": 10,
    "same_day": 6,
    "withdrawn": 1,
    "refused": 1,
}


@dataclass(frozen=True)
class Case:
    """What was asked for, when, and when it is due."""

    received_at: datetime
    procedure: Procedure
    version: ProcedureVersion


class Quarter:
    """The present of one desk."""

    def __init__(self, counter: Counter, count: int, seed: str) -> None:
        self.counter = counter
        self.count = count
        self.is_district = counter.office.code == DISTRICT
        self.rng = random.Random(f"{seed} {counter.office.code} hôm nay")  # noqa: S311
        self.now = clock.naive_local(counter.desks.now).replace(second=0, microsecond=0)
        today = self.now.date()
        is_open = self.now.time() >= OPEN_SINCE
        self.past = list(islice(self._working_days(today, -1, today_too=is_open), DAYS_BACK))
        self.ahead = list(islice(self._working_days(today, 1), DAYS_AHEAD))

    def dossiers(self) -> list[UnsavedDossier]:
        """The dossiers of every queue; none when the calendar does not know the present year."""
        if len(self.past) < DAYS_BACK or not self.ahead:
            return []
        dossiers: list[UnsavedDossier] = []
        queues = {q: n for q, n in QUEUES.items() if q != "paying" or self.is_district}
        for queue, count in apportion(self.count, queues).items():
            draw: Callable[[], UnsavedDossier | None] = getattr(self, f"_{queue}")
            drawn = (unsaved for _ in range(count * 40) if (unsaved := draw()) is not None)
            dossiers += islice(drawn, count)
        return dossiers

    def _overdue(self) -> UnsavedDossier | None:
        before_today = [day for day in self.past if day < self.now.date()]
        return self._processing(self.rng.choice(before_today[:12]))

    def _due_today(self) -> UnsavedDossier | None:
        return self._processing(self.ahead[0])

    def _due_soon(self) -> UnsavedDossier | None:
        return self._processing(self.rng.choice(self.ahead[1:6]))

    def _due_later(self) -> UnsavedDossier | None:
        return self._processing(self.rng.choice(self.ahead[6:20] or self.ahead[-1:]))

    def _just_received(self) -> UnsavedDossier:
        procedure, version = self._slow()
        return self._received(Case(self._lately(self.past[0]), procedure, version))

    def _just_forwarded(self) -> UnsavedDossier:
        procedure, version = self._slow()
        received_at = self._lately(self.rng.choice(self.past[:2]))
        unsaved = self._received(Case(received_at, procedure, version))
        self._forward(unsaved, self.past[0])
        return unsaved

    def _to_sign(self) -> UnsavedDossier | None:
        """The division has done its part and laid it before the leaders."""
        case = self._case(self.rng.choice(self.ahead[:6]))
        leaders = self.counter.leaders
        if case is None or leaders is None:
            return None
        unsaved = self._received(case)
        self._forward(unsaved, taken=True)
        if unsaved.dossier.holder_division_id is None:
            return None
        at = self._then(self.past[0], self._last(unsaved))
        unsaved.do(
            verbs.forward,
            by=self._solver(unsaved),
            at=at,
            division=leaders,
            note="Trình ký kết quả",
        )
        return unsaved

    def _waiting(self) -> UnsavedDossier:
        unsaved, _ = self._asked(self.rng.randint(0, 9))
        return unsaved

    def _paying(self) -> UnsavedDossier | None:
        case = self._case(self.rng.choice(self.ahead))
        if case is None or not case.version.payment_stops_clock:
            return None
        unsaved = self._received(case)
        self._forward(unsaved, taken=True)
        day = self.rng.choice(self.past[:6])
        if day <= case.received_at.date():
            return None
        at = self._then(day, self._last(unsaved))
        unsaved.do(
            verbs.ask_payment,
            by=self._solver(unsaved),
            at=at,
            note="Chờ thông báo thuế và nộp lệ phí trước bạ",
        )
        return unsaved

    def _papers_brought(self) -> UnsavedDossier:
        days_ago = self.rng.randint(2, 12)
        unsaved, asked_at = self._asked(days_ago)
        day = self.past[self.rng.randint(0, days_ago - 1)]
        unsaved.do(verbs.receive_supplement, by=self._clerk(), at=self._then(day, asked_at))
        return unsaved

    def _ready(self) -> UnsavedDossier | None:
        return self._resolved(self.rng.choice(self.past[:12]))

    def _uncollected(self) -> UnsavedDossier | None:
        return self._resolved(self.rng.choice(self.past[24:45]))

    def _handed_over(self) -> UnsavedDossier | None:
        days_ago = self.rng.randint(1, 24)
        unsaved = self._resolved(self.past[days_ago])
        if unsaved is not None:
            day = self.past[self.rng.randint(0, days_ago)]
            self._hand_over(unsaved, self._then(day, self._last(unsaved)))
        return unsaved

    def _same_day(self) -> UnsavedDossier:
        procedure = self.counter.mix.draw(self.rng, "same day", self._is_same_day)
        version = self.counter.desks.version(procedure, self.now.date())
        day = self.past[min(int(self.rng.expovariate(0.7)), 10)]
        opens = datetime.combine(day, time(7, 4))
        received_at = min(moment_on(day, self.rng, after=opens, before=self._noon(day)), self.now)
        unsaved = self._received(Case(received_at, procedure, version))
        at = self._soon(unsaved, minutes=60)
        unsaved.do(verbs.resolve, by=self._clerk(), at=at, outcome=Dossier.Outcome.APPROVED)
        self._hand_over(unsaved, self._soon(unsaved, minutes=25))
        return unsaved

    def _withdrawn(self) -> UnsavedDossier | None:
        unsaved = self._processing(self.rng.choice(self.ahead))
        if unsaved is not None:
            at = self._then(self.past[0], self._last(unsaved))
            unsaved.do(verbs.withdraw, by=self._clerk(), at=at, reason=self.rng.choice(WITHDRAWN))
        return unsaved

    def _refused(self) -> UnsavedDossier | None:
        return self._resolved(self.rng.choice(self.past[:12]), Dossier.Outcome.REFUSED)

    def _processing(self, due_on: date) -> UnsavedDossier | None:
        """Due on the day, and with the division; now and then still at the desk."""
        case = self._case(due_on)
        if case is None:
            return None
        unsaved = self._received(case)
        if self.rng.random() < 0.92:
            self._forward(unsaved, taken=self.rng.random() < 0.9)
        return unsaved

    def _resolved(
        self, end_on: date, outcome: str = Dossier.Outcome.APPROVED
    ) -> UnsavedDossier | None:
        chance, position = self.rng.random(), self.past.index(end_on)
        if chance < 0.55:
            later = self.ahead if position < 5 else self.past[position - 5 : position]
            due_on = self.rng.choice(later[:4])
        elif chance < 0.9:
            due_on = end_on
        else:
            due_on = self.past[position + self.rng.randint(1, 6)]
        case = self._case(due_on)
        if case is None or case.received_at.date() >= end_on:
            return None
        unsaved = self._received(case)
        self._forward(unsaved, taken=True)
        unsaved.do(
            verbs.resolve,
            by=self._clerk(),
            at=self._then(end_on, self._last(unsaved)),
            outcome=outcome,
            result_note=(
                "Thửa đất chưa đủ điều kiện theo quy hoạch"
                if outcome == Dossier.Outcome.REFUSED
                else ""
            ),
        )
        return unsaved

    def _asked(self, days_ago: int) -> tuple[UnsavedDossier, datetime]:
        """Papers are missing since so many working days; asked within 3 days of the receipt."""
        procedure, version = self._slow()
        received_at = self._lately(self.past[days_ago + self.rng.randint(1, 3)])
        unsaved = self._received(Case(received_at, procedure, version))
        self._forward(unsaved, taken=True)
        items, reason = self.rng.choice(MISSING)
        solver = self._solver(unsaved)
        at = self._then(self.past[days_ago], self._last(unsaved))
        unsaved.do(
            verbs.ask_supplement,
            by=solver,
            at=at,
            items=items,
            reason=reason,
            contact_name=solver.full_name,
            contact_phone=DESK_PHONE,
        )
        return unsaved, clock.naive_local(at)

    def _received(self, case: Case) -> UnsavedDossier:
        rng, chance = self.rng, self.rng.random()
        channel = Dossier.Channel.DIRECT
        if chance < 0.18:
            channel = Dossier.Channel.POST if chance < 0.05 else Dossier.Channel.ONLINE
        intake = self.counter.intake(
            rng,
            case.procedure,
            case.version,
            channel=channel,
            digits=12,
            with_papers=True,
            with_email=True,
        )
        at = clock.aware(case.received_at)
        return UnsavedDossier(self.counter.desks, intake, by=self._clerk(), at=at)

    def _forward(
        self, unsaved: UnsavedDossier, day: date | None = None, *, taken: bool = False
    ) -> None:
        division = self.counter.division(unsaved.dossier.version)
        if division is None:
            return
        at = self._then(day, self._last(unsaved)) if day else self._soon(unsaved, minutes=90)
        unsaved.do(verbs.forward, by=self._clerk(), at=at, division=division)
        solver = self.counter.specialist(division)
        if taken and solver is not None:
            unsaved.do(verbs.take_over, by=solver, at=self._soon(unsaved, minutes=100))

    def _hand_over(self, unsaved: UnsavedDossier, at: datetime) -> None:
        dossier = unsaved.dossier
        number = dossier.submitter_id or dossier.applicant_id
        unsaved.do(
            verbs.hand_over,
            by=self._clerk(),
            at=at,
            collector_name=dossier.submitter_name or dossier.applicant_name,
            collector_paper=f"CCCD số {number}",
            method=dossier.return_method,
        )

    def _case(self, due_on: date) -> Case | None:
        """A dossier that is due on the day, received in the past; none if the limit that was
        drawn leads to no such day."""
        procedure, version = self._slow()
        for day in self.past:
            if day >= due_on:
                continue
            at = clock.aware(self._lately(day))
            try:
                due = self.counter.desks.due(self.counter.office, version, at)
            except NoCalendarData:
                return None
            if due.due_at.date() == due_on:
                return Case(clock.naive_local(at), procedure, version)
            if due.due_at.date() < due_on:
                return None
        return None

    def _slow(self) -> tuple[Procedure, ProcedureVersion]:
        if self.rng.random() < 0.15:
            procedure = self.counter.mix.draw(self.rng, "second specialist", self._is_for_second)
        else:
            procedure = self.counter.mix.draw(self.rng, "slow", self._is_slow)
        return procedure, self.counter.desks.version(procedure, self.now.date())

    def _is_slow(self, procedure: Procedure) -> bool:
        return takes_a_while(self.counter.desks.version(procedure, self.now.date()))

    def _is_for_second(self, procedure: Procedure) -> bool:
        """Those of an officer who would otherwise have little to do."""
        version = self.counter.desks.version(procedure, self.now.date())
        return takes_a_while(version) and version.department in (BUILDING_OFFICE, CIVIL_STATUS)

    def _is_same_day(self, procedure: Procedure) -> bool:
        version = self.counter.desks.version(procedure, self.now.date())
        return version.limit_unit == ProcedureVersion.Unit.SAME_DAY

    def _clerk(self) -> Staff:
        return self.counter.clerk(self.rng)

    def _solver(self, unsaved: UnsavedDossier) -> Staff:
        return self.counter.specialists.get(unsaved.dossier.holder_division_id) or self._clerk()

    def _lately(self, day: date) -> datetime:
        """A moment of the day at which somebody came, not later than now."""
        at = receipt_on(day, self.counter.calendar, self.rng)
        if at <= self.now:
            return at
        opens = datetime.combine(day, time(7, 4))
        return min(moment_on(day, self.rng, after=opens, before=self.now), self.now)

    def _then(self, day: date, after: datetime) -> datetime:
        """An aware moment of the day, after the other and not later than now."""
        at = moment_on(max(day, after.date()), self.rng, after=after, before=self.now)
        return clock.aware(max(min(at, self.now), after))

    def _soon(self, unsaved: UnsavedDossier, *, minutes: int) -> datetime:
        """An aware moment soon after the last act, on the same day, not later than now."""
        after = self._last(unsaved)
        before = min(after + timedelta(minutes=minutes), self.now)
        at = moment_on(after.date(), self.rng, after=after, before=before)
        return clock.aware(max(min(at, self.now), after))

    def _last(self, unsaved: UnsavedDossier) -> datetime:
        return clock.naive_local(unsaved.last_at)

    def _noon(self, day: date) -> datetime:
        return min(datetime.combine(day, time(14, 45)), self.now)

    def _working_days(self, day: date, step: int, *, today_too: bool = True) -> Iterator[date]:
        """Working days from the day on, or back, as far as the calendar is known."""
        if not today_too:
            day += step * ONE_DAY
        try:
            while True:
                if self.counter.calendar.is_working(day):
                    yield day
                day += step * ONE_DAY
        except NoCalendarData:
            return
