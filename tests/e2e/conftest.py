"""What the browser tests share: the cast on a real server, each person at an own computer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from motcua.models import Staff
from tests.cast import PASSWORD, Cast, make_cast

LogIn = Callable[..., Page]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def computer(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A new computer in front of nobody: `computer()`, or a phone with `computer(phone=True)`."""
    contexts = []

    def switch_on(*, phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
        context = browser.new_context(base_url=live_server.url, locale="vi-VN", viewport=size)
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
