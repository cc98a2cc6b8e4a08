"""Receiving a dossier at the counter: who may, what is kept, what is shown then."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier
from dossiers.rules.states import State
from motcua.models import Office
from procedures.models import RequiredPaper
from tests.cast import Cast, make_procedure, make_staff, vn
from tests.dossiers.counter_pages import PAGE, page_of, text, typed, value


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Thursday morning before Tết 2016."""
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


# Who may


def test_intake_visitor_is_asked_to_log_in(client: Client, cast: Cast) -> None:
    response = client.get(page_of(cast.land))
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/")


@pytest.mark.parametrize("who", ["specialist", "leader", "overseer", "administrator"])
def test_intake_only_clerks_receive(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    for address in (PAGE, page_of(cast.land), f"{PAGE}ngay-hen/?thu-tuc=H901"):
        assert client.get(address).status_code == 403
    assert client.post(page_of(cast.land), typed(cast.land)).status_code == 403
    assert client.post(f"{PAGE}nguoi-nop/", {"applicant_id": "096012345678"}).status_code == 403


def test_procedure_that_the_desk_does_not_offer_is_not_there(clerk: Client, cast: Cast) -> None:
    assert clerk.get(page_of(cast.birth)).status_code == 404
    assert clerk.post(page_of(cast.birth), typed(cast.birth)).status_code == 404
    cast.land.is_active = False
    cast.land.save()
    assert clerk.get(page_of(cast.land)).status_code == 404
    assert not Dossier.objects.exists()


def test_clerk_without_an_office_is_told_why(client: Client, cast: Cast) -> None:
    nobody = make_staff("moi", cast.district, "clerk")
    nobody.office = None
    nobody.save()
    client.force_login(nobody)
    response = client.get(PAGE)
    assert response.status_code == 403
    assert "chưa thuộc đơn vị nào" in text(response)


# Receiving


def test_received_dossier_has_its_code_and_all_that_was_typed(clerk: Client, cast: Cast) -> None:
    first, second = RequiredPaper.objects.filter(version__procedure=cast.land)
    response = clerk.post(
        page_of(cast.land),
        typed(
            cast.land,
            applicant_id="096 012 345 678",
            applicant_name="  Nguyễn  Văn Ân ",
            phone="+84 900 000 001",
            email="an@example.vn",
            address="Ấp 5, xã Tân Lộc",
            submitter_name="Trần Thị Bưởi",
            submitter_id="096087654321",
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
    assert dossier.applicant_id == "096012345678"
    assert dossier.phone == "0900000001"
    assert (dossier.channel, dossier.sets, dossier.return_method) == ("post", 2, "post")
    assert dossier.return_address == "Ấp 5, xã Tân Lộc"
    assert (dossier.fee_vnd, dossier.fee_paid) == (15000, True)
    assert (dossier.submitter_name, dossier.submitter_id) == ("Trần Thị Bưởi", "096087654321")
    assert dossier.created_by == cast.clerk
    assert list(dossier.papers.values_list("name", "kind", "copies", "required")) == [
        (first.name, "original", 2, first.pk),
        (second.name, "copy", 1, second.pk),
        ("Sơ đồ thửa đất", "copy", 3, None),
    ]


@pytest.mark.parametrize(
    ("fee_vnd", "sentence"),
    [
        ("", "Đã thu thì hãy ghi số tiền."),
        ("700,000", "Dấu phẩy ở đây không rõ"),
        ("1500000,50", "Tiền đồng không có phần lẻ."),
        ("1.50.000", "Dấu chấm tách từng ba chữ số"),
        ("-5", "Số tiền không âm."),
    ],
)
def test_intake_paid_fee_without_a_readable_amount_is_refused_and_what_was_typed_stays(
    clerk: Client, cast: Cast, fee_vnd: str, sentence: str
) -> None:
    form = typed(cast.land, fee_vnd=fee_vnd, fee_paid="on")
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 422
    assert sentence in text(response)
    assert value(response, "fee_vnd") == fee_vnd
    assert not Dossier.objects.exists()
    for amount, kept in (("0", 0), ("700.000,00", 700_000)):
        other = {"applicant_name": f"Lê Văn {kept}", "token": str(uuid4())}
        clerk.post(page_of(cast.land), form | other | {"fee_vnd": amount})
        assert Dossier.objects.get(fee_vnd=kept).fee_paid


def test_organisation_has_a_tax_code(clerk: Client, cast: Cast) -> None:
    fields = {"applicant_kind": "organisation", "applicant_name": "HTX Tân Lộc"}
    wrong = clerk.post(page_of(cast.land), typed(cast.land, applicant_id="096012345678", **fields))
    assert wrong.status_code == 422
    assert "Mã số thuế có 10 chữ số" in text(wrong)
    clerk.post(page_of(cast.land), typed(cast.land, applicant_id="0000000001001", **fields))
    assert Dossier.objects.get().applicant_id == "0000000001-001"


def test_dossier_of_the_paper_book_keeps_its_own_time(clerk: Client, cast: Cast) -> None:
    clerk.post(page_of(cast.land), typed(cast.land, received_at="2016-02-02T10:20"))
    dossier = Dossier.objects.get()
    assert dossier.received_at == vn("2016-02-02T10:20")
    assert dossier.code == "H12.TAM.967-160202-0001"


def test_intake_second_click_makes_no_second_dossier_and_shows_the_same_page(
    clerk: Client, cast: Cast
) -> None:
    form = typed(cast.land)
    first = clerk.post(page_of(cast.land), form)
    second = clerk.post(page_of(cast.land), form)
    assert Dossier.objects.count() == 1
    assert second.status_code == 302
    assert second["Location"] == first["Location"]


def test_intake_next_citizen_typed_over_the_last_one_is_not_lost(clerk: Client, cast: Cast) -> None:
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


# After saving


def test_intake_new_code_is_shown_with_what_comes_next(clerk: Client, cast: Cast) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land), follow=True)
    page = text(response)
    markup = response.content.decode()
    assert "H12.TAM.967-160204-0001" in page
    assert "thứ Năm 25/02/2016" in page
    assert 'action="/ho-so/H12.TAM.967-160204-0001/phieu-hen.pdf"' in markup
    assert f'href="{page_of(cast.land)}"' in markup
    assert 'href="/ban-lam-viec/"' in markup
    assert "Nguyễn Văn Ân" not in page, "the next in the queue sees the screen"


def test_same_day_procedure_needs_no_slip_unless_asked(client: Client, cast: Cast) -> None:
    client.force_login(cast.commune_clerk)
    response = client.post(page_of(cast.copy), typed(cast.copy), follow=True)
    assert "không cần phiếu hẹn" in text(response)
    assert "phieu-hen.pdf" in response.content.decode()
    assert Dossier.objects.get().book_number == 1


def test_page_of_a_new_code_is_not_there_for_another_office(client: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00")
    client.force_login(cast.other_clerk)
    assert client.get(f"/ho-so/{dossier.code}/da-tiep-nhan/").status_code == 404


# Cost


def test_intake_page_and_the_receipt_ask_the_database_as_often_whatever_the_papers(
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


def test_intake_commune_that_took_over_the_district_receives_its_procedures(
    client: Client, cast: Cast
) -> None:
    Office.objects.filter(pk=cast.tan_loc.pk).update(takes_district_procedures=True)
    client.force_login(cast.commune_clerk)
    assert client.post(page_of(cast.land), typed(cast.land)).status_code == 302
