"""The register from before: all or nothing, every bad line with its reason."""

import io
import zipfile
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.lifecycle import due_dates
from dossiers.models import Dossier
from dossiers.old_register.importer import Refused, check, take_in, write
from dossiers.old_register.lines import COLUMNS, read
from motcua.tables import workbook
from motcua.tables.problems import UnreadableFile
from motcua.tables.workbook import judge_workbook
from procedures.models import CalendarDay
from tests.cast import Cast, vn
from tests.dossiers.replay import replay

pytestmark = pytest.mark.django_db

GOOD = {
    "office_code": "967",
    "procedure_id": "H901",
    "applicant_name": "Trần Thị Mận",
    "channel": "direct",
    "received_at": "2016-01-05T08:10",
}


def row(**cells: Any) -> list[Any]:
    return [(GOOD | cells).get(column, "") for column in COLUMNS]


def csv_of(*rows: list[str], mark: str = ",") -> bytes:
    return "\r\n".join(mark.join(cells) for cells in [list(COLUMNS), *rows]).encode()


def xlsx_of(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for cells in [list(COLUMNS), *rows]:
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, method: int = zipfile.ZIP_DEFLATED, *, rows: bytes = b"") -> bytes:
    """The workbook packed anew, with these rows after its own."""
    made, end = io.BytesIO(), b"</sheetData>"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", method) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(end, rows + end))
    return made.getvalue()


def reasons(*rows: list[str]) -> list[str]:
    return [str(problem) for problem in check(read(csv_of(*rows))).problems]


def run(file: Path, *options: str) -> tuple[str, str, str]:
    """What the command wrote on stdout and stderr, and the sentence it failed with."""
    out, err = StringIO(), StringIO()
    failed = ""
    try:
        call_command("import_register", str(file), *options, stdout=out, stderr=err)
    except CommandError as error:
        failed = str(error)
    return out.getvalue(), err.getvalue(), failed


