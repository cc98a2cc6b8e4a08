"""A signed table as a file: from the frozen figures, the same bytes whatever happens later."""

import io
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models, transaction
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import load_workbook

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Office
from reports.models import Closing, ClosingCell, SignedFile, SignedNames
from reports.sign_off.closing import CannotDraw
from reports.terms.periods import parse_period
from tests.admin_pages import change
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


def test_closing_papers_files_are_the_same_bytes_after_a_year_of_further_acts(signed: Cast) -> None:
    with time_machine.travel(vn("2016-07-05T10:00"), tick=False):
        before = files(signed)
    dossier = Dossier.objects.get()
    perform.resolve(dossier, by=signed.clerk, at=vn("2016-06-29T16:00"), outcome="approved")
    for month in range(7, 13):
        signed.received(f"2016-{month:02}-04T09:00")
    signed.received("2016-05-04T09:00", procedure=signed.building)
    with time_machine.travel(vn("2017-07-05T09:00"), tick=False):
        assert files(signed) == before


def test_closing_papers_file_says_who_signed_when_and_under_which_digest(signed: Cast) -> None:
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


def test_closing_papers_unknown_format_or_version_is_not_found(signed: Cast) -> None:
    client = logged_in(signed.leader)
    base = page_of(signed.district, "2016-6M")
    assert client.get(f"{base}lan-1/so-lieu.docx").status_code == 404
    assert client.get(f"{base}lan-2/so-lieu.csv").status_code == 404


# Stored with the signature


def renamed(cast: Cast) -> None:
    cast.district.name, cast.district.place = "Huyện Tên Mới", "Tên Mới"
    cast.district.save()


def without_stored_files() -> None:
    """As a release left it that stored no files."""
    for table in ("reports_signedfile", "reports_signednames"):
        unlocked(table)
    models.QuerySet(SignedFile).delete()
    models.QuerySet(SignedNames).delete()


def admin_rename(cast: Cast, **changed: str) -> HttpResponse:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])
    return change(logged_in(cast.administrator), address, **changed)


def test_renaming_an_office_leaves_the_signed_files_as_they_were(signed: Cast) -> None:
    before = files(signed)
    renamed(signed)
    assert files(signed) == before
    closing = Closing.objects.get()
    assert closing.is_intact
    assert (closing.names.office_name, closing.names.made_later) == ("Huyện Thới Bình", False)
    page = logged_in(signed.leader).get(page_of(signed.district, "2016-6M")).content.decode()
    assert "Tên đơn vị trên số liệu đã ký: Huyện Thới Bình." in page


def test_closing_papers_stored_files_and_names_refuse_to_be_changed(signed: Cast) -> None:
    for model, field in ((SignedFile, "format"), (SignedNames, "office_name")):
        with pytest.raises(TypeError):
            model.objects.first().save()
        for act in (
            lambda model=model, field=field: models.QuerySet(model).update(**{field: "x"}),
            lambda model=model: models.QuerySet(model).delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()


def test_closing_papers_stored_file_changed_behind_the_program_is_not_given_out(
    signed: Cast,
) -> None:
    unlocked("reports_signedfile")
    models.QuerySet(SignedFile).filter(format="csv").update(content=b"1")
    base = page_of(signed.district, "2016-6M")
    answer = logged_in(signed.leader).get(base + "lan-1/so-lieu.csv")
    assert answer.status_code == 409
    assert "Tệp lưu trong máy không còn khớp" in answer.content.decode()


def test_closing_papers_signing_whose_files_cannot_be_drawn_signs_nothing(
    cast: Cast, settings: Any
) -> None:
    cast.received("2016-06-28T09:00")
    template = dict(settings.TEMPLATES[0], DIRS=[])
    with time_machine.travel(vn("2016-07-05T09:30"), tick=False):
        settings.TEMPLATES = [template]
        with pytest.raises(CannotDraw):
            sign(cast.district, cast.leader, HALF)
    assert not Closing.objects.exists()
    assert not SignedFile.objects.exists()


def test_closing_papers_files_of_earlier_signings_are_stored_once_and_marked(signed: Cast) -> None:
    before = files(signed)
    without_stored_files()
    told = io.StringIO()
    for _ in range(2):
        call_command("store_signed_files", stdout=told)
    assert told.getvalue() == "Đã lưu tệp của 1 kỳ đã ký từ trước.\n"
    assert Closing.objects.get().names.made_later
    renamed(signed)
    assert files(signed) == before
    page = logged_in(signed.leader).get(page_of(signed.district, "2016-6M")).content.decode()
    assert "khi nâng cấp chương trình, từ số liệu đã ký" in page


def test_figures_changed_behind_the_program_get_no_files_and_are_named(signed: Cast) -> None:
    without_stored_files()
    unlocked("reports_closingcell")
    models.QuerySet(ClosingCell).filter(column="resolved_early").update(value=9)
    with pytest.raises(CommandError, match="Huyện Thới Bình"):
        call_command("store_signed_files")
    assert not SignedFile.objects.exists()


def test_office_is_not_renamed_before_the_files_of_earlier_signings_are_stored(
    signed: Cast,
) -> None:
    without_stored_files()
    refused = admin_rename(signed, name="Xã Tên Mới").content.decode()
    assert "store_signed_files" in refused
    assert Office.objects.get(pk=signed.tan_loc.pk).name == "Xã Tân Lộc"
    call_command("store_signed_files", stdout=io.StringIO())
    admin_rename(signed, name="Xã Tên Mới")
    assert Office.objects.get(pk=signed.tan_loc.pk).name == "Xã Tên Mới"
