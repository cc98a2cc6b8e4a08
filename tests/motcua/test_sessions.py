"""Sessions that end: when, what the page says, and what was typed meanwhile."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.models import Dossier, Event
from motcua.models import Staff
from tests.cast import PASSWORD, Cast, make_staff, vn
from tests.dossiers.counter_pages import typed, value

pytestmark = pytest.mark.django_db

LOGIN = "/dang-nhap/"


@pytest.fixture(autouse=True)
def in_the_morning() -> Any:
    with time_machine.travel(vn("2016-03-01T08:00"), tick=False) as clock_hands:
        yield clock_hands


def log_in(username: str, client: Client) -> None:
    client.post(LOGIN, {"username": username, "password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_session_ends_after_hours_without_a_press_and_the_page_says_so(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    log_in("mot-cua", client=client)
    for _ in range(3):  # pressing something now and then keeps it open
        in_the_morning.shift(timedelta(hours=2, minutes=50))
        assert is_in(client)
    in_the_morning.shift(timedelta(hours=3, seconds=1))
    answer = client.get("/ban-lam-viec/", follow=True)
    assert answer.redirect_chain[-1][0] == "/dang-nhap/?next=/ban-lam-viec/"
    assert "Phiên làm việc đã kết thúc: quá 3 giờ không thao tác" in answer.content.decode()


def test_session_ends_after_a_working_day_in_any_case(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    log_in("mot-cua", client=client)
    for _ in range(6):
        in_the_morning.shift(timedelta(hours=2))
        assert is_in(client)
    in_the_morning.shift(timedelta(minutes=10))
    client.get("/tai-khoan/")
    assert not is_in(client)


def test_sessions_request_of_a_busy_person_writes_no_session(
    cast: Cast, client: Client, in_the_morning: Any, django_assert_num_queries: Any
) -> None:
    log_in("mot-cua", client=client)
    is_in(client)
    in_the_morning.shift(timedelta(seconds=20))
    with django_assert_num_queries(2) as asked:  # the session, and the person
        client.get("/tai-khoan/mat-khau/")
    assert not [q for q in asked.captured_queries if q["sql"].startswith("UPDATE")]


def test_sessions_what_was_typed_into_a_page_whose_session_ended_is_sent_again_with_one_press(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    log_in("mot-cua", client=client)
    in_the_morning.shift(timedelta(hours=4))
    address = f"/ho-so/tiep-nhan/?thu-tuc={cast.land.key}"
    form = typed(cast.land, applicant_name="Lê Thị <Bé>")

    answer = client.post(address, form)

    assert answer.status_code == 401
    assert "Những gì vừa nhập còn giữ trong trang này" in answer.content.decode()
    carried = value(answer, "kept")
    wrong = client.post(LOGIN, {"username": "mot-cua", "password": "sai", "kept": carried})
    assert value(wrong, "kept") == carried, "a wrong password does not lose it"
    came = client.post(LOGIN, {"username": "mot-cua", "password": PASSWORD, "kept": carried})
    assert came["Location"] == "/dang-nhap/gui-lai/"
    page = client.get("/dang-nhap/gui-lai/")
    assert f'action="{address}"' in page.content.decode()
    again = {name: value(page, name) for name in form}
    assert again == form
    done = client.post(address, again)
    assert done["Location"].endswith("/da-tiep-nhan/")
    assert Dossier.objects.get().applicant_name == "Lê Thị <Bé>"
    assert "kept" not in client.session, "once it is sent again nothing of it is kept"


# Another log-in in another tab of the same browser

INTAKE = "/ho-so/tiep-nhan/?thu-tuc="


def token_in(answer: Any) -> str:
    return value(answer, "csrfmiddlewaretoken")


def other_tab(browser: Client, username: str) -> None:
    """Whoever is logged in goes out, and somebody comes in."""
    page = browser.get("/tai-khoan/")
    if page.status_code == 200:
        browser.post("/dang-xuat/", {"csrfmiddlewaretoken": token_in(page)})
    page = browser.get(LOGIN)
    given = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token_in(page)}
    assert browser.post(LOGIN, given).status_code == 302


@pytest.fixture
def browser(cast: Cast) -> Client:
    """The clerk's, with a real token."""
    browser = Client(enforce_csrf_checks=True)
    other_tab(browser, "mot-cua")
    return browser


