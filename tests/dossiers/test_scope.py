"""Who sees and does what: for a stranger the dossier does not exist, a reader may not act."""

import pytest
import time_machine
from django.test import Client

from dossiers.desk import queues
from dossiers.forms.verbs import FORMS
from dossiers.lifecycle import perform as lifecycle
from dossiers.models import Dossier
from motcua.models import Staff
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_due_date() -> object:
    with time_machine.travel(vn("2016-03-07T10:00"), tick=False):
        yield


@pytest.fixture
def birth(cast: Cast) -> Dossier:
    """A dossier of Tân Lộc, five working days: due on Monday 07/03/2016."""
    return cast.received(
        "2016-02-29T09:00",
        office=cast.tan_loc,
        procedure=cast.birth,
        by=cast.commune_clerk,
        applicant_name="Nguyễn Văn Ân",
        applicant_id="381234567",
    )


def logged_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def pages(dossier: Dossier) -> list[str]:
    own = f"/ho-so/{dossier.code}/"
    papers = ["phieu-hen.pdf", "phieu-tu-choi.pdf", "phieu-bo-sung-1.pdf"]
    return [own, *(own + paper for paper in papers), *(f"{own}viec/{v}/" for v in FORMS)]


def found_by(staff: Staff) -> set[str]:
    """Every way in which a dossier shows up in a list: list, search, queues, export."""
    client = logged_in(staff)
    seen = {line.dossier.code for line in client.get("/ho-so/").context["lines"]}
    for text in ("nguyen van an", "381234567"):
        page = client.post("/ho-so/", {"q": text}, follow=True).context
        # The only hit opens its dossier.
        seen |= (
            {line.dossier.code for line in page["lines"]}
            if "lines" in page
            else {page["dossier"].code}
        )
    for queue in queues.queues_for(staff):
        page = client.get(f"/ban-lam-viec/?hang-doi={queue.key}")
        seen |= {line.dossier.code for line in page.context["lines"]}
    export = b"".join(client.get("/ho-so/danh-sach.csv").streaming_content).decode()
    seen |= {line.split(",")[0] for line in export.splitlines()[1:]}
    return seen


@pytest.mark.parametrize("who", ["other_clerk", "clerk", "specialist"])
def test_scope_for_a_stranger_the_dossier_does_not_exist(
    cast: Cast, birth: Dossier, who: str
) -> None:
    stranger = getattr(cast, who)
    client = logged_in(stranger)
    for page in pages(birth):
        assert client.get(page).status_code == 404, page
        if "/viec/" in page:
            assert client.post(page, {"reason": "x"}).status_code == 404, page
    assert found_by(stranger) == set()
    typed = client.post("/ho-so/", {"q": birth.code})
    assert typed["Location"].startswith("/ho-so/?tim=")
    assert birth.events.count() == 1


@pytest.mark.parametrize("who", ["commune_clerk", "commune_leader", "leader", "overseer"])
def test_scope_who_may_see_it_finds_it_everywhere(cast: Cast, birth: Dossier, who: str) -> None:
    staff = getattr(cast, who)
    assert found_by(staff) == {birth.code}
    assert logged_in(staff).get(f"/ho-so/{birth.code}/").status_code == 200


@pytest.mark.parametrize("who", ["leader", "overseer"])
def test_scope_upper_level_reads_and_may_not_act(cast: Cast, birth: Dossier, who: str) -> None:
    client = logged_in(getattr(cast, who))
    page = client.get(f"/ho-so/{birth.code}/").content.decode()
    assert "/viec/" not in page
    for verb in FORMS:
        for answer in (
            client.get(f"/ho-so/{birth.code}/viec/{verb}/"),
            client.post(f"/ho-so/{birth.code}/viec/{verb}/"),
        ):
            assert answer.status_code == 403, verb
    birth.refresh_from_db()
    assert birth.revision == 1