def test_register_becomes_dossiers_and_a_second_time_is_refused_line_by_line(
    cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "so.csv"
    file.write_bytes(
        csv_of(
            row(resolved_at="2016-01-12T09:00", outcome="approved", handed_over_at="13/01/2016"),
            row(received_at="2016-01-04 08:00"),
            row(office_code="32086", procedure_id="X901", channel="online"),
        )
    )
    out, err, failed = run(file, "--dry-run")
    assert out == "Sẽ nhập 3 hồ sơ: Huyện Thới Bình 2; Xã Tân Lộc 1. Chưa ghi gì.\n"
    assert not Dossier.objects.exists()
    assert run(file) == ("Đã nhập 3 hồ sơ: Huyện Thới Bình 2; Xã Tân Lộc 1.\n", "", "")
    district = Dossier.objects.filter(office=cast.district).order_by("received_at")
    assert [(d.code, d.book_number, d.state, d.source) for d in district] == [
        ("H12.TAM.967-160104-0001", 1, 2, "import"),
        ("H12.TAM.967-160105-0001", 2, 10, "import"),
    ]
    assert district[1].handed_over_at == vn("2016-01-13T07:00")
    for dossier in Dossier.objects.all():
        assert replay(dossier.events.all())["code"] == dossier.code
    out, err, failed = run(file)
    assert (out, failed) == ("", "Có 3 dòng sai, không nhập dòng nào.")
    assert [line[:32] for line in err.splitlines()] == [
        f"Dòng {number}: Đã có trong chương trình"[:32] for number in (2, 3, 4)
    ]
    assert Dossier.objects.count() == 3


def test_written_due_date_is_kept_as_the_first_promise(cast: Cast) -> None:
    take_in(read(csv_of(row(due_at="20/01/2016"))))
    dossier = Dossier.objects.get()
    promise = dossier.deadlines.get()
    assert dossier.due_at == promise.due_at == vn("2016-01-20T17:00")
    assert promise.why == due_dates.WRITTEN_IN_REGISTER


def test_supplement_moves_the_written_date_as_it_does_for_every_dossier(cast: Cast) -> None:
    cells = {"due_at": "2016-01-20T17:00", "received_at": "2016-01-06T09:00"}
    asked = {"supplement_from": "2016-01-08T10:00", "supplement_to": "2016-01-14T08:00"}
    take_in(read(csv_of(row(**cells, **asked, resolved_at="25/01/2016", outcome="refused"))))
    dossier = Dossier.objects.get()
    assert [d.due_at for d in dossier.deadlines.all()] == [
        vn("2016-01-20T17:00"),
        vn("2016-01-26T17:00"),
    ]
    assert (dossier.due_at, dossier.timeliness) == (vn("2016-01-26T17:00"), "early")


def test_register_import_given_code_is_kept_and_the_counter_goes_on_after_it(cast: Cast) -> None:
    first = row(receipt_code="h12.tam.967-160105-0007")
    second = row(received_at="2016-01-05T09:00")
    third = row(received_at="2016-01-05T10:00", receipt_code="TB-2016010-A1")
    assert reasons(third) == [], "seven digits in the middle fit the address"
    take_in(read(csv_of(first, second, third)))
    assert list(Dossier.objects.order_by("received_at").values_list("code", flat=True)) == [
        "H12.TAM.967-160105-0007",
        "H12.TAM.967-160105-0008",
        "TB-2016010-A1",
    ]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"office_code": "999"}, "Không có đơn vị nào mang mã “999”"),
        ({"procedure_id": "H000"}, "Không có thủ tục nào mang mã “H000”"),
        ({"procedure_id": "X901"}, "không tiếp nhận"),
        ({"applicant_name": " "}, "Thiếu tên người nộp"),
        ({"applicant_name": "A" * 201}, "dài quá 200 ký tự"),
        ({"channel": "fax"}, "Hình thức nộp là “fax”"),
        ({"received_at": ""}, "Thiếu ngày tiếp nhận"),
        ({"received_at": "5/1/16"}, "năm bằng hai chữ số"),
        ({"received_at": "01/13/2016"}, "tháng trước ngày"),
        ({"received_at": "31/02/2016"}, "không có trong lịch"),
        ({"received_at": "2016-01-05T08:10:99"}, "giờ không đúng"),
        ({"received_at": "05/01/2016 08:10:60"}, "giờ không đúng"),
        ({"received_at": "hôm qua"}, "không đọc được"),
        ({"received_at": "2099-01-05"}, "chưa tới"),
        ({"received_at": "2012-05-07T08:00"}, "Chưa có lịch nghỉ, làm bù của năm 2012"),
        ({"due_at": "04/01/2016"}, "Ngày hẹn trả trước ngày tiếp nhận"),
        ({"resolved_at": "2016-01-04", "outcome": "approved"}, "trước ngày tiếp nhận"),
        ({"resolved_at": "2016-01-06"}, "thiếu kết quả"),
        ({"resolved_at": "2016-01-06", "outcome": "done"}, "Kết quả là “done”"),
        ({"outcome": "approved"}, "thiếu ngày có kết quả"),
        ({"handed_over_at": "2016-01-06"}, "chưa có kết quả"),
        ({"supplement_from": "2016-01-04"}, "Ngày yêu cầu bổ sung trước ngày tiếp nhận"),
        ({"supplement_to": "2016-01-07"}, "thiếu ngày yêu cầu bổ sung"),
        (
            {"supplement_from": "2016-01-08", "supplement_to": "2016-01-07"},
            "Ngày nhận bổ sung trước ngày yêu cầu bổ sung",
        ),
        ({"receipt_code": "12/TN"}, "không dùng được"),
        ({"receipt_code": "H12.TAM.967-160106-0001"}, "thuộc dãy mã"),
        # Those of H12.TAM.967-261124-0001, of the same office's day and of the commune 32086.
        ({"receipt_code": "H12.TAM.96-726112-40001"}, "thì là mã chương trình cấp cho Huyện"),
        ({"receipt_code": "H12.TAM.96-7160105-0001"}, "thì là mã chương trình cấp cho Huyện"),
        ({"receipt_code": "H12.TAM.3-20862601-050001"}, "thì là mã chương trình cấp cho Xã"),
        ({"note": "a\x01b"}, "ký tự điều khiển"),
    ],
)
def test_register_import_bad_line_is_told_with_its_number_and_reason(
    cast: Cast, cells: dict[str, str], said: str
) -> None:
    good = row(received_at="2016-01-04T08:00")
    told = reasons(good, row(**cells))
    assert len(told) == 1
    assert told[0].startswith("Dòng 3: ")
    assert said in told[0]
    with pytest.raises(Refused):
        take_in(read(csv_of(good, row(**cells))))
    assert not Dossier.objects.exists()