@pytest.mark.parametrize("comes", ["mot-cua", "quan-tri", "chu-tich"])
def test_sessions_another_log_in_in_another_tab_loses_nothing_typed_and_says_whose_session_it_is(
    cast: Cast, browser: Client, comes: str
) -> None:
    address = INTAKE + cast.land.key
    token = token_in(browser.get(address))
    form = typed(cast.land, applicant_name="Lê Thị <Bé>")
    other_tab(browser, comes)

    answer = browser.post(address, {**form, "csrfmiddlewaretoken": token})

    assert answer.status_code == 403
    page = answer.content.decode()
    name = str(Staff.objects.get(username=comes))
    assert f"<b>{name}</b> ({comes})" in page and f"Gửi lại với tên {name}" in page
    assert f'action="{address}"' in page
    assert {field: value(answer, field) for field in form} == form
    assert not Dossier.objects.exists()


def test_sessions_what_another_log_in_refused_is_sent_with_one_press_under_the_name_now_logged_in(
    cast: Cast, browser: Client
) -> None:
    address = INTAKE + cast.land.key
    token = token_in(browser.get(address))
    form = typed(cast.land, applicant_name="Lê Thị Bé")
    colleague = make_staff("mot-cua-2", cast.district, "clerk", full_name="Đỗ Thị Lan")
    other_tab(browser, "mot-cua-2")
    carried = browser.post(address, {**form, "csrfmiddlewaretoken": token})
    other_tab(browser, "mot-cua")  # once more, before it was sent: asked once more
    carried = browser.post(address, {**form, "csrfmiddlewaretoken": token_in(carried)})
    assert "Trần Thị Mận" in carried.content.decode()
    other_tab(browser, "mot-cua-2")
    carried = browser.post(address, {**form, "csrfmiddlewaretoken": token_in(carried)})

    again = {field: value(carried, field) for field in form}
    done = browser.post(address, {**again, "csrfmiddlewaretoken": token_in(carried)})

    assert done["Location"].endswith("/da-tiep-nhan/")
    dossier = Dossier.objects.get()
    assert (dossier.applicant_name, dossier.created_by) == ("Lê Thị Bé", colleague)


def test_sessions_somebody_who_came_in_and_went_out_in_another_tab_loses_nothing_typed_either(
    cast: Cast, browser: Client
) -> None:
    address = INTAKE + cast.land.key
    token = token_in(browser.get(address))
    form = typed(cast.land, applicant_name="Lê Thị Bé")
    other_tab(browser, "chu-tich")
    page = browser.get("/tai-khoan/")
    browser.post("/dang-xuat/", {"csrfmiddlewaretoken": token_in(page)})

    carried = browser.post(address, {**form, "csrfmiddlewaretoken": token})
    assert (carried.status_code, carried["Cache-Control"]) == (403, "no-store")
    again = {field: value(carried, field) for field in form}
    assert again == form and "Phạm Hoàng Khởi" not in carried.content.decode()
    asked = browser.post(address, {**again, "csrfmiddlewaretoken": token_in(carried)})

    assert asked.status_code == 401
    given = {"username": "mot-cua", "password": PASSWORD, "kept": value(asked, "kept")}
    browser.post(LOGIN, {**given, "csrfmiddlewaretoken": token_in(asked)})
    sent = {**form, "csrfmiddlewaretoken": token_in(browser.get("/dang-nhap/gui-lai/"))}
    assert browser.post(address, sent)["Location"].endswith("/da-tiep-nhan/")


@pytest.mark.parametrize("comes", ["chu-tich", "xa-khac"])
def test_sessions_what_the_other_account_may_not_do_is_not_lost_when_it_was_sent_again(
    cast: Cast, browser: Client, comes: str
) -> None:
    """403 for a leader, 404 where the dossier does not exist for the other account."""
    dossier = cast.received()
    make_staff("xa-khac", cast.tan_loc, "clerk")
    address = f"/ho-so/{dossier.code}/viec/withdraw/"
    page = browser.get(address)
    form = {f.html_name: f.value() for f in page.context["form"] if f.value() is not None}
    form |= {"reason": "Người dân xin rút để bổ sung sau"}
    other_tab(browser, comes)
    carried = browser.post(address, {**form, "csrfmiddlewaretoken": token_in(page)})
    assert carried.status_code == 403
    refused = browser.post(address, {**form, "csrfmiddlewaretoken": token_in(carried)})

    assert refused.status_code in (403, 404)
    assert value(refused, "reason") == form["reason"]
    other_tab(browser, "mot-cua")
    asked = browser.post(address, {**form, "csrfmiddlewaretoken": token_in(refused)})
    done = browser.post(address, {**form, "csrfmiddlewaretoken": token_in(asked)})
    assert done.status_code == 302
    dossier.refresh_from_db()
    assert dossier.result_note == form["reason"]


