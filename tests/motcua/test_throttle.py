"""How often one address may ask."""

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory, override_settings

from motcua.environment import Environment
from motcua.models import Misses
from motcua.web import throttle
from motcua.web.throttle import DailyBudget, MissLimit, Throttle, address_of, count_try, is_hall
from tests.cast import vn

START = vn("2016-09-15T08:00")


def asked(at: datetime, throttle: Throttle, times: int, address: str = "203.0.113.5") -> list[int]:
    with time_machine.travel(at, tick=False):
        return [throttle.wait_for(address) for _ in range(times)]


def test_throttle_burst_passes_and_the_next_request_is_told_how_long_to_wait() -> None:
    throttle = Throttle(burst=3, per_minute=6)

    assert asked(START, throttle, 4) == [0, 0, 0, 10]


def test_refused_request_costs_nothing_and_time_gives_tokens_back() -> None:
    throttle = Throttle(burst=3, per_minute=6)
    asked(START, throttle, 10)

    assert asked(vn("2016-09-15T08:00:10"), throttle, 2) == [0, 10]


def test_throttle_long_silence_fills_the_bucket_no_further_than_the_burst() -> None:
    throttle = Throttle(burst=3, per_minute=6)
    asked(START, throttle, 3)

    assert asked(vn("2016-09-16T08:00"), throttle, 4) == [0, 0, 0, 10]


def test_throttle_one_address_does_not_use_up_the_tokens_of_another() -> None:
    throttle = Throttle(burst=1, per_minute=6)
    asked(START, throttle, 5)

    assert asked(START, throttle, 1, "203.0.113.6") == [0]


def test_clock_that_is_set_back_takes_no_tokens_away() -> None:
    throttle = Throttle(burst=2, per_minute=6)
    asked(START, throttle, 1)

    assert asked(vn("2016-09-15T07:00"), throttle, 2) == [0, 10]


def test_throttle_only_the_latest_addresses_are_remembered() -> None:
    throttle = Throttle(burst=1, per_minute=1, remembered=2)
    for address in ("203.0.113.1", "203.0.113.2", "203.0.113.3"):
        asked(START, throttle, 1, address)

    assert asked(START, throttle, 1, "203.0.113.3") == [60]
    assert asked(START, throttle, 1, "203.0.113.1") == [0]


def told(budget: DailyBudget, at: str, address: str, codes: str) -> list[bool]:
    """For each code whether the address may have it; what it may is spent."""
    answers = []
    with time_machine.travel(vn(at), tick=False):
        for code in codes:
            answers.append(budget.allows(address, code))
            if answers[-1]:
                budget.spend(address, code)
    return answers


def test_throttle_different_codes_are_spent_and_the_same_one_once() -> None:
    budget = DailyBudget(2)

    assert told(budget, "2016-09-15T08:00", "a", "xxyxzy") == [True] * 4 + [False, True]
    assert told(budget, "2016-09-15T08:00", "b", "z") == [True]
    assert told(budget, "2016-09-15T23:59", "a", "z") == [False]
    assert told(budget, "2016-09-16T00:00", "a", "z") == [True]


def test_throttle_budget_remembers_the_addresses_that_spent_last_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttle, "MOST_REMEMBERED", 4)
    budget = DailyBudget(2)
    for address in "abac":
        told(budget, "2016-09-15T08:00", address, "xy")

    assert told(budget, "2016-09-15T08:00", "b", "z") == [True]
    assert told(budget, "2016-09-15T08:00", "c", "z") == [False]


def test_throttle_asking_only_is_remembered_for_nobody() -> None:
    budget = DailyBudget(2)
    for number in range(100):
        budget.allows(str(number), "x")

    assert len(budget._taken) == 0


def missed(at: str, limit: MissLimit, times: int, subject: str = "203.0.113.5") -> list[int]:
    with time_machine.travel(vn(at), tick=False):
        return [limit.count(subject) for _ in range(times)]


def left(at: str, limit: MissLimit, subject: str = "203.0.113.5") -> int:
    with time_machine.travel(vn(at), tick=False):
        return limit.wait_for(subject)


