"""A citizen files from a phone, without script; the desk accepts it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from tests.cast import Cast
from tests.e2e.conftest import LogIn


@pytest.fixture
def phone(browser: Any, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        java_script_enabled=False,
        locale="vi-VN",
        base_url=live_server.url,
    )
    yield context.new_page()
    context.close()


@pytest.mark.every_database
def test_scans_sent_from_a_phone_are_accepted_at_the_desk(
    cast: Cast, phone: Page, log_in: LogIn, tmp_path: Path
) -> None:
    scan = tmp_path / "đơn đăng ký.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n")
    phone.goto(f"/thu-tuc/{cast.land.key}/")
    phone.get_by_role("link", name="Nộp hồ sơ trực tuyến").click()
    for paper in phone.locator("input[type=file]").all()[:-1]:
        paper.set_input_files(scan)
    phone.get_by_label("Họ tên người nộp, tên tổ chức").fill("Nguyễn Thị Thúy Hằng")
    phone.get_by_role("button", name="Nộp hồ sơ").click()
    expect(phone.get_by_text("Hãy ghi số điện thoại để bộ phận").first).to_be_visible()
    expect(phone.get_by_label("đơn đăng ký.png").first).to_be_checked()
    phone.get_by_label("Số điện thoại").fill("0912 345 678")
    phone.get_by_role("button", name="Nộp hồ sơ").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Đã nhận hồ sơ nộp trực tuyến")
    code = phone.locator(".code").first.inner_text()

    clerk = log_in(cast.clerk)
    clerk.get_by_role("link", name="Mới nộp, chờ nhận 1").click()
    clerk.get_by_role("link", name=f"Tiếp nhận: {code}").click()
    expect(clerk.get_by_role("link", name="đơn đăng ký.png").first).to_be_visible()
    clerk.get_by_role("button", name="Tiếp nhận").click()
    dossier = Dossier.objects.get()
    assert (dossier.is_accepted, dossier.submission_code) == (True, code)

    phone.get_by_role("link", name="trang tra cứu").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Hồ sơ đã được tiếp nhận")


def test_filing_page_is_whole_for_everybody(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.clerk, phone=True)
    page.goto(f"/nop-ho-so/{cast.land.key}/")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_selector(".error-summary")
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
