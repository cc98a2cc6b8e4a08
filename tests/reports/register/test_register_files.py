"""How the register book leaves the program: as a spreadsheet, as a print, long prints as jobs."""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from motcua import clock
from reports.models import RegisterExport, exports_folder
from reports.register.book import Book, Line
from reports.register.files import portions, write_pdf, write_xlsx
from reports.register.jobs import (
    AT_ONCE,
    MOST,
    book_of,
    record,
    remove_expired,
    work_off,
    write_now,
)
from tests.cast import Cast, vn
from tests.reports.register.books import FORM_06, PDF, XLSX, body, book, many, text_of


class TornBook(Book):
    """Fails in the middle of being read."""

    def lines(self) -> Iterator[Line]:
        yield next(iter(super().lines()))
        raise ZeroDivisionError


# XLSX


def test_register_files_spreadsheet_has_real_dates_and_the_columns_of_form_06(
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
def test_register_files_name_that_looks_like_a_formula_stays_a_name(
    cast: Cast, tmp_path: Path, name: str
) -> None:
    cast.received(applicant_name=name)

    write_xlsx(book(cast), tmp_path / "so.xlsx")

    cell = load_workbook(tmp_path / "so.xlsx").active["E5"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


def test_register_files_who_took_the_spreadsheet_is_recorded_and_no_file_is_left(
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


def test_short_book_is_printed_at_once(cast: Cast, reader: Client) -> None:
    many(cast, 12)

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
    assert "Nguyễn Thị Số 12" in last
    assert "Tổng cộng: 12 hồ sơ." in last
    assert "NGƯỜI LẬP SỔ" in last


def test_register_files_empty_book_is_printed_with_its_head(cast: Cast, tmp_path: Path) -> None:
    assert write_pdf(book(cast), tmp_path / "so.pdf") == 0

    text = PdfReader(tmp_path / "so.pdf").pages[0].extract_text()
    assert "Sổ chưa có hồ sơ nào." in text_of(text)


def test_register_files_markup_in_a_name_is_printed_as_it_was_typed(
    cast: Cast, tmp_path: Path
) -> None:
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
def test_register_files_thick_book_takes_no_more_memory_part_after_part(
    cast: Cast, tmp_path: Path
) -> None:
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


def test_register_files_three_pages_are_printed_at_once_and_twenty_thousand_rows_written() -> None:
    assert AT_ONCE == {"pdf": 15, "xlsx": 20_000}


def test_register_files_long_print_is_asked_about_first(long_book: Cast, reader: Client) -> None:
    page = text_of(reader.get(f"{PDF}?nam=2016").content.decode())

    assert "có 12 hồ sơ" in page
    assert "Bắt đầu làm bản in PDF" in page
    assert not RegisterExport.objects.exists()


def test_register_files_what_is_too_long_for_paper_is_sent_to_the_spreadsheet(
    long_book: Cast, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST, RegisterExport.Kind.PDF, 11)
    for ask in (reader.get, reader.post):
        answer = ask(f"{PDF}?nam=2016")
        assert answer.status_code == 422
        page = text_of(answer.content.decode())
        assert "có 12 hồ sơ; mỗi bản in nhiều nhất 11 hồ sơ" in page
        assert "so-theo-doi.xlsx?" in answer.content.decode()
    assert not RegisterExport.objects.exists()


def test_register_files_long_print_is_a_job_that_shows_progress_and_ends_in_a_file(
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
    export.path.unlink()
    gone = reader.get(f"{address}?tai=1")
    assert gone.status_code == 404
    assert "Tệp này không còn được giữ nữa." in gone.content.decode()


def test_progress_is_told_part_by_part(long_book: Cast, reader: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    RegisterExport.objects.filter(pk=export.pk).update(state="running", done=7)

    page = text_of(reader.get(f"/so-theo-doi/ban-in/{export.pk}/").content.decode())

    assert "Đã làm 7 / 12 dòng." in page
    assert '<progress value="7" max="12"' in page


def test_register_files_one_person_has_one_long_print_at_a_time(
    long_book: Cast, reader: Client
) -> None:
    first = reader.post(f"{PDF}?nam=2016").headers["Location"]

    assert reader.post(f"{PDF}?nam=2016").headers["Location"] == first
    assert RegisterExport.objects.count() == 1


def test_register_files_print_belongs_to_its_maker(long_book: Cast, client: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    work_off(export)
    client.force_login(long_book.leader)

    assert client.get(f"/so-theo-doi/ban-in/{export.pk}/").status_code == 404
    assert client.get(f"/so-theo-doi/ban-in/{export.pk}/?tai=1").status_code == 404


def test_register_files_job_is_worked_off_once(long_book: Cast) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    work_off(export)
    made = export.path.parent.joinpath(RegisterExport.objects.get().file).stat().st_mtime_ns

    work_off(export)

    export.refresh_from_db()
    assert export.path.stat().st_mtime_ns == made


def test_register_files_job_whose_process_died_says_so_and_can_be_made_again(
    long_book: Cast, reader: Client
) -> None:
    first = reader.post(f"{PDF}?nam=2016").headers["Location"]

    with time_machine.travel(vn("2016-12-01T09:03:01"), tick=False):
        page = reader.get(first)
        second = reader.post(f"{PDF}?nam=2016").headers["Location"]

    assert "Việc làm tệp đã dừng giữa chừng" in page.content.decode()
    assert "Refresh" not in page.headers
    assert second != first


def test_register_files_job_that_fails_leaves_no_half_file(long_book: Cast, reader: Client) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    export.selection = {**export.selection, "nam": "khong-phai-nam"}
    export.save()

    with pytest.raises(ValueError, match="không còn đọc được"):
        work_off(export)

    export.refresh_from_db()
    assert export.state == "failed"
    assert [path.name for path in export.path.parent.iterdir() if str(export.pk) in path.name] == []
    assert "dừng giữa chừng" in reader.get(f"/so-theo-doi/ban-in/{export.pk}/").content.decode()


def refuse_the_end(of: RegisterExport) -> None:
    """From now on the database takes no end of this export, as when it is away by then."""
    refused = f"NEW.id = {of.pk} AND NEW.state IN ('done', 'failed')"
    statements = {
        "sqlite": f"""CREATE TRIGGER away BEFORE UPDATE ON reports_registerexport WHEN {refused}
            BEGIN SELECT RAISE(ABORT, 'away'); END""",
        "postgresql": f"""CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'away'; END $$;
            CREATE TRIGGER away BEFORE UPDATE ON reports_registerexport
            FOR EACH ROW WHEN ({refused}) EXECUTE FUNCTION away()""",
    }
    with connection.cursor() as cursor:
        cursor.execute(statements[connection.vendor])


@pytest.mark.parametrize("readable", [True, False])
def test_register_files_export_whose_end_the_database_does_not_take_leaves_no_file(
    long_book: Cast, readable: bool
) -> None:
    export = record(book(long_book), RegisterExport.Kind.XLSX, 12, long_book.clerk)
    if not readable:
        export.selection = {**export.selection, "nam": "khong-phai-nam"}
        export.save()
    before = set(exports_folder().iterdir())
    refuse_the_end(export)

    with pytest.raises(DatabaseError):
        work_off(export)

    assert set(exports_folder().iterdir()) <= before


@pytest.mark.parametrize("kind", [Book, TornBook])
def test_short_export_whose_end_the_database_does_not_take_leaves_no_file(
    long_book: Cast, kind: type[Book]
) -> None:
    part = kind(**vars(book(long_book)))
    export = record(part, RegisterExport.Kind.XLSX, 12, long_book.clerk)
    before = set(exports_folder().iterdir())
    refuse_the_end(export)

    with pytest.raises(DatabaseError):
        write_now(export, part)

    assert set(exports_folder().iterdir()) <= before


def test_register_files_what_was_begun_while_a_clock_ran_ahead_goes_at_night(
    long_book: Cast,
) -> None:
    ahead = exports_folder() / ".dang-lam.xlsx"
    ahead.touch()
    later = (clock.now() + timedelta(days=400)).timestamp()
    os.utime(ahead, (later, later))
    remove_expired()
    assert not ahead.exists()


def test_register_files_export_of_a_clock_that_ran_ahead_holds_nobody_and_goes(
    long_book: Cast, reader: Client
) -> None:
    with time_machine.travel(vn("2017-12-01T09:00"), tick=False):
        export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    assert export.is_interrupted
    assert not RegisterExport.objects.running().exists()
    remove_expired()
    export.refresh_from_db()
    assert export.state == "failed"


def test_register_files_files_go_after_a_day_and_the_record_stays(
    long_book: Cast, reader: Client
) -> None:
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


def test_register_files_at_night_go_files_of_a_day_and_what_killed_jobs_have_left(
    long_book: Cast,
) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    work_off(export)
    names = (".dang-lam.pdf", "tmp7abc", "khong-ai.pdf")
    begun, rows, orphan = (export.path.with_name(name) for name in names)
    for path in (begun, rows, orphan):
        path.touch()
    # Files bear the machine's own time.
    with time_machine.travel(datetime.fromtimestamp(begun.stat().st_mtime, UTC), tick=False) as at:
        RegisterExport.objects.update(made_at=clock.now())
        at.shift(timedelta(minutes=61))
        call_command("prune_exports", stdout=StringIO())
        assert (begun.exists(), rows.exists()) == (False, False)
        assert (orphan.exists(), export.path.exists()) == (True, True)
        at.shift(timedelta(hours=23))
        call_command("prune_exports", stdout=StringIO())
    assert (orphan.exists(), export.path.exists()) == (False, False)
    export.refresh_from_db()
    assert export.file == ""


@pytest.mark.parametrize("kind", [RegisterExport.Kind.PDF, RegisterExport.Kind.XLSX])
def test_short_export_that_fails_leaves_no_file_and_says_so(
    long_book: Cast, kind: RegisterExport.Kind
) -> None:
    part = TornBook(**vars(book(long_book)))
    before = set(exports_folder().iterdir())
    export = record(part, kind, 12, long_book.clerk)

    with pytest.raises(ZeroDivisionError):
        write_now(export, part)

    assert set(exports_folder().iterdir()) <= before
    export.refresh_from_db()
    assert export.state == "failed"


def test_register_files_job_sees_only_what_its_maker_may_see_by_then(long_book: Cast) -> None:
    export = record(book(long_book), RegisterExport.Kind.PDF, 12, long_book.clerk)
    long_book.clerk.office = long_book.bien_bach
    long_book.clerk.save()
    export.refresh_from_db()

    with pytest.raises(Exception, match="Không có sổ này"):
        book_of(export)


def test_register_files_number_that_is_no_job_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="Không có lượt lấy sổ số 7"):
        call_command("print_register", "7")
