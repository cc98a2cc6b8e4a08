"""The register book: its columns, who reads which, and how it leaves the program."""

import io
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from dossiers import lifecycle
from dossiers.codes import code_key
from dossiers.models import Dossier
from dossiers.receipt import Intake
from motcua.models import Office
from procedures.models import Sector
from reports.models import RegisterExport, exports_folder
from reports.register import COLUMNS, Book
from reports.register_files import portions, write_pdf, write_xlsx
from reports.register_jobs import AT_ONCE, book_of, command, record, remove_expired, work_off
from reports.scopes import scopes_for
from tests.cast import Cast, vn

# TT 01/2018/TT-VPCP, form 06.
FORM_06 = [
    "TT",
    "Mã hồ sơ",
    "Tên TTHC",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Trả kết quả: ngày, tháng, năm",
    "Trả kết quả: phương thức nhận kết quả",
    "Trả kết quả: ký nhận",
    "Ghi chú",
]
XLSX = "/so-theo-doi/so-theo-doi.xlsx"
PDF = "/so-theo-doi/so-theo-doi.pdf"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(vn("2016-12-01T09:00"), tick=False):
        yield


@pytest.fixture(autouse=True)
def _no_files() -> None:
    """Keys begin anew with each test, and with them the names of files."""
    for path in exports_folder().iterdir():
        path.unlink()


@pytest.fixture
def no_child(settings: object) -> None:
    """The job's process would not see this test's transaction: one that does nothing is begun,
    and the tests work the job off themselves."""
    settings.REGISTER_JOB_COMMAND = [sys.executable, "-c", "pass"]


