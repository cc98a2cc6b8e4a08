"""/bao-cao/: who sees which figures, from a number to its dossiers, and bad addresses."""

import csv
import io
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from reports.terms.columns import NAMES
from tests.cast import Cast, vn

REPORT = reverse("report")
BEHIND = reverse("figure_dossiers")


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """A district dossier resolved early, one refused late, and two of Tân Lộc, one overdue."""
    early = cast.received("2016-01-04T09:00")
    perform.resolve(early, by=cast.clerk, at=vn("2016-01-06T09:00"), outcome="approved")
    late = cast.received("2016-01-04T09:00", procedure=cast.building)
    perform.resolve(
        late, by=cast.clerk, at=vn("2016-02-25T09:00"), outcome="refused", result_note="Sai ranh"
    )
    cast.received("2016-03-01T09:00", office=cast.tan_loc, procedure=cast.birth)
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth, channel="online")
    return cast


def cell_links(html: str) -> list[tuple[str, int]]:
    found = re.findall(r'<td class="num[^>]*><a href="([^"]+)">([\d.]+)</a>', html)
    return [(unescape(address), int(number.replace(".", ""))) for address, number in found]


def get(client: Client, who: object, address: str, **query: str):
    client.force_login(who)
    return client.get(address, query)


def test_report_views_stranger_is_sent_to_log_in(client: Client, cast: Cast) -> None:
    response = client.get(REPORT)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_report_views_administrator_alone_reads_no_figures(client: Client, cast: Cast) -> None:
    assert get(client, cast.administrator, REPORT).status_code == 403


@pytest.mark.parametrize("who", ["clerk", "specialist", "leader", "overseer", "commune_leader"])
def test_report_views_every_reader_of_dossiers_reads_reports(
    client: Client, cast: Cast, who: str
) -> None:
    assert get(client, getattr(cast, who), REPORT).status_code == 200


@pytest.mark.parametrize("by", ["linh-vuc", "don-vi", "thu-tuc"])
def test_report_views_every_number_opens_as_many_dossiers_as_it_says(
    client: Client, lived: Cast, by: str
) -> None:
    page = get(client, lived.leader, REPORT, ky="2016-Q1", theo=by).content.decode()
    links = cell_links(page)
    assert len(links) > 15
    for address, number in links:
        shown = client.get(address)
        assert shown.status_code == 200
        assert shown.context["page"].paginator.count == number
        lines = list(csv.reader(io.StringIO(body(client.get(address + "&dang=csv")))))
        assert len(lines) == 1 + number


def body(response) -> str:
    content = response.getvalue() if response.streaming else response.content
    return content.decode().removeprefix("\ufeff")


def test_report_views_page_says_that_it_was_checked_and_what_each_column_counts(
    client: Client, lived: Cast
) -> None:
    page = get(client, lived.leader, REPORT, ky="2016-Q1").content.decode()
    assert "Đã kiểm tra: tổng tiếp nhận = đã giải quyết + đang giải quyết" in page
    assert "4 = 2 + 2" in page
    assert "1 / 2" in page
    assert "Thư xin lỗi không làm hồ sơ trễ thành đúng hạn." in page


def test_report_views_of_nothing_there_is_no_percentage(client: Client, cast: Cast) -> None:
    page = get(client, cast.leader, REPORT, ky="2016-Q1", theo="don-vi").content.decode()
    assert "không có" in page
    assert "0 %" not in page


def test_report_views_commune_sees_only_its_own_figures(client: Client, lived: Cast) -> None:
    response = get(client, lived.commune_leader, REPORT, ky="2016-Q1")
    assert response.context["table"].total["received"] == 2
    page = response.content.decode()
    assert "Biển Bạch" not in page
    assert "Đất đai" not in page


@pytest.mark.parametrize("scope", ["32068", "967", "tat-ca", "cap-xa", "không có"])
@pytest.mark.parametrize("address", [REPORT, BEHIND, reverse("dashboard"), REPORT + "bao-cao.csv"])
def test_report_views_another_office_does_not_exist_for_a_commune(
    client: Client, lived: Cast, scope: str, address: str
) -> None:
    query = {"ky": "2016-Q1", "pham-vi": scope, "cot": "received"}
    assert get(client, lived.commune_leader, address, **query).status_code == 404


def test_group_of_another_office_opens_nothing(client: Client, lived: Cast) -> None:
    shown = get(
        client,
        lived.commune_leader,
        BEHIND,
        ky="2016-Q1",
        theo="don-vi",
        nhom="967",
        cot="received",
    )
    assert shown.context["page"].paginator.count == 0


