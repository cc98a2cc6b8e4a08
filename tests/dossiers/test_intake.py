"""Receiving a dossier at the counter."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, Event
from dossiers.states import State
from motcua.models import Office
from procedures.models import CalendarDay, Procedure, RequiredPaper
from tests.cast import Cast, make_procedure, make_staff, vn

PAGE = "/ho-so/tiep-nhan/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Thursday morning before Tết 2016."""
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


def page_of(procedure: Procedure) -> str:
    return f"{PAGE}?thu-tuc={procedure.key}"


def typed(procedure: Procedure, *, without: int = 0, **fields: Any) -> dict[str, Any]:
    """A filled form, all papers ticked but the last `without` ones."""
    papers = list(RequiredPaper.objects.filter(version__procedure=procedure))
    form = {
        "act": "register",
        "token": str(uuid4()),
        "shown": procedure.key,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Văn Ân",
        "channel": "direct",
        "return_method": "desk",
        "sets": "1",
    }
    for paper in papers[: len(papers) - without]:
        form[f"paper-{paper.pk}-given"] = "on"
    return form | fields


def text(response: Any) -> str:
    """What the page says, without its markup."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def value(response: Any, name: str) -> str:
    """What stands in the field of this name."""
    page = response.content.decode()
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, name
    shown = re.search(r'value="([^"]*)"', found[0])
    return unescape(shown[1]) if shown else ""


# Who may


def test_a_visitor_is_asked_to_log_in(client: Client, cast: Cast) -> None:
    response = client.get(page_of(cast.land))
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/")


@pytest.mark.parametrize("who", ["specialist", "leader", "overseer", "administrator"])
def test_only_clerks_receive(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    for address in (PAGE, page_of(cast.land), f"{PAGE}ngay-hen/?thu-tuc=H901"):
        assert client.get(address).status_code == 403
    assert client.post(page_of(cast.land), typed(cast.land)).status_code == 403
    assert client.post(f"{PAGE}nguoi-nop/", {"applicant_id": "000012345678"}).status_code == 403


def test_a_procedure_that_the_desk_does_not_offer_is_not_there(clerk: Client, cast: Cast) -> None:
    assert clerk.get(page_of(cast.birth)).status_code == 404
    assert clerk.post(page_of(cast.birth), typed(cast.birth)).status_code == 404
    cast.land.is_active = False
    cast.land.save()
    assert clerk.get(page_of(cast.land)).status_code == 404
    assert not Dossier.objects.exists()


def test_a_clerk_without_an_office_is_told_why(client: Client, cast: Cast) -> None:
    nobody = make_staff("moi", cast.district, "clerk")
    nobody.office = None
    nobody.save()
    client.force_login(nobody)
    response = client.get(PAGE)
    assert response.status_code == 403
    assert "chưa thuộc đơn vị nào" in text(response)


# Choosing the procedure


def test_a_few_letters_without_diacritics_find_the_procedure(clerk: Client, cast: Cast) -> None:
    response = clerk.get(f"{PAGE}thu-tuc/", {"q": "dat dai"})
    assert cast.land.name in text(response)
    assert cast.building.name not in text(response)
    assert cast.birth.name not in text(clerk.get(f"{PAGE}thu-tuc/", {"q": "khai sinh"}))


def test_the_name_that_begins_with_the_letters_comes_first(clerk: Client, cast: Cast) -> None:
    make_procedure("H903", "Cấp lại giấy đăng ký", "Đất đai", "district", 5, "working_day")
    response = clerk.get(f"{PAGE}thu-tuc/", {"q": "dang ky"})
    assert text(response).index(cast.land.name) < text(response).index("Cấp lại giấy đăng ký")


def test_without_a_script_one_answer_is_taken_at_once(clerk: Client, cast: Cast) -> None:
    response = clerk.get(PAGE, {"q": "giay phep xay dung"})
    assert response.status_code == 302
    assert response["Location"] == page_of(cast.building)


def test_the_sectors_and_the_most_used_procedures_are_offered(clerk: Client, cast: Cast) -> None:
    cast.received("2016-02-03T09:00", procedure=cast.building)
    cast.received("2016-02-03T09:10", procedure=cast.building)
    cast.received("2016-02-03T09:20", procedure=cast.land)
    page = text(clerk.get(PAGE))
    assert page.index("Hay tiếp nhận nhất") < page.index(cast.building.name)
    assert page.index(cast.building.name) < page.index(cast.land.name)
    assert "Hoạt động xây dựng (1)" in page
    sector = cast.building.sector
    assert cast.building.name in text(clerk.get(PAGE, {"linh-vuc": sector.pk}))
    assert clerk.get(PAGE, {"linh-vuc": "không"}).status_code == 200


def test_a_search_without_answer_says_so(clerk: Client) -> None:
    assert "Không có thủ tục nào" in text(clerk.get(PAGE, {"q": "xyz"}))
    assert "Không có thủ tục nào" in text(clerk.get(f"{PAGE}thu-tuc/", {"q": "xyz"}))


# The promise before saving


def test_the_due_date_and_every_day_of_it_show_before_saving(clerk: Client, cast: Cast) -> None:
    page = text(clerk.get(page_of(cast.land)))
    assert "thứ Năm 25/02/2016" in page
    assert "thứ Hai 08/02/2016 không tính: nghỉ: Tết Nguyên đán (mùng 1)" in page
    assert "thứ Năm 25/02/2016 tính: ngày làm việc thứ 10" in page


def test_the_promise_follows_the_moment_of_receipt(clerk: Client, cast: Cast) -> None:
    page = text(clerk.get(f"{PAGE}ngay-hen/", {"thu-tuc": "H901", "luc": "2016-02-03T17:30"}))
    assert "Tính thời hạn từ 07:00 thứ Năm 04/02/2016" in page
    assert "thứ Năm 25/02/2016" in page


def test_a_year_without_a_calendar_is_said_and_nothing_is_received(
    clerk: Client, cast: Cast
) -> None:
    CalendarDay.objects.filter(date__year=2016).delete()
    assert "Chưa có lịch nghỉ, làm bù của năm 2016." in text(clerk.get(page_of(cast.land)))
    response = clerk.post(page_of(cast.land), typed(cast.land))
    assert response.status_code == 422
    assert "Chưa có lịch nghỉ, làm bù của năm 2016." in text(response)
    assert not Dossier.objects.exists()


def test_an_uncertain_limit_and_an_estimated_calendar_are_marked(clerk: Client, cast: Cast) -> None:
    cast.land.versions.update(confidence="partly")
    CalendarDay.objects.filter(date="2016-02-08").update(is_estimate=True)
    page = text(clerk.get(page_of(cast.land)))
    assert "chưa đối chiếu được với văn bản" in page
    assert "lịch nghỉ mới là ước tính" in page


# Receiving


def test_a_received_dossier_has_its_code_and_all_that_was_typed(clerk: Client, cast: Cast) -> None:
    first, second = RequiredPaper.objects.filter(version__procedure=cast.land)
    response = clerk.post(
        page_of(cast.land),
        typed(
            cast.land,
            applicant_id="000 012 345 678",
            applicant_name="  Nguyễn  Văn Ân ",
            phone="+84 900 000 001",
            email="an@example.vn",
            address="Ấp 5, xã Tân Lộc",
            submitter_name="Trần Thị Bưởi",
            submitter_id="000087654321",
            authority_paper="Giấy ủy quyền ngày 01/02/2016",
            channel="post",
            sets="2",
            fee_vnd="15.000",
            fee_paid="on",
            return_method="post",
            note="Gọi trước khi gửi",
            **{
                f"paper-{first.pk}-copies": "2",
                f"paper-{second.pk}-kind": "copy",
                "other-name": ["Sơ đồ thửa đất", ""],
                "other-kind": ["copy", "original"],
                "other-copies": ["3", "1"],
            },
        ),
    )
    dossier = Dossier.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/ho-so/{dossier.code}/da-tiep-nhan/"
    assert dossier.code == "H12.TAM.967-160204-0001"
    assert dossier.state == State.RECEIVED
    assert dossier.applicant_name == "Nguyễn Văn Ân"
    assert dossier.applicant_id == "000012345678"
    assert dossier.phone == "0900000001"
    assert (dossier.channel, dossier.sets, dossier.return_method) == ("post", 2, "post")
    assert dossier.return_address == "Ấp 5, xã Tân Lộc"
    assert (dossier.fee_vnd, dossier.fee_paid) == (15000, True)
    assert (dossier.submitter_name, dossier.submitter_id) == ("Trần Thị Bưởi", "000087654321")
    assert dossier.created_by == cast.clerk
    assert list(dossier.papers.values_list("name", "kind", "copies", "required")) == [
        (first.name, "original", 2, first.pk),
        (second.name, "copy", 1, second.pk),
        ("Sơ đồ thửa đất", "copy", 3, None),
    ]


def test_an_organisation_has_a_tax_code(clerk: Client, cast: Cast) -> None:
    fields = {"applicant_kind": "organisation", "applicant_name": "HTX Tân Lộc"}
    wrong = clerk.post(page_of(cast.land), typed(cast.land, applicant_id="000012345678", **fields))
    assert wrong.status_code == 422
    assert "Mã số thuế có 10 chữ số" in text(wrong)
    clerk.post(page_of(cast.land), typed(cast.land, applicant_id="0000000001001", **fields))
    assert Dossier.objects.get().applicant_id == "0000000001-001"


def test_a_dossier_of_the_paper_book_keeps_its_own_time(clerk: Client, cast: Cast) -> None:
    clerk.post(page_of(cast.land), typed(cast.land, received_at="2016-02-02T10:20"))
    dossier = Dossier.objects.get()
    assert dossier.received_at == vn("2016-02-02T10:20")
    assert dossier.code == "H12.TAM.967-160202-0001"


def test_a_second_click_makes_no_second_dossier_and_shows_the_same_page(
    clerk: Client, cast: Cast
) -> None:
    form = typed(cast.land)
    first = clerk.post(page_of(cast.land), form)
    second = clerk.post(page_of(cast.land), form)
    assert Dossier.objects.count() == 1
    assert second.status_code == 302
    assert second["Location"] == first["Location"]


def test_the_next_citizen_typed_over_the_last_one_is_not_lost(clerk: Client, cast: Cast) -> None:
    """Back in the browser shows the old page again, with its token."""
    form = typed(cast.land)
    clerk.post(page_of(cast.land), form)
    form["applicant_name"] = "Lê Thị Cúc"
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 422
    assert "Trang này đã lập hồ sơ H12.TAM.967-160204-0001 rồi." in text(response)
    form["token"] = value(response, "token")
    assert UUID(form["token"])
    assert clerk.post(page_of(cast.land), form).status_code == 302
    assert list(Dossier.objects.order_by("pk").values_list("applicant_name", flat=True)) == [
        "Nguyễn Văn Ân",
        "Lê Thị Cúc",
    ]


# What is wrong is said, and nothing is lost


@pytest.mark.parametrize(
    ("field", "typed_in", "sentence"),
    [
        ("applicant_name", "", "Hãy ghi họ tên người nộp hoặc tên tổ chức."),
        ("applicant_name", "123", "Họ tên, tên tổ chức phải có chữ."),
        ("applicant_name", "A" * 201, "không quá 200 ký tự"),
        ("applicant_id", "12345", "Số này có 5 chữ số."),
        ("phone", "0123", "Số điện thoại có 10 hoặc 11 chữ số"),
        ("email", "an@", "Thư điện tử có dạng ten@noi.vn."),
        ("submitter_phone", "0900000001", "Hãy ghi họ tên người nộp thay."),
        ("submitter_id", "1", "Số này có 1 chữ số."),
        ("sets", "0", "Ít nhất 1 bộ."),
        ("sets", "hai", "Hãy ghi một số."),
        ("fee_vnd", "miễn phí", "Hãy ghi số tiền bằng chữ số"),
        ("channel", "fax", "Hãy chọn một trong các mục."),
        ("return_method", "post", "Gửi qua bưu chính thì cần nơi gửi kết quả."),
        ("received_at", "2016-02-04T09:30", "Giờ nhận 09:30 04/02/2016 chưa tới."),
        ("received_at", "hôm qua", "Hãy ghi giờ và ngày"),
    ],
)
def test_each_fault_is_said_and_every_field_stays(
    clerk: Client, cast: Cast, field: str, typed_in: str, sentence: str
) -> None:
    kept = {
        "applicant_name": "Nguyễn Văn Ân",
        "applicant_id": "000012345678",
        "phone": "0900000001",
        "email": "an@example.vn",
        "subject": "Đăng ký thửa số 7",
        "other-name": "Sơ đồ thửa đất",
        "other-copies": "4",
        "fee_vnd": "20.000",
    }
    form = typed(cast.land, **kept) | {field: typed_in}
    paper = RequiredPaper.objects.filter(version__procedure=cast.land).first()
    form[f"paper-{paper.pk}-copies"] = "7"
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 422
    assert not Dossier.objects.exists()
    assert "Chưa lưu được." in text(response)
    assert text(response).count(sentence) >= 2, "in the summary and beside the field"
    for name in kept:
        assert value(response, name) == form[name]
    assert value(response, f"paper-{paper.pk}-copies") == "7"
    page = response.content.decode()
    assert len(re.findall(r'name="paper-\d+-given"\s+checked', page)) == 2
    assert value(response, "token") == form["token"]


def test_a_count_that_is_no_number_is_refused_beside_it(clerk: Client, cast: Cast) -> None:
    paper = RequiredPaper.objects.filter(version__procedure=cast.land).first()
    form = typed(cast.land) | {f"paper-{paper.pk}-copies": "0"}
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 422
    assert "Số lượng từ 1 đến 999." in text(response)
    assert not Dossier.objects.exists()


def test_what_was_typed_is_shown_as_text_not_as_markup(clerk: Client, cast: Cast) -> None:
    nasty = '<script>alert("x")</script>'
    form = typed(cast.land, without=1, applicant_name=nasty, **{"other-name": nasty})
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 422
    assert nasty not in response.content.decode()
    assert value(response, "applicant_name") == nasty


# Papers are missing: form 02; or not for this desk: form 03


def test_missing_papers_block_the_receipt_and_offer_form_02(clerk: Client, cast: Cast) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land, without=1))
    assert response.status_code == 422
    assert not Dossier.objects.exists()
    page = text(response)
    assert "Còn thiếu 1 giấy tờ bắt buộc : Giấy chứng nhận đã cấp (bản gốc)" in page
    items = re.search(r'name="items"[^>]*>([^<]*)<', response.content.decode())
    assert items and unescape(items[1]) == "Giấy chứng nhận đã cấp (bản gốc)"
    assert "Trần Thị Mận" in page


def test_a_paper_that_is_not_always_needed_blocks_nothing(clerk: Client, cast: Cast) -> None:
    RequiredPaper.objects.filter(version__procedure=cast.land, position=2).update(is_required=False)
    clerk.post(page_of(cast.land), typed(cast.land, without=1))
    assert Dossier.objects.get().papers.count() == 1


def test_form_02_asks_for_the_missing_papers_and_receives_nothing(
    clerk: Client, cast: Cast
) -> None:
    cast.district.phone = "0290 3860 000"
    cast.district.save()
    form = typed(cast.land, without=1, act="guide", guide_reason="Thiếu bản gốc")
    response = clerk.post(page_of(cast.land), form)
    dossier = Dossier.objects.get()
    assert response["Location"] == f"/ho-so/{dossier.code}/da-tiep-nhan/"
    assert dossier.state == State.SUBMITTED
    assert dossier.received_on is None
    asked = dossier.supplements.get()
    assert asked.item_lines == ["Giấy chứng nhận đã cấp (bản gốc)"]
    assert (asked.reason, asked.contact_name) == ("Thiếu bản gốc", "Trần Thị Mận")
    assert asked.contact_phone == "0290 3860 000"
    page = clerk.get(response["Location"])
    assert f"/ho-so/{dossier.code}/phieu-bo-sung-1.pdf" in page.content.decode()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("guide", "Phiếu yêu cầu bổ sung phải ghi lý do."),
        ("turn_away", "Từ chối tiếp nhận phải ghi rõ lý do."),
    ],
)
def test_no_reason_no_paper(clerk: Client, cast: Cast, act: str, sentence: str) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land, without=1, act=act))
    assert response.status_code == 422
    assert text(response).count(sentence) == 2
    assert not Dossier.objects.exists()


def test_turning_away_keeps_the_refusal_and_gives_form_03(clerk: Client, cast: Cast) -> None:
    form = typed(cast.land, act="turn_away", refusal_reason="Thuộc thẩm quyền của Sở.")
    response = clerk.post(page_of(cast.land), form)
    dossier = Dossier.objects.get()
    assert dossier.state == State.DECLINED
    assert dossier.result_note == "Thuộc thẩm quyền của Sở."
    page = clerk.get(response["Location"])
    assert f"/ho-so/{dossier.code}/phieu-tu-choi.pdf" in page.content.decode()


# Without a script: changing the procedure, filling from before


def test_another_procedure_is_sought_and_chosen_without_losing_the_applicant(
    clerk: Client, cast: Cast
) -> None:
    cast.building.versions.update(fee_vnd=75000)
    form = typed(cast.land, act="search", q="giay phep", phone="0900000001")
    found = clerk.post(page_of(cast.land), form)
    assert found.status_code == 200
    assert cast.building.name in text(found)
    assert value(found, "applicant_name") == "Nguyễn Văn Ân"
    form["act"] = "change"
    changed = clerk.post(page_of(cast.building), form)
    assert changed.status_code == 200
    assert "Cấp giấy phép xây dựng" in text(changed)
    assert value(changed, "applicant_name") == "Nguyễn Văn Ân"
    assert value(changed, "phone") == "0900000001"
    assert value(changed, "fee_vnd") == "75.000"
    assert not Dossier.objects.exists()


def test_enter_in_the_search_for_another_procedure_receives_nothing(
    clerk: Client, cast: Cast
) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land, act="enter", q="giay phep"))
    assert response.status_code == 200
    assert not Dossier.objects.exists()
    clerk.post(page_of(cast.land), typed(cast.land, act="enter"))
    assert Dossier.objects.count() == 1


KNOWN = {
    "applicant_id": "000012345678",
    "applicant_name": "Võ Thị Đào",
    "phone": "0900000009",
    "address": "Ấp 9, xã Trí Phải",
}


def test_a_known_number_gives_the_applicant_and_the_reading_is_kept(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    response = clerk.post(f"{PAGE}nguoi-nop/", {"applicant_id": "000 012 345 678"})
    answer = json.loads(response.content)
    assert answer["found"] is True
    assert answer["fields"]["applicant_name"] == "Võ Thị Đào"
    assert answer["fields"]["address"] == "Ấp 9, xã Trí Phải"
    assert dossier.code in answer["told"]
    read = dossier.events.get(kind=Event.Kind.READ)
    assert read.actor == cast.clerk


def test_without_a_script_a_button_fills_what_is_empty(clerk: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    form = typed(cast.land, act="fill", applicant_id="000012345678", applicant_name="", phone="12")
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 200
    assert value(response, "applicant_name") == "Võ Thị Đào"
    assert value(response, "phone") == "12"
    assert dossier.events.filter(kind=Event.Kind.READ).count() == 1


def test_an_applicant_of_another_office_is_not_known_here(client: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    client.force_login(cast.other_clerk)
    response = client.post(f"{PAGE}nguoi-nop/", {"applicant_id": "000012345678"})
    assert json.loads(response.content) == {"found": False}
    form = typed(cast.birth, act="fill", applicant_id="000012345678", applicant_name="")
    page = client.post(page_of(cast.birth), form)
    assert "Võ Thị Đào" not in page.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.READ).exists()


def test_the_number_of_an_applicant_is_only_ever_posted(clerk: Client, cast: Cast) -> None:
    cast.received("2016-02-03T09:00", **KNOWN)
    assert clerk.get(f"{PAGE}nguoi-nop/?applicant_id=000012345678").status_code == 405
    empty = clerk.post(f"{PAGE}nguoi-nop/", {"applicant_id": ""})
    assert json.loads(empty.content) == {"found": False}


# After saving


def test_the_new_code_is_shown_with_what_comes_next(clerk: Client, cast: Cast) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land), follow=True)
    page = text(response)
    markup = response.content.decode()
    assert "H12.TAM.967-160204-0001" in page
    assert "thứ Năm 25/02/2016" in page
    assert 'href="/ho-so/H12.TAM.967-160204-0001/phieu-hen.pdf"' in markup
    assert f'href="{page_of(cast.land)}"' in markup
    assert 'href="/ban-lam-viec/"' in markup
    assert "Nguyễn Văn Ân" not in page, "the next in the queue sees the screen"


def test_a_same_day_procedure_needs_no_slip_unless_asked(client: Client, cast: Cast) -> None:
    client.force_login(cast.commune_clerk)
    response = client.post(page_of(cast.copy), typed(cast.copy), follow=True)
    assert "không cần phiếu hẹn" in text(response)
    assert "phieu-hen.pdf" in response.content.decode()
    assert Dossier.objects.get().book_number == 1


def test_the_page_of_a_new_code_is_not_there_for_another_office(client: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00")
    client.force_login(cast.other_clerk)
    assert client.get(f"/ho-so/{dossier.code}/da-tiep-nhan/").status_code == 404


# Cost


def test_the_page_and_the_receipt_ask_the_database_as_often_whatever_the_papers(
    clerk: Client, cast: Cast
) -> None:
    counts = []
    clerk.get(PAGE)
    for number in (1, 8):
        papers = tuple(f"Giấy tờ {i}" for i in range(number))
        many = make_procedure(
            f"H91{number}",
            f"Thủ tục {number}",
            "Đất đai",
            "district",
            5,
            "working_day",
            papers=papers,
        )
        form = typed(many)
        with CaptureQueriesContext(connection) as shown:
            clerk.get(page_of(many))
        with CaptureQueriesContext(connection) as saved:
            assert clerk.post(page_of(many), form).status_code == 302
        counts.append((len(shown), len(saved)))
    assert counts[0] == counts[1]


def test_a_commune_that_took_over_the_district_receives_its_procedures(
    client: Client, cast: Cast
) -> None:
    Office.objects.filter(pk=cast.tan_loc.pk).update(takes_district_procedures=True)
    client.force_login(cast.commune_clerk)
    assert client.post(page_of(cast.land), typed(cast.land)).status_code == 302
