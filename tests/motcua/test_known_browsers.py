"""Accounts that strangers try to lock: the own browser comes in, and nobody gains a try by it."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from motcua.accounts import known_browsers, lockout
from motcua.models import LoginEvent, Staff
from tests.cast import PASSWORD, Cast, vn

pytestmark = pytest.mark.django_db

LOGIN = "/dang-nhap/"
HALL = "10.0.0.7"


@pytest.fixture(autouse=True)
def hands() -> Any:
    with time_machine.travel(vn("2016-03-01T08:00"), tick=False) as clock_hands:
        yield clock_hands


def log_in(username: str, client: Client, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": username, "password": password})


def browser_of(username: str, address: str = HALL) -> Client:
    """A browser that the account came in from, and went out again."""
    client = Client(REMOTE_ADDR=address)
    assert log_in(username, client).status_code == 302
    client.post("/dang-xuat/")
    return client


def strangers_lock(username: str) -> None:
    for place in range(5):
        for _ in range(4):
            log_in(username, Client(REMOTE_ADDR=f"10.9.1.{place}"), "sai-roi")


def copied(client: Client, address: str) -> Client:
    """A browser with a stolen copy of the cookie."""
    thief = Client(REMOTE_ADDR=address)
    thief.cookies[known_browsers.COOKIE] = client.cookies[known_browsers.COOKIE].value
    return thief


@pytest.mark.parametrize("username", ["mot-cua", "quan-tri"])
def test_known_browsers_strangers_do_not_lock_the_account_in_the_browser_that_came_in_lately(
    cast: Cast, username: str
) -> None:
    own = browser_of(username)
    strangers_lock(username)
    assert log_in(username, Client(REMOTE_ADDR="10.0.0.8")).status_code == 429
    assert log_in(username, own).status_code == 302
    assert log_in(username, Client(REMOTE_ADDR="10.0.0.8")).status_code == 429


def test_visitor_of_the_hall_does_not_lock_the_desks_behind_the_same_address(cast: Cast) -> None:
    desks = {name: browser_of(name) for name in ("mot-cua", "chu-tich", "giam-sat")}
    visitor = Client(REMOTE_ADDR=HALL)
    for _ in range(6):
        log_in("mot-cua", visitor, "sai-roi")
    for other in range(60):
        log_in(f"ai-do-{other}", visitor, "sai-roi")
    assert log_in("quan-tri", Client(REMOTE_ADDR=HALL)).status_code == 429
    assert [log_in(name, desk).status_code for name, desk in desks.items()] == [302] * 3


def test_address_binds_a_known_browser_too_after_many_more_tries(cast: Cast) -> None:
    own = browser_of("mot-cua")
    for _ in range(200):
        lockout.ADDRESS.count(HALL)
    assert log_in("mot-cua", own).status_code == 429


def test_known_browser_has_five_tries_and_a_copy_of_its_cookie_has_none_of_its_own(
    cast: Cast, hands: Any
) -> None:
    own = browser_of("mot-cua")
    codes = [
        log_in("mot-cua", copied(own, f"10.7.7.{place}"), "sai-roi").status_code
        for place in range(5)
    ]
    assert codes == [200, 200, 200, 200, 429]
    assert log_in("mot-cua", copied(own, "10.7.7.9")).status_code == 429
    assert log_in("mot-cua", own).status_code == 429
    assert log_in("mot-cua", Client(REMOTE_ADDR="10.0.0.8")).status_code == 302
    hands.shift(timedelta(minutes=15, seconds=1))
    assert log_in("mot-cua", own).status_code == 302


def test_known_browsers_mark_of_one_account_is_worth_nothing_for_another(cast: Cast) -> None:
    own = browser_of("mot-cua")
    strangers_lock("quan-tri")
    assert log_in("quan-tri", own).status_code == 429


def test_known_browsers_shared_counter_remembers_the_last_ten_accounts_each_for_itself(
    cast: Cast,
) -> None:
    counter = browser_of("mot-cua")
    log_in("quan-tri", counter)
    strangers_lock("mot-cua")
    counter.post("/dang-xuat/")
    assert log_in("mot-cua", counter).status_code == 302
    for number in range(12):
        staff = Staff.objects.create_user(
            f"nguoi-{number}", password=PASSWORD, office=cast.district
        )
        log_in(staff.username, counter)
        counter.post("/dang-xuat/")
    assert len(counter.cookies[known_browsers.COOKIE].value) < 1000
    assert log_in("mot-cua", counter).status_code == 429, "the oldest has made room"


@pytest.mark.parametrize("act", ["password", "closed"])
def test_known_browsers_new_password_makes_the_mark_worth_nothing(cast: Cast, act: str) -> None:
    own = browser_of("mot-cua")
    staff = Staff.objects.get(username="mot-cua")
    if act == "closed":  # closed, and opened again
        staff.end_sessions()
    else:
        staff.set_password(PASSWORD)  # the same words: a new password all the same
    staff.save()
    strangers_lock("mot-cua")
    assert log_in("mot-cua", own).status_code == 429


def test_known_browsers_stay_known_after_a_new_password_while_strangers_try(
    cast: Cast, hands: Any
) -> None:
    own = Client(REMOTE_ADDR=HALL)
    log_in("mot-cua", own)
    thief = copied(own, "10.9.2.1")
    hands.shift(timedelta(days=29))
    log_in("mot-cua", own)
    known_by = own.cookies[known_browsers.COOKIE].value
    new = "cây cầu ván đóng đinh"
    words = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert own.post("/tai-khoan/mat-khau/", words).status_code == 302
    assert own.cookies[known_browsers.COOKIE].value != known_by
    own.post("/dang-xuat/")
    strangers_lock("mot-cua")

    before = copied(own, "10.9.2.2")
    before.cookies[known_browsers.COOKIE] = known_by
    assert [log_in("mot-cua", other, new).status_code for other in (thief, before)] == [429, 429]
    hands.shift(timedelta(days=31))
    strangers_lock("mot-cua")
    assert log_in("mot-cua", copied(own, HALL), new).status_code == 429, "no day longer"
    hands.shift(timedelta(days=-31))
    assert log_in("mot-cua", own, new).status_code == 302


def test_known_browsers_mark_lasts_thirty_days_from_its_log_in(cast: Cast, hands: Any) -> None:
    own = browser_of("mot-cua")
    hands.shift(timedelta(days=20))
    log_in("quan-tri", own)  # somebody else's log-in does not lengthen it
    own.post("/dang-xuat/")
    hands.shift(timedelta(days=9, hours=23))
    strangers_lock("mot-cua")
    kept = copied(own, HALL)
    assert log_in("mot-cua", own).status_code == 302
    hands.shift(timedelta(hours=1, seconds=1))
    strangers_lock("mot-cua")
    assert log_in("mot-cua", kept).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", "e30:x:y", "a" * 5000])
def test_known_browsers_forged_mark_is_none(cast: Cast, forged: str) -> None:
    strangers_lock("mot-cua")
    client = Client()
    client.cookies[known_browsers.COOKIE] = forged
    assert log_in("mot-cua", client).status_code == 429


def test_known_browsers_cookie_is_out_of_reach_and_names_nobody(
    cast: Cast, client: Client, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = log_in("mot-cua", client).cookies[known_browsers.COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == 30 * 24 * 3600
    assert "mot-cua" not in cookie.value
    settings.SESSION_COOKIE_SECURE = False
    assert not log_in("quan-tri", Client()).cookies[known_browsers.COOKIE]["secure"]


def test_known_browsers_wrong_password_or_half_a_log_in_leaves_no_mark(
    cast: Cast, settings: Any
) -> None:
    assert known_browsers.COOKIE not in log_in("mot-cua", Client(), "sai-roi").cookies
    settings.MOTCUA_SECOND_FACTOR = "all"
    assert known_browsers.COOKIE not in log_in("mot-cua", Client()).cookies


def test_password_in_use_is_asked_of_a_known_browser_while_strangers_lock(cast: Cast) -> None:
    own = browser_of("mot-cua")
    log_in("mot-cua", own)
    strangers_lock("mot-cua")
    new = {"new_password1": "cây cầu ván đóng đinh", "new_password2": "cây cầu ván đóng đinh"}
    done = own.post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, **new})
    assert done.status_code == 302


# Unlocking


def test_known_browsers_administrator_sees_and_opens_the_lock_of_a_known_browser(
    cast: Cast, client: Client
) -> None:
    own = browser_of("mot-cua")
    for _ in range(5):
        log_in("mot-cua", own, "sai-roi")
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:motcua_staff_change", args=[cast.clerk.pk]))
    assert "đến 08:15" in page.content.decode()
    client.post(reverse("admin:motcua_staff_unlock", args=[cast.clerk.pk]))
    assert log_in("mot-cua", own).status_code == 302


def unlocked(username: str) -> str:
    told = io.StringIO()
    call_command("unlock", username, stdout=told)
    return told.getvalue().strip()


def test_unlock_clears_every_lock_of_the_account_and_the_log_says_so(cast: Cast) -> None:
    own = browser_of("quan-tri")
    for _ in range(5):
        log_in("quan-tri", own, "sai-roi")
    for _ in range(5):
        log_in("quan-tri", Client(REMOTE_ADDR="10.0.0.8"), "sai-roi")
    strangers_lock("quan-tri")

    said = unlocked(" quan-tri ")

    assert said == f"Đã mở khóa: quan-tri ({cast.administrator}) đăng nhập lại được ngay."
    for client in (own, Client(REMOTE_ADDR="10.0.0.8"), Client(REMOTE_ADDR="10.0.0.9")):
        assert log_in("quan-tri", client).status_code == 302
    line = LoginEvent.objects.get(kind="unlocked")
    assert (line.staff, line.by, line.address) == (cast.administrator, None, "")
    assert line.note == "lệnh unlock trên máy chủ"


def test_unlock_says_when_there_was_nothing_to_open(cast: Cast) -> None:
    assert "không bị khóa" in unlocked("mot-cua")
    Staff.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert "đã đóng" in unlocked("mot-cua")


@pytest.mark.parametrize("username", ["khong-co-ai", "", "\udcff"])
def test_unlock_of_an_account_that_does_not_exist_is_an_error(cast: Cast, username: str) -> None:
    with pytest.raises(CommandError, match="Không có tài khoản") as refused:
        unlocked(username)
    assert refused.value.returncode == 1
    assert not LoginEvent.objects.exists()
