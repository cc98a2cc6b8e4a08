"""Files of figures, read back and compared with the table on screen."""

import csv
import io

import openpyxl
import pytest

from dossiers.lifecycle import perform
from reports.figures.recount import dossiers_behind
from reports.figures.tables import By, Row, Table, table
from reports.output.csv_files import csv_line, definitions, dossiers_csv, sheet_csv
from reports.output.pdf import sheet_pdf
from reports.output.sheets import figures_sheet
from reports.output.xlsx import sheet_xlsx
from reports.terms.columns import COLUMNS, NAMES
from reports.terms.layouts import FULL, II_06A, LAYOUTS, TT02_2017, Layout
from reports.terms.periods import parse_period
from tests.cast import Cast, vn
from tests.reports.read_back import csv_rows, on_paper, pdf_text, shown, xlsx_rows
from tests.reports.scopes import scopes_for
from tests.reports.test_layouts import DAK_GLONG

QUARTER = parse_period("2016-Q1")
each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.code)


@pytest.fixture
def figures(cast: Cast) -> Table:
    """Two sectors, an early one, a withdrawn one, an open one, over a year's end."""
    early = cast.received("2015-12-28T09:00")
    perform.resolve(early, by=cast.clerk, at=vn("2016-01-04T09:00"), outcome="approved")
    withdrawn = cast.received("2016-02-04T09:00", procedure=cast.building)
    perform.withdraw(withdrawn, by=cast.clerk, at=vn("2016-02-05T09:00"), reason="Đổi ý")
    cast.received("2016-03-30T09:00")
    return table(QUARTER, scopes_for(cast.leader)[0], By.SECTOR)


@each_layout
def test_exports_csv_read_back_is_the_table(figures: Table, layout: Layout) -> None:
    sheet = figures_sheet(figures, layout)
    heading, *lines = csv_rows(sheet_csv(sheet))
    assert [[line[1], *map(int, line[2:])] for line in lines] == shown(sheet)
    assert heading[0] == "Mã"
    assert heading[2:] == [
        f"{column.full_heading} {column.number_words}".strip() for column in layout.columns
    ]


@each_layout
def test_workbook_read_back_is_the_table_in_real_numbers(figures: Table, layout: Layout) -> None:
    sheet = figures_sheet(figures, layout)
    content = sheet_xlsx(sheet)
    rows = xlsx_rows(content)
    assert [row[1:] for row in rows] == shown(sheet)
    assert all(type(cell) is int for row in rows for cell in row[2:])
    assert [row[0] for row in rows] == [1, 2, None]
    notes = openpyxl.load_workbook(io.BytesIO(content))["Định nghĩa các cột"]
    assert [list(row) for row in notes.iter_rows(min_row=2, values_only=True)] == definitions(sheet)


@each_layout
def test_paper_read_back_is_the_table(figures: Table, layout: Layout) -> None:
    sheet = figures_sheet(figures, layout)
    text = pdf_text(sheet_pdf(sheet))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for name, *values in shown(sheet):
        order = {"Đất đai": "1 ", "Hoạt động xây dựng": "2 "}.get(name, "")
        assert f"{order}{name} {' '.join(map(on_paper, values))}" in lines
    flat = " ".join(lines)
    for column in layout.columns:
        assert column.number_words in flat
    for words in ("Đơn vị tính: ", "NGƯỜI LÀM BÁO CÁO", "THỦ TRƯỞNG ĐƠN VỊ", "Định nghĩa các cột"):
        assert words in flat
    assert "(Từ ngày 01/01/2016 đến ngày 31/03/2016)" in flat
    assert layout.form in flat


def test_figures_of_dak_glong_go_through_every_file(cast: Cast) -> None:
    row = Row("Đất đai", "Đất đai", DAK_GLONG)
    scope = scopes_for(cast.leader)[0]
    sheet = figures_sheet(
        Table(parse_period("2020"), scope, By.SECTOR, [row], DAK_GLONG, []), TT02_2017
    )
    assert sheet.adds_up
    numbers = [59010, 0, 1982, 57028, 57689, 57502, 187, 1321, 1246, 75]
    assert shown(sheet) == [["Đất đai", *numbers], ["Tổng số", *numbers]]
    assert csv_rows(sheet_csv(sheet))[-1] == ["", "Tổng số", *map(str, numbers)]
    assert xlsx_rows(sheet_xlsx(sheet))[-1][1:] == ["Tổng số", *numbers]
    printed = "59.010 0 1.982 57.028 57.689 57.502 187 1.321 1.246 75"
    assert f"Tổng số {printed}" in " ".join(pdf_text(sheet_pdf(sheet)).split())


def test_exports_csv_carries_period_scope_check_and_definitions(figures: Table) -> None:
    text = sheet_csv(figures_sheet(figures, FULL))
    assert "(từ 01/01/2016 đến 31/03/2016)" in text
    assert (
        "Đơn vị báo cáo: Ủy ban nhân dân huyện Thới Bình. "
        "Đơn vị nhận báo cáo: Ủy ban nhân dân tỉnh Cà Mau"
    ) in text
    assert "Phạm vi: Cả hai cấp, huyện và xã (13 đơn vị)" in text
    assert "Đã kiểm tra: tổng tiếp nhận = đã giải quyết + đang giải quyết" in text
    for column in COLUMNS:
        assert csv_line([column.definition]).strip().strip('"') in text.replace('""', '"')


