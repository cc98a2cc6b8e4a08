"""Dossiers of a district that ended: they wait, the level above assigns them."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine

from dossiers.desk import permissions
from dossiers.lifecycle import perform
from dossiers.merging.assignment import Addresses, choices_for, waiting_for
from dossiers.models import Dossier
from dossiers.rules.states import MoveRefused, Verb
from motcua.models import Office, Staff
from reports.figures.verify import verify
from tests.cast import Cast, make_staff, vn
from tests.dossiers.merged import Lives, make_lives, office, run, whole_file
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db
PAGE = "/ho-so/cho-phan-cong/"
PAPER = {"paper_number": "1234/QĐ-UBND", "paper_date": date(2025, 7, 2)}


@pytest.fixture
def lives(cast: Cast, tmp_path: Path) -> Lives:
    with time_machine.travel(vn("2025-06-30T10:00"), tick=False):
        return make_lives(cast)


@pytest.fixture(autouse=True)
def on_the_day_after() -> object:
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        yield


@pytest.fixture
def chairman(cast: Cast) -> Staff:
    return make_staff("chu-tich-tinh", Office.objects.get(code="96"), "leader")


def of_the_district(cast: Cast, address: str, at: str = "2025-06-25T09:00") -> Dossier:
    return cast.received(at, address=address)


def test_assignment_dossiers_of_an_office_without_successor_wait_for_the_level_above(
    lives: Lives, chairman: Staff, tmp_path: Path
) -> None:
    waits = of_the_district(lives.cast, "Ấp 1, xã Tân Bằng, huyện Thới Bình, Cà Mau")
    run(tmp_path, whole_file())
    assert list(waiting_for(chairman)) == [waits]
    assert "1 hồ sơ của đơn vị đã kết thúc đang chờ phân công." in text(
        logged_in(chairman).get("/ban-lam-viec/")
    )
    waits.refresh_from_db()
    assert waits.holder_office.code == "967"
    assert waits.events.filter(kind="merge").get().changes == {}
    assert list(waiting_for(Staff.objects.get(username="lanhdao.32069"))) == []
    assert logged_in(lives.cast.clerk).get(PAGE).status_code == 403


def test_assignment_gives_the_dossier_with_number_and_day_of_the_paper(
    lives: Lives, chairman: Staff, tmp_path: Path
) -> None:
    waits = of_the_district(lives.cast, "Ấp 1, xã Tân Bằng, huyện Thới Bình, Cà Mau")
    held = of_the_district(lives.cast, "xã Tân Lộc, huyện Thới Bình")
    perform.forward(
        held, by=lives.cast.clerk, at=vn("2025-06-26T09:00"), division=lives.cast.land_division
    )
    run(tmp_path, whole_file())
    district, commune = office("967", "2025-06-30"), office("32069")
    client = logged_in(chairman)
    shown = client.get(PAGE)
    assert f'<option value="{commune.pk}" selected>Xã Biển Bạch' in shown.content.decode()
    sent = {
        "token": str(uuid4()),
        "ho-so": [waits.code, held.code],
        f"giao-{waits.code}": str(commune.pk),
        f"giao-{held.code}": str(office("32083").pk),
        "paper_number": "1234/QĐ-UBND",
        "paper_date": "2025-07-02",
    }
    assert "Đã phân công 2 hồ sơ" in text(client.post(PAGE, sent, follow=True))
    waits.refresh_from_db()
    assert (waits.office, waits.receiver, waits.holder_office) == (commune, district, commune)
    assert (waits.assigned_from, waits.assigned_on) == (district, date(2025, 7, 2))
    event = waits.events.get(kind="assign")
    assert (event.actor, event.note) == (
        chairman,
        "Giao Xã Biển Bạch theo 1234/QĐ-UBND ngày 02/07/2025.",
    )
    held.refresh_from_db()
    assert (held.office, held.holder_division) == (office("32083"), None)
    assert held.transfers.last().to_office == office("32083")
    assert verify().differences == []
    # Sent again it is done once.
    client.post(PAGE, sent, follow=True)
    assert waits.events.filter(kind="assign").count() == 1


def test_assignment_to_the_province_that_has_no_desk(
    lives: Lives, chairman: Staff, tmp_path: Path
) -> None:
    waits = of_the_district(lives.cast, "")
    run(tmp_path, whole_file())
    province = office("96")
    assert not province.has_desk
    assert choices_for(chairman)[-1] == province
    perform.assign(waits, by=chairman, office=province, **PAPER)
    assert waits.office == province


def test_assignment_without_a_paper_or_to_an_ended_office_is_refused(
    lives: Lives, chairman: Staff, tmp_path: Path
) -> None:
    waits = of_the_district(lives.cast, "")
    run(tmp_path, whole_file())
    ended = office("32068", "2025-06-30")
    with pytest.raises(MoveRefused, match="không còn hoạt động"):
        perform.assign(waits, by=chairman, office=ended, **PAPER)
    with pytest.raises(MoveRefused, match="số văn bản"):
        perform.assign(waits, by=chairman, office=office("32069"), **PAPER | {"paper_number": " "})
    with pytest.raises(MoveRefused, match="không chờ phân công"):
        perform.assign(lives.at_the_desk["32068"], by=chairman, office=office("32069"), **PAPER)
    answer = logged_in(chairman).post(PAGE, {"token": str(uuid4()), "ho-so": [waits.code]})
    assert answer.status_code == 422
    assert "Hãy ghi số văn bản phân công." in text(answer)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Ấp 1, xã Tân Bằng, huyện Thới Bình, Cà Mau", "32069"),
        ("Ấp 2, Tân Lộc, Thới Bình, Cà Mau", "32083"),
        ("Khóm 2, TT. Thới Bình, H. Thới Bình", "32065"),
        ("Ấp 9, xã Biển Bạch Đông, huyện Thới Bình", "32069"),
        ("ap 9, xa bien bach, tinh Ca Mau", "32069"),
        ("xã Tân Phú, xã Tân Lộc", "96"),
        ("huyện Thới Bình, tỉnh Cà Mau", None),
        ("12 Trần Hưng Đạo, Hà Nội", None),
        ("", None),
    ],
)
def test_addresses_propose_the_commune_of_today_or_the_province_for_two(
    lives: Lives, chairman: Staff, tmp_path: Path, address: str, code: str | None
) -> None:
    run(tmp_path, whole_file())
    proposed = Addresses(choices_for(chairman), office("96")).propose(address, date(2025, 6, 1))
    assert (proposed.office.code if proposed.office else None) == code


def test_assignment_result_is_handed_over_by_the_office_that_was_given_it(
    lives: Lives, chairman: Staff, tmp_path: Path
) -> None:
    waits = of_the_district(lives.cast, "")
    run(tmp_path, whole_file())
    commune, clerk = office("32069"), Staff.objects.get(username="canbo.32068")
    perform.assign(waits, by=chairman, office=commune, **PAPER)
    assert not waits.is_elsewhere, "nobody received it for another office"
    assert Verb.CORRECT in permissions.acts_now(clerk, waits)
    perform.resolve(waits, by=clerk, outcome="approved")
    assert (waits.return_place, waits.holder_office) == (commune, commune)
    assert permissions.acts_now(clerk, waits)[0] is Verb.HAND_OVER
    perform.hand_over(waits, by=clerk, collector_name="Nguyễn Văn Ân")


def test_merging_result_that_an_ended_office_would_have_returned_comes_to_the_solver(
    lives: Lives, tmp_path: Path
) -> None:
    held = lives.at_the_desk["32068"]
    Dossier.objects.filter(pk=held.pk).update(return_office=lives.cast.district)
    run(tmp_path, whole_file())
    held.refresh_from_db()
    assert held.return_place == office("32069")
