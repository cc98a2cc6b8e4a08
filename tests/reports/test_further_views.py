"""The layouts and further reports on screen and as files: who sees what, from a number to its
dossiers, files read back, and what is refused."""

import csv
import io
import json
import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Event, LateCause
from reports.converters import FURTHER
from reports.models import Summary
from tests.cast import Cast, vn
from tests.reports.further_pages import QUARTER, file, get, page
from tests.reports.read_back import csv_rows, on_paper, pdf_text, xlsx_rows

COUNTED = [word for word in FURTHER if word != "tre-han"]


def test_choice_goes_along_to_the_other_reports_and_periods(client: Client, late: Cast) -> None:
    html = get(client, late.leader, page("ton-dong"), ky="2016-9M", **{"pham-vi": "cap-xa"})
    addresses = re.findall(r'<li><a href="([^"]+)"', html.content.decode())
    further = [unescape(one) for one in addresses if "ky=2016-9M&amp;pham-vi=cap-xa" in one]
    assert {one.partition("?")[0] for one in further} >= {page("tre-han"), reverse("report")}
    assert any("ky=2016-Q1" in one and "pham-vi=cap-xa" in one for one in addresses)
    for address in further:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("word", FURTHER)
@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf"])
def test_further_views_every_file_read_back_is_what_the_page_shows(
    client: Client, late: Cast, word: str, format: str
) -> None:
    query = {"ky": QUARTER}
    sheet = get(client, late.leader, page(word), **query).context["sheet"]
    content = client.get(file(word, format), query).content
    assert len(sheet.lines) >= 2
    values = [[cell.value for cell in row.cells] for row in sheet.lines]
    width = len(sheet.layout.columns)
    if format == "xlsx":
        assert [row[-width:] for row in xlsx_rows(content)] == [
            [value or None if isinstance(value, str) else value for value in row] for row in values
        ]
    elif format == "csv":
        plain = [[on_paper(v) if not isinstance(v, int) else str(v) for v in row] for row in values]
        assert [line[-width:] for line in csv_rows(content.decode())[1:]] == plain
    else:
        printed = re.sub(r"\s", "", pdf_text(content))
        first_words = "".join(sheet.layout.title.split()[:5])
        assert first_words.upper() in printed
        for row in sheet.lines if word != "tre-han" else []:
            line = row.name + "".join(on_paper(cell.value) for cell in row.cells)
            assert re.sub(r"\s", "", line) in printed
        for code in re.findall(r"-(\d{6}-\d{4})", str(values)):
            assert code in printed
        assert "(Từngày01/01/2016đếnngày31/03/2016)" in printed


def cell_links(html: str) -> list[tuple[str, int]]:
    found = re.findall(r'<td class="num[^>]*><a href="([^"]+)">([\d.]+)</a>', html)
    return [(unescape(address), int(number.replace(".", ""))) for address, number in found]


@pytest.mark.parametrize("word", COUNTED)
@pytest.mark.parametrize("by", ["linh-vuc", "don-vi", "thu-tuc"])
def test_further_views_every_number_opens_as_many_dossiers_as_it_says(
    client: Client, late: Cast, word: str, by: str
) -> None:
    html = get(client, late.leader, page(word), ky=QUARTER, theo=by).content.decode()
    links = cell_links(html)
    assert len(links) >= 9
    for address, number in links:
        shown = client.get(address)
        assert shown.status_code == 200
        assert shown.context["page"].paginator.count == number


@pytest.mark.parametrize("layout", ["ii-06a", "06a-2017", "ban-2016"])
def test_further_views_every_number_of_every_layout_opens_as_many_dossiers_as_it_says(
    client: Client, late: Cast, layout: str
) -> None:
    perform.withdraw(
        late.received("2016-02-04T09:00"), by=late.clerk, at=vn("2016-02-05T09:00"), reason="Thôi"
    )
    address = reverse("report")
    html = get(client, late.leader, address, ky=QUARTER, mau=layout, theo="don-vi")
    links = cell_links(html.content.decode())
    assert len(links) > 20
    for address, number in links:
        shown = client.get(address)
        assert shown.context["page"].paginator.count == number, address
    memo = re.findall(r'<a class="num" href="([^"]+)">(\d+)</a>', html.content.decode())
    for address, number in memo:
        assert client.get(unescape(address)).context["page"].paginator.count == int(number)
    assert bool(memo) is (layout != "ban-2016")


