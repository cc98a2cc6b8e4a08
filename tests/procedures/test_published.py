"""The catalogue as it is published: by event and day, all parts, for the board, as open data."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from motcua.models import Office
from motcua.printing import pdf
from procedures import views
from procedures.catalogue import new_version
from procedures.models import LifeEvent, Procedure, ProcedureStep, ProcedureVersion
from procedures.open_data import FIELDS, LICENCE
from procedures.parts import parts_of
from procedures.printouts import in_force_words
from tests.cast import Cast, make_procedure, vn
from tests.procedures.test_public_catalogue import names, page

DAY = vn("2016-09-15T08:00")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def changed(cast: Cast) -> ProcedureVersion:
    """The land procedure takes 10 days until 30/6/2016 and 7 from then on."""
    return new_version(cast.land.versions.get(), date(2016, 7, 1), limit_value=7)


def test_event_of_a_life_leads_to_its_procedures(cast: Cast, client: Client) -> None:
    event = LifeEvent.objects.create(key="sinh-con", name="Sinh con")
    event.procedures.add(cast.birth)

    assert names(page(client, "/thu-tuc/?su-kien=sinh-con")) == ["Đăng ký lại khai sinh"]
    assert names(page(client, "/thu-tuc/?su-kien=sinh-con&cap=district")) == []
    assert '<a href="/thu-tuc/?su-kien=sinh-con">Sinh con</a>' in page(client, "/")
    assert "Không có sự kiện này." in page(client, "/thu-tuc/?su-kien=x", status=400)


def test_published_day_lists_what_was_in_force_then(
    cast: Cast, client: Client, changed: ProcedureVersion
) -> None:
    cast.birth.versions.update(in_force_from=date(2016, 7, 1))

    before, after = (page(client, f"/thu-tuc/?ngay={day}") for day in ("2016-06-30", "01/07/2016"))

    assert "Đất đai · cấp huyện · 10 ngày làm việc" in before
    assert "áp dụng ngày thứ Năm 30/06/2016" in before
    assert "Đăng ký lại khai sinh" not in before
    assert 'href="/thu-tuc/H901/?ngay=2016-06-30"' in before
    assert "Đất đai · cấp huyện · 7 ngày làm việc" in after
    assert "Đăng ký lại khai sinh" in after
    assert "Ngày chưa đúng." in page(client, "/thu-tuc/?ngay=31/02/2016", status=400)


def test_procedure_shows_the_rules_of_the_day_and_every_change(
    client: Client, changed: ProcedureVersion
) -> None:
    then = page(client, "/thu-tuc/H901/?ngay=2016-06-30")
    now = page(client, "/thu-tuc/H901/")

    assert "Đây là quy định áp dụng ngày thứ Năm 30/06/2016." in then
    assert "<b>10 ngày làm việc</b>" in then
    assert "<b>7 ngày làm việc</b>" in now
    assert "Đây là quy định áp dụng ngày" not in now
    assert '<a href="?ngay=2016-07-01">từ 01/07/2016</a>: 7 ngày làm việc' in now
    assert client.get("/thu-tuc/H901/?ngay=2016-13-01").status_code == 404


def test_published_every_part_stands_in_the_order_of_the_law_and_nothing_is_invented(
    cast: Cast,
) -> None:
    parts = parts_of(cast.land, cast.land.versions.get())

    assert [part.heading for part in parts] == [
        "Trình tự thực hiện",
        "Cách thức thực hiện",
        "Thành phần hồ sơ",
        "Số lượng hồ sơ",
        "Thời hạn giải quyết",
        "Đối tượng thực hiện",
        "Cơ quan giải quyết",
        "Kết quả",
        "Phí, lệ phí",
        "Mẫu đơn, tờ khai",
        "Yêu cầu, điều kiện",
        "Căn cứ pháp lý",
    ]
    found = {part.key: part for part in parts}
    assert found["sequence"].is_usual
    assert found["sequence"].lines[1] == (
        "Chi nhánh Văn phòng Đăng ký đất đai huyện giải quyết hồ sơ."
    )
    assert found["forms"].lines == ("Đơn đăng ký biến động (01 bản chính)",)
    assert found["ways"].lines[-1] == "Trực tuyến"
    unknown = {key for key, part in found.items() if not part.lines}
    assert unknown == {"sets", "applicants", "result", "fee", "conditions", "basis"}


def test_published_what_an_administrator_wrote_takes_the_place_of_the_usual(
    cast: Cast, client: Client
) -> None:
    cast.land.versions.update(
        sequence="Bước một\nBước hai",
        ways="Chỉ trực tiếp",
        sets=2,
        applicants="Hộ gia đình, cá nhân",
        form_names="Mẫu 09/ĐK",
        conditions="Đất không có tranh chấp",
        fee_vnd=0,
        fee_note="Hộ nghèo được miễn",
    )
    version = cast.land.versions.get()
    ProcedureStep.objects.create(
        version=version,
        position=1,
        level="district",
        department="Phòng",
        share_value=3,
        share_unit="working_day",
    )
    found = {part.key: part for part in parts_of(cast.land, version)}

    assert found["sequence"].lines == ("Bước một", "Bước hai")
    assert not found["sequence"].is_usual
    assert found["fee"].lines == ("Miễn phí", "Hộ nghèo được miễn")
    shown = page(client, "/thu-tuc/H901/")
    for words in ("<li>Bước hai</li>", "Chỉ trực tiếp", "02 bộ", "Mẫu 09/ĐK", "Đất không có tranh"):
        assert words in shown
    assert "thủ tục này chưa có nội dung riêng" not in shown


def test_published_free_is_said_once(cast: Cast) -> None:
    cast.land.versions.update(fee_vnd=0, fee_note="Không thu")
    parts = parts_of(cast.land, cast.land.versions.get())

    assert next(part.lines for part in parts if part.key == "fee") == ("Miễn phí",)


def test_board_of_one_procedure_is_a_pdf(cast: Cast, client: Client) -> None:
    Office.objects.filter(pk=cast.district.pk).update(phone="0290 386 0000")

    answer = client.get("/thu-tuc/H901/niem-yet.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("12. Căn cứ pháp lý", "10 ngày làm việc", "Chưa công bố.", "0290 386 0000"):
        assert words in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get("/thu-tuc/H999/niem-yet.pdf").status_code == 404
    cast.land.versions.update(in_force_to=date(2016, 6, 30))
    assert client.get("/thu-tuc/H901/niem-yet.pdf").status_code == 404


@pytest.mark.parametrize(("size", "width"), [("a4", 297), ("a3", 420)])
def test_published_list_of_a_sector_is_drawn_on_a4_or_a3(
    cast: Cast, client: Client, size: str, width: int
) -> None:
    answer = client.get(
        f"/thu-tuc/niem-yet-{size}.pdf", {"linh-vuc": cast.land.sector_id, "cap": "district"}
    )

    sheet = PdfReader(io.BytesIO(answer.content)).pages[0]
    assert round(float(sheet.mediabox.width) / 72 * 25.4) == width
    text = " ".join(sheet.extract_text().split())
    assert "Đăng ký biến động quyền sử dụng đất" in text
    assert "10 ngày làm việc" in text
    assert "khai sinh" not in text


def test_board_that_is_empty_too_long_or_of_another_size_does_not_exist(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/thu-tuc/niem-yet-a5.pdf").status_code == 404
    assert client.get("/thu-tuc/niem-yet-a4.pdf?tim=phi+thuyen").status_code == 404
    assert "niem-yet-a4.pdf" in page(client, "/thu-tuc/")
    monkeypatch.setattr(views, "LONGEST_BOARD", 3)
    assert client.get("/thu-tuc/niem-yet-a4.pdf").status_code == 404
    assert "niem-yet-a4.pdf" not in page(client, "/thu-tuc/")


def test_published_who_prints_in_a_loop_has_to_wait_and_the_same_paper_is_drawn_once(
    cast: Cast, client: Client
) -> None:
    drawn = {client.get("/thu-tuc/H901/niem-yet.pdf").content for _ in range(20)}

    answer = client.get("/thu-tuc/H901/niem-yet.pdf")

    assert len(drawn) == 1
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "6")
    assert "Mời ông/bà thử lại sau 6 giây." in answer.content.decode()


def test_published_any_day_under_the_same_rules_is_one_drawing(
    cast: Cast, client: Client, changed: ProcedureVersion
) -> None:
    first = client.get("/thu-tuc/H901/niem-yet.pdf?ngay=2016-07-01")
    listed = client.get("/thu-tuc/niem-yet-a4.pdf?cap=district")
    earlier = client.get("/thu-tuc/H901/niem-yet.pdf?ngay=2016-06-30")

    with pdf._apart:  # nothing more can be drawn
        for day in ("", "?ngay=2016-09-15", "?ngay=2019-02-03"):
            assert client.get(f"/thu-tuc/H901/niem-yet.pdf{day}").content == first.content
        for day in ("2016-07-01", "2017-01-01"):
            found = client.get(f"/thu-tuc/niem-yet-a4.pdf?cap=district&ngay={day}")
            assert found.content == listed.content
    assert "Quy định áp dụng từ 01/07/2016." in words_of(first)
    assert "quy định áp dụng từ 01/07/2016" in words_of(listed)
    assert "Quy định áp dụng đến hết 30/06/2016." in words_of(earlier)


def words_of(answer: object) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in pages).split())


def test_in_force_words_are_the_days_on_which_all_the_versions_hold() -> None:
    old = ProcedureVersion(in_force_from=None, in_force_to=date(2018, 12, 31))
    new = ProcedureVersion(in_force_from=date(2016, 7, 1), in_force_to=None)

    assert in_force_words([ProcedureVersion()]) == "đang áp dụng"
    assert in_force_words([new, ProcedureVersion()]) == "áp dụng từ 01/07/2016"
    assert in_force_words([old, new]) == "áp dụng từ 01/07/2016 đến hết 31/12/2018"


@pytest.mark.parametrize("address", ["/thu-tuc/H901/niem-yet.pdf", "/thu-tuc/niem-yet-a3.pdf"])
def test_published_while_one_board_is_drawn_the_next_is_told_to_come_later(
    cast: Cast, client: Client, address: str
) -> None:
    with pdf._apart:
        answer = client.get(address)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Refresh"] == "5"
    assert "Trang này tự in lại sau 5 giây." in answer.content.decode()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/thu-tuc/H901/niem-yet.pdf", "/thu-tuc/du-lieu-mo.csv"])
def test_published_who_is_told_later_makes_no_fault_of_which_administrators_are_told(
    cast: Cast, client: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pdf._apart, views._file_in_hand:
        assert client.get(address).status_code == 503
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_open_data_says_what_it_is_and_carries_every_procedure_of_the_day(
    cast: Cast, client: Client, changed: ProcedureVersion
) -> None:
    Procedure.objects.filter(pk=cast.copy.pk).update(is_active=False)
    cast.birth.versions.update(unverified="mã TTHC\nphí, lệ phí", fee_vnd=8000)
    Procedure.objects.filter(pk=cast.birth.pk).update(national_code="1.004884")

    told = json.loads(client.get("/thu-tuc/du-lieu-mo.json?ngay=2016-06-30").content)

    assert told["licence"] == LICENCE
    assert (told["in_force_on"], told["made_on"]) == ("2016-06-30", "2016-09-15")
    assert told["count"] == 3
    found = {row["key"]: row for row in told["procedures"]}
    assert set(found) == {"H901", "H902", "X902"}
    assert all(list(row) == list(FIELDS) == list(told["fields"]) for row in told["procedures"])
    assert (found["H901"]["limit_value"], found["H901"]["in_force_to"]) == (10, "2016-06-30")
    assert found["H901"]["papers"][1] == "Giấy chứng nhận đã cấp (bản gốc)"
    assert found["X902"]["national_code"] == ""
    assert found["X902"]["fee_is_uncertain"] is True
    assert found["H901"]["fee_vnd"] is None
    assert "source" not in found["H901"]
    assert "unverified" not in found["H901"]


def test_published_csv_is_the_same_table(cast: Cast, client: Client) -> None:
    Procedure.objects.filter(pk=cast.birth.pk).update(name="=1+1")

    answer = client.get("/thu-tuc/du-lieu-mo.csv")

    text = answer.content.decode()
    assert text.startswith("\ufeff")
    found = {row["key"]: row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert set(found) == {"H901", "H902", "X901", "X902"}
    land = found["H901"]
    assert land["papers"] == (
        "Đơn đăng ký biến động (01 bản chính) | Giấy chứng nhận đã cấp (bản gốc)"
    )
    assert (land["limit_is_uncertain"], land["fee_vnd"]) == ("false", "")
    assert (land["in_force_on"], land["licence"]) == ("2016-09-15", LICENCE)
    assert found["X902"]["name"] == "'=1+1"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_open_data_runs_the_same_statements_for_four_and_for_twenty(
    cast: Cast, client: Client
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/thu-tuc/du-lieu-mo.json")
        return len(captured)

    few = statements()
    for number in range(16):
        make_procedure(f"H8{number:02}", f"Thủ tục {number}", "Đất đai", "district", 3, "month")

    assert statements() == few == 6


def test_open_data_is_made_once_at_a_time_and_not_in_a_loop(cast: Cast, client: Client) -> None:
    with views._file_in_hand:
        busy = client.get("/thu-tuc/du-lieu-mo.csv?ngay=2016-07-01")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert "Mời ông/bà thử lại sau 5 giây." in busy.content.decode()

    days = [f"2016-07-{day:02}" for day in range(2, 21)]
    got = {client.get(f"/thu-tuc/du-lieu-mo.json?ngay={day}").status_code for day in days}
    answer = client.get("/thu-tuc/du-lieu-mo.csv")

    assert got == {200}
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "6")
    assert client.get("/thu-tuc/H901/niem-yet.pdf").status_code == 200, "counted apart"


def test_published_every_field_is_explained_with_the_licence(client: Client, db: None) -> None:
    found = page(client, "/thu-tuc/du-lieu-mo/")

    assert LICENCE in found
    assert [name for name in FIELDS if f"<code>{name}</code>" not in found] == []
    assert client.get("/thu-tuc/du-lieu-mo.xml").status_code == 404
    assert client.get("/thu-tuc/du-lieu-mo.json?ngay=x").status_code == 404
