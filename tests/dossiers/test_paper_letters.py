"""What people are called and write stays on the paper: long words, letters of other scripts, marks
that nobody sees."""

import re
import subprocess
from pathlib import Path

import pytest
import time_machine
from fontTools.ttLib import TTFont

from dossiers.lifecycle import perform
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import LateCause
from motcua.printing import pdf
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path
from tests.dossiers.printed import received

LONG_MAIL = (
    "nguyen.thi.huong.giang.phong.tai.nguyen.va.moi.truong.1234567890"
    "@donvihanhchinhsunghiepcongcap.thoibinh.camau.gov.vn"
)
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochxinchaocacbanthanmen" * 2
KHMER = "ស្រី ពៅ"
CHAM = "ꨆꨤꩀ"
DAYS = {"2015": "2016-03-01", "2018": "2022-03-01", "2025": "2026-03-02"}


def file_of(cast: Cast, address: str, folder: Path) -> Path:
    answer = logged_in(cast.clerk).get(address)
    assert answer.status_code == 200
    file = folder / "paper.pdf"
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    file.write_bytes(body)
    return file


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_paper_letters_long_words_break_instead_of_leaving_the_page(
    cast: Cast, tmp_path: Path, day: str
) -> None:
    with time_machine.travel(vn(f"{day[:8]}09T09:00"), tick=False):
        dossier = received(
            cast,
            f"{day}T09:05",
            applicant_name=f"Công ty {LONG_WORD}",
            email=LONG_MAIL,
            address=LONG_WORD,
        )
        words = {"items": LONG_WORD, "reason": LONG_WORD}
        perform.ask_supplement(dossier, by=cast.clerk, at=vn(f"{day}T10:00"), **words)
        perform.receive_supplement(
            dossier, by=cast.clerk, at=vn(f"{day}T11:00"), came=[LONG_WORD], others=[LONG_MAIL]
        )
        perform.apologise(
            dossier,
            by=cast.clerk,
            at=vn(f"{day[:8]}08T09:00"),
            cause=LateCause.objects.create(code="Z", name="Khác"),
            reason=LONG_WORD,
            new_due_at=vn(f"{day[:8]}30T17:00"),
            signer="Phạm Hoàng Khởi",
        )
        perform.stop(dossier, by=cast.clerk, reason=LONG_WORD)
        names = ["phieu-hen", "phieu-bo-sung-1", "phieu-hen-lai-1", "phieu-xin-loi-1"]
        names += ["thong-bao-dung", "phieu-kiem-soat", "phieu-hen.pdf?kho=a4"]
        for name in names:
            address = f"{path(dossier)}{name}" + ("" if ".pdf" in name else ".pdf")
            boxes = run("pdftotext", "-bbox", file_of(cast, address, tmp_path), "-")
            assert outside(boxes) == [], name


def outside(boxes: str) -> list[str]:
    """The words whose right end lies beyond the page, or nearer to its edge than a printer can."""
    found, width = [], 0.0
    for line in boxes.splitlines():
        if page := re.search(r'<page width="([0-9.]+)"', line):
            width = float(page[1])
        if word := re.search(r'xMax="([0-9.]+)" .*>(.*)</word>', line):
            found += [word[2]] if float(word[1]) > width - 15 else []
    return found


@pytest.mark.parametrize(
    ("name", "face"), [(KHMER, "Desk-Khmer"), (CHAM, "Desk-Cham")], ids=["khmer", "cham"]
)
def test_letters_that_the_face_lacks_print_from_a_shipped_one(
    cast: Cast, tmp_path: Path, name: str, face: str
) -> None:
    dossier = received(cast, "2016-03-01T09:05", applicant_name=name)
    file = file_of(cast, f"{path(dossier)}phieu-hen.pdf", tmp_path)
    faces = {line.split()[0].partition("+")[2] for line in run("pdffonts", file).splitlines()[2:]}
    assert face in {each.removesuffix("-Bold") for each in faces}
    assert {each.split("-")[0] for each in faces} == {"Desk"}
    # A run of letters takes its spaces from the same face, or prints boxes.
    for font in (pdf.STATIC / "fonts" / "noto").glob("*.ttf"):
        assert {ord(" "), ord("\u00a0")} <= TTFont(font).getBestCmap().keys()
    if name == CHAM:  # the order of Khmer letters is not that of their shapes
        assert name in run("pdftotext", file, "-")


def test_marks_of_direction_and_of_no_width_never_reach_paper(cast: Cast, tmp_path: Path) -> None:
    name = "\u202eNguyễn\u200b Văn\u2066 \ufeffÂn\u00ad\u200d"
    dossier = received(cast, "2016-03-01T09:05", applicant_name="x")
    type(dossier).objects.filter(pk=dossier.pk).update(applicant_name=name)
    words = run("pdftotext", file_of(cast, f"{path(dossier)}phieu-hen.pdf", tmp_path), "-")
    assert "Nguyễn Văn Ân" in words
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]", words)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Tờ khai (01 bản)", "Tờ khai (01 bản chính)"),
        ("Tờ khai (1 bản chính, 1 bản sao)", "Tờ khai (01 bản chính)"),
        ("Tờ khai (02 bộ)", "Tờ khai (01 bản chính)"),
        ("Tờ khai (01 bản) (1 bản chính)", "Tờ khai (01 bản chính)"),
        ("Tờ khai (bản gốc)", "Tờ khai (bản gốc) (01 bản chính)"),
        ("Tờ khai (mẫu 01)", "Tờ khai (mẫu 01) (01 bản chính)"),
    ],
)
def test_paper_letters_how_many_copies_is_said_once(
    cast: Cast, tmp_path: Path, asked: str, said: str
) -> None:
    dossier = cast.received("2016-03-01T09:05", papers=(Paper(asked),))
    words = run("pdftotext", file_of(cast, f"{path(dossier)}phieu-hen.pdf", tmp_path), "-")
    assert said in words.replace("\u00a0", " ")
    page = " ".join(logged_in(cast.clerk).get(path(dossier)).content.decode().split())
    name = said.removesuffix(" (01 bản chính)")
    assert f'<li>{name} <span class="muted">(1 bản chính)</span></li>' in page
