"""A dossier goes on through the browser: forwarded, confirmed, resolved early, handed over.

The day is the real one, since the server runs in the same process and the browser does not
travel in time: the dossier was received now, so whatever comes of it today is early.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.rules.states import State
from tests.cast import PASSWORD, Cast
from tests.e2e.conftest import LogIn, open_act


@pytest.fixture
def slow_scanner() -> int:
    return 6


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    intake = Intake(
        office=cast.district,
        procedure=cast.land,
        applicant_name="Nguyễn Thị Hoàng Phương Thảo Nguyên",
        phone="0900000001",
    )
    return perform.register(intake, by=cast.clerk)


def scan(page: Page, code: str) -> None:
    """A scanner types the code into the search box and presses Enter."""
    page.keyboard.press("/")
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ho-so/{code}/")


@pytest.mark.every_database
def test_dossier_is_forwarded_resolved_early_and_handed_over(
    cast: Cast, dossier: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    scan(clerk, dossier.code)
    open_act(clerk, "Chuyển xử lý")
    expect(clerk.get_by_label("Chuyển đến")).to_have_value(f"d{cast.land_division.pk}")
    clerk.get_by_label("Nội dung giao").fill("Thẩm tra hồ sơ")
    clerk.get_by_role("button", name="Chuyển hồ sơ").click()
    expect(clerk.get_by_text(f"Đã chuyển hồ sơ {dossier.code}.")).to_be_visible()

    specialist = log_in(cast.specialist)
    specialist.get_by_role("link", name="Mới chuyển đến 1").click()
    specialist.get_by_label(f"Chọn hồ sơ {dossier.code}").check()
    specialist.get_by_role("button", name="Nhận 1 hồ sơ").click()
    expect(specialist.get_by_text("Không có hồ sơ nào mới chuyển đến.")).to_be_visible()
    specialist.get_by_role("link", name="Đang ở phòng tôi 1").click()
    specialist.get_by_role("link", name=f"Ghi kết quả: {dossier.code}").click()
    specialist.get_by_label("Nội dung kết quả").fill("Giấy chứng nhận số 12345")
    specialist.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(specialist.get_by_text(f"Đã ghi nhận kết quả hồ sơ {dossier.code}.")).to_be_visible()

    clerk.goto("/ban-lam-viec/?hang-doi=tra-ket-qua")
    clerk.get_by_role("link", name=f"Trả kết quả: {dossier.code}").click()
    expect(clerk.get_by_label("Người nhận kết quả")).to_have_value(dossier.applicant_name)
    clerk.get_by_label("Giấy tờ người nhận xuất trình").fill("CCCD")
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("Không có kết quả nào đang chờ trả.")).to_be_visible()
    scan(clerk, dossier.code)
    expect(clerk.locator(".dossier-state")).to_contain_text("đã trả kết quả")
    expect(clerk.locator(".dossier-state")).to_contain_text("trước hạn")
    expect(clerk.locator(".timeline > li")).to_have_count(5)

    dossier.refresh_from_db()
    assert dossier.current_state is State.HANDED_OVER
    assert dossier.timeliness == "early"
    assert dossier.collector_paper == "CCCD"
    assert not Dossier.objects.filter(holder_division__isnull=False).exists()


def test_receipt_to_return_act_that_another_did_first_is_told_and_the_words_stay(
    cast: Cast, dossier: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    clerk.goto(f"/ho-so/{dossier.code}/viec/withdraw/")
    clerk.get_by_label("Lý do rút").fill("Công dân đổi ý")
    perform.forward(dossier, by=cast.leader, division=cast.land_division)
    clerk.get_by_role("button", name="Rút hồ sơ này").click()
    expect(clerk.get_by_role("alert")).to_contain_text("Phạm Hoàng Khởi đã chuyển xử lý lúc")
    expect(clerk.get_by_label("Lý do rút")).to_have_value("Công dân đổi ý")
    clerk.get_by_role("button", name="Rút hồ sơ này").click()
    expect(clerk.get_by_text(f"Đã ghi nhận công dân rút hồ sơ {dossier.code}.")).to_be_visible()


def test_receipt_to_return_desk_works_without_javascript(
    cast: Cast, dossier: Dossier, browser: Browser, live_server: object
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.fill("[name=username]", cast.clerk.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ban-lam-viec/")
    page.fill("#tim-ho-so", "nguyen thi hoang")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ho-so/{dossier.code}/")  # the only hit
    page.get_by_role("link", name="Ghi nhận kết quả").click()
    page.get_by_role("button", name="Ghi nhận kết quả").click()
    expect(page.get_by_text(f"Đã ghi nhận kết quả hồ sơ {dossier.code}.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1366, 390])
def test_receipt_to_return_desk_list_dossier_and_act_have_no_barriers(
    cast: Cast, dossier: Dossier, log_in: LogIn, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = log_in(cast.clerk)
    page.set_viewport_size({"width": width, "height": 800})
    own = f"/ho-so/{dossier.code}/"
    for address in ("/ban-lam-viec/", "/ho-so/", own, f"{own}viec/correct/"):
        page.goto(address)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), address
