"""Registers as tables of text, and people of one name: refused, doubtful, good."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dossiers.models import Dossier
from dossiers.old_register.lines import WHY_LEFT
from tests.cast import Cast
from tests.dossiers.test_register_cases import DAY, doubts, of, places, told
from tests.dossiers.test_register_import import csv_of, row

pytestmark = pytest.mark.django_db


def test_register_tables_value_beyond_the_columns_of_a_csv_file_is_doubtful(
    cast: Cast, tmp_path: Path
) -> None:
    assert doubts(csv_of([*row(), "xem lại"], [*row(**DAY), ""]), tmp_path) == [(2, None)]


@pytest.mark.parametrize(
    ("code", "number", "other", "doubtful"),
    [
        (["A-160105-1", "A-160105-2"], ["", ""], {}, False),
        (["", ""], ["381000001", "381000002"], {}, False),
        (["", ""], ["381000001", "381000001"], {}, True),
        (["", ""], ["", ""], {}, True),
        (["A-160105-1", ""], ["381000001", ""], {}, True),
        (["", ""], ["", ""], {"office_code": "32086", "procedure_id": "X901"}, False),
        (["", ""], ["", ""], {"received_at": "06/01/2016"}, False),
    ],
)
def test_namesakes_on_a_day_are_told_apart_by_code_or_number(
    cast: Cast,
    tmp_path: Path,
    code: list[str],
    number: list[str],
    other: dict[str, str],
    doubtful: bool,
) -> None:
    one, two = (DAY | {"receipt_code": code[at], "applicant_id": number[at]} for at in (0, 1))
    found = doubts(csv_of(row(**one), row(**two | other)), tmp_path)
    assert found == ([(2, None), (3, None)] if doubtful else [])


def test_namesakes_are_told_apart_from_dossiers_that_are_there(cast: Cast, tmp_path: Path) -> None:
    def found(**cells: str) -> tuple[list[Any], list[Any]]:
        _, said = of(csv_of(row(**DAY, **cells)), tmp_path)
        return places(said["refused"]), places(said["doubtful"])

    file = tmp_path / "first.csv"
    file.write_bytes(csv_of(row(**DAY, receipt_code="SC-160105-1", applicant_id="381000001")))
    assert told(file)[0] == 0
    assert found(receipt_code="SC-160105-2") == ([], [])
    assert found(applicant_id="381000002") == ([], [])
    assert found() == ([], [(2, None)]), "one of the two has no number"
    assert found(applicant_id="381000001") == ([(2, None)], [])
    # The first register had no code, and the program has issued one.
    Dossier.objects.update(code="H12.TAM.967-160105-0001", code_key="H12TAM9671601050001")
    assert found(receipt_code="SC-160105-1") == ([], [(2, "receipt_code")])


@pytest.mark.parametrize(
    "cell", ["#N/A", "#REF!", "#DIV/0!", "########", "Err:508", '=CONCATENATE("381";234567)', "=A1"]
)
def test_register_tables_errors_and_formulas_in_a_csv_file_are_refused(
    cast: Cast, tmp_path: Path, cell: str
) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    exits, said = of(csv_of(row(**DAY, note=quoted)), tmp_path)
    assert (exits, places(said["refused"])) == (1, [(2, "note")])


def test_texts_that_are_no_formula_stay_what_they_say(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    file.write_bytes(csv_of(row(phone='"=""0912000001"""', note="=> đã trả", address="'-")))
    assert told(file)[0] == 0
    dossier = Dossier.objects.get()
    assert (dossier.phone, dossier.note, dossier.address) == ("0912000001", "=> đã trả", "-")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("says_its_mark", [False, True])
def test_tables_with_any_mark_between_cells_are_read(
    cast: Cast, tmp_path: Path, encoding: str, mark: str, says_its_mark: bool
) -> None:
    lead = f"sep={mark}\r\n" if says_its_mark else ""
    content = (lead + csv_of(row(), row(channel="fax"), mark=mark).decode()).encode(encoding)
    exits, said = of(content, tmp_path)
    assert (exits, said["good"]) == (1, 1)
    assert places(said["refused"]) == [(4 if says_its_mark else 3, "channel")]


def test_register_tables_titles_above_the_columns_and_the_column_of_reasons_are_passed_over(
    cast: Cast, tmp_path: Path
) -> None:
    table = csv_of(row()).decode().replace("note", f"note,{WHY_LEFT}", 1)
    assert of(f"SỔ THEO DÕI HỒ SƠ, năm 2016;\r\n\r\n{table},Chủ nhật".encode(), tmp_path)[0] == 0


def test_register_tables_files_of_other_spreadsheets_are_told_how_to_be_saved(
    tmp_path: Path,
) -> None:
    book = io.BytesIO()
    with openpyxl.writer.excel.ZipFile(book, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<x/>")
    for content, said in ((book.getvalue(), "(.ods)"), (b"\xd0\xcf\x11\xe0" * 9, "(.xls)")):
        exits, answer = of(content, tmp_path)
        assert exits == 1
        assert said in answer["refused"][0]["reason"]
        assert "Lưu thành (Save As)" in answer["refused"][0]["reason"]


@pytest.mark.parametrize("name", [".", "123", "TRUE", "không có", "0912345678", "---", "N/A"])
def test_register_tables_name_that_is_nobodys_is_doubtful(
    cast: Cast, tmp_path: Path, name: str
) -> None:
    found = doubts(csv_of(row(**DAY, applicant_name=name)), tmp_path)
    assert found == [(2, "applicant_name")]


def test_register_tables_apostrophe_before_digits_is_none_of_theirs(
    cast: Cast, tmp_path: Path
) -> None:
    cells = {"applicant_id": "'096095001234", "phone": "'0912000001", "office_code": "\u2019967"}
    file = tmp_path / "so.csv"
    file.write_bytes(csv_of(row(**cells, received_at="'05/01/2016", note="'96 là năm sinh")))
    assert told(file)[1]["written"] == 1
    dossier = Dossier.objects.get()
    assert (dossier.applicant_id, dossier.phone) == ("096095001234", "0912000001")
    assert dossier.note == "'96 là năm sinh"
