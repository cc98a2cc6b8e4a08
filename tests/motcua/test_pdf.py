"""The PDF engine: what is on the paper is what was written, and nothing foreign gets in."""

import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image
from pypdf import PdfReader

from motcua.printing import barcodes, pdf

# Whether it is a desk to practise at stands in the database, and on every paper.
pytestmark = pytest.mark.django_db

CODE = "H12.TAM.32.086-160929-0001"
ADDRESS = f"https://motcua.example.vn/tra-cuu/?ma={CODE}"
LETTERS = (
    "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ "
    "AÀẢÃÁẠ ĂẰẲẴẮẶ ÂẦẨẪẤẬ EÈẺẼÉẸ ÊỀỂỄẾỆ IÌỈĨÍỊ OÒỎÕÓỌ ÔỒỔỖỐỘ ƠỜỞỠỚỢ UÙỦŨÚỤ ƯỪỬỮỨỰ YỲỶỸÝỴ Đ ₫"
)

SLIP = """
{% extends "paper/base.html" %}
{% block title %}Giấy hẹn thử{% endblock %}
{% block body_class %}a5{% endblock %}
{% block content %}
  {% include "paper/_heads.html" with superior="UBND XÃ TÂN LỘC" number="Số: 1" place="Tân Lộc" %}
  <h1>Giấy hẹn thử</h1>
  <p>{{ text }}</p><p><b>{{ text }}</b></p><p><i>{{ text }}</i></p>
  <div class="scan">
    <div class="qr">{{ qr }}</div>
    <div><div class="barcode">{{ bar }}</div></div>
  </div>
{% endblock %}
"""


@pytest.fixture
def slip_template(tmp_path, settings):
    (tmp_path / "slip.html").write_text(SLIP, encoding="utf-8")
    engine = dict(settings.TEMPLATES[0])
    engine["DIRS"] = [*engine["DIRS"], tmp_path]
    settings.TEMPLATES = [engine]
    return "slip.html"


def context(**changes):
    return {
        "text": LETTERS,
        "dated": date(2016, 9, 29),
        "printed_at": datetime(2016, 9, 29, 2, 12, tzinfo=UTC),
        "qr": barcodes.qr_svg(ADDRESS),
        "bar": barcodes.code128_svg(CODE),
        **changes,
    }


def text_of(document: bytes) -> str:
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True
    )
    return run.stdout.decode()


def page_of(html: str) -> str:
    return f"<html lang='vi'><title>Thử</title><body>{html}</body></html>"


def test_pdf_every_vietnamese_letter_is_on_the_paper_in_every_face(slip_template):
    words = text_of(pdf.render_pdf(slip_template, context())).split()
    for syllables in LETTERS.split():
        assert words.count(syllables) == 3


def test_pdf_heads_name_the_office_the_country_and_the_day(slip_template):
    words = text_of(pdf.render_pdf(slip_template, context()))
    assert "UBND XÃ TÂN LỘC" in words
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "Tân Lộc, ngày 29 tháng 9 năm 2016" in words


def test_paper_is_a5_tagged_titled_and_speaks_vietnamese(slip_template, tmp_path):
    target = tmp_path / "slip.pdf"
    target.write_bytes(pdf.render_pdf(slip_template, context()))
    paper = PdfReader(target)
    assert paper.trailer["/Root"]["/Lang"] == "vi"
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in paper.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert paper.metadata.title == "Giấy hẹn thử"
    width, height = paper.pages[0].mediabox[2:]
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (148, 210)


def test_pdf_only_the_fonts_that_the_project_ships_are_used(slip_template, tmp_path):
    target = tmp_path / "slip.pdf"
    target.write_bytes(pdf.render_pdf(slip_template, context()))
    run = subprocess.run(["pdffonts", target], capture_output=True, check=True, text=True)
    faces = {line.split()[0].partition("+")[2] for line in run.stdout.splitlines()[2:]}
    assert faces == {"Desk-Serif", "Desk-Serif-Bold", "Desk-Serif-Italic"}


def test_pdf_same_page_gives_the_same_bytes(slip_template):
    assert pdf.render_pdf(slip_template, context()) == pdf.render_pdf(slip_template, context())


def test_pdf_markup_in_what_a_citizen_wrote_stays_text(slip_template):
    wicked = '<img src="http://example.com/x.png"><h1>Giả</h1>'
    document = pdf.render_pdf(slip_template, context(text=wicked))
    assert wicked in text_of(document)


def test_pdf_pages_are_counted(slip_template):
    assert pdf.render_document(slip_template, context()).pages == 1
    assert pdf.render_document(slip_template, context(text=LETTERS * 20)).pages > 1


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/x.png",
        "https://example.com/x.png",
        "file:///etc/passwd",
        "file://example.com/etc/passwd",
        "../manage.py",
        "data:image/png;base64,iVBORw0KGgo=",
        "ftp://example.com/x.png",
    ],
)
def test_pdf_page_that_asks_for_anything_foreign_is_not_printed(address):
    with pytest.raises(pdf.ForbiddenAddress):
        pdf.print_html(page_of(f'<img alt="" src="{address}">'))


def test_pdf_foreign_style_sheet_stops_the_print_too():
    with pytest.raises(pdf.ForbiddenAddress):
        pdf.print_html(page_of("<style>@import url('file:///etc/hostname');</style>"))


