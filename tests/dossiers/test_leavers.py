"""What waits where nobody works any more: told, and handed on with an event for each dossier."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.desk import leavers
from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from motcua.models import Division, Role, Staff
from tests.admin_pages import change
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def building_division(cast: Cast) -> Division:
    division = Division.objects.create(office=cast.district, name="Phòng Kinh tế và Hạ tầng")
    make_staff("hạ-tầng", cast.district, "specialist", division=division, full_name="Phạm Thị Sen")
    return division


def at_the_division(cast: Cast, at: str = "2016-02-04T09:00", **fields: str) -> Dossier:
    dossier = cast.received(at, **fields)
    perform.forward(dossier, by=cast.clerk, division=cast.land_division, at=vn("2016-02-04T10:00"))
    return dossier


def page(division: Division) -> str:
    return reverse("admin:motcua_division_hand_on", args=[division.pk])


def test_places_left_are_those_where_nobody_works_though_dossiers_lie_there(cast: Cast) -> None:
    before = Staff.objects.get(pk=cast.specialist.pk)
    assert leavers.places_left(before) == []
    at_the_division(cast)
    assert leavers.places_left(before) == [], "the person is still there"
    Staff.objects.filter(pk=before.pk).update(is_active=False)
    left = leavers.places_left(before)
    assert [(p.words, p.role, p.dossiers) for p in left] == [
        ("Chi nhánh Văn phòng Đăng ký đất đai huyện", Role.SPECIALIST, 1)
    ]
    make_staff("khac", cast.district, "specialist", division=cast.land_division)
    assert leavers.places_left(before) == []


def test_places_left_desk_without_a_clerk_and_place_to_sign_without_a_leader(cast: Cast) -> None:
    signing = Division.objects.create(office=cast.district, name="Lãnh đạo ký", is_leaders=True)
    cast.received()
    to_sign = cast.received("2016-02-04T09:30", applicant_name="Lê Văn Bưởi")
    perform.forward(to_sign, by=cast.clerk, division=signing, at=vn("2016-02-04T10:00"))
    clerk, leader = (Staff.objects.get(pk=staff.pk) for staff in (cast.clerk, cast.leader))
    Staff.objects.filter(pk__in=[clerk.pk, leader.pk]).update(is_active=False)
    assert [(p.role, p.dossiers, p.division) for p in leavers.places_left(clerk)] == [
        (Role.CLERK, 1, None)
    ]
    assert [(p.role, p.division) for p in leavers.places_left(leader)] == [(Role.LEADER, signing)]


@pytest.mark.parametrize("how", ["closed", "moved"])
def test_leaver_leaves_nothing_behind_unsaid(cast: Cast, admin: Client, how: str) -> None:
    at_the_division(cast)
    address = reverse("admin:motcua_staff_change", args=[cast.specialist.pk])
    values = {
        "closed": {"is_active": ""},
        "moved": {"office": str(cast.tan_loc.pk), "division": "", "is_clerk": "on"},
    }[how]
    said = change(admin, address, **values).content.decode()
    assert "không còn chuyên viên nào, mà 1 hồ sơ đang ở đó" in said
    assert page(cast.land_division) in said


def test_hand_on_moves_each_dossier_with_an_event_and_names_nobody(
    cast: Cast, admin: Client, building_division: Division
) -> None:
    first = at_the_division(cast)
    second = at_the_division(cast, "2016-02-04T09:30", applicant_name="Lê Văn Bưởi")
    shown = admin.get(page(cast.land_division))
    text = shown.content.decode()
    assert first.code in text and "Bàn giao 2 hồ sơ" in text
    assert "Nguyễn Văn Ân" not in text and "Lê Văn Bưởi" not in text

    form = {
        "to": f"division-{building_division.pk}",
        "reason": "Chị Đời nghỉ hưu",
        "token": str(shown.context["token"]),
    }
    done = admin.post(page(cast.land_division), form, follow=True).content.decode()
    assert "Đã chuyển 2 hồ sơ sang Phòng Kinh tế và Hạ tầng" in done
    for dossier in (first, second):
        dossier.refresh_from_db()
        assert dossier.holder_division == building_division
        event = dossier.events.filter(kind=Event.Kind.FORWARD).last()
        assert (event.actor, event.note) == (cast.administrator, "Chị Đời nghỉ hưu")
    admin.post(page(cast.land_division), form)
    assert first.events.filter(kind=Event.Kind.FORWARD).count() == 2


def test_hand_on_to_a_colleague_leaves_the_dossiers_where_they_are(
    cast: Cast, admin: Client
) -> None:
    dossier = at_the_division(cast)
    form = {"to": f"staff-{cast.clerk.pk}", "reason": "Làm thay", "token": str(uuid4())}
    said = admin.post(page(cast.land_division), form, follow=True).content.decode()
    assert "Trần Thị Mận làm việc ở" in said
    cast.clerk.refresh_from_db()
    assert cast.clerk.division == cast.land_division and cast.clerk.is_specialist
    assert cast.clerk.history.first().history_change_reason == "Làm thay"
    assert dossier.events.filter(kind=Event.Kind.FORWARD).count() == 1


def test_hand_on_leaves_what_waits_for_the_citizen(
    cast: Cast, admin: Client, building_division: Division
) -> None:
    dossier = at_the_division(cast)
    perform.ask_supplement(
        dossier, by=cast.specialist, items="CMND", reason="thiếu", at=vn("2016-02-05T09:00")
    )
    text = admin.get(page(cast.land_division)).content.decode()
    assert "1 hồ sơ khác đang chờ công dân" in text
    assert "Không có hồ sơ nào phải bàn giao" in text


def test_hand_on_needs_a_reason_a_place_and_the_own_office(
    cast: Cast, admin: Client, building_division: Division, client: Client
) -> None:
    at_the_division(cast)
    foreign = {"to": "division-999999", "reason": "", "token": str(uuid4())}
    refused = admin.post(page(cast.land_division), foreign)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "không còn. Hãy chọn lại" in text and "Hãy ghi lý do" in text
    client.force_login(make_staff("qt-xa", cast.tan_loc, "administrator", is_staff=True))
    assert client.get(page(cast.land_division)).status_code == 404
