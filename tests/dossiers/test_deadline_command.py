"""python manage.py deadline: a due date for people and for programs."""

import io
import json
import os
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.models import Office
from motcua.operations.base_data import load_offices
from procedures.catalogue import load_calendar
from procedures.models import OfficeClosure, WorkSession

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def offices_and_calendar(db: None) -> None:
    load_offices()
    load_calendar()


def deadline(*arguments: str) -> tuple[str, str]:
    """What the command writes, and what it warns of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("deadline", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_deadline_command_due_moment_comes_first_then_a_line_a_day() -> None:
    call_command("load_base", stdout=io.StringIO())
    assert deadline("2016-02-04T09:00", "3", "working_day") == (
        "2016-02-16T17:00\n"
        "2016-02-04  skipped  ngày tiếp nhận, không tính\n"
        "2016-02-05  counted  ngày làm việc thứ 1\n"
        "2016-02-06  skipped  thứ Bảy\n"
        "2016-02-07  skipped  nghỉ: Tết Nguyên đán (giao thừa, ngày cuối tháng Chạp)\n"
        "2016-02-08  skipped  nghỉ: Tết Nguyên đán (mùng 1)\n"
        "2016-02-09  skipped  nghỉ: Tết Nguyên đán (mùng 2)\n"
        "2016-02-10  skipped  nghỉ: Tết Nguyên đán (mùng 3)\n"
        "2016-02-11  skipped  nghỉ: Tết Nguyên đán (mùng 4)\n"
        "2016-02-12  skipped  nghỉ: Tết Nguyên đán (nghỉ bù)\n"
        "2016-02-13  skipped  thứ Bảy\n"
        "2016-02-14  skipped  Chủ nhật\n"
        "2016-02-15  counted  ngày làm việc thứ 2\n"
        "2016-02-16  counted  ngày làm việc thứ 3\n",
        "",
    )


@pytest.mark.parametrize(
    ("received", "value", "unit", "expected"),
    [
        ("2016-03-10T09:00", "2", "calendar_day", "2016-03-14T17:00"),
        ("2016-05-31T09:00", "1", "month", "2016-06-30T17:00"),
        ("2016-03-10T15:30:45", "12", "working_hour", "2016-03-14T09:30"),
        ("2016-03-10T15:00:00", "0", "same_day", "2016-03-10T17:00"),
        ("2016-03-10T15:00:01", "1", "same_day", "2016-03-11T17:00"),
    ],
)
def test_deadline_command_every_unit_is_understood(
    received: str, value: str, unit: str, expected: str
) -> None:
    assert deadline(received, value, unit)[0].splitlines()[0] == expected


def test_deadline_command_json_for_programs() -> None:
    out, _ = deadline("2015-04-24T17:01:30", "1", "working_day", "--json")
    assert json.loads(out) == {
        "received_at": "2015-04-24T17:01",
        "due_at": "2015-04-27T17:00",
        "days": [
            {
                "date": "2015-04-24",
                "counted": False,
                "why": "nộp sau giờ làm việc, tính từ ngày làm việc tiếp theo",
            },
            {"date": "2015-04-25", "counted": False, "why": "coi là ngày tiếp nhận, không tính"},
            {"date": "2015-04-26", "counted": False, "why": "Chủ nhật"},
            {"date": "2015-04-27", "counted": True, "why": "ngày làm việc thứ 1"},
        ],
    }
    assert "không tính" in out, "Vietnamese stays readable"


def test_office_has_its_own_hours_and_closures() -> None:
    office = Office.objects.get(code="32086")
    for weekday in range(5):
        WorkSession.objects.create(
            office=office, weekday=weekday, opens=time(7, 30), closes=time(16, 30)
        )
    OfficeClosure.objects.create(office=office, date="2016-03-11", reason="Mất điện")
    arguments = ("2016-03-10T09:00", "1", "working_day")
    assert deadline(*arguments, "--office", "32086")[0].splitlines()[0] == "2016-03-14T16:30"
    assert deadline(*arguments, "--office", "967")[0].splitlines()[0] == "2016-03-11T17:00"
    assert deadline(*arguments)[0].splitlines()[0] == "2016-03-11T17:00"


def test_deadline_command_estimated_day_is_warned_of_beside_the_answer() -> None:
    out, err = deadline("2027-02-03T09:00", "1", "working_day")
    assert out.startswith("2027-02-11T17:00\n2027-02-03  skipped  ngày tiếp nhận, không tính\n")
    assert "(ước tính)" in out
    assert "ước tính, chưa có thông báo chính thức" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2014-12-30T09:00", "1", "working_day"), "năm 2014"),
        (("2027-12-31T09:00", "1", "working_day"), "năm 2028"),
        (("2016-02-04", "3", "working_day"), "Không hiểu lúc nhận “2016-02-04”"),
        (("2016-02-04T09:00+07:00", "3", "working_day"), "không kèm múi giờ"),
        (("2016-02-04T09:00Z", "3", "working_day"), "không kèm múi giờ"),
        (("2016-02-30T09:00", "3", "working_day"), "Không hiểu lúc nhận"),
        (("2016-02-04T25:00", "3", "working_day"), "Không hiểu lúc nhận"),
        (("hôm nay", "3", "working_day"), "Không hiểu lúc nhận “hôm nay”"),
        (("2016-02-04T09:00", "ba", "working_day"), "Thời hạn “ba” phải là số nguyên"),
        (("2016-02-04T09:00", "1.5", "working_day"), "Thời hạn “1.5” phải là số nguyên"),
        (("2016-02-04T09:00", "1_0", "working_day"), "Thời hạn “1_0” phải là số nguyên"),
        (("2016-02-04T09:00", "-3", "working_day"), "Thời hạn “-3” phải là số nguyên"),
        (("2016-02-04T09:00", "9" * 5000, "working_day"), "phải là số nguyên từ 1 đến 99999"),
        (("2016-02-04T09:00", "100000", "working_day"), "không được quá 99999"),
        (("2016-02-04T09:00", "0", "working_day"), "từ 1 trở lên"),
        (("2016-02-04T09:00", "", "same_day"), "phải là số nguyên"),
        (("2016-02-04T09:00", "3", "tuần"), "Không có đơn vị tính “tuần”"),
        (("2016-02-04T09:00", "3", "working_day", "--office", "99999"), "mã 99999"),
        (("2016-02-04T09:00", "3", "working_day", "--office", ""), "không có đơn vị nào mang mã"),
    ],
)
def test_deadline_command_what_is_wrong_is_said_in_a_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        deadline(*arguments)
    assert sentence in str(refusal.value)
    assert refusal.value.returncode == 1


def test_deadline_command_shell_sees_the_year_on_stderr_and_exit_code_1(tmp_path: Path) -> None:
    environment = {**os.environ, "MOTCUA_VAR": str(tmp_path), "DATABASE_URL": ""}

    def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert manage("migrate", "--verbosity=0").returncode == 0
    told = manage("deadline", "2016-02-04T09:00", "3", "working_day")
    assert (told.returncode, told.stdout) == (1, "")
    assert "năm 2016" in told.stderr
    assert "Traceback" not in told.stderr
    told = manage("deadline", "2016-02-04T09:00", "-3", "working_day")
    assert told.returncode in (1, 2)
    assert "phải là số nguyên" in told.stderr