def test_sessions_log_out_from_before_another_log_in_is_offered_to_nobody_as_something_typed(
    cast: Cast, browser: Client
) -> None:
    token = token_in(browser.get("/tai-khoan/"))
    other_tab(browser, "chu-tich")
    answer = browser.post("/dang-xuat/", {"csrfmiddlewaretoken": token})
    page = answer.content.decode()
    assert answer.status_code == 403 and "Phạm Hoàng Khởi" in page
    assert "không có gì đã nhập" in page and "Gửi lại" not in page


def test_sessions_log_in_page_that_carries_something_does_not_lose_it_to_another_log_in(
    cast: Cast, browser: Client
) -> None:
    page = browser.get("/tai-khoan/")
    browser.post("/dang-xuat/", {"csrfmiddlewaretoken": token_in(page)})
    form = {"applicant_name": "Lê Thị Bé", "csrfmiddlewaretoken": token_in(page)}
    asked = browser.post("/ho-so/tiep-nhan/", form)
    given = {
        "username": "mot-cua",
        "password": PASSWORD,
        "kept": value(asked, "kept"),
        "csrfmiddlewaretoken": token_in(asked),
    }
    other_tab(browser, "chu-tich")

    answer = browser.post(LOGIN, given)

    assert (answer.status_code, value(answer, "applicant_name")) == (403, "Lê Thị Bé")
    assert PASSWORD not in answer.content.decode()
    assert 'action="/ho-so/tiep-nhan/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("/tai-khoan/mat-khau/", {"old_password": PASSWORD, "new_password1": "Moi-hon-truoc-1"}),
        (LOGIN, {"username": "mot-cua", "password": PASSWORD}),
        ("/dang-nhap/ma-xac-thuc/", {"code": "abcde-fghjk"}),
    ],
)
def test_sessions_another_log_in_makes_no_page_carry_a_secret(
    cast: Cast, browser: Client, address: str, secrets: dict[str, str]
) -> None:
    token = token_in(browser.get("/tai-khoan/"))
    other_tab(browser, "chu-tich")
    answer = browser.post(address, {**secrets, "csrfmiddlewaretoken": token})
    page = answer.content.decode()
    assert answer.status_code == 403 and "Phạm Hoàng Khởi" in page
    assert not [word for word in secrets.values() if len(word) > 8 and word in page]


def test_sessions_files_of_a_form_that_another_log_in_refused_are_to_be_chosen_anew(
    cast: Cast, browser: Client
) -> None:
    address = f"/nop-ho-so/{cast.land.key}/"
    token = token_in(browser.get(address))
    other_tab(browser, "chu-tich")
    form = {"applicant_name": "Bé", "a": io.BytesIO(b"%PDF-1.4"), "csrfmiddlewaretoken": token}
    answer = browser.post(address, form)
    assert value(answer, "applicant_name") == "Bé"
    assert "mời chọn lại tệp" in answer.content.decode()


def test_form_of_another_site_is_carried_nowhere(cast: Cast, browser: Client) -> None:
    """Nor one with no token at all, which comes from no page of this site."""
    token = token_in(browser.get("/tai-khoan/"))
    other_tab(browser, "chu-tich")
    form = {"q": "Lê Thị Bé", "csrfmiddlewaretoken": token}
    foreign = browser.post("/ho-so/", form, headers={"origin": "https://example.vn"})
    bare = browser.post("/ho-so/", {"q": "Lê Thị Bé"})
    for answer in (foreign, bare):
        assert answer.status_code == 403
        assert "Trang đã mở quá lâu" in answer.content.decode()
        assert "Lê Thị Bé" not in answer.content.decode()


