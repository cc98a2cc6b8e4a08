"""The leaders' signature is a place of its own: desk > division > leaders > desk."""

from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from dossiers.desk import bundles, permissions
from dossiers.lifecycle import perform, steps
from dossiers.models import Dossier
from dossiers.rules.states import Verb
from motcua.models import Division, Staff
from procedures.models import ProcedureStep
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

DESK, BUNDLE = "/ban-lam-viec/", "/ban-lam-viec/giao-nhan/"


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False):
        yield


@pytest.fixture
def leaders(cast: Cast) -> Division:
    return cast.district.divisions.create(name="Lãnh đạo ký duyệt", is_leaders=True)


@pytest.fixture
def laid_before(cast: Cast, leaders: Division) -> Dossier:
    """Received, solved by the division, laid before the leaders."""
    dossier = cast.received("2016-03-07T09:00")
    for day, giver, place in ((7, cast.clerk, cast.land_division), (8, cast.specialist, leaders)):
        perform.forward(dossier, by=giver, at=vn(f"2016-03-0{day}T14:00"), division=place)
        dossier = Dossier.objects.get(pk=dossier.pk)
    return dossier


def place(dossier: Dossier) -> tuple[str, str | None] | None:
    proposed = steps.proposal(Dossier.objects.get(pk=dossier.pk))
    if proposed is None:
        return None
    return proposed.office.name, proposed.division.name if proposed.division else None


def sign(client: Client, *dossiers: Dossier, token: object = None) -> object:
    data = {"act": "sign", "token": str(token or uuid4()), "ho-so": [d.code for d in dossiers]}
    return client.post(BUNDLE, data, follow=True)


def test_signatures_each_place_proposes_the_next_one(cast: Cast, leaders: Division) -> None:
    dossier = cast.received("2016-03-07T09:00")
    office = cast.district.name
    assert place(dossier) == (office, cast.land_division.name)
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    assert place(dossier) == (office, leaders.name)
    perform.forward(dossier, by=cast.specialist, division=leaders)
    assert place(dossier) == (office, None)


def test_without_a_place_to_sign_the_division_gives_back_to_the_desk(cast: Cast) -> None:
    dossier = cast.received("2016-03-07T09:00")
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    assert place(dossier) == (cast.district.name, None)


def test_dossier_of_a_commune_goes_back_from_the_district_s_leaders_to_its_desk(
    cast: Cast, leaders: Division
) -> None:
    dossier = cast.received("2016-03-07T09:00", office=cast.tan_loc, procedure=cast.birth)
    perform.forward(dossier, by=cast.commune_clerk, division=leaders)
    assert place(dossier) == (cast.tan_loc.name, None)


def test_signatures_step_of_the_leaders_lies_where_they_sign(cast: Cast, leaders: Division) -> None:
    version = cast.land.version_on(vn("2016-03-07T09:00").date())
    ProcedureStep.objects.create(
        version=version,
        position=1,
        level="district",
        department="Lãnh đạo UBND huyện",
        share_value=1,
        share_unit="working_day",
    )
    assert place(cast.received("2016-03-07T09:00")) == (cast.district.name, leaders.name)


def test_signatures_only_a_leader_confirms_and_signs(cast: Cast, laid_before: Dossier) -> None:
    transfer = perform.untaken_transfer(laid_before)
    anywhere = make_staff("chuyen-vien-khac", cast.district, "specialist")
    assert permissions.may_take_over(cast.leader, transfer)
    for other in (cast.clerk, cast.specialist, anywhere, cast.commune_leader):
        assert not permissions.may_take_over(other, transfer)
    assert permissions.likely_next(cast.leader, laid_before) is Verb.FORWARD
    arrived = logged_in(anywhere).get(f"{DESK}?hang-doi=moi-chuyen")
    assert laid_before.code not in text(arrived)
    refused = sign(logged_in(cast.specialist), laid_before)
    assert f"{laid_before.code}: Tài khoản của ông/bà không được làm việc này" in text(refused)
    laid_before.refresh_from_db()
    assert laid_before.awaits_signature


def test_signatures_leader_signs_what_lies_there_with_one_press(
    cast: Cast, laid_before: Dossier
) -> None:
    client = logged_in(cast.leader)
    page = client.get(f"{DESK}?hang-doi=cho-ky")
    assert "Chờ lãnh đạo ký 1" in text(page)
    token = uuid4()
    said = f"Đã ký và chuyển 1 hồ sơ: 1 hồ sơ đến Bộ phận một cửa {cast.district.name_in_small}."
    for _ in range(2):
        assert said in text(sign(client, laid_before, token=token))
    acts = list(laid_before.events.exclude(kind="read").values_list("kind", "actor", "note"))
    assert acts[3:] == [
        ("take_over", cast.leader.pk, ""),
        ("forward", cast.leader.pk, "Lãnh đạo đã ký"),
    ]
    laid_before.refresh_from_db()
    assert (laid_before.holder_office, laid_before.holder_division) == (cast.district, None)


def test_signatures_two_leaders_who_sign_the_same_queue_sign_once(
    cast: Cast, laid_before: Dossier
) -> None:
    stale = [Dossier.objects.get(pk=laid_before.pk) for _ in range(2)]
    first, second = (bundles.ACTS["sign"]([one], by=cast.leader, token=uuid4()) for one in stale)
    assert (len(first.done), len(second.done), len(second.refused)) == (1, 0, 1)
    laid_before.refresh_from_db()
    assert (laid_before.holder_office, laid_before.holder_division) == (cast.district, None)


def test_signature_that_is_refused_leaves_nothing_behind(cast: Cast, laid_before: Dossier) -> None:
    perform.ask_supplement(laid_before, by=cast.leader, items="Đơn", reason="Thiếu")
    before = Dossier.objects.get(pk=laid_before.pk)
    outcome = bundles.ACTS["sign"]([before], by=cast.leader, token=uuid4())
    assert outcome.refused
    assert Dossier.objects.get(pk=laid_before.pk).revision == laid_before.revision
    assert not laid_before.events.filter(kind="take_over").exists()


def test_signatures_what_is_no_longer_to_sign_says_where_it_is(
    cast: Cast, laid_before: Dossier
) -> None:
    perform.forward(laid_before, by=cast.leader, division=cast.land_division)
    answer = text(sign(logged_in(cast.leader), laid_before))
    assert (
        f"{laid_before.code}: Hồ sơ không còn chờ ký mà đang ở {cast.land_division.name}." in answer
    )


@pytest.mark.parametrize("who", ["clerk", "specialist"])
def test_queue_to_sign_is_the_leader_s(cast: Cast, laid_before: Dossier, who: str) -> None:
    staff: Staff = getattr(cast, who)
    assert "Chờ lãnh đạo ký" not in text(logged_in(staff).get(DESK))


def test_signatures_leader_s_own_page_offers_to_sign(cast: Cast, laid_before: Dossier) -> None:
    client = logged_in(cast.leader)
    assert "Ký, chuyển tiếp" in text(client.get(f"/ho-so/{laid_before.code}/"))
    form = client.get(f"/ho-so/{laid_before.code}/viec/forward/").context["form"]
    assert form["note"].value() == "Lãnh đạo đã ký"
    assert form["to"].value() == f"o{cast.district.pk}"


def test_office_has_one_place_to_sign(cast: Cast, leaders: Division) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.district.divisions.create(name="Lãnh đạo khác", is_leaders=True)
