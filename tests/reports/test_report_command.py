"""manage.py report: the shape of the answer, and sentences for what cannot be answered."""

import json
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from dossiers.lifecycle import perform
from reports.terms.columns import NAMES
from tests.cast import Cast, vn

ZERO = dict.fromkeys(
    [
        "received_online",
        "received_direct",
        "received",
        "carried_over",
        "total_in",
        "resolved_early",
        "resolved_on_time",
        "resolved_late",
        "resolved_total",
        "pending_in_time",
        "pending_overdue",
        "pending_total",
        "ended_refused",
        "ended_withdrawn",
        "ended_stopped",
        "pending_waiting",
    ],
    0,
)


def report(*args: str) -> dict:
    return json.loads(text(*args))


def text(*args: str) -> str:
    out = StringIO()
    call_command("report", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def quarter(cast: Cast) -> Cast:
    """A land dossier of 2015 refused late, a certified copy on time, a birth still open."""
    land = cast.received("2015-12-01T09:00")
    perform.resolve(
        land, by=cast.clerk, at=vn("2016-01-05T09:00"), outcome="refused", result_note="Thiếu đất"
    )
    copy = cast.received(
        "2016-02-04T09:00", office=cast.tan_loc, procedure=cast.copy, channel="online"
    )
    perform.resolve(copy, by=cast.clerk, at=vn("2016-02-04T09:20"), outcome="approved")
    cast.received("2016-02-05T09:00", office=cast.tan_loc, procedure=cast.birth)
    return cast


def test_report_command_json_has_the_shape_that_programs_rely_on(quarter: Cast) -> None:
    assert report("2016-Q1") == {
        "period": {"from": "2016-01-01", "to": "2016-03-31", "as_of": "2016-03-31"},
        "scope": "all",
        "rows": [
            {
                "key": "Chứng thực",
                "name": "Chứng thực",
                **ZERO,
                "received_online": 1,
                "received": 1,
                "total_in": 1,
                "resolved_on_time": 1,
                "resolved_total": 1,
            },
            {
                "key": "Đất đai",
                "name": "Đất đai",
                **ZERO,
                "carried_over": 1,
                "total_in": 1,
                "resolved_late": 1,
                "resolved_total": 1,
                "ended_refused": 1,
            },
            {
                "key": "Hộ tịch",
                "name": "Hộ tịch",
                **ZERO,
                "received_direct": 1,
                "received": 1,
                "total_in": 1,
                "pending_overdue": 1,
                "pending_total": 1,
            },
        ],
        "total": {
            **ZERO,
            "received_online": 1,
            "received_direct": 1,
            "received": 2,
            "carried_over": 1,
            "total_in": 3,
            "resolved_on_time": 1,
            "resolved_late": 1,
            "resolved_total": 2,
            "pending_overdue": 1,
            "pending_total": 1,
            "ended_refused": 1,
        },
    }
    assert list(ZERO) == list(NAMES)


def test_by_office_the_key_is_its_code_and_every_office_is_there(quarter: Cast) -> None:
    found = report("2016-9M", "--by", "office")
    assert len(found["rows"]) == 13
    assert found["rows"][0]["key"] == "967"
    row = next(row for row in found["rows"] if row["key"] == "32086")
    assert (row["received"], row["resolved_total"]) == (2, 1)


def test_report_command_by_procedure_the_key_is_that_of_the_catalogue(quarter: Cast) -> None:
    found = report("2016-Q1", "--by", "procedure")
    assert [(row["key"], row["total_in"]) for row in found["rows"]] == [
        ("H901", 1),
        ("X901", 1),
        ("X902", 1),
    ]


@pytest.mark.parametrize(
    ("options", "scope", "total_in"),
    [
        (["--office", "967"], "967", 1),
        (["--office", "32086"], "32086", 2),
        (["--level", "district"], "district", 1),
        (["--level", "commune"], "commune", 2),
    ],
)
def test_scope_is_one_desk_or_one_level(
    quarter: Cast, options: list[str], scope: str, total_in: int
) -> None:
    found = report("2016-Q1", *options)
    assert (found["scope"], found["total"]["total_in"]) == (scope, total_in)


def test_calendar_of_the_decree_begins_in_december(quarter: Cast) -> None:
    found = report("2016-Q1", "--calendar", "nd09")
    assert found["period"] == {"from": "2015-12-15", "to": "2016-03-14", "as_of": "2016-03-14"}


def test_range_of_dates(quarter: Cast) -> None:
    found = report("2016-02-04..2016-02-04")
    assert found["period"] == {"from": "2016-02-04", "to": "2016-02-04", "as_of": "2016-02-04"}
    assert found["total"]["received"] == 1


def test_report_command_csv_goes_to_standard_output_and_xlsx_to_a_file(
    quarter: Cast, tmp_path: Path
) -> None:
    assert text("2016-Q1", "--format", "csv").startswith("\ufeffMã,Lĩnh vực,")
    file = tmp_path / "quy1.xlsx"
    assert text("2016-Q1", "--format", "xlsx", "--output", str(file)) == ""
    assert openpyxl.load_workbook(file).sheetnames == ["Số liệu", "Định nghĩa các cột"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["2016-Q1", "--office", "1"], "Ngày 31/03/2016 không có đơn vị nào mang mã 1."),
        (
            ["2016-Q1", "--office", "967", "--level", "commune"],
            "Chỉ dùng một trong hai: --office hoặc --level.",
        ),
        (
            ["2016-Q1", "--level", "xa"],
            "--level xa: không có lựa chọn này, hãy dùng province, district, commune.",
        ),
        (
            ["2016-Q1", "--format", "pdf"],
            "Định dạng pdf cần nơi ghi: thêm --output TỆP.pdf.",
        ),
        (
            ["2016-Q1", "--output", "/khong/co/thu/muc/nay.json"],
            "Không ghi được tệp /khong/co/thu/muc/nay.json: No such file or directory.",
        ),
    ],
)
def test_report_command_what_cannot_be_answered_is_said_in_a_sentence(
    cast: Cast, args: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("report", *args)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "period", ["2016-Q5", "quý 1", "2016-09-30..2016-01-01", "2016-02-30..2016-03-01"]
)
def test_period_that_is_none_is_refused(cast: Cast, period: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("report", period)
    assert "Traceback" not in str(refused.value)
    assert str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf"])
def test_database_without_offices_has_no_table_to_print(tmp_path: Path, format: str) -> None:
    file = tmp_path / "bieu"
    with pytest.raises(CommandError, match="Chưa có đơn vị nào có bộ phận một cửa"):
        text("2016-Q1", "--format", format, "--output", str(file))
    assert not file.exists()
    assert report("2016-Q1")["total"] == ZERO


def test_report_command_empty_office_is_not_every_office(cast: Cast) -> None:
    with pytest.raises(CommandError, match="không có đơn vị nào mang mã trống"):
        text("2016-Q1", "--office", "")