def test_papers_asked_for_in_a_year_without_calendar_are_a_bad_line(cast: Cast) -> None:
    written = {"received_at": "2019-12-30T09:00", "due_at": "2020-02-03T17:00"}
    CalendarDay.objects.filter(date__year=2020).delete()
    (reason,) = reasons(row(**written, supplement_from="2020-01-06T09:00"))
    assert "2020" in reason


def test_hand_over_before_the_result_and_after_a_withdrawal_are_refused(cast: Cast) -> None:
    ended = {"resolved_at": "2016-01-08T09:00", "handed_over_at": "2016-01-07T09:00"}
    assert "trước ngày có kết quả" in reasons(row(**ended, outcome="approved"))[0]
    ended["handed_over_at"] = "2016-01-09"
    assert "rút hoặc dừng" in reasons(row(**ended, outcome="withdrawn"))[0]


def test_procedure_without_a_version_on_that_day_is_refused(cast: Cast) -> None:
    cast.land.versions.update(in_force_from=date(2016, 2, 1))
    assert "không có phiên bản áp dụng ngày 05/01/2016" in reasons(row())[0]


@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_register_import_seconds_stay_and_move_no_dossier_to_another_day(
    cast: Cast, make: Any
) -> None:
    def at(moment: str) -> Any:
        return moment if make is csv_of else datetime.fromisoformat(moment)

    lines = read(
        make(
            row(received_at=at("2016-03-31T23:59:40")),
            row(received_at=at("2016-03-31T23:59:41")),  # another moment: not the same dossier
            row(
                received_at=at("2016-03-01T09:00"),
                due_at=at("2016-03-10T17:00:30"),
                resolved_at=at("2016-03-10T17:00:29"),
                outcome="approved",
            ),
        )
    )
    take_in(lines)
    ended, *last = Dossier.objects.order_by("received_at")
    assert [d.received_at for d in last] == [vn("2016-03-31T23:59:40"), vn("2016-03-31T23:59:41")]
    assert [d.received_on for d in last] == [date(2016, 3, 31)] * 2
    assert (ended.due_at, ended.resolved_at) == (
        vn("2016-03-10T17:00:30"),
        vn("2016-03-10T17:00:29"),
    )
    assert len(check(lines).problems) == 3


def test_lines_that_stand_twice_in_the_file_or_the_database_are_refused(cast: Cast) -> None:
    code = "TB-160105-1"
    told = reasons(
        row(receipt_code=code),
        row(received_at="2016-01-07", receipt_code="TB-1601-05"),
        row(received_at="2016-01-08", receipt_code=code.lower()),
    )
    assert told[0].startswith("Dòng 3: Mã hồ sơ “TB-1601-05” không dùng được")
    assert told[1] == f"Dòng 4: Mã hồ sơ {code} đã có ở dòng 2."
    take_in(read(csv_of(row(receipt_code=code))))
    again = reasons(row(receipt_code=code, received_at="2016-01-09"))
    assert again == [f"Dòng 2: Mã hồ sơ {code} đã có trong chương trình."]


def test_register_that_is_written_twice_at_once_is_there_once(cast: Cast) -> None:
    lines = read(csv_of(row(), row(received_at="2016-01-06", receipt_code="CU-160106-001")))
    first, second = check(lines), check(lines)
    assert write(first) == 2
    with pytest.raises(Refused) as refused:
        write(second)
    assert len(refused.value.problems) == 2
    assert Dossier.objects.count() == 2


def test_register_import_excel_dates_numbers_and_semicolons_are_read_as_people_mean_them(
    cast: Cast,
) -> None:
    excel = row(
        office_code=967, phone=912000001, received_at=datetime(2016, 1, 5, 8, 9, 59, 999000)
    )
    day_alone = row(received_at=datetime(2016, 1, 6), due_at=date(2016, 1, 20))
    take_in(read(xlsx_of(excel, day_alone)))
    first, second = Dossier.objects.order_by("received_at")
    assert (first.received_at, first.phone) == (vn("2016-01-05T08:10"), "0912000001")
    assert (second.received_at, second.due_at) == (vn("2016-01-06T07:00"), vn("2016-01-20T17:00"))
    (line,) = read(b"\xef\xbb\xbf" + csv_of(row(received_at="07/01/2016"), mark=";"))
    assert check([line]).problems == []


