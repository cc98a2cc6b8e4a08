"""Reports of more than about three pages: made as a job, one at a time for a person."""

import io
import sys
from collections.abc import Iterator

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from pypdf import PdfReader

from dossiers.models import Event
from reports.models import RegisterExport, exports_folder
from reports.output import pdf
from reports.output.pdf import is_short
from reports.output.sheets import Sheet, SheetRow
from reports.terms.layouts import FULL
from reports.terms.periods import parse_period
from reports.terms.scopes import scope_of_office
from tests.cast import Cast, vn
from tests.reports.register.books import body, many, text_of

PROCEDURES = "/bao-cao/bao-cao.pdf?ky=2016&pham-vi=967&theo=thu-tuc"
LATE = "/bao-cao/tre-han/tep.pdf?ky=2016&pham-vi=967"


@pytest.fixture(autouse=True)
def _day(settings: object) -> Iterator[None]:
    settings.JOB_COMMAND = [sys.executable, "-c", "pass"]
    for path in exports_folder().iterdir():
        path.unlink()
    with time_machine.travel(vn("2016-12-01T09:00"), tick=False):
        yield


@pytest.fixture
def reader(cast: Cast, client: Client) -> Client:
    client.force_login(cast.leader)
    return client


@pytest.fixture
def long(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Two late dossiers where papers of no row may be drawn at once."""
    monkeypatch.setattr(pdf, "LONG_ROWS_AT_ONCE", 0)
    many(cast, 2)
    return cast


def sheet(cast: Cast, heading: str, rows: int) -> Sheet:
    row = SheetRow("k", "Tên", "1", ())
    scope, period = scope_of_office(cast.district), parse_period("2016")
    return Sheet(FULL, period, scope, heading, [row] * rows, None, (), "")


@pytest.mark.parametrize(
    ("heading", "most"), [("Thủ tục", 15), ("", 15), ("Lĩnh vực", 45), ("Đơn vị", 45)]
)
def test_long_papers_three_pages_are_reckoned_from_the_rows(
    cast: Cast, heading: str, most: int
) -> None:
    assert is_short(sheet(cast, heading, most))
    assert not is_short(sheet(cast, heading, most + 1))


def test_short_report_is_a_pdf_at_once(cast: Cast, reader: Client) -> None:
    many(cast, 2)

    for address in (PROCEDURES, LATE):
        assert reader.get(address).headers["Content-Type"] == "application/pdf"
    assert not RegisterExport.objects.exists()


@pytest.mark.parametrize(
    ("address", "what", "words"),
    [
        (PROCEDURES, "bao-cao", "Đăng ký biến động quyền sử dụng đất"),
        (LATE, "tre-han", "Danh sách hồ sơ giải quyết trễ hạn"),
    ],
)
def test_long_papers_long_report_is_asked_about_then_made_as_a_job_and_kept(
    long: Cast, reader: Client, address: str, what: str, words: str
) -> None:
    asked = text_of(reader.get(address).content.decode())
    assert "Bắt đầu làm bản in PDF" in asked
    assert not RegisterExport.objects.exists()

    place = reader.post(address).headers["Location"]
    export = RegisterExport.objects.get()
    assert (export.what, export.made_by) == (what, long.leader)
    assert reader.get(place).headers["Refresh"] == "3"
    call_command("print_register", str(export.pk))

    assert "Đã làm xong." in reader.get(place).content.decode()
    file = reader.get(f"{place}?tai=1")
    assert file.headers["Content-Disposition"].endswith(f'"{what}-{export.pk}.pdf"')
    pages = PdfReader(io.BytesIO(body(file))).pages
    assert words.lower() in text_of(" ".join(page.extract_text() for page in pages)).lower()
    reader.force_login(long.clerk)
    assert reader.get(f"{place}?tai=1").status_code == 404


def test_long_papers_second_job_shows_the_running_one_and_says_that_it_is_another(
    long: Cast, reader: Client
) -> None:
    first = reader.post(PROCEDURES).headers["Location"]

    again = reader.post(PROCEDURES, follow=True)
    other = reader.get(LATE, follow=True)

    assert again.redirect_chain[-1][0] == other.redirect_chain[-1][0] == first
    assert "Ông/bà đang có một bản khác" not in again.content.decode()
    assert "Ông/bà đang có một bản khác" in other.content.decode()
    assert RegisterExport.objects.count() == 1


def test_names_taken_out_by_a_job_are_recorded_when_it_is_made(long: Cast, reader: Client) -> None:
    reader.get(f"{LATE}&ten=co")
    reader.post(f"{LATE}&ten=co")
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()
    export = RegisterExport.objects.get()

    call_command("print_register", str(export.pk))

    read = Event.objects.filter(kind=Event.Kind.READ)
    assert {event.details["file"] for event in read} == {f"tre-han-{export.pk}.pdf"}
    assert {event.actor for event in read} == {long.leader}


def test_long_papers_job_prints_with_the_scope_that_its_maker_has_by_then(
    long: Cast, reader: Client
) -> None:
    reader.post(PROCEDURES)
    long.leader.office = long.bien_bach
    long.leader.save()
    export = RegisterExport.objects.get()

    with pytest.raises(Exception, match="Không có phạm vi này"):
        call_command("print_register", str(export.pk))

    export.refresh_from_db()
    assert export.state == "failed"
