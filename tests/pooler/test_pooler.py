"""A desk behind PgBouncer that lends connections for a transaction each, fewer than clients.

Whatever a session is told would be another's a moment later: parameters, cursors, locks,
prepared statements.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import psycopg2
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from motcua.models import Staff
from tests.cast import PASSWORD, Cast, make_cast
from tests.conftest import ON_CI
from tests.dossiers.counter_pages import of_another_person, page_of, typed
from tests.faults.desk import ROOT, Desk, Pooler, Visitor, code_in, running_desk

CONNECTIONS = 2
CLIENTS = 8  # threads of the two workers
KEY = "một khóa đủ dài để thử"


class Site:
    """The desk behind its pooler, and what comes in."""

    def __init__(self, desk: Desk, cast: Cast, form: Callable[[], Any]) -> None:
        self.desk, self.cast, self.form = desk, cast, form
        self.page = page_of(cast.land)
        self.clerk, self.leader = self.log_in(cast.clerk), self.log_in(cast.leader)

    def log_in(self, staff: Staff) -> Visitor:
        """By the log-in page, whose session stands in the database."""
        visitor = Visitor(self.desk)
        typed_in = {"username": staff.username, "password": PASSWORD}
        assert visitor.ask("POST", "/dang-nhap/", typed_in)[0] == 302
        return visitor

    def receive(self, clerk: Visitor) -> str:
        status, location, body = clerk.ask("POST", self.page, self.form())
        assert status == 302, body[:300]
        return code_in(location)

    def manage(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        clean = {name: each for name, each in os.environ.items() if "DATABASE" not in name}
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={
                **clean,
                **self.desk.database.variables,
                # The folder of the desk holds the scratch cluster too: no file to restore.
                "MOTCUA_VAR": str(self.desk.folder / "var"),
                "MOTCUA_BACKUP_KEY": KEY,
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )


def behind_a_pooler(desk: Desk) -> None:
    desk.pooler = Pooler(desk.database, CONNECTIONS)
    desk.pooler.start()
    desk.database.variables["DATABASE_URL"] = f"{desk.pooler.url}/desk"


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    if connection.vendor != "postgresql":
        pytest.skip("A pooler is PostgreSQL's.")
    if Pooler.program() is None:
        (pytest.fail if ON_CI else pytest.skip)("No PgBouncer: run script/setup --test")
    cast = make_cast()
    # The desk that runs as in production knows no quick hashers.
    hasher = PBKDF2PasswordHasher()
    Staff.objects.update(password=hasher.encode(PASSWORD, hasher.salt()))
    template = typed(cast.land)
    connection.close()
    with running_desk(behind_a_pooler) as desk:
        try:
            yield Site(desk, cast, lambda: template | of_another_person())
        finally:
            desk.pooler.stop()


def test_pooler_desk_behind_a_pooler_of_transactions(site: Site, subtests: pytest.Subtests) -> None:
    """One site for all cases: making it takes longer than they do."""
    for case in (
        more_clients_than_connections_do_a_days_work,
        lists_leave_as_files_whole_and_in_order,
        migrations_and_timed_commands_run_through_it,
        compiling_is_off_though_no_session_may_say_so,
        a_backup_through_it_is_refused_with_what_to_set,
        a_backup_and_a_restore_go_around_it,
        nothing_failed_and_nothing_stayed_with_a_connection,
    ):
        with subtests.test(case.__name__):
            case(site)


def more_clients_than_connections_do_a_days_work(site: Site) -> None:
    with ThreadPoolExecutor(CLIENTS) as many:
        codes = list(many.map(lambda _: a_day_at_the_counter(site), range(CLIENTS)))
    assert len({code for of_one in codes for code in of_one}) == 3 * CLIENTS


def a_day_at_the_counter(site: Site) -> list[str]:
    clerk, leader = site.clerk, site.leader
    codes = []
    for _ in range(3):
        code = site.receive(clerk)
        codes.append(code)
        assert fetched(clerk, f"/ho-so/{code}/phieu-hen.pdf").startswith(b"%PDF")
        forward(clerk, code, site.cast.land_division.pk)
        assert code in Visitor(site.desk).page(f"/tra-cuu/?ma={code}")
        for page in ("/ban-lam-viec/", f"/ho-so/{code}/", "/so-theo-doi/"):
            clerk.page(page)
        for page in ("/bao-cao/", "/thong-ke/", "/thong-ke/dang-giu/", "/bao-cao/tre-han/"):
            leader.page(page)
    return codes


def forward(clerk: Visitor, code: str, division: int) -> None:
    page = f"/ho-so/{code}/viec/forward/"
    inputs = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', clerk.page(page))
    form = {name: unescape(value) for name, value in inputs if name in ("token", "seen")}
    status, _, body = clerk.ask("POST", page, form | {"to": f"d{division}"})
    assert status == 302, body


def fetched(visitor: Visitor, path: str) -> bytes:
    """The file; asked for again, as its page does by itself, while too many are printing."""
    deadline = time.monotonic() + 60
    while True:
        answer, body = answered(visitor, path)
        is_later = answer.status == 503 and answer.headers["Retry-After"]
        if not is_later or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    assert answer.status == 200, (path, answer.status, body[:300])
    return body


def answered(visitor: Visitor, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    caller = http.client.HTTPConnection("127.0.0.1", visitor.desk.port, timeout=60)
    try:
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        caller.request("GET", path, headers={"Cookie": cookies})
        answer = caller.getresponse()
        return answer, answer.read()
    finally:
        caller.close()


def lists_leave_as_files_whole_and_in_order(site: Site) -> None:
    clerk, leader = site.clerk, site.leader
    book = "/so-theo-doi/so-theo-doi"
    # The book on paper is a job beyond 15 rows; a report of one page is drawn at once.
    paths = [f"{book}.xlsx", "/bao-cao/bao-cao.pdf", "/bao-cao/ho-so/?cot=received&dang=csv"]
    with ThreadPoolExecutor(CLIENTS) as many:
        xlsx, pdf, csv = many.map(lambda path: fetched(leader, path), paths)
    assert (xlsx[:2], pdf[:4]) == (b"PK", b"%PDF")
    assert len(csv.decode().splitlines()) == 1 + 3 * CLIENTS
    told = clerk.ask("POST", "/ho-so/", {"q": "Nguyễn"})
    assert told[0] == 302
    found = fetched(clerk, told[1].replace("/ho-so/?", "/ho-so/danh-sach.csv?")).decode()
    codes = re.findall(r"[\w.]+-\d{6}-\d{4}", found)
    assert len(codes) == 3 * CLIENTS


def migrations_and_timed_commands_run_through_it(site: Site) -> None:
    """None of them needs a session: a migration is a transaction."""
    for words in (
        ("migrate", "reports", "zero"),
        ("migrate",),
        ("check", "--database", "default"),
        ("verify_figures",),
        ("send_notices",),
        ("remind",),
        ("send_papers",),
        ("prune_logins",),
        ("prune_files",),
        ("prune_questions",),
        ("clearsessions",),
    ):
        told = site.manage(*words)
        assert told.returncode == 0, (words, told.stdout, told.stderr)


def compiling_is_off_though_no_session_may_say_so(site: Site) -> None:
    assert asked(site, "SHOW jit") == "off"


def asked(site: Site, statement: str) -> Any:
    """A new session at the server itself."""
    other = psycopg2.connect(f"{site.desk.database.url}/desk")
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]
    finally:
        other.close()


def a_backup_through_it_is_refused_with_what_to_set(site: Site) -> None:
    told = site.manage("backup", str(site.desk.folder / "pooled.motcua"))
    assert told.returncode == 1
    assert "DATABASE_DIRECT_URL" in told.stderr
    assert not (site.desk.folder / "pooled.motcua").exists()


def a_backup_and_a_restore_go_around_it(site: Site) -> None:
    direct = {"DATABASE_DIRECT_URL": f"{site.desk.database.url}/desk"}
    file = str(site.desk.folder / "direct.motcua")
    for words in (("backup", file), ("restore", file, "--replace")):
        told = site.manage(*words, **direct)
        assert told.returncode == 0, (words, told.stderr)
    assert asked(site, "SELECT count(*) FROM dossiers_dossier") == 3 * CLIENTS
    site.clerk, site.leader = site.log_in(site.cast.clerk), site.log_in(site.cast.leader)
    a_day_at_the_counter(site)


def nothing_failed_and_nothing_stayed_with_a_connection(site: Site) -> None:
    written = (site.desk.folder / "gunicorn.log").read_text()
    assert "Traceback" not in written, written[-3000:]
    log = site.desk.pooler.log.read_text()
    assert "unsupported startup parameter" not in log
    through = psycopg2.connect(f"{site.desk.pooler.url}/desk")
    try:
        with through.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors WHERE is_holdable")
            assert cursor.fetchone()[0] == 0
            cursor.execute("SHOW search_path")
            assert cursor.fetchone()[0] == '"$user", public'
    finally:
        through.close()
    assert json.loads(Visitor(site.desk).page("/suc-khoe/"))["database"] == {"ok": True}
