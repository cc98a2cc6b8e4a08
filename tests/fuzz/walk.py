"""Sends bent requests to every address, and holds each answer against what must never happen.

Every request is undone afterwards. What a refused one left behind is found by reading again the
tables that it wrote to, and comparing them with what stood in them before.
"""

import re
import traceback
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from tests.fuzz.hostile import Bender, Fields, Request
from tests.who_may_what import PEOPLE, QUERIES, Walk, addresses, patterns, written

ROOT = Path(__file__).resolve().parents[2]
FINE = {200, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 416, 422, 429}
# Written on the way to any answer: who was here, how often, and what was counted.
BESIDE = {"django_session", "motcua_misses", "motcua_loginevent"}
# A look at a dossier is an event; a scan is kept while its form is corrected, for a while only.
LOOKED, KEPT_A_WHILE = "dossiers_event", "dossiers_attachment"
MISTAKES = (b"error-summary", b"errornote")
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
_ASKED = re.compile(r"(?:GET|POST)\.get(?:list)?\(\"([\w-]+)\"")


def names_in_the_source() -> list[str]:
    """Every parameter that the program reads, wherever."""
    found = {
        name
        for room in ("motcua", "procedures", "dossiers", "reports")
        for file in (ROOT / room).rglob("*.py")
        for name in _ASKED.findall(file.read_text(encoding="utf-8"))
    }
    return sorted(found | {"csrfmiddlewaretoken", "_popup", "_to_field", "o", "e", "p", "all"})


class Hostility(Walk):
    """The world of `tests/who_may_what.py`, with somebody in it who means harm or errs."""

    def __init__(self, cast: Cast, seed: int) -> None:
        super().__init__(cast)
        for client in self.clients.values():
            client.cookies = SimpleCookie({k: m.value for k, m in client.cookies.items()})
        self.sent = 0
        self.wrong: list[str] = []
        self.pages: dict[str, Fields] = {}
        self.before: dict[str, str] = {}
        self.table = written()
        self.bender = Bender(seed, names_in_the_source())

    def places_to_go(self) -> Iterator[tuple[str, str, str, dict[str, str]]]:
        """(name of the pattern, method, address, query) of every address of the site."""
        for name, route in patterns():
            for key, address in addresses(name, route, self.places["own"], self.cast):
                for method in ("GET", "POST"):
                    if (key, method) in self.table:
                        yield key, method, address, QUERIES.get(name, {})

    def who_may(self, key: str, method: str) -> list[str]:
        """Whom to send: those who get furthest, or everybody where nobody gets anywhere."""
        cells = [cell.split("/")[0] for cell in self.table[key, method]]
        may = [
            who
            for who, cell in zip(PEOPLE, cells, strict=True)
            if cell in ("200", "302", "409", "422")
        ]
        return may or list(PEOPLE)

    def fields_of(self, who: str, address: str, query: dict[str, str]) -> Fields:
        """What the page offers to the first who is sent there: read once."""
        if address not in self.pages:
            fields = Fields()
            with transaction.atomic():
                answer = self.clients[who].get(address, query)
                if not answer.streaming and "html" in answer.headers.get("Content-Type", ""):
                    fields.feed(answer.content.decode())
                if answer.streaming:
                    b"".join(answer.streaming_content)
                transaction.set_rollback(True)
            self.pages[address] = fields
        return self.pages[address]

    def attack(self, key: str, method: str, address: str, query: dict[str, str]) -> None:
        who = self.bender.random.choice(self.who_may(key, method))
        request = self.bender.request(method, self.fields_of(who, address, query), query)
        self.sent += 1
        if wrong := self.send(who, address, request):
            self.wrong.append(f"{key} {address} as {who}: {wrong}\n    {shortened(request)}")

    def send(self, who: str, address: str, request: Request) -> str:
        """What is wrong with the answer; empty when nothing is."""
        client = self.clients[who]
        kept = {name: morsel.value for name, morsel in client.cookies.items()}
        touched: set[str] = set()

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if found := _WRITES.match(sql):
                touched.add(found[1])
            return execute(sql, params, many, context)

        try:
            with transaction.atomic():
                for name, value in request.cookies.items():
                    with suppress(Exception):
                        client.cookies[name] = value
                with connection.execute_wrapper(watch):
                    answer = ask(client, address, request)
                    if answer.streaming:
                        b"".join(answer.streaming_content)
                said = self.judged(request.method, answer, touched)
                transaction.set_rollback(True)
        except Exception as error:  # a 500 in the server: this is what is looked for
            return f"{type(error).__name__}: {str(error)[:300]} @ {where(error)}"
        finally:
            client.cookies = SimpleCookie(kept)
        return said

    def judged(self, method: str, answer: HttpResponse, touched: set[str]) -> str:
        if answer.status_code not in FINE:
            return f"status {answer.status_code}"
        if answer.status_code >= 400 or says_no(method, answer):
            beside = BESIDE | ({LOOKED} if method != "POST" else {KEPT_A_WHILE})
            for table in sorted(touched - beside):
                if self.before.get(table) not in (None, digest(table)):
                    return f"refused with {answer.status_code}, but wrote to {table}"
        return ""

    def remember(self) -> None:
        """What stands in the tables before anybody comes."""
        self.before = {name: digest(name) for name in connection.introspection.table_names()}