def test_workbook_is_ready_to_be_printed(figures: Table) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_xlsx(figures_sheet(figures, II_06A))))
    sheet = book["Số liệu"]
    assert sheet.freeze_panes == "C9"
    assert sheet.print_title_rows == "$5:$8"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9  # A4
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight is None  # one: a short form is one page
    assert sheet.oddFooter.right.text == "Trang &P / &N"
    assert sheet.oddFooter.left.text == "Biểu số II.06a/VPCP/KSTT, Quý I năm 2016"
    words = [[cell for cell in row if cell] for row in sheet.iter_rows(5, 8, values_only=True)]
    assert words[0][:2] == ["STT", "Lĩnh vực, công việc giải quyết theo cấp"]
    assert words[0][2:] == [
        "Số lượng hồ sơ tiếp nhận",
        "Số lượng hồ sơ đã giải quyết",
        "Số lượng hồ sơ đang giải quyết",
    ]
    assert words[3][:4] == ["(1)", "(2)", "(3) = (4) + (5) + (6)", "(4)"]


def test_exports_form_says_who_reports_to_whom_on_one_page(figures: Table) -> None:
    text = pdf_text(sheet_pdf(figures_sheet(figures, II_06A)))
    for words in ("Biểu số II.06a/VPCP/KSTT", "Kỳ báo cáo:", "Đơn vị nhận báo cáo:", "Trang 1 / 1"):
        assert words in text
    assert "công dân rút 1" in " ".join(text.split())


def test_exports_form_repeats_its_head_on_every_page(cast: Cast, figures: Table) -> None:
    rows = [row for row in figures.rows for _ in range(40)]
    long = Table(figures.period, figures.scope, figures.by, rows, figures.total, figures.problems)
    pages = pdf_text(sheet_pdf(figures_sheet(long, II_06A))).split("\f")
    assert len([page for page in pages if "Số lượng hồ sơ đã giải quyết" in page]) >= 2
    assert "Trang 2 / " in pages[1]


def test_by_office_the_levels_have_their_sums_and_the_total_counts_each_once(
    cast: Cast, figures: Table
) -> None:
    cast.received("2016-03-30T09:00", office=cast.tan_loc, procedure=cast.birth)
    by_office = table(QUARTER, figures.scope, By.OFFICE)
    sheet = figures_sheet(by_office, II_06A)
    names = [row.name for row in sheet.rows]
    assert (names[0], names[2], len(names)) == ("Cấp huyện", "Cấp xã", 15)
    assert [row.order for row in sheet.rows][:4] == ["I", "1", "II", "1"]
    total_in = [row.cells[0].value for row in sheet.rows if row.is_section]
    assert total_in == [3, 1]
    assert sheet.total is not None
    assert sheet.total.cells[0].value == 4
    assert sheet.problems == []
    assert [row.name for row in figures_sheet(by_office, FULL).rows if row.is_section] == []


def test_table_that_lost_a_row_says_so_and_is_not_passed_as_sound(figures: Table) -> None:
    lost = Table(figures.period, figures.scope, figures.by, figures.rows[:1], figures.total, [])
    sheet = figures_sheet(lost, II_06A)
    assert not sheet.adds_up
    assert "Tổng số của cột tiếp nhận: tổng số khác tổng các dòng." in sheet.problems
    assert sheet.check.startswith("KHÔNG KHỚP, chưa dùng được: ")


def test_exports_name_that_a_spreadsheet_would_run_is_only_text(cast: Cast, figures: Table) -> None:
    cast.received("2016-03-31T09:00", applicant_name="=HYPERLINK(1)")
    found = dossiers_behind("received", figures.period, figures.scope)
    lines = list(csv.reader(io.StringIO("".join(dossiers_csv(found.order_by("pk"))))))
    assert lines[-1][4] == "'=HYPERLINK(1)"


def test_exports_list_behind_a_figure_has_a_line_for_each(cast: Cast, figures: Table) -> None:
    found = dossiers_behind("resolved_total", figures.period, figures.scope).order_by("pk")
    lines = list(csv.reader(io.StringIO("".join(dossiers_csv(found)))))
    assert [(line[6], line[7], line[8], line[9], line[10]) for line in lines[1:]] == [
        ("28/12/2015", "12/01/2016", "04/01/2016", "trước hạn", "giải quyết xong"),
        ("04/02/2016", "19/02/2016", "05/02/2016", "trước hạn", "công dân rút"),
    ]


def test_exports_full_layout_is_every_figure(figures: Table) -> None:
    sheet = figures_sheet(figures, FULL)
    assert shown(sheet)[:-1] == [
        [row.name, *(row.figures[name] for name in NAMES)] for row in figures.rows
    ]
