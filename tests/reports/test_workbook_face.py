"""A report as a workbook in the face of its form: what stands where, sums that a spreadsheet
reckons again, words that have room. And as a paper: what stands on the first page."""

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reports.figures.tables import By, table
from reports.lists.late_list import LAYOUT as LATE
from reports.output.fit import lines_of
from reports.output.pdf import sheet_pdf
from reports.output.sheets import Sheet, SheetCell, SheetRow, Value, figures_sheet
from reports.output.xlsx import DATA, NOTES, sheet_xlsx
from reports.terms.layouts import II_06A, LAYOUTS, Layout
from reports.terms.periods import parse_period
from tests.cast import Cast
from tests.reports.read_back import pdf_text
from tests.reports.scopes import scopes_for

QUARTER = parse_period("2016-Q1")
Sheets = Callable[[Layout, By], Sheet]


@pytest.fixture
def sheet_of(lived: Cast) -> Sheets:
    """Of the district and its communes, thirteen units in all."""

    def made(layout: Layout, by: By) -> Sheet:
        return figures_sheet(table(QUARTER, scopes_for(lived.leader)[0], by), layout)

    return made


def read(sheet: Sheet, *, values: bool = False) -> Worksheet:
    content = io.BytesIO(sheet_xlsx(sheet))
    return openpyxl.load_workbook(content, data_only=values)[DATA]


def reckoned(page: Worksheet, place: str) -> int:
    """What a spreadsheet makes of a cell: a number, a sum of cells, or a SUM of a range."""
    value = page[place].value
    if not isinstance(value, str):
        return int(value)
    found = re.fullmatch(r"=SUM\((\w+:\w+)\)", value)
    if found:
        return sum(reckoned(page, cell.coordinate) for (cell,) in page[found[1]])
    return sum(reckoned(page, part) for part in value.removeprefix("=").split("+"))


@pytest.mark.parametrize("by", [By.OFFICE, By.SECTOR])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.code)
def test_workbook_face_sums_reckoned_again_are_the_numbers_kept(
    sheet_of: Sheets, layout: Layout, by: By
) -> None:
    sheet = sheet_of(layout, by)
    formulas, kept = read(sheet), read(sheet, values=True)
    places = [
        cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"
    ]
    # At least those of the total, one a column.
    assert len(places) > len(layout.columns)
    for place in places:
        assert reckoned(formulas, place) == kept[place].value, place
    totals = [row for row in kept.iter_rows(values_only=True) if row[1] == "Tổng số"]
    assert [list(row[2:]) for row in totals] == [[cell.value for cell in sheet.total.cells]]


def test_workbook_face_total_adds_up_the_levels_and_a_level_its_units(sheet_of: Sheets) -> None:
    page = read(sheet_of(II_06A, By.OFFICE))
    names = {row[1].value: row for row in page.iter_rows(min_row=9)}
    assert names["Cấp huyện"][3].value == "=SUM(D10:D10)"
    assert names["Cấp xã"][3].value == "=SUM(D12:D23)"
    assert names["Tổng số"][3].value == "=D9+D11"
    assert names["Huyện Thới Bình"][2].value == "=D10+E10+F10"
    assert names["Huyện Thới Bình"][6].value == "=H10+I10+J10"
    assert names["Huyện Thới Bình"][3].value == 0


def test_workbook_face_number_left_title_centre_units_right_signatures_below(
    sheet_of: Sheets,
) -> None:
    page = read(sheet_of(II_06A, By.OFFICE))
    places = {
        str(cell.value): cell.coordinate for row in page.iter_rows() for cell in row if cell.value
    }
    title = (
        "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải "
        "quyết thủ tục hành chính theo đơn vị"
    )
    assert places["Biểu số II.06a/VPCP/KSTT"] == "A1"
    assert places[title] == "C1"
    assert places["Đơn vị báo cáo: Ủy ban nhân dân huyện Thới Bình"] == "J1"
    assert places["Đơn vị nhận báo cáo: Ủy ban nhân dân tỉnh Cà Mau"] == "J2"
    assert places["(Từ ngày 01/01/2016 đến ngày 31/03/2016)"] == "C3"
    assert places["Đơn vị tính: Số hồ sơ TTHC"] == "A4"
    # Seventeen rows end with the total in row 24; then the memos and the signatures.
    assert places["Tổng số"] == "B24"
    assert places["NGƯỜI LÀM BÁO CÁO"] == "A28"
    assert places["THỦ TRƯỞNG ĐƠN VỊ"] == "J28"
    assert "A1:B1" in {str(merged) for merged in page.merged_cells.ranges}


