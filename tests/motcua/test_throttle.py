"""How often one address may ask."""

from datetime import datetime

import time_machine
from django.test import RequestFactory, override_settings

from motcua.throttle import Throttle, address_of
from tests.cast import vn

START = vn("2016-09-15T08:00")


def asked(at: datetime, throttle: Throttle, times: int, address: str = "203.0.113.5") -> list[int]:
    with time_machine.travel(at, tick=False):
        return [throttle.wait_for(address) for _ in range(times)]


def test_a_burst_passes_and_the_next_request_is_told_how_long_to_wait() -> None:
    throttle = Throttle(burst=3, per_minute=6)

    assert asked(START, throttle, 4) == [0, 0, 0, 10]


def test_a_refused_request_costs_nothing_and_time_gives_tokens_back() -> None:
    throttle = Throttle(burst=3, per_minute=6)
    asked(START, throttle, 10)

    assert asked(vn("2016-09-15T08:00:10"), throttle, 2) == [0, 10]


def test_a_long_silence_fills_the_bucket_no_further_than_the_burst() -> None:
    throttle = Throttle(burst=3, per_minute=6)
    asked(START, throttle, 3)

    assert asked(vn("2016-09-16T08:00"), throttle, 4) == [0, 0, 0, 10]


def test_one_address_does_not_use_up_the_tokens_of_another() -> None:
    throttle = Throttle(burst=1, per_minute=6)
    asked(START, throttle, 5)

    assert asked(START, throttle, 1, "203.0.113.6") == [0]


def test_a_clock_that_is_set_back_takes_no_tokens_away() -> None:
    throttle = Throttle(burst=2, per_minute=6)
    asked(START, throttle, 1)

    assert asked(vn("2016-09-15T07:00"), throttle, 2) == [0, 10]


def test_only_the_latest_addresses_are_remembered() -> None:
    throttle = Throttle(burst=1, per_minute=1, remembered=2)
    for address in ("203.0.113.1", "203.0.113.2", "203.0.113.3"):
        asked(START, throttle, 1, address)

    assert asked(START, throttle, 1, "203.0.113.3") == [60]
    assert asked(START, throttle, 1, "203.0.113.1") == [0]


def request(remote: str, forwarded: str = "") -> object:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


def test_without_own_proxies_a_forwarded_address_is_not_believed() -> None:
    assert address_of(request("203.0.113.5", "198.51.100.1")) == "203.0.113.5"


@override_settings(MOTCUA_PROXIES=1)
def test_behind_one_proxy_the_address_that_the_proxy_saw_counts() -> None:
    asked_for = request("127.0.0.1", "10.9.9.9, 198.51.100.1")

    assert address_of(asked_for) == "198.51.100.1"


@override_settings(MOTCUA_PROXIES=2)
def test_a_request_that_passed_fewer_proxies_counts_as_its_own_address() -> None:
    assert address_of(request("203.0.113.5", "198.51.100.1")) == "203.0.113.5"


@override_settings(MOTCUA_PROXIES=1)
def test_nonsense_in_the_header_falls_back_to_the_connection() -> None:
    assert address_of(request("203.0.113.5", "không phải địa chỉ".encode().decode("latin-1"))) == (
        "203.0.113.5"
    )


def test_an_ipv6_visitor_is_a_whole_network() -> None:
    first = address_of(request("2001:db8:1:2:aaaa::1"))

    assert first == address_of(request("2001:db8:1:2:bbbb::9"))
    assert first != address_of(request("2001:db8:1:3::1"))


def test_an_ipv4_address_written_as_ipv6_is_the_same_visitor() -> None:
    assert address_of(request("::ffff:203.0.113.5")) == "203.0.113.5"