def test_late_dossier_without_a_cause_is_shown_as_such(client: Client, late: Cast) -> None:
    sheet = get(client, late.leader, page("nguyen-nhan"), ky=QUARTER).context["sheet"]
    said = {
        column.heading: value
        for column, value in zip(
            sheet.layout.columns, [cell.value for cell in sheet.total.cells], strict=True
        )
        if value
    }
    assert said == {
        "Số lượng hồ sơ quá hạn": 3,
        "Đã giải quyết": 2,
        "Đang giải quyết": 1,
        "B1. Thiếu cán bộ, công chức hoặc vắng người phụ trách": 1,
        "Chưa ghi nguyên nhân": 2,
    }


def test_further_views_cause_no_longer_in_use_keeps_its_column_while_a_dossier_has_it(
    client: Client, late: Cast
) -> None:
    LateCause.objects.filter(code__in=["B1", "B2"]).update(is_active=False)
    html = get(client, late.leader, page("nguyen-nhan"), ky=QUARTER).content.decode()
    assert "B1. Thiếu cán bộ" in html
    assert "B2. Cơ sở vật chất" not in html


def test_further_views_csv_behind_a_number_is_recorded_in_few_statements(
    client: Client, late: Cast
) -> None:
    client.force_login(late.leader)
    query = {"ky": QUARTER, "cot": "received", "dang": "csv"}
    client.get(reverse("figure_dossiers"), query)
    assert Event.objects.filter(kind=Event.Kind.READ, actor=late.leader).count() == 4
    with CaptureQueriesContext(connection) as captured:
        lines = list(
            csv.reader(
                io.StringIO(client.get(reverse("figure_dossiers"), query).getvalue().decode())
            )
        )
    assert len(lines) == 5
    inserts = [q["sql"] for q in captured if q["sql"].startswith('INSERT INTO "dossiers_event"')]
    assert len(inserts) == 1


@pytest.mark.parametrize(
    ("address", "number"),
    [("/ho-so/danh-sach.csv", 2), ("/thong-ke/dang-giu/ho-so/?noi=32086&cot=qua-han&dang=csv", 2)],
)
def test_further_views_other_lists_with_names_are_recorded_too(
    client: Client, late: Cast, address: str, number: int
) -> None:
    assert get(client, late.commune_leader, address).status_code == 200
    events = Event.objects.filter(kind=Event.Kind.READ, actor=late.commune_leader)
    assert {event.dossier.office for event in events} == {late.tan_loc}
    assert events.count() == number


@pytest.mark.parametrize("word", FURTHER)
def test_further_views_nothing_in_the_period_is_said_in_words(
    client: Client, cast: Cast, word: str
) -> None:
    html = get(client, cast.leader, page(word), ky=QUARTER).content.decode()
    sentence = {
        "tre-han": "Trong kỳ này không có hồ sơ nào như vậy.",
        "ton-dong": "Hết kỳ này không còn hồ sơ nào đang giải quyết.",
        "nguyen-nhan": "Trong kỳ này không có hồ sơ nào trễ hạn.",
        "hinh-thuc": "Đã kiểm tra với số liệu tổng hợp của kỳ",
        "noi-nhan": "Đã kiểm tra với số liệu tổng hợp của kỳ",
    }[word]
    assert sentence in html
    assert client.get(file(word, "pdf"), {"ky": QUARTER}).status_code == 200