def test_pdf_queue_works_on_after_a_refusal():
    with pytest.raises(pdf.ForbiddenAddress):
        pdf.print_html(page_of('<img alt="" src="file:///etc/passwd">'))
    assert "còn in được" in text_of(pdf.print_html(page_of("<p>còn in được</p>")).pdf)


ONE_LINE = "<html lang='vi'><title>Thử</title><body class='a4'><p>Niêm yết</p></body></html>"


def test_pdf_full_queue_turns_away_at_once_and_takes_again_when_one_is_out():
    with ExitStack() as room:
        for _ in range(pdf.MOST_PRINTING):
            room.enter_context(pdf._places)
        with pytest.raises(pdf.PrintingBusy):
            pdf.print_html(ONE_LINE)
    assert pdf.print_html(ONE_LINE).pages == 1
    with pytest.raises(pdf.ForbiddenAddress):
        pdf.print_html(ONE_LINE.replace("Niêm", '<img alt="" src="file:///etc/passwd">'))
    for _ in range(pdf.MOST_PRINTING):
        assert pdf.print_html(ONE_LINE).pages == 1


def test_waiting_papers_leave_a_thread_of_each_process_for_pages():
    served = runpy.run_path(str(Path(settings.BASE_DIR) / "gunicorn.conf.py"))
    assert served["threads"] > pdf.MOST_PRINTING


def test_paper_drawn_apart_is_the_same_and_keeps_no_slip_waiting():
    with pdf._lock:  # somebody prints
        apart = pdf.print_apart(ONE_LINE, stylesheet="board.css")
    assert apart == pdf.print_html(ONE_LINE, stylesheet="board.css").pdf


def test_pdf_apart_one_paper_is_drawn_and_the_next_is_told_later():
    with pdf._apart, pytest.raises(pdf.PrintingBusy):
        pdf.print_apart(ONE_LINE, stylesheet="board.css")
    with pytest.raises(subprocess.CalledProcessError):
        pdf.print_apart(ONE_LINE, stylesheet="khong-co.css")
    assert pdf.print_apart(ONE_LINE, stylesheet="board.css").startswith(b"%PDF")


def test_paper_whose_drawing_was_killed_is_told_later():
    def kill() -> None:
        deadline = time.monotonic() + 30
        while not (drawing := children() - others):
            assert time.monotonic() < deadline
        for pid in drawing:
            os.kill(pid, signal.SIGKILL)

    def children() -> set[int]:
        lists = Path("/proc/self/task").glob("*/children")
        return {int(each) for tasks in lists for each in tasks.read_text().split()}

    others = children()  # what an earlier test left behind is not the drawing
    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(pdf.PrintingBusy):
        pdf.print_apart(ONE_LINE, stylesheet="board.css")
    killer.join()


def test_pdf_file_of_the_project_may_be_opened_and_nothing_beside_it():
    static = Path(settings.BASE_DIR) / "static"
    assert pdf.own_file((static / "css/paper.css").as_uri()) == static / "css/paper.css"
    assert pdf.own_file(static.as_uri() + "/css/../../manage.py") is None
    assert pdf.own_file(static.as_uri() + "/css/%2e%2e/%2e%2e/manage.py") is None
    assert pdf.own_file(static.as_uri() + "/css/khong-co.css") is None


def run_python(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=True,
    )


def test_pdf_engine_is_not_imported_before_it_is_needed():
    run = run_python("import sys, motcua.printing.pdf; print('weasyprint' in sys.modules)")
    assert run.stdout.strip() == "False"


WORKER_ENDS = """
import os, sys
from motcua.printing import pdf
pdf.warm_up()
folder = pdf._fonts()._folder
worker = os.fork()
if not worker:
    pdf.print_html("<html lang='vi'><title>Thử</title><p>máy con</p>")
    sys.exit()
os.waitpid(worker, 0)
print(len(list(folder.iterdir())), folder)
"""


def test_pdf_worker_that_ends_leaves_the_fonts_to_the_others_and_the_server_cleans_up():
    run = run_python(WORKER_ENDS)
    faces, folder = run.stdout.split()
    assert faces == "8"
    assert not Path(folder).exists()
    assert run.stderr == ""


def test_pdf_both_codes_are_read_back_from_the_printed_page(slip_template, tmp_path):
    target = tmp_path / "slip.pdf"
    target.write_bytes(pdf.render_pdf(slip_template, context()))
    picture = tmp_path / "slip"
    subprocess.run(
        ["pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", target, picture], check=True
    )
    found = zxingcpp.read_barcodes(Image.open(picture.with_suffix(".png")))
    assert sorted(code.text for code in found) == [CODE, ADDRESS]


def test_pdf_barcode_is_one_path_with_white_on_both_sides():
    drawing = barcodes.code128_svg(CODE)
    assert drawing.count("<path") == 1
    assert 'd="M10 0' in drawing
    assert f"<title>Mã vạch: {CODE}</title>" in drawing


@pytest.mark.parametrize("text", ["", "Đ123"])
def test_pdf_barcode_refuses_what_it_cannot_hold(text):
    with pytest.raises(ValueError, match="Code 128"):
        barcodes.code128_svg(text)


def test_pdf_text_in_a_code_cannot_become_markup():
    assert "<script>" not in barcodes.code128_svg("<script>")
    assert "<script>" not in barcodes.qr_svg("<script>")
