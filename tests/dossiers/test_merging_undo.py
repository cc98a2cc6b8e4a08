"""A merger entered wrongly is undone while nothing followed."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management.base import CommandError

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Merger
from motcua.models import Division, Office, Staff
from reports.figures.verify import verify
from tests.cast import Cast, make_staff, vn
from tests.dossiers.merged import Lives, make_lives, office, run, whole_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def lives(cast: Cast) -> Lives:
    with time_machine.travel(vn("2025-06-30T10:00"), tick=False):
        return make_lives(cast)


@pytest.fixture(autouse=True)
def on_the_day_after() -> object:
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        yield


def picture() -> dict[str, Any]:
    """All that a merger moves, but what it leaves for good."""
    places = ("office_id", "receiver_id", "holder_office_id", "holder_division_id", "held_since")
    return {
        "offices": list(
            Office.objects.filter(is_hidden=False).values_list(
                "pk", "name", "parent_id", "exists_until", "takes_district_procedures"
            )
        ),
        "dossiers": list(Dossier.objects.order_by("pk").values_list("pk", "state", *places)),
        "staff": list(
            Staff.objects.order_by("pk").values_list("pk", "office", "division", "office_since")
        ),
        "divisions": list(
            Division.objects.filter(is_active=True).order_by("pk").values_list("pk", "office")
        ),
        "open": list(
            Dossier.objects.filter(
                transfers__is_void=False, transfers__ended_at__isnull=True
            ).values_list("pk", "transfers__pk")
        ),
    }


def test_undo_puts_offices_staff_and_dossiers_back(lives: Lives, tmp_path: Path) -> None:
    lives.cast.received("2025-06-25T09:00")
    lives.received("32068", "2025-07-01T08:00")
    before = picture()
    run(tmp_path, whole_file())
    assert picture() != before
    assert "đã hoàn tác" in run(tmp_path, "", "--undo")
    assert picture() == before
    assert verify().differences == []
    merger = Merger.objects.get()
    assert merger.undone_at is not None
    held = lives.in_division["32068"]
    kinds = list(held.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["accept", "forward", "merge", "revert"], "what was done stays readable"
    # It can be entered again.
    run(tmp_path, whole_file())
    assert office("32069").name == "Xã Biển Bạch"
    assert Merger.objects.filter(undone_at__isnull=True).count() == 1


def test_undo_is_refused_when_a_dossier_was_acted_on_or_received(
    lives: Lives, tmp_path: Path
) -> None:
    run(tmp_path, whole_file())
    new, clerk = office("32069"), Staff.objects.get(username="canbo.32068")
    with time_machine.travel(vn("2025-07-03T10:00"), tick=False):
        lives.cast.received("2025-07-03T09:00", office=new, procedure=lives.cast.birth, by=clerk)
        with pytest.raises(CommandError, match=r"việc ở hồ sơ H12\.TAM\.32\.069-250703"):
            run(tmp_path, "", "--undo")


def test_undo_is_refused_when_an_old_dossier_was_handed_on(lives: Lives, tmp_path: Path) -> None:
    run(tmp_path, whole_file())
    desk, clerk = lives.at_the_desk["32068"], Staff.objects.get(username="canbo.32068")
    desk.refresh_from_db()
    perform.forward(desk, by=clerk, division=office("32069").divisions.get(is_leaders=False))
    with pytest.raises(CommandError, match=desk.code):
        run(tmp_path, "", "--undo")


def test_undo_is_refused_when_staff_came_or_went(lives: Lives, tmp_path: Path) -> None:
    run(tmp_path, whole_file())
    make_staff("moi", office("32069"), "clerk", full_name="Lê Thị Mới")
    with pytest.raises(CommandError, match="Lê Thị Mới"):
        run(tmp_path, "", "--undo")


def test_undo_of_nothing_is_refused(lives: Lives, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có lần sắp xếp nào"):
        run(tmp_path, "", "--undo")
