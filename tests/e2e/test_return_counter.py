"""The return counter by keyboard and scanner alone: scan, Enter, handed over; next."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.rules.states import State
from tests.cast import Cast
from tests.e2e.conftest import LogIn

RETURN = "/tra-ket-qua/"
MAU = "096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021"
# Of a scanner that types letters which no key of the keyboard makes.
KEYS = """text => {
  for (const key of [...text, "Enter"]) {
    const how = { key, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", how));
  }
}"""


@pytest.fixture
def slow_scanner() -> int:
    return 6


@pytest.fixture
def two(cast: Cast) -> list[Dossier]:
    """Two results of one person that lie ready."""
    made = []
    for fee in (None, 75000):
        intake = Intake(
            office=cast.district,
            procedure=cast.land,
            applicant_name="Nguyễn Thị Mẫu",
            applicant_id="096190000123",
            phone="0900000456",
            fee_vnd=fee,
        )
        dossier = perform.register(intake, by=cast.clerk)
        perform.resolve(dossier, by=cast.leader, outcome="approved")
        made.append(dossier)
    return made


def scan(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")  # the scanner's own


def states(dossiers: list[Dossier]) -> list[State]:
    return [Dossier.objects.get(pk=dossier.pk).current_state for dossier in dossiers]


@pytest.mark.every_database
def test_return_counter_scan_and_one_key_hands_over_all_of_the_person(
    cast: Cast, two: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(RETURN)
    expect(page.locator("#quet")).to_be_focused()
    scan(page, f"http://127.0.0.1:8000/tra-cuu/?ma={two[0].code}")
    page.wait_for_url(f"**{RETURN}?ma={two[0].code}")
    expect(page.locator("#quet")).to_be_focused()
    expect(page.get_by_role("button", name="Thu tiền, trả 2 kết quả")).to_be_visible()
    page.keyboard.press("Enter")  # 1 key beside what the scanner types; 4 are allowed
    expect(page.get_by_text("Đã trả 2 kết quả cho Nguyễn Thị Mẫu")).to_be_visible()
    expect(page.locator("#quet")).to_be_focused()
    assert states(two) == [State.HANDED_OVER, State.HANDED_OVER]
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác, 2 kết quả lại chờ trả.")).to_be_visible()
    assert states(two) == [State.RESOLVED, State.RESOLVED]


def test_return_counter_counts_what_is_ticked_and_escape_leaves_for_the_next(
    cast: Cast, two: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{RETURN}?ma={two[0].code}")
    page.get_by_label(f"Trả {two[1].code}").uncheck()
    expect(page.locator("[data-ticked-count]")).to_have_text("1")
    expect(page.locator("[data-owed-sum]")).to_have_text("0")
    page.get_by_label("Họ tên người khác").fill("Lê Văn Rạch")
    expect(page.get_by_label("Người khác", exact=True)).to_be_checked()
    page.locator("#quet").focus()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{RETURN}")
    assert states(two) == [State.RESOLVED, State.RESOLVED]


def test_return_counter_card_in_another_field_is_read_and_its_text_is_gone(
    cast: Cast, two: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{RETURN}?ma={two[0].code}")
    page.get_by_label("Giấy tờ đã xuất trình").focus()
    scan(page, MAU)
    expect(page.get_by_label("Giấy tờ đã xuất trình")).to_have_value("CCCD 096190000123")
    assert "05031990" not in page.content()
    assert "|" not in page.url


def test_return_counter_scanner_opens_the_dossier_from_any_page_and_leaves_shortcuts_to_the_hand(
    cast: Cast, two: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto("/so-theo-doi/")
    page.evaluate("document.activeElement.blur()")
    scan(page, f"http://127.0.0.1:8000/tra-cuu/?ma={two[0].code}")
    page.wait_for_url(f"**/ho-so/{two[0].code}/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#tim-ho-so")).to_be_focused()
    scan(page, two[1].code)
    page.wait_for_url(f"**/ho-so/{two[1].code}/")


def test_return_counter_scanner_looks_for_the_number_of_a_card_and_keeps_nothing_else(
    cast: Cast, two: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto("/ban-lam-viec/")
    page.evaluate(KEYS, MAU)
    page.wait_for_url("**/ho-so/?tim=*")
    expect(page.get_by_text("Kết quả tìm “096190000123”")).to_be_visible()
    assert "05031990" not in page.content()


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_return_counter_has_no_barriers(
    cast: Cast, two: list[Dossier], log_in: LogIn, phone: bool
) -> None:
    coming = cast.received("2016-03-01T09:00", applicant_name="Nguyễn Thị Mận")
    cast.received("2016-03-01T10:00", applicant_name="Nguyễn Thị Mận")
    page = log_in(cast.clerk, phone=phone)
    perform.hand_over(two[1], by=cast.clerk, collector_name="Nguyễn Thị Mẫu")
    for address in (
        RETURN,
        f"{RETURN}?ma={two[0].code}",
        f"{RETURN}?ma={coming.code}",
        f"{RETURN}?ma={two[1].code}",
        f"{RETURN}?xong={two[1].code}",
        f"{RETURN}?ma=H12.TAM.967-160101-9999",
        "name",
    ):
        if address == "name":
            page.locator("#quet").fill("Nguyễn Thị")
            page.locator("#quet").press("Enter")
            expect(page.get_by_role("heading", name="Chọn hồ sơ")).to_be_visible()
        else:
            page.goto(address)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address
