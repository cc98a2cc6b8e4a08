"""Who has just done an act undoes it alone, for five minutes, while nobody else holds anything of
it."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from dossiers.models.notices import Notice
from dossiers.rules.states import MoveRefused, State
from reports.figures.verify import verify
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def resolved(cast: Cast) -> Dossier:
    """Received on 01/03/2016; its result was entered just now, by the clerk."""
    dossier = cast.received("2016-03-01T09:00", email="an@example.vn")
    perform.resolve(dossier, by=cast.clerk, outcome="approved", result_note="Số 12")
    return dossier


def is_undone(dossier: Dossier) -> bool:
    dossier.refresh_from_db()
    return dossier.current_state is State.RECEIVED


def test_undo_own_act_is_one_press_and_the_dossier_is_as_before(
    cast: Cast, resolved: Dossier
) -> None:
    client = logged_in(cast.clerk)
    page = client.get(path(resolved)).content.decode()
    assert "Ông/bà vừa ghi nhận kết quả." in page
    form = page.split("is-undo")[1].split("</form>")[0]
    sent = dict(re.findall(r'name="(token|seen)" value="([^"]*)"', form))
    answer = client.post(path(resolved, "undo"), sent)
    assert (answer.status_code, answer["Location"]) == (302, path(resolved))
    assert is_undone(resolved)
    assert (resolved.outcome, resolved.result_note, resolved.resolved_at) == ("", "", None)
    undone, undoing = resolved.events.filter(kind__in=("resolve", "revert")).order_by("pk")
    assert undoing.details == {"reverts": undone.pk}
    assert (undoing.actor, undoing.note) == (cast.clerk, "Người làm tự hoàn tác việc vừa làm.")
    page = text(client.get(path(resolved)))
    assert "Ghi nhận kết quả (đã hoàn tác)" in page
    assert "Ông/bà vừa" not in page, "the receipt before it is never undone"
    assert verify().differences == []


def test_undo_own_lasts_five_minutes(
    cast: Cast, resolved: Dossier, clock: time_machine.Traveller
) -> None:
    clock.shift(5 * 60)
    assert perform.undoable(resolved, by=cast.clerk) is not None
    clock.shift(1)
    with pytest.raises(MoveRefused, match="đã quá 5 phút"):
        perform.undo_own(resolved, by=cast.clerk)
    client = logged_in(cast.clerk)
    assert "is-undo" not in client.get(path(resolved)).content.decode()
    assert client.get(path(resolved, "undo")).status_code == 409
    assert not is_undone(resolved)


def test_undo_own_is_of_ones_own_last_act(cast: Cast, resolved: Dossier) -> None:
    assert "is-undo" not in logged_in(cast.leader).get(path(resolved)).content.decode()
    with pytest.raises(MoveRefused):
        perform.undo_own(resolved, by=cast.leader)
    perform.correct(resolved, by=cast.leader, reason="Nhầm", applicant_name="Nguyễn Văn Ẩn")
    with pytest.raises(MoveRefused):
        perform.undo_own(resolved, by=cast.clerk)
    assert not is_undone(resolved)


def test_undo_own_never_after_a_paper_was_printed_though_after_a_look(
    cast: Cast, resolved: Dossier
) -> None:
    perform.record_read(resolved, by=cast.clerk, paper="slip")
    assert perform.undoable(resolved, by=cast.clerk) is not None
    perform.record_print(resolved, by=cast.leader, paper="control")
    with pytest.raises(MoveRefused, match="đã in giấy tờ"):
        perform.undo_own(resolved, by=cast.clerk)
    assert not is_undone(resolved)


@pytest.mark.parametrize(
    ("state", "may"),
    [("queued", True), ("sending", False), ("sent", False), ("failed", False)],
)
def test_undo_own_never_after_a_notice_went_out(
    cast: Cast, resolved: Dossier, state: str, may: bool
) -> None:
    event = resolved.events.get(kind=Event.Kind.RESOLVE)
    Notice.objects.filter(event=event).delete()
    notice = Notice.objects.create(
        dossier=resolved,
        event=event,
        channel="email",
        address="an@example.vn",
        body="Đã có kết quả.",
        state=state,
        queued_at=event.recorded_at,
        try_after=event.recorded_at,
    )
    try:
        with transaction.atomic():
            perform.undo_own(resolved, by=cast.clerk)
    except MoveRefused:
        pass
    assert is_undone(resolved) is may
    notice.refresh_from_db()
    assert notice.state == ("dropped" if may else state)


def test_undo_own_never_of_a_receipt(cast: Cast) -> None:
    dossier = cast.received("2016-03-09T09:59")
    assert perform.undoable(dossier, by=cast.clerk) is None
    assert send(logged_in(cast.clerk), dossier, "undo").status_code == 409
