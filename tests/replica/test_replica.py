"""A desk over two real clusters, the second a streaming replica of the first.

Which server was asked is read in the servers' own logs. Replay is paused where an old figure has
to be told from a new one.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections

from motcua.operations.replica import REPLICA, Standing, from_replica
from tests.cast import Cast, make_cast
from tests.dossiers.counter_pages import of_another_person, page_of, typed
from tests.faults.desk import Desk, Server, Standby, Visitor, code_in, running_desk, until

LIST = "/bao-cao/ho-so/?cot=received"
REPORTS = (
    LIST,
    "/bao-cao/",
    "/bao-cao/bao-cao.csv",
    "/bao-cao/tre-han/",
    "/bao-cao/ton-dong/",
    "/thong-ke/",
    "/thong-ke/thoi-gian/",
    "/thong-ke/dang-giu/",
    "/so-theo-doi/",
    "/ket-qua/",
)
# What reports are made of; of the floor below only misses, sessions and staff are asked for.
DOSSIERS = re.compile(r"\b(?:reports|dossiers|procedures)_\w+")
PATIENT, STRICT = "300", "1"  # seconds that the replica may lag


class Site:
    """The desk, its two servers, and who comes in."""

    def __init__(self, cast: Cast, people: dict[str, Visitor], form: Callable[[], Any]) -> None:
        self.page, self.form = page_of(cast.land), form
        self.clerk, self.leader = people["clerk"], people["leader"]
        self.desk = self.clerk.desk
        self.citizen = Visitor(self.desk)
        self.primary: Server = self.desk.database
        self.replica: Server = self.desk.standby

    def receive(self) -> str:
        """The clerk receives a dossier: its code."""
        status, location, body = self.clerk.ask("POST", self.page, self.form())
        assert status == 302, body[:300]
        return code_in(location)

    def look_up(self, code: str) -> str:
        return self.citizen.page(f"/tra-cuu/?{urlencode({'ma': code})}")

    def miss(self, typed: str) -> None:
        status, _, _ = self.citizen.ask("GET", f"/tra-cuu/?{urlencode({'ma': typed})}")
        assert status == 404

    def asked(self, act: Callable[[], Any]) -> tuple[str, str]:
        """What the primary and the replica were asked meanwhile."""
        servers = (self.primary, self.replica)
        before = [server.log.stat().st_size for server in servers]
        act()
        logs = [
            server.log.read_bytes()[size:].decode(errors="replace")
            for server, size in zip(servers, before, strict=True)
        ]
        return logs[0], logs[1]

    def is_read_there(self, act: Callable[[], Any]) -> bool:
        """Whether the replica is asked for everything that stands in dossiers and figures."""
        primary, replica = self.asked(act)
        return bool(DOSSIERS.search(replica)) and not DOSSIERS.search(primary)

    @contextmanager
    def nothing_arriving(self) -> Iterator[None]:
        """While inside, the replica replays nothing."""
        ask(self.replica, "SELECT pg_wal_replay_pause()")
        until(lambda: ask(self.replica, "SELECT pg_get_wal_replay_pause_state()") == "paused")
        try:
            yield
        finally:
            ask(self.replica, "SELECT pg_wal_replay_resume()")


def ask(server: Server, statement: str) -> Any:
    """Behind the program's back."""
    other = psycopg2.connect(f"{server.url}/desk")
    other.autocommit = True
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        other.close()


def with_replica(desk: Desk) -> None:
    ask(desk.database, "ALTER DATABASE desk SET log_statement = 'all'")
    desk.standby = Standby(desk.database)
    desk.database.variables |= {
        "REPLICA_URL": f"{desk.standby.url}/desk",
        "MOTCUA_REPLICA_LAG": PATIENT,
        "MOTCUA_LOOKUPS_PER_MINUTE": "100000",
        "GUNICORN_CMD_ARGS": "--workers=1",  # each process keeps its own view of the replica
    }


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    if connection.vendor != "postgresql":
        pytest.skip("A replica is PostgreSQL's.")
    cast = make_cast()
    template = typed(cast.land)
    people = {"clerk": Visitor(None, cast.clerk), "leader": Visitor(None, cast.leader)}
    connection.close()

    def form() -> dict[str, str]:
        return template | of_another_person()

    with running_desk(with_replica) as desk:
        try:
            for each in people.values():
                each.desk = desk
            yield Site(cast, people, form)
        finally:
            desk.standby.stop()


def test_replica_desk_with_a_replica(site: Site, subtests: pytest.Subtests) -> None:
    """One site for all cases: making it takes longer than they do."""
    for case in (
        reports_and_look_ups_are_read_from_the_replica,
        a_clerk_sees_an_own_write_at_once,
        a_slip_printed_a_second_ago_is_found_and_every_miss_costs_the_same,
        a_page_survives_a_replica_killed_in_the_middle,
        a_replica_that_is_back_is_used_again,
        a_replica_that_lags_too_far_is_left_for_the_primary,
        nothing_was_ever_written_to_the_replica,
    ):
        with subtests.test(case.__name__):
            case(site)