def test_scope_forwarded_dossier_exists_for_its_receiver_too(cast: Cast, birth: Dossier) -> None:
    lifecycle.forward(birth, by=cast.commune_clerk, division=cast.land_division)
    assert found_by(cast.specialist) == {birth.code}
    page = logged_in(cast.specialist).get(f"/ho-so/{birth.code}/").content.decode()
    assert f"/ho-so/{birth.code}/viec/take_over/" in page
    lifecycle.forward(birth, by=cast.specialist, office=cast.tan_loc)
    assert logged_in(cast.clerk).get(f"/ho-so/{birth.code}/").status_code == 200


def test_forward_that_was_undone_leaves_it_to_nobody_else(cast: Cast, birth: Dossier) -> None:
    lifecycle.forward(birth, by=cast.commune_clerk, office=cast.bien_bach)
    assert found_by(cast.other_clerk) == {birth.code}
    lifecycle.revert(birth, by=cast.commune_leader, reason="Chuyển nhầm xã")
    assert found_by(cast.other_clerk) == set()
    assert logged_in(cast.other_clerk).get(f"/ho-so/{birth.code}/").status_code == 404


def test_scope_only_the_receiving_division_confirms(cast: Cast, birth: Dossier) -> None:
    lifecycle.forward(birth, by=cast.commune_clerk, division=cast.land_division)
    take_over = f"/ho-so/{birth.code}/viec/take_over/"
    elsewhere = make_staff("phong-khac", cast.district, "specialist")
    elsewhere.division = cast.district.divisions.create(name="Phòng Nội vụ")
    elsewhere.save()
    for staff, status in (
        (cast.commune_clerk, 403),
        (elsewhere, 403),
        (cast.specialist, 200),
        (cast.leader, 200),
    ):
        assert logged_in(staff).get(take_over).status_code == status, staff.username


def test_roles_decide_which_acts_are_offered(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    lifecycle.forward(
        dossier, by=cast.clerk, at=vn("2016-03-01T10:00"), division=cast.land_division
    )
    offered = {
        cast.clerk: {"resolve", "forward", "correct", "withdraw", "apologise", "stop"},
        cast.specialist: {"resolve", "forward", "ask_supplement", "ask_payment", "take_over"},
        cast.leader: {"resolve", "forward", "stop", "revert", "apologise", "take_over"},
    }
    for staff, verbs in offered.items():
        page = logged_in(staff).get(f"/ho-so/{dossier.code}/").content.decode()
        for verb in FORMS:
            link = f"/ho-so/{dossier.code}/viec/{verb}/"
            if verb in verbs:
                assert link in page, (staff.username, verb)
    specialists = logged_in(cast.specialist).get(f"/ho-so/{dossier.code}/").content.decode()
    for verb in ("hand_over", "correct", "withdraw", "revert", "apologise", "stop"):
        assert f"/viec/{verb}/" not in specialists
        status = logged_in(cast.specialist).get(f"/ho-so/{dossier.code}/viec/{verb}/").status_code
        assert status == 403


def test_scope_administrator_as_such_and_a_visitor_see_no_dossier(
    cast: Cast, birth: Dossier
) -> None:
    admin = logged_in(cast.administrator)
    assert admin.get(f"/ho-so/{birth.code}/").status_code == 404
    assert admin.get("/ho-so/").status_code == 403
    assert admin.get("/ho-so/danh-sach.csv").status_code == 403
    visitor = Client()
    for page in ("/ho-so/", "/ho-so/danh-sach.csv", f"/ho-so/{birth.code}/"):
        assert visitor.get(page)["Location"].startswith("/dang-nhap/?next=")
    for verb in FORMS:
        answer = visitor.post(f"/ho-so/{birth.code}/viec/{verb}/")
        assert answer["Location"].startswith("/dang-nhap/?next=")


def test_scope_closed_account_sees_nothing(cast: Cast, birth: Dossier) -> None:
    cast.commune_clerk.is_active = False
    assert not Dossier.objects.visible_to(cast.commune_clerk).exists()
