"""A citizen with a receipt code and a cheap phone; no account, no script."""

from collections.abc import Callable, Iterator
from typing import Any

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from dossiers.citizens.ratings import load_criteria
from dossiers.lifecycle import perform
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Dossier, LateCause
from dossiers.views.lookup import throttle
from motcua import clock
from motcua.models import Office
from tests.cast import Cast, vn

PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    throttle.forget()


@pytest.fixture
def phone(browser: Any, live_server: Any) -> Iterator[Page]:
    """Without script: everything a citizen does must work so."""
    context = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        java_script_enabled=False,
        locale="vi-VN",
        base_url=live_server.url,
    )
    yield context.new_page()
    context.close()


def received(cast: Cast) -> Dossier:
    """A dossier received at this very moment: its due date lies ahead."""
    return cast.received(clock.now().isoformat())


def look_up(phone: Page, typed: str) -> None:
    phone.goto("/")
    phone.get_by_label("Mã hồ sơ").fill(typed)
    phone.get_by_role("button", name="Tra cứu").click()


def headline(phone: Page) -> Any:
    return phone.get_by_role("heading", level=1)


def test_public_citizen_finds_every_state_of_a_dossier(cast: Cast, phone: Page) -> None:
    dossier = received(cast)
    clerk = cast.clerk
    look_up(phone, dossier.code.lower().replace("-", " "))
    expect(headline(phone)).to_contain_text("Hồ sơ đã được tiếp nhận")
    expect(phone.get_by_text("Hẹn trả kết quả:")).to_be_visible()

    perform.forward(dossier, by=clerk, division=cast.land_division)
    look_up(phone, dossier.code)
    expect(headline(phone)).to_contain_text("Hồ sơ đang được giải quyết")

    perform.ask_supplement(dossier, by=clerk, items="Đơn", reason="Thiếu chữ ký")
    look_up(phone, dossier.code)
    expect(headline(phone)).to_contain_text("đang chờ ông/bà bổ sung giấy tờ")
    expect(phone.get_by_text("Thời hạn giải quyết đang tạm dừng")).to_be_visible()
    expect(phone.get_by_text("Thiếu chữ ký")).to_have_count(0)

    perform.receive_supplement(dossier, by=clerk)
    perform.ask_payment(dossier, by=clerk)
    look_up(phone, dossier.code)
    expect(headline(phone)).to_contain_text("nghĩa vụ tài chính")

    perform.confirm_payment(dossier, by=clerk)
    perform.resolve(dossier, by=clerk, outcome="approved")
    look_up(phone, dossier.code)
    expect(headline(phone)).to_contain_text("Hồ sơ đã có kết quả từ")
    expect(phone.get_by_text("giấy tờ tùy thân")).to_be_visible()

    perform.hand_over(dossier, by=clerk, collector_name="Nguyễn Văn Ân")
    look_up(phone, dossier.code)
    expect(headline(phone)).to_contain_text("Kết quả đã được trả")
    expect(phone.get_by_text("Nguyễn Văn Ân")).to_have_count(0)


def test_withdrawn_and_stopped_dossiers_are_found_too(cast: Cast, phone: Page) -> None:
    withdrawn, stopped = received(cast), received(cast)
    perform.withdraw(withdrawn, by=cast.clerk, reason="Đổi ý")
    perform.stop(stopped, by=cast.clerk, reason="Tranh chấp")

    look_up(phone, withdrawn.code)
    expect(headline(phone)).to_contain_text("Hồ sơ đã được rút")
    look_up(phone, stopped.code)
    expect(headline(phone)).to_contain_text("Hồ sơ đã dừng giải quyết")


def test_public_four_digits_open_the_dossier_and_its_end_is_rated(cast: Cast, phone: Page) -> None:
    """A real browser sends the form from a page that hides its address."""
    load_criteria()
    dossier = cast.received(clock.now().isoformat(), phone="0912777888")
    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    look_up(phone, dossier.code)
    phone.get_by_role("link", name="Xem phí, đánh giá phục vụ").click()
    phone.get_by_label("Bốn số cuối").fill("0000")
    phone.get_by_role("button", name="Xem hồ sơ").click()
    expect(phone.get_by_role("alert")).to_contain_text("không khớp với hồ sơ nào")

    phone.get_by_label("Bốn số cuối").fill("7888")
    phone.get_by_role("button", name="Xem hồ sơ").click()
    expect(phone.get_by_role("heading", name="Phí, lệ phí")).to_be_visible()
    assert "H12" not in phone.url
    phone.get_by_label("hài lòng", exact=True).check()
    phone.get_by_role("button", name="Gửi đánh giá").click()
    expect(phone.get_by_text("Đã ghi đánh giá của ông/bà")).to_be_visible()

    phone.get_by_role("button", name="Đóng hồ sơ này").click()
    expect(phone.get_by_role("heading", name="Tra cứu hồ sơ")).to_be_visible()


