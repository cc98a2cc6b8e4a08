"""Who looks up too often, or guesses, has to wait; and no address is kept."""

import re
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier
from dossiers.views.lookup import codes, throttle
from motcua.models import Misses
from tests.cast import Cast, vn
from tests.dossiers.test_lookup import NOW, answer


@pytest.fixture(autouse=True)
def _fresh_throttle() -> Iterator[None]:
    throttle.forget()
    yield
    throttle.forget()


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_lookup_limits_thirty_first_look_up_in_a_moment_has_to_wait(
    cast: Cast, client: Client
) -> None:
    code = cast.received().code
    for _ in range(30):
        answer(client, code)

    response = client.get("/tra-cuu/", {"ma": code})

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "2"
    page = response.content.decode()
    assert "Mời ông/bà thử lại sau 2 giây." in page
    assert f'value="{code}"' in page
    with time_machine.travel(vn("2016-02-18T09:00:02"), tick=False):
        assert "Hồ sơ đã được tiếp nhận" in answer(client, code)


def guess(client: Client, times: int, **extra: str) -> None:
    for number in range(times):
        throttle.forget()
        client.get("/tra-cuu/", {"ma": f"H12.TAM.967-160101-{number:04}"}, **extra)


def test_lookup_limits_hold_after_thirty_guessed_codes_in_another_process_too(
    cast: Cast, client: Client
) -> None:
    """Emptying the memory of the process is what a restart, or the other worker, looks like."""
    code = cast.received().code
    guess(client, 30)
    throttle.forget()

    for typed in (code, "H12.TAM.967-160101-9999"):
        response = client.get("/tra-cuu/", {"ma": typed})
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "600"
        page = response.content.decode()
        assert "Mời ông/bà thử lại sau 600 giây." in page
        assert "Hồ sơ đã được tiếp nhận" not in page
    assert client.get("/tra-cuu/", {"ma": code}, REMOTE_ADDR="203.0.113.9").status_code == 200
    with time_machine.travel(vn("2016-02-18T09:10"), tick=False):
        assert "Hồ sơ đã được tiếp nhận" in answer(client, code)


def test_lookup_limits_no_address_is_kept_only_a_slot(cast: Cast, client: Client) -> None:
    guess(client, 2, REMOTE_ADDR="203.0.113.9")

    row = Misses.objects.get()
    assert row.count == 2
    assert re.fullmatch("look-up: [0-9]{1,6}", row.key)
    assert "203.0.113.9" not in str(Misses.objects.values_list().get())


@pytest.fixture
def told(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> list[Dossier]:
    """Three dossiers that this address was told of, which is all that it may be today."""
    monkeypatch.setattr(codes, "allowed", 3)
    dossiers = [cast.received(phone=f"091277700{number}") for number in range(3)]
    for dossier in dossiers:
        assert client.get("/tra-cuu/", {"ma": dossier.code}).status_code == 200
    return dossiers


def test_lookup_limits_ask_who_reads_code_after_code_for_the_digits_and_tell_nothing(
    cast: Cast, client: Client, told: list[Dossier]
) -> None:
    pages = []
    for code in (cast.received().code, "H12.TAM.967-160101-9999"):
        throttle.forget()
        with CaptureQueriesContext(connection) as statements:
            response = client.get("/tra-cuu/", {"ma": code})
        assert (response.status_code, len(statements)) == (200, 0)
        assert response.headers["Cache-Control"] == "no-store"
        page = response.content.decode()
        assert "mời ông/bà nhập thêm bốn số cuối" in page
        assert f'value="{code}"' in page
        pages.append(re.sub(r'value="[^"]*"', "", page))

    assert pages[0] == pages[1]
    assert not Misses.objects.exists()


def test_lookup_limits_digits_asked_for_open_the_dossier_and_its_progress(cast: Cast) -> None:
    """With the check of forged forms, which the page must let its own form pass."""
    browser = Client(enforce_csrf_checks=True)
    dossier = cast.received(phone="0912777888")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codes, "allowed", 0)
        asked = browser.get("/tra-cuu/", {"ma": dossier.code.lower()})
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', asked.content.decode())
    assert token is not None
    # A browser that tells no origin would be refused.
    assert asked.headers["Referrer-Policy"] == "strict-origin"

    form = {"ma": dossier.code.lower(), "so": "7888", "csrfmiddlewaretoken": token[1]}
    answer = browser.post("/tra-cuu/xac-nhan/", form, follow=True)

    assert answer.status_code == 200
    assert "Hồ sơ đã được tiếp nhận" in answer.content.decode()


def test_dossier_told_today_is_told_again_and_tomorrow_all_are(
    cast: Cast, client: Client, told: list[Dossier]
) -> None:
    other = cast.received()
    assert "Hồ sơ đã được tiếp nhận" in answer(client, told[0].code.lower().replace("-", ""))
    assert "nhập thêm bốn số cuối" in answer(client, other.code)
    elsewhere = client.get("/tra-cuu/", {"ma": other.code}, REMOTE_ADDR="203.0.113.9")
    assert "Hồ sơ đã được tiếp nhận" in elsewhere.content.decode()
    with time_machine.travel(vn("2016-02-19T00:00"), tick=False):
        assert "Hồ sơ đã được tiếp nhận" in answer(client, other.code)


def test_lookup_limits_mistyped_code_costs_nothing_of_the_budget(
    cast: Cast, client: Client
) -> None:
    guess(client, 5)

    assert codes._taken == {}


def test_lookup_limits_hall_of_ones_own_is_asked_for_no_digits(
    cast: Cast, client: Client, told: list[Dossier]
) -> None:
    with override_settings(MOTCUA_HALL_NETWORKS=[ip_network("127.0.0.0/8")]):
        assert "Hồ sơ đã được tiếp nhận" in answer(client, cast.received().code)


def test_lookup_limits_hundred_dossiers_a_day_are_told_unless_the_office_says_otherwise() -> None:
    assert codes.allowed == 100
