"""A signed table as a file: from the frozen figures, the same bytes whatever happens later."""

import io

import pytest
import time_machine
from django.db import models
from openpyxl import load_workbook

from dossiers import lifecycle
from dossiers.models import Dossier
from reports.models import ClosingCell
from reports.periods import parse_period
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in
from tests.reports.test_closing import page_of, sign, unlocked
from tests.reports.test_opening import totals

HALF = parse_period("2016-6M")
FORMATS = ("csv", "xlsx", "pdf")


@pytest.fixture
def signed(cast: Cast) -> Cast:
    """The half year of the district, signed with opening figures and a dossier inside."""
    totals(cast)
    cast.received("2016-06-28T09:00")
    with time_machine.travel(vn("2016-07-05T09:30"), tick=False):
        sign(cast.district, cast.leader, HALF, note="Đã đối chiếu")
    return cast


def files(cast: Cast) -> dict[str, bytes]:
    client = logged_in(cast.leader)
    base = page_of(cast.district, "2016-6M")
    found = {format: client.get(f"{base}lan-1/so-lieu.{format}") for format in FORMATS}
    assert {answer.status_code for answer in found.values()} == {200}
    return {format: answer.content for format, answer in found.items()}


def test_the_files_are_the_same_bytes_after_a_year_of_further_acts(signed: Cast) -> None:
    with time_machine.travel(vn("2016-07-05T10:00"), tick=False):
        before = files(signed)
    dossier = Dossier.objects.get()
    lifecycle.resolve(dossier, by=signed.clerk, at=vn("2016-06-29T16:00"), outcome="approved")
    for month in range(7, 13):
        signed.received(f"2016-{month:02}-04T09:00")
    signed.received("2016-05-04T09:00", procedure=signed.building)
    with time_machine.travel(vn("2017-07-05T09:00"), tick=False):
        assert files(signed) == before


def test_a_file_says_who_signed_when_and_under_which_digest(signed: Cast) -> None:
    made = files(signed)
    text = made["csv"].decode()
    assert "SỐ LIỆU ĐÃ KÝ CHỐT (lần 1): Phạm Hoàng Khởi, ký lúc 09:30 ngày 05/07/2016" in text
    assert "Chuỗi kiểm tra SHA-256: " in text
    assert "Ghi chú của người ký: Đã đối chiếu" in text
    assert "Trong đó số đầu kỳ nhập tay" in text
    sheet = load_workbook(io.BytesIO(made["xlsx"])).worksheets[0]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("SỐ LIỆU ĐÃ KÝ CHỐT" in words for words in said)
    assert "Phạm Hoàng Khởi" in said
    assert made["pdf"].startswith(b"%PDF")


def test_figures_changed_behind_the_program_are_not_given_out(signed: Cast) -> None:
    unlocked("reports_closingcell")
    models.QuerySet(ClosingCell).filter(column="resolved_early").update(value=9)
    client = logged_in(signed.leader)
    answer = client.get(page_of(signed.district, "2016-6M") + "lan-1/so-lieu.csv")
    assert answer.status_code == 409
    assert "không còn khớp với chuỗi kiểm tra" in answer.content.decode()


def test_an_unknown_format_or_version_is_not_found(signed: Cast) -> None:
    client = logged_in(signed.leader)
    base = page_of(signed.district, "2016-6M")
    assert client.get(f"{base}lan-1/so-lieu.docx").status_code == 404
    assert client.get(f"{base}lan-2/so-lieu.csv").status_code == 404
