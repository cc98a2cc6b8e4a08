"""Papers that were asked for arrive: ticked one by one, in one turn or several, and the paper with
the new date."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Dossier, Event
from dossiers.rules.states import MoveRefused, State
from procedures.models import ProcedureVersion
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text
from tests.dossiers.printed import assert_in_order, printed, received

ITEMS = "Giấy chứng nhận bản gốc\nSơ đồ thửa đất\nTờ khai lệ phí"


def asked(cast: Cast, at: str = "2019-10-01T09:00", items: str = ITEMS, **fields: Any) -> Dossier:
    """Received at this moment, asked for papers a day later."""
    dossier = received(cast, at, **fields)
    later = f"{at[:9]}{int(at[9]) + 1}{at[10:]}"
    perform.ask_supplement(dossier, by=cast.clerk, at=vn(later), items=items, reason="Thiếu")
    return dossier


def receive(dossier: Dossier, cast: Cast, at: datetime, **brought: Any) -> Event:
    event = perform.receive_supplement(dossier, by=cast.clerk, at=at, **brought)
    assert event is not None
    return event


# The verb


def test_receive_supplement_in_part_records_what_came_and_the_clock_stands(cast: Cast) -> None:
    dossier = asked(cast)
    came = ["Sơ đồ thửa đất"]
    part = receive(dossier, cast, vn("2019-10-03T09:00"), came=came, waits=True)
    assert part.details["brought"] == {
        "supplement": 1,
        "came": came,
        "others": [],
        "missing": ["Giấy chứng nhận bản gốc", "Tờ khai lệ phí"],
    }
    assert dossier.current_state is State.AWAITING_SUPPLEMENT
    assert dossier.paused_on == vn("2019-10-02T09:00").date()
    assert dossier.due_on == vn("2019-10-15T17:00").date()

    rest = ["Giấy chứng nhận bản gốc", "Tờ khai lệ phí"]
    whole = receive(dossier, cast, vn("2019-10-07T09:00"), came=rest, others=["Bản vẽ"])
    assert whole.details["brought"]["missing"] == []
    assert dossier.current_state is State.RECEIVED
    # Ten working days after 7/10/2019, counted anew (NĐ 61/2018 Điều 19 khoản 4).
    assert dossier.due_at == vn("2019-10-21T17:00")


def test_receive_supplement_goes_on_without_what_is_not_needed_any_more(cast: Cast) -> None:
    dossier = asked(cast)
    event = receive(dossier, cast, vn("2019-10-03T09:00"), came=["Sơ đồ thửa đất"])
    assert event.details["brought"]["missing"] == ["Giấy chứng nhận bản gốc", "Tờ khai lệ phí"]
    assert dossier.current_state is State.RECEIVED
    page = text(logged_in(cast.clerk).get(path(dossier)))
    assert "không nộp: Giấy chứng nhận bản gốc; Tờ khai lệ phí" in page


def test_receive_supplement_of_nothing_or_of_all_that_waits_is_refused(cast: Cast) -> None:
    dossier = asked(cast)
    at = vn("2019-10-03T09:00")
    with pytest.raises(MoveRefused, match="Hãy đánh dấu giấy tờ đã nhận"):
        receive(dossier, cast, at, came=[], waits=True)
    with pytest.raises(MoveRefused, match="không còn chờ gì"):
        receive(dossier, cast, at, came=ITEMS.splitlines(), waits=True)


def test_receive_supplement_in_part_can_be_undone(cast: Cast) -> None:
    dossier = asked(cast)
    receive(dossier, cast, vn("2019-10-03T09:00"), came=["Sơ đồ thửa đất"], waits=True)
    perform.revert(dossier, by=cast.leader, reason="Nhầm", at=vn("2019-10-03T10:00"))
    assert dossier.current_state is State.AWAITING_SUPPLEMENT
    page = text(logged_in(cast.clerk).get(path(dossier)))
    assert "Sơ đồ thửa đất (chưa có)" in page


# The page


def test_receive_supplement_page_lists_what_was_asked_and_asks_about_the_rest(cast: Cast) -> None:
    dossier, client = asked(cast), logged_in(cast.clerk)
    empty = send(client, dossier, "receive_supplement", at="2019-10-03T09:00")
    assert empty.status_code == 422
    assert "Hãy đánh dấu giấy tờ đã nhận." in text(empty)

    typed = {"came": ["1"], "others": "Bản vẽ\n", "at": "2019-10-03T09:00"}
    doubt = send(client, dossier, "receive_supplement", **typed)
    assert doubt.status_code == 422
    assert "Còn thiếu: Giấy chứng nhận bản gốc; Tờ khai lệ phí." in text(doubt)

    part = send(client, dossier, "receive_supplement", **typed, rest="wait")
    assert part.status_code == 302
    page = text(client.get(path(dossier)))
    assert f"Hồ sơ {dossier.code} vẫn chờ bổ sung." in page
    assert "Giấy chứng nhận bản gốc (còn thiếu)" in page
    assert "Đã nhận lúc 09:00 thứ Năm 03/10/2019: Sơ đồ thửa đất; Bản vẽ." in page
    assert "còn thiếu: Giấy chứng nhận bản gốc; Tờ khai lệ phí" in page  # in the timeline

    form = client.get(path(dossier, "receive_supplement")).context["form"]
    assert form.fields["came"].choices == [
        ("0", "Giấy chứng nhận bản gốc"),
        ("2", "Tờ khai lệ phí"),
    ]


def test_receive_supplement_page_offers_the_paper_until_it_is_printed(
    cast: Cast, tmp_path: Path
) -> None:
    with time_machine.travel(vn("2019-10-07T09:00"), tick=False):
        dossier, client = asked(cast), logged_in(cast.clerk)
        shown = {"due_shown": "2019-10-21", "came": ["0", "1", "2"]}
        assert send(client, dossier, "receive_supplement", **shown).status_code == 302
        address = f"{path(dossier)}phieu-hen-lai-1.pdf"
        offer = "Công dân chưa có phiếu ghi ngày hẹn mới"
        page = client.get(path(dossier))
        assert offer in text(page)
        assert page.content.decode().count(f'action="{address}"') == 2
        client.get(address)
        assert offer in text(client.get(path(dossier))), "who looked has printed nothing"
        printed(client, address, tmp_path)
        page = client.get(path(dossier))
        assert offer not in text(page)
        assert f'href="{address}"' in page.content.decode()
        assert "In phiếu hẹn lại sau bổ sung lần 1" in text(page)


# Before the receipt


def guided(cast: Cast, items: str) -> Dossier:
    """Taken down at the counter with its certificate missing, form 02 given."""
    application, _certificate = cast.land.versions.get().papers.all()
    intake = Intake(
        office=cast.district,
        procedure=cast.land,
        applicant_name="Lê Thị Út",
        papers=(Paper(application.name, required=application),),
    )
    at = vn("2019-10-01T09:00")
    return perform.guide(intake, by=cast.clerk, items=items, reason="Thiếu", at=at)


def test_accept_page_lists_what_was_asked_and_the_dossier_says_what_came(cast: Cast) -> None:
    application, certificate = cast.land.versions.get().papers.all()
    dossier = guided(cast, f"{certificate.name}\nSơ đồ thửa đất\nTờ khai lệ phí")
    client = logged_in(cast.clerk)
    page = text(client.get(path(dossier, "accept")))
    assert "Nội dung đã yêu cầu bổ sung, nay đã có" in page
    assert "Giấy chứng nhận đã cấp (bản gốc) (1 bản chính), đã yêu cầu bổ sung" in page
    form = client.get(path(dossier, "accept")).context["form"]
    assert form.fields["came"].choices == [("1", "Sơ đồ thửa đất"), ("2", "Tờ khai lệ phí")]
    assert form["papers"].value() == [application.pk]

    ticked = {"papers": [application.pk, certificate.pk], "came": ["1"]}
    doubt = send(client, dossier, "accept", **ticked)
    assert "Chưa đánh dấu nội dung đã yêu cầu bổ sung: Tờ khai lệ phí." in text(doubt)
    assert "Ngày hẹn trả sẽ đổi" not in text(doubt)  # it was on the page before
    dossier.refresh_from_db()
    assert not dossier.is_accepted
    confirmed = doubt.context["form"]
    again = {"asked": confirmed.asked}
    assert send(client, dossier, "accept", **ticked, **again).status_code == 302
    dossier.refresh_from_db()
    assert dossier.is_accepted
    page = text(client.get(path(dossier)))
    assert "Tờ khai lệ phí (không nộp)" in page
    assert "không nộp: Tờ khai lệ phí" in page  # in the timeline
    assert "Sơ đồ thửa đất (" not in page
    assert f"{certificate.name} (không nộp)" not in page
    assert "Đã bổ sung xong" not in page


def test_accept_page_of_what_all_came_is_asked_nothing_and_says_so(cast: Cast) -> None:
    application, certificate = cast.land.versions.get().papers.all()
    dossier = guided(cast, "Sơ đồ thửa đất")
    at = vn("2019-10-02T09:00")
    told = {"items": "Sơ đồ thửa đất\nẢnh", "reason": "Còn thiếu"}
    perform.ask_supplement(dossier, by=cast.clerk, at=at, **told)
    client = logged_in(cast.clerk)
    ticked = {"papers": [application.pk, certificate.pk], "came": ["0", "1"]}
    assert send(client, dossier, "accept", **ticked).status_code == 302
    accepted = dossier.events.get(kind=Event.Kind.ACCEPT)
    assert accepted.details["brought"] == {
        "supplement": 2,
        "came": ["Sơ đồ thửa đất", "Ảnh"],
        "others": [],
        "missing": [],
    }
    dossier.refresh_from_db()
    page = text(client.get(path(dossier)))
    assert page.count("Đã bổ sung xong") == 2
    assert "không nộp" not in page


def test_accept_page_says_the_number_of_copies_once(cast: Cast) -> None:
    page = text(logged_in(cast.clerk).get(path(guided(cast, "Ảnh"), "accept")))
    assert "Đơn đăng ký biến động (1 bản chính)" in page
    assert "(01 bản chính)" not in page


def test_accept_without_naming_what_came_is_not_told_as_complete(cast: Cast) -> None:
    dossier = guided(cast, "Sơ đồ thửa đất")
    perform.accept(dossier, by=cast.clerk, at=vn("2019-10-02T09:00"))
    page = text(logged_in(cast.clerk).get(path(dossier)))
    assert "Đã bổ sung xong" not in page
    assert "không ghi giấy tờ nào đã bổ sung" in page


def test_stop_notice_returns_what_came_before_the_receipt_once(cast: Cast, tmp_path: Path) -> None:
    application, certificate = cast.land.versions.get().papers.all()
    dossier = guided(cast, f"{certificate.name}\nSơ đồ thửa đất")
    papers = [Paper(paper.name, required=paper) for paper in (application, certificate)]
    came = [certificate.name, "Sơ đồ thửa đất"]
    at = vn("2019-10-02T09:00")
    perform.accept(dossier, by=cast.clerk, at=at, papers=papers, came=came)
    perform.withdraw(dossier, by=cast.clerk, at=vn("2019-10-04T09:00"), reason="Đổi ý")
    words = printed(logged_in(cast.clerk), f"{path(dossier)}thong-bao-dung.pdf", tmp_path)
    assert words.count("Sơ đồ thửa đất") == 1
    assert words.count("Giấy chứng nhận đã cấp") == 1


# The paper


def test_new_date_paper_shows_both_dates_what_was_asked_and_what_came(
    cast: Cast, tmp_path: Path
) -> None:
    dossier = asked(cast)
    receive(dossier, cast, vn("2019-10-03T09:00"), came=["Sơ đồ thửa đất"], waits=True)
    receive(dossier, cast, vn("2019-10-07T10:30"), came=["Giấy chứng nhận bản gốc"], others=["Đơn"])
    client = logged_in(cast.clerk)
    address = f"{path(dossier)}phieu-hen-lai-1.pdf"
    words = printed(client, address, tmp_path)
    assert_in_order(
        words,
        [
            "Thới Bình, ngày 07 tháng 10 năm 2019",
            "PHIẾU HẸN LẠI NGÀY TRẢ KẾT QUẢ",
            "(sau khi bổ sung hồ sơ lần 1)",
            dossier.code,
            "Nguyễn Văn Ân",
            "1. Thời gian nhận hồ sơ: 09 giờ 00 phút, ngày 01 tháng 10 năm 2019",
            "đã hẹn lần đầu: 17 giờ 00 phút, ngày 15 tháng 10 năm 2019",
            "2. Đã yêu cầu bổ sung lúc 09 giờ 00 phút, ngày 02 tháng 10 năm 2019:",
            "Giấy chứng nhận bản gốc",
            "Tờ khai lệ phí",
            "3. Giấy tờ bổ sung đã nhận:",
            "09 giờ 00 phút, ngày 03 tháng 10 năm 2019:",
            "Sơ đồ thửa đất",
            "10 giờ 30 phút, ngày 07 tháng 10 năm 2019:",
            "Giấy chứng nhận bản gốc",
            "Đơn",
            "Không nộp, cơ quan giải quyết với giấy tờ đã nhận:",
            "Tờ khai lệ phí",
            "hẹn lại: 17 giờ 00 phút, ngày 21 tháng 10 năm 2019",
            "thời hạn 10 ngày làm việc tính lại từ đầu (theo NĐ 61/2018/",
            "Ngày hẹn trả kết quả được tính như sau",
            "21/10/2019",
        ],
    )
    assert "BẢN IN LẠI" not in words
    assert "BẢN IN LẠI LẦN 1" in printed(client, address, tmp_path)
    prints = dossier.events.filter(kind=Event.Kind.PRINT, details__paper="new_date-1")
    assert [event.details["copy"] for event in prints.order_by("pk")] == [1, 2]
    slip = printed(client, f"{path(dossier)}phieu-hen.pdf", tmp_path)
    assert "17 giờ 00 phút, ngày 15 tháng 10 năm 2019" in slip
    assert "Bổ sung" not in slip


def test_new_date_paper_of_2016_counts_the_waiting_on_top(cast: Cast, tmp_path: Path) -> None:
    dossier = asked(cast, "2016-03-02T09:00", items="Sơ đồ")
    receive(dossier, cast, vn("2016-03-07T09:00"))  # as an act from before names were kept
    words = printed(logged_in(cast.clerk), f"{path(dossier)}phieu-hen-lai-1.pdf", tmp_path)
    assert "3. Đã nhận giấy tờ bổ sung lúc 09 giờ 00 phút, ngày 07 tháng 3 năm 2016" in words
    assert "hẹn lại: 17 giờ 00 phút, ngày 18 tháng 3 năm 2016" in words
    assert "thời hạn tính tiếp, thêm thời gian đã chờ (theo QĐ 09/2015/QĐ-TTg)" in words


def test_new_date_paper_keeps_its_date_and_names_whatever_comes_later(
    cast: Cast, tmp_path: Path
) -> None:
    dossier = asked(cast, items="Sơ đồ")
    receive(dossier, cast, vn("2019-10-07T09:00"))
    client = logged_in(cast.clerk)
    address = f"{path(dossier)}phieu-hen-lai-1.pdf"
    printed(client, address, tmp_path)
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2019-10-08T09:00"))
    perform.confirm_payment(dossier, by=cast.clerk, at=vn("2019-10-10T09:00"))
    cast.district.name = "Huyện Tên Mới"
    cast.district.save()
    words = printed(client, address, tmp_path)
    assert "hẹn lại: 17 giờ 00 phút, ngày 21 tháng 10 năm 2019" in words
    assert "huyện Thới Bình" in words
    assert "Tên Mới" not in words


def test_new_date_paper_follows_a_correction_of_the_procedure(cast: Cast, tmp_path: Path) -> None:
    dossier = asked(cast, items="Sơ đồ")
    receive(dossier, cast, vn("2019-10-07T09:00"))
    at = vn("2019-10-08T09:00")
    perform.correct(dossier, by=cast.clerk, at=at, reason="Nhầm", procedure=cast.building)
    words = printed(logged_in(cast.clerk), f"{path(dossier)}phieu-hen-lai-1.pdf", tmp_path)
    # Fifteen days after 7/10/2019 by the calendar.
    assert "hẹn lại: 17 giờ 00 phút, ngày 22 tháng 10 năm 2019" in words


def test_new_date_paper_is_absent_while_nothing_came_and_before_the_receipt(
    cast: Cast, client: Client
) -> None:
    dossier = asked(cast)
    receive(dossier, cast, vn("2019-10-03T09:00"), came=["Sơ đồ thửa đất"], waits=True)
    client.force_login(cast.clerk)
    answer = client.get(f"{path(dossier)}phieu-hen-lai-1.pdf")
    assert answer.status_code == 404
    assert "không có phiếu hẹn lại sau bổ sung lần 1" in text(answer)


def test_stop_notice_returns_what_came_later_too(cast: Cast, tmp_path: Path) -> None:
    dossier = asked(cast)
    receive(dossier, cast, vn("2019-10-03T09:00"), came=["Sơ đồ thửa đất"], waits=True)
    perform.withdraw(dossier, by=cast.clerk, at=vn("2019-10-04T09:00"), reason="Đổi ý")
    words = printed(logged_in(cast.clerk), f"{path(dossier)}thong-bao-dung.pdf", tmp_path)
    assert "Sơ đồ thửa đất" in words.split("Đổi ý")[1]


# The citizen


def test_own_page_says_what_is_still_missing_then_the_new_date(cast: Cast, client: Client) -> None:
    with time_machine.travel(vn("2019-10-07T11:00"), tick=False):
        dossier = asked(cast)
        receive(dossier, cast, vn("2019-10-03T09:00"), came=["Sơ đồ thửa đất"], waits=True)
        client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "5678"})
        page = text(client.get("/tra-cuu/ho-so-cua-toi/"))
        assert "Tờ khai lệ phí" in page
        assert "Sơ đồ thửa đất" not in page
        rest = ["Giấy chứng nhận bản gốc", "Tờ khai lệ phí"]
        receive(dossier, cast, vn("2019-10-07T09:00"), came=rest)
        page = text(client.get("/tra-cuu/ho-so-cua-toi/"))
        assert "Hẹn lại sau bổ sung Đã nhận giấy tờ bổ sung ngày thứ Hai 07/10/2019" in page
        assert "Ngày hẹn nay: thứ Hai 21/10/2019 trước 17:00" in page


def test_supplement_form_warns_that_a_second_is_late_in_the_national_index(
    cast: Cast,
) -> None:
    warning = "chỉ số quốc gia (QĐ 766/QĐ-TTg) tính hồ sơ là quá hạn"
    with time_machine.travel(vn("2026-03-03T09:00"), tick=False):
        client, dossier = logged_in(cast.clerk), received(cast, "2026-03-02T09:00")
        ProcedureVersion.objects.filter(pk=dossier.version_id).update(max_supplements=2)
        assert warning not in text(client.get(path(dossier, "ask_supplement")))
        perform.ask_supplement(
            dossier, by=cast.clerk, at=vn("2026-03-02T10:00"), items="Ảnh", reason="Mờ"
        )
        perform.receive_supplement(dossier, by=cast.clerk, at=vn("2026-03-02T11:00"))
        page = text(client.get(path(dossier, "ask_supplement")))
        assert (
            f"Hồ sơ này đã được yêu cầu bổ sung 1 lần. Yêu cầu thêm lần nữa thì {warning}" in page
        )

        answer = send(client, dossier, "ask_supplement", items="Sơ đồ", reason="Thiếu")
    assert answer.status_code == 302  # it forbids nothing
    assert dossier.supplements.count() == 2
