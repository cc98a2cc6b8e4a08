"""The dashboard on two A4 pages and on a wall."""

import io
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from dossiers.models import Dossier
from reports.dashboard.lateness import LateDossier, LongestOverdue, PastDue
from reports.dashboard.meeting import meeting_paper
from reports.dashboard.overview import dashboard_data
from reports.figures.tables import Row
from reports.terms.columns import nothing
from reports.terms.periods import parse_period
from tests.cast import Cast
from tests.reports.scopes import scopes_for
from tests.reports.test_dashboard import lived

__all__ = ["lived"]
PAPER, DASHBOARD = reverse("meeting_paper"), reverse("dashboard")
LONG = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất " * 4


def text_of(pdf: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert [round(side) for side in pages[0].mediabox[2:]] == [595, 842]
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def test_meeting_two_pages_say_what_the_screen_says(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    response = client.get(PAPER, {"ky": "2016-9M"})
    pages, text = text_of(response.content)
    assert pages == 2
    assert "Chín tháng năm 2016, hai cấp giải quyết 3 hồ sơ, 2 sớm hoặc đúng hạn" in text
    assert "2 / 3" in text
    assert "Không có hồ sơ trong kỳ: Thị trấn Thới Bình" in text
    assert "Nguyễn Văn Ân" not in text
    assert "thong-ke-2016-9M-tat-ca.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize("period", ["2016", "2016-Q1", "2015-03-15..2016-09-30", "2012-Q2"])
def test_meeting_however_much_or_little_there_is_it_is_two_pages(
    client: Client, lived: Cast, period: str
) -> None:
    client.force_login(lived.commune_leader)
    assert text_of(client.get(PAPER, {"ky": period}).content)[0] == 2


def test_meeting_fullest_district_with_the_longest_names_has_two_pages(lived: Cast) -> None:
    data = dashboard_data(parse_period("2016"), scopes_for(lived.leader)[0])
    figures = dict.fromkeys(nothing(), 38294)
    late = LateDossier(Dossier(code="H12"), date(2016, 1, 4), date(2016, 12, 31), 250)
    groups = [LongestOverdue(f"H{n}", LONG, 1234, late) for n in range(10)]
    full = replace(
        data,
        offices=[
            Row(f"3{n}", f"Thị trấn Hồ Thị Kỷ Thới Bình Đông {n}", figures) for n in range(20)
        ],
        months=[replace(month, figures=month.figures | figures) for month in data.months],
        past_due=PastDue([late], [late], groups, groups),
    )
    paper = meeting_paper(full, {"ky": "2016", "pham-vi": "tat-ca"}, lived.leader)
    assert paper.pages == 2
    text = text_of(paper.pdf)[1]
    assert "đơn vị khác, xem trên màn hình." in text
    assert "Tháng 12" in text


def test_meeting_what_cannot_be_printed_is_said_on_the_page(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    assert client.get(PAPER, {"ky": "2016-13M"}).status_code == 400
    assert client.get(PAPER, {"pham-vi": "khong-co"}).status_code == 404


def test_meeting_wall_has_no_frame_and_its_numbers_open(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    page = unescape(client.get(DASHBOARD, {"ky": "2016-9M", "man-hinh": "lon"}).content.decode())
    assert "<h1>Chín tháng năm 2016, hai cấp giải quyết 3 hồ sơ" in page
    assert 'class="bar"' not in page
    assert "<select" not in page
    assert 'href="/thong-ke/?ky=2016-9M&pham-vi=tat-ca">Thoát màn hình lớn' in page
