"""After the clock of the server ran ahead for a while: what it dated blocks nothing, can be undone
or corrected, and is named until it is."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from dossiers import checks
from dossiers.forms.verbs import FORMS
from dossiers.lifecycle import notices, perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, Event, Notice
from dossiers.rules.states import MoveRefused, State
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db
AHEAD = vn("2027-03-01T09:00")
NOW = vn("2026-03-03T10:00")
DEFAULT = {"app_configs": None, "databases": ["default"]}


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def begun(cast: Cast) -> Dossier:
    with at(vn("2026-03-02T09:00")):
        return cast.received("2026-03-02T09:00")


def named(client: Client) -> int:
    return int(client.get("/suc-khoe/").json()["clock"]["ahead"])


def test_clock_ahead_act_ahead_blocks_no_later_act_and_can_be_undone(
    cast: Cast, client: Client
) -> None:
    dossier = begun(cast)
    with at(AHEAD):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    with at(NOW):
        assert named(client) == 1
        event = perform.resolve(dossier, by=cast.specialist, outcome="approved")
        assert (event.happened_at, dossier.current_state) == (NOW, State.RESOLVED)
        perform.revert(dossier, by=cast.leader, reason="Nhầm")
        perform.revert(dossier, by=cast.leader, reason="Đồng hồ chạy nhanh")
        assert dossier.current_state is State.RECEIVED
        assert named(client) == 0


def test_clock_ahead_end_ahead_is_undone_and_done_again_on_its_day(
    cast: Cast, client: Client
) -> None:
    dossier = begun(cast)
    with at(AHEAD):
        perform.resolve(dossier, by=cast.specialist, outcome="approved")
    assert dossier.timeliness == "late"
    with at(NOW):
        answer = send(logged_in(cast.leader), dossier, "revert", reason="Đồng hồ chạy nhanh")
        assert answer.status_code == 302
        dossier.refresh_from_db()
        perform.resolve(dossier, by=cast.specialist, outcome="approved")
    assert (dossier.timeliness, f"{dossier.resolved_on}") == ("early", "2026-03-03")


def test_result_ahead_is_handed_over_all_the_same(cast: Cast) -> None:
    dossier = begun(cast)
    with at(AHEAD):
        perform.resolve(dossier, by=cast.specialist, outcome="approved")
    with at(NOW):
        perform.hand_over(dossier, by=cast.clerk, collector_name="Nguyễn Văn Ân")
    assert f"{dossier.handed_over_on}" == "2026-03-03"


@pytest.mark.parametrize("end", ["receive", "withdraw"])
def test_pause_ahead_ends_now_and_moves_nothing(cast: Cast, end: str) -> None:
    dossier = begun(cast)
    due_at = dossier.due_at
    with at(AHEAD):
        perform.ask_payment(dossier, by=cast.clerk)
    with at(NOW):
        if end == "receive":
            perform.confirm_payment(dossier, by=cast.clerk)
            assert dossier.due_at == due_at
        else:
            perform.withdraw(dossier, by=cast.clerk, reason="Xin rút")
            assert (dossier.timeliness, f"{dossier.timed_on}") == ("early", "2026-03-03")
            assert dossier.days_spent == 1


def test_receipt_ahead_is_corrected_first_and_then_ends(cast: Cast, client: Client) -> None:
    with at(AHEAD):
        intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
        dossier = perform.register(intake, by=cast.clerk)
    with at(NOW):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
        with pytest.raises(MoveRefused) as refused:
            perform.resolve(dossier, by=cast.specialist, outcome="approved")
        assert "ghi tiếp nhận lúc 09:00 01/03/2027, là lúc chưa tới" in str(refused.value)
        answer = send(logged_in(cast.specialist), dossier, "resolve", outcome="approved")
        assert answer.status_code == 409
        assert "Hãy sửa thời điểm tiếp nhận trước" in text(answer)
        assert named(client) == 1
        perform.correct(
            dossier,
            by=cast.clerk,
            reason="Đồng hồ chạy nhanh",
            received_at=vn("2026-03-02T09:00"),
        )
        assert named(client) == 0
        assert (dossier.due_at, dossier.submitted_at) == (
            vn("2026-03-16T17:00"),
            vn("2026-03-02T09:00"),
        )
        perform.resolve(dossier, by=cast.specialist, outcome="approved")
    assert dossier.timeliness == "early"


def test_receipt_ahead_is_not_corrected_behind_what_was_done_since(cast: Cast) -> None:
    with at(AHEAD):
        intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
        dossier = perform.register(intake, by=cast.clerk)
    with at(NOW):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    with at(NOW + timedelta(hours=4)), pytest.raises(MoveRefused) as refused:
        received_at = NOW + timedelta(hours=1)
        perform.correct(dossier, by=cast.clerk, reason="Nhầm", received_at=received_at)
    assert "không được sau việc tiếp theo" in str(refused.value)


def test_clock_ahead_submission_ahead_is_accepted_and_its_receipt_corrected(cast: Cast) -> None:
    with at(AHEAD):
        intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
        dossier = perform.submit(intake)
    with at(NOW):
        perform.accept(dossier, by=cast.clerk)
        assert dossier.due_at == vn("2026-03-17T17:00")
        earlier = NOW - timedelta(hours=1)
        perform.correct(dossier, by=cast.clerk, reason="Nhầm", received_at=earlier)
    assert (dossier.received_at, dossier.submitted_at) == (earlier, earlier)


def test_dossier_with_an_act_ahead_says_so_on_its_page(cast: Cast) -> None:
    dossier = begun(cast)
    client = logged_in(cast.leader)
    with at(AHEAD):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    with at(NOW):
        client.force_login(cast.leader)
        assert "thời điểm chưa tới" in text(client.get(path(dossier)))
        for page in ("/ban-lam-viec/", f"/tra-cuu/?ma={dossier.code}", path(dossier, "revert")):
            assert client.get(page).status_code == 200
        form = FORMS["resolve"](dossier=dossier, staff=cast.specialist)
        assert form.title == "Ghi nhận kết quả"


def test_correction_ahead_of_a_name_is_not_named(cast: Cast, client: Client) -> None:
    dossier = begun(cast)
    with at(AHEAD):
        perform.correct(dossier, by=cast.clerk, reason="Sai tên", applicant_name="Nguyễn Ẩn")
        perform.record_read(dossier, by=cast.clerk)
    with at(NOW):
        assert named(client) == 0


def test_start_names_the_dossiers_with_acts_ahead(cast: Cast) -> None:
    dossier = begun(cast)
    assert checks.no_act_lies_ahead(None) == []
    with at(AHEAD):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    with at(NOW):
        (warning,) = checks.no_act_lies_ahead(**DEFAULT)
    assert warning.id == "motcua.W019"
    assert "1 việc đã ghi mang thời điểm chưa tới, muộn nhất 09:00 01/03/2027" in warning.msg
    assert f"(hồ sơ {dossier.code})" in warning.msg
    with at(AHEAD):
        assert checks.no_act_lies_ahead(**DEFAULT) == []


def test_clock_ahead_look_ahead_does_not_keep_later_looks_unwritten(cast: Cast) -> None:
    dossier = begun(cast)
    with at(AHEAD):
        perform.record_read(dossier, by=cast.clerk)
    with at(NOW):
        assert perform.record_read(dossier, by=cast.clerk) is not None
        assert perform.record_read(dossier, by=cast.clerk) is None
    assert dossier.events.filter(kind=Event.Kind.READ).count() == 2


def test_notice_queued_ahead_is_sent_now(cast: Cast) -> None:
    notices.load_templates()
    with at(vn("2026-03-02T09:00")):
        dossier = cast.received("2026-03-02T09:00", email="an@example.vn")
    with at(AHEAD):
        perform.resolve(dossier, by=cast.specialist, outcome="approved")
    with at(NOW):
        notices.send_queued()
    assert Notice.objects.get(event__kind="resolve").state == Notice.State.SENT
    assert any(dossier.code in message.subject for message in mail.outbox)


def test_notice_claimed_ahead_is_told_and_can_be_sent_again(cast: Cast, client: Client) -> None:
    dossier = begun(cast)
    Notice.objects.create(
        dossier=dossier,
        event=dossier.events.get(),
        channel="email",
        address="an@example.vn",
        body="…",
        state=Notice.State.SENDING,
        queued_at=NOW,
        try_after=NOW,
        claimed_at=AHEAD,
    )
    with at(NOW):
        assert client.get("/suc-khoe/").json()["notices"]["stuck"] == 1
        admin = logged_in(cast.administrator)
        chosen = {"action": "send_again", "_selected_action": Notice.objects.get().pk}
        admin.post("/quan-tri/dossiers/notice/", chosen)
    assert Notice.objects.get().state == Notice.State.QUEUED


def test_clock_ahead_one_own_page_opened_ahead_is_closed(cast: Cast, client: Client) -> None:
    with at(vn("2026-03-02T09:00")):
        dossier = cast.received("2026-03-02T09:00", phone="0900001234")
    with at(AHEAD):
        sent = {"ma": dossier.code, "so": "1234"}
        assert client.post("/tra-cuu/xac-nhan/", sent).status_code == 302
    with at(NOW):
        assert client.get("/tra-cuu/ho-so-cua-toi/").status_code == 403
