"""A clerk with a queue in front of her: the keyboard alone, and without any script."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from motcua.models import Staff
from procedures.models import Procedure, ProcedureWords, SearchTerm
from tests.cast import Cast, make_cast, make_procedure
from tests.e2e import conftest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db: None) -> Cast:
    return make_cast()


def log_in(page: Page, live_server: Any, staff: Staff) -> None:
    """A session of the clerk, without the log-in page, which has tests of its own."""
    client = Client()
    client.force_login(staff)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def press_until(page: Page, key: str, selector: str, most: int = 40) -> None:
    """Press the key until the focus is there: no field on the way may hold it."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reached {selector}")


def birth_and_boats(desk: Cast) -> tuple[Procedure, Procedure, Procedure]:
    """What “khai sanh” surely means, and two that “bến khách” may mean."""
    SearchTerm.objects.create(word="sanh", means="sinh")
    born = make_procedure("X911", "Đăng ký khai sinh", "Hộ tịch", "commune", 0, "same_day")
    ProcedureWords.objects.create(procedure=born, names="làm khai sinh", often=5)
    for key, name in (("X912", "Công bố bến khách ngang sông"), ("X913", "Đóng bến khách")):
        make_procedure(key, name, "Đường thủy", "commune", 5, "working_day")
    first, second = Procedure.objects.filter(key__in=("X912", "X913")).order_by("key")
    return born, first, second


