"""Search and list: what is typed finds the dossier, and nothing personal stands in an address."""

import csv
import io

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk.finding import of_code
from dossiers.forms.search import search
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, Event
from motcua.models import Staff
from tests.cast import Cast, vn
from tests.dossiers.pages import text

pytestmark = pytest.mark.django_db
LIST = "/ho-so/"


def logged_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def shown(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{LIST}{query}")
    assert page.status_code == 200
    return [line.dossier.applicant_name for line in page.context["lines"]]


@pytest.fixture
def an(cast: Cast) -> Dossier:
    return cast.received(
        "2016-09-15T08:00",
        applicant_name="Nguyễn Văn Ân",
        applicant_id="381234567",
        phone="0913456789",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "H12.TAM.967-160915-0001",
        " h12.tam.967-160915-0001 ",
        "h12 tam 967 160915 0001",
        "H12TAM9671609150001",
    ],
)
def test_search_code_however_typed_or_scanned_goes_straight_to_its_dossier(
    cast: Cast, an: Dossier, typed: str
) -> None:
    client = logged_in(cast.clerk)
    target = f"/ho-so/{an.code}/"
    assert client.post(LIST, {"q": typed})["Location"] == target
    assert client.get(LIST, {"q": typed})["Location"] == target


def test_search_code_of_a_submission_still_finds_the_received_dossier(cast: Cast) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = perform.guide(
        intake, by=cast.clerk, items="Đơn", reason="Thiếu", at=vn("2016-09-15T08:00")
    )
    submitted_as = dossier.code
    perform.accept(dossier, by=cast.clerk, at=vn("2016-09-16T08:00"))
    found = logged_in(cast.clerk).post(LIST, {"q": submitted_as.lower()})
    assert found["Location"] == f"/ho-so/{dossier.code}/"


@pytest.mark.parametrize(
    "typed",
    [
        "nguyen van an",
        "NGUYỄN VĂN ÂN",
        "an nguyen",
        "381234567",
        "381 234 567",
        "4567",
        "0913456789",
        "0913.456.789",
        "+84 913 456 789",
        "160915-0001",
    ],
)
def test_search_name_a_number_or_a_phone_is_found_however_typed(
    cast: Cast, an: Dossier, typed: str
) -> None:
    cast.received("2016-09-16T08:00", applicant_name="Đỗ Thị Bé", phone="0900000000")
    assert list(search(Dossier.objects.all(), typed)) == [an]


@pytest.mark.parametrize(
    ("kept", "ways"),
    [
        (
            {"applicant_id": "TT001234567", "applicant_id_kind": "permanent"},
            ("TT 0012345-67", "tt001234567", "Thẻ thường trú: TT 0012345-67", "TT.001234567"),
        ),
        ({"applicant_id": "C1234567"}, ("HC C 1234567", "c1234567", "Hộ chiếu số C-1234567")),
        (
            {"applicant_id": "097190000123"},
            ("CCCD 097190000123", "Số CCCD: 097 190 000 123", "'097190000123", "97190000123"),
        ),
        ({"applicant_id": "381234567"}, ("CMND 381 234 567 (CA Cà Mau)", "381.234.567")),
        ({"phone": "0912345678"}, ("ĐT 0912345678", "SĐT: +84 912.345.678", "0084912345678")),
        ({"phone": "+12025550123"}, ("001 202 555 0123", "+1 (202) 555-0123", "ĐT 0012025550123")),
        (
            {"applicant_id": "2000123456-001", "applicant_kind": "organisation"},
            ("MST 2000123456001", "mã số thuế: 2000 123 456 - 001", "2000123456-001"),
        ),
    ],
)
def test_search_reads_a_number_as_the_intake_reads_it(
    cast: Cast, kept: dict[str, str], ways: tuple[str, ...]
) -> None:
    cast.received(applicant_name="Đỗ Thị Bé", phone="0900000000", applicant_id="381000999")
    dossier = cast.received(applicant_name="Lê Thị Út", **kept)
    for typed in ways:
        assert list(search(Dossier.objects.all(), typed)) == [dossier], typed
    assert not search(Dossier.objects.all(), "......"), "no number is none of everybody's"


