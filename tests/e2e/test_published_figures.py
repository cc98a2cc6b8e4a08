"""The leader's dashboard of the demonstration, in the browser: the figures that were published."""

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


@pytest.fixture
def demonstration(transactional_db: None) -> None:
    call_command("demo")


def cells_of(page: Page, row: str) -> list[str]:
    table = page.get_by_role("table").filter(has_text="Trong kỳ").first
    texts = (
        table.get_by_role("row").filter(has_text=row).first.get_by_role("cell").all_inner_texts()
    )
    return [text.strip() for text in texts]


def test_published_figures_leader_sees_the_published_nine_months_and_opens_what_is_behind_them(
    demonstration: None, log_in: LogIn, computer: Callable[..., Page], live_server: Any
) -> None:
    page = log_in(Staff.objects.get(username="lanhdao.967"), PASSWORD)
    page.goto("/thong-ke/")
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