def test_report_views_form_and_the_short_address_mean_the_same(client: Client, lived: Cast) -> None:
    short = get(client, lived.leader, REPORT, ky="2016-Q1")
    long = get(client, lived.leader, REPORT, ky="Q1", nam="2016", tu="", den="")
    free = get(client, lived.leader, REPORT, ky="khoang", tu="2016-01-01", den="31/03/2016")
    assert short.context["table"].total == long.context["table"].total
    assert short.context["table"].total == free.context["table"].total


def test_calendar_of_the_decree_can_be_chosen(client: Client, lived: Cast) -> None:
    page = get(client, lived.leader, REPORT, ky="2016-Q1", lich="nd09").content.decode()
    assert "từ 15/12/2015 đến 14/03/2016" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"ky": "2016-Q9"}, "Không có kỳ này."),
        ({"ky": "Q1", "nam": "hai nghìn"}, "Năm phải là số, ví dụ 2016."),
        ({"ky": "Q1", "nam": "1066"}, "Năm phải từ 2000 trở đi."),
        ({"ky": "Q1", "nam": ""}, "Hãy nhập năm của kỳ báo cáo."),
        ({"ky": "khoang", "tu": "2016-01-01"}, "Hãy nhập ngày cuối của khoảng thời gian."),
        (
            {"ky": "khoang", "tu": "2016-02-31", "den": "2016-03-01"},
            "Ngày chưa đúng. Hãy nhập như 30/09/2016.",
        ),
        (
            {"ky": "khoang", "tu": "2016-03-02", "den": "2016-03-01"},
            "Ngày cuối phải từ ngày đầu trở đi.",
        ),
        ({"lich": "am-lich"}, "Không có lịch này. Hãy chọn lại."),
        ({"theo": "mau-sac"}, "Không có cách chia này. Hãy chọn lại."),
    ],
)
@pytest.mark.parametrize("address", [REPORT, BEHIND, REPORT + "bao-cao.pdf"])
def test_report_views_what_cannot_be_understood_is_said_beside_the_field(
    client: Client, cast: Cast, query: dict[str, str], sentence: str, address: str
) -> None:
    response = get(client, cast.leader, address, **query)
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_report_views_what_was_entered_stays_in_the_form(client: Client, cast: Cast) -> None:
    page = get(client, cast.leader, REPORT, ky="Q3", nam="1066", theo="don-vi").content.decode()
    assert 'value="1066"' in page
    assert re.search(r'<option value="don-vi" selected>', page)
    assert re.search(r'<option value="Q3" selected>', page)


@pytest.mark.parametrize(
    "address", [REPORT + "bao-cao.docx", BEHIND + "?cot=khong-co", BEHIND + "?ky=2016-Q1"]
)
def test_report_views_file_or_column_that_is_none_is_not_found(
    client: Client, cast: Cast, address: str
) -> None:
    client.force_login(cast.leader)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("format", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("pdf", "application/pdf"),
    ],
)
def test_table_is_given_out_as_a_file(
    client: Client, lived: Cast, format: str, content_type: str
) -> None:
    response = get(
        client, lived.leader, reverse("report_export", args=[format]), ky="2016-Q1", theo="don-vi"
    )
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == (
        f'attachment; filename="bao-cao-2016-Q1-tat-ca-don-vi-nhap.{format}"'
    )


def test_report_views_csv_of_a_commune_holds_only_its_dossiers(client: Client, lived: Cast) -> None:
    csv_text = body(
        get(
            client,
            lived.commune_leader,
            reverse("report_export", args=["csv"]),
            ky="2016-Q1",
        )
    )
    line = next(line for line in csv.reader(io.StringIO(csv_text)) if line[1:2] == ["Tổng số"])
    assert dict(zip(NAMES, map(int, line[2:]), strict=True))["received"] == 2
    assert "Đất đai" not in csv_text


def test_report_views_list_is_paged(client: Client, cast: Cast) -> None:
    for minute in range(53):
        cast.received(f"2016-03-01T09:{minute:02d}", office=cast.tan_loc, procedure=cast.birth)
    shown = get(client, cast.leader, BEHIND, ky="2016-Q1", cot="received", page="2")
    assert len(shown.context["page"].object_list) == 3
    assert "51 - 53 / 53" in shown.content.decode()


def test_report_views_pages_take_the_same_queries_for_few_dossiers_and_for_many(
    client: Client, cast: Cast
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(address: str, **query: str) -> int:
        client.force_login(cast.leader)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, query).status_code == 200
        return len(captured)

    def both() -> tuple[int, int]:
        return (
            queries(REPORT, ky="2016-Q1", theo="don-vi"),
            queries(BEHIND, ky="2016-Q1", cot="received"),
        )

    cast.received("2016-03-01T09:00")
    both()
    few = both()
    for minute in range(8):
        cast.received(f"2016-03-01T10:{minute:02d}", procedure=cast.building)
        cast.received(f"2016-03-01T10:{minute:02d}", office=cast.tan_loc, procedure=cast.birth)
    assert both() == few
