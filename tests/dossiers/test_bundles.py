"""Several dossiers with one press: handed on, taken over, each an event of its own."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from motcua.models import Staff
from tests.cast import Cast, make_procedure, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

DESK, BUNDLE = "/ban-lam-viec/", "/ban-lam-viec/giao-nhan/"


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False):
        yield


@pytest.fixture
def three(cast: Cast) -> list[Dossier]:
    return [cast.received(f"2016-03-0{day}T09:00") for day in (7, 8, 9)]


def press(client: Client, act: str, dossiers: list[Dossier], token: object = None) -> object:
    return client.post(
        BUNDLE,
        {"act": act, "token": str(token or uuid4()), "ho-so": [d.code for d in dossiers]},
        follow=True,
    )


def open_page(staff: Staff, queue: str) -> object:
    return logged_in(staff).get(f"{DESK}?hang-doi={queue}")


def test_bundles_what_the_desk_received_goes_to_its_divisions_and_is_taken_over_there(
    cast: Cast, three: list[Dossier]
) -> None:
    waiting = open_page(cast.clerk, "cho-chuyen")
    assert list(waiting.context["page"].object_list) == three
    answer = press(logged_in(cast.clerk), "forward", three[:2])
    assert f"Đã chuyển 2 hồ sơ: 2 hồ sơ đến {cast.land_division.name}." in text(answer)
    assert list(answer.context["page"].object_list) == three[2:]
    arrived = open_page(cast.specialist, "moi-chuyen")
    assert list(arrived.context["page"].object_list) == three[:2]
    taken = press(logged_in(cast.specialist), "take_over", three[:2])
    assert "Đã nhận 2 hồ sơ." in text(taken)
    kinds = [list(d.events.values_list("kind", flat=True)) for d in three]
    assert kinds == [["accept", "forward", "take_over"]] * 2 + [["accept"]]


@pytest.mark.parametrize("act", ["forward", "take_over"])
def test_bundles_double_press_does_nothing_twice(
    cast: Cast, three: list[Dossier], act: str
) -> None:
    who = cast.clerk
    if act == "take_over":
        who = cast.specialist
        for dossier in three:
            perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    token, client = uuid4(), logged_in(who)
    first, second = (text(press(client, act, three, token)) for _ in range(2))
    said = "Đã chuyển 3 hồ sơ" if act == "forward" else "Đã nhận 3 hồ sơ"
    assert said in first
    assert said in second
    assert Event.objects.filter(kind=act).count() == 3


def test_bundles_those_that_cannot_be_done_are_named_and_the_others_done(
    cast: Cast, three: list[Dossier]
) -> None:
    gone, stopped, fine = three
    perform.forward(gone, by=cast.clerk, division=cast.land_division)
    perform.ask_supplement(stopped, by=cast.clerk, items="Đơn", reason="Thiếu")
    nowhere = make_procedure("H903", "Thủ tục lạ", "Khác", "district", 5, "working_day")
    unknown = cast.received("2016-03-09T09:30", procedure=nowhere)
    page = text(press(logged_in(cast.clerk), "forward", [*three, unknown]))
    assert f"Đã chuyển 1 hồ sơ: 1 hồ sơ đến {cast.land_division.name}." in page
    assert (
        f"{gone.code}: Hồ sơ không còn ở bộ phận một cửa của ông/bà mà đang ở "
        f"{cast.land_division.name}." in page
    )
    assert (
        f"{stopped.code}: Hồ sơ đang chờ bổ sung. Hãy nhận giấy tờ bổ sung rồi mới chuyển tiếp."
        in page
    )
    assert f"{unknown.code}: Chưa biết chuyển đến đâu: thủ tục này chưa ghi bộ phận" in page
    fine.refresh_from_db()
    assert fine.holder_division == cast.land_division


def test_hand_over_that_another_confirmed_is_named(cast: Cast, three: list[Dossier]) -> None:
    for dossier in three[:2]:
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    perform.take_over(three[0], by=cast.leader)
    page = text(press(logged_in(cast.specialist), "take_over", three[:2]))
    assert "Đã nhận 1 hồ sơ." in page
    assert f"{three[0].code}: Hồ sơ này đã được nhận rồi." in page


def test_clerk_does_not_take_over_for_a_division(cast: Cast, three: list[Dossier]) -> None:
    perform.forward(three[0], by=cast.clerk, division=cast.land_division)
    page = text(press(logged_in(cast.clerk), "take_over", three[:1]))
    assert f"{three[0].code}: Tài khoản của ông/bà không được làm việc này với hồ sơ này." in page
    assert perform.untaken_transfer(three[0]) is not None


def test_dossiers_of_other_offices_are_not_touched(cast: Cast, three: list[Dossier]) -> None:
    answer = press(logged_in(cast.other_clerk), "forward", three)
    assert answer.status_code == 422
    assert Event.objects.filter(kind="forward").count() == 0


def test_bundles_nothing_ticked_is_said_at_the_rows(cast: Cast, three: list[Dossier]) -> None:
    answer = press(logged_in(cast.clerk), "forward", [])
    assert answer.status_code == 422
    assert "Hãy đánh dấu ít nhất một hồ sơ." in text(answer)
    assert answer.context["chosen"].key == "cho-chuyen"


@pytest.mark.parametrize("wrong", [{"act": "withdraw"}, {"token": "not-a-token"}])
def test_bundles_form_that_no_page_made_is_refused(
    cast: Cast, three: list[Dossier], wrong: dict[str, str]
) -> None:
    data = {"act": "forward", "token": str(uuid4()), "ho-so": three[0].code} | wrong
    answer = logged_in(cast.clerk).post(BUNDLE, data)
    assert answer.status_code == 422
    assert "Trang đã cũ. Hãy chọn lại rồi bấm lần nữa." in text(answer)
    assert logged_in(cast.overseer).post(BUNDLE, data).status_code == 403
    assert logged_in(cast.clerk).get(BUNDLE).status_code == 405


def test_whole_page_is_ticked_without_script(cast: Cast, three: list[Dossier]) -> None:
    client = logged_in(cast.clerk)
    plain = client.get(f"{DESK}?hang-doi=cho-chuyen").content.decode()
    ticked = client.get(f"{DESK}?hang-doi=cho-chuyen&chon=tat-ca").content.decode()
    assert (plain.count(" checked>"), ticked.count(" checked>")) == (0, 3)
    assert 'name="ho-so"' not in client.get(f"{DESK}?hang-doi=moi-nop").content.decode()


def test_bundles_what_is_solved_while_the_citizen_waits_is_not_waiting_to_be_handed_on(
    cast: Cast,
) -> None:
    cast.received(
        "2016-03-09T09:00", office=cast.tan_loc, procedure=cast.copy, by=cast.commune_clerk
    )
    page = open_page(cast.commune_clerk, "cho-chuyen")
    assert page.context["page"].paginator.count == 0


def test_bundles_forty_results_are_handed_over_with_one_press(cast: Cast) -> None:
    forty = [cast.received(f"2016-03-01T09:{minute:02}") for minute in range(40)]
    for dossier in forty:
        perform.resolve(dossier, by=cast.leader, outcome="approved")
    page = press(logged_in(cast.clerk), "hand_over", forty)
    assert "Đã trả kết quả 40 hồ sơ cho người nộp." in text(page)
    acts = Event.objects.filter(kind="hand_over", dossier__in=forty)
    assert (acts.count(), acts.values("dossier").distinct().count()) == (40, 40)
    assert Dossier.objects.filter(state=10, collector_name="Nguyễn Văn Ân").count() == 40
