"""/thong-ke/: what is wrong and where, in words and pictures, and the lists behind every mark."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from reports.leaders.facts import text_of
from tests.cast import Cast, vn
from tests.reports.test_dashboard import lived

__all__ = ["lived"]
PAGE = reverse("dashboard")
COMPARED = "Các đơn vị: trễ trên 1.000 hồ sơ, theo khối lượng"


@pytest.fixture
def busy(lived: Cast) -> Cast:
    """Also twenty-five late ones of the district in March and three open, past their day."""
    for minute in range(25):
        dossier = lived.received(f"2016-03-01T08:{minute:02}")
        perform.resolve(dossier, by=lived.clerk, at=vn("2016-03-31T09:00"), outcome="approved")
    for minute in range(3):
        lived.received(f"2016-08-01T08:{minute:02}")
    return lived


def shown(client: Client, cast: Cast, who: str = "leader", **query: str):
    client.force_login(getattr(cast, who))
    return client.get(PAGE, {"ky": "2016-9M", **query})


def test_leaders_page_says_the_verdict_with_links_before_any_figure(
    client: Client, busy: Cast
) -> None:
    response = shown(client, busy)
    page = unescape(response.content.decode())
    verdict = response.context["facts"].verdict
    assert text_of(verdict[0].sentence).startswith("Huyện Thới Bình: cả 26 hồ sơ trả trễ")
    assert page.index("Ở đâu") < page.index("Sớm và đúng hạn") < page.index("Trễ và quá hạn nằm")
    assert page.index('<h2 id="cac-don-vi">') < page.index('<h2 id="viec-can-lam">')
    assert COMPARED in page
    assert "Tính đến hết" in page
    assert "<script>" not in page
    assert "style=" not in page


def test_leaders_page_every_mark_opens_as_many_dossiers_as_it_says(
    client: Client, busy: Cast
) -> None:
    response = shown(client, busy)
    html = unescape(response.content.decode())
    marks = re.findall(r'<a href="([^"]+cot=[^"]+)" aria-label="([\d.]+) ', html)
    facts = response.context["facts"]
    marks += [
        (tile.address, number)
        for group in facts.tiles
        for tile in group.rows
        if group.kind == "overdue" and (number := re.sub(r"\D", "", tile.value)) != "0"
    ]
    assert len(set(marks)) >= 12
    for address, number in set(marks):
        behind = client.get(address)
        assert behind.status_code == 200, address
        assert behind.context["page"].paginator.count == int(number.replace(".", "")), address


def test_leaders_page_is_drawn_for_a_screen_and_anew_for_a_phone(
    client: Client, busy: Cast
) -> None:
    html = shown(client, busy).content.decode()
    assert html.count('viewBox="0 0 640') == 1
    assert html.count('viewBox="0 0 340') == 5  # two levels twice, and the units
    ids = re.findall(r' id="([^"]+)"', html)
    assert sorted(set(ids)) == sorted(ids)


def test_leaders_page_commune_leader_sees_only_the_commune(client: Client, busy: Cast) -> None:
    response = shown(client, busy, "commune_leader")
    page = response.content.decode()
    assert [level.name for level in response.context["facts"].levels] == ["Xã Tân Lộc"]
    for other in ("Biển Bạch", "Đất đai", "cap-xa", "tat-ca"):
        assert other not in page
    assert shown(client, busy, "commune_leader", **{"pham-vi": "967"}).status_code == 404


def test_leaders_page_of_nothing_says_so_and_keeps_the_control(client: Client, lived: Cast) -> None:
    page = shown(client, lived, ky="2012-Q1").content.decode()
    assert "Kỳ này chưa có hồ sơ nào." in page
    assert '<option value="2012-Q1" selected>Quý I 2012</option>' in page
    assert "<dl" not in page.partition("<main")[2].partition("</main>")[0]


def test_leaders_page_period_between_two_days_stays_chosen(client: Client, lived: Cast) -> None:
    page = shown(client, lived, ky="2016-01-04..2016-03-08", lich="nd09").content.decode()
    assert '<option value="2016-01-04..2016-03-08" selected>từ 04/01/2016 đến' in page
    assert '<input type="hidden" name="lich" value="nd09">' in page


def test_leaders_page_compares_without_same_day_procedures_on_request(
    client: Client, busy: Cast
) -> None:
    assert "cung-ngay=bo" in shown(client, busy).content.decode()
    response = shown(client, busy, **{"cung-ngay": "bo"})
    assert response.context["facts"].without_same_day
    assert "Không tính thủ tục trả trong ngày." in response.content.decode()


def test_leaders_page_unusable_period_is_said_beside_the_field(client: Client, cast: Cast) -> None:
    response = shown(client, cast, ky="2016-13M")
    assert response.status_code == 400
    assert "Không có kỳ này." in response.content.decode()


def test_leaders_page_stranger_is_sent_to_log_in(client: Client, cast: Cast) -> None:
    assert client.get(PAGE).status_code == 302
