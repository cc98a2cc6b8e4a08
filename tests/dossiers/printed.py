"""Papers as PDF, read back as a person or a machine reads them."""

import io
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import zxingcpp
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Dossier
from procedures.models import RequiredPaper
from tests.cast import Cast

APPLICANT = {
    "applicant_name": "Nguyễn Văn Ân",
    "applicant_id": "096012345678",
    "phone": "0900000001",
    "email": "an@example.vn",
    "address": "Ấp 5, xã Tân Lộc, huyện Thới Bình",
}
SUBMITTER = {
    "submitter_name": "Huỳnh Thị Kim Phượng",
    "submitter_id": "096087654321",
    "submitter_phone": "0900000002",
    "submitter_address": "Ấp Tràm Thẻ, xã Biển Bạch Đông",
    "authority_paper": "Giấy ủy quyền số 12 ngày 01/10/2025",
}


def received(cast: Cast, at: str, **fields: Any) -> Dossier:
    required = RequiredPaper.objects.filter(version__procedure=cast.land)
    papers = [Paper(paper.name, paper.kind, paper.copies, paper) for paper in required]
    papers.append(Paper("Sơ đồ thửa đất", "copy", 2))
    return cast.received(at, papers=tuple(papers), **(APPLICANT | fields))


def printed(
    client: Client, address: str, folder: Path, *, page: int | None = None, rows: bool = False
) -> str:
    """The words on the paper in their order, a table's row by row if asked; of one page or all."""
    return _words(client.post(address, {"token": uuid4()}), folder, page=page, rows=rows)


def looked_at(client: Client, address: str, folder: Path) -> str:
    """The words on a paper that is looked at, its tables row by row."""
    return _words(client.get(address), folder, rows=True)


def _words(
    response: HttpResponse, folder: Path, *, page: int | None = None, rows: bool = False
) -> str:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    file = folder / "paper.pdf"
    file.write_bytes(response.content)
    only = ["-f", str(page), "-l", str(page)] if page else []
    only += ["-layout"] if rows else []
    words = subprocess.run(
        ["pdftotext", *only, str(file), "-"], check=True, capture_output=True, text=True
    )
    return " ".join(words.stdout.split())


def words_of(pdf: bytes) -> str:
    """The words of a document in their order."""
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def assert_in_order(words: str, parts: list[str]) -> None:
    place = 0
    for part in parts:
        found = words.find(part, place)
        assert found >= 0, f"{part!r} does not follow in: {words[place:]}"
        place = found + len(part)


def slip_of(dossier: Dossier, size: str = "") -> str:
    return f"/ho-so/{dossier.code}/phieu-hen.pdf{size}"


def read_codes(pdf: bytes) -> set[str]:
    """What a telephone and a barcode reader see on the first page, printed at 200 dpi."""
    shot = subprocess.run(
        ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", "-"],
        input=pdf,
        check=True,
        capture_output=True,
    )
    return {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(shot.stdout)))}