def test_refused_form_without_a_session_gets_the_page_it_always_got(cast: Cast) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.get(LOGIN)
    form = {"username": "Lê Thị Bé", "csrfmiddlewaretoken": "a" * 32}
    answer = visitor.post(LOGIN, form)
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.content.decode()
    assert "Lê Thị Bé" not in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("application/x-www-form-urlencoded; charset=idna", b"a=%ff%fe"),
    ],
)
def test_resend_of_a_form_that_cannot_be_read_is_the_refusal_alone(
    cast: Cast, kind: str, body: bytes
) -> None:
    """The page of the refusal reads what was typed; where nothing can be read it stays a page."""
    client = Client()
    client.force_login(cast.overseer)
    refused = client.post("/ho-so/tiep-nhan/ngay-hen/", body, content_type=kind)
    assert refused.status_code in (400, 403)


def test_sessions_log_out_in_another_tab_loses_nothing_typed_in_this_one(
    cast: Cast, client: Client
) -> None:
    log_in("mot-cua", client=client)
    client.get(f"/ho-so/tiep-nhan/?thu-tuc={cast.land.key}")
    client.post("/dang-xuat/")

    answer = client.post("/ho-so/tiep-nhan/", {"applicant_name": "Lê Thị Bé"})

    assert answer.status_code == 401
    assert "Lê Thị Bé" in value(answer, "kept")


def test_password_is_carried_neither_by_the_page_nor_by_the_session(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    log_in("mot-cua", client=client)
    in_the_morning.shift(timedelta(hours=4))
    typed_in = {"old_password": PASSWORD, "new_password1": "Moi-hon-truoc-1", "new_password2": "x"}

    answer = client.post("/tai-khoan/mat-khau/", typed_in)

    assert answer.status_code == 401
    page = answer.content.decode()
    assert (PASSWORD in page, "Moi-hon" in page) == (False, False)


def test_sessions_after_a_working_day_not_one_request_more_is_done(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    dossier = cast.received("2016-01-04T09:00")
    log_in("mot-cua", client=client)
    for _ in range(6):
        in_the_morning.shift(timedelta(hours=2, minutes=1))
        last = client.post(f"/ho-so/{dossier.code}/viec/ask_payment/", {"seen": dossier.revision})
    assert last.status_code == 401
    assert dossier.events.exclude(kind__in=Event.ACCESS).count() <= 2


def test_address_that_only_takes_forms_says_so(cast: Cast, client: Client) -> None:
    log_in("mot-cua", client=client)
    answer = client.get("/ban-lam-viec/giao-nhan/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "Trang này không mở bằng địa chỉ được" in answer.content.decode()


@pytest.mark.parametrize(
    "carried",
    [
        "x",
        "[]",
        "null",
        '{"path": "https://example.vn/", "fields": []}',
        '{"path": "//example.vn/", "fields": []}',
        '{"path": "/ho-so/", "fields": [["a", 1]]}',
        '{"path": "/ho-so/", "fields": ["abc"]}',
        '{"path": 1, "fields": []}',
        '{"path": ["/ho-so/"], "fields": []}',
        '{"path": "/ho-so/\\ud800", "fields": []}',
        '{"path": "/ho-so/", "fields": [["a", "\\ud800"]]}',
        "[" * 90_000,
    ],
)
def test_sessions_log_in_page_carries_a_form_of_this_program_or_nothing(
    cast: Cast, client: Client, carried: str
) -> None:
    came = client.post(LOGIN, {"username": "mot-cua", "password": PASSWORD, "kept": carried})
    assert came["Location"] == "/ban-lam-viec/"
    assert client.get("/dang-nhap/gui-lai/")["Location"] == "/ban-lam-viec/"


def test_sessions_visitor_who_never_logged_in_is_sent_to_the_log_in(
    cast: Cast, client: Client
) -> None:
    assert client.post("/ho-so/tiep-nhan/")["Location"] == ("/dang-nhap/?next=/ho-so/tiep-nhan/")


def test_hours_of_a_session_begun_by_a_clock_that_ran_ahead_count_from_now(
    cast: Cast, client: Client, in_the_morning: Any
) -> None:
    for presses, wait in ((1, timedelta(hours=3)), (6, timedelta(hours=2))):
        in_the_morning.move_to(vn("2017-03-01T08:00"))
        log_in("mot-cua", client=client)
        in_the_morning.move_to(vn("2016-03-01T08:00"))
        for _ in range(presses):
            assert is_in(client)
            in_the_morning.shift(wait)
        in_the_morning.shift(timedelta(seconds=1))
        assert not is_in(client)
