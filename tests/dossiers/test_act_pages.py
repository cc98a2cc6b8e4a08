"""The pages of the acts: what each asks, shows before it is done, refuses and keeps."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Dossier, LateCause
from dossiers.rules.states import State
from procedures.models import ProcedureStep
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def land(cast: Cast) -> Dossier:
    """Received on Tuesday 01/03/2016, due on Tuesday 15/03/2016."""
    return cast.received("2016-03-01T09:00", applicant_id="381234567")


def test_act_pages_forwarding_proposes_the_division_that_solves_the_procedure(
    cast: Cast, land: Dossier
) -> None:
    client = logged_in(cast.clerk)
    answer = send(client, land, "forward", note="Thẩm tra")
    assert answer["Location"] == path(land)
    land.refresh_from_db()
    assert land.holder_division == cast.land_division
    assert land.transfers.get().note == "Thẩm tra"
    assert f"Đã chuyển hồ sơ {land.code}." in text(client.get(path(land)))


def test_act_pages_forwarding_follows_the_steps_of_the_procedure(cast: Cast) -> None:
    ProcedureStep.objects.create(
        version=cast.birth.versions.get(),
        position=1,
        level="district",
        department=cast.land_division.name,
        share_value=2,
        share_unit="working_day",
    )
    birth = cast.received(
        "2016-03-09T09:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    send(logged_in(cast.commune_clerk), birth, "forward")
    transfer = birth.transfers.get()
    assert (transfer.to_division, transfer.due_at) == (cast.land_division, vn("2016-03-11T17:00"))
    specialist = logged_in(cast.specialist)
    choices = dict(specialist.get(path(birth, "forward")).context["form"].fields["to"].choices)
    assert (f"o{cast.tan_loc.pk}", cast.tan_loc.desk_name) in choices[cast.tan_loc.name]


def test_act_pages_forwarding_nowhere_is_refused_at_the_field(cast: Cast, land: Dossier) -> None:
    answer = send(logged_in(cast.clerk), land, "forward", to="d999999", note="giữ lại")
    assert answer.status_code == 422
    assert "to" in answer.context["form"].errors
    assert "giữ lại" in answer.content.decode()


def test_receiver_confirms_on_the_page(cast: Cast, land: Dossier) -> None:
    perform.forward(land, by=cast.clerk, division=cast.land_division)
    client = logged_in(cast.specialist)
    send(client, land, "take_over")
    assert land.transfers.get().taken_by == cast.specialist
    again = client.get(path(land, "take_over"))
    assert again.status_code == 409
    assert "Hồ sơ này đã được nhận rồi." in text(again)


def test_act_pages_resolving_and_handing_over(cast: Cast, land: Dossier) -> None:
    send(
        logged_in(cast.leader),
        land,
        "resolve",
        outcome="approved",
        result_note="GCN số 12345",
        at="2016-03-08T16:00",
    )
    land.refresh_from_db()
    assert (land.timeliness, land.resolved_at) == ("early", vn("2016-03-08T16:00"))
    client = logged_in(cast.clerk)
    form = client.get(path(land, "hand_over")).context["form"]
    assert form["collector_name"].value() == "Nguyễn Văn Ân"
    desk = "/ban-lam-viec/?hang-doi=tra-ket-qua"
    answer = send(client, land, "hand_over", collector_paper="CMND", next=desk)
    assert answer["Location"] == desk
    land.refresh_from_db()
    assert land.current_state is State.HANDED_OVER
    assert (land.collector_name, land.collector_paper) == ("Nguyễn Văn Ân", "CMND")


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:x"])
def test_way_back_leads_nowhere_else(cast: Cast, land: Dossier, target: str) -> None:
    answer = send(logged_in(cast.clerk), land, "forward", next=target)
    assert answer["Location"] == path(land)


def test_act_pages_what_a_verb_refuses_stands_at_its_field_and_keeps_what_was_typed(
    cast: Cast, land: Dossier
) -> None:
    client = logged_in(cast.clerk)
    answer = send(client, land, "resolve", outcome="refused")
    assert answer.status_code == 409
    assert answer.context["form"].errors == {
        "result_note": ["Từ chối giải quyết phải ghi rõ lý do."]
    }
    answer = send(client, land, "resolve", result_note="Giữ lại", at="2016-03-10T09:00")
    assert answer.status_code == 409
    assert answer.context["form"].errors == {
        "at": ["Thời điểm 09:00 10/03/2016 chưa tới. Hãy nhập lại giờ, ngày."]
    }
    assert "Giữ lại" in answer.content.decode()
    answer = send(client, land, "resolve", at="hôm qua")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "at": ["Hãy nhập giờ và ngày, ví dụ 15:30 03/10/2016."]
    }


def test_moment_typed_to_the_minute_may_be_the_minute_of_the_act_before(
    cast: Cast, on_a_wednesday: time_machine.Traveller
) -> None:
    on_a_wednesday.move_to(vn("2016-03-09T10:00:40"))
    dossier = cast.received("2016-03-09T10:00:30")
    send(logged_in(cast.clerk), dossier, "resolve", at="2016-03-09T10:00")
    dossier.refresh_from_db()
    assert dossier.resolved_at == vn("2016-03-09T10:00:30")


def test_act_pages_double_click_is_one_act(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    form = client.get(path(land, "resolve")).context["form"]
    sent = {"token": str(uuid4()), "seen": form["seen"].value(), "outcome": "approved"}
    answers = [client.post(path(land, "resolve"), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert land.events.filter(kind="resolve").count() == 1


def test_stale_page_is_told_what_changed_and_may_then_be_sent_again(
    cast: Cast, land: Dossier
) -> None:
    client = logged_in(cast.clerk)
    stale = {"token": str(uuid4()), "seen": 1, "reason": "Công dân đổi ý", "asked_by": "direct"}
    perform.forward(land, by=cast.leader, division=cast.land_division)
    answer = client.post(path(land, "withdraw"), stale)
    assert answer.status_code == 409
    page = text(answer)
    assert (
        "Hồ sơ đã thay đổi từ lúc ông/bà mở trang: Phạm Hoàng Khởi đã chuyển xử lý lúc 10:00 "
        "09/03/2016. Việc của ông/bà chưa được ghi; hãy xem lại rồi làm tiếp." in page
    )
    assert "Công dân đổi ý" in page
    assert answer.context["form"]["seen"].value() == "2"
    again = client.post(path(land, "withdraw"), {**stale, "seen": 2})
    assert again.status_code == 302


def test_field_error_does_not_make_a_stale_page_fresh(cast: Cast, land: Dossier) -> None:
    perform.forward(land, by=cast.leader, division=cast.land_division)
    stale = {"token": str(uuid4()), "seen": 1, "reason": ""}
    answer = logged_in(cast.clerk).post(path(land, "withdraw"), stale)
    assert answer.status_code == 422
    assert answer.context["form"]["seen"].value() == "1"


def test_act_pages_act_that_the_state_forbids_says_why_and_asks_nothing(
    cast: Cast, land: Dossier
) -> None:
    answer = logged_in(cast.clerk).get(path(land, "hand_over"))
    assert answer.status_code == 409
    assert "Hồ sơ chưa có kết quả nên chưa trả được." in text(answer)
    assert 'name="collector_name"' not in answer.content.decode()


@pytest.mark.parametrize("verb", ["submit", "read", "drop", "khong-co"])
def test_act_pages_unknown_act_does_not_exist(cast: Cast, land: Dossier, verb: str) -> None:
    assert logged_in(cast.clerk).get(path(land, verb)).status_code == 404


def test_supplement_is_asked_and_its_new_date_shown_before_confirming(
    cast: Cast, land: Dossier
) -> None:
    client = logged_in(cast.clerk)
    send(
        client,
        land,
        "ask_supplement",
        items="Giấy chứng nhận",
        reason="Thiếu",
        at="2016-03-03T09:00",
    )
    page = client.get(path(land))
    assert f"{path(land)}phieu-bo-sung-1.pdf" in page.content.decode()
    assert "chờ bổ sung" in text(page)
    opened = client.get(path(land, "receive_supplement"))
    assert "Hẹn trả mới 17:00 thứ Hai 21/03/2016" in text(opened)
    answer = send(client, land, "receive_supplement")
    assert answer.status_code == 302
    land.refresh_from_db()
    assert land.due_at == vn("2016-03-21T17:00")


def test_act_pages_another_day_of_arrival_shows_its_date_before_it_is_kept(
    cast: Cast, land: Dossier
) -> None:
    client = logged_in(cast.clerk)
    perform.ask_supplement(
        land, by=cast.clerk, at=vn("2016-03-03T09:00"), items="Đơn", reason="Thiếu"
    )
    answer = send(client, land, "receive_supplement", at="2016-03-07T09:00")
    assert answer.status_code == 200
    assert (
        "Chưa lưu. Ngày hẹn trả sẽ đổi từ 17:00 thứ Ba 15/03/2016 thành 17:00 thứ Năm 17/03/2016."
        in text(answer)
    )
    land.refresh_from_db()
    assert land.current_state is State.AWAITING_SUPPLEMENT
    form = answer.context["form"]
    confirmed = {f.html_name: f.value() for f in form if f.value() is not None}
    client.post(path(land, "receive_supplement"), confirmed)
    land.refresh_from_db()
    assert land.due_at == vn("2016-03-17T17:00")


def test_act_pages_payment_is_asked_and_confirmed(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    send(client, land, "ask_payment", at="2016-03-07T09:00")
    assert "Hẹn trả mới 17:00 thứ Năm 17/03/2016" in text(client.get(path(land, "confirm_payment")))
    send(client, land, "confirm_payment")
    land.refresh_from_db()
    assert land.due_at == vn("2016-03-17T17:00")


def test_apology_ends_at_the_close_of_a_working_day(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    cause = LateCause.objects.create(code="B4", name="Hồ sơ phức tạp")
    words = {"cause": cause.pk, "reason": "Đo lại", "told_how": "điện thoại"}
    off = send(client, land, "apologise", **words, new_due_at="2016-03-20")
    assert off.status_code == 422
    assert off.context["form"].errors["new_due_at"] == [
        "Ngày 20/03/2016 không làm việc (Chủ nhật). Hãy chọn ngày khác."
    ]
    sooner = send(client, land, "apologise", **words, new_due_at="2016-03-14")
    assert sooner.status_code == 409
    assert sooner.context["form"].errors["new_due_at"] == [
        "Ngày hẹn lại phải sau ngày đã hẹn và sau hôm nay."
    ]
    send(client, land, "apologise", **words, new_due_at="2016-03-22")
    apology = land.apologies.get()
    assert (apology.new_due_at, apology.signer) == (vn("2016-03-22T17:00"), "Phạm Hoàng Khởi")
    page = text(client.get(path(land)))
    assert "Đã xin lỗi và hẹn lại 17:00 thứ Ba 22/03/2016" in page
    assert "Hẹn trả 17:00 thứ Ba 15/03/2016" in page


@pytest.mark.parametrize(
    ("verb", "who", "state"),
    [("withdraw", "clerk", State.WITHDRAWN), ("stop", "leader", State.STOPPED)],
)
def test_act_pages_end_names_the_dossier_and_needs_a_reason(
    cast: Cast, land: Dossier, verb: str, who: str, state: State
) -> None:
    client = logged_in(getattr(cast, who))
    assert f"{land.code}, Nguyễn Văn Ân, {cast.land.name}." in text(client.get(path(land, verb)))
    assert send(client, land, verb, reason=" ", asked_by="post").status_code == 422
    sent = send(client, land, verb, reason="Công dân yêu cầu", asked_by="post")
    assert sent.status_code == 302
    land.refresh_from_db()
    assert land.current_state is state
    assert "(công dân đề nghị: dịch vụ bưu chính)" in text(client.get(path(land)))


def test_correction_that_moves_the_date_is_shown_first(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    answer = send(
        client,
        land,
        "correct",
        procedure=cast.building.pk,
        reason="Nhầm thủ tục",
        phone="0913 456 789",
    )
    assert answer.status_code == 200
    assert "thành 17:00 thứ Tư 16/03/2016" in text(answer)
    land.refresh_from_db()
    assert land.procedure == cast.land
    form = answer.context["form"]
    client.post(
        path(land, "correct"), {f.html_name: f.value() for f in form if f.value() is not None}
    )
    land.refresh_from_db()
    assert (land.procedure, land.due_at) == (cast.building, vn("2016-03-16T17:00"))
    assert land.phone == "0913456789"
    assert land.events.get(kind="correct").note == "Nhầm thủ tục"


def test_correction_of_the_day_to_another_version_says_so_and_what_it_keeps(
    cast: Cast, land: Dossier
) -> None:
    """The form alone, as a clerk sends it: the day of receipt, nothing else."""
    cast.land.versions.update(in_force_from=date(2016, 3, 1))
    cast.land.versions.create(
        in_force_to=date(2016, 2, 29), limit_value=5, limit_unit="working_day", confidence="found"
    )
    client = logged_in(cast.clerk)
    changed = {"received_at": "2016-02-29T16:00", "reason": "Nhầm ngày"}
    answer = send(client, land, "correct", **changed)
    assert "phiên bản khác của thủ tục (thời hạn 5 ngày làm việc)" in text(answer)
    assert "thành 17:00 thứ Hai 07/03/2016" in text(answer)
    sent = {f.html_name: f.value() for f in answer.context["form"] if f.value() is not None}
    assert client.post(path(land, "correct"), sent).status_code == 302
    land.refresh_from_db()
    assert (land.due_on, land.version.limit_value) == (date(2016, 3, 7), 5)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sets": "40000"}, "Nhiều nhất 99 bộ."),
        ({"applicant_name": "..."}, "Họ tên, tên tổ chức phải có chữ."),
        ({"submitter_id": "096000004444"}, "Hãy ghi họ tên người nộp thay."),
        ({"fee_vnd": "700,000"}, "Dấu phẩy ở đây không rõ"),
        ({"fee_vnd": "", "fee_paid": "on"}, "Đã thu thì hãy ghi số tiền."),
    ],
)
def test_correction_asks_what_the_intake_asks(
    cast: Cast, land: Dossier, wrong: dict[str, str], sentence: str
) -> None:
    client = logged_in(cast.clerk)
    form = client.get(path(land, "correct")).context["form"]
    shown = {f.html_name: f.value() for f in form if f.value() is not None}
    answer = client.post(path(land, "correct"), shown | {"reason": "Nhầm", **wrong})
    assert answer.status_code in (400, 422)
    assert sentence in text(answer)


def test_correction_of_a_name_is_saved_at_once(cast: Cast, land: Dossier) -> None:
    answer = send(
        logged_in(cast.clerk), land, "correct", applicant_name="Nguyễn  Văn Ẩn ", reason="Nhầm"
    )
    assert answer["Location"] == path(land)
    land.refresh_from_db()
    assert land.applicant_name == "Nguyễn Văn Ẩn"
    assert set(land.events.get(kind="correct").changes) == {"applicant_name"}


def test_correction_leaves_a_paid_fee_without_amount_that_nobody_touches(
    cast: Cast, land: Dossier
) -> None:
    Dossier.objects.filter(pk=land.pk).update(fee_vnd=None, fee_paid=True)
    land.refresh_from_db()
    answer = send(logged_in(cast.clerk), land, "correct", applicant_name="Lê Ẩn", reason="Nhầm")
    assert answer.status_code == 302


def test_papers_that_came_can_be_put_right(cast: Cast, land: Dossier) -> None:
    asked = cast.land.version_on(land.received_on).papers.create(
        position=9, name="Đơn đăng ký biến động", copies=2
    )
    land.papers.create(position=1, name="Sổ hộ khẩu", kind="copy")
    client = logged_in(cast.clerk)
    page = text(client.get(path(land, "correct")))
    assert "Sửa giấy tờ đã nộp: đang ghi 1 loại" in page
    listed = {"lists-papers": "1", "reason": "Đếm lại"}
    ticked = {f"paper-{asked.pk}-given": "on", f"paper-{asked.pk}-copies": "3"}
    wrong = send(client, land, "correct", **listed, **ticked | {f"paper-{asked.pk}-copies": "0"})
    assert wrong.status_code == 422
    assert "Số lượng từ 1 đến 999." in text(wrong)
    assert send(client, land, "correct", **listed, **ticked).status_code == 302
    assert list(land.papers.values_list("name", "copies")) == [("Đơn đăng ký biến động", 3)]
    told = text(client.get(path(land)))
    assert "giấy tờ đã nộp: Sổ hộ khẩu (1 bản sao) → Đơn đăng ký biến động (3 bản chính)" in told
    assert send(logged_in(cast.leader), land, "revert", reason="Nhầm").status_code == 302
    assert list(land.papers.values_list("name", "kind")) == [("Sổ hộ khẩu", "copy")]


def test_correction_without_the_list_of_papers_leaves_them(cast: Cast, land: Dossier) -> None:
    land.papers.create(position=1, name="Sổ hộ khẩu")
    send(logged_in(cast.clerk), land, "correct", sets="2", reason="Đếm lại")
    assert land.papers.count() == 1


def test_correction_of_nothing_or_without_reason_is_refused(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    nothing = send(client, land, "correct", reason="Xem lại")
    assert nothing.status_code == 409
    assert nothing.context["form"].non_field_errors() == ["Chưa có thông tin nào thay đổi."]
    silent = send(client, land, "correct", applicant_name="Khác")
    assert silent.context["form"].errors == {"reason": ["Hãy ghi lý do sửa."]}
    odd = send(client, land, "correct", applicant_id="12345", reason="Nhầm", note="giữ lại")
    assert odd.status_code == 422
    assert "Số này có 5 chữ số." in odd.context["form"].errors["applicant_id"][0]
    assert "giữ lại" in odd.content.decode()


def test_act_pages_odd_number_of_an_old_register_may_stay(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00", applicant_id="12345", phone="không có")
    answer = send(logged_in(cast.clerk), dossier, "correct", sets="2", reason="Đếm lại")
    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert (dossier.sets, dossier.applicant_id) == (2, "12345")


def test_act_pages_leader_undoes_the_last_act_by_its_name(cast: Cast, land: Dossier) -> None:
    perform.resolve(land, by=cast.clerk, at=vn("2016-03-08T09:00"), outcome="approved")
    client = logged_in(cast.leader)
    opened = text(client.get(path(land, "revert")))
    assert "Ghi nhận kết quả lúc 09:00 thứ Ba 08/03/2016, Trần Thị Mận." in opened
    send(client, land, "revert", reason="Nhầm hồ sơ")
    land.refresh_from_db()
    assert land.current_state is State.RECEIVED
    assert path(land, "revert") not in client.get(path(land)).content.decode()
    assert client.get(path(land, "revert")).status_code == 409


def test_act_pages_guided_dossier_is_accepted_when_its_papers_are_complete(cast: Cast) -> None:
    application, certificate = cast.land.versions.get().papers.all()
    intake = Intake(
        office=cast.district,
        procedure=cast.land,
        applicant_name="Lê Thị Út",
        papers=(
            Paper(application.name, required=application, copies=2),
            Paper("Ảnh thửa đất"),
        ),
    )
    dossier = perform.guide(
        intake, by=cast.clerk, items="GCN", reason="Thiếu", at=vn("2016-03-08T09:00")
    )
    client = logged_in(cast.clerk)
    opened = client.get(path(dossier, "accept"))
    assert opened.context["form"]["papers"].value() == [application.pk]
    assert "Hẹn trả 17:00 thứ Tư 23/03/2016" in text(opened)
    short = send(client, dossier, "accept")
    assert short.status_code == 422
    assert short.context["form"].errors["papers"] == [
        f"Còn thiếu: {certificate.name}. Hồ sơ đủ giấy tờ mới tiếp nhận được."
    ]
    answer = send(client, dossier, "accept", papers=[application.pk, certificate.pk], came=["0"])
    dossier.refresh_from_db()
    assert answer["Location"] == f"/ho-so/{dossier.code}/da-tiep-nhan/"
    assert dossier.code == "H12.TAM.967-160309-0001"
    papers = dossier.papers.values_list("name", "copies")
    assert list(papers) == [(application.name, 2), (certificate.name, 1), ("Ảnh thửa đất", 1)]


def test_act_pages_submission_is_declined_with_a_reason(cast: Cast) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = perform.guide(
        intake, by=cast.clerk, items="GCN", reason="Thiếu", at=vn("2016-03-08T09:00")
    )
    client = logged_in(cast.clerk)
    assert send(client, dossier, "decline").status_code == 422
    send(client, dossier, "decline", reason="Không thuộc thẩm quyền")
    page = client.get(path(dossier))
    assert "không được tiếp nhận" in text(page)
    assert f"{path(dossier)}phieu-tu-choi.pdf" in page.content.decode()