def test_search_d_with_a_stroke_is_found_by_a_plain_d(cast: Cast) -> None:
    dossier = cast.received(applicant_name="Đỗ Thị Đượm")
    assert list(search(Dossier.objects.all(), "do thi duom")) == [dossier]


def test_search_what_was_searched_for_stands_in_no_address(cast: Cast, an: Dossier) -> None:
    cast.received(applicant_name="Nguyễn Văn Ân", applicant_id="381234567")
    client = logged_in(cast.clerk)
    for answer in (
        client.post(LIST, {"q": "nguyen van an"}),
        client.get(LIST, {"q": "381234567"}),
    ):
        assert answer.status_code == 302
        assert "an" not in answer["Location"].split("tim=")[0].removeprefix(LIST)
        assert "381" not in answer["Location"].split("tim=")[0]
        assert len(answer["Location"]) < 24
        assert shown(client, answer["Location"].removeprefix(LIST)) == ["Nguyễn Văn Ân"] * 2


def test_search_goes_on_over_pages_filters_and_orders(cast: Cast) -> None:
    for number in range(53):
        cast.received("2016-09-15T08:00", applicant_name=f"Nguyễn Văn {number:02d}")
    cast.received("2016-09-15T08:00", applicant_name="Lê Thị Út")
    client = logged_in(cast.clerk)
    query = client.post(LIST, {"q": "nguyen van"})["Location"].removeprefix(LIST)
    first = client.get(f"{LIST}{query}")
    assert "1 - 50 / 53" in first.content.decode()
    assert len(shown(client, f"{query}&page=2")) == 3
    assert shown(client, f"{query}&xep=ten")[0] == "Nguyễn Văn 00"
    assert shown(client, f"{query}&xep=-ten")[0] == "Nguyễn Văn 52"
    assert shown(client, f"{query}&trang-thai=10") == []


def test_search_forgotten_search_shows_nothing_and_asks_again(cast: Cast, an: Dossier) -> None:
    page = logged_in(cast.clerk).get(f"{LIST}?tim=quen")
    assert "Lần tìm này đã hết hạn" in page.content.decode()
    assert list(page.context["lines"]) == []


def test_search_nothing_found_says_what_to_try(cast: Cast, an: Dossier) -> None:
    client = logged_in(cast.clerk)
    page = client.post(LIST, {"q": "không có ai"}, follow=True).content.decode()
    assert "Không tìm thấy hồ sơ nào khớp “không có ai”." in page
    assert "thử gõ ít chữ hơn" in page


def test_search_what_is_typed_is_shown_as_text(cast: Cast) -> None:
    page = logged_in(cast.clerk).post(LIST, {"q": "<b>x</b>"}, follow=True).content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


@time_machine.travel(vn("2016-10-03T08:00"), tick=False)
def test_search_each_filter_leaves_what_it_names(cast: Cast) -> None:
    late = cast.received("2016-09-14T09:00", applicant_name="Quá hạn")
    today = cast.received("2016-09-19T09:00", applicant_name="Hôm nay")
    done = cast.received("2016-09-01T09:00", applicant_name="Xong", channel="post")
    perform.resolve(done, by=cast.clerk, at=vn("2016-09-10T09:00"), outcome="approved")
    other = cast.received("2016-09-26T09:00", applicant_name="Xây", procedure=cast.building)
    client = logged_in(cast.clerk)
    queries = {
        "?dung-han=dang-qua-han": [late],
        "?dung-han=den-han-hom-nay": [today],
        "?dung-han=early": [done],
        "?trang-thai=9": [done],
        "?trang-thai=chua-ket-thuc": [other, today, late],
        "?hinh-thuc=post": [done],
        f"?linh-vuc={cast.building.sector_id}": [other],
        f"?thu-tuc={cast.building.pk}": [other],
        "?nhan-tu=2016-09-15&nhan-den=2016-09-19": [today],
        "?nhan-tu=15/09/2016&nhan-den=19/09/2016": [today],
        "?hen-tu=2016-10-03&hen-den=2016-10-03": [today],
        "": [other, today, late, done],
        "?xep=han": [done, late, today, other],
        "?xep=khong-co": [other, today, late, done],
    }
    for query, expected in queries.items():
        assert shown(client, query) == [d.applicant_name for d in expected], query


