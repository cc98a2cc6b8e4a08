"""Staff from a table: refused, doubtful or good, all or nothing; first passwords told once."""

import csv
import io
import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pypdf import PdfReader

from motcua.accounts.staff_table import TITLES
from motcua.models import Division, Role, Staff
from tests.cast import Cast

pytestmark = pytest.mark.django_db

GOOD = {
    "username": "an.32086",
    "full_name": "Nguyễn Văn An",
    "title": "Công chức Tư pháp - Hộ tịch",
    "roles": "cán bộ một cửa, chuyên viên",
    "office_code": "32086",
    "division": "",
    "phone": "0912345678",
    "email": "an@tanloc.example",
}


def csv_of(*people: dict[str, str], columns: tuple[str, ...] = tuple(GOOD)) -> bytes:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(columns)
    table.writerows([(GOOD | person)[column] for column in GOOD] for person in people)
    return file.getvalue().encode()


def told(content: bytes, tmp_path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """What the command exits with and tells as JSON."""
    file, out = tmp_path / "can-bo", io.StringIO()
    file.write_bytes(content)
    try:
        call_command("import_staff", str(file), "--json", *options, stdout=out)
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def places(entries: list[dict[str, Any]]) -> list[tuple[int, str | None]]:
    return [(entry["line"], entry["column"]) for entry in entries]


def test_import_staff_makes_accounts_whose_passwords_are_on_the_sheet_alone(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Division.objects.create(office=cast.tan_loc, name="Tư pháp - Hộ tịch")
    sheet = tmp_path / "mat-khau.csv"
    exits, said = told(
        csv_of({"division": "tu phap - ho tich"}), tmp_path, "--sheet-out", str(sheet)
    )
    assert (exits, said) == (0, {"good": 1, "refused": [], "doubtful": [], "written": 1})
    staff = Staff.objects.get(username="an.32086")
    assert (staff.office, staff.division.name) == (cast.tan_loc, "Tư pháp - Hộ tịch")
    assert staff.roles == [Role.CLERK, Role.SPECIALIST]
    assert staff.must_change_password and not staff.is_staff
    assert staff.history.count() == 1

    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    password = rows[1][-1]
    assert rows[1][:4] == ["Xã Tân Lộc", *[GOOD[n] for n in ("full_name", "title", "username")]]
    assert staff.check_password(password)
    assert password not in staff.password
    printed = capsys.readouterr()
    assert password not in printed.out + printed.err + json.dumps(said)


@pytest.mark.parametrize(
    ("person", "column"),
    [
        ({"username": ""}, "username"),
        ({"username": "mot-cua-xa"}, "username"),
        ({"username": "MOT-CUA-XA"}, "username"),
        ({"username": "an 32086"}, "username"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "A" * 81}, "full_name"),
        ({"roles": ""}, "roles"),
        ({"roles": "cán bộ một cửa, trưởng phòng"}, "roles"),
        ({"office_code": ""}, "office_code"),
        ({"office_code": "99999"}, "office_code"),
        ({"division": "Phòng Không Có"}, "division"),
        ({"division": "Chi nhánh Văn phòng Đăng ký đất đai huyện"}, "division"),
        ({"email": "an@"}, "email"),
        ({"phone": "#N/A"}, "phone"),
    ],
)
def test_import_staff_refuses_what_cannot_be_and_writes_nothing(
    cast: Cast, tmp_path: Path, person: dict[str, str], column: str
) -> None:
    before = Staff.objects.count()
    exits, said = told(csv_of({}, person | {"title": "x"}), tmp_path, "--accept-doubtful")
    if column != "username":  # the second line bears the name of the first, too
        person = person | {"username": "khac.32086"}
        exits, said = told(csv_of({}, person), tmp_path, "--accept-doubtful")
    assert (exits, places(said["refused"])) == (1, [(3, column)])
    assert (said["good"], said["written"], Staff.objects.count()) == (1, 0, before)


def test_import_staff_user_name_twice_in_a_file_is_refused_in_the_later_line(
    cast: Cast, tmp_path: Path
) -> None:
    exits, said = told(csv_of({}, {"full_name": "Lê Thị Bưởi"}), tmp_path)
    assert (exits, said["good"], places(said["refused"])) == (1, 1, [(3, "username")])
    assert "dòng 2" in said["refused"][0]["reason"]


@pytest.mark.parametrize(
    ("person", "column"),
    [
        ({"full_name": "CÁN BỘ MOT-CUA-XA"}, "full_name"),
        ({"username": "motcuaxa"}, "username"),
        ({"full_name": "Nguyễn Văn 1"}, "full_name"),
        ({"full_name": "NguyÔn V¨n An"}, "full_name"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_import_staff_what_is_unlikely_waits_until_somebody_accepts_it(
    cast: Cast, tmp_path: Path, person: dict[str, str], column: str
) -> None:
    content = csv_of(person)
    exits, said = told(content, tmp_path)
    assert (exits, places(said["doubtful"]), said["good"]) == (3, [(2, column)], 0)
    assert said["written"] == 0
    exits, said = told(content, tmp_path, "--accept-doubtful")
    assert (exits, said["written"]) == (0, 1)


def test_import_staff_two_lines_of_one_name_in_an_office_are_doubtful(
    cast: Cast, tmp_path: Path
) -> None:
    other = {"username": "b.32068", "office_code": "32068"}
    _, said = told(csv_of({}, other, {"username": "c.32086"}), tmp_path)
    assert places(said["doubtful"]) == [(4, "full_name")]


def test_import_staff_of_a_chosen_office_takes_its_people_alone(cast: Cast, tmp_path: Path) -> None:
    content = csv_of({"office_code": ""}, {"username": "b.32068", "office_code": "32068"})
    exits, said = told(content, tmp_path, "--office", "32086")
    assert (exits, places(said["refused"])) == (1, [(3, "office_code")])
    exits, said = told(content, tmp_path, "--office", "nope")
    assert (exits, places(said["refused"]), said["good"]) == (1, [(0, "office_code")], 0)


def test_import_staff_reads_vietnamese_names_of_columns_and_a_workbook(
    cast: Cast, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Danh sách công chức xã Tân Lộc"])
    book.active.append([titles[0].upper() for titles in TITLES.values()])
    book.active.append([*list(GOOD.values())[:6], 912345678, None])
    file = io.BytesIO()
    book.save(file)
    exits, said = told(file.getvalue(), tmp_path)
    assert (exits, said["written"]) == (0, 1)
    assert Staff.objects.get(username="an.32086").phone == "0912345678"


def test_import_staff_dry_run_writes_neither_accounts_nor_sheet(cast: Cast, tmp_path: Path) -> None:
    sheet = tmp_path / "mat-khau.csv"
    exits, said = told(csv_of({}), tmp_path, "--dry-run", "--sheet-out", str(sheet))
    assert (exits, said["good"], said["written"]) == (0, 1, 0)
    assert not sheet.exists() and not Staff.objects.filter(username="an.32086").exists()


def test_import_staff_writes_over_no_file_and_then_makes_no_account(
    cast: Cast, tmp_path: Path
) -> None:
    sheet = tmp_path / "mat-khau.csv"
    sheet.write_text("của ai đó")
    exits, said = told(csv_of({}), tmp_path, "--sheet-out", str(sheet))
    assert (exits, places(said["refused"]), said["written"]) == (1, [(0, None)], 0)
    assert sheet.read_text() == "của ai đó"
    assert not Staff.objects.filter(username="an.32086").exists()


def test_import_staff_without_a_sheet_makes_accounts_that_nobody_enters_yet(
    cast: Cast, tmp_path: Path
) -> None:
    exits, said = told(csv_of({}), tmp_path)
    assert (exits, said["written"]) == (0, 1)
    assert not Staff.objects.get(username="an.32086").has_usable_password()


def test_import_staff_prints_slips_to_cut(cast: Cast, tmp_path: Path) -> None:
    sheet = tmp_path / "mat-khau.pdf"
    people = [{"username": f"nguoi{n}.x", "full_name": f"Người {n:c}"} for n in range(97, 107)]
    exits, _ = told(csv_of(*people), tmp_path, "--sheet-out", str(sheet))
    assert exits == 0
    paper = PdfReader(sheet)
    text = paper.pages[0].extract_text()
    assert len(paper.pages) == 1
    assert all(person["username"] in text for person in people)


def test_import_staff_into_an_office_that_has_ended_is_refused(cast: Cast, tmp_path: Path) -> None:
    cast.tan_loc.exists_until = date(2016, 1, 31)
    cast.tan_loc.save()
    exits, said = told(csv_of({}), tmp_path)
    assert (exits, places(said["refused"])) == (1, [(2, "office_code")])
