"""merge_offices: the real merger of 1/7/2025, from offices to dossiers."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management.base import CommandError

from dossiers.models import Dossier, Event, Merger
from motcua.models import Office, Staff
from tests.cast import Cast, vn
from tests.dossiers.merged import COMMUNES, Lives, make_lives, office, run, whole_file

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)


@pytest.fixture
def lives(cast: Cast) -> Lives:
    return make_lives(cast)


@pytest.fixture(autouse=True)
def on_the_day_after() -> object:
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        yield


def test_merge_offices_twelve_communes_become_five_and_the_district_ends(
    lives: Lives, tmp_path: Path
) -> None:
    told = run(tmp_path, whole_file())
    communes = Office.objects.existing(DAY).filter(level="commune")
    assert [(each.code, each.name) for each in communes] == [
        ("32065", "Xã Thới Bình"),
        ("32069", "Xã Biển Bạch"),
        ("32071", "Xã Trí Phải"),
        ("32083", "Xã Tân Lộc"),
        ("32092", "Xã Hồ Thị Kỷ"),
    ]
    assert {each.parent.code for each in communes} == {"96"}, "the district's parent"
    before = Office.objects.existing(date(2025, 6, 30)).filter(level="commune")
    assert before.count() == 12
    assert not Office.objects.existing(DAY).filter(level="district").exists()
    assert "Xã Biển Bạch (32069) kế thừa Xã Tân Bằng (32069), Xã Biển Bạch (32068)" in told
    assert office("32069", "2025-06-30").name == "Xã Tân Bằng"
    assert office("32069").name == "Xã Biển Bạch"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("Xã Thới Bình", "32077", "32065"),
        ("Xã Biển Bạch", "32068", "32069"),
        ("Xã Tân Lộc", "32086", "32083"),
    ],
)
def test_merge_offices_three_names_moved_to_other_codes(
    lives: Lives, tmp_path: Path, name: str, before: str, after: str
) -> None:
    run(tmp_path, whole_file())
    old, new = office(before, "2025-06-30"), office(after)
    assert (old.name, new.name) == (name, name)
    assert old.successor == new
    assert Office.objects.coded(before, DAY) is None


def test_merge_offices_unchanged_row_changes_only_what_is_above(
    lives: Lives, tmp_path: Path
) -> None:
    kept, joined = office("32092", "2025-06-30"), office("32071", "2025-06-30")
    run(tmp_path, whole_file())
    for known in (kept, joined):
        known.refresh_from_db()
        assert (known.exists_from, known.exists_until) == (None, None)
        assert known.parent.code == "96"
        assert known.takes_district_procedures, "nobody else takes what the district took"
        former = known.on(date(2025, 6, 30))
        assert former.parent.code == "967"
        assert known.on(DAY) == known
    assert {old.code for old in joined.predecessors.all()} == {"32072", "32080"}


def test_merge_offices_open_dossiers_go_over_and_ended_ones_stay(
    lives: Lives, tmp_path: Path
) -> None:
    codes = dict(Dossier.objects.values_list("pk", "code"))
    run(tmp_path, whole_file())
    new = office("32069")
    for code in ("32068", "32069", "32074"):
        old = office(code, "2025-06-30")
        desk, held, done = lives.at_the_desk[code], lives.in_division[code], lives.ended[code]
        for dossier in (desk, held, done):
            dossier.refresh_from_db()
            assert (dossier.office, dossier.receiver) == (old, old)
        assert (desk.holder_office, desk.holder_division) == (new, None)
        assert (held.holder_office, held.holder_division.name) == (new, "Tư pháp - Hộ tịch")
        assert held.holder_division.office == new
        assert done.holder_office == old
        kinds = [dossier.events.filter(kind="merge").count() for dossier in (desk, held, done)]
        assert kinds == [1, 1, 0]
        last, running = held.transfers.order_by("number")
        assert last.to_office == old
        assert last.ended_at == vn("2025-07-01T00:00")
        assert (running.from_office, running.to_office) == (old, new)
        assert running.ended_at is None
    assert dict(Dossier.objects.values_list("pk", "code")) == codes


def test_merge_offices_staff_work_for_the_successor_in_its_divisions(
    lives: Lives, tmp_path: Path
) -> None:
    run(tmp_path, whole_file())
    new = office("32069")
    for code in ("32068", "32069", "32074"):
        clerk = Staff.objects.get(pk=lives.clerks[code].pk)
        assert (clerk.office, clerk.office_since) == (new, DAY)
        assert (clerk.division.office, clerk.division.name) == (new, "Tư pháp - Hộ tịch")
        assert clerk.is_clerk
        assert clerk.is_specialist
    assert sorted(new.divisions.values_list("name", "is_leaders")) == [
        ("Lãnh đạo 32069", True),
        ("Tư pháp - Hộ tịch", False),
    ]
    old = office("32068", "2025-06-30")
    assert set(old.divisions.values_list("is_active", flat=True)) == {False}
    kept = Staff.objects.get(username="mot-cua")
    assert kept.office.code == "967", "of an office without successor"


def test_merge_offices_again_changes_nothing_and_says_so(lives: Lives, tmp_path: Path) -> None:
    run(tmp_path, whole_file())
    before = (Office.objects.count(), Event.objects.count(), Merger.objects.count())
    told = run(tmp_path, whole_file())
    assert "Không có gì phải thay đổi" in told
    assert (Office.objects.count(), Event.objects.count(), Merger.objects.count()) == before


def test_merge_offices_dry_run_counts_and_writes_nothing(lives: Lives, tmp_path: Path) -> None:
    late = lives.received("32068", "2025-07-01T08:00")
    told = run(tmp_path, whole_file(), "--dry-run", "--json")
    assert '"late": 1' in told
    assert '"open": 20' in told, "two of each of the ten communes that end"
    assert '"written": 0' in told
    assert Merger.objects.count() == 0
    assert Event.objects.filter(kind="merge").count() == 0
    late.refresh_from_db()
    assert late.office.code == "32068"
    assert len(COMMUNES) == 12


def test_merge_offices_day_to_come_is_refused_but_may_be_looked_at(
    lives: Lives, tmp_path: Path
) -> None:
    later = whole_file().replace("2025-07-01", "2025-07-03")
    assert "Chưa ghi gì" in run(tmp_path, later, "--dry-run")
    with pytest.raises(CommandError):
        run(tmp_path, later)
    assert Merger.objects.count() == 0


def test_merge_offices_late_receipts_move_wholly_and_keep_their_code(
    lives: Lives, tmp_path: Path
) -> None:
    late = lives.received("32069", "2025-07-01T08:00")
    run(tmp_path, whole_file())
    code, new = late.code, office("32069")
    late.refresh_from_db()
    assert (late.office, late.receiver, late.code) == (new, new, code)
    following = lives.cast.received(
        "2025-07-01T09:00", office=new, procedure=lives.cast.birth, by=lives.clerks["32069"]
    )
    assert following.code == "H12.TAM.32.069-250701-0002", "same identity, so the serials go on"
    assert following.book_number > late.book_number
