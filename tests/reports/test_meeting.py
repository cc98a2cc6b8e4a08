"""The leaders' page on two A4 pages and on a wall."""

import io
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from reports.dashboard.meeting import meeting_paper
from reports.leaders.facts import LeaderFacts, ParetoRow, Segment, VerdictLine
from reports.leaders.reading import leader_facts
from reports.terms.periods import parse_period
from tests.cast import Cast
from tests.reports.scopes import scopes_for
from tests.reports.test_dashboard import lived

__all__ = ["lived"]
PAPER, DASHBOARD = reverse("meeting_paper"), reverse("dashboard")
LONG = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất "


def text_of(pdf: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert [round(side) for side in pages[0].mediabox[2:]] == [595, 842]
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def facts_of(cast: Cast, period: str = "2016-9M") -> LeaderFacts:
    scope = scopes_for(cast.leader)[0]
    return leader_facts(parse_period(period), scope, cast.leader, date(2016, 11, 1))


def test_meeting_two_pages_say_what_the_screen_says(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    response = client.get(PAPER, {"ky": "2016-9M"})
    pages, text = text_of(response.content)
    assert pages == 2
    for line in client.get(DASHBOARD, {"ky": "2016-9M"}).context["facts"].verdict:
        words = "".join(segment.text for segment in line.sentence)
        assert " ".join(words.split()) in text
    assert "Tính đến hết ngày 30/09/2016" in text
    assert text.index("Huyện Thới Bình 2 2 1") < text.index("Xã Tân Lộc 2 1 0")
    assert "Nguyễn Văn Ân" not in text
    assert "2015" not in text.replace("năm 2015", ""), "nothing of another period"
    assert "thong-ke-2016-9M-tat-ca.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize("period", ["2016", "2015-03-15..2016-09-30", "2012-Q2"])
def test_meeting_however_much_or_little_there_is_it_is_two_pages(
    client: Client, lived: Cast, period: str
) -> None:
    client.force_login(lived.commune_leader)
    assert text_of(client.get(PAPER, {"ky": period}).content)[0] == 2


def test_meeting_fullest_district_with_the_longest_names_has_two_pages(lived: Cast) -> None:
    facts = facts_of(lived)
    rows = tuple(ParetoRow(f"{n}", f"{LONG}{n}", 1234, 567, 99) for n in range(9))
    lines = tuple(VerdictLine(line.head, (Segment(LONG * 3),)) for line in facts.verdict)
    levels = []
    for level in facts.levels:
        units = tuple(
            replace(level.units[0], key=f"{level.key}{n}", name=f"Thị trấn Thới Bình Đông {n}")
            for n in range(40)
        )
        pareto = replace(
            level.pareto, divisions=rows, procedures=rows, rest=(Segment("Còn 32 thủ tục"),)
        )
        levels.append(replace(level, units=units, pareto=pareto))
    full = replace(facts, levels=tuple(levels), pareto_scale=1801, verdict=lines)
    paper = meeting_paper(full, scopes_for(lived.leader)[0])
    assert paper.pages == 2
    assert "đơn vị khác, xem Bảng số liệu." in text_of(paper.pdf)[1]


def test_meeting_what_cannot_be_printed_is_said_on_the_page(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    assert client.get(PAPER, {"ky": "2016-13M"}).status_code == 400
    assert client.get(PAPER, {"pham-vi": "khong-co"}).status_code == 404


def test_meeting_wall_renews_itself_and_draws_no_links(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    response = client.get(DASHBOARD, {"ky": "2016-9M", "man-hinh": "lon"})
    page = unescape(response.content.decode())
    assert response["Refresh"] == "300"
    assert "<h1>Cả hai cấp, huyện và xã (13 đơn vị): 9 tháng năm 2016</h1>" in page
    assert 'class="bar"' not in page
    assert "<select" not in page
    assert 'href="/thong-ke/?ky=2016-9M&pham-vi=tat-ca">Thoát màn hình lớn' in page
    assert "cot=" not in page
