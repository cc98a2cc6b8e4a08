"""Files of figures, read back and compared with the table on screen."""

import csv
import io
import subprocess

import openpyxl
import pytest

from dossiers import lifecycle
from reports.columns import COLUMNS, FORM_COLUMNS, NAMES
from reports.exports import csv_line, dossiers_csv, report_csv, report_xlsx
from reports.figures import dossiers_behind
from reports.periods import parse_period
from reports.printouts import report_pdf
from reports.scopes import scopes_for
from reports.statistics import By, Table, table
from tests.cast import Cast, vn


@pytest.fixture
def figures(cast: Cast) -> Table:
    """Two sectors, an early one, a withdrawn one, an open one, over a year's end."""
    early = cast.received("2015-12-28T09:00")
    lifecycle.resolve(early, by=cast.clerk, at=vn("2016-01-04T09:00"), outcome="approved")
    withdrawn = cast.received("2016-02-04T09:00", procedure=cast.building)
    lifecycle.withdraw(withdrawn, by=cast.clerk, at=vn("2016-02-05T09:00"), reason="Đổi ý")
    cast.received("2016-03-30T09:00")
    return table(parse_period("2016-Q1"), scopes_for(cast.leader)[0], By.SECTOR)


def expected(figures: Table) -> list[tuple[str, list[int]]]:
    rows = [(row.name, [row.figures[name] for name in NAMES]) for row in figures.rows]
    return [*rows, ("Tổng số", [figures.total[name] for name in NAMES])]


def test_the_csv_read_back_is_the_table(figures: Table) -> None:
    text = report_csv(figures)
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    end = lines.index([])
    assert [(line[1], [int(cell) for cell in line[2:]]) for line in lines[1:end]] == expected(
        figures
    )
    assert lines[0][:3] == ["Mã", "Lĩnh vực", "Tiếp nhận: trực tuyến (4)"]


def test_the_csv_carries_period_scope_check_and_definitions(figures: Table) -> None:
    text = report_csv(figures)
    assert "(từ 01/01/2016 đến 31/03/2016)" in text
    assert "Phạm vi: Cả hai cấp, huyện và xã (13 đơn vị)" in text
    assert "Đã kiểm tra: tổng tiếp nhận = đã giải quyết + đang giải quyết" in text
    for column in COLUMNS:
        assert csv_line([column.definition]).strip().strip('"') in text.replace('""', '"')


def test_the_workbook_read_back_is_the_table_in_real_numbers(figures: Table) -> None:
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(figures)))
    sheet = book["Số liệu"]
    assert sheet.freeze_panes == "C7"
    assert sheet.page_setup.orientation == "landscape"
    rows = list(sheet.iter_rows(min_row=7, values_only=True))
    assert [(row[1], list(row[2:])) for row in rows] == expected(figures)
    assert all(type(cell) is int for row in rows for cell in row[2:])
    assert book["Định nghĩa các cột"].max_row == 1 + len(COLUMNS)


def test_the_form_read_back_is_the_table_in_the_order_of_its_numbers(figures: Table) -> None:
    text = pdf_text(report_pdf(figures))
    for words in (
        "Biểu số II.06a/VPCP/KSTT",
        "Kỳ báo cáo:",
        "(Từ ngày 01/01/2016 đến ngày 31/03/2016)",
        "Đơn vị tính: Số hồ sơ TTHC",
        "NGƯỜI LÀM BÁO CÁO",
        "Trang 1 / 1",
    ):
        assert words in text
    numbers = [str(figures.total[column.name]) for column in FORM_COLUMNS]
    total = next(
        line
        for line in text.splitlines()
        if line.strip().startswith("Tổng số") and any(c.isdigit() for c in line)
    )
    assert total.split()[2:] == numbers


def test_the_form_repeats_its_head_on_every_page(cast: Cast, figures: Table) -> None:
    offices = [row for row in figures.rows for _ in range(40)]
    long = Table(
        figures.period, figures.scope, figures.by, offices, figures.total, figures.problems
    )
    pages = pdf_text(report_pdf(long)).split("\f")
    assert len([page for page in pages if "Số lượng hồ sơ đã giải quyết" in page]) >= 2
    assert "Trang 2 / " in pages[1]


def test_a_name_that_a_spreadsheet_would_run_is_only_text(cast: Cast, figures: Table) -> None:
    cast.received("2016-03-31T09:00", applicant_name="=HYPERLINK(1)")
    found = dossiers_behind("received", figures.period, figures.scope)
    lines = list(csv.reader(io.StringIO("".join(dossiers_csv(found.order_by("pk"))))))
    assert lines[-1][4] == "'=HYPERLINK(1)"


def test_the_list_behind_a_figure_has_a_line_for_each(cast: Cast, figures: Table) -> None:
    found = dossiers_behind("resolved_total", figures.period, figures.scope).order_by("pk")
    lines = list(csv.reader(io.StringIO("".join(dossiers_csv(found)))))
    assert [(line[6], line[7], line[8], line[9], line[10]) for line in lines[1:]] == [
        ("28/12/2015", "12/01/2016", "04/01/2016", "trước hạn", "giải quyết xong"),
        ("04/02/2016", "19/02/2016", "05/02/2016", "trước hạn", "công dân rút"),
    ]


def pdf_text(document: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True
    )
    return done.stdout.decode()