def test_workbook_face_every_row_with_words_has_its_height(sheet_of: Sheets) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_xlsx(sheet_of(II_06A, By.OFFICE))))
    for name in (DATA, NOTES):
        page = book[name]
        written = {c.row for row in page.iter_rows() for c in row if c.value is not None}
        assert not [row for row in written if not page.row_dimensions[row].height]
    # The title takes two lines of 14 points, a name of a unit one of 12.
    assert book[DATA].row_dimensions[1].height >= 2 * 14 * 1.2
    assert 15 <= book[DATA].row_dimensions[10].height < 24


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("", 10, 1),
        ("Đất đai", 10, 1),
        ("Xã Tân Lộc Đông", 10, 2),
        ("một\nhai\nba", 10, 3),
        ("H12.TAM.32.065-160620-0027", 20, 2),
        ("Chi nhánh Văn phòng Đăng ký đất đai huyện", 22, 2),
    ],
)
def test_lines_of_words_in_a_column(words: str, width: int, lines: int) -> None:
    assert lines_of(words, width) == lines


def test_form_on_paper_thirteen_units_total_and_signatures_are_on_the_first_page(
    sheet_of: Sheets,
) -> None:
    first, second, end = pdf_text(sheet_pdf(sheet_of(II_06A, By.OFFICE))).split("\f")
    for words in ("Cấp huyện", "Xã Tân Lộc Đông", "Tổng số  ", "THỦ TRƯỞNG ĐƠN VỊ"):
        assert words in first
    assert "Định nghĩa các cột" not in first
    assert "Định nghĩa các cột" in second
    assert end.strip() == ""


# The list of late dossiers

SAID: dict[str, Value] = {
    "code": "H12.TAM.32.065-160620-0027",
    "procedure": (
        "Cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với "
        "đất cho người đã đăng ký quyền sử dụng đất lần đầu"
    ),
    "office": "Huyện Thới Bình",
    "received_on": date(2016, 1, 4),
    "due_on": date(2016, 1, 25),
    "standing": "đang giải quyết",
    "until": date(2016, 3, 31),
    "working_days": 48,
    "calendar_days": 66,
    "place": "Chi nhánh Văn phòng Đăng ký đất đai huyện",
    "step": "",
    "cause": "chưa ghi nguyên nhân",
    "apology": "đã xin lỗi 04/02/2016",
    "later": "",
}


def late_list(cast: Cast, rows: int) -> Sheet:
    cells = tuple(SheetCell(column, SAID[column.name]) for column in LATE.columns)
    lines = [SheetRow("", "", str(n), cells) for n in range(1, rows + 1)]
    return Sheet(LATE, QUARTER, scopes_for(cast.leader)[0], "", lines, None, (), "Đã kiểm tra.")


def test_late_list_of_122_rows_is_five_pages_with_signatures_and_definitions(cast: Cast) -> None:
    *pages, _ = pdf_text(sheet_pdf(late_list(cast, 122))).split("\f")
    assert len(pages) == 5
    assert "THỦ TRƯỞNG ĐƠN VỊ" in pages[-1]


def test_late_list_as_a_workbook_can_be_filtered(cast: Cast) -> None:
    page = read(late_list(cast, 3))
    # The row with the numbers of the columns, then the three dossiers.
    assert page.auto_filter.ref == "A7:O10"
    assert [page["A7"].value, page["A8"].value, page["B10"].value] == ["(1)", 1, SAID["code"]]
    assert page.row_dimensions[8].height >= 2 * 12 * 1.2
