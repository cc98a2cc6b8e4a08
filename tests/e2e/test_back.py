"""Back after a page that refused a form: what was typed is still there."""

from playwright.sync_api import expect

from tests.cast import Cast
from tests.e2e.conftest import LogIn


def test_back_after_a_refusal_finds_what_was_typed(cast: Cast, log_in: LogIn) -> None:
    dossier = cast.received("2026-03-02T09:00")
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/{dossier.code}/viec/ask_supplement/")
    page.fill("#id_items", "Trích đo thửa đất")
    page.fill("#id_contact_phone", "0900000123")
    page.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_items")).to_have_value("Trích đo thửa đất")
    page.go_back()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator("#id_items")).to_have_value("Trích đo thửa đất")
    expect(page.locator("#id_contact_phone")).to_have_value("0900000123")


def test_back_after_a_log_out_finds_nothing_of_it(cast: Cast, log_in: LogIn) -> None:
    dossier = cast.received("2026-03-02T09:00")
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/{dossier.code}/viec/ask_supplement/")
    page.fill("#id_items", "Trích đo thửa đất")
    page.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert "Trích đo" in page.evaluate("sessionStorage.getItem('typed-words')")
    page.goto("/dang-nhap/")
    assert page.evaluate("sessionStorage.getItem('typed-words')") is None
