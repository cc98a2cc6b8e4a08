"""The desk on a screen of 1366x768 and at the keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.desk import queues
from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Staff
from tests.cast import Cast
from tests.e2e.conftest import LogIn
from tests.e2e.test_accessibility import LONG_NAME, complaints, listen

DESK = "/ban-lam-viec/"
HAND = 120
"""Milliseconds between two keys of a hand; what comes faster is a scanner's."""
WHOLE = """() => {
  const bar = document.querySelector(".pinned");
  const foot = bar ? bar.getBoundingClientRect().top : window.innerHeight;
  const whole = [...document.querySelectorAll("table.queue tbody tr")].filter((row) => {
    const box = row.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= foot;
  });
  return [whole.length, Math.max(...whole.map((row) => row.getBoundingClientRect().height))];
}"""


@pytest.fixture
def twenty(cast: Cast) -> list[Dossier]:
    return [
        cast.received(
            f"2016-11-{number + 2:02}T09:00",
            applicant_name=f"{LONG_NAME} {number}",
            phone="0912777888",
        )
        for number in range(20)
    ]


def ticked(page: Page) -> int:
    return page.locator("[name=ho-so]:checked").count()


@pytest.mark.parametrize("role", ["clerk", "specialist", "leader"])
def test_desk_at_least_twelve_rows_of_every_queue_are_whole_on_a_small_screen(
    cast: Cast,
    twenty: list[Dossier],
    log_in: LogIn,
    role: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each queue holds all twenty, whatever its rule; what a row shows is that of the queue."""
    for dossier in twenty[::2]:
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    perform.ask_supplement(twenty[1], by=cast.clerk, items="Đơn", reason="Thiếu")
    for dossier in twenty[10:]:
        perform.resolve(dossier, by=cast.leader, outcome="approved")
    who: Staff = getattr(cast, role)
    page = log_in(who)
    found = listen(page)
    for queue in queues.queues_for(who):
        monkeypatch.setitem(vars(queue), "rule", lambda staff, today: queues.at_home(staff))
        page.goto(f"{DESK}?hang-doi={queue.key}")
        rows, height = page.evaluate(WHOLE)
        assert rows >= 12, f"{queue.key}: {rows}"
        assert 40 <= height <= 44, f"{queue.key}: {height}"
        found += complaints(page)
    assert found == []


def test_desk_rows_stand_before_the_queues_on_a_phone_and_nothing_slides(
    cast: Cast, twenty: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk, phone=True)
    page.goto(f"{DESK}?hang-doi=cho-chuyen")
    row, queue = page.locator(".queue tbody tr").first, page.locator(".queues").first
    assert row.bounding_box()["y"] < queue.bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_label(f"Chọn hồ sơ {twenty[0].code}").check()
    expect(page.get_by_role("button", name="Chuyển 1 hồ sơ")).to_be_in_viewport()
    assert complaints(page) == []


def test_desk_keys_move_tick_open_and_send(
    cast: Cast, twenty: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{DESK}?hang-doi=cho-chuyen")

    def keys(*typed: str) -> None:
        for key in typed:
            page.keyboard.press(key)
            page.wait_for_timeout(HAND)

    keys("j", "j", "k", "x")
    assert ticked(page) == 1
    assert page.get_by_label(f"Chọn hồ sơ {twenty[0].code}").is_checked()
    keys("j", "j", "Shift+X")
    assert ticked(page) == 3
    expect(page.locator("[data-sum]")).to_have_text("3 đến VP Đăng ký đất đai")
    keys("Enter")
    page.wait_for_url(re.compile(f"/ho-so/{twenty[2].code}/.hang-doi=cho-chuyen$"))
    page.go_back()
    expect(page.get_by_role("button", name="Chuyển 3 hồ sơ")).to_be_visible()
    keys("f")
    expect(page.get_by_label("Lọc hàng đợi theo mã")).to_be_focused()
    page.keyboard.type("jxv")
    assert ticked(page) == 3
    keys("Escape", "Control+Enter")
    expect(page.get_by_text("Đã chuyển 3 hồ sơ: 3 hồ sơ đến")).to_be_visible()
    assert Dossier.objects.filter(holder_division=cast.land_division).count() == 3
    keys("j", "v")
    page.wait_for_url(re.compile(f"/ho-so/{twenty[3].code}/viec/forward/"))
    page.go_back()
    keys("?")
    expect(page.get_by_role("dialog")).to_contain_text("việc tiếp theo của hồ sơ đang ở")
    keys("n")
    assert DESK in page.url
    keys("Escape", "n")
    page.wait_for_url("**/ho-so/tiep-nhan/")


def test_desk_letters_are_no_shortcuts_for_whom_they_disturb(
    cast: Cast, twenty: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto("/tai-khoan/")
    page.get_by_role("button", name="Tắt").click()
    expect(page.get_by_text("Đã tắt phím tắt một chữ.")).to_be_visible()
    page.goto(f"{DESK}?hang-doi=cho-chuyen")
    for key in ("j", "x", "?", "/", "n"):
        page.keyboard.press(key)
        page.wait_for_timeout(HAND)
    assert ticked(page) == 0
    assert page.url.endswith(f"{DESK}?hang-doi=cho-chuyen")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Tìm hồ sơ theo mã")).not_to_be_focused()
    page.keyboard.type(f"{twenty[3].code}\n")  # a scanner, as quick as one
    page.wait_for_url(f"**/ho-so/{twenty[3].code}/")


def test_desk_filter_is_typed_and_sent_with_enter_and_its_words_are_in_no_address(
    cast: Cast, twenty: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{DESK}?hang-doi=cho-chuyen")
    page.keyboard.press("f")
    expect(page.get_by_label("Lọc hàng đợi theo mã")).to_be_focused()
    page.keyboard.type("cong tang ton nu 13")
    page.keyboard.press("Enter")
    page.wait_for_url("**tim=*")
    expect(page.locator(".queue tbody tr")).to_have_count(1)
    assert "tang" not in page.url
    page.get_by_role("link", name="Bỏ lọc").click()
    expect(page.locator(".queue tbody tr")).to_have_count(20)


def test_desk_call_is_noted_with_one_press_and_stays_in_the_row(
    cast: Cast, twenty: list[Dossier], log_in: LogIn
) -> None:
    perform.resolve(twenty[0], by=cast.leader, outcome="approved")
    page = log_in(cast.clerk)
    page.goto(f"{DESK}?hang-doi=tra-ket-qua")
    page.get_by_role("button", name=f"Đã gọi: {twenty[0].code}").click()
    expect(page.locator(".queue .c-call").last).to_contain_text("đã gọi")
    assert DESK in page.url
    assert twenty[0].events.filter(kind="call", actor=cast.clerk).count() == 1


def test_desk_acts_on_many_without_script(
    cast: Cast, twenty: list[Dossier], browser: Any, live_server: Any, log_in: LogIn
) -> None:
    cookies = log_in(cast.clerk).context.cookies()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{DESK}?hang-doi=cho-chuyen")
    expect(page.get_by_text("Đánh dấu hồ sơ ở trên.")).to_be_visible()
    page.get_by_role("link", name="Chọn cả trang").click()
    page.get_by_role("button", name="Chuyển các hồ sơ đã chọn").click()
    expect(page.get_by_text("Đã chuyển 20 hồ sơ")).to_be_visible()
    context.close()
