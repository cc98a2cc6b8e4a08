"""The second factor: set up, asked for, lost, required."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from motcua import clock
from motcua.accounts import second_factor
from motcua.models import Staff
from motcua.models.accounts import LoginEvent, SecondFactor
from tests.cast import PASSWORD, Cast, vn

pytestmark = pytest.mark.django_db

CODE = "/dang-nhap/ma-xac-thuc/"
SET_UP = "/tai-khoan/xac-thuc-hai-lop/"


@pytest.fixture(autouse=True)
def hands() -> Any:
    with time_machine.travel(vn("2016-03-01T08:00"), tick=False) as clock_hands:
        yield clock_hands


def shown(secret: str) -> str:
    """What the telephone shows now."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


def with_factor(staff: Staff) -> tuple[str, list[str]]:
    """(secret, recovery codes) of a person whose telephone was set up a minute ago."""
    secret = second_factor.new_secret()
    codes = second_factor.set_up(staff, secret, shown(secret))
    assert codes is not None
    SecondFactor.objects.update(last_step=0)
    return secret, codes


def password_given(staff: Staff, client: Client) -> Any:
    return client.post("/dang-nhap/", {"username": staff.username, "password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_second_factor_algorithm_is_that_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1, the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        with time_machine.travel(seconds, tick=False):
            assert second_factor.matching_step(secret, digits) == seconds // 30
            assert second_factor.matching_step(secret, "000000") is None


def test_is_set_up_from_the_own_account_with_codes_for_a_bad_day(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.clerk)
    page = client.get(SET_UP).content.decode()
    secret = client.session["new_factor"]
    assert "<svg" in page and " ".join(secret[at : at + 4] for at in range(0, 32, 4)) in page

    wrong = client.post(SET_UP, {"password": PASSWORD, "code": "000000"})
    assert (wrong.status_code, SecondFactor.objects.count()) == (422, 0)
    assert "Mã chưa khớp." in wrong.content.decode()
    done = client.post(SET_UP, {"password": PASSWORD, "code": shown(secret)})

    codes = done.context["codes"]
    assert len(set(codes)) == 8 and all(code in done.content.decode() for code in codes)
    factor = SecondFactor.objects.get(staff=cast.clerk)
    assert not [code for code in codes if code in str(factor.recovery)]
    assert "còn 8 mã dự phòng" in client.get("/tai-khoan/").content.decode()


def test_second_factor_is_switched_on_only_with_the_password(cast: Cast, client: Client) -> None:
    """Whoever finds the screen open binds the account to no telephone of his own."""
    client.force_login(cast.clerk)
    assert 'name="password"' in client.get(SET_UP).content.decode()
    code = shown(client.session["new_factor"])
    for given, said in (({}, "bắt buộc"), ({"password": "khac"}, "Mật khẩu đang dùng chưa đúng.")):
        refused = client.post(SET_UP, {"code": code, **given})
        assert (refused.status_code, SecondFactor.objects.count()) == (422, 0)
        assert said in refused.content.decode()
    for _ in range(4):
        client.post(SET_UP, {"code": code, "password": "khac"})
    locked = client.post(SET_UP, {"code": code, "password": PASSWORD})
    assert "Đã nhập sai nhiều lần" in locked.content.decode()
    assert not SecondFactor.objects.exists()


def test_password_alone_does_not_log_in(cast: Cast, client: Client) -> None:
    secret, _ = with_factor(cast.clerk)

    assert password_given(cast.clerk, client)["Location"] == CODE
    assert not is_in(client)
    assert client.get("/ban-lam-viec/").status_code == 302
    wrong = client.post(CODE, {"code": "000000"})
    assert wrong.status_code == 422
    assert "Mã chưa đúng hoặc đã dùng rồi." in wrong.content.decode()
    assert not is_in(client)

    assert client.post(CODE, {"code": f" {shown(secret)[:3]} {shown(secret)[3:]}"})["Location"] == (
        "/ban-lam-viec/"
    )
    assert is_in(client)
    event = LoginEvent.objects.get(kind="in")
    assert (event.staff, event.note) == (cast.clerk, "mã trên điện thoại")
    assert LoginEvent.objects.filter(kind="wrong_code").count() == 1


def test_second_factor_code_is_good_once_and_for_half_a_minute_on_either_side(
    cast: Cast, hands: Any
) -> None:
    secret, _ = with_factor(cast.clerk)
    before = shown(secret)
    assert second_factor.take(cast.clerk, before)
    assert not second_factor.take(cast.clerk, before)
    hands.shift(timedelta(seconds=30))
    late = shown(secret)
    hands.shift(timedelta(seconds=30))
    assert second_factor.take(cast.clerk, late)
    old = shown(secret)
    hands.shift(timedelta(seconds=90))
    assert not second_factor.take(cast.clerk, old)


def test_second_factor_recovery_code_lets_in_once(cast: Cast) -> None:
    _, codes = with_factor(cast.clerk)
    for expected in (True, False):
        client = Client()
        password_given(cast.clerk, client)
        client.post(CODE, {"code": codes[0].upper().replace("-", " ")})
        assert is_in(client) is expected
    assert LoginEvent.objects.get(kind="in").note == "mã dự phòng"


def test_second_factor_wrong_codes_lock_like_wrong_passwords(cast: Cast, client: Client) -> None:
    secret, _ = with_factor(cast.clerk)
    password_given(cast.clerk, client)
    answers = [client.post(CODE, {"code": "000000"}, follow=True) for _ in range(5)]

    assert answers[-1].redirect_chain == [("/dang-nhap/", 302)]
    assert "Mời thử lại từ 08:15." in answers[-1].content.decode()
    assert client.post(CODE, {"code": shown(secret)})["Location"] == "/dang-nhap/"
    assert password_given(cast.clerk, Client()).status_code == 429
    assert not is_in(client)


def test_second_factor_step_is_over_when_the_password_changes(cast: Cast, client: Client) -> None:
    secret, _ = with_factor(cast.clerk)
    password_given(cast.clerk, client)
    cast.clerk.set_password("mat-khau-khac-han")
    cast.clerk.save()
    assert client.post(CODE, {"code": shown(secret)})["Location"] == "/dang-nhap/"
    assert not is_in(client)


def test_second_factor_code_comes_before_the_first_password(cast: Cast, client: Client) -> None:
    secret, _ = with_factor(cast.clerk)
    Staff.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    password_given(cast.clerk, client)
    assert client.get("/dang-nhap/mat-khau-moi/")["Location"] == "/dang-nhap/"
    password_given(cast.clerk, client)
    assert client.post(CODE, {"code": shown(secret)})["Location"] == "/dang-nhap/mat-khau-moi/"
    assert not is_in(client)
    own = {"new_password1": "mat-khau-khac-han", "new_password2": "mat-khau-khac-han"}
    assert client.post("/dang-nhap/mat-khau-moi/", own)["Location"] == "/ban-lam-viec/"
    assert is_in(client)


@pytest.mark.parametrize(
    ("setting", "asked"),
    [
        ("none", set()),
        ("leaders", {"leader", "administrator"}),
        ("all", {"clerk", "specialist", "leader", "overseer", "administrator"}),
    ],
)
def test_second_factor_setting_says_whose_roles_need_one(
    cast: Cast, settings: Any, setting: str, asked: set[str]
) -> None:
    settings.MOTCUA_SECOND_FACTOR = setting
    people = ("clerk", "specialist", "leader", "overseer", "administrator")
    assert {who for who in people if second_factor.is_required(getattr(cast, who))} == asked


def test_second_factor_who_needs_one_sets_it_up_before_coming_in(
    cast: Cast, client: Client, settings: Any
) -> None:
    settings.MOTCUA_SECOND_FACTOR = "leaders"
    step = "/dang-nhap/xac-thuc-hai-lop/"

    assert password_given(cast.leader, client)["Location"] == step
    assert not is_in(client)
    assert "Đơn vị yêu cầu" in client.get(step).content.decode()
    assert client.post(step, {"code": "000000"}).status_code == 422
    done = client.post(step, {"code": shown(client.session["new_factor"])})

    assert len(done.context["codes"]) == 8
    assert 'href="/ban-lam-viec/"' in done.content.decode()
    assert is_in(client)
    assert client.get(f"{SET_UP}tat/")["Location"] == "/tai-khoan/", "what is required stays"
    assert password_given(cast.clerk, Client())["Location"] == "/ban-lam-viec/"


def test_second_factor_is_taken_off_by_password_where_nobody_asks_for_it(
    cast: Cast, client: Client
) -> None:
    with_factor(cast.clerk)
    client.force_login(cast.clerk)
    refused = client.post(f"{SET_UP}tat/", {"password": "khac"})
    assert (refused.status_code, SecondFactor.objects.count()) == (422, 1)
    assert "Mật khẩu đang dùng chưa đúng. Chưa có gì thay đổi" in refused.content.decode()
    client.post(f"{SET_UP}tat/", {"password": PASSWORD})
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("address", [f"{SET_UP}tat/", "/tai-khoan/ma-du-phong/"])
def test_second_factor_who_guesses_the_password_at_an_open_screen_has_to_wait(
    cast: Cast, client: Client, address: str
) -> None:
    with_factor(cast.clerk)
    client.force_login(cast.clerk)
    for _ in range(5):
        client.post(address, {"password": "khac"})
    refused = client.post(address, {"password": PASSWORD})
    assert refused.status_code == 422
    assert "Đã nhập sai nhiều lần" in refused.content.decode()
    assert SecondFactor.objects.count() == 1
    assert LoginEvent.objects.filter(kind="wrong_password", staff=cast.clerk).count() == 5


def test_second_factor_new_recovery_codes_replace_the_old_ones(cast: Cast, client: Client) -> None:
    _, old = with_factor(cast.clerk)
    client.force_login(cast.clerk)
    new = client.post("/tai-khoan/ma-du-phong/", {"password": PASSWORD}).context["codes"]
    assert not set(old) & set(new)
    assert not second_factor.take(cast.clerk, old[0])
    assert second_factor.take(cast.clerk, new[0]) == "mã dự phòng"


def test_second_factor_administrator_takes_it_off_who_met_the_person(
    cast: Cast, client: Client
) -> None:
    with_factor(cast.clerk)
    person = Client()
    person.force_login(cast.clerk)
    client.force_login(cast.administrator)
    address = reverse("admin:motcua_staff_factor_off", args=[cast.clerk.pk])
    assert "Chỉ làm khi đã gặp đúng người" in client.get(address).content.decode()

    client.post(address)

    assert not is_in(person), "every open session has ended"
    assert password_given(cast.clerk, Client())["Location"] == "/ban-lam-viec/"
    event = LoginEvent.objects.get(kind="factor_off")
    assert (event.staff, event.by) == (cast.clerk, cast.administrator)


def test_second_factor_code_taken_while_a_clock_ran_ahead_shuts_nobody_out(
    cast: Cast, hands: Any
) -> None:
    secret, _ = with_factor(cast.leader)
    hands.move_to(vn("2017-03-01T08:00"))
    assert second_factor.take(cast.leader, shown(secret))
    hands.move_to(vn("2016-03-01T08:00"))
    assert second_factor.take(cast.leader, shown(secret)) == "mã trên điện thoại"
    assert second_factor.take(cast.leader, shown(secret)) == "", "once, as ever"


def test_second_factor_half_a_way_in_of_a_clock_that_ran_ahead_is_worth_nothing(
    cast: Cast, client: Client, hands: Any
) -> None:
    secret, _ = with_factor(cast.leader)
    hands.move_to(vn("2017-03-01T08:00"))
    password_given(cast.leader, client)
    hands.move_to(vn("2016-03-01T08:00"))
    client.post(CODE, {"code": shown(secret)})
    assert not is_in(client)
