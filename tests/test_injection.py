"""What people type stays text: in tables, on pages and on paper."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from dossiers.lifecycle import perform
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Dossier, LateCause
from motcua.printing.pdf import STATIC, ForbiddenAddress, print_html
from motcua.text import no_formula
from tests.cast import Cast, vn

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"]
MARKUP = "<script>alert(1)</script><b>Ân</b>"
FOREIGN = (
    "<img src='file:///etc/hostname'><img src='http://127.0.0.1:9/a'>"
    "<style>@import 'http://127.0.0.1:9/'</style><a rel=attachment href='file:///etc/passwd'>x</a>"
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", FORMULAS)
def test_injection_formula_is_made_text_and_plain_text_is_left(text: str) -> None:
    assert no_formula(text) == "'" + text
    assert no_formula("Nguyễn Văn Ân = A") == "Nguyễn Văn Ân = A"


@pytest.fixture
def formula(cast: Cast) -> Dossier:
    """The name of an applicant is what a spreadsheet would run."""
    return cast.received(
        "2016-02-04T09:00",
        applicant_name='=HYPERLINK("http://127.0.0.1","Ân")',
        address="@SUM(A1)",
        phone="+84913555777",
    )


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    "address",
    ["/ho-so/danh-sach.csv", "/bao-cao/ho-so/?ky=2016-Q1&cot=received_direct&dang=csv"],
)
def test_injection_no_csv_begins_a_cell_with_a_formula(
    cast: Cast, client: Client, formula: Dossier, address: str
) -> None:
    client.force_login(cast.clerk)
    answer = client.get(address)
    lines = rows(b"".join(answer.streaming_content).decode())
    cells = [cell for line in lines for cell in line]
    assert "'" + formula.applicant_name in cells
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


OWN_SUM = re.compile(r"=(SUM\([A-Z]+\d+:[A-Z]+\d+\)|[A-Z]+\d+(\+[A-Z]+\d+)*)")


def test_injection_no_workbook_holds_a_formula_but_our_sums_or_a_link(
    cast: Cast, client: Client, formula: Dossier
) -> None:
    client.force_login(cast.clerk)
    for address in ("/so-theo-doi/so-theo-doi.xlsx?nam=2016", "/bao-cao/bao-cao.xlsx?ky=2016-Q1"):
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        formulas = [
            cell.value
            for sheet in load_workbook(io.BytesIO(body))
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        assert not [words for words in formulas if not OWN_SUM.fullmatch(words)]
        inside = zipfile.ZipFile(io.BytesIO(body))
        assert not [n for n in inside.namelist() if "externalLink" in n or "hyperlink" in n.lower()]
    assert formula.applicant_name in str(
        [c.value for row in load_workbook(io.BytesIO(register(client))).active for c in row]
    )


def register(client: Client) -> bytes:
    return b"".join(client.get("/so-theo-doi/so-theo-doi.xlsx?nam=2016").streaming_content)


@pytest.fixture
def marked_up(cast: Cast) -> Dossier:
    """Every field that a person types holds markup that would run or fetch."""
    load_causes()
    return cast.received(
        "2016-02-04T09:00",
        applicant_name=MARKUP,
        applicant_id="<b>1</b>",
        phone="<b>1</b>",
        email="<b>@1",
        address=FOREIGN,
        submitter_name=MARKUP,
        submitter_address=FOREIGN,
        authority_paper=FOREIGN,
        subject=FOREIGN,
        return_address=FOREIGN,
        note=FOREIGN,
    )


def test_injection_markup_in_a_name_is_shown_as_it_was_typed(
    cast: Cast, client: Client, marked_up: Dossier
) -> None:
    client.force_login(cast.clerk)
    for address in (
        "/ban-lam-viec/",
        "/ho-so/",
        f"/ho-so/{marked_up.code}/",
        f"/ho-so/{marked_up.code}/viec/correct/",
        "/so-theo-doi/?nam=2016",
        "/bao-cao/ho-so/?ky=2016-Q1&cot=received_direct",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "<b>Ân" not in page, address
        assert "&lt;script&gt;alert(1)" in page, address


def test_injection_markup_on_paper_is_printed_and_fetches_nothing(
    cast: Cast, client: Client, marked_up: Dossier
) -> None:
    """The slip, the letters and the register: whatever an applicant typed is ink, no address is
    opened (`stay_on_this_machine` and the engine's own fetcher would fail the print)."""
    client.force_login(cast.clerk)
    later = vn("2016-03-01T09:00")
    perform.apologise(
        marked_up,
        by=cast.clerk,
        at=later,
        cause=LateCause.objects.order_by("pk").first(),
        reason=FOREIGN,
        new_due_at=vn("2016-03-10T17:00"),
        signer=MARKUP,
    )
    perform.stop(marked_up, by=cast.clerk, at=later, reason=FOREIGN)
    own = f"/ho-so/{marked_up.code}"
    for address in (
        f"{own}/phieu-hen.pdf",
        f"{own}/phieu-kiem-soat.pdf",
        f"{own}/phieu-xin-loi-1.pdf",
        f"{own}/thong-bao-dung.pdf",
        "/so-theo-doi/so-theo-doi.pdf?nam=2016",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        reader = PdfReader(io.BytesIO(body))
        words = "".join("".join(page.extract_text() for page in reader.pages).split())
        assert "<script>alert(1)" in words, address
        assert not reader.attachments, address


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/a.png",
        "https://example.vn/a.png",
        "ftp://127.0.0.1/a.png",
        f"{(STATIC / '..' / 'pyproject.toml').as_uri()}",
        "//example.vn/a.png",
    ],
)
def test_injection_pdf_engine_opens_nothing_but_its_own_files(address: str) -> None:
    """Should markup ever reach the engine unescaped, it still cannot read this machine."""
    with pytest.raises(ForbiddenAddress):
        print_html(f"<html lang='vi'><title>x</title><img src='{address}' alt=''>")


def test_report_on_paper_shows_the_name_of_an_office_as_text(cast: Cast, client: Client) -> None:
    cast.district.name = f"Huyện {MARKUP}"
    cast.district.save()
    cast.received()
    client.force_login(cast.clerk)
    answer = client.get("/bao-cao/bao-cao.pdf?ky=2016-Q1")
    words = "".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert "<script>alert(1)" in words


def test_injection_file_that_is_uploaded_is_read_and_never_served(
    cast: Cast, client: Client
) -> None:
    """A register with markup in it: what the page says of it is text."""
    client.force_login(cast.leader)
    upload = io.BytesIO(f"ma_ho_so,ten\n{MARKUP},{MARKUP}\n".encode())
    upload.name = f"so{MARKUP}.csv".replace("/", "")
    answer = client.post("/so-theo-doi/nhap-so-cu/", {"file": upload}, follow=True)
    assert "<script>alert" not in answer.content.decode()
    assert not list(Path(STATIC).rglob("so*script*"))
