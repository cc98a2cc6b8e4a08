"""What the browser tests share: the cast on a real server, each person at an own computer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from motcua.models import Staff
from tests.cast import PASSWORD, Cast, make_cast

LogIn = Callable[..., Page]


# A browser without a screen has no print dialog, and breaks off when it is asked for one.
PRINTS = "window.print = () => { window.top.prints = (window.top.prints || 0) + 1; }"


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.add_init_script(PRINTS)
    return context


def wait_for_print(page: Page, times: int = 1) -> None:
    """Until so many print dialogs were asked for; the page's policy lets nothing evaluate there."""
    for _ in range(100):
        if page.evaluate("window.prints || 0") == times:
            return
        page.wait_for_timeout(100)
    raise AssertionError("No print dialog.")


def open_act(page: Page, act: str) -> None:
    """On a dossier's page: an act of the list at the side, or a rare one below it."""
    page.locator(".dossier-side summary, .rare").get_by_text(act, exact=True).click()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def slow_scanner() -> int:
    """How many times slower than usual the scanner is; tests that scan override it, for a driver
    on a busy machine types slower than any scanner."""
    return 1


@pytest.fixture
def computer(
    browser: Browser, live_server: Any, slow_scanner: int
) -> Iterator[Callable[..., Page]]:
    """A new computer in front of nobody: `computer()`, or a phone with `computer(phone=True)`."""
    contexts = []

    def switch_on(*, phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
        context = browser.new_context(base_url=live_server.url, locale="vi-VN", viewport=size)
        context.add_init_script(PRINTS)
        if slow_scanner > 1:
            context.add_init_script(
                f"try {{ localStorage.setItem('may-quet-cham', {slow_scanner}) }} catch {{}}"
            )
        contexts.append(context)
        return context.new_page()

    yield switch_on
    for context in contexts:
        context.close()


@pytest.fixture
def log_in(computer: Callable[..., Page]) -> LogIn:
    """Each person sits at a computer of their own."""

    def at_own_computer(staff: Staff, password: str = PASSWORD, *, phone: bool = False) -> Page:
        page = computer(phone=phone)
        page.goto("/dang-nhap/")
        page.fill("[name=username]", staff.username)
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/dang-nhap/" not in address)
        return page

    return at_own_computer
