"""The mark of an act entered later, and receipt codes, on every list that shows them."""

import pytest
from playwright.sync_api import Page

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from tests.cast import Cast, vn
from tests.e2e.conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)

QUARTER = "2016-Q1"
CUT = """() => {
  const right = document.documentElement.clientWidth;
  const parts = [...document.querySelectorAll("main td, main .code, main .doubt")];
  const leaves = (part) => part.getBoundingClientRect().right > right + 1;
  const hides = (part) => part.tagName === "TD" && part.scrollWidth > part.clientWidth + 1;
  return parts.filter((part) => leaves(part) || hides(part))
    .map((part) => part.textContent.trim());
}"""


def entered_later(cast: Cast) -> Dossier:
    """Overdue since the papers that are said to have come the day after they were asked for."""
    dossier = cast.received("2016-03-01T09:00")
    how = {"by": cast.clerk, "late_reason": "Mất mạng"}
    asked = vn("2016-03-14T15:00")
    perform.ask_supplement(dossier, at=asked, items="Giấy", reason="Thiếu", **how)
    perform.receive_supplement(dossier, at=vn("2016-03-15T09:00"), **how)
    return dossier


def cut(page: Page, address: str) -> list[str]:
    page.goto(address)
    assert page.locator(".doubt", has_text="nhập muộn").count() == 1, address
    found: list[str] = page.evaluate(CUT)
    return [f"{address}: {words}" for words in found]


def test_later_mark_and_code_stay_on_the_page_of_a_phone_and_of_an_old_screen(
    cast: Cast, log_in: LogIn
) -> None:
    entered_later(cast)
    lists = [
        f"/bao-cao/tre-han/?ky={QUARTER}",
        f"/bao-cao/chot/967/{QUARTER}/can-xem/later/",
        f"/bao-cao/ho-so/?ky={QUARTER}&cot=pending_overdue",
        "/ho-so/",
    ]
    for phone in (True, False):
        page = log_in(cast.leader, phone=phone)
        assert not [words for address in lists for words in cut(page, address)]
        page.goto("/thong-ke/dang-giu/")
        held = page.locator("main table a[href*='/dang-giu/ho-so/']").first.get_attribute("href")
        assert held is not None
        assert not cut(page, held)
    head = log_in(cast.leader)
    head.goto(f"/bao-cao/chot/967/{QUARTER}/")
    head.get_by_role("button", name="Ký số liệu").click()
    signed = head.locator("main table a[href*='/bao-cao/chot/967/']").first.get_attribute("href")
    assert signed is not None
    assert not cut(log_in(cast.leader, phone=True), signed)