def reports_and_look_ups_are_read_from_the_replica(site: Site) -> None:
    code = site.receive()
    until(
        lambda: (
            code in site.leader.page(LIST) and site.is_read_there(lambda: site.leader.page(LIST))
        )
    )
    for path in REPORTS:
        until(lambda path=path: site.is_read_there(lambda: site.leader.page(path)))
    until(lambda: site.is_read_there(lambda: site.look_up(code)))
    primary, _ = site.asked(lambda: site.leader.page(LIST))
    assert "motcua_staff" in primary, "who is logged in is asked of the primary"
    primary, _ = site.asked(lambda: site.look_up(code))
    assert "motcua_misses" in primary, "and so is who has guessed too often"


def a_clerk_sees_an_own_write_at_once(site: Site) -> None:
    with site.nothing_arriving():
        code = site.receive()
        assert code in site.clerk.page(LIST)
        assert code not in site.leader.page(LIST), "another reads what the replica has"
    until(lambda: code in site.leader.page(LIST))
    until(lambda: site.is_read_there(lambda: site.clerk.page(LIST)))


def a_slip_printed_a_second_ago_is_found_and_every_miss_costs_the_same(site: Site) -> None:
    with site.nothing_arriving():
        code = site.receive()
        found = site.asked(lambda: site.look_up(code))
        assert all(DOSSIERS.search(log) for log in found), "asked of both"
        assert "chưa cần làm gì" in site.look_up(code)

        def tables(typed: str) -> list[list[str]]:
            logs = site.asked(lambda: site.miss(typed))
            return [re.findall(r"\b(?:dossiers_\w+|motcua_misses)", log) for log in logs]

        site.miss("the first of an address also clears away")
        assert tables(code[:-4] + "9999") == tables("abc") == tables("<script>")


def a_page_survives_a_replica_killed_in_the_middle(site: Site) -> None:
    enough, answers = threading.Event(), []

    def read(visitor: Visitor, path: str) -> None:
        while not enough.is_set():
            answers.append(visitor.ask("GET", path)[0])

    readers = [
        threading.Thread(target=read, args=each)
        for each in ((site.leader, LIST), (site.leader, "/thong-ke/"), (site.clerk, "/bao-cao/"))
    ]
    for reader in readers:
        reader.start()
    try:
        until(lambda: len(answers) > 20)
        site.replica.kill()
        given = len(answers)
        until(lambda: len(answers) > given + 20)
    finally:
        enough.set()
        for reader in readers:
            reader.join()
    assert set(answers) == {200}
    assert "replica is left alone" in (site.desk.folder / "gunicorn.log").read_text()


def a_replica_that_is_back_is_used_again(site: Site) -> None:
    health = json.loads(site.citizen.page("/suc-khoe/"))
    assert health["replica"] == {"ok": False, "lag_seconds": None}
    site.replica.start()
    until(lambda: site.is_read_there(lambda: site.leader.page(LIST)))
    until(lambda: json.loads(site.citizen.page("/suc-khoe/"))["replica"]["ok"])


def a_replica_that_lags_too_far_is_left_for_the_primary(site: Site) -> None:
    site.desk.database.variables["MOTCUA_REPLICA_LAG"] = STRICT
    site.desk.kill_everything()
    site.desk.start()
    until(lambda: site.is_read_there(lambda: site.leader.page(LIST)))
    with site.nothing_arriving():
        code = site.receive()
        until(lambda: code in site.leader.page(LIST))
        until(lambda: not json.loads(site.citizen.page("/suc-khoe/"))["replica"]["ok"])
    until(lambda: site.is_read_there(lambda: site.leader.page(LIST)))


def nothing_was_ever_written_to_the_replica(site: Site) -> None:
    told = site.replica.log.read_text()
    assert "SELECT" in told
    assert re.findall(r"(?:INSERT|UPDATE|DELETE) .*|ERROR: .*read-only.*", told) == []


def test_replica_what_is_no_replica_of_this_database_is_never_read(
    django_db_setup: None, django_db_blocker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The primary itself, in place of a replica."""
    if connection.vendor != "postgresql":
        pytest.skip("A replica is PostgreSQL's.")
    connections.settings[REPLICA] = connections.settings["default"]
    with django_db_blocker.unblock():
        try:
            assert not Standing(longest_lag=300).serves()
        finally:
            connections[REPLICA].close()
            connection.close()
            del connections[REPLICA], connections.settings[REPLICA]
    assert "no replica of this database" in caplog.text


def test_without_a_replica_nothing_stands_in_the_way() -> None:
    def view() -> None:
        """A view."""

    assert from_replica(view) is view
    assert settings.DATABASE_ROUTERS == []
    assert not any("replica" in name for name in settings.MIDDLEWARE)
