"""The leader's page of the demonstration in the browser: what was wrong in nine months, and the
figures that were published."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from dossiers.demo.staff import PASSWORD
from motcua.models import Staff
from tests.e2e.conftest import LogIn

# The newspaper's rows, in the order of the dashboard's columns: received, early, on time, late.
PUBLISHED = {
    "Huyện Thới Bình": ["2.468", "994", "963", "70", "2.027"],
    "12 đơn vị cấp xã": ["35.826", "2.555", "33.533", "16", "36.104"],
    "Cả hai cấp": ["38.294", "3.549", "34.496", "86", "38.131"],
}


# What was wrong, in the words in which a screen says it before anyone scrolls.
TRUTH = (
    "70 trong 86 hồ sơ trả trễ",
    "42 trong 70",
    "128, 238, 580",
    "không khác nhau quá mức ngẫu nhiên",
)


@pytest.fixture
def demonstration(transactional_db: None) -> None:
    call_command("demo")


def cells_of(page: Page, row: str) -> list[str]:
    table = page.get_by_role("table").filter(has_text="Trong kỳ").first
    texts = (
        table.get_by_role("row").filter(has_text=row).first.get_by_role("cell").all_inner_texts()
    )
    return [text.strip() for text in texts]


def on_the_first_screen(page: Page) -> None:
    """The truth stands there, above the lower edge of the screen, and nothing is cut."""
    verdict = page.locator(".verdict")
    for words in ("Huyện Thới Bình", "Đất đai", *TRUTH):
        expect(verdict).to_contain_text(words)
    size = page.viewport_size
    box = verdict.bounding_box()
    assert size is not None
    assert box is not None
    assert box["y"] + box["height"] <= size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_published_figures_leader_sees_the_published_nine_months_and_opens_what_is_behind_them(
    demonstration: None, log_in: LogIn, computer: Callable[..., Page], live_server: Any
) -> None:
    page = log_in(Staff.objects.get(username="lanhdao.967"), PASSWORD)
    page.goto("/thong-ke/")
    on_the_first_screen(page)
    tiles = page.locator(".tiles").bounding_box()
    assert tiles is not None
    assert tiles["y"] + tiles["height"] <= 768
    page.set_viewport_size({"width": 390, "height": 844})
    on_the_first_screen(page)
    todo = page.locator(".todo-part").bounding_box()
    assert todo is not None
    assert todo["y"] + todo["height"] <= 5 * 844
    for fold in page.locator("details.for-phone").all():
        fold.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("link", name="Bảng số liệu").first.click()
    expect(page.locator(".lead-sentence")).to_contain_text(
        "Chín tháng năm 2016, hai cấp giải quyết 38.131 hồ sơ, 99,8 % (38.045 / 38.131) sớm hoặc "
        "đúng hạn; 86 hồ sơ trễ."
    )
    for row, figures in PUBLISHED.items():
        assert [c for c in cells_of(page, row) if c in figures] == figures
    page.get_by_role("link", name="70", exact=True).first.click()
    expect(page.get_by_text("/ 70")).to_be_visible()
    commune = log_in(Staff.objects.get(username="lanhdao.32065"), PASSWORD)
    commune.goto("/thong-ke/")
    expect(commune.get_by_text("Xã Biển Bạch")).to_have_count(0)
