"""The catalogue as a citizen reads it."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Office
from procedures.catalogue import new_version
from procedures.models import (
    OfficeOffer,
    Procedure,
    ProcedureVersion,
    RequiredPaper,
    Sector,
)
from tests.cast import Cast, make_procedure, vn


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def names(found: str) -> list[str]:
    parts = found.partition('<ul class="choices">')[2].partition("</ul>")[0].split("<b>")[1:]
    return [part.partition("</b>")[0] for part in parts]


def answering(found: str) -> list[str]:
    """The keys of the procedures that the page leads to, in its order."""
    main = found.partition("<main")[2].partition("</main>")[0]
    return list(dict.fromkeys(re.findall(r'href="/thu-tuc/([HX]\d+)/', main)))


def change_version(procedure: Procedure, **fields: object) -> None:
    ProcedureVersion.objects.filter(procedure=procedure).update(**fields)


@pytest.mark.parametrize("words", ["giay phep xay dung", "GIẤY PHÉP  xây dựng", "h902"])
def test_search_without_diacritics_finds_the_procedure(
    cast: Cast, client: Client, words: str
) -> None:
    response = client.get("/thu-tuc/", {"tim": words})

    assert answering(response.content.decode()) == ["H902"]


def test_public_catalogue_everything_is_listed_with_limit_fee_and_level(
    cast: Cast, client: Client
) -> None:
    change_version(cast.land, fee_vnd=1_500_000)
    change_version(cast.birth, fee_vnd=0, confidence="partly")

    found = page(client, "/thu-tuc/")

    assert 'Có <b class="num">4</b> thủ tục.' in found
    assert "Đất đai · cấp huyện · 10 ngày làm việc · 1.500.000 đ" in found
    assert "Hoạt động xây dựng · cấp huyện · 15 ngày · chưa rõ" in found
    assert "Hộ tịch · cấp xã · 5 ngày làm việc (cần kiểm tra lại) · miễn phí" in found
    assert "Chứng thực · cấp xã · trong ngày · chưa rõ" in found


def test_sector_and_level_narrow_the_list(cast: Cast, client: Client) -> None:
    sector = Sector.objects.get(name="Hộ tịch")

    assert names(page(client, f"/thu-tuc/?linh-vuc={sector.pk}")) == ["Đăng ký lại khai sinh"]
    assert len(names(page(client, "/thu-tuc/?cap=district"))) == 2
    assert names(page(client, f"/thu-tuc/?cap=district&linh-vuc={sector.pk}")) == []


def test_public_catalogue_nothing_found_says_so_and_offers_everything(
    cast: Cast, client: Client
) -> None:
    found = page(client, "/thu-tuc/?tim=phi+thuyen")

    assert "<h1>Không có thủ tục nào ở đây về “phi thuyen”</h1>" in found
    assert '<a href="/thu-tuc/">Xem tất cả thủ tục</a>' in found
    assert '<a href="/#linh-vuc">Xem tất cả lĩnh vực</a>' in found
    assert answering(found) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("linh-vuc=999999", "Không có lĩnh vực này."),
        ("linh-vuc=abc", "Không có lĩnh vực này."),
        ("cap=province", "Không có cấp này."),
    ],
)
def test_public_catalogue_wrong_choice_is_explained_at_its_field(
    cast: Cast, client: Client, query: str, sentence: str
) -> None:
    assert sentence in page(client, f"/thu-tuc/?{query}", status=400)


def test_public_catalogue_pages_of_twenty_keep_the_search(cast: Cast, client: Client) -> None:
    for number in range(30):
        make_procedure(
            f"H8{number:02}", f"Cấp bản sao {number:02}", "Đất đai", "district", 3, "working_day"
        )

    first = page(client, "/thu-tuc/?tim=cap+ban+sao")
    second = page(client, "/thu-tuc/?tim=cap+ban+sao&page=2")

    assert (len(answering(first)), len(answering(second))) == (20, 11)
    assert answering(second)[-1] == cast.copy.key, "it has two of the three words"
    assert "1 - 20 / 31" in first
    assert "?tim=cap+ban+sao&amp;page=2" in first


def test_public_catalogue_list_runs_the_same_statements_for_four_and_for_forty(
    cast: Cast, client: Client
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "/thu-tuc/")
        return len(captured)

    page(client, "/")
    few = statements()
    for number in range(36):
        make_procedure(
            f"H8{number:02}", f"Thủ tục {number}", f"Lĩnh vực {number}", "district", 3, "month"
        )

    assert statements() == few == 6


def test_public_catalogue_shows_only_what_a_desk_of_today_may_receive(
    cast: Cast, client: Client
) -> None:
    """A commune's centre of 2026 is no district, and has nothing of the catalogue of 2016."""
    Office.objects.exclude(code="32086").update(is_hidden=True)
    Procedure.objects.filter(pk=cast.birth.pk).update(catalogue=Procedure.Catalogue.OF_2016)
    OfficeOffer.objects.create(office=cast.tan_loc, catalogue=Procedure.Catalogue.OF_2026)

    shown = page(client, "/thu-tuc/")

    assert "Chứng thực bản sao từ bản chính" in shown  # the office's own
    assert "Đăng ký lại khai sinh" not in shown
    assert "Đăng ký biến động" not in shown
    assert "cấp huyện" not in shown


