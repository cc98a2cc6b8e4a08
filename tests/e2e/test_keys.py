"""Counted by keyboard alone: keys other than characters from the search to the slip."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dossiers.lifecycle import perform
from dossiers.models import Dossier, IntakeDraft
from procedures.models import Procedure
from tests.cast import Cast, make_procedure
from tests.e2e.conftest import LogIn

INTAKE = "/ho-so/tiep-nhan/"
CARD = "096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1, xã Tân Lộc|12082021"
FIVE = ("Tờ khai", "Giấy chứng sinh", "Giấy tờ tùy thân", "Nơi cư trú", "Giấy kết hôn")


@pytest.fixture
def slow_scanner() -> int:
    return 6


class Keys:
    """A keyboard that counts; what a scanner types is no key of the clerk."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0
        self.tabs = 0

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def press(self, key: str) -> None:
        self.pressed += 1
        self.tabs += key.endswith("Tab")
        self.page.keyboard.press(key)

    def scan(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


def birth() -> Procedure:
    return make_procedure(
        "X911", "Đăng ký khai sinh", "Hộ tịch", "commune", 0, "same_day", papers=FIVE
    )


def told(page: Page) -> Any:
    return page.locator("[data-told]")


def test_keys_birth_with_a_card_takes_at_most_twelve(cast: Cast, log_in: LogIn) -> None:
    birth()
    page = log_in(cast.commune_clerk)
    page.goto(INTAKE)
    keys = Keys(page)
    keys.type("khai sinh")
    keys.press("Enter")
    page.wait_for_url("**/?thu-tuc=X911")
    expect(page.locator("#id_scan")).to_be_focused()
    keys.scan(CARD)
    expect(page.locator("#id_phone")).to_be_focused()
    expect(told(page)).to_have_text("Đã điền từ thẻ: số, họ tên, địa chỉ")
    keys.type("0900000123")
    keys.press("F8")
    expect(page.locator("[data-counts-papers]")).to_have_text("5 loại đã nhận")
    keys.press("Control+Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    print(  # noqa: T201
        f"khai sinh, có thẻ: {keys.pressed} phím, {keys.tabs} Tab"
    )
    assert keys.pressed <= 12
    dossier = Dossier.objects.get()
    assert (dossier.applicant_name, dossier.applicant_id, dossier.phone, dossier.address) == (
        "Nguyễn Thị Mẫu",
        "096190000123",
        "0900000123",
        "Ấp 1, xã Tân Lộc",
    )


def test_keys_birth_typed_by_hand_takes_at_most_twelve(cast: Cast, log_in: LogIn) -> None:
    birth()
    page = log_in(cast.commune_clerk)
    page.goto(INTAKE)
    keys = Keys(page)
    keys.type("khai sinh")
    keys.press("Enter")
    page.wait_for_url("**/?thu-tuc=X911")
    keys.type("096190000123")
    for words in ("Nguyễn Thị Mẫu", "0900000123", "Ấp 1"):
        keys.press("Enter")
        keys.type(words)
    keys.press("F8")
    keys.press("Control+Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    print(  # noqa: T201
        f"khai sinh, gõ tay: {keys.pressed} phím, {keys.tabs} Tab"
    )
    assert keys.pressed <= 12
    dossier = Dossier.objects.get()
    assert (dossier.applicant_name, dossier.phone) == ("Nguyễn Thị Mẫu", "0900000123")
    assert dossier.address == "Ấp 1"


def test_keys_certified_copy_takes_at_most_eight(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.commune_clerk)
    page.goto(INTAKE)
    keys = Keys(page)
    keys.type("chung thuc ban sao")
    keys.press("Enter")
    page.wait_for_url("**/?thu-tuc=X901")
    keys.type("096190000123")
    keys.press("Enter")
    keys.type("Nguyễn Thị Mẫu")
    keys.press("F8")
    keys.press("Control+Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    print(  # noqa: T201
        f"sao y: {keys.pressed} phím, {keys.tabs} Tab"
    )
    assert keys.pressed <= 8


def test_keys_enter_goes_through_the_form_and_never_sends_it(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{INTAKE}?thu-tuc=H901")
    seen = []
    for _ in range(12):
        seen.append(page.evaluate("document.activeElement.name"))
        page.keyboard.press("Enter")
        if page.evaluate("document.activeElement.value") == "register":
            break
    assert seen[:6] == [
        "scan",
        "applicant_kind",
        "applicant_id",
        "applicant_name",
        "phone",
        "address",
    ]
    assert page.evaluate("document.activeElement.value") == "register"
    assert page.url.endswith(f"{INTAKE}?thu-tuc=H901")
    assert not Dossier.objects.exists()


def test_keys_card_scanned_into_another_field_fills_the_person_and_leaves_the_field(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{INTAKE}?thu-tuc=H901")
    page.fill("#id_phone", "0900000001")
    page.locator("#id_applicant_id").focus()
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Thị Mẫu")
    expect(page.locator("#id_applicant_id")).to_have_value("096190000123")
    page.locator("#id_phone").focus()
    page.keyboard.press("End")
    page.keyboard.type(CARD.replace("Nguyễn Thị Mẫu", "Lê Thị Cúc"))
    page.keyboard.press("Enter")
    expect(page.locator("#id_applicant_name")).to_have_value("Lê Thị Cúc")
    expect(page.locator("#id_phone")).to_have_value("0900000001")


def test_keys_whole_form_with_five_papers_stands_on_the_screen(cast: Cast, log_in: LogIn) -> None:
    birth()
    page = log_in(cast.commune_clerk)
    page.goto(f"{INTAKE}?thu-tuc=X911")
    page.evaluate("document.fonts.ready")
    height, foot, top = page.evaluate(
        """() => [document.documentElement.scrollHeight,
        document.querySelector("#id_fee_vnd").getBoundingClientRect().bottom,
        document.querySelector(".save-bar").getBoundingClientRect().top]"""
    )
    assert height <= 768
    assert foot < top
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_keys_draft_is_found_again_after_the_browser_was_killed(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{INTAKE}?thu-tuc=H901")
    page.fill("#id_applicant_name", "Võ Thị Đào")
    page.keyboard.press("F8")
    expect(page.locator("[data-kept]")).to_contain_text("Đã giữ bản đang gõ lúc", timeout=8000)
    page.context.close()
    again = log_in(cast.clerk)
    again.goto(INTAKE)
    found = Axe().run(again)
    assert found.violations_count == 0, found.generate_report()
    again.get_by_role("link", name="Võ Thị Đào").click()
    expect(again.locator("#id_applicant_name")).to_have_value("Võ Thị Đào")
    expect(again.locator("[data-counts-papers]")).to_have_text("2 loại đã nhận")
    expect(again.locator(".save-bar kbd")).to_be_visible()  # the script is there
    again.keyboard.press("Control+Enter")
    again.wait_for_url("**/da-tiep-nhan/")
    assert not IntakeDraft.objects.exists()


@pytest.mark.every_database
def test_keys_forty_results_are_handed_over_at_once(cast: Cast, log_in: LogIn) -> None:
    for minute in range(40):
        dossier = cast.received(f"2026-03-02T09:{minute:02}")
        perform.resolve(dossier, by=cast.leader, outcome="approved")
    page = log_in(cast.clerk)
    page.goto("/ban-lam-viec/?hang-doi=tra-ket-qua")
    keys = Keys(page)
    keys.press("j")
    for _ in range(2):  # from the first code back to its tick, then to that of the whole page
        keys.press("Shift+Tab")
    keys.press("Space")
    expect(page.locator("[data-main]")).to_have_text("Trả 40 kết quả cho người nộp")
    keys.press("Control+Enter")
    expect(page.get_by_text("Đã trả kết quả 40 hồ sơ cho người nộp.")).to_be_visible()
    print(  # noqa: T201
        f"trả 40 kết quả: {keys.pressed} phím, {keys.tabs} Tab"
    )
    assert (keys.pressed, keys.tabs) == (5, 2)
    assert Dossier.objects.filter(state=10).count() == 40
