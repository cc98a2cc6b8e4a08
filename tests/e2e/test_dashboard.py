"""A leader at the dashboard: another period, a mark and its list, tables, paper, wall."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from dossiers.lifecycle import perform
from tests.cast import Cast, vn
from tests.e2e.conftest import LogIn


def opens_as_many(page: Page, link: str) -> None:
    """Press the number; the list behind it is as long, and back again."""
    number = page.locator(link).first
    said = number.inner_text()
    number.click()
    expect(page.locator("h1")).to_contain_text(f": {said} hồ sơ")
    page.go_back()


def test_dashboard_leader_looks_at_a_quarter_and_prints_it(cast: Cast, log_in: LogIn) -> None:
    for end in ("2016-01-06", "2016-03-24"):
        dossier = cast.received("2016-01-04T09:00")
        perform.resolve(dossier, by=cast.clerk, at=vn(f"{end}T09:00"), outcome="approved")
    held = cast.received("2016-02-01T09:00")
    perform.forward(held, by=cast.clerk, at=vn("2016-02-01T10:00"), division=cast.land_division)
    page = log_in(cast.leader)
    page.goto("/thong-ke/?ky=2016-9M")
    page.get_by_label("Kỳ", exact=True).select_option("2016-Q1")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_url(re.compile("2016-Q1"))
    expect(page.locator(".verdict")).to_contain_text("2 hồ sơ trễ hoặc quá hạn")
    # A column of the picture opens its dossiers.
    page.locator("#ton-cuoi-thang ~ .backlogs a").last.click()
    expect(page.locator("h1")).to_have_text(re.compile("quá hạn: 1 hồ sơ"))
    page.go_back()

    paper = page.request.get(page.get_by_role("link", name="In để họp").get_attribute("href") or "")
    assert len(PdfReader(io.BytesIO(paper.body())).pages) == 2

    page.get_by_role("link", name="Bảng số liệu").first.click()
    expect(page.locator(".lead-sentence")).to_contain_text("Quý I năm 2016, hai cấp giải quyết 2")
    opens_as_many(page, "table.figures-table a")

    page.get_by_role("link", name="Ai đang giữ").click()
    expect(page.get_by_role("row").filter(has_text="Chi nhánh").first).to_contain_text("1")
    opens_as_many(page, "table a")
    page.get_by_role("link", name="Thời gian đã dùng").click()
    expect(page.locator(".lead-sentence")).to_contain_text("1 thủ tục có hồ sơ giải quyết xong")

    page.get_by_role("link", name="Tổng hợp").click()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("link", name="Màn hình lớn").click()
    expect(page.locator(".bar")).to_have_count(0)
    tall = page.evaluate("document.documentElement.scrollHeight - window.innerHeight")
    assert tall <= 0
    page.get_by_role("link", name="Thoát màn hình lớn").click()
    expect(page.locator(".bar")).to_be_visible()