def test_public_four_digits_show_what_is_missing_the_apology_and_the_fee(
    cast: Cast, phone: Page
) -> None:
    """As light as every public page, and nothing on it is wider than the phone."""
    load_causes()
    dossier = cast.received("2016-02-01T09:00", phone="0912777888", fee_vnd=1_500_000)
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn("2016-02-17T09:00"),
        cause=LateCause.objects.get(code="B4"),
        reason="Xác minh thực địa kéo dài",
        new_due_at=vn("2016-03-01T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    perform.ask_supplement(
        dossier, by=cast.clerk, items="Đơn có chữ ký\nTrích lục bản đồ", reason="Đơn chưa ký"
    )
    phone.goto(f"/tra-cuu/xac-nhan/?ma={dossier.code}")
    phone.get_by_label("Bốn số cuối").fill("7888")
    phone.get_by_role("button", name="Xem hồ sơ").click()
    for words in ("Trích lục bản đồ", "Lý do: Đơn chưa ký", "Xác minh thực địa kéo dài"):
        expect(phone.get_by_text(words)).to_be_visible()
    expect(phone.get_by_text("1.500.000 đ")).to_be_visible()

    weights = weighed(phone)
    phone.reload(wait_until="networkidle")
    assert any(url.endswith(".woff2") for url in weights)
    assert sum(weights.values()) < 150_000, weights
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_public_wrong_code_gets_a_sentence_and_stays_to_be_mended(cast: Cast, phone: Page) -> None:
    look_up(phone, "H12.TAM.967-990101-9999")

    expect(phone.get_by_role("alert")).to_contain_text("Không tìm thấy hồ sơ có mã này.")
    expect(phone.get_by_label("Mã hồ sơ")).to_have_value("H12.TAM.967-990101-9999")


def test_public_box_stands_above_the_fold(cast: Cast, phone: Page) -> None:
    phone.goto("/")

    button = phone.get_by_role("button", name="Tra cứu").bounding_box()

    assert button is not None
    assert button["y"] + button["height"] < PHONE["height"]


def test_public_what_to_bring_is_found_by_typing_without_diacritics(
    cast: Cast, phone: Page
) -> None:
    phone.goto("/")
    phone.get_by_label("Ông/bà cần làm giấy tờ gì?").fill("dang ky bien dong")
    phone.get_by_role("button", name="Tìm thủ tục").click()
    phone.get_by_role("link", name="Đăng ký biến động quyền sử dụng đất").click()

    expect(headline(phone)).to_have_text("Đăng ký biến động quyền sử dụng đất")
    glance = phone.locator(".glance")
    expect(glance.get_by_text("10 ngày làm việc")).to_be_visible()
    expect(glance.get_by_text("Giấy chứng nhận đã cấp (bản gốc)")).to_be_visible()


@pytest.fixture
def screen(computer: Callable[..., Page]) -> Page:
    return computer(phone=True)


@pytest.fixture
def addresses(cast: Cast) -> list[str]:
    """Every public page, the look-up with three answers."""
    Office.objects.filter(pk=cast.district.pk).update(address="Khóm 1", phone="0290 386 0000")
    ready, waiting = received(cast), received(cast)
    perform.resolve(ready, by=cast.clerk, outcome="approved")
    perform.ask_supplement(waiting, by=cast.clerk, items="Đơn", reason="Thiếu")
    return [
        "/",
        "/tra-cuu/",
        "/tra-cuu/?ma=x",
        f"/tra-cuu/?ma={ready.code}",
        f"/tra-cuu/?ma={waiting.code}",
        "/thu-tuc/",
        "/thu-tuc/?tim=phi+thuyen",
        "/thu-tuc/?tim=dang+ky",
        "/don-vi/967/?tim=dang+ky",
        "/thu-tuc/H901/",
    ]


def test_public_no_public_page_has_a_barrier_that_axe_knows(
    addresses: list[str], screen: Page
) -> None:
    for address in addresses:
        screen.goto(address)
        results = Axe().run(screen)
        assert results.violations_count == 0, (address, results.generate_report())


def test_public_no_public_page_scrolls_sideways_on_a_phone(
    addresses: list[str], screen: Page
) -> None:
    for address in addresses:
        screen.goto(address)
        width = screen.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address


def weighed(page: Page) -> dict[str, int]:
    """What each answer to the page costs on the way, in bytes, filled while it loads: every
    request passes by here and none is answered by the browser's cache, as on a first visit. The
    body is that of the server's answer; the browser may have thrown away its own by the time it is
    asked for it."""
    weights: dict[str, int] = {}

    def pass_on(route: Route) -> None:
        answer = route.fetch()
        packed = route.request.url.endswith((".css", ".js", ".svg"))
        weights[route.request.url] = len(
            brotli.compress(answer.body()) if packed else answer.body()
        )
        route.fulfill(response=answer)

    page.route("**/*", pass_on)
    return weights


@pytest.mark.parametrize("address", ["/", "/thu-tuc/", "/thu-tuc/H901/", "/ket-qua/"])
def test_public_first_visit_stays_under_150_kilobytes(
    cast: Cast, screen: Page, address: str
) -> None:
    """The server sends style sheets and scripts as Brotli, pages and fonts as they are."""
    weights = weighed(screen)

    screen.goto(address, wait_until="networkidle")

    assert any(url.endswith(".woff2") for url in weights)
    assert sum(weights.values()) < 150_000, weights
