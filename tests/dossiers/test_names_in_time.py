"""Papers and lists bear the names, places and titles of their day, whatever came later."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from motcua.models import FormerDetails, Office, Staff
from motcua.operations import renaming
from tests.admin_pages import change, errors
from tests.cast import Cast, vn
from tests.dossiers.merged import make_lives, office, run, whole_file
from tests.dossiers.pages import logged_in
from tests.dossiers.test_act_papers import paper_of, words_of

pytestmark = pytest.mark.django_db
NEW_NAME = {"name": "Xã Tân Lộc Mới", "place": "Tân Lộc Mới", "address": "Ấp 3, xã Tân Lộc Mới"}


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(vn("2024-05-20T10:00"), tick=False):
        yield


def renamed(cast: Cast, client: Client, since: str) -> object:
    client.force_login(cast.administrator)
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])
    return change(client, address, since=since, **NEW_NAME)


def commune_slip(cast: Cast, received_at: str) -> str:
    dossier = cast.received(
        received_at, office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    return words_of(paper_of(logged_in(cast.commune_clerk), "dossier_slip", dossier))


def test_names_of_a_paper_are_those_of_its_day(cast: Cast, client: Client) -> None:
    renamed(cast, client, "2024-05-13")
    cast.tan_loc.refresh_from_db()
    assert cast.tan_loc.name == "Xã Tân Lộc Mới"
    # Printed for the first time after the change, received before it.
    assert "XÃ TÂN LỘC MỚI" not in commune_slip(cast, "2024-05-10T09:00")
    assert "XÃ TÂN LỘC MỚI" in commune_slip(cast, "2024-05-13T09:00")
    kept = FormerDetails.objects.get()
    assert (kept.office, kept.last_day, kept.name) == (
        cast.tan_loc,
        date(2024, 5, 12),
        "Xã Tân Lộc",
    )
    assert cast.tan_loc.on(date(2024, 5, 12)).authority == "Ủy ban nhân dân xã Tân Lộc"
    with pytest.raises(TypeError):
        cast.tan_loc.on(date(2024, 5, 12)).save()


def test_names_without_a_day_were_always_so(cast: Cast, client: Client) -> None:
    renamed(cast, client, "")
    assert not FormerDetails.objects.exists()
    assert "XÃ TÂN LỘC MỚI" in commune_slip(cast, "2024-05-10T09:00")


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("21/05/2024", "Ngày áp dụng không được sau hôm nay"),
        ("2024-05-01", "Đã có thay đổi áp dụng từ 02/05/2024"),
    ],
)
def test_why_not_from_a_day_is_said_at_the_day(
    cast: Cast, client: Client, since: str, said: str
) -> None:
    renaming.keep_former(cast.tan_loc, date(2024, 5, 2))
    answer = renamed(cast, client, since)
    assert any(said in each for each in errors(answer))
    cast.tan_loc.refresh_from_db()
    assert cast.tan_loc.name == "Xã Tân Lộc"


def test_keep_former_of_two_changes_from_one_day_keeps_what_was_before_both(cast: Cast) -> None:
    renaming.keep_former(cast.tan_loc, date(2024, 5, 20))
    Office.objects.filter(pk=cast.tan_loc.pk).update(name="Xã Tạm")
    renaming.keep_former(cast.tan_loc, date(2024, 5, 20))
    assert [kept.name for kept in cast.tan_loc.former.all()] == ["Xã Tân Lộc"]


def test_names_of_acts_after_a_merger_are_the_successors(cast: Cast, tmp_path: Path) -> None:
    with time_machine.travel(vn("2025-06-30T10:00"), tick=False):
        lives = make_lives(cast)
        before, after = lives.at_the_desk["32069"], lives.in_division["32069"]
        perform.ask_supplement(
            before,
            by=lives.clerks["32069"],
            at=vn("2025-06-30T09:00"),
            items="Bản chính",
            reason="Còn thiếu",
        )
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        run(tmp_path, whole_file())
        clerk = Staff.objects.get(username="canbo.32069")
        after.refresh_from_db()
        perform.ask_supplement(
            after, by=clerk, at=vn("2025-07-02T09:00"), items="Bản chính", reason="Còn thiếu"
        )
        client = logged_in(clerk)
        old, new = (
            words_of(paper_of(client, "dossier_supplement", dossier, 1))
            for dossier in (before, after)
        )
        assert "XÃ TÂN BẰNG" in old
        assert "XÃ BIỂN BẠCH" not in old
        assert "XÃ BIỂN BẠCH" in new
        slip = words_of(paper_of(client, "dossier_slip", after))
        assert "XÃ TÂN BẰNG" in slip
        assert office("32069").name == "Xã Biển Bạch"
