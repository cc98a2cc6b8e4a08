"""Who looks up too often, or guesses, has to wait; and no address is kept."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from dossiers.views.lookup import throttle
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


def test_the_thirty_first_look_up_in_a_moment_has_to_wait(cast: Cast, client: Client) -> None:
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


def test_who_has_guessed_thirty_codes_is_answered_nothing_more_also_by_another_process(
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


def test_no_address_is_kept_only_a_slot(cast: Cast, client: Client) -> None:
    guess(client, 2, REMOTE_ADDR="203.0.113.9")

    row = Misses.objects.get()
    assert row.count == 2
    assert re.fullmatch("look-up: [0-9]{1,6}", row.key)
    assert "203.0.113.9" not in str(Misses.objects.values_list().get())