def test_throttle_so_many_misses_are_allowed_and_the_next_waits_for_the_end_of_the_time(
    db: None,
) -> None:
    limit = MissLimit("thử", allowed=3, seconds=600)

    assert missed("2016-09-15T08:00", limit, 2) == [0, 0]
    assert left("2016-09-15T08:01", limit) == 0
    assert missed("2016-09-15T08:01", limit, 2) == [0, 540]
    assert left("2016-09-15T08:09:59", limit) == 1
    assert left("2016-09-15T08:10", limit) == 0
    assert missed("2016-09-15T08:10", limit, 4) == [0, 0, 0, 600]


def test_throttle_limits_and_subjects_are_counted_apart(db: None) -> None:
    limit, other = (MissLimit(name, allowed=1, seconds=600) for name in ("một", "hai"))
    missed("2016-09-15T08:00", limit, 1)

    assert left("2016-09-15T08:00", limit) == 600
    assert left("2016-09-15T08:00", other) == 0
    assert left("2016-09-15T08:00", limit, "203.0.113.6") == 0


def test_throttle_rows_whose_time_is_over_are_swept_out_by_the_next_new_one(db: None) -> None:
    limit = MissLimit("thử", allowed=3, seconds=600)
    missed("2016-09-15T08:00", limit, 2, "203.0.113.1")
    missed("2016-09-15T08:05", limit, 1, "203.0.113.2")

    missed("2016-09-15T08:12", limit, 1, "203.0.113.3")

    kept = {limit.key_of("203.0.113.2"), limit.key_of("203.0.113.3")}
    assert set(Misses.objects.values_list("key", flat=True)) == kept


def test_throttle_counts_of_a_clock_that_ran_ahead_hold_nobody_and_are_removed(db: None) -> None:
    limit = MissLimit("thử", allowed=1, seconds=600)
    for subject in ("203.0.113.5", "203.0.113.6"):
        missed("2027-09-15T08:00", limit, 2, subject)

    assert left("2016-09-15T08:00", limit) == 0
    assert missed("2016-09-15T08:00", limit, 2) == [0, 600]

    assert set(Misses.objects.values_list("key", flat=True)) == {limit.key_of("203.0.113.5")}


def test_clock_an_hour_ahead_makes_a_limit_begin_anew_and_not_last_an_hour(db: None) -> None:
    limit = MissLimit("thử", allowed=1, seconds=600)
    missed("2016-09-15T09:00", limit, 2)

    assert left("2016-09-15T08:00", limit) == 0
    assert missed("2016-09-15T08:00", limit, 2) == [0, 600]


def test_throttle_no_limit_counts_for_longer_than_a_day() -> None:
    with pytest.raises(ValueError, match="LONGEST"):
        MissLimit("thử", allowed=1, seconds=24 * 60 * 60 + 1)


def test_throttle_eight_processes_that_count_at_once_lose_nothing(transactional_db: None) -> None:
    limit = MissLimit("thử", allowed=40, seconds=600)

    def five(_: int) -> None:
        for _ in range(5):
            limit.count("203.0.113.5")
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(five, range(8)))

    assert Misses.objects.get().count == 40
    assert limit.wait_for("203.0.113.5") > 0


def test_subjects_that_anybody_makes_up_fill_no_more_rows_than_there_are_slots(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "SLOTS", 8)
    limit, other = (MissLimit(name, allowed=3, seconds=600) for name in ("one", "two"))
    for number in range(60):
        limit.count(f"203.0.113.{number}")
        other.count(f"203.0.113.{number}")

    assert Misses.objects.count() == 16
    assert sum(Misses.objects.values_list("count", flat=True)) == 120


def test_throttle_every_name_of_a_limit_and_its_slots_fit_the_key() -> None:
    limits = [found for found in gc.get_objects() if type(found) is MissLimit]

    assert max(len(f"{limit.name}: {throttle.SLOTS}") for limit in limits) <= 64