@pytest.mark.parametrize("word", FURTHER)
def test_further_views_commune_sees_its_own_and_nothing_else_exists(
    client: Client, late: Cast, word: str
) -> None:
    mine = get(client, late.commune_leader, page(word), ky=QUARTER)
    assert "Xây dựng" not in mine.content.decode()
    assert "Đất đai" not in mine.content.decode()
    for address in (page(word), file(word, "csv")):
        assert client.get(address, {"ky": QUARTER, "pham-vi": "967"}).status_code == 404
    assert get(client, late.administrator, page(word)).status_code == 403
    client.logout()
    assert client.get(page(word)).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/bao-cao/khong-co/",
        "/bao-cao/tre-han/tep.docx",
        "/bao-cao/ton-dong/tep.docx",
        "/bao-cao/ton-dong/ho-so/?cot=khong-co",
        "/bao-cao/tre-han/ho-so/?cot=code",
    ],
)
def test_further_views_what_is_none_is_not_found(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.leader)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("word", "query", "sentence"),
    [
        ("ton-dong", {"tinh": "tuan"}, "Không có cách tính này. Hãy chọn lại."),
        ("tre-han", {"ten": "het"}, "Không có lựa chọn này. Hãy chọn lại."),
        ("tre-han", {"loai": "som"}, "Không có loại này. Hãy chọn lại."),
        ("hinh-thuc", {"ky": "2016-Q9"}, "Không có kỳ này."),
    ],
)
def test_further_views_what_cannot_be_understood_is_said_beside_the_field(
    client: Client, cast: Cast, word: str, query: dict[str, str], sentence: str
) -> None:
    for address in (page(word), file(word, "csv")):
        response = get(client, cast.leader, address, **query)
        assert response.status_code == 400
        assert sentence in response.content.decode()


def test_further_views_unknown_layout_is_said_beside_the_field(client: Client, cast: Cast) -> None:
    response = get(client, cast.leader, reverse("report"), mau="ii-06b")
    assert response.status_code == 400
    assert "Không có mẫu này. Hãy chọn lại." in response.content.decode()


def test_further_views_year_without_a_calendar_has_ages_in_days_only(
    client: Client, late: Cast
) -> None:
    for address in (page("ton-dong"), file("ton-dong", "pdf")):
        response = get(client, late.leader, address, ky="2012")
        assert response.status_code == 409
        assert "hãy chọn ngày theo lịch" in response.content.decode()
    sheet = client.get(page("ton-dong"), {"ky": "2031", "tinh": "ngay-lich"}).context["sheet"]
    assert sheet.total.said["age_3"] == 2


def test_command_gives_a_layout(late: Cast, tmp_path: Path) -> None:
    out = StringIO()
    call_command("report", QUARTER, layout="desk-2016", stdout=out)
    found = json.loads(out.getvalue())
    assert found["layout"] == "desk-2016"
    assert found["total"] == {
        "total_in": 4,
        "received": 4,
        "carried_over": 0,
        "resolved_total": 2,
        "resolved_early": 0,
        "resolved_on_time": 0,
        "resolved_late": 2,
        "pending_total": 2,
        "pending_in_time": 1,
        "pending_overdue": 1,
        "ended_withdrawn": 0,
        "ended_returned": 0,
        "left": 2,
    }
    target = tmp_path / "bieu.csv"
    call_command("report", QUARTER, layout="06a-2017", format="csv", output=str(target))
    assert csv_rows(target.read_text(encoding="utf-8"))[-1] == [
        "",
        "Tổng số",
        *["4", "1", "0", "3", "2", "0", "2", "2", "1", "1"],
    ]


def test_further_views_pages_take_the_same_queries_for_few_dossiers_and_for_many(
    client: Client, late: Cast
) -> None:
    def queries(word: str) -> int:
        client.force_login(late.leader)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(word), {"ky": QUARTER, "theo": "don-vi"}).status_code == 200
        return len(captured)

    [queries(word) for word in FURTHER]
    few = [queries(word) for word in FURTHER]
    for minute in range(8):
        late.received(f"2016-03-01T10:{minute:02d}", office=late.tan_loc, procedure=late.birth)
    assert [queries(word) for word in FURTHER] == few


@pytest.mark.parametrize("word", ["bieu", *FURTHER])
def test_further_views_what_does_not_add_up_is_said_and_no_file_is_given_out(
    client: Client, late: Cast, word: str
) -> None:
    Summary.objects.update(
        resolved_late=F("resolved_late") + 1,
        pending_overdue=F("pending_overdue") + 1,
        received_direct=F("received_direct") + 1,
    )
    here, csv_of = (
        (reverse("report"), reverse("report_export", args=["csv"]))
        if word == "bieu"
        else (page(word), file(word, "csv"))
    )
    html = get(client, late.leader, here, ky=QUARTER).content.decode()
    assert "Số liệu này không khớp, chưa dùng để báo cáo được." in html
    assert "tep.csv" not in html
    assert "bao-cao.csv" not in html
    assert "Đã kiểm tra" not in html
    response = client.get(csv_of, {"ky": QUARTER})
    assert response.status_code == 409
    assert "Số liệu này không khớp" in response.content.decode()
