"""Who looked at this dossier: asked by its code, answered to leaders and administrators."""

import pytest
import time_machine

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import logged_in, path, text

pytestmark = pytest.mark.django_db

FIND = "/ho-so/ai-da-xem/"


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False):
        yield


@pytest.fixture
def looked_at(cast: Cast) -> Dossier:
    dossier = cast.received("2016-03-01T09:00")
    logged_in(cast.specialist).get(path(dossier))
    perform.record_print(dossier, by=cast.clerk, paper="slip")
    return dossier


def test_accesses_leader_reads_who_looked_and_who_printed_what(
    cast: Cast, looked_at: Dossier
) -> None:
    page = text(logged_in(cast.leader).get(f"{path(looked_at)}ai-da-xem/"))
    assert "10:00 thứ Tư 09/03/2016 Lê Văn Đời Huyện Thới Bình Xem hồ sơ" in page
    assert "Trần Thị Mận Huyện Thới Bình In phiếu hẹn" in page
    assert "Nguyễn Văn Ân" not in page


def test_accesses_who_leads_and_administers_loses_neither(cast: Cast, looked_at: Dossier) -> None:
    perform.forward(looked_at, by=cast.clerk, office=cast.tan_loc, at=vn("2016-03-02T09:00"))
    for _ in range(2):
        answer = logged_in(cast.commune_leader).get(f"{path(looked_at)}ai-da-xem/")
        assert answer.status_code == 200
        cast.commune_leader.is_administrator = True
        cast.commune_leader.save()


def test_accesses_code_however_typed_leads_there(cast: Cast, looked_at: Dossier) -> None:
    client = logged_in(cast.administrator)
    assert "Mã hồ sơ" in text(client.get(FIND))
    answer = client.get(FIND, {"ma": f" {looked_at.code.lower()} "}, follow=True)
    assert answer.redirect_chain == [(f"{path(looked_at)}ai-da-xem/", 302)]
    assert "Lê Văn Đời" in text(answer)


def test_accesses_unknown_code_is_said_at_the_box_and_stays(cast: Cast, looked_at: Dossier) -> None:
    answer = logged_in(cast.leader).get(FIND, {"ma": "H12.TAM.967-160301-9999"})
    assert answer.status_code == 404
    assert "Không có hồ sơ mã “H12.TAM.967-160301-9999” trong phạm vi của ông/bà." in text(answer)
    assert 'value="H12.TAM.967-160301-9999"' in answer.content.decode()


def test_dossiers_out_of_reach_do_not_exist(cast: Cast, looked_at: Dossier) -> None:
    keeper = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    for who in (keeper, cast.commune_leader):
        client = logged_in(who)
        assert client.get(FIND, {"ma": looked_at.code}).status_code == 404
        assert client.get(f"{path(looked_at)}ai-da-xem/").status_code == 404


def test_accesses_clerks_specialists_and_overseers_do_not_ask(
    cast: Cast, looked_at: Dossier
) -> None:
    for who in (cast.clerk, cast.specialist, cast.overseer):
        assert logged_in(who).get(FIND).status_code == 403
        assert logged_in(who).get(f"{path(looked_at)}ai-da-xem/").status_code == 403


def test_accesses_leaders_and_administrators_find_it_in_their_menu(
    cast: Cast, looked_at: Dossier
) -> None:
    assert FIND in logged_in(cast.leader).get("/ban-lam-viec/").content.decode()
    assert FIND in logged_in(cast.administrator).get("/quan-tri/?tat-ca").content.decode()
    assert FIND not in logged_in(cast.clerk).get("/ban-lam-viec/").content.decode()