def test_enter_takes_what_is_clearly_meant_and_else_goes_into_the_list(
    page: Page, live_server: Any, desk: Cast
) -> None:
    birth_and_boats(desk)
    log_in(page, live_server, desk.commune_clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/")
    page.keyboard.type("khai sanh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?thu-tuc=X911")
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/")
    page.keyboard.type("ben khach")
    page.keyboard.press("Enter")
    hits = page.locator(".hits .hit")
    expect(hits).to_have_count(2)
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_be_focused()
    second = hits.nth(1).get_attribute("data-look")
    expect(page.locator("[data-look-place] a")).to_have_attribute(
        "href", f"/ho-so/tiep-nhan/?thu-tuc={second}"
    )
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#tim-thu-tuc")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/?thu-tuc={second}")


def test_without_a_script_the_button_takes_what_is_clearly_meant_and_else_lists(
    plain: Page, live_server: Any, desk: Cast
) -> None:
    birth_and_boats(desk)
    log_in(plain, live_server, desk.commune_clerk)
    plain.goto(f"{live_server.url}/ho-so/tiep-nhan/")
    plain.fill("#tim-thu-tuc", "ben khach")
    plain.locator("main").get_by_role("button", name="Tìm").click()
    expect(plain.locator(".hits .hit")).to_have_count(2)
    expect(plain.locator("#tim-thu-tuc")).to_have_value("ben khach")
    plain.fill("#tim-thu-tuc", "khai sanh")
    plain.locator("main").get_by_role("button", name="Tìm").click()
    plain.wait_for_url("**/?thu-tuc=X911")


def test_correction_of_a_procedure_is_sought_by_keyboard(
    page: Page, live_server: Any, desk: Cast
) -> None:
    dossier = desk.received("2016-02-03T09:00")
    log_in(page, live_server, desk.clerk)
    page.goto(f"{live_server.url}/ho-so/{dossier.code}/viec/correct/")
    page.fill("#id_q", "giay phep xay dung")
    page.keyboard.press("Enter")
    chosen = page.get_by_role("radio", name=desk.building.name)
    expect(chosen).to_be_checked()
    expect(chosen).to_be_focused()
    assert_accessible(page)
    page.fill("#id_reason", "Nhầm thủ tục")
    page.get_by_role("button", name="Lưu sửa đổi").click()
    expect(page.get_by_role("alert")).to_contain_text("Ngày hẹn trả sẽ đổi")
    page.get_by_role("button", name="Lưu sửa đổi").click()
    page.wait_for_url(f"**/ho-so/{dossier.code}/")
    dossier.refresh_from_db()
    assert dossier.procedure == desk.building


def test_same_day_copy_is_registered_by_keyboard_alone(
    page: Page, live_server: Any, desk: Cast
) -> None:
    log_in(page, live_server, desk.commune_clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/")
    page.keyboard.type("chung thuc ban sao")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?thu-tuc=X901")
    expect(page.locator("#id_scan")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#id_applicant_id")).to_be_focused()
    page.keyboard.type("096012345678")
    page.keyboard.press("Enter")
    page.keyboard.type("Nguyễn Văn Ân")
    press_until(page, "Tab", "[type=checkbox][name^=paper-]")
    page.keyboard.press("Space")
    expect(page.locator("[data-counts-papers]")).to_have_text("1 loại đã nhận")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    dossier = Dossier.objects.get()
    expect(page.locator(".code").first).to_have_text(dossier.code)
    expect(page.get_by_text("không cần phiếu hẹn")).to_be_visible()
    assert (dossier.applicant_name, dossier.applicant_id) == ("Nguyễn Văn Ân", "096012345678")


def test_intake_land_dossier_is_registered_by_keyboard_alone_and_its_slip_comes(
    page: Page, live_server: Any, desk: Cast
) -> None:
    desk.received("2016-02-03T09:00", applicant_id="096012345678", phone="0900000009")
    log_in(page, live_server, desk.clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/")
    page.keyboard.type("dat dai")
    expect(page.locator("[data-found] .hits a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?thu-tuc=H901")
    press_until(page, "Tab", "#id_applicant_id")
    page.keyboard.type("096 012 345 678")
    page.keyboard.press("Tab")
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Văn Ân")
    expect(page.locator("#id_phone")).to_have_value("0900000009")
    expect(page.locator("[data-mirrors]")).to_have_text("Nguyễn Văn Ân")
    for number in (1, 2):
        press_until(page, "Tab", f"li:nth-child({number}) > div > [name$=-given]")
        page.keyboard.press("Space")
    press_until(page, "Tab", "button[value=register]")
    page.keyboard.press("Enter")
    # One of the same person is open since yesterday: asked about once, and one key goes on.
    expect(page.get_by_role("alert")).to_contain_text("đang có hồ sơ thủ tục này chưa xong")
    expect(page.get_by_role("button", name="Vẫn lưu")).to_be_focused()
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Văn Ân")
    assert_accessible(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/da-tiep-nhan/")
    dossier = Dossier.objects.latest("pk")
    # The print dialog opens by itself, with the first copy in it.
    conftest.wait_for_print(page)
    expect(page.get_by_role("button", name="In phiếu hẹn")).to_be_focused()
    assert [e.details["copy"] for e in dossier.events.filter(kind="print")] == [1]
    page.reload()
    expect(page.get_by_role("button", name="In phiếu hẹn")).to_be_focused()
    assert dossier.events.filter(kind="print").count() == 1
    page.keyboard.press("Enter")
    conftest.wait_for_print(page)
    assert dossier.events.filter(kind="print").count() == 2


def test_faults_keep_every_field_and_form_02_begins_with_what_is_missing(
    page: Page, live_server: Any, desk: Cast
) -> None:
    log_in(page, live_server, desk.clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/?thu-tuc=H901")
    page.fill("#id_applicant_name", "Nguyễn Văn Ân")
    page.fill("#id_phone", "12")
    page.locator("[name$=-given]").first.check()
    page.get_by_role("button", name="Tiếp nhận và in").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Văn Ân")
    expect(page.locator("#id_items")).to_have_value("Giấy chứng nhận đã cấp (bản gốc)")
    page.fill("#id_phone", "0900000001")
    page.fill("#id_guide_reason", "Thiếu bản gốc")
    page.get_by_role("button", name="Lập phiếu yêu cầu bổ sung").click()
    page.wait_for_url("**/da-tiep-nhan/")
    expect(page.get_by_role("button", name="In phiếu yêu cầu bổ sung")).to_be_focused()
    assert Dossier.objects.get().received_on is None


def test_promise_follows_the_moment_that_is_typed(page: Page, live_server: Any, desk: Cast) -> None:
    log_in(page, live_server, desk.clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/?thu-tuc=H901")
    page.get_by_text("Đổi cách nộp, cách trả").click()
    page.fill("#id_received_at", "2016-02-04T09:00")
    page.keyboard.press("Tab")
    expect(page.locator(".due-large")).to_have_text("thứ Năm 25/02/2016")
    page.get_by_text("Vì sao?").click()
    expect(page.get_by_text("Tết Nguyên đán (mùng 1)")).to_be_visible()


def test_intake_another_procedure_keeps_what_was_typed(
    page: Page, live_server: Any, desk: Cast
) -> None:
    log_in(page, live_server, desk.clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/?thu-tuc=H901")
    page.fill("#id_applicant_name", "Nguyễn Văn Ân")
    page.get_by_text("Đổi thủ tục").click()
    page.fill("#tim-thu-tuc", "giay phep xay dung")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?thu-tuc=H902")
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Văn Ân")


def test_intake_no_violation_of_wcag_on_any_of_the_pages(
    page: Page, live_server: Any, desk: Cast
) -> None:
    log_in(page, live_server, desk.clerk)
    start = f"{live_server.url}/ho-so/tiep-nhan/"
    for address in (start, f"{start}?q=dang+ky", f"{start}?thu-tuc=H901"):
        page.goto(address)
        assert_accessible(page)
    for fold in page.locator("details").all():
        fold.evaluate("fold => { fold.open = true }")
    assert_accessible(page)
    page.get_by_role("button", name="Tiếp nhận và in").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    page.fill("#id_applicant_name", "Nguyễn Văn Ân")
    for tick in page.locator("[name$=-given]").all():
        tick.check()
    page.get_by_role("button", name="Tiếp nhận và in").click()
    page.wait_for_url("**/da-tiep-nhan/")
    assert_accessible(page)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def plain(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_whole_intake_works_without_a_script(plain: Page, live_server: Any, desk: Cast) -> None:
    desk.received("2016-02-03T09:00", applicant_id="096012345678", phone="0900000009")
    log_in(plain, live_server, desk.clerk)
    plain.goto(f"{live_server.url}/ho-so/tiep-nhan/")
    plain.fill("#tim-thu-tuc", "giay phep xay dung")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/?thu-tuc=H902")
    plain.fill("#id_applicant_id", "096012345678")
    plain.get_by_role("button", name="Đã từng nộp hồ sơ").click()
    expect(plain.locator("#id_applicant_name")).to_have_value("Nguyễn Văn Ân")
    plain.get_by_text("Đổi thủ tục").click()
    plain.fill("#tim-thu-tuc", "dat dai")
    plain.keyboard.press("Enter")
    plain.get_by_role("button", name="Đăng ký biến động").click()
    plain.wait_for_url("**/?thu-tuc=H901")
    expect(plain.locator("#id_phone")).to_have_value("0900000009")
    for tick in plain.locator("[name$=-given]").all():
        tick.check()
    plain.get_by_role("button", name="Tiếp nhận và in").click()
    expect(plain.get_by_role("button", name="Vẫn lưu")).to_be_focused()
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/da-tiep-nhan/")
    assert Dossier.objects.latest("pk").procedure == desk.land


def test_name_in_small_letters_is_offered_with_capitals_and_no_other_is(
    page: Page, live_server: Any, desk: Cast
) -> None:
    log_in(page, live_server, desk.commune_clerk)
    page.goto(f"{live_server.url}/ho-so/tiep-nhan/?thu-tuc=X901")
    name, offer = page.locator("#id_applicant_name"), page.locator(".name-offer")
    for as_on_the_card in ("Nguyễn Văn Ân", "NGUYỄN VĂN ÂN", "H'Mai Niê", "123"):
        name.fill(as_on_the_card)
        expect(offer).to_have_count(0)
    name.fill("nguyễn thị đượm y-êban")
    expect(offer).to_have_text("Viết hoa: Nguyễn Thị Đượm Y-Êban")
    expect(name).to_have_value("nguyễn thị đượm y-êban")
    offer.click()
    expect(name).to_have_value("Nguyễn Thị Đượm Y-Êban")
    expect(name).to_be_focused()
    expect(offer).to_have_count(0)
    for small, offered in (
        ("k’brếp", "K’Brếp"),
        ("K’brếp", "K’Brếp"),
        ("H'hen niê", "H'Hen Niê"),
        ("y-h'hen", "Y-H'Hen"),
        ("công ty tnhh mtv hoa lê", "Công Ty TNHH MTV Hoa Lê"),
        ("htx tân lộc, ubnd xã", "HTX Tân Lộc, UBND Xã"),
    ):
        name.fill(small)
        expect(offer).to_have_text(f"Viết hoa: {offered}")
    page.get_by_role("radio", name="tổ chức").check()
    name.fill("hợp tác xã tân lộc")
    expect(offer).to_have_count(0)


def test_name_in_small_letters_is_offered_with_capitals_online_too(
    page: Page, live_server: Any, desk: Cast
) -> None:
    page.goto(f"{live_server.url}/nop-ho-so/{desk.land.key}/")
    page.locator("#id_applicant_name").fill("trần an")
    page.get_by_role("button", name="Viết hoa: Trần An").click()
    expect(page.locator("#id_applicant_name")).to_have_value("Trần An")
