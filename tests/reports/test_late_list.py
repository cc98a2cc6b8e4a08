"""The list of late dossiers: how late, where each lay when it became late, why, whether the citizen
has an apology; and that names are taken out only recorded."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from dossiers.desk.later_entries import COLUMN
from dossiers.desk.timeline import access_words
from dossiers.lifecycle import perform
from dossiers.models import Event
from tests.cast import Cast, vn
from tests.dossiers.printed import printed
from tests.reports.further_pages import QUARTER, file, get, page
from tests.reports.read_back import csv_rows


def rows_of(client: Client, cast: Cast, **query: str) -> list[dict[str, str]]:
    response = get(client, cast.leader, file("tre-han", "csv"), ky=QUARTER, **query)
    heading, *lines = csv_rows(response.content.decode())
    return [dict(zip(heading, line, strict=True)) for line in lines]


def test_late_list_list_says_how_late_where_why_and_whether_sorry(
    client: Client, late: Cast
) -> None:
    rows = rows_of(client, late)
    said = [{heading.partition(" (")[0]: words for heading, words in row.items()} for row in rows]
    assert [row["Thủ tục"] for row in said] == [
        "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        "Đăng ký lại khai sinh",
        "Đăng ký biến động quyền sử dụng đất",
    ]
    building, birth, land = said
    assert (land["Hẹn trả"], land["Xét đến ngày"]) == ("18/01/2016", "25/01/2016")
    assert (land["Số ngày trễ: ngày làm việc"], land["Số ngày trễ: ngày theo lịch"]) == ("5", "7")
    assert land["Khi bắt đầu trễ: hồ sơ đang ở"] == "Chi nhánh Văn phòng Đăng ký đất đai huyện"
    assert land["Nguyên nhân"] == "B1. Thiếu cán bộ, công chức hoặc vắng người phụ trách"
    assert (land["Xin lỗi"], land["Tình hình"]) == ("đã xin lỗi 15/01/2016", "đã giải quyết")
    assert building["Khi bắt đầu trễ: hồ sơ đang ở"] == (
        "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình"
    )
    assert (building["Nguyên nhân"], building["Xin lỗi"]) == (
        "chưa ghi nguyên nhân",
        "chưa xin lỗi",
    )
    # The apology of April is not in the list of the first quarter.
    assert (birth["Tình hình"], birth["Xin lỗi"]) == ("đang giải quyết", "chưa xin lỗi")
    assert (birth["Hẹn trả"], birth["Xét đến ngày"]) == ("08/03/2016", "31/03/2016")


def test_late_list_marks_acts_entered_later_in_every_file(
    client: Client, late: Cast, tmp_path: Path
) -> None:
    """The papers that came the day after they were asked for are typed years later."""
    dossier = late.received("2016-03-01T09:00")
    how = {"by": late.clerk, "late_reason": "Mất mạng"}
    asked = vn("2016-03-14T15:00")
    perform.ask_supplement(dossier, at=asked, items="Giấy", reason="Thiếu", **how)
    perform.receive_supplement(dossier, at=vn("2016-03-15T09:00"), **how)
    marked = {row["Mã hồ sơ (2)"]: row[f"{COLUMN} (15)"] for row in rows_of(client, late)}
    assert marked.pop(dossier.code) == "có"
    assert set(marked.values()) == {""}
    book = load_workbook(
        BytesIO(get(client, late.leader, file("tre-han", "xlsx"), ky=QUARTER).content)
    )
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row]
    assert (COLUMN in cells, cells.count("có")) == (True, 1)
    address = f"{file('tre-han', 'pdf')}?ky={QUARTER}"
    assert COLUMN in printed(client, address, tmp_path)
    html = get(client, late.leader, page("tre-han"), ky=QUARTER).content.decode()
    assert html.count("nhập muộn</span>") == 1


def test_late_list_list_of_the_resolved_and_of_the_overdue(client: Client, late: Cast) -> None:
    html = get(client, late.leader, page("tre-han"), ky=QUARTER).content.decode()
    for address, number in re.findall(r'<a href="([^"]+)">(\d) hồ sơ', html):
        assert client.get(unescape(address)).context["page"].paginator.count == int(number)
    assert "2 hồ sơ giải quyết trễ" in html
    assert "1 hồ sơ đang quá hạn khi hết kỳ" in html
    for kind, number in (("da-giai-quyet", 2), ("dang-giai-quyet", 1)):
        rows = rows_of(client, late, loai=kind)
        assert len(rows) == number
        assert len({row["Tình hình (7)"] for row in rows}) == 1
    text = get(client, late.leader, file("tre-han", "csv"), ky=QUARTER, loai="da-giai-quyet")
    assert "Chỉ liệt kê: đã giải quyết, trễ." in text.content.decode()


def test_late_list_step_of_the_procedure_is_named_where_the_dossier_lay(
    client: Client, cast: Cast
) -> None:
    version = cast.land.versions.get()
    step = version.steps.create(
        position=1,
        level="district",
        department=cast.land_division.name,
        task="Thẩm định",
        share_value=5,
        share_unit="working_day",
    )
    dossier = cast.received("2016-01-04T09:00")
    perform.forward(
        dossier, by=cast.clerk, at=vn("2016-01-05T08:00"), division=cast.land_division, step=step
    )
    # Back at the desk only after it had become late.
    perform.forward(dossier, by=cast.clerk, at=vn("2016-01-19T08:00"), office=cast.district)
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-01-20T09:00"), outcome="approved")
    (row,) = rows_of(client, cast)
    assert row["Khi bắt đầu trễ: bước (12)"] == "1. Thẩm định"
    assert row["Khi bắt đầu trễ: hồ sơ đang ở (11)"] == cast.land_division.name


def test_names_stand_in_the_list_only_where_asked_for(client: Client, late: Cast) -> None:
    plain = get(client, late.leader, page("tre-han"), ky=QUARTER).content.decode()
    assert "Trần Thị Bé" not in plain
    named = client.get(page("tre-han"), {"ky": QUARTER, "ten": "co"}).content.decode()
    assert "Trần Thị Bé" in named


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_late_list_with_names_that_is_taken_out_is_recorded(
    client: Client, late: Cast, format: str
) -> None:
    get(client, late.leader, file("tre-han", format), ky=QUARTER)
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()
    assert (
        get(client, late.leader, file("tre-han", format), ky=QUARTER, ten="co").status_code == 200
    )
    events = Event.objects.filter(kind=Event.Kind.READ, actor=late.leader)
    assert events.count() == 3
    assert access_words(events[0]) == (
        f"Tải danh sách có tên người nộp (tre-han-2016-Q1-tat-ca-co-ten.{format})"
    )


def test_late_list_long_list_is_not_printed_but_said(
    client: Client, late: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.further.MOST_ON_PAPER", 2)
    response = get(client, late.leader, file("tre-han", "pdf"), ky=QUARTER)
    assert response.status_code == 409
    assert "Danh sách có 3 dòng, bản in PDF chỉ làm được đến 2 dòng." in response.content.decode()
    assert client.get(file("tre-han", "xlsx"), {"ky": QUARTER}).status_code == 200
