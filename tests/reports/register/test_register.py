"""The register book: its columns, and who reads which."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from procedures.models import Sector
from reports.register.book import COLUMNS, Book
from tests.cast import Cast, vn
from tests.reports.register.books import FORM_06, PDF, XLSX, book, many, text_of
from tests.reports.scopes import scopes_for

# Columns


def test_columns_are_those_of_form_06_in_their_order() -> None:
    assert [column.full_heading for column in COLUMNS] == FORM_06


def test_register_row_says_what_form_06_asks(cast: Cast) -> None:
    dossier = cast.received(
        applicant_name="Nguyễn Văn Ân",
        address="Ấp 1, xã Tân Lộc",
        phone="0912000001",
        sets=2,
        note="nhận lại bản chính",
        return_method="post",
    )
    perform.resolve(
        dossier, by=cast.clerk, at=vn("2016-02-24T09:00"), outcome="refused", result_note="Sai"
    )
    perform.hand_over(dossier, by=cast.clerk, at=vn("2016-02-25T15:30"), collector_name="Lê Thị Út")

    (line,) = book(cast).lines()

    assert line.number == 1
    assert line.code == "H12.TAM.967-160204-0001"
    assert line.procedure == "Đăng ký biến động quyền sử dụng đất"
    assert line.sets == 2
    assert line.applicant == "Nguyễn Văn Ân"
    assert line.contact == "Ấp 1, xã Tân Lộc, 0912000001"
    assert line.lead == "Chi nhánh Văn phòng Đăng ký đất đai huyện"
    assert f"{line.received_at:%H:%M %d/%m/%Y}" == "09:00 04/02/2016"
    assert f"{line.due_at:%H:%M %d/%m/%Y}" == "17:00 25/02/2016"
    assert f"{line.returned_at:%H:%M %d/%m/%Y}" == "15:30 25/02/2016"
    assert line.method == "nhận tại bộ phận một cửa"
    assert line.signed == "Lê Thị Út"
    assert line.note == "từ chối giải quyết; nhận lại bản chính"


def test_register_names_whom_the_result_concerns_beside_the_procedure(cast: Cast) -> None:
    cast.received(concerns="Thửa 123, tờ bản đồ 4")
    cast.received("2016-02-04T10:00")

    first, second = book(cast).lines()

    assert first.procedure == "Đăng ký biến động quyền sử dụng đất. Về: Thửa 123, tờ bản đồ 4"
    assert second.procedure == "Đăng ký biến động quyền sử dụng đất"


def test_register_before_the_result_the_agreed_way_of_returning_is_shown(cast: Cast) -> None:
    cast.received(
        procedure=cast.copy, office=cast.tan_loc, by=cast.commune_clerk, return_method="online"
    )
    scope = scopes_for(cast.commune_clerk)[0]

    (line,) = Book(staff=cast.commune_clerk, scope=scope, year=2016).lines()

    assert (line.method, line.signed, line.returned_at) == ("bản điện tử", "", None)
    assert line.lead == "Ủy ban nhân dân xã Tân Lộc"


def test_register_rows_follow_the_day_and_keep_the_number_of_their_entry(cast: Cast) -> None:
    cast.received("2016-03-02T08:00")
    cast.received("2016-03-01T08:00")
    cast.received("2016-03-02T07:30")

    assert [line.number for line in book(cast).lines()] == [2, 1, 3]


def test_register_only_what_was_received_that_year_stands_in_the_book(cast: Cast) -> None:
    cast.received("2015-12-31T16:00")
    cast.received("2016-01-04T07:00")
    cast.received("2016-12-01T08:00")
    perform.turn_away(
        lifecycle_intake(cast), by=cast.clerk, reason="Sai nơi", at=vn("2016-05-05T09:00")
    )

    received = [line.received_at.date() for line in book(cast).lines()]

    assert received == [date(2016, 1, 4), date(2016, 12, 1)]
    assert len(list(book(cast, month=12).lines())) == 1
    assert len(list(book(cast, year=2015).lines())) == 1


def lifecycle_intake(cast: Cast) -> Intake:
    return Intake(office=cast.district, procedure=cast.land, applicant_name="Ai đó")


# On screen


def test_register_book_is_shown_with_its_numbers_and_links(cast: Cast, reader: Client) -> None:
    dossier = cast.received(applicant_name="Nguyễn Văn Ân")

    page = text_of(reader.get("/so-theo-doi/?nam=2016").content.decode())

    headings = page.partition("<thead>")[2].partition("</thead>")[0]
    for heading in ("TT", "Mã hồ sơ", "Trả kết quả", "Ký nhận", "Ghi chú"):
        assert f">{heading}</th>" in headings
    assert f'href="/ho-so/{dossier.code}/"' in page
    assert "Nguyễn Văn Ân" in page
    assert "Huyện Thới Bình, năm 2016" in page
    assert "1 - 1 / 1" in page


def test_register_bare_address_is_this_years_book_of_the_own_office(
    cast: Cast, client: Client
) -> None:
    cast.received("2016-11-30T08:00")
    client.force_login(cast.leader)

    page = text_of(client.get("/so-theo-doi/").content.decode())

    assert "<caption>Huyện Thới Bình, năm 2016</caption>" in page


def test_sector_month_and_number_narrow_the_book(cast: Cast, reader: Client) -> None:
    cast.received("2016-03-01T08:00")
    cast.received("2016-04-01T08:00", procedure=cast.building)
    sector = Sector.objects.get(name="Đất đai")

    def codes(query: str) -> list[str]:
        page = reader.get(f"/so-theo-doi/?nam=2016&{query}").content.decode()
        return [part.partition("/")[0] for part in page.split('href="/ho-so/H12')[1:]]

    march, april = ".TAM.967-160301-0001", ".TAM.967-160401-0001"
    assert codes("") == [march, april]
    assert codes(f"linh-vuc={sector.pk}") == [march]
    assert codes("thang=4") == [april]
    assert codes("so=2") == [april]
    assert codes("so=0001") == [march]
    assert codes("so=h12 tam 967 160401 0001") == [april]
    assert codes("so=160301") == []
    assert codes("so=160301-0001") == [march]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nam=abc", "Năm phải là số"),
        ("nam=1900", "Năm phải từ 2000 trở đi."),
        ("nam=2099", "Năm này chưa có sổ."),
        ("thang=13", "Tháng phải từ 1 đến 12."),
        ("linh-vuc=x", "Không có lĩnh vực này."),
        ("so=" + "9" * 61, "Số hoặc mã không dài quá 60 ký tự."),
    ],
)
def test_register_wrong_choice_is_explained(
    cast: Cast, reader: Client, query: str, sentence: str
) -> None:
    for address in ("/so-theo-doi/", XLSX, PDF):
        response = reader.get(f"{address}?{query}")
        assert response.status_code == 400
        assert sentence in response.content.decode()


def test_register_empty_book_says_so(cast: Cast, reader: Client) -> None:
    assert "Sổ chưa có hồ sơ nào" in reader.get("/so-theo-doi/?nam=2014").content.decode()
    assert "Không có hồ sơ nào mang số này" in reader.get("/so-theo-doi/?so=7").content.decode()


def test_register_page_runs_the_same_statements_for_one_row_and_for_fifty(
    cast: Cast, reader: Client
) -> None:
    cast.received("2016-01-04T08:00")
    reader.get("/so-theo-doi/?nam=2016")

    def statements(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            reader.get(f"/so-theo-doi/?nam=2016{query}")
        return len(captured)

    few = statements("")
    Dossier.objects.filter(received_on__year=2016).update(received_on=date(2015, 1, 5))
    many(cast, 120)

    assert statements("") == statements("&page=3") == few


def test_register_pages_hold_fifty_rows(cast: Cast, reader: Client) -> None:
    many(cast, 120)

    third = reader.get("/so-theo-doi/?nam=2016&page=3").content.decode()

    assert "101 - 120 / 120" in third
    assert third.count("<tr>") == 20 + 2


# Who reads which book


def test_register_for_another_office_the_book_does_not_exist(cast: Cast, client: Client) -> None:
    cast.received(
        "2016-03-01T08:00",
        office=cast.tan_loc,
        procedure=cast.copy,
        by=cast.commune_clerk,
        applicant_name="Người Tân Lộc",
    )
    client.force_login(cast.other_clerk)

    for address in ("/so-theo-doi/", XLSX, PDF):
        for scope in (cast.tan_loc.code, cast.district.code, "tat-ca", "99999"):
            assert client.get(f"{address}?pham-vi={scope}&nam=2016").status_code == 404
    assert "Người Tân Lộc" not in client.get("/so-theo-doi/?nam=2016").content.decode()


def test_register_leader_reads_every_commune_and_all_together(cast: Cast, client: Client) -> None:
    cast.received("2016-03-01T08:00", applicant_name="Người Huyện")
    cast.received(
        "2016-03-02T08:00",
        office=cast.tan_loc,
        procedure=cast.copy,
        by=cast.commune_clerk,
        applicant_name="Người Tân Lộc",
    )
    client.force_login(cast.leader)

    def shown(scope: str) -> str:
        return client.get(f"/so-theo-doi/?pham-vi={scope}&nam=2016").content.decode()

    assert "Người Tân Lộc" in shown(cast.tan_loc.code)
    assert "Người Huyện" not in shown(cast.tan_loc.code)
    assert "Người Huyện" not in shown("cap-xa")
    assert all(name in shown("tat-ca") for name in ("Người Huyện", "Người Tân Lộc"))


def test_register_forwarded_dossier_stands_in_the_book_of_the_office_that_received_it(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received(
        "2016-03-01T08:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    perform.forward(dossier, by=cast.commune_clerk, at=vn("2016-03-01T09:00"), office=cast.district)
    client.force_login(cast.clerk)

    assert dossier.code not in client.get("/so-theo-doi/?nam=2016").content.decode()


@pytest.mark.parametrize("address", ["/so-theo-doi/", XLSX, PDF, "/so-theo-doi/ban-in/1/"])
def test_register_visitor_logs_in_first_and_an_administrator_reads_no_book(
    cast: Cast, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 302
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 403
