"""Leaving a page: Back after a log-out shows nothing, a half-typed form asks first."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Dialog, Page, expect

from dossiers.models import Dossier
from tests.cast import PASSWORD, Cast
from tests.e2e.conftest import LogIn

NAME = "desk.test"  # no localhost: an office network is not trusted by browsers either


@pytest.fixture
def with_page_cache(
    browser: Browser, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """Chromium as people have it: Playwright switches its page cache off."""
    own = browser_type.launch(
        **{
            **browser_type_launch_args,
            "ignore_default_args": ["--disable-back-forward-cache"],
            "args": [
                *browser_type_launch_args.get("args", []),
                f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            ],
        }
    )
    yield own
    own.close()


def test_leaving_back_after_a_log_out_shows_nothing_of_the_dossier(
    cast: Cast, with_page_cache: Browser, live_server: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    dossier = cast.received("2016-02-01T09:00")
    address = f"http://{NAME}:{urlsplit(live_server.url).port}"
    page = with_page_cache.new_context(base_url=address).new_page()
    page.goto("/thu-tuc/")
    page.evaluate("window.wasKept = 'yes'")
    page.goto("/tra-cuu/")
    page.go_back(wait_until="commit")
    assert page.evaluate("window.wasKept") == "yes", "the page cache is on"

    page.goto("/dang-nhap/")
    page.fill("[name=username]", cast.clerk.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ban-lam-viec/")
    for seen in (f"/ho-so/{dossier.code}/", "/ho-so/", f"/ho-so/{dossier.code}/"):
        page.goto(seen)
    expect(page.locator("main")).to_contain_text(dossier.applicant_name)
    page.locator(".menu-person summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap/**")

    for _ in range(4):
        page.go_back(wait_until="commit")
        shown = page.locator("body").inner_text()
        assert (dossier.applicant_name in shown, dossier.code in shown) == (False, False)
        assert "/dang-nhap/" in page.url


STAYED = r"ERR_ABORTED|interrupted"
Answers = list[str]


def staying(page: Page) -> Answers:
    """The person stays whenever the browser asks; how often it asked."""
    asked: Answers = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_leaving_half_typed_intake_asks_before_it_is_left_and_can_still_be_sent(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.commune_clerk)
    page.goto("/ho-so/tiep-nhan/?thu-tuc=X901")
    asked = staying(page)
    page.locator(".bar-office").click(no_wait_after=True)
    page.wait_for_url("**/ban-lam-viec/")
    assert asked == [], "nothing was typed"

    page.goto("/ho-so/tiep-nhan/?thu-tuc=X901")
    page.locator("#id_applicant_name").click()
    page.keyboard.type("Nguyễn Văn Ân")
    page.locator(".bar-office").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.locator(".menu-person summary").click()
    leave = page.get_by_role("button", name="Đăng xuất")
    leave.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] * 2
    expect(leave).to_be_enabled()
    expect(page.locator("#id_applicant_name")).to_have_value("Nguyễn Văn Ân")

    page.fill("#id_applicant_id", "096012345678")
    page.locator("[type=checkbox][name^=paper-]").first.check()
    page.get_by_role("button", name="Tiếp nhận và in").click()
    page.wait_for_url("**/da-tiep-nhan/")
    assert (len(asked), Dossier.objects.count()) == (2, 1), "sending asks nothing"


def test_leaving_what_was_typed_and_taken_back_and_a_search_are_left_freely(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.commune_clerk)
    page.goto("/ho-so/tiep-nhan/?thu-tuc=X901")
    asked = staying(page)
    page.fill("#id_applicant_name", "N")
    page.fill("#id_applicant_name", "")
    page.fill("#tim-ho-so", "Nguyễn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ho-so/?tim=*")
    assert asked == []


def test_leaving_every_half_typed_form_asks_and_so_does_one_that_came_back_with_errors(
    cast: Cast, log_in: LogIn, computer: Callable[..., Page]
) -> None:
    dossier = cast.received("2016-02-01T09:00")
    clerk, administrator, citizen = log_in(cast.clerk), log_in(cast.administrator), computer()
    key = dossier.procedure.key
    for page, address, field in (
        (clerk, f"/ho-so/{dossier.code}/viec/correct/", "[name=applicant_name]"),
        (citizen, f"/nop-ho-so/{key}/", "[name=applicant_name]"),
        (administrator, "/quan-tri/motcua/staff/add/", "[name=full_name]"),
    ):
        asked = staying(page)
        page.goto(address)
        # Keys, not `fill`: browsers ask only on a page that a person has touched.
        page.locator(field).click()
        page.keyboard.type("Lê Thị Bé")
        with pytest.raises(Exception, match=STAYED):
            page.goto("/thu-tuc/")
        assert asked == ["beforeunload"], address

    with citizen.expect_navigation():
        citizen.get_by_role("button", name="Nộp hồ sơ").click()
    citizen.locator("h1").click()
    with pytest.raises(Exception, match=STAYED):
        citizen.goto("/thu-tuc/")
    expect(citizen.locator("[name=applicant_name]")).to_have_value("Lê Thị Bé")


def test_leaving_log_in_page_that_carries_what_was_typed_asks_before_it_is_left(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.commune_clerk)
    page.goto("/ho-so/tiep-nhan/?thu-tuc=X901")
    page.fill("#id_applicant_name", "Nguyễn Văn Ân")
    other_tab = page.context.new_page()
    other_tab.goto("/ban-lam-viec/")
    other_tab.locator(".menu-person summary").click()
    other_tab.get_by_role("button", name="Đăng xuất").click()
    other_tab.wait_for_url("**/dang-nhap/**")
    with page.expect_navigation():
        page.get_by_role("button", name="Tiếp nhận và in").click()
    asked = staying(page)
    page.fill("[name=username]", cast.commune_clerk.username)
    with pytest.raises(Exception, match=STAYED):
        page.goto("/thu-tuc/")
    assert asked == ["beforeunload"]
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dang-nhap/gui-lai/")
    assert len(asked) == 1, "logging in asks nothing"
