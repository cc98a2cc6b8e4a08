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


def chosen(page: Page, words: str, key: str) -> Keys:
    """A keyboard that has just chosen this procedure by these words."""
    page.goto(INTAKE)
    keys = Keys(page)
    keys.type(words)
    keys.press("Enter")
    page.wait_for_url(f"**/?thu-tuc={key}")
    expect(page.locator("#id_scan")).to_be_focused()
    return keys


def saved(page: Page, keys: Keys, what: str) -> Dossier:
    """All papers ticked and sent; what it took, for docs/measured.md."""
    keys.press("F8")
    keys.press("Control+Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    print(  # noqa: T201
        f"{what}: {keys.pressed} phím, {keys.tabs} Tab"
    )
    return Dossier.objects.latest("pk")


def test_keys_foreigner_with_a_passport_takes_at_most_eight(cast: Cast, log_in: LogIn) -> None:
    birth()
    page = log_in(cast.commune_clerk)
    keys = chosen(page, "khai sinh", "X911")
    keys.type("hộ chiếu 541234567")
    for words in ("SOK DARA", "+855 12 345 678", "Phnom Penh, Campuchia"):
        keys.press("Enter")
        keys.type(words)
    dossier = saved(page, keys, "người nước ngoài, hộ chiếu")
    assert keys.pressed <= 8
    assert (dossier.applicant_id_kind, dossier.applicant_id) == ("passport", "541234567")
    assert (dossier.applicant_name, dossier.phone) == ("SOK DARA", "+85512345678")


def test_keys_person_without_any_paper_takes_at_most_eight(cast: Cast, log_in: LogIn) -> None:
    birth()
    page = log_in(cast.commune_clerk)
    keys = chosen(page, "khai sinh", "X911")
    keys.type("Danh Sa Rươl")
    for words in ("", "", "", "Ấp 3"):
        keys.press("Enter")
        keys.type(words)
    dossier = saved(page, keys, "không có giấy tờ")
    assert keys.pressed <= 8
    assert (dossier.applicant_id, dossier.applicant_name) == ("", "Danh Sa Rươl")
    assert (dossier.phone, dossier.address) == ("", "Ấp 3")


def test_keys_land_transfer_of_a_company_with_an_authorised_person(
    cast: Cast, log_in: LogIn
) -> None:
    make_procedure(
        "H911", "Chuyển nhượng quyền sử dụng đất", "Đất đai", "district", 10, "working_day"
    )
    page = log_in(cast.clerk)
    keys = chosen(page, "chuyen nhuong", "H911")
    keys.press("Enter")
    keys.press("ArrowDown")
    for words in ("2001234567", "Công ty TNHH Tôm Giống", "0290 3868 686", "Khóm 1"):
        keys.press("Enter")
        keys.type(words)
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#id_submitter_name")).to_be_focused()
    keys.type("Nguyễn Thị Mẫu")
    for words in ("", "096190000123", "0912000123", "Ấp 1", "Giấy ủy quyền số 5/2026"):
        keys.press("Enter")
        keys.type(words)
    dossier = saved(page, keys, "chuyển nhượng đất, tổ chức có người nộp thay")
    assert keys.pressed <= 20
    assert (dossier.applicant_kind, dossier.applicant_id) == ("organisation", "2001234567")
    assert (dossier.submitter_name, dossier.submitter_id) == ("Nguyễn Thị Mẫu", "096190000123")
    assert dossier.authority_paper == "Giấy ủy quyền số 5/2026"


def test_keys_second_dossier_of_the_same_person_needs_no_typing(cast: Cast, log_in: LogIn) -> None:
    birth()
    page = log_in(cast.commune_clerk)
    keys = chosen(page, "chung thuc ban sao", "X901")
    keys.scan(CARD)
    expect(told(page)).to_have_text("Đã điền từ thẻ: số, họ tên, địa chỉ")
    saved(page, keys, "sao y, có thẻ")
    again = Keys(page)
    more = page.get_by_role("link", name="Thêm hồ sơ cho người này")
    while not more.evaluate("link => link === document.activeElement"):
        again.press("Tab")
        assert again.tabs < 8
    again.press("Enter")
    page.wait_for_url("**nhu=*")
    again.type("khai sinh")
    again.press("Enter")
    page.wait_for_url("**/?thu-tuc=X911*")
    dossier = saved(page, again, "hồ sơ thứ hai của cùng người")
    assert again.pressed <= 10
    assert (dossier.applicant_id, dossier.procedure.key) == ("096190000123", "X911")


@pytest.mark.parametrize(
    ("typed", "shown"), [("0900000123", "theo điện thoại"), ("nguyen thi ma", "theo tên")]
)
def test_keys_who_was_here_is_found_without_a_number(
    cast: Cast, log_in: LogIn, typed: str, shown: str
) -> None:
    birth()
    cast.received(
        "2016-02-03T09:00",
        office=cast.tan_loc,
        procedure=cast.birth,
        by=cast.commune_clerk,
        applicant_name="Nguyễn Thị Mẫu",
        applicant_id="096190000123",
        phone="0900000123",
        address="Ấp 1",
    )
    page = log_in(cast.commune_clerk)
    keys = chosen(page, "khai sinh", "X911")
    keys.scan(typed)
    hit = page.locator("[data-like]")
    expect(hit).to_contain_text("CCCD 09619000••••")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    keys.press("ArrowDown")
    expect(hit).to_be_focused()
    keys.press("Enter")
    expect(told(page)).to_contain_text("Đã điền theo hồ sơ")
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Thị Mẫu")
    expect(page.locator("#id_phone")).to_have_value("0900000123")
    dossier = saved(page, keys, f"người đã từng nộp, tìm {shown}")
    assert keys.pressed <= 6
    assert (dossier.applicant_id, dossier.address) == ("096190000123", "Ấp 1")


def test_keys_typed_day_is_shown_as_on_paper_and_a_doubt_at_its_field(
    cast: Cast, log_in: LogIn
) -> None:
    Procedure.objects.filter(pk=birth().pk).update(concerns="child")
    page = log_in(cast.commune_clerk)
    page.goto(f"{INTAKE}?thu-tuc=X911")
    born, words = page.locator("#id_child_born"), page.locator("[data-day-words=id_child_born]")
    for typed, shown, full in (
        ("3/10/16", "03/10/2016", "thứ Hai 03/10/2016"),
        ("031016", "03/10/2016", "thứ Hai 03/10/2016"),
        ("31/02/2016", "31/02/2016", ""),
        ("9.3.1980", "09/03/1980", "Chủ nhật 09/03/1980"),
    ):
        born.fill(typed)
        born.press("Enter")
        expect(born).to_have_value(shown)
        expect(words).to_have_text(full)
    page.fill("#id_applicant_name", "Võ Thị Đào")
    page.fill("#id_child_name", "Na")
    born.fill("10/3/1980")
    born.press("Enter")
    doubt = page.locator(".field-doubt")
    expect(doubt).to_contain_text("Con sinh năm 1980, đã")
    expect(born).to_have_attribute("aria-describedby", "ngo-child_born")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("F8")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    assert Dossier.objects.get().concerns == "Na, sinh 10/03/1980"


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