@pytest.fixture
def reader(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


def book(cast: Cast, year: int = 2016, **fields: object) -> Book:
    scope = next(s for s in scopes_for(cast.clerk) if s.single == cast.district)
    return Book(staff=cast.clerk, scope=scope, year=year, **fields)


def many(cast: Cast, count: int, *, office: Office | None = None) -> None:
    """Rows enough for a thick book, laid straight into the table."""
    template = cast.received("2016-01-04T08:00", office=office)
    rows = []
    for number in range(2, count + 1):
        row = Dossier.objects.get(pk=template.pk)
        row.pk = None
        received = vn("2016-01-04T08:00") + timedelta(days=(number * 300) // count)
        row.code = f"{template.code[:-4]}B{number:05}"
        row.code_key = code_key(row.code)
        row.book_number = number
        row.received_at = received
        row.received_on = received.date()
        row.applicant_name = f"Nguyễn Thị Số {number}"
        rows.append(row)
    Dossier.objects.bulk_create(rows)


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)


def text_of(page: str) -> str:
    return " ".join(page.split())


# Columns


def test_the_columns_are_those_of_form_06_in_their_order() -> None:
    assert [column.full_heading for column in COLUMNS] == FORM_06


def test_a_row_says_what_form_06_asks(cast: Cast) -> None:
    dossier = cast.received(
        applicant_name="Nguyễn Văn Ân",
        address="Ấp 1, xã Tân Lộc",
        phone="0912000001",
        sets=2,
        note="nhận lại bản chính",
        return_method="post",
    )
    lifecycle.resolve(
        dossier, by=cast.clerk, at=vn("2016-02-24T09:00"), outcome="refused", result_note="Sai"
    )
    lifecycle.hand_over(
        dossier, by=cast.clerk, at=vn("2016-02-25T15:30"), collector_name="Lê Thị Út"
    )

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


def test_before_the_result_the_agreed_way_of_returning_is_shown(cast: Cast) -> None:
    cast.received(
        procedure=cast.copy, office=cast.tan_loc, by=cast.commune_clerk, return_method="online"
    )
    scope = scopes_for(cast.commune_clerk)[0]

    (line,) = Book(staff=cast.commune_clerk, scope=scope, year=2016).lines()

    assert (line.method, line.signed, line.returned_at) == ("bản điện tử", "", None)
    assert line.lead == "Ủy ban nhân dân xã Tân Lộc"


def test_rows_follow_the_day_and_keep_the_number_of_their_entry(cast: Cast) -> None:
    cast.received("2016-03-02T08:00")
    cast.received("2016-03-01T08:00")
    cast.received("2016-03-02T07:30")

    assert [line.number for line in book(cast).lines()] == [2, 1, 3]


def test_only_what_was_received_that_year_stands_in_the_book(cast: Cast) -> None:
    cast.received("2015-12-31T16:00")
    cast.received("2016-01-04T07:00")
    cast.received("2016-12-01T08:00")
    lifecycle.turn_away(
        lifecycle_intake(cast), by=cast.clerk, reason="Sai nơi", at=vn("2016-05-05T09:00")
    )

    received = [line.received_at.date() for line in book(cast).lines()]

    assert received == [date(2016, 1, 4), date(2016, 12, 1)]
    assert len(list(book(cast, month=12).lines())) == 1
    assert len(list(book(cast, year=2015).lines())) == 1


def lifecycle_intake(cast: Cast) -> Intake:
    return Intake(office=cast.district, procedure=cast.land, applicant_name="Ai đó")


# On screen


def test_the_book_is_shown_with_its_numbers_and_links(cast: Cast, reader: Client) -> None:
    dossier = cast.received(applicant_name="Nguyễn Văn Ân")

    page = text_of(reader.get("/so-theo-doi/?nam=2016").content.decode())

    headings = page.partition("<thead>")[2].partition("</thead>")[0]
    for heading in ("TT", "Mã hồ sơ", "Trả kết quả", "Ký nhận", "Ghi chú"):
        assert f">{heading}</th>" in headings
    assert f'href="/ho-so/{dossier.code}/"' in page
    assert "Nguyễn Văn Ân" in page
    assert "Huyện Thới Bình, năm 2016" in page
    assert "1 - 1 / 1" in page


def test_a_bare_address_is_this_years_book_of_the_own_office(cast: Cast, client: Client) -> None:
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
def test_a_wrong_choice_is_explained(cast: Cast, reader: Client, query: str, sentence: str) -> None:
    for address in ("/so-theo-doi/", XLSX, PDF):
        response = reader.get(f"{address}?{query}")
        assert response.status_code == 400
        assert sentence in response.content.decode()


def test_an_empty_book_says_so(cast: Cast, reader: Client) -> None:
    assert "Sổ chưa có hồ sơ nào" in reader.get("/so-theo-doi/?nam=2014").content.decode()
    assert "Không có hồ sơ nào mang số này" in reader.get("/so-theo-doi/?so=7").content.decode()


def test_a_page_runs_the_same_statements_for_one_row_and_for_fifty(
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


def test_pages_hold_fifty_rows(cast: Cast, reader: Client) -> None:
    many(cast, 120)

    third = reader.get("/so-theo-doi/?nam=2016&page=3").content.decode()

    assert "101 - 120 / 120" in third
    assert third.count("<tr>") == 20 + 2


# Who reads which book


def test_for_another_office_the_book_does_not_exist(cast: Cast, client: Client) -> None:
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


def test_a_leader_reads_every_commune_and_all_together(cast: Cast, client: Client) -> None:
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


def test_a_forwarded_dossier_stands_in_the_book_of_the_office_that_received_it(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received(
        "2016-03-01T08:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    lifecycle.forward(
        dossier, by=cast.commune_clerk, at=vn("2016-03-01T09:00"), office=cast.district
    )
    client.force_login(cast.clerk)

    assert dossier.code not in client.get("/so-theo-doi/?nam=2016").content.decode()


@pytest.mark.parametrize("address", ["/so-theo-doi/", XLSX, PDF, "/so-theo-doi/ban-in/1/"])
def test_a_visitor_logs_in_first_and_an_administrator_reads_no_book(
    cast: Cast, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 302
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 403


# XLSX


def test_the_spreadsheet_has_real_dates_and_the_columns_of_form_06(
    cast: Cast, reader: Client
) -> None:
    cast.received("2016-02-04T09:00", applicant_name="Nguyễn Văn Ân")
    cast.received("2016-02-05T09:00", sets=3)

    response = reader.get(f"{XLSX}?nam=2016")

    assert response.headers["Content-Disposition"] == (
        'attachment; filename="so-theo-doi-967-2016.xlsx"'
    )
    sheet = load_workbook(io.BytesIO(body(response))).active
    assert [cell.value for cell in sheet[4]] == FORM_06
    assert sheet["A1"].value == "SỔ THEO DÕI HỒ SƠ"
    assert sheet["A2"].value == "Huyện Thới Bình, năm 2016"
    assert sheet["B5"].value == "H12.TAM.967-160204-0001"
    assert sheet["H5"].value == datetime(2016, 2, 4, 9, 0)
    assert sheet["H5"].number_format == "dd/mm/yyyy hh:mm"
    assert sheet["I5"].value == datetime(2016, 2, 25, 17, 0)
    assert (sheet["A6"].value, sheet["D6"].value) == (2, 3)
    assert sheet["J5"].value is None
    assert sheet.max_row == 6
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://example.vn")', "+84912000001", "-1+1", "@SUM(A1)", "http://a.vn"]
)
def test_a_name_that_looks_like_a_formula_stays_a_name(
    cast: Cast, tmp_path: Path, name: str
) -> None:
    cast.received(applicant_name=name)

    write_xlsx(book(cast), tmp_path / "so.xlsx")

    cell = load_workbook(tmp_path / "so.xlsx").active["E5"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


def test_who_took_the_spreadsheet_is_recorded_and_no_file_is_left(
    cast: Cast, reader: Client
) -> None:
    cast.received("2016-03-01T08:00")

    body(reader.get(f"{XLSX}?nam=2016&thang=3"))

    export = RegisterExport.objects.get()
    assert (export.made_by, export.kind, export.total) == (cast.clerk, "xlsx", 1)
    assert export.title == "Huyện Thới Bình, tháng 3 năm 2016"
    assert export.selection == {"pham-vi": "967", "nam": "2016", "thang": "3"}
    assert export.made_at == vn("2016-12-01T09:00")
    assert not export.path.exists()


# PDF


def test_a_short_book_is_printed_at_once(cast: Cast, reader: Client) -> None:
    many(cast, 40)

    response = reader.get(f"{PDF}?nam=2016")

    assert response.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(body(response))).pages
    assert len(pages) > 1
    first = text_of(pages[0].extract_text())
    assert "SỔ THEO DÕI HỒ SƠ" in first
    assert "ỦY BAN NHÂN DÂN HUYỆN THỚI BÌNH" in first
    assert "Huyện Thới Bình. Năm 2016" in first
    assert "H12.TAM.967-160104-0001" in first
    for number, page in enumerate(pages, start=1):
        text = text_of(page.extract_text())
        assert "Phương thức" in text
        assert f"Trang {number}" in text
        box = page.mediabox
        assert (round(box.width), round(box.height)) == (842, 595)
    last = text_of(pages[-1].extract_text())
    assert "Nguyễn Thị Số 40" in last
    assert "Tổng cộng: 40 hồ sơ." in last
    assert "NGƯỜI LẬP SỔ" in last


def test_an_empty_book_is_printed_with_its_head(cast: Cast, tmp_path: Path) -> None:
    assert write_pdf(book(cast), tmp_path / "so.pdf") == 0

    text = PdfReader(tmp_path / "so.pdf").pages[0].extract_text()
    assert "Sổ chưa có hồ sơ nào." in text_of(text)


def test_markup_in_a_name_is_printed_as_it_was_typed(cast: Cast, tmp_path: Path) -> None:
    cast.received(applicant_name='<img src="file:///etc/passwd"> A')

    write_pdf(book(cast), tmp_path / "so.pdf")

    assert "<img" in PdfReader(tmp_path / "so.pdf").pages[0].extract_text()


def test_parts_are_joined_with_running_page_numbers_and_no_row_lost(
    cast: Cast, tmp_path: Path
) -> None:
    many(cast, 30)
    told: list[int] = []

    assert write_pdf(book(cast), tmp_path / "so.pdf", told.append, part=10) == 30

    assert told == [10, 20, 30]
    pages = [text_of(p.extract_text()) for p in PdfReader(tmp_path / "so.pdf").pages]
    assert [f"Trang {number}" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )
    everything = " ".join(pages)
    assert [n for n in range(2, 31) if f"Nguyễn Thị Số {n} " not in everything] == []
    assert everything.count("SỔ THEO DÕI HỒ SƠ") == 1
    assert everything.count("Tổng cộng: 30 hồ sơ.") == 1


def test_portions_are_never_larger_than_asked_and_never_none() -> None:
    assert [len(p) for p in portions(iter(range(7)), 3)] == [3, 3, 1]
    assert [len(p) for p in portions(iter(range(6)), 3)] == [3, 3]
    assert list(portions(iter([]), 3)) == [[]]


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_a_thick_book_takes_no_more_memory_part_after_part(cast: Cast, tmp_path: Path) -> None:
    many(cast, 1000)
    memory: list[float] = []

    def told(done: int) -> None:
        memory.append(resident_megabytes())

    write_pdf(book(cast), tmp_path / "so.pdf", told, part=100)

    assert len(memory) == 10
    # Each part takes some 15 MB while it is laid out; the eight after the second keep 3 MB each.
    assert memory[-1] - memory[1] < 40


# Long prints


@pytest.fixture
def long_book(cast: Cast, no_child: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Twelve rows where five may be printed at once: long enough, and quick to print."""
    monkeypatch.setitem(AT_ONCE, RegisterExport.Kind.PDF, 5)
    many(cast, 12)
    return cast


def test_five_hundred_rows_are_printed_at_once_and_twenty_thousand_written() -> None:
    assert AT_ONCE == {"pdf": 500, "xlsx": 20_000}


def test_a_long_print_is_asked_about_first(long_book: Cast, reader: Client) -> None:
    page = text_of(reader.get(f"{PDF}?nam=2016").content.decode())

    assert "có 12 hồ sơ" in page
    assert "Bắt đầu làm bản in PDF" in page
    assert not RegisterExport.objects.exists()


def test_a_long_print_is_a_job_that_shows_progress_and_ends_in_a_file(
    long_book: Cast, reader: Client
) -> None:
    response = reader.post(f"{PDF}?nam=2016")
    export = RegisterExport.objects.get()
    address = f"/so-theo-doi/ban-in/{export.pk}/"
    assert response.headers["Location"] == address
    waiting = reader.get(address)
    assert waiting.headers["Refresh"] == "3"
    assert "Đang bắt đầu." in waiting.content.decode()
    assert reader.get(f"{address}?tai=1").status_code == 404

    call_command("print_register", str(export.pk))

    finished = reader.get(address)
    assert "Refresh" not in finished.headers
    assert "Đã làm xong." in finished.content.decode()
    pages = PdfReader(io.BytesIO(body(reader.get(f"{address}?tai=1")))).pages
    assert "Tổng cộng: 12 hồ sơ." in text_of(pages[-1].extract_text())
    export.refresh_from_db()
    assert (export.state, export.done, export.total) == ("done", 12, 12)
    assert export.path.stat().st_mode & 0o077 == 0
    assert address in reader.get("/so-theo-doi/?nam=2016").content.decode()


def test_progress_is_told_part_by_part(long_book: Cast, reader: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    RegisterExport.objects.filter(pk=export.pk).update(state="running", done=7)

    page = text_of(reader.get(f"/so-theo-doi/ban-in/{export.pk}/").content.decode())

    assert "Đã làm 7 / 12 dòng." in page
    assert '<progress value="7" max="12"' in page


def test_one_person_has_one_long_print_at_a_time(long_book: Cast, reader: Client) -> None:
    first = reader.post(f"{PDF}?nam=2016").headers["Location"]

    assert reader.post(f"{PDF}?nam=2016").headers["Location"] == first
    assert RegisterExport.objects.count() == 1


def test_a_print_belongs_to_its_maker(long_book: Cast, client: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    work_off(export)
    client.force_login(long_book.leader)

    assert client.get(f"/so-theo-doi/ban-in/{export.pk}/").status_code == 404
    assert client.get(f"/so-theo-doi/ban-in/{export.pk}/?tai=1").status_code == 404


def test_a_job_is_worked_off_once(long_book: Cast) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    work_off(export)
    made = export.path.parent.joinpath(RegisterExport.objects.get().file).stat().st_mtime_ns

    work_off(export)

    export.refresh_from_db()
    assert export.path.stat().st_mtime_ns == made


def test_a_job_whose_process_died_says_so_and_can_be_made_again(
    long_book: Cast, reader: Client
) -> None:
    first = reader.post(f"{PDF}?nam=2016").headers["Location"]

    with time_machine.travel(vn("2016-12-01T09:03:01"), tick=False):
        page = reader.get(first)
        second = reader.post(f"{PDF}?nam=2016").headers["Location"]

    assert "Việc làm tệp đã dừng giữa chừng" in page.content.decode()
    assert "Refresh" not in page.headers
    assert second != first


def test_a_job_that_fails_leaves_no_half_file(long_book: Cast, reader: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    export.selection = {**export.selection, "nam": "khong-phai-nam"}
    export.save()

    with pytest.raises(ValueError, match="không còn đọc được"):
        work_off(export)

    export.refresh_from_db()
    assert export.state == "failed"
    assert [path.name for path in export.path.parent.iterdir() if str(export.pk) in path.name] == []
    assert "dừng giữa chừng" in reader.get(f"/so-theo-doi/ban-in/{export.pk}/").content.decode()


def test_files_go_after_a_day_and_the_record_stays(long_book: Cast, reader: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    work_off(export)
    export.refresh_from_db()
    path = export.path

    with time_machine.travel(vn("2016-12-02T08:59"), tick=False):
        remove_expired()
        assert path.exists()
    with time_machine.travel(vn("2016-12-02T09:01"), tick=False):
        reader.force_login(long_book.clerk)
        page = reader.get(f"/so-theo-doi/ban-in/{export.pk}/").content.decode()

    assert not path.exists()
    assert "không còn được giữ" in page
    assert RegisterExport.objects.get().title == "Huyện Thới Bình, năm 2016"


def test_the_job_sees_only_what_its_maker_may_see_by_then(long_book: Cast) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    long_book.clerk.office = long_book.bien_bach
    long_book.clerk.save()
    export.refresh_from_db()

    with pytest.raises(Exception, match="Không có sổ này"):
        book_of(export)


def test_a_number_that_is_no_job_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="Không có lượt lấy sổ số 7"):
        call_command("print_register", "7")


def test_the_real_command_of_a_job_exists() -> None:
    python, manage, *rest = command()

    assert Path(python).exists()
    assert Path(manage).name == "manage.py"
    assert rest == ["print_register", "--nice"]
