"""Figures counted by hand: lives of dossiers as plain dicts, and every column counted over them
in plain Python, without the database. Due dates come from the pure rules of `deadlines`."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from dossiers.rules import deadlines
from dossiers.rules.deadlines import Limit, LimitUnit
from motcua import clock
from procedures.workdays import WorkingCalendar
from reports.terms.columns import NAMES
from tests.cast import Cast

FIRST_DAY = date(2015, 11, 16)

DESKS = {
    "967": ("H901", "H902"),
    "32086": ("X901", "X902"),
    "32068": ("X901", "X902"),
}
LIMITS = {
    "H901": Limit(10, LimitUnit.WORKING_DAY),
    "H902": Limit(15, LimitUnit.CALENDAR_DAY),
    "X901": Limit(0, LimitUnit.SAME_DAY),
    "X902": Limit(5, LimitUnit.WORKING_DAY),
}
SECTORS = {
    "H901": "Đất đai",
    "H902": "Hoạt động xây dựng",
    "X901": "Chứng thực",
    "X902": "Hộ tịch",
}
PAYMENT_STOPS = {"H901"}
VERBS = (
    "ask_supplement",
    "receive_supplement",
    "ask_payment",
    "confirm_payment",
    "approve",
    "refuse",
    "withdraw",
    "stop",
)
OUTCOMES = {
    "approve": "approved",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "stop": "stopped",
}

# A life: where and what, when received, and acts as (days after the one before, verb).
lives = st.sampled_from(sorted(DESKS)).flatmap(
    lambda office: st.fixed_dictionaries(
        {
            "office": st.just(office),
            "procedure": st.sampled_from(DESKS[office]),
            "channel": st.sampled_from(["direct", "post", "online"]),
            "day": st.integers(0, 150).map(lambda n: FIRST_DAY + timedelta(days=n)),
            "hour": st.sampled_from([7, 10, 12, 15, 16, 18]),
            "acts": st.lists(st.tuples(st.integers(0, 12), st.sampled_from(VERBS)), max_size=5),
        }
    )
)


@dataclass
class Counted:
    """What a count by hand needs to know of a dossier."""

    office: str
    procedure: str
    channel: str
    received_on: date
    dues: list[tuple[date, date]]
    """(in force from, due): the last whose day has come is in force."""
    pauses: list[list[date | None]] = field(default_factory=list)
    asked: list[date] = field(default_factory=list)
    """When papers were asked for."""
    ended_on: date | None = None
    timed_on: date | None = None
    outcome: str = ""

    def due_at(self, day: date) -> date:
        return [due for since, due in self.dues if since <= day][-1]

    def waits_at(self, day: date) -> bool:
        return any(
            since <= day and (until is None or until > day)
            for since, until in self.pauses
            if since is not None
        )

    @property
    def key(self) -> dict[str, str]:
        return {
            "office": self.office,
            "sector": SECTORS[self.procedure],
            "procedure": self.procedure,
        }


@dataclass
class Life:
    """A life being lived twice: as rows through the verbs, and as the facts to count."""

    cast: Cast
    calendar: WorkingCalendar
    plan: dict[str, Any]
    dossier: Dossier | None = None
    facts: Counted | None = None
    waiting: str = ""
    due: datetime | None = None
    stopped_at: datetime | None = None
    done: int = 0

    def live_until(self, last: date) -> None:
        """Do, once each, the receipt and the acts that fall on this day or before."""
        moment = datetime.combine(self.plan["day"], time(self.plan["hour"]))
        if self.dossier is None and moment.date() <= last:
            self.receive(moment)
        for at, (gap, verb) in enumerate(self.plan["acts"], start=1):
            moment += timedelta(days=gap, minutes=1)
            if moment.date() <= last and at > self.done:
                self.done = at
                self.act(verb, moment)

    def receive(self, moment: datetime) -> None:
        cast, plan = self.cast, self.plan
        offices = {o.code: o for o in (cast.district, cast.tan_loc, cast.bien_bach)}
        procedures = {p.key: p for p in (cast.land, cast.building, cast.copy, cast.birth)}
        self.dossier = cast.received(
            moment.isoformat(),
            office=offices[plan["office"]],
            procedure=procedures[plan["procedure"]],
            channel=plan["channel"],
        )
        self.due = deadlines.due(self.calendar, moment, LIMITS[plan["procedure"]]).due_at
        self.facts = Counted(
            plan["office"],
            plan["procedure"],
            plan["channel"],
            moment.date(),
            [(moment.date(), self.due.date())],
        )

    def act(self, verb: str, moment: datetime) -> None:
        """Do the act if the table of moves allows it; otherwise nothing happens."""
        facts, dossier = self.facts, self.dossier
        assert facts is not None and dossier is not None
        how = {"by": self.cast.clerk, "at": clock.aware(moment)}
        if facts.ended_on is not None:
            return
        if verb == "ask_supplement" and not self.waiting:
            perform.ask_supplement(dossier, items="Bản chính", reason="Còn thiếu", **how)
            facts.asked.append(moment.date())
            self.wait("supplement", moment, stops=True)
        elif verb == "ask_payment" and not self.waiting:
            perform.ask_payment(dossier, **how)
            self.wait("payment", moment, stops=facts.procedure in PAYMENT_STOPS)
        elif verb == "receive_supplement" and self.waiting == "supplement":
            perform.receive_supplement(dossier, **how)
            self.go_on(moment)
        elif verb == "confirm_payment" and self.waiting == "payment":
            perform.confirm_payment(dossier, **how)
            self.go_on(moment)
        elif verb in OUTCOMES:
            self.end(verb, moment, how)

    def wait(self, kind: str, moment: datetime, *, stops: bool) -> None:
        assert self.facts is not None
        self.waiting = kind
        if stops:
            self.stopped_at = moment
            self.facts.pauses.append([moment.date(), None])

    def go_on(self, moment: datetime) -> None:
        """The rule of 2015: the due date moves on by the time waited."""
        assert self.facts is not None and self.due is not None
        if self.stopped_at is not None:
            limit = LIMITS[self.facts.procedure]
            self.due = deadlines.continued(
                self.calendar, limit, self.due, self.stopped_at, moment
            ).due_at
            self.facts.dues.append((moment.date(), self.due.date()))
            self.facts.pauses[-1][1] = moment.date()
        self.waiting, self.stopped_at = "", None

    def end(self, verb: str, moment: datetime, how: dict[str, Any]) -> None:
        facts, dossier = self.facts, self.dossier
        assert facts is not None and dossier is not None
        if verb in ("approve", "refuse"):
            perform.resolve(dossier, outcome=OUTCOMES[verb], result_note="Đã xem xét", **how)
        elif verb == "withdraw":
            perform.withdraw(dossier, reason="Không cần nữa", **how)
        else:
            perform.stop(dossier, reason="Có tranh chấp", **how)
        facts.ended_on = moment.date()
        facts.timed_on = self.stopped_at.date() if self.stopped_at else moment.date()
        facts.outcome = OUTCOMES[verb]
        if self.stopped_at is not None:
            facts.pauses[-1][1] = moment.date()


def counted(all_facts: list[Counted], start: date, end: date) -> dict[str, int]:
    """Every column of docs/domain.md, figures, one dossier after the other."""
    n = dict.fromkeys(NAMES, 0)
    for facts in all_facts:
        if start <= facts.received_on <= end:
            n["received_online" if facts.channel == "online" else "received_direct"] += 1
            n["received"] += 1
        if facts.received_on < start and (facts.ended_on is None or facts.ended_on >= start):
            n["carried_over"] += 1
        if facts.received_on <= end and (facts.ended_on is None or facts.ended_on >= start):
            n["total_in"] += 1
        if facts.ended_on is not None and start <= facts.ended_on <= end:
            assert facts.timed_on is not None
            due = facts.due_at(facts.ended_on)
            kind = (
                "early" if facts.timed_on < due else "late" if facts.timed_on > due else "on_time"
            )
            n[f"resolved_{kind}"] += 1
            n["resolved_total"] += 1
            if facts.outcome != "approved":
                n[f"ended_{facts.outcome}"] += 1
        if facts.received_on <= end and (facts.ended_on is None or facts.ended_on > end):
            n["pending_total"] += 1
            if facts.waits_at(end):
                n["pending_waiting"] += 1
                n["pending_in_time"] += 1
            else:
                n["pending_overdue" if facts.due_at(end) < end else "pending_in_time"] += 1
    return n
