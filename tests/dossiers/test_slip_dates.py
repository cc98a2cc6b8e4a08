"""What was printed stays: over random lives the slip bears the date that the receipt, as it stands
corrected, gives alone; the date in force is the one that the pauses moved."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.lifecycle import due_dates, perform
from dossiers.models import Dossier, LateCause
from dossiers.rules.states import MoveRefused
from motcua import clock
from tests.cast import Cast, vn

# A day before, and the first day of, another limit; and under each regime.
BEGINNINGS = ("2016-02-03T08:00", "2016-03-01T09:00", "2019-04-24T09:00", "2025-08-29T09:15")
Act = tuple[str, int, int]
ACTS = st.tuples(
    st.sampled_from(["supplement", "payment", "apology", "receipt", "procedure", "revert"]),
    st.integers(1, 200),
    st.integers(-3000, 600),
)


def change_versions(cast: Cast) -> None:
    for day in (date(2016, 2, 4), date(2019, 4, 24)):
        old = cast.land.versions.get(in_force_to=None)
        old.in_force_to = day - timedelta(days=1)
        old.save()
        cast.land.versions.create(
            in_force_from=day,
            limit_value=old.limit_value - 3,
            limit_unit=old.limit_unit,
            payment_stops_clock=True,
            confidence="found",
        )


def turns(cast: Cast, dossier: Dossier, act: Act, at: datetime) -> list[Callable[..., object]]:
    name, hours, minutes = act
    by = cast.clerk
    apology = {"signer": "Chủ tịch", "reason": "Chậm", "new_due_at": at + timedelta(days=40)}
    if name == "supplement":
        asks = partial(perform.ask_supplement, by=by, at=at, items="Đơn", reason="Thiếu")
        later = at + timedelta(hours=hours)
        return [asks, partial(perform.receive_supplement, by=by, at=later)]
    if name == "payment":
        asks = partial(perform.ask_payment, by=by, at=at)
        return [asks, partial(perform.confirm_payment, by=by, at=at + timedelta(hours=hours))]
    if name == "apology":
        cause = LateCause.objects.get(code="B9")
        return [partial(perform.apologise, by=by, at=at, cause=cause, **apology)]
    if name == "revert":
        return [partial(perform.revert, by=cast.leader, at=at, reason="Nhầm")]
    received_at = dossier.received_at
    assert received_at is not None
    new = {
        "receipt": {"received_at": received_at + timedelta(minutes=minutes)},
        "procedure": {"procedure": cast.building if minutes % 2 else cast.land},
    }[name]
    return [partial(perform.correct, by=by, at=at, reason="Nhầm", **new)]


def live(cast: Cast, dossier: Dossier, acts: list[Act]) -> None:
    """Those of the acts that are allowed, an act or two a day."""
    for act in acts:
        last = dossier.events.exclude(kind__in=("correct", "revert")).latest("happened_at")
        at = max(last.happened_at, dossier.received_at) + timedelta(hours=20)
        for turn in turns(cast, dossier, act, at):
            try:
                turn(dossier)
            except MoveRefused:
                dossier.refresh_from_db()


@pytest.mark.django_db
def test_slip_dates_slip_bears_the_date_of_the_corrected_receipt_alone(cast: Cast) -> None:
    change_versions(cast)
    LateCause.objects.create(code="B9", name="Nguyên nhân khác")

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(BEGINNINGS), st.lists(ACTS, min_size=2, max_size=7))
    def holds(beginning: str, acts: list[Act]) -> None:
        with transaction.atomic():
            life = cast.received(beginning)
            live(cast, life, acts)
            dossier = Dossier.objects.get(pk=life.pk)
            assert dossier.version == dossier.procedure.version_on(dossier.received_on)
            due = due_dates.reckon(dossier.office, dossier.version, dossier.received_at)
            assert due_dates.on_the_slip(dossier) == clock.aware(due.due_at)
            assert dossier.due_at == clock.aware(
                due_dates.reckon_anew(dossier, dossier.pauses.all()).due_at
            )
            transaction.set_rollback(True)

    with time_machine.travel(vn("2027-06-01T08:00"), tick=False):
        holds()
