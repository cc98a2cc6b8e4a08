"""Registers as people bring them: what cannot be so is refused, what is unlikely is doubtful."""

import io
import json
import zipfile
from collections.abc import Callable
from copy import copy
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from dossiers.models import Dossier
from dossiers.old_register.lines import COLUMNS
from procedures.models import Procedure
from tests.cast import Cast
from tests.dossiers.test_register_import import csv_of, row, xlsx_of

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent / "register_cases"
DAY = {"received_at": "05/01/2016"}


@pytest.fixture
def taken(cast: Cast) -> Cast:
    """The cases name a procedure of twenty working days."""
    Procedure.objects.filter(key="H901").update(key="H001")
    cast.land.versions.update(limit_value=20)
    return cast


def told(file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """What the command exits with and tells as JSON."""
    out = StringIO()
    try:
        call_command("import_register", str(file), "--json", *options, stdout=out)
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def of(content: bytes, tmp_path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    file = tmp_path / "so"
    file.write_bytes(content)
    return told(file, "--dry-run", *options)


def places(entries: list[dict[str, Any]]) -> list[tuple[int, str | None]]:
    return [(entry["line"], entry["column"]) for entry in entries]


def doubts(content: bytes, tmp_path: Path) -> list[tuple[int, str | None]]:
    exits, said = of(content, tmp_path)
    assert (exits, said["refused"]) == (3 if said["doubtful"] else 0, [])
    return places(said["doubtful"])


def workbook(change: Callable[[Worksheet], None], *rows: list[Any]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(*rows)))
    change(book.active)
    return saved(book)


def part(content: bytes) -> bytes:
    """The first sheet of a workbook, as XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read("xl/worksheets/sheet1.xml")


def replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as was, zipfile.ZipFile(made, "w") as now:
        for name in was.namelist():
            now.writestr(name, was.read(name).replace(old, new))
    return made.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "exits", "good", "refused", "doubtful"),
    [
        ("merged.xlsx", 1, 0, [(0, "outcome"), (0, "handed_over_at"), (0, "resolved_at")], []),
        ("two_sheets.xlsx", 1, 0, [(0, None)], []),
        ("samename.csv", 0, 2, [], []),
        ("numbers.csv", 1, 5, [(3, "applicant_id")], []),
        ("ids.xlsx", 3, 4, [], [(2, "applicant_id"), (4, "applicant_id")]),
        ("swapped_days.xlsx", 3, 3, [], [(0, "received_at"), (2, "received_at")]),
        (
            "old_fonts.csv",
            3,
            0,
            [],
            [
                *((line, column) for line in (2, 3, 4) for column in ("applicant_name", "address")),
                (5, "applicant_name"),
            ],
        ),
        ("formula2.xlsx", 1, 0, [(2, "applicant_id"), (2, "address"), (2, "note")], []),
        (
            "errors.xlsx",
            1,
            0,
            [(2, "applicant_id"), (2, "phone"), (2, "address"), (2, "note")],
            [],
        ),
        ("unlikely_dates.csv", 3, 0, [], [(2, "due_at"), (3, "due_at"), (4, "received_at")]),
        (
            "sunday.csv",
            3,
            0,
            [],
            [(2, "received_at"), (3, "received_at"), (4, "resolved_at"), (4, "handed_over_at")],
        ),
        ("invis.csv", 0, 5, [], []),
        ("sep.csv", 0, 1, [], []),
        ("tab.csv", 0, 1, [], []),
    ],
)
def test_register_as_it_was_brought_is_good_refused_or_doubtful(
    taken: Cast,
    file: str,
    exits: int,
    good: int,
    refused: list[tuple[int, str | None]],
    doubtful: list[tuple[int, str | None]],
) -> None:
    code, said = told(CASES / file, "--dry-run")
    assert (code, said["good"]) == (exits, good)
    assert sorted(places(said["refused"]), key=str) == sorted(refused, key=str)
    assert sorted(places(said["doubtful"]), key=str) == sorted(doubtful, key=str)
    assert said["written"] == 0
    assert not Dossier.objects.exists()


def test_register_cases_what_was_brought_is_found_by_its_plain_numbers(
    taken: Cast, tmp_path: Path
) -> None:
    lines = (CASES / "numbers.csv").read_text().splitlines(keepends=True)
    file = tmp_path / "so.csv"
    file.write_text("".join(lines[:2] + lines[3:]))
    assert told(file) == (0, {"good": 5, "refused": [], "doubtful": [], "written": 5})
    found = {d.applicant_name: (d.applicant_id, d.phone, d.note) for d in Dossier.objects.all()}
    assert found == {
        "Một": ("096095001234", "0912000001", ""),
        "Ba": ("381777001", "0912777002", ""),
        "Bốn": ("096095001234", "0912000001", ""),
        "Năm": ("381234567", "0912000001", "Số điện thoại trong sổ: 0912.000.001/0913000002"),
        "Sáu": ("381234567", "", "Số giấy tờ trong sổ: 381234567 (CA Cà Mau)"),
    }


def test_doubtful_lines_are_written_when_they_are_accepted(taken: Cast) -> None:
    exits, said = told(CASES / "sunday.csv")
    assert (exits, said["written"], Dossier.objects.count()) == (3, 0, 0)
    assert told(CASES / "sunday.csv", "--accept-doubtful", "--dry-run")[0] == 0
    assert not Dossier.objects.exists()
    exits, said = told(CASES / "sunday.csv", "--accept-doubtful")
    assert (exits, said["good"], said["written"], len(said["doubtful"])) == (0, 0, 3, 4)
    assert Dossier.objects.count() == 3
    exits, said = told(CASES / "sunday.csv", "--accept-doubtful")
    assert (exits, places(said["refused"])) == (1, [(2, None), (3, None), (4, None)])
    assert Dossier.objects.count() == 3


def test_refused_line_is_not_doubtful_too(cast: Cast, tmp_path: Path) -> None:
    content = csv_of(row(), row(received_at="10/01/2016", channel="fax"), row(**DAY, phone="12"))
    exits, said = of(content, tmp_path)
    assert (exits, said["good"]) == (1, 1)
    assert places(said["refused"]) == [(3, "channel")]
    assert places(said["doubtful"]) == [(4, "phone")]


def test_register_cases_no_file_and_no_register_are_told_as_the_file_as_a_whole(
    tmp_path: Path,
) -> None:
    for exits, said in (told(tmp_path / "khong-co"), of(b"%PDF-1.4", tmp_path)):
        assert (exits, said["good"], places(said["refused"])) == (1, 0, [(0, None)])


def test_sheet_is_chosen_by_its_name_and_hidden_ones_are_never_read(
    cast: Cast, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(row(**DAY))))
    hidden = book.copy_worksheet(book.active)
    hidden.title, hidden.sheet_state = "Nháp", "hidden"
    book.create_sheet("Trống", 0)
    names_only = book.create_sheet("Mẫu")
    names_only.append(COLUMNS)
    assert doubts(saved(book), tmp_path) == []
    exits, said = of(saved(book), tmp_path, "--sheet", "Nháp")
    assert (exits, places(said["refused"])) == (1, [(0, None)])
    hidden.sheet_state = "visible"
    hidden["D2"] = "Lê Thị Hai"
    exits, said = of(saved(book), tmp_path)
    assert exits == 1
    assert "“Sheet”, “Nháp”" in said["refused"][0]["reason"]
    assert of(saved(book), tmp_path, "--sheet", "nháp")[1]["good"] == 1
    assert of(csv_of(row()), tmp_path, "--sheet", "Sheet")[0] == 1


@pytest.mark.parametrize(
    ("merged", "refused"),
    [
        ("I4:I6", "received_at"),
        ("G4:H6", "address"),
        ("P3:P4", "note"),  # the name of a column, meant for the row below
        ("A1:P1", None),  # a title
        ("F4:G4", None),
        ("P5:P6", None),  # nothing stands there
        ("D4:E4", "applicant_name"),  # hides the number
        ("A8:D9", None),
    ],
)
def test_register_cases_merged_cells_are_refused_where_they_mean_or_hide_values(
    cast: Cast, tmp_path: Path, merged: str, refused: str | None
) -> None:
    book = openpyxl.Workbook()
    people = [row(**DAY, applicant_name=f"Người {n}") for n in "abc"]
    people[0][COLUMNS.index("applicant_id")] = "381000001"
    for cells in (["SỔ THEO DÕI"], [], list(COLUMNS), *people):
        book.active.append(cells)
    # Not merge_cells: other programs leave what stood in the cells.
    book.active.merged_cells.add(merged)
    exits, said = of(saved(book), tmp_path)
    assert (exits, places(said["refused"])) == ((1, [(0, refused)]) if refused else (0, []))
    if refused:
        assert merged in said["refused"][0]["reason"]
        assert said["good"] == 0


@pytest.mark.parametrize("ref", ["XXX", "A:A", "A0:B9", "3", ""])
def test_register_cases_merged_range_that_is_none_is_a_damaged_workbook(
    cast: Cast, tmp_path: Path, ref: str
) -> None:
    content = workbook(lambda sheet: sheet.merge_cells("F2:G2"), row(**DAY))
    exits, said = of(replaced(content, b'"F2:G2"', f'"{ref}"'.encode()), tmp_path)
    assert (exits, places(said["refused"])) in ((1, [(0, None)]), (0, []))


def struck(sheet: Worksheet) -> None:
    sheet["D3"].font = copy(sheet["D3"].font) + Font(strike=True)


def struck_in_part(sheet: Worksheet) -> None:
    sheet["P4"] = '=CONCATENATE("a","b")'  # its result is a text that is not shared
    sheet["D3"] = CellRichText("Trần ", TextBlock(InlineFont(strike=True), "Thị Mận"))


def hidden(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True


def filled_beyond(sheet: Worksheet) -> None:
    sheet["R3"] = "xem lại"


def filled_far_beyond(sheet: Worksheet) -> None:
    sheet["DA3"] = "xem lại"


@pytest.mark.parametrize(
    "change", [struck, struck_in_part, hidden, filled_beyond, filled_far_beyond]
)
def test_register_cases_rows_hidden_struck_through_or_with_values_beyond_the_columns_are_doubtful(
    cast: Cast, tmp_path: Path, change: Callable[[Worksheet], None]
) -> None:
    people = [row(**DAY, applicant_name=f"Người {name}") for name in "abc"]
    content = workbook(change, *people)
    formula = b'<c r="P4"><f>CONCATENATE("a","b")</f><v /></c>'
    kept = b'<c r="P4" t="str"><f>CONCATENATE("a","b")</f><v>ab</v></c>'
    assert doubts(replaced(content, formula, kept), tmp_path) == [(3, None)]


def test_register_cases_formula_is_read_by_the_result_that_the_file_keeps(
    cast: Cast, tmp_path: Path
) -> None:
    def formula(sheet: Worksheet) -> None:
        sheet["P2"] = "=A1"

    content, written = workbook(formula, row(**DAY)), b"<f>A1</f><v />"
    assert written in part(content)
    for kept, refused in ((b"<f>A1</f><v>7</v>", 0), (b"<f>A1</f>", 1), (written, 1)):
        exits, _ = of(replaced(content, written, kept), tmp_path)
        assert exits == refused
    empty = replaced(content, b'<c r="P2"><f>A1</f><v />', b'<c r="P2" t="str"><f>A1</f><v></v>')
    assert of(empty, tmp_path)[0] == 0


def test_register_cases_days_that_a_spreadsheet_has_swapped_are_told_by_column(
    cast: Cast, tmp_path: Path
) -> None:
    def column(*cells: Any) -> list[tuple[int, str | None]]:
        names = "abcdef"
        people = [row(applicant_name=n, received_at=c) for n, c in zip(names, cells, strict=False)]
        return [at for at in doubts(xlsx_of(*people), tmp_path) if at[0] == 0]

    swapped = [(0, "received_at")]
    assert column(datetime(2016, 4, 1), "13/01/2016", "14/01/2016 08:10") == swapped
    assert column("2016-04-01", "13/01/2016") == swapped
    assert column(datetime(2016, 4, 1), datetime(2016, 4, 13), "14/01/2016") == []
    assert column(datetime(2016, 4, 1), "13/01/2016", "11/01/2016") == []
    assert column(datetime(2016, 4, 1), datetime(2016, 4, 5)) == []
    assert column("2016-05-03 08:10:00", "15/01/2016 08:10") == swapped
    assert column("2016-04-01T08:10", "13/01/2016") == []
    assert column("13/01/2016", "14/01/2016") == []


@pytest.mark.parametrize(
    ("cells", "doubtful"),
    [
        ({"due_at": "19/01/2061"}, "due_at"),
        ({"due_at": "19/08/2016"}, "due_at"),
        ({"due_at": "19/06/2016"}, None),
        ({"due_at": "05/01/2016"}, "due_at"),
        ({"due_at": "05/01/2016", "resolved_at": "05/01/2016", "outcome": "approved"}, None),
        ({"received_at": "10/01/2016"}, "received_at"),
        ({"received_at": "10/01/2016", "channel": "online"}, None),
        ({"received_at": "09/02/2016"}, "received_at"),
        ({"received_at": "09/01/2016 21:45:07"}, None),
        ({"received_at": "13/02/2016"}, None),  # a Saturday among the days of Tết
        ({"received_at": "09/01/2016 20:30", "due_at": "09/01/2016"}, "due_at"),
        ({"resolved_at": "09/01/2016", "outcome": "approved"}, "resolved_at"),
        (
            {"received_at": "09/01/2016", "resolved_at": "09/01/2016", "outcome": "approved"},
            None,
        ),
        ({"resolved_at": "10/01/2016", "outcome": "approved"}, "resolved_at"),
        (
            {
                "resolved_at": "08/01/2016",
                "outcome": "approved",
                "handed_over_at": "09/02/2016",
            },
            "handed_over_at",
        ),
        ({"supplement_from": "10/01/2016"}, "supplement_from"),
        ({"resolved_at": "04/03/2022", "outcome": "approved"}, "resolved_at"),
        ({"supplement_from": "04/03/2022"}, "supplement_from"),
        (
            {
                "resolved_at": "08/01/2016",
                "outcome": "approved",
                "handed_over_at": "04/03/2022",
            },
            "handed_over_at",
        ),
    ],
)
def test_unlikely_days_are_doubtful(
    cast: Cast, tmp_path: Path, cells: dict[str, str], doubtful: str | None
) -> None:
    found = doubts(csv_of(row(**DAY | cells)), tmp_path)
    assert found == ([(2, doubtful)] if doubtful else [])


def test_register_cases_days_that_cannot_be_so_are_refused(cast: Cast, tmp_path: Path) -> None:
    exits, said = of(csv_of(row(**DAY, due_at="04/01/2016")), tmp_path)
    assert (exits, places(said["refused"])) == (1, [(2, "due_at")])


PEOPLE = (
    *("Nguyễn Văn Ân", "Trần Lê Quốc Toàn", "Y Moan Êñuôl", "H'Hen Niê", "Lò Thị Mai", "K'Brếp"),
    *(
        "Danh Thị Sà Rươne",
        "Thạch Sóc Kha",
        "Giàng A Páo",
        "Kpă Klơng",
        "Kiều Maily",
        "Voòng A Sáng",
    ),
    *("Bá Trung Thiều", "Siu Blêh", "Hồ Kan Lịch", "Điểu Ong", "Bríu Pố", "Pờ Dần Xinh", "Út Em"),
    *("nguyễn thị hoà", "NGUYỄN THỊ HOÀ", "Công ty TNHH “Hoa Lê”", "Ksor H’Bê", "Tsằn Nhục Múi"),
)


def test_register_cases_ordinary_register_raises_no_doubt(cast: Cast, tmp_path: Path) -> None:
    """A week with seconds, and a late evening at a Saturday counter."""
    days = ("04/01/2016 07:00:01", "05/01/2016 16:59:59", "2016-01-06T08:10", "07/01/2016")
    lines = []
    for at, name in enumerate(PEOPLE):
        ended = {
            "resolved_at": "14/01/2016 10:00:30",
            "outcome": "approved",
            "handed_over_at": "16/01/2016 19:30",
        }
        cells = {
            "applicant_name": name,
            "applicant_id": ("381234567", "096095001234", "", "C1234567", "0305123456")[at % 5],
            "phone": ("0912345678", "+84 912 345 679", "02903851234", "")[at % 4],
            "address": '"số 12½, hẻm 3/2, ấp 1 (cạnh chợ?), xã Tân Lộc"',
            "received_at": (*days, "09/01/2016 21:40:05")[at % 5],
            "due_at": ("", "19/01/2016", "20/01/2016 17:00")[at % 3],
            "channel": ("direct", "trực tiếp", "post", "online")[at % 4],
            "note": "chép từ sổ cũ; bổ sung 2 bản sao 30m²",
        }
        lines.append(row(**cells, **(ended if at % 2 else {})))
    assert of(csv_of(*lines), tmp_path) == (
        0,
        {"good": len(PEOPLE), "refused": [], "doubtful": [], "written": 0},
    )
