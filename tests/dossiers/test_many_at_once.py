"""Sixteen clerks do the acts on many at the same moment, on the same rows: nothing twice, nothing
lost. Real threads, each with a connection of its own, on the database of the run."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from dossiers.desk import bundles
from dossiers.desk.bundles import BundleOutcome
from dossiers.lifecycle import perform
from dossiers.models import Apology, Dossier, Event, LateCause, Transfer
from motcua.models import Staff
from tests.cast import Cast, make_cast, make_staff, vn
from tests.dossiers.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CLERKS, ROWS = 16, 6
ROLES = ("clerk", "specialist", "leader")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def forwarded(cast: Cast, dossier: Dossier) -> None:
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)


def to_sign(cast: Cast, dossier: Dossier) -> None:
    leaders, _ = cast.district.divisions.get_or_create(name="Lãnh đạo ký duyệt", is_leaders=True)
    forwarded(cast, dossier)
    perform.forward(dossier, by=cast.specialist, division=leaders)


def resolved(cast: Cast, dossier: Dossier) -> None:
    perform.resolve(dossier, by=cast.leader, outcome="approved")


def nothing(cast: Cast, dossier: Dossier) -> None:
    """It stays as it was received."""


def apologise(rows: Any, *, by: Staff, token: UUID) -> BundleOutcome:
    cause = LateCause.objects.get()
    days = {row.code: vn("2030-03-29T17:00") for row in rows}
    words = {"cause": cause, "reason": "Đo lại", "signer": "Phạm Hoàng Khởi"}
    return bundles.apologise(rows, by=by, token=token, days=days, **words)


ACTS: dict[str, tuple[Callable[..., BundleOutcome], Callable[[Cast, Dossier], None], str]] = {
    "take_over": (bundles.take_over, forwarded, "take_over"),
    "forward": (bundles.forward, nothing, "forward"),
    "sign": (bundles.sign, to_sign, "forward"),
    "resolve": (bundles.resolve, nothing, "resolve"),
    "hand_over": (bundles.hand_over, resolved, "hand_over"),
    "apologise": (apologise, nothing, "apologise"),
}


def test_acts_on_many_are_all_pressed_here() -> None:
    assert set(ACTS) == {*bundles.ACTS, "apologise"}


@pytest.mark.parametrize("name", ACTS)
def test_acts_on_many_by_sixteen_at_once_do_each_dossier_once(cast: Cast, name: str) -> None:
    act, before, kind = ACTS[name]
    LateCause.objects.create(code="B4", name="Xác minh")
    dossiers = [cast.received(f"2026-03-02T09:0{minute}") for minute in range(ROWS)]
    for dossier in dossiers:
        before(cast, dossier)
    pks = [dossier.pk for dossier in dossiers]
    acts = Event.objects.filter(kind=kind, dossier__in=pks)
    done_already = acts.count()
    division = cast.land_division if name == "take_over" else None
    people = [make_staff(f"ban-{n}", cast.district, *ROLES) for n in range(CLERKS)]
    for person in people:
        person.division = division
        person.save()
    outcomes: list[BundleOutcome] = []

    def presses(by: Staff, *, backwards: bool) -> Callable[[], Any]:
        rows = Dossier.objects.filter(pk__in=pks).select_related("office", "version", "procedure")
        seen = list(rows.order_by("-pk" if backwards else "pk"))
        return lambda: outcomes.append(act(seen, by=by, token=uuid4()))

    everyone = [presses(by, backwards=bool(n % 2)) for n, by in enumerate(people)]
    assert at_once(*everyone) == []
    assert Counter(acts.values_list("dossier", flat=True)) == dict.fromkeys(
        pks, 1 + done_already // ROWS
    )
    done = Counter(row.pk for outcome in outcomes for row in outcome.done)
    refused = [sentence for outcome in outcomes for _, sentence in outcome.refused]
    assert done == dict.fromkeys(pks, 1)
    assert len(refused) == ROWS * (CLERKS - 1)
    assert all(refused)
    open_ways = Transfer.objects.filter(dossier__in=pks, ended_at__isnull=True, is_void=False)
    assert max(Counter(open_ways.values_list("dossier", flat=True)).values(), default=0) <= 1
    assert Apology.objects.count() == (ROWS if name == "apologise" else 0)
