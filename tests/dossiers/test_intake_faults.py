"""What is wrong with an intake is said and nothing is lost; forms 02 and 03 instead."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from django.test import Client

from dossiers.models import Dossier
from dossiers.rules.states import State
from procedures.models import RequiredPaper
from tests.cast import Cast, vn
from tests.dossiers.counter_pages import page_of, text, typed, value


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Thursday morning before Tết 2016."""
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


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
def test_intake_faults_each_fault_is_said_and_every_field_stays(
    clerk: Client, cast: Cast, field: str, typed_in: str, sentence: str
) -> None:
    kept = {
        "applicant_name": "Nguyễn Văn Ân",
        "applicant_id": "096012345678",
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


def test_count_that_is_no_number_is_refused_beside_it(clerk: Client, cast: Cast) -> None:
    paper = RequiredPaper.objects.filter(version__procedure=cast.land).first()
    form = typed(cast.land) | {f"paper-{paper.pk}-copies": "0"}
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 422
    assert "Số lượng từ 1 đến 999." in text(response)
    assert not Dossier.objects.exists()


def test_intake_faults_what_was_typed_is_shown_as_text_not_as_markup(
    clerk: Client, cast: Cast
) -> None:
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
    assert items and unescape(items[1]).removeprefix("\n") == "Giấy chứng nhận đã cấp (bản gốc)"
    assert "Trần Thị Mận" in page


def test_paper_that_is_not_always_needed_blocks_nothing(clerk: Client, cast: Cast) -> None:
    RequiredPaper.objects.filter(version__procedure=cast.land, position=2).update(is_required=False)
    clerk.post(page_of(cast.land), typed(cast.land, without=1))
    assert Dossier.objects.get().papers.count() == 1


def test_intake_faults_form_02_asks_for_the_missing_papers_and_receives_nothing(
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
def test_intake_faults_no_reason_no_paper(
    clerk: Client, cast: Cast, act: str, sentence: str
) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land, without=1, act=act))
    assert response.status_code == 422
    assert text(response).count(sentence) == 2
    assert not Dossier.objects.exists()


def test_intake_faults_turning_away_keeps_the_refusal_and_gives_form_03(
    clerk: Client, cast: Cast
) -> None:
    form = typed(cast.land, act="turn_away", refusal_reason="Thuộc thẩm quyền của Sở.")
    response = clerk.post(page_of(cast.land), form)
    dossier = Dossier.objects.get()
    assert dossier.state == State.DECLINED
    assert dossier.result_note == "Thuộc thẩm quyền của Sở."
    page = clerk.get(response["Location"])
    assert f"/ho-so/{dossier.code}/phieu-tu-choi.pdf" in page.content.decode()