def test_search_wrong_filter_says_so_and_leaves_the_rest(cast: Cast, an: Dossier) -> None:
    client = logged_in(cast.clerk)
    page = client.get(
        f"{LIST}?nhan-tu=hom-qua&trang-thai=77&page=x&hen-tu=2016-10-09&hen-den=2016-10-01"
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "Hãy nhập ngày, ví dụ 03/10/2016." in text
    assert "Ngày cuối phải từ ngày đầu trở đi." in text


def test_offices_can_be_chosen_by_those_who_see_several(cast: Cast, an: Dossier) -> None:
    cast.received(office=cast.tan_loc, procedure=cast.birth, applicant_name="Ở xã")
    assert shown(logged_in(cast.leader), f"?don-vi={cast.tan_loc.pk}") == ["Ở xã"]
    assert "office" not in logged_in(cast.clerk).get(LIST).context["form"].fields


def export(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"/ho-so/danh-sach.csv{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_search_export_has_the_filters_in_its_name(cast: Cast, an: Dossier) -> None:
    cast.received("2016-09-14T08:00", applicant_name="Nguyễn Thị Bé")
    client = logged_in(cast.leader)

    def name(query: str) -> str:
        return client.get(f"/ho-so/danh-sach.csv{query}")["Content-Disposition"]

    assert f"-trang-thai-2-don-vi-{cast.tan_loc.pk}.csv" in name(
        f"?trang-thai=2&don-vi={cast.tan_loc.pk}"
    )
    assert "-nhan-tu-01092016.csv" in name("?nhan-tu=01/09/2016&trang-thai=khong-co")
    key = client.post(LIST, {"q": "nguyen"})["Location"].removeprefix(LIST)
    found = {name(query) for query in ("", "?trang-thai=2", "?trang-thai=4", key)}
    assert len(found) == 4
    assert not any("nguyen" in one for one in found)


def test_search_export_is_the_list_as_it_is_shown(cast: Cast, an: Dossier) -> None:
    cast.received("2016-09-16T08:00", applicant_name="Lê Thị Út")
    other = cast.received("2016-09-14T08:00", applicant_name="Nguyễn Thị Bé")
    client = logged_in(cast.clerk)
    query = client.post(LIST, {"q": "nguyen"})["Location"].removeprefix(LIST)
    heading, *rows = export(client, query)
    assert heading[:2] == ["Mã hồ sơ", "Nơi tiếp nhận"]
    assert [row[0] for row in rows] == [an.code, other.code]
    assert rows[0][8] == "15/09/2016 08:00"
    assert rows[0][9] == "29/09/2016 17:00"
    assert len(export(client)) == 4


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2+3", "\t=1"])
def test_search_export_runs_no_formula(cast: Cast, name: str) -> None:
    cast.received(applicant_name=name)
    assert export(logged_in(cast.clerk))[1][4] == f"'{name}"


def test_search_one_row_or_many_take_the_same_number_of_queries(cast: Cast) -> None:
    client = logged_in(cast.leader)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client)
        return len(captured)

    cast.received()
    client.get(LIST)
    one = queries()
    for office, procedure in ((cast.district, cast.land), (cast.tan_loc, cast.birth)) * 2:
        cast.received(office=office, procedure=procedure)
    assert queries() == one


def test_search_list_too_long_to_be_recorded_line_by_line_is_not_given_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dossiers.views.search.MOST_TAKEN_OUT", 1)
    cast.received()
    client = logged_in(cast.clerk)
    assert client.get("/ho-so/danh-sach.csv").status_code == 200
    cast.received()
    read = Event.objects.filter(kind=Event.Kind.READ).count()
    refused = client.get("/ho-so/danh-sach.csv?tinh-trang=", follow=True)
    assert refused.redirect_chain == [("/ho-so/?tinh-trang=", 302)]
    assert "Danh sách này có 2 hồ sơ; mỗi lần tải được nhiều nhất 1." in text(refused)
    assert Event.objects.filter(kind=Event.Kind.READ).count() == read


@pytest.mark.parametrize(
    "typed",
    [
        "https://motcua.example.vn/tra-cuu/?ma=H12.TAM.967-160915-0001",
        "HTTP://MAY-KHAC/TRA-CUU/?MA=H12.TAM.967-160915-0001",
        "h12.tam.967-160915-1",
        "HI2.TAM.967-16O915-OOOl",
        "H12.TAM.967-160915-0001 Nguyễn Văn Ân",
        "H12.TAM.967-160915-0001 - Người Thử 1",
        "H12.TAM.967-160915-0001, Nguyễn Văn Ân, 0912345678",
    ],
)
def test_scanned_finds_the_address_of_the_slip_and_what_is_mistaken_for_digits(
    cast: Cast, an: Dossier, typed: str
) -> None:
    assert logged_in(cast.clerk).post(LIST, {"q": typed})["Location"] == f"/ho-so/{an.code}/"


def test_scanned_finds_nothing_of_another_office(cast: Cast, an: Dossier) -> None:
    client = logged_in(cast.commune_clerk)
    typed = "https://x.vn/tra-cuu/?ma=H12.TAM.967-160915-0001"
    assert client.post(LIST, {"q": typed})["Location"].startswith(f"{LIST}?tim=")


def test_scanned_prefers_what_stands_there_to_what_it_may_be_mistaken_for(cast: Cast) -> None:
    cast.district.identity_code = "H12.1L"
    cast.district.save()
    with_letter = cast.received("2022-09-14T08:00")
    cast.tan_loc.identity_code = "H12.11"
    cast.tan_loc.save()
    commune = {"office": cast.tan_loc, "procedure": cast.copy, "by": cast.commune_clerk}
    with_digit = cast.received("2022-09-14T08:00", **commune)
    client = logged_in(cast.leader)
    for dossier in (with_letter, with_digit):
        found = of_code(Dossier.objects.all(), dossier.code)
        assert found == dossier
    assert client.post(LIST, {"q": with_letter.code})["Location"].endswith(f"{with_letter.code}/")


def test_search_opens_a_sole_hit_at_once(cast: Cast, an: Dossier) -> None:
    cast.received(applicant_name="Đỗ Thị Bé", phone="0900000000")
    client = logged_in(cast.clerk)
    for typed in ("nguyen van an", "(0913) 456.789", "0084 913 456 789", "381.234.567"):
        assert client.post(LIST, {"q": typed})["Location"] == f"/ho-so/{an.code}/", typed
    cast.received(applicant_name="Nguyễn Văn Ân")
    assert "?tim=" in client.post(LIST, {"q": "nguyen van an"})["Location"]


def test_search_shows_the_exact_name_first_unless_another_order_is_chosen(cast: Cast) -> None:
    for day, name in enumerate(("Trần An", "Trần An Bình", "Lê Trần An", "Tran Ân"), start=1):
        cast.received(f"2016-09-1{day}T08:00", applicant_name=name, phone=f"090000000{day}")
    client = logged_in(cast.clerk)
    answer = client.post(LIST, {"q": "tran an"})["Location"]
    query = answer.removeprefix(LIST)
    assert shown(client, query) == ["Tran Ân", "Trần An", "Lê Trần An", "Trần An Bình"]
    assert shown(client, f"{query}&xep=nhan")[0] == "Trần An"


@pytest.mark.parametrize("typed", ["Ngô Xứ", "ngô  xứ", "NGÔ XỨ", "ngo\u0302 xu\u031b\u0301"])
def test_search_shows_the_name_with_the_same_tones_before_others(cast: Cast, typed: str) -> None:
    names = ("Ngô Xứ", "NGÔ XỨ", "Ngô Xu", "Ngo Xu", "Ngô Xứ Bình")
    for day, name in enumerate(names, start=1):
        cast.received(f"2016-09-1{day}T08:00", applicant_name=name, phone=f"090000000{day}")
    client = logged_in(cast.clerk)
    query = client.post(LIST, {"q": typed})["Location"].removeprefix(LIST)
    assert shown(client, query) == ["NGÔ XỨ", "Ngô Xứ", "Ngo Xu", "Ngô Xu", "Ngô Xứ Bình"]


def test_search_finds_the_tax_code_of_a_branch_however_it_is_grouped(cast: Cast) -> None:
    branch = cast.received(applicant_name="Chi nhánh Một", applicant_id="2000123456-001")
    for typed in ("2000123456-001", "2000 123 456 001", "2000123456001"):
        assert list(search(Dossier.objects.all(), typed)) == [branch]
