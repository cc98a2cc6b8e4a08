"""The page of a dossier by keyboard: acts open in their place, their number is their key."""

import pytest
from playwright.sync_api import expect

from dossiers.models import Dossier
from tests.cast import Cast
from tests.e2e.conftest import LogIn
from tests.e2e.test_accessibility import complaints


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    return cast.received("2019-10-03T09:00")


def test_dossier_page_acts_open_in_their_place_by_their_number(
    cast: Cast, dossier: Dossier, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/{dossier.code}/")
    acts = page.locator("details.act")
    expect(acts).to_have_count(5)
    page.keyboard.press("2")
    expect(page.get_by_label("Giải quyết xong")).to_be_focused()
    assert not complaints(page)
    page.keyboard.press("Tab")
    page.keyboard.type("Số 13 ngày 1/1")
    expect(page.locator("details.act[open] [name=result_note]")).to_have_value("Số 13 ngày 1/1")
    expect(acts.nth(1)).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator("details.act[open]")).to_have_count(0)
    page.keyboard.press("3")
    expect(page.get_by_label("Nội dung cần bổ sung")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator("details.act[open] [name=result_note]")).to_have_value("Số 13 ngày 1/1")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"Đã ghi nhận kết quả hồ sơ {dossier.code}.")).to_be_visible()
    dossier.refresh_from_db()
    assert dossier.result_note == "Số 13 ngày 1/1"


# As quick as a scanner, however busy the machine is.
AT_ONCE = """codes => {
  for (const code of codes) {
    const how = { code, key: code.slice(-1).toLowerCase(), bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", how));
  }
}"""


def test_dossier_page_scanned_code_opens_no_act(
    cast: Cast, dossier: Dossier, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/{dossier.code}/")
    page.evaluate(AT_ONCE, ["Digit2", "Minus", "Digit1", "KeyX"])
    page.wait_for_timeout(300)
    expect(page.locator("details.act[open]")).to_have_count(0)


def test_dossier_page_refused_act_keeps_what_was_typed(
    cast: Cast, dossier: Dossier, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/{dossier.code}/")
    page.keyboard.press("3")
    page.get_by_label("Nội dung cần bổ sung").fill("Sơ đồ thửa đất")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/viec/ask_supplement/")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Nội dung cần bổ sung")).to_have_value("Sơ đồ thửa đất")
