"""The way in, at a real keyboard: first password, second factor, codes on paper, the desk."""

from collections.abc import Callable
from typing import Any

import pyotp
from playwright.sync_api import Page

from motcua import clock
from motcua.models import Staff
from tests.cast import PASSWORD, Cast
from tests.e2e.test_accessibility import complaints, listen

OWN = "cây cầu ván đóng đinh"


def test_coming_in_new_officer_comes_in_step_by_step(
    cast: Cast, computer: Callable[..., Page], settings: Any
) -> None:
    settings.MOTCUA_SECOND_FACTOR = "all"
    Staff.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    page = computer(phone=True)
    found = listen(page)

    def send(**fields: str) -> None:
        for name, typed in fields.items():
            page.fill(f"[name={name}]", typed)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.goto("/dang-nhap/")
    send(username=cast.clerk.username, password=PASSWORD)
    found += complaints(page)
    send(new_password1=OWN, new_password2=OWN)
    found += complaints(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    send(code=pyotp.TOTP(secret).at(int(clock.now().timestamp())))
    found += complaints(page)
    assert page.locator(".recovery li").count() == 8
    code = page.locator(".recovery li").first.inner_text()
    page.get_by_role("link", name="Đã giữ mã, vào làm việc").click()
    page.wait_for_url("**/ban-lam-viec/")

    page = computer(phone=True)
    found += listen(page)
    page.goto("/dang-nhap/")
    send(username=cast.clerk.username, password=OWN)
    found += complaints(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    send(code=code)
    page.wait_for_url("**/ban-lam-viec/")
    assert found == []