def says_no(method: str, answer: HttpResponse) -> bool:
    """Whether a form came back with what is wrong in it, under a status that says nothing."""
    if method != "POST" or answer.status_code != 200 or answer.streaming:
        return False
    return any(mark in answer.content for mark in MISTAKES)


def ask(client: Client, address: str, request: Request) -> HttpResponse:
    """A browser escapes the UTF-8 of every value; `is_raw` sends the same bytes as they are."""
    query = [(name, value.encode("utf-8", "surrogatepass")) for name, value in request.query]
    sent = urlencode(query)
    if request.is_raw:  # WSGI hands over each byte as one character
        sent = "&".join(f"{name}={value.decode('latin-1')}" for name, value in query)
    extra = {**request.headers, "QUERY_STRING": sent}
    if request.body is not None:
        return client.generic(
            request.method, address, request.body, request.content_type or "x", **extra
        )
    if request.method == "POST":
        return client.post(address, {k: clean(v) for k, v in request.data.items()}, **extra)
    return client.generic(request.method, address, **extra)


def clean(value: Any) -> Any:
    """The test client cannot encode half a surrogate; the bytes of one are sent in its place."""
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, SimpleUploadedFile):
        value.seek(0)
        return value
    return value.encode("utf-8", "replace").decode()


def digest(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        rows = sorted(repr([_as_bytes(value) for value in row]) for row in cursor.fetchall())
    return sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()


def _as_bytes(value: object) -> object:
    """What PostgreSQL hands out of a column of bytes names its place in memory, not its content."""
    return bytes(value) if isinstance(value, memoryview) else value


def where(error: BaseException) -> str:
    """The last line of our own code on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if str(ROOT) in f.filename and ".venv" not in f.filename]
    ours = [f for f in own if "/tests/" not in f.filename] or own
    last, deepest = ours[-1], frames[-1]
    ours_at = f"{last.filename.removeprefix(str(ROOT))}:{last.lineno}"
    return f"{ours_at} < {deepest.filename[-50:]}:{deepest.lineno}"


def shortened(request: Request) -> str:
    def short(value: Any) -> str:
        return repr(value)[:80]

    parts = [request.method, *(f"?{k}={short(v)}" for k, v in request.query)]
    parts += [f"{k}={short(v)}" for k, v in request.data.items()]
    if request.body is not None:
        parts.append(f"{request.content_type}: {short(request.body)}")
    return " ".join([*parts, short(request.headers), short(request.cookies)])
