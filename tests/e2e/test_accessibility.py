"""axe finds nothing to complain of on any page, on a counter's screen and on a phone, and the
browser neither: no script fails, and nothing on a page breaks its Content-Security-Policy."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from dossiers.citizens.ratings import load_criteria
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Dossier, LateCause
from motcua import clock
from reports.converters import FURTHER
from tests.cast import Cast
from tests.dossiers.test_register_import import csv_of, row
from tests.e2e.conftest import LogIn

LONG_NAME = "Nguyễn Thị Hoàng Phương Thảo Nguyên Công Tằng Tôn Nữ"


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    received = perform.register(
        Intake(office=cast.district, procedure=cast.land, applicant_name=LONG_NAME),
        by=cast.clerk,
    )
    perform.forward(received, by=cast.clerk, division=cast.land_division)
    done = cast.received("2016-11-02T09:00", applicant_name=LONG_NAME, phone="0912777888")
    perform.resolve(done, by=cast.clerk, outcome="approved")
    cast.received("2016-11-02T10:00", applicant_name=LONG_NAME)
    return received


def complaints(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {v['id']} {[n['html'][:120] for n in v['nodes']]}" for v in found]


def listen(page: Page) -> list[str]:
    """What the browser says against the page, from now on: faults of scripts and whatever the
    Content-Security-Policy held back. That a page which is not there answers 404 is no fault."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        missing_page = "status of 404" in message.text and message.location["url"] == page.url
        if message.type in ("error", "warning") and not missing_page:
            said.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    return said


