"""Random lives, act by act: whatever happens, the timeline tells exactly what the dossier is."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dossiers.lifecycle import perform
from dossiers.lifecycle.acts import acts_of
from dossiers.lifecycle.changes import plain
from dossiers.models import Dossier, LateCause
from dossiers.rules.states import ENDED, WAITING, MoveRefused
from tests.cast import Cast, vn
from tests.dossiers.replay import replay

pytestmark = pytest.mark.django_db

BEGINNINGS = ("2016-02-03T08:00", "2019-04-24T16:30", "2025-08-29T09:15")


class Life(RuleBasedStateMachine):
    """One dossier, any act at any moment; a model of the state beside it."""

    cast: Cast
    cause: LateCause

    def __init__(self) -> None:
        super().__init__()
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.acts = 0

    @initialize(
        at=st.sampled_from(BEGINNINGS),
        procedure=st.sampled_from(["land", "building", "copy", "birth"]),
    )
    def begin(self, at: str, procedure: str) -> None:
        self.dossier = self.cast.received(at, procedure=getattr(self.cast, procedure))
        self.now = vn(at)
        self.acts = 1

    def attempt(self, act: Any, **kwargs: Any) -> None:
        before = (self.dossier.state, self.dossier.revision)
        events = self.dossier.events.count()
        try:
            act(self.dossier, at=self.now, **kwargs)
        except MoveRefused as refused:
            assert str(refused).endswith(".")
            self.dossier.refresh_from_db()
            assert (self.dossier.state, self.dossier.revision) == before
            assert self.dossier.events.count() == events
        else:
            self.acts += 1
            assert self.dossier.events.count() == events + 1

    @rule(hours=st.integers(0, 400))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(to_division=st.booleans())
    def forward(self, to_division: bool) -> None:
        place: dict[str, Any] = (
            {"division": self.cast.land_division} if to_division else {"office": self.cast.district}
        )
        self.attempt(perform.forward, by=self.cast.clerk, **place)

    @rule()
    def ask_supplement(self) -> None:
        self.attempt(perform.ask_supplement, by=self.cast.clerk, items="Bản vẽ", reason="Thiếu")

    @rule()
    def receive_supplement(self) -> None:
        self.attempt(perform.receive_supplement, by=self.cast.clerk)

    @rule()
    def ask_payment(self) -> None:
        self.attempt(perform.ask_payment, by=self.cast.clerk)

    @rule()
    def confirm_payment(self) -> None:
        self.attempt(perform.confirm_payment, by=self.cast.clerk)

    @rule(days=st.integers(-3, 30))
    def apologise(self, days: int) -> None:
        self.attempt(
            perform.apologise,
            by=self.cast.leader,
            cause=self.cause,
            reason="Chậm",
            new_due_at=self.now + timedelta(days=days),
            signer="Chủ tịch",
        )

    @rule(outcome=st.sampled_from(["approved", "refused", ""]), note=st.sampled_from(["", "Lý do"]))
    def resolve(self, outcome: str, note: str) -> None:
        self.attempt(perform.resolve, by=self.cast.specialist, outcome=outcome, result_note=note)

    @rule()
    def withdraw(self) -> None:
        self.attempt(perform.withdraw, by=self.cast.clerk, reason="Xin rút")

    @rule()
    def stop(self) -> None:
        self.attempt(perform.stop, by=self.cast.clerk, reason="Dừng")

    @rule()
    def hand_over(self) -> None:
        self.attempt(perform.hand_over, by=self.cast.clerk, collector_name="Nguyễn Văn Ân")

    @rule(name=st.sampled_from(["Nguyễn Văn Ân", "Nguyễn Văn Ẩn"]))
    def correct_name(self, name: str) -> None:
        self.attempt(perform.correct, by=self.cast.clerk, reason="Sai tên", applicant_name=name)

    @rule(minutes=st.integers(-2000, 200))
    def correct_receipt(self, minutes: int) -> None:
        moment = self.dossier.received_at + timedelta(minutes=minutes)
        self.attempt(perform.correct, by=self.cast.clerk, reason="Sai giờ", received_at=moment)

    @rule(procedure=st.sampled_from(["land", "building", "copy"]))
    def correct_procedure(self, procedure: str) -> None:
        self.attempt(
            perform.correct,
            by=self.cast.clerk,
            reason="Sai thủ tục",
            procedure=getattr(self.cast, procedure),
        )

    @precondition(lambda self: self.acts > 1)
    @rule()
    def revert(self) -> None:
        self.attempt(perform.revert, by=self.cast.leader, reason="Nhầm")

    @invariant()
    def the_timeline_tells_what_the_dossier_is(self) -> None:
        if not self.acts:
            return
        dossier = Dossier.objects.get(pk=self.dossier.pk)
        assert acts_of(dossier).count() == self.acts
        told = replay(acts_of(dossier))
        assert told == {name: plain(getattr(dossier, name)) for name in told}

    @invariant()
    def promises_and_pauses_fit_the_dossier(self) -> None:
        if not self.acts:
            return
        dossier = Dossier.objects.get(pk=self.dossier.pk)
        in_force = dossier.deadlines.get(counts=True, until_on__isnull=True, is_void=False)
        assert (in_force.due_at, in_force.due_on) == (dossier.due_at, dossier.due_on)
        pause = dossier.pauses.filter(until_on__isnull=True, is_void=False).first()
        assert dossier.paused_on == (pause.from_on if pause else None)
        if pause is not None:
            assert dossier.current_state in WAITING
        ended = dossier.current_state in ENDED
        assert ended == (dossier.resolved_on is not None)
        if ended:
            assert dossier.timed_on is not None
            expected = (dossier.timed_on > dossier.due_on) - (dossier.timed_on < dossier.due_on)
            assert dossier.timeliness == {-1: "early", 0: "on_time", 1: "late"}[expected]
        first = dossier.deadlines.first()
        assert first is not None and first.kind == "receipt" and not first.is_void

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)


def test_replay_any_dossier_can_be_replayed_from_its_timeline(cast: Cast) -> None:
    Life.cast = cast
    Life.cause = LateCause.objects.create(code="B9", name="Nguyên nhân khác")
    with time_machine.travel(vn("2027-06-01T08:00"), tick=False):
        run_state_machine_as_test(
            Life, settings=settings(max_examples=30, stateful_step_count=25, deadline=None)
        )
