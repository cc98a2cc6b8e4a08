"""The dossiers of 2016: drawn at random, but each fulfils its part of the plan by construction.

First every dossier of the plan gets its fate (received before or in the nine months; resolved
in them early, on time or late; or open at their end). Then a day of receipt and a procedure are
drawn until the due date admits the fate, and last the acts in between. Nothing stays open: what
was pending on 30/9/2016 is resolved by the end of the year.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dossiers.demo.counter import Counter
from dossiers.demo.mix import takes_a_while
from dossiers.demo.plan import DISTRICT, END, START, OfficePlan
from dossiers.demo.timetable import ONE_DAY, Days, moment_on, receipt_on, working_days
from dossiers.lifecycle import verbs
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from motcua import clock
from motcua.models import Staff
from procedures.models import Procedure, ProcedureVersion

FIRST_RECEIPT = date(2015, 11, 2)
LAST_END = date(2016, 12, 30)
LAST_HAND_OVER = date(2017, 1, 20)

# The district had a drive for first certificates of land use in late summer, so that much was
# still open at the end of September; at the communes schools ask for copies before the term.
DISTRICT_MONTHS = {1: 0.8, 2: 0.6, 3: 0.85, 4: 0.8, 5: 0.85, 6: 0.9, 7: 1.05, 8: 1.3, 9: 1.3}
COMMUNE_MONTHS = {1: 1.0, 2: 0.75, 3: 1.05, 4: 0.95, 5: 1.0, 6: 1.1, 7: 1.15, 8: 1.2, 9: 0.95}
LATE_2015 = {11: 0.35, 12: 1.0}

WITHDRAWN = (
    "Công dân xin rút để bổ sung phần diện tích còn thiếu",
    "Công dân đổi ý, xin rút hồ sơ",
)
REFUSED = ("Đất đang có tranh chấp, chưa đủ điều kiện", "Không thuộc đối tượng theo quy định")
STOPPED = ("Tòa án yêu cầu tạm dừng để giải quyết tranh chấp",)
MISSING = (
    ("Bản sao giấy tờ tùy thân\nSơ đồ thửa đất có xác nhận", "Hồ sơ thiếu giấy tờ theo quy định"),
    ("Đơn theo đúng mẫu, có chữ ký", "Đơn chưa đúng mẫu"),
    ("Văn bản đồng ý của người cùng sử dụng", "Cần xác nhận của người có quyền liên quan"),
)


class Fate(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    PENDING = "pending"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Slot:
    """Who comes when, for what, and how it will end."""

    received_at: datetime
    procedure: Procedure
    version: ProcedureVersion
    fate: Fate
    end_on: date


class History:
    """The nine months of one desk."""

    def __init__(self, counter: Counter, plan: OfficePlan, seed: str) -> None:
        self.counter = counter
        self.plan = plan
        self.rng = random.Random(f"{seed} {plan.code}")  # noqa: S311  (a plot, no secret)
        self.is_district = plan.code == DISTRICT
        calendar = counter.calendar
        months = DISTRICT_MONTHS if self.is_district else COMMUNE_MONTHS
        self.days = {
            "before": Days(calendar, FIRST_RECEIPT, START - ONE_DAY, LATE_2015),
            "in_period": Days(calendar, START, END, months),
            "summer": Days(calendar, date(2016, 7, 4), END, {7: 0.6, 8: 1.2, 9: 1.3}),
        }
        self.working = working_days(calendar, FIRST_RECEIPT, LAST_HAND_OVER)

    def dossiers(self) -> Iterator[UnsavedDossier]:
        """Every dossier of the plan, unsaved, in order of receipt."""
        slots = [self._slot(fate, when) for fate, when in self._fates()]
        slots.sort(key=lambda slot: slot.received_at)
        for slot in slots:
            yield self._life(slot)

    def _fates(self) -> list[tuple[Fate, str]]:
        counts, pending = self.plan.counts, self.plan.pending
        overdue = round(pending * 0.05)
        fates = [Fate.EARLY] * counts.early + [Fate.ON_TIME] * counts.on_time
        fates += [Fate.LATE] * counts.late
        self.rng.shuffle(fates)
        carried = [(fate, "before") for fate in fates[: self.plan.carried]]
        rest = [(fate, "in_period") for fate in fates[self.plan.carried :]]
        open_ones = [Fate.OVERDUE] * overdue + [Fate.PENDING] * (pending - overdue)
        return carried + rest + [(fate, "summer") for fate in open_ones]

    def _slot(self, fate: Fate, when: str) -> Slot:
        for _ in range(5000):
            day = self.days[when].draw(self.rng)
            procedure = self._procedure(fate, when)
            at = clock.aware(receipt_on(day, self.counter.calendar, self.rng))
            version = self.counter.desks.version(procedure, day)
            due = self.counter.desks.due(self.counter.office, version, at)
            end_on = self._end_day(fate, due.effective_at.date(), due.due_at.date())
            if end_on is not None:
                return Slot(at, procedure, version, fate, end_on)
        raise AssertionError(f"no dossier fits {fate} {when} at {self.plan.code}")

    def _procedure(self, fate: Fate, when: str) -> Procedure:
        if fate is Fate.ON_TIME and when == "in_period":
            return self.counter.mix.draw(self.rng)
        return self.counter.mix.draw(self.rng, "not_the_same_day", self._is_not_of_the_same_day)

    def _is_not_of_the_same_day(self, procedure: Procedure) -> bool:
        version = self.counter.desks.version(procedure, START)
        return version.limit_unit != ProcedureVersion.Unit.SAME_DAY

    def _end_day(self, fate: Fate, earliest: date, due_on: date) -> date | None:
        """A day on which a dossier of this fate ends, not before `earliest`; none if it cannot.

        What is drawn here decides the figures: early ends before the due date, on time on it,
        late after it, all in the nine months; the open ones end after them.
        """
        if fate is Fate.EARLY:
            room = [] if due_on > END + 2 * ONE_DAY else self._between(earliest, due_on - ONE_DAY)
            room = [day for day in room if START <= day <= END]
            ahead = 1 + min(int(self.rng.expovariate(0.6)), len(room) * 2 // 3)
            return room[-ahead] if room and ahead <= len(room) else None
        if fate is Fate.ON_TIME:
            return due_on if START <= due_on <= END and due_on >= earliest else None
        if fate is Fate.LATE:
            room = self._between(max(due_on + ONE_DAY, earliest), due_on + 40 * ONE_DAY)
            behind = min(int(self.rng.expovariate(0.17)), 24)
            end = room[behind] if behind < len(room) else None
            return end if end is not None and START <= end <= END else None
        if fate is Fate.OVERDUE:
            room = self._between(END + ONE_DAY, END + 30 * ONE_DAY)
            return self.rng.choice(room) if due_on < END and (END - due_on).days <= 24 else None
        if due_on <= END:
            return None
        return self._end_after_the_period(max(earliest, END + ONE_DAY), due_on)

    def _end_after_the_period(self, earliest: date, due_on: date) -> date | None:
        chance = self.rng.random()
        if chance < 0.4 or due_on < earliest:
            before = self._between(earliest, due_on - ONE_DAY)
            if before:
                return before[-1 - min(int(self.rng.expovariate(0.5)), len(before) - 1)]
        if chance < 0.97 and due_on >= earliest:
            return due_on if due_on <= LAST_END else None
        after = self._between(max(due_on + ONE_DAY, earliest), min(due_on + 16 * ONE_DAY, LAST_END))
        return self.rng.choice(after) if after else None

    def _between(self, first: date, last: date) -> list[date]:
        return self.working[bisect_left(self.working, first) : bisect_right(self.working, last)]

    def _life(self, slot: Slot) -> UnsavedDossier:
        wishes = self.rng.random() < self._chance_of_a_wait(slot)
        for waits in (True, False) if wishes else (False,):
            unsaved = self._told(slot, waits=waits)
            if unsaved is not None:
                return unsaved
        raise AssertionError(f"no dossier for {slot}")

    def _chance_of_a_wait(self, slot: Slot) -> float:
        if slot.fate is Fate.OVERDUE or not takes_a_while(slot.version):
            return 0
        if slot.fate is Fate.PENDING:
            return 0.12
        return 0.07 if self.is_district else 0.03

    def _told(self, slot: Slot, *, waits: bool) -> UnsavedDossier | None:
        """A dossier from receipt to hand-over; none if the citizen's time leaves no room for it."""
        rng, counter = self.rng, self.counter
        clerk = counter.clerk(rng)
        intake = counter.intake(
            rng,
            slot.procedure,
            slot.version,
            channel=self._channel(),
            with_papers=slot.fate is Fate.LATE,
        )
        unsaved = UnsavedDossier(counter.desks, intake, by=clerk, at=slot.received_at)
        now = clock.naive_local(unsaved.effective_at)
        if takes_a_while(slot.version):
            now = self._handed_to_the_division(unsaved, clerk, now)
        end_on: date | None = slot.end_on
        if waits:
            waited = self._wait(unsaved, slot, clerk, now)
            if waited is None:
                return None
            now = waited
            end_on = self._end_day(slot.fate, now.date(), unsaved.due_on)
            if unsaved.dossier.paused_on is not None:
                return self._withdrawn_while_waiting(unsaved, clerk, now)
        if end_on is None:
            return None
        self._end(unsaved, slot, clerk, end_on, now)
        return unsaved

    def _channel(self) -> str:
        chance = self.rng.random()
        if self.is_district and chance < 0.002:
            return Dossier.Channel.ONLINE
        return Dossier.Channel.POST if chance < 0.02 else Dossier.Channel.DIRECT

    def _handed_to_the_division(
        self, unsaved: UnsavedDossier, clerk: Staff, now: datetime
    ) -> datetime:
        rng, division = self.rng, self.counter.division(unsaved.dossier.version)
        if division is None:
            return now
        now = moment_on(now.date(), rng, after=now, before=now + timedelta(minutes=90))
        unsaved.do(verbs.forward, by=clerk, at=clock.aware(now), division=division)
        specialist = self.counter.specialist(division)
        if specialist is not None and self.is_district:
            now = moment_on(now.date(), rng, after=now, before=now + timedelta(minutes=100))
            unsaved.do(verbs.take_over, by=specialist, at=clock.aware(now))
        return now

    def _wait(
        self, unsaved: UnsavedDossier, slot: Slot, clerk: Staff, now: datetime
    ) -> datetime | None:
        """The clock stops for the citizen: papers are missing, or land tax must be paid. When it
        ran again, or when it stopped if the citizen gives up; none if there is no day for it."""
        rng, due_on = self.rng, unsaved.due_on
        specialist = self.counter.specialists.get(unsaved.dossier.holder_division_id, clerk)
        first = now.date() + ONE_DAY
        if slot.fate is Fate.PENDING:
            first = max(first, END - 24 * ONE_DAY)
        asking = self._between(first, min(due_on - ONE_DAY, END))[
            : None if slot.fate is Fate.PENDING else 4
        ]
        if not asking:
            return None
        ask_on = rng.choice(asking)
        asked_at = moment_on(ask_on, rng, after=now)
        pays = slot.version.payment_stops_clock and rng.random() < 0.4
        if pays:
            note = "Chờ nộp thuế thu nhập cá nhân, lệ phí trước bạ"
            unsaved.do(verbs.ask_payment, by=specialist, at=clock.aware(asked_at), note=note)
        else:
            items, reason = rng.choice(MISSING)
            unsaved.do(
                verbs.ask_supplement,
                by=specialist,
                at=clock.aware(asked_at),
                items=items,
                reason=reason,
            )
            if slot.fate is Fate.EARLY and rng.random() < 0.12:
                return asked_at
        earliest = ask_on + rng.randint(2, 12) * ONE_DAY
        if slot.fate is Fate.PENDING:
            earliest = max(earliest, END + rng.randint(1, 12) * ONE_DAY)
        back_on = self._between(earliest, earliest + 20 * ONE_DAY)[0]
        back_at = moment_on(back_on, rng, after=asked_at)
        resume = verbs.confirm_payment if pays else verbs.receive_supplement
        unsaved.do(resume, by=clerk, at=clock.aware(back_at))
        return back_at

    def _withdrawn_while_waiting(
        self, unsaved: UnsavedDossier, clerk: Staff, now: datetime
    ) -> UnsavedDossier | None:
        days = self._between(now.date() + ONE_DAY, min(now.date() + 12 * ONE_DAY, END))
        if not days or days[-1] < START:
            return None
        at = clock.aware(moment_on(days[-1], self.rng, after=now))
        unsaved.do(verbs.withdraw, by=clerk, at=at, reason=WITHDRAWN[0])
        return unsaved

    def _end(
        self, unsaved: UnsavedDossier, slot: Slot, clerk: Staff, end_on: date, now: datetime
    ) -> None:
        rng, counter = self.rng, self.counter
        is_quick = not takes_a_while(slot.version)
        due_at = clock.naive_local(unsaved.due_at)
        soon = now + timedelta(minutes=rng.randint(15, 150))
        ended = moment_on(end_on, rng, after=now, before=min(soon, due_at) if is_quick else None)
        at = clock.aware(ended)
        if not is_quick and slot.fate is Fate.EARLY and rng.random() < 0.012:
            unsaved.do(verbs.withdraw, by=clerk, at=at, reason=rng.choice(WITHDRAWN))
            return
        if not is_quick and rng.random() < 0.002:
            unsaved.do(verbs.stop, by=clerk, at=at, reason=STOPPED[0])
            return
        if not is_quick and rng.random() < 0.015:
            note = rng.choice(REFUSED)
            unsaved.do(
                verbs.resolve, by=clerk, at=at, outcome=Dossier.Outcome.REFUSED, result_note=note
            )
        else:
            unsaved.do(verbs.resolve, by=clerk, at=at, outcome=Dossier.Outcome.APPROVED)
        self._hand_over(unsaved, counter.clerk(rng), ended, is_quick)

    def _hand_over(
        self, unsaved: UnsavedDossier, clerk: Staff, ended: datetime, is_quick: bool
    ) -> None:
        rng, dossier = self.rng, unsaved.dossier
        if is_quick:
            at = moment_on(ended.date(), rng, after=ended, before=ended + timedelta(minutes=30))
        else:
            days = self._between(ended.date(), LAST_HAND_OVER)
            wait = rng.randint(20, 50) if rng.random() < 0.012 else int(rng.expovariate(0.6))
            at = moment_on(days[min(wait, len(days) - 1)], rng, after=ended)
        unsaved.do(
            verbs.hand_over,
            by=clerk,
            at=clock.aware(at),
            collector_name=dossier.submitter_name or dossier.applicant_name,
            collector_paper=f"CMND số {dossier.submitter_id or dossier.applicant_id}",
            method=dossier.return_method,
        )
