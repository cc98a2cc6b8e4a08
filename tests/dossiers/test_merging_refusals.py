"""What is wrong with a list of offices is said line by line, and nothing is done."""

import io
import json
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import Workbook

from dossiers.merging import files
from dossiers.merging.undoing import hindrances
from dossiers.models import Merger
from motcua.models import Office, ReceptionPoint, Staff
from reports.sign_off import closing
from reports.terms.periods import parse_period
from tests.cast import Cast, make_staff, vn
from tests.dossiers.merged import HEADER, office, run, the_merger, whole_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day_after() -> object:
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        yield


def refused(path: Path, lines: str) -> list[tuple[int, str | None, str]]:
    """(line, column, reason) of each problem that the command tells."""
    file = path / "merger.csv"
    file.write_text(HEADER + lines, encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("merge_offices", str(file), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["written"] == 0
    assert Merger.objects.count() == 0
    assert not Office.objects.filter(exists_until__isnull=False).exists()
    return [(each["line"], each["column"], each["reason"]) for each in told["refused"]]


@pytest.mark.parametrize(
    ("lines", "line", "column", "said"),
    [
        (
            "32070,Xã Tân Bằng,32069,Xã Biển Bạch,2025-07-01\n",
            *(2, "old_code"),
            "không có đơn vị nào mang mã 32070. Xã Tân Bằng có mã 32069.",
        ),
        (
            "32069,Xã Biển Bạch,32069,Xã Biển Bạch,2025-07-01\n",
            *(2, "old_name"),
            "mã 32069 là của Xã Tân Bằng, không phải Xã Biển Bạch. Xã Biển Bạch có mã 32068.",
        ),
        (
            "32068,Xã Biển Bạch,32069,Xã Biển Bạch,2025-07-01\n",
            *(2, "new_code"),
            "Mã mới 32069 đang là của Xã Tân Bằng, mà đơn vị này không kết thúc trong tệp.",
        ),
        (
            "32068,Xã Biển Bạch,32069,Xã Biển Bạch,2025-07-01\n"
            "32069,Xã Tân Bằng,32069,Xã Biển Bạch Mới,2025-07-01\n",
            *(3, "new_name"),
            "Mã mới 32069 có hai tên: Xã Biển Bạch (dòng 2) và Xã Biển Bạch Mới.",
        ),
        (
            "32069,Xã Tân Bằng,32069,Xã Biển Bạch,2025-07-01\n"
            "32069,Xã Tân Bằng,32083,Xã Tân Lộc,2025-07-01\n",
            *(3, "old_code"),
            "có hai đơn vị kế thừa (xem dòng 2)",
        ),
        (
            "32069,Xã Tân Bằng,32069,Xã Biển Bạch,2025-07-01\n"
            "32068,Xã Biển Bạch,32069,Xã Biển Bạch,2025-08-01\n",
            *(3, "on"),
            "Một tệp chỉ có một ngày",
        ),
        ("32069,Xã Tân Bằng,32069,Xã Biển Bạch,hôm nay\n", 2, "on", "không đọc được"),
        ("32069,Xã Tân Bằng,32069,Xã Biển Bạch,\n", 2, "on", "Chưa ghi ngày"),
        ("32069,Xã Tân Bằng,32069,,2025-07-01\n", 2, "new_name", "chưa ghi tên mới"),
        (
            "967,Huyện Thới Bình,32069,Xã Biển Bạch,2025-07-01\n"
            "32069,Xã Tân Bằng,32069,Xã Biển Bạch,2025-07-01\n",
            *(2, "new_code"),
            "phải cùng cấp",
        ),
        ("32069,Xã Tân Bằng,32069,Xã Biển Bạch,2025-07-03\n", 0, "on", "chưa tới"),
    ],
)
def test_merge_offices_says_what_is_wrong_with_a_line(
    cast: Cast, tmp_path: Path, lines: str, line: int, column: str, said: str
) -> None:
    found = refused(tmp_path, lines)
    assert [(where, name) for where, name, _ in found] == [(line, column)]
    assert said in found[0][2]


def test_merge_offices_reads_semicolons_a_byte_order_mark_and_the_act(
    cast: Cast, tmp_path: Path
) -> None:
    lines = whole_file().replace("Huyện Thới Bình,,,", "Huyện Thới Bình;;;").replace(",", ";")
    rows = lines.splitlines()
    rows = [f"{rows[0]};act_number;act_date"] + [
        f"{row};NQ 1655/NQ-UBTVQH15;16/06/2025" for row in rows[1:]
    ]
    run(tmp_path, ("\ufeff" + "\r\n".join(rows)).encode())
    assert the_merger().by_which_act == " theo NQ 1655/NQ-UBTVQH15 ngày 16/06/2025"
    assert the_merger().lines.count() == 13


def test_merge_offices_reads_a_workbook(cast: Cast, tmp_path: Path) -> None:
    book = Workbook()
    for row in whole_file().splitlines():
        book.active.append(row.split(","))
    out = io.BytesIO()
    book.save(out)
    file = files.read(out.getvalue())
    assert not file.problems
    assert len(file.rows) == 13
    assert files.read(files.as_csv(file).encode()).rows[2].old_name == "Xã Trí Phải"


def test_merge_offices_line_forgotten_is_entered_afterwards(cast: Cast, tmp_path: Path) -> None:
    forgotten = "32074,Xã Biển Bạch Đông,32069,Xã Biển Bạch,2025-07-01\n"
    run(tmp_path, whole_file().replace(forgotten, ""))
    assert Office.objects.coded("32074") is not None
    run(tmp_path, whole_file())
    assert office("32074", "2025-06-30").successor == office("32069")
    assert Merger.objects.count() == 2


def test_merge_offices_codes_that_change_places_are_no_ring(cast: Cast, tmp_path: Path) -> None:
    run(
        tmp_path,
        HEADER
        + "32069,Xã Tân Bằng,32068,Xã Tân Bằng,2025-07-01\n"
        + "32068,Xã Biển Bạch,32069,Xã Biển Bạch,2025-07-01\n",
    )
    assert office("32068").name == "Xã Tân Bằng"
    assert office("32069").name == "Xã Biển Bạch"
    assert office("32068", "2025-06-30").heir == office("32069")


def test_merge_offices_points_of_reception_go_on(cast: Cast, tmp_path: Path) -> None:
    for code in ("32068", "32069"):
        ReceptionPoint.objects.create(
            office=office(code, "2025-06-30"), name="Điểm ấp 3", address="Ấp 3"
        )
    run(tmp_path, whole_file())
    new = office("32069")
    assert [point.name for point in new.points.order_by("pk")] == [
        "Điểm ấp 3",
        "Điểm ấp 3, Xã Biển Bạch",
    ]
    old = office("32068", "2025-06-30").points.get()
    assert old.open_until == office("32068", "2025-06-30").exists_until
    run(tmp_path, "", "--undo")
    assert office("32068").points.get().open_until is None


def test_undo_is_refused_when_something_was_signed_since(cast: Cast, tmp_path: Path) -> None:
    run(tmp_path, whole_file())
    new, period = office("32069"), parse_period("2025-Q2")
    assert hindrances(the_merger()) == []
    leader = make_staff("chu-tich-bb", office("32092"), "leader")
    leader.office = new
    with time_machine.travel(vn("2025-07-02T11:00"), tick=False):
        seen = closing.fingerprint(closing.table_now(new, period))
        closing.sign(new, period, by=leader, seen=seen, note="")
        assert "Xã Biển Bạch đã ký" in " ".join(hindrances(the_merger()))


def test_merge_offices_communes_follow_their_district_to_its_successor(
    cast: Cast, tmp_path: Path
) -> None:
    run(
        tmp_path,
        HEADER
        + "32069,Xã Tân Bằng,32069,Xã Biển Bạch,2025-07-01\n"
        + "967,Huyện Thới Bình,968,Thị xã Thới Bình,2025-07-01\n",
    )
    new = office("968")
    assert (new.kind, new.level, new.parent.code) == ("thị xã", "district", "96")
    for code in ("32069", "32068"):
        assert office(code).parent == new
        assert not office(code).takes_district_procedures
    assert office("32068").on(vn("2025-06-30T12:00").date()).parent.code == "967"
    assert Staff.objects.get(username="mot-cua").office == new