def test_public_catalogue_retired_procedure_is_not_shown(cast: Cast, client: Client) -> None:
    Procedure.objects.filter(pk=cast.land.pk).update(is_active=False)

    assert "Đăng ký biến động" not in page(client, "/thu-tuc/")
    assert client.get("/thu-tuc/H901/").status_code == 404
    assert client.get("/thu-tuc/KHONG-CO/").status_code == 404


def test_public_catalogue_one_procedure_says_what_to_bring_how_long_how_much_and_where(
    cast: Cast, client: Client
) -> None:
    change_version(
        cast.land,
        fee_vnd=0,
        limit_note="Không tính thời gian thực hiện nghĩa vụ tài chính",
        legal_basis="45/2013/QH13\n43/2014/NĐ-CP",
        result="Giấy chứng nhận quyền sử dụng đất",
    )
    RequiredPaper.objects.create(
        version=cast.land.versions.get(),
        position=3,
        name="Văn bản ủy quyền",
        kind="copy",
        copies=2,
        is_required=False,
    )
    Office.objects.filter(pk=cast.district.pk).update(address="Khóm 1", phone="0290 386 0000")

    found = page(client, "/thu-tuc/H901/")

    assert "<b>10 ngày làm việc</b>" in found
    assert "Không tính thời gian thực hiện nghĩa vụ tài chính" in found
    assert "<b>miễn phí</b>" in found
    assert "<li>45/2013/QH13</li>" in found
    assert "Giấy chứng nhận quyền sử dụng đất" in found
    assert 'Văn bản ủy quyền <span class="muted">(chỉ khi thuộc trường hợp này)</span>' in found
    assert '<td data-label="Loại">bản sao</td>' in found
    assert '<td class="num" data-label="Số lượng">2</td>' in found
    assert "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình" in found
    assert "Địa chỉ: Khóm 1" in found
    assert "xã Tân Lộc" not in found
    assert "cần kiểm tra lại" not in found


def test_public_catalogue_what_is_uncertain_and_what_is_not_known_is_said(
    cast: Cast, client: Client
) -> None:
    change_version(cast.land, confidence="partly", fee_vnd=None)

    found = page(client, "/thu-tuc/H901/")

    assert "Thời hạn này cần kiểm tra lại." in found
    assert "<b>chưa rõ</b>" in found


def test_public_catalogue_commune_procedure_is_received_at_every_commune(
    cast: Cast, client: Client
) -> None:
    found = page(client, "/thu-tuc/X902/")

    assert found.count("Trung tâm Phục vụ hành chính công x") == 11
    assert "Trung tâm Phục vụ hành chính công thị trấn Thới Bình" in found


def test_public_catalogue_where_there_is_no_district_the_commune_takes_its_procedures(
    cast: Cast, client: Client
) -> None:
    Office.objects.filter(pk=cast.tan_loc.pk).update(takes_district_procedures=True)

    assert "hành chính công xã Tân Lộc" in page(client, "/thu-tuc/H901/")


def test_version_in_force_is_shown_and_the_coming_one_announced(cast: Cast, client: Client) -> None:
    new_version(cast.land.versions.get(), date(2016, 7, 1), limit_value=7)

    with time_machine.travel(vn("2016-06-30T09:00"), tick=False):
        before = page(client, "/thu-tuc/H901/")
    with time_machine.travel(vn("2016-07-01T00:00"), tick=False):
        after = page(client, "/thu-tuc/H901/")

    assert "<b>10 ngày làm việc</b>" in before
    assert "Từ thứ Sáu 01/07/2016 thời hạn là 7 ngày làm việc" in before
    assert "<b>7 ngày làm việc</b>" in after
    assert "Từ thứ Sáu 01/07/2016" not in after


def test_procedure_with_nothing_in_force_says_so(cast: Cast, client: Client) -> None:
    change_version(cast.land, in_force_to=date(2016, 6, 30))

    assert "Hiện chưa có quy định nào đang áp dụng" in page(client, "/thu-tuc/H901/")


def test_public_pages_do_not_ask_who_is_looking(cast: Cast, client: Client) -> None:
    client.force_login(cast.clerk)
    page(client, "/")
    for address in ("/thu-tuc/", "/thu-tuc/H901/"):
        with CaptureQueriesContext(connection) as captured:
            page(client, address)
        assert not [query for query in captured if "django_session" in query["sql"]]


def test_public_catalogue_what_an_administrator_typed_is_never_markup(
    cast: Cast, client: Client
) -> None:
    Procedure.objects.filter(pk=cast.land.pk).update(name="<script>alert(1)</script>")

    assert "<script>alert(1)" not in page(client, "/thu-tuc/H901/")
    assert "<script>alert(1)" not in page(client, "/thu-tuc/")