def walk(page: Page, *addresses: str) -> list[str]:
    found = listen(page)
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (200, 404), f"{address}: {answer.status}"
        found += complaints(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{address} is {wide} px wider than the screen"
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_public_pages(
    cast: Cast, dossier: Dossier, computer: Callable[..., Page], phone: bool
) -> None:
    page = computer(phone=phone)
    assert not walk(
        page,
        "/",
        f"/tra-cuu/?ma={dossier.code}",
        "/tra-cuu/?ma=H12.TAM.967-160101-9999",
        "/thu-tuc/",
        "/thu-tuc/?tim=khai+sinh&ngay=2016-09-30",
        "/thu-tuc/du-lieu-mo/",
        "/ket-qua/",
        f"/tra-cuu/xac-nhan/?ma={dossier.code}",
        f"/thu-tuc/{cast.land.key}/",
        "/dang-nhap/",
        "/khong-co-trang-nay/",
    )


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_page_of_an_own_dossier(cast: Cast, computer: Callable[..., Page], phone: bool) -> None:
    """Behind four digits: while papers are missing, and with the questions about the service."""
    load_criteria()
    dossier = cast.received(clock.now().isoformat(), applicant_name=LONG_NAME, phone="0912777888")
    perform.ask_supplement(
        dossier, by=cast.clerk, items="Đơn có chữ ký\nTrích lục bản đồ địa chính", reason="Thiếu"
    )
    page = computer(phone=phone)
    page.goto(f"/tra-cuu/xac-nhan/?ma={dossier.code}")
    page.get_by_label("Bốn số cuối").fill("7888")
    page.get_by_role("button", name="Xem hồ sơ").click()
    page.wait_for_url("**/ho-so-cua-toi/")
    assert not walk(page, "/tra-cuu/ho-so-cua-toi/")

    perform.receive_supplement(dossier, by=cast.clerk)
    load_causes()
    perform.apologise(
        dossier,
        by=cast.clerk,
        cause=LateCause.objects.order_by("pk").first(),
        reason="Chờ xác minh ở địa phương",
        new_due_at=clock.now() + timedelta(days=90),
        signer="Phạm Hoàng Khởi",
    )
    assert not walk(page, "/tra-cuu/ho-so-cua-toi/")
    assert page.get_by_text("Chờ xác minh ở địa phương").first.is_visible()

    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    assert not walk(page, "/tra-cuu/ho-so-cua-toi/")
    page.locator("form [type=radio]").first.check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_load_state()
    assert not walk(page, "/tra-cuu/ho-so-cua-toi/")


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_accessibility_pages_of_the_desk(
    cast: Cast, dossier: Dossier, log_in: LogIn, phone: bool
) -> None:
    page = log_in(cast.clerk, phone=phone)
    acts = ("resolve", "forward", "ask_supplement", "withdraw", "stop", "correct", "apologise")
    assert not walk(
        page,
        "/ban-lam-viec/",
        "/ban-lam-viec/?hang-doi=cho-chuyen",
        "/ban-lam-viec/?hang-doi=tra-ket-qua",
        "/ban-lam-viec/?hang-doi=qua-han",
        "/ho-so/",
        "/ho-so/tiep-nhan/",
        f"/ho-so/tiep-nhan/?thu-tuc={cast.land.key}",
        f"/ho-so/{dossier.code}/",
        f"/ho-so/{dossier.code}/da-tiep-nhan/",
        *(f"/ho-so/{dossier.code}/viec/{act}/" for act in acts),
        "/so-theo-doi/",
        "/bao-cao/",
        "/tro-giup/",
        "/tai-khoan/",
        "/tai-khoan/mat-khau/",
        "/tai-khoan/xac-thuc-hai-lop/",
    )


def test_accessibility_pages_of_a_leader(cast: Cast, dossier: Dossier, log_in: LogIn) -> None:
    page = log_in(cast.leader)
    year = dossier.received_on.year if dossier.received_on else 0
    assert not walk(
        page,
        "/ban-lam-viec/",
        f"/thong-ke/?ky={year}",
        f"/thong-ke/thoi-gian/?ky={year}",
        f"/thong-ke/dang-giu/?ky={year}",
        f"/thong-ke/dang-giu/ho-so/?ky={year}&noi=967.{cast.land_division.pk}&cot=dang-giu",
        f"/thong-ke/?ky={year}&man-hinh=lon",
        f"/bao-cao/?ky={year}&theo=don-vi",
        "/bao-cao/danh-gia/",
        f"/bao-cao/?ky={year}&theo=don-vi&mau=ii-06a",
        *(f"/bao-cao/{word}/?ky={year}" for word in FURTHER),
        "/ho-so/doi-han/",
        "/ho-so/ai-da-xem/?ma=H12.TAM.967-261103-9999",
        f"/ho-so/{dossier.code}/ai-da-xem/",
    )


@pytest.mark.parametrize("phone", [False, True], ids=["screen", "phone"])
def test_accessibility_pages_of_figures_that_are_signed_and_of_old_books(
    cast: Cast, dossier: Dossier, log_in: LogIn, phone: bool
) -> None:
    """Signing, opening figures, the list behind a number; a register that is uploaded."""
    page = log_in(cast.leader, phone=phone)
    quarter = "2016-Q1"
    code = cast.district.code
    assert not walk(
        page,
        "/bao-cao/chot/",
        f"/bao-cao/chot/{code}/{quarter}/",
        "/bao-cao/so-dau-ky/",
        f"/bao-cao/so-dau-ky/{code}/nhap/",
        f"/bao-cao/ho-so/?ky={dossier.received_on:%Y}&cot=received",
        "/so-theo-doi/nhap-so-cu/",
        f"/thong-ke/?ky={dossier.received_on:%Y}&man-hinh=lon",
    )
    page.goto(f"/bao-cao/chot/{code}/{quarter}/")
    page.get_by_role("button", name="Ký số liệu").click()
    page.get_by_text("Số liệu dưới đây đúng là số đã ký").wait_for()
    assert not complaints(page)
    assert not walk(log_in(cast.administrator, phone=phone), "/bao-cao/chot/mo-lai/")
    said = listen(page)
    for lines in (row(applicant_name=LONG_NAME), row(channel="fax")):
        page.goto("/so-theo-doi/nhap-so-cu/")
        file = {"name": "so-cu.csv", "mimeType": "text/csv", "buffer": csv_of(lines)}
        page.get_by_label("Tệp sổ cũ").set_input_files(file)
        page.get_by_role("button", name="Tải lên và kiểm tra").click()
        page.get_by_role("link", name="Tải tệp khác lên").wait_for()
        assert not complaints(page)
    assert said == []


def test_accessibility_form_with_errors(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/tiep-nhan/?thu-tuc={cast.land.key}")
    page.get_by_role("button", name="Tiếp nhận và in").click()
    page.wait_for_selector(".error-summary")
    assert not complaints(page)


def test_accessibility_desk_without_a_dossier(cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.other_clerk)
    assert not walk(page, "/ban-lam-viec/", "/ho-so/", "/so-theo-doi/", "/bao-cao/")


def test_accessibility_pages_of_the_administration(cast: Cast, log_in: LogIn) -> None:
    """Django's own pages, with their scripts: they work under the policy."""
    page = log_in(cast.administrator)
    said = listen(page)
    for address in (
        "/quan-tri/",
        "/quan-tri/motcua/staff/?q=man",
        f"/quan-tri/motcua/staff/{cast.clerk.pk}/change/",
        f"/quan-tri/motcua/staff/{cast.clerk.pk}/password/",
        f"/quan-tri/motcua/office/{cast.district.pk}/change/",
        f"/quan-tri/procedures/procedureversion/{cast.land.versions.get().pk}/change/",
        "/quan-tri/procedures/calendarday/add/",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
    # A script of Django's makes the calendar beside a date: that it is there proves it ran.
    assert page.locator(".datetimeshortcuts").count() == 1
    assert said == []


def test_accessibility_browser_refuses_what_slips_into_a_page(cast: Cast, log_in: LogIn) -> None:
    """The policy is at work: an inline script does not run, and the browser says so."""
    page = log_in(cast.clerk)
    said = listen(page)
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'taken'";
            document.body.append(script);
        }"""
    )
    assert page.title() != "taken"
    assert any("Content Security Policy" in words for words in said)