def test_register_import_number_keeps_the_zero_that_excel_drops(cast: Cast) -> None:
    take_in(read(xlsx_of(row(applicant_id=96000000001, phone=912000001))))
    dossier = Dossier.objects.get()
    assert (dossier.applicant_id, dossier.phone) == ("096000000001", "0912000001")


def test_register_import_number_of_a_line_is_that_of_the_file_however_many_lines_a_cell_has(
    cast: Cast,
) -> None:
    content = csv_of(row(address='"Ấp 1\nxã Tân Lộc"'), [""], row(channel="fax"))
    assert [problem.line for problem in check(read(content)).problems] == [5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp trống"),
        (b"\r\n\r\n", "Tệp trống"),
        (csv_of(), "chưa có dòng nào"),
        (csv_of(row()).replace(b"channel,", b""), "Thiếu cột: channel"),
        (csv_of(row()).replace(b"note", b"note,color", 1), "Có cột không biết: color"),
        (csv_of(row()).decode().encode("utf-16")[:-1], "UTF-16"),
        (csv_of(row()) + b"\xe3\xff", "UTF-8 (dòng 2"),
        (csv_of(row(note='"chưa đóng')), "ngoặc kép"),
        (b"PK\x03\x04 not a workbook", "Không mở được bảng tính"),
        (b"\xd0\xcf\x11\xe0", "Lưu thành (Save As), kiểu “Excel Workbook (.xlsx)”"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_register_import_file_that_is_no_register_is_refused_with_a_sentence(
    content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert said in str(refused.value)


CELLS = st.one_of(
    st.sampled_from(["967", "32086", "H901", "X901", "direct", "approved", "TB-160105-1", ""]),
    st.sampled_from(["2016-01-05T08:10", "05/01/2016", "2016-02-01", "31/12/9999", "0001-01-01"]),
    st.text(max_size=12),
)


@given(rows=st.lists(st.lists(CELLS, min_size=16, max_size=17), min_size=1, max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_register_import_no_cells_ever_fail_or_are_written_in_part(
    cast: Cast, rows: list[list[str]]
) -> None:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in cells] for cells in rows]
    before = Dossier.objects.count()
    try:
        checked = take_in(read(csv_of(row(received_at="2016-03-01"), *quoted)))
    except (UnreadableFile, Refused):
        assert Dossier.objects.count() == before
    else:
        assert Dossier.objects.count() == before + len(checked.dossiers)


@given(content=st.one_of(st.binary(), st.binary().map(lambda tail: b"PK\x03\x04" + tail)))
def test_register_import_no_bytes_ever_fail(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(content)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_workbook_packed_as_excel_packs_none_is_refused(method: int) -> None:
    """5 MB of rows are 6 kB then, and 400 MB little more."""
    with pytest.raises(UnreadableFile, match="nén theo cách mà Excel không dùng"):
        judge_workbook(repacked(xlsx_of(row()), method))
    judge_workbook(repacked(xlsx_of(row()), zipfile.ZIP_STORED))


def test_workbook_is_judged_by_what_it_unpacks_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 3_000_000)
    packed = repacked(xlsx_of(row()), rows=b"<row/>" * 500_000)
    assert len(packed) < 20_000
    with pytest.raises(UnreadableFile, match="quá lớn sau khi giải nén"):
        read(packed)


def test_workbook_that_tells_less_than_it_holds_gives_no_more_than_it_told() -> None:
    packed = bytearray(repacked(xlsx_of(row()), rows=b"<row/>" * 50_000))
    entry = packed.index(b"xl/worksheets/sheet1.xml", packed.index(b"PK\x01\x02")) - 46
    packed[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    judge_workbook(bytes(packed))
    with pytest.raises(UnreadableFile, match="Không mở được bảng tính này"):
        read(bytes(packed))


def test_workbook_of_too_many_parts_is_refused_before_its_list_is_read() -> None:
    made = io.BytesIO(xlsx_of(row()))
    with zipfile.ZipFile(made, "a") as packed:
        for number in range(workbook.MOST_PARTS):
            packed.writestr(f"p/{number}", b"")
    with pytest.raises(UnreadableFile, match="quá nhiều phần"):
        read(made.getvalue())
