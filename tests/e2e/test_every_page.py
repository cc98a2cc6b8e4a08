"""axe on every page of the table of who may what: a page that is added is looked at too."""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from tests.cast import Cast
from tests.e2e.test_accessibility import complaints
from tests.who_may_what import PEOPLE, QUERIES, Walk, addresses, patterns, written

# Pieces that a script puts into a page.
FRAGMENTS = ("intake_procedures", "intake_due", "dossier_procedures")
# Django's own tables and search box; what they lack is no obstacle to a screen reader.
OF_DJANGO = ("empty-table-header", "label-title-only")
# Who opens a page, when several may: who has the most on it.
FIRST = ("anonymous", "leader", "clerk", "specialist", "administrator")


def pages(walk: Walk) -> Iterator[tuple[str, str, str]]:
    """(person, key, address) of everything that shows itself in the browser."""
    table = written()
    for name, route in patterns():
        for key, address in addresses(name, route, walk.places["own"], walk.cast):
            cells = dict(zip(PEOPLE, table[key, "GET"], strict=True))
            may = [who for who in (*FIRST, *PEOPLE) if cells[who].startswith("200")]
            if not may or name in FRAGMENTS:
                continue
            if "." in address.rpartition("/")[2]:  # a paper or a file
                continue
            answer = walk.clients[may[0]].get(address, QUERIES.get(name, {}))
            if answer.streaming:
                b"".join(answer.streaming_content)
            if "text/html" in answer.headers.get("Content-Type", ""):
                yield may[0], key, answer.request["PATH_INFO"] + query_of(answer)


def query_of(answer: Any) -> str:
    return f"?{answer.request['QUERY_STRING']}" if answer.request["QUERY_STRING"] else ""


def test_every_page_axe_finds_nothing_on_any_page(
    cast: Cast, live_server: Any, computer: Callable[..., Page]
) -> None:
    walk = Walk(cast)
    found, seen = [], {}
    for who, key, address in pages(walk):
        if who not in seen:
            seen[who] = computer()
            session = walk.clients[who].cookies.get("sessionid")
            if session is not None:
                cookie = {"name": "sessionid", "value": session.value, "url": live_server.url}
                seen[who].context.add_cookies([cookie])
        page = seen[who]
        page.goto(address)
        faults = complaints(page)
        if key.startswith("admin:"):
            faults = [f for f in faults if not any(f" {rule} " in f for rule in OF_DJANGO)]
        found += [f"{key} as {who}: {fault}" for fault in faults]
    assert len(seen) > 3
    assert not found, f"{len(found)}:\n" + "\n".join(found)