def test_throttle_try_of_whom_the_first_subject_refuses_is_counted_by_nobody(db: None) -> None:
    first, second = (MissLimit(name, allowed=2, seconds=600) for name in ("one", "two"))
    with time_machine.travel(START, tick=False):
        assert [count_try((first, "a"), (second, str(n))) for n in range(4)] == [0, 0, 600, 600]
        assert count_try((first, "b"), (second, "0")) == 0
        assert count_try((first, "c"), (second, "0")) == 600

    counts = dict(Misses.objects.values_list("key", "count"))
    assert counts == {
        first.key_of("a"): 2,
        first.key_of("b"): 1,
        second.key_of("0"): 2,
        second.key_of("1"): 1,
    }


def test_throttle_tries_sent_at_once_from_one_address_raise_no_more_codes_than_it_has_tries(
    transactional_db: None,
) -> None:
    first, second = (
        MissLimit(name, allowed=5, seconds=600, sweeps=False) for name in ("one", "two")
    )

    def five(thread: int) -> None:
        for number in range(5):
            count_try((first, "a"), (second, f"{thread} {number}"))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(five, range(8)))

    codes = Misses.objects.filter(key__startswith="two")
    assert sum(codes.values_list("count", flat=True)) == 5


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
def test_throttle_request_that_passed_fewer_proxies_counts_as_its_own_address() -> None:
    assert address_of(request("203.0.113.5", "198.51.100.1")) == "203.0.113.5"


@override_settings(MOTCUA_PROXIES=1)
def test_nonsense_in_the_header_falls_back_to_the_connection() -> None:
    assert address_of(request("203.0.113.5", "không phải địa chỉ".encode().decode("latin-1"))) == (
        "203.0.113.5"
    )


def test_throttle_ipv6_visitor_is_a_whole_network_of_56_bits() -> None:
    first = address_of(request("2001:db8:1:2:aaaa::1"))

    assert first == address_of(request("2001:db8:1:ff:bbbb::9")) == "2001:db8:1::/56"
    assert first != address_of(request("2001:db8:1:100::1"))


@override_settings(MOTCUA_PROXIES=1)
@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("fe80::1%eth0", "fe80::/56"),
        ("fe80::1%", "fe80::/56"),
        (f"fe80::1%{'x' * 5000}", "fe80::/56"),
        ("::ffff:203.0.113.7%eth0", "203.0.113.7"),
        ("%eth0", "2001:db8:1:200::/56"),
        ("203.0.113.7:1234", "2001:db8:1:200::/56"),
        ("1" * 5000, "2001:db8:1:200::/56"),
    ],
)
def test_throttle_whatever_a_proxy_tells_there_is_one_network_to_count(
    told: str, counted: str
) -> None:
    """What is no address falls back to the connection, which counts by network as well."""
    assert address_of(request("2001:db8:1:2ab::5%eth1", told)) == counted


@override_settings(MOTCUA_PROXIES=1)
@pytest.mark.parametrize("address", ["fe80::1%eth0", "::ffff:203.0.113.7%1", "%"])
def test_throttle_no_forwarded_address_breaks_a_page(
    client: Client, db: None, address: str
) -> None:
    answer = client.get("/tra-cuu/", {"ma": "H12-1"}, headers={"x-forwarded-for": address})

    assert answer.status_code == 404


def test_throttle_ipv4_address_written_as_ipv6_is_the_same_visitor() -> None:
    assert address_of(request("::ffff:203.0.113.5")) == "203.0.113.5"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("203.0.113.7", True),
        ("::ffff:203.0.113.7", True),
        ("203.0.113.8", False),
        ("10.20.255.1", True),
        ("10.21.0.1", False),
        ("2001:db8:0:1::9%eth0", True),
        ("2001:db8:0:2::9", False),
        ("", False),
    ],
)
def test_throttle_hall_is_known_by_its_own_address_not_by_the_56_bits_that_are_counted(
    remote: str, expected: bool
) -> None:
    env = Environment({"MOTCUA_HALL_NETWORKS": "203.0.113.7, 10.20.0.0/16,2001:db8:0:1::/64"})
    with override_settings(MOTCUA_HALL_NETWORKS=env.networks("MOTCUA_HALL_NETWORKS")):
        assert is_hall(request(remote)) is expected
