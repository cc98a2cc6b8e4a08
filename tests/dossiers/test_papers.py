"""Forms 01, 02 and 03, read back from their PDF."""

import io
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
import zxingcpp
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from dossiers import lifecycle
from dossiers.deadlines import DayLine, Due
from dossiers.models import Dossier, Event
from dossiers.papers import LINES_ON_BACK, back_lines, in_words
from dossiers.receipt import Intake, Paper
from motcua import pdf as print_room
from procedures.models import RequiredPaper
from tests.cast import Cast, make_procedure, vn

APPLICANT = {
    "applicant_name": "Nguyễn Văn Ân",
    "applicant_id": "000012345678",
    "phone": "0900000001",
    "email": "an@example.vn",
    "address": "Ấp 5, xã Tân Lộc, huyện Thới Bình",
}
SUBMITTER = {
    "submitter_name": "Huỳnh Thị Kim Phượng",
    "submitter_id": "000087654321",
    "submitter_phone": "0900000002",
    "submitter_address": "Ấp Tràm Thẻ, xã Biển Bạch Đông",
    "authority_paper": "Giấy ủy quyền số 12 ngày 01/10/2025",
}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(vn("2026-01-05T09:00"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    cast.district.phone = "0290 3860 000"
    cast.district.save()
    client.force_login(cast.clerk)
    return client


def received(cast: Cast, at: str, **fields: Any) -> Dossier:
    required = RequiredPaper.objects.filter(version__procedure=cast.land)
    papers = [Paper(paper.name, paper.kind, paper.copies, paper) for paper in required]
    papers.append(Paper("Sơ đồ thửa đất", "copy", 2))
    return cast.received(at, papers=tuple(papers), **(APPLICANT | fields))


def printed(
    client: Client, address: str, folder: Path, *, page: int | None = None, rows: bool = False
) -> str:
    """The words on the paper in their order, a table's row by row if asked; of one page or all."""
    response = client.get(address)
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


def assert_in_order(words: str, parts: list[str]) -> None:
    place = 0
    for part in parts:
        found = words.find(part, place)
        assert found >= 0, f"{part!r} does not follow in: {words[place:]}"
        place = found + len(part)


def slip_of(dossier: Dossier, size: str = "") -> str:
    return f"/ho-so/{dossier.code}/phieu-hen.pdf{size}"


# Form 01, field by field


def test_the_slip_of_2025_has_every_field_in_order(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    words = printed(clerk, slip_of(dossier), tmp_path, page=1)
    assert_in_order(
        words,
        [
            "Số: 1/BPTNTKQ",
            "Thới Bình, ngày 06 tháng 10 năm 2025",
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            f"Mã hồ sơ: {dossier.code}",
            "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình",
            "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Nguyễn Văn Ân",
            "Số định danh cá nhân/tổ chức: 000012345678",
            "Địa chỉ: Ấp 5, xã Tân Lộc, huyện Thới Bình",
            "Số điện thoại: 0900000001",
            "Email: an@example.vn",
            "Nội dung yêu cầu giải quyết: Đăng ký biến động quyền sử dụng đất",
            "Thành phần hồ sơ nộp gồm:",
            "1. Đơn đăng ký biến động (01 bản chính)",
            "2. Giấy chứng nhận đã cấp (bản gốc) (01 bản chính)",
            "3. Sơ đồ thửa đất (02 bản sao)",
            "Số lượng hồ sơ: 1 (bộ)",
            "Thời gian giải quyết hồ sơ theo quy định là: 10 ngày làm việc",
            "Thời gian nhận hồ sơ: 09 giờ 05 phút, ngày 06 tháng 10 năm 2025",
            "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 20 tháng 10 năm 2025",
            "Đăng ký nhận kết quả tại: Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình",
            "Vào Sổ theo dõi hồ sơ, Quyển số 2025 Số thứ tự 1",
            "NGƯỜI NỘP HỒ SƠ",
            "NGƯỜI TIẾP NHẬN HỒ SƠ",
        ],
    )
    assert "Trần Thị Mận" in words
    assert "ủy quyền:" not in words


def test_the_slip_of_2025_names_who_stands_at_the_counter_and_who_sent_them(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05", **SUBMITTER)
    assert_in_order(
        printed(clerk, slip_of(dossier), tmp_path, page=1),
        [
            "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Huỳnh Thị Kim Phượng",
            "Số định danh cá nhân/tổ chức: 000087654321",
            "Người (tổ chức) ủy quyền: Nguyễn Văn Ân",
            "Địa chỉ: Ấp 5, xã Tân Lộc",
            "000012345678",
            "Giấy tờ ủy quyền: Giấy ủy quyền số 12 ngày 01/10/2025",
            "Nội dung yêu cầu giải quyết:",
        ],
    )


def test_a_commune_since_2025_receives_as_a_centre(
    client: Client, cast: Cast, tmp_path: Path
) -> None:
    client.force_login(cast.commune_clerk)
    dossier = cast.received(
        "2025-10-06T09:05", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    words = printed(client, slip_of(dossier), tmp_path, page=1)
    assert "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG" in words
    assert "Số: 1/TTPVHCC" in words


def test_the_slip_of_2018_has_its_own_numbers_and_no_identity_number(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2019-03-05T18:20", **SUBMITTER)
    words = printed(clerk, slip_of(dossier), tmp_path, page=1)
    assert_in_order(
        words,
        [
            "Số: 1/TNHS",
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            f"Mã hồ sơ: {dossier.code}",
            "Liên 2: Giao cho tổ chức, cá nhân",
            "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình",
            "Tiếp nhận hồ sơ của: Nguyễn Văn Ân",
            "Địa chỉ:",
            "Số điện thoại:",
            "Email:",
            "Nội dung yêu cầu giải quyết:",
            "1. Thành phần hồ sơ nộp gồm:",
            "2. Số lượng hồ sơ: 1 (bộ)",
            "3. Thời gian giải quyết hồ sơ theo quy định là: 10 ngày làm việc",
            "4. Thời gian nhận hồ sơ: 18 giờ 20 phút, ngày 05 tháng 3 năm 2019",
            "thời hạn tính từ: 07 giờ 00 phút, ngày 06 tháng 3 năm 2019",
            "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 20 tháng 3 năm 2019",
            "6. Đăng ký nhận kết quả tại:",
            "Vào Sổ theo dõi hồ sơ, Quyển số: 2019 Số thứ tự: 1",
            "NGƯỜI NỘP HỒ SƠ",
            "NGƯỜI TIẾP NHẬN HỒ SƠ",
        ],
    )
    assert "000012345678" not in words
    assert "ủy quyền số 12" not in words


def test_the_slip_of_2016_is_that_of_its_time(clerk: Client, cast: Cast, tmp_path: Path) -> None:
    dossier = received(cast, "2016-02-04T09:05", fee_vnd=15000)
    words = printed(clerk, slip_of(dossier), tmp_path, page=1)
    assert_in_order(
        words,
        [
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            f"Mã hồ sơ: {dossier.code}",
            "Liên 2: Giao cho công dân",
            "Họ và tên người nộp hồ sơ: Nguyễn Văn Ân",
            "Địa chỉ thường trú: Ấp 5",
            "Số điện thoại: 0900000001",
            "Lệ phí phải nộp (đồng): 15.000",
            "Về việc: Đăng ký biến động quyền sử dụng đất",
            "Hồ sơ gồm có:",
            "- Đơn đăng ký biến động (01 bản chính)",
            "Tài liệu khác: Sơ đồ thửa đất (02 bản sao)",
            "Ngày giờ tiếp nhận: 09 giờ 05 phút, ngày 04 tháng 02 năm 2016",
            "Ngày hẹn trả kết quả: 17 giờ 00 phút, ngày 25 tháng 02 năm 2016",
            "Số điện thoại của bộ phận “Một cửa”: 0290 3860 000",
            "NGƯỜI NỘP HỒ SƠ",
            "DUYỆT HỒ SƠ",
            "CÁN BỘ TIẾP NHẬN",
        ],
    )
    assert "BỘ PHẬN MỘT CỬA - TIẾP NHẬN HỒ SƠ VÀ TRẢ KẾT QUẢ" in words
    assert "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "000012345678" not in words


def test_the_back_of_the_slip_counts_every_day(clerk: Client, cast: Cast, tmp_path: Path) -> None:
    dossier = received(cast, "2016-02-04T09:05")
    words = printed(clerk, slip_of(dossier), tmp_path, page=2, rows=True)
    assert_in_order(
        words,
        [
            "thứ Năm 04/02/2016 không ngày tiếp nhận, không tính",
            "thứ Sáu 05/02/2016 tính ngày làm việc thứ 1",
            "thứ Hai 08/02/2016 không nghỉ: Tết Nguyên đán (mùng 1)",
            "thứ Năm 25/02/2016 tính ngày làm việc thứ 10",
        ],
    )


def test_a_long_count_is_told_in_runs_that_cover_every_day() -> None:
    start = datetime(2016, 3, 1, 9)
    days = []
    for number in range(60):
        day = start.replace(day=1).date().fromordinal(start.toordinal() + number)
        weekend = day.weekday() >= 5
        why = "cuối tuần" if weekend else f"ngày làm việc thứ {number + 1}"
        days.append(DayLine(day, not weekend, why))
    lines = back_lines(Due(start, start, start, tuple(days)))
    assert len(lines) <= LINES_ON_BACK < len(days)
    assert sum(line.days for line in lines) == 60
    assert lines[0].why == "ngày làm việc thứ 1 đến 4"
    assert (lines[1].days, lines[1].counted, lines[1].why) == (2, False, "cuối tuần")
    assert back_lines(None) == []


@pytest.mark.parametrize(
    ("at", "labels"),
    [
        ("2016-02-04T09:05", ["Liên 1: Lưu", "Liên 2: Giao cho công dân"]),
        ("2019-03-05T09:05", ["Liên 1: Lưu", "Liên 2: Giao cho tổ chức, cá nhân"]),
        ("2025-10-06T09:05", []),
    ],
)
def test_two_copies_stand_on_one_a4(
    clerk: Client, cast: Cast, tmp_path: Path, at: str, labels: list[str]
) -> None:
    dossier = received(cast, at)
    words = printed(clerk, slip_of(dossier, "?kho=a4"), tmp_path)
    assert words.count("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ") == 2
    assert [label for label in labels if label not in words] == []
    sheet = PdfReader(tmp_path / "paper.pdf")
    assert len(sheet.pages) == 1
    width, height = sheet.pages[0].mediabox.width, sheet.pages[0].mediabox.height
    assert (round(float(width)), round(float(height))) == (842, 595)


@pytest.mark.parametrize("at", ["2016-02-04T18:05", "2019-03-05T18:20", "2025-10-06T18:05"])
def test_six_long_papers_stay_on_the_front_of_one_a5(
    clerk: Client, cast: Cast, tmp_path: Path, at: str
) -> None:
    name = "Giấy tờ chứng minh quan hệ nhân thân với người đang sử dụng đất, có chứng thực"
    dossier = cast.received(
        at, papers=tuple(Paper(f"{name} {i}", "copy", 2) for i in range(6)), **APPLICANT
    )
    front = printed(clerk, slip_of(dossier), tmp_path, page=1)
    pages = PdfReader(tmp_path / "paper.pdf").pages
    assert len(pages) == 2
    assert (round(float(pages[0].mediabox.width)), round(float(pages[0].mediabox.height))) == (
        420,
        595,
    )
    assert "Trần Thị Mận" in front
    assert "Khi đến nhận kết quả" in front


def test_the_codes_are_there_for_machines_and_the_pdf_is_tagged(
    clerk: Client, cast: Cast, settings: Any
) -> None:
    settings.MOTCUA_BASE_URL = "https://motcua.example.vn"
    dossier = received(cast, "2025-10-06T09:05")
    response = clerk.get(slip_of(dossier))
    assert response["Content-Disposition"] == (f'inline; filename="phieu-hen-{dossier.code}.pdf"')
    root = PdfReader(io.BytesIO(response.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    codes = read_codes(response.content)
    assert codes == {
        dossier.code,
        f"https://motcua.example.vn/tra-cuu/?ma={dossier.code}",
    }


def read_codes(pdf: bytes) -> set[str]:
    """What a telephone and a barcode reader see on the first page, printed at 200 dpi."""
    shot = subprocess.run(
        ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", "-"],
        input=pdf,
        check=True,
        capture_output=True,
    )
    return {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(shot.stdout)))}


# Printing is recorded


def test_every_print_is_recorded_and_a_reprint_says_that_it_is_one(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    assert "BẢN IN LẠI" not in printed(clerk, slip_of(dossier), tmp_path)
    assert "BẢN IN LẠI LẦN 1" in printed(clerk, slip_of(dossier), tmp_path)
    assert "BẢN IN LẠI LẦN 2" in printed(clerk, slip_of(dossier, "?kho=a4"), tmp_path)
    prints = dossier.events.filter(kind=Event.Kind.PRINT).order_by("pk")
    assert [event.details for event in prints] == [
        {"paper": "slip", "copy": 1},
        {"paper": "slip", "copy": 2},
        {"paper": "slip", "copy": 3},
    ]
    assert {event.actor for event in prints} == {cast.clerk}


def test_the_slip_keeps_the_first_promise_whatever_comes_later(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    lifecycle.ask_supplement(
        dossier, by=cast.clerk, at=vn("2025-10-07T09:00"), items="Đơn", reason="Thiếu"
    )
    lifecycle.receive_supplement(dossier, by=cast.clerk, at=vn("2025-10-15T09:00"))
    assert dossier.due_on != vn("2025-10-20T17:00").date()
    words = printed(clerk, slip_of(dossier), tmp_path)
    assert "kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 20 tháng 10 năm 2025" in words


def test_a_corrected_receipt_prints_the_corrected_date(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    lifecycle.correct(
        dossier, by=cast.clerk, reason="Gõ nhầm ngày", received_at=vn("2025-10-03T09:05")
    )
    words = printed(clerk, slip_of(dossier), tmp_path)
    assert "nhận hồ sơ: 09 giờ 05 phút, ngày 03 tháng 10 năm 2025" in words
    assert "kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 17 tháng 10 năm 2025" in words


def test_what_a_citizen_is_called_cannot_become_markup(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05", applicant_name="<b>A</b> & <img src=x>")
    assert "<b>A</b> & <img src=x>" in printed(clerk, slip_of(dossier), tmp_path)


# Forms 02 and 03


@pytest.mark.parametrize(
    ("at", "title", "number"),
    [
        ("2016-02-04T09:05", "PHIẾU HƯỚNG DẪN HOÀN THIỆN HỒ SƠ", "Số: ........"),
        ("2019-03-05T09:05", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "/PBS"),
        ("2025-10-06T09:05", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "/PBS-BPTNTKQ"),
    ],
)
def test_form_02_says_what_to_bring_why_and_whom_to_ask(
    clerk: Client, cast: Cast, tmp_path: Path, at: str, title: str, number: str
) -> None:
    dossier = lifecycle.guide(
        Intake(office=cast.district, procedure=cast.land, **APPLICANT),
        by=cast.clerk,
        at=vn(at),
        items="Giấy chứng nhận đã cấp\nSơ đồ thửa đất",
        reason="Thiếu bản gốc",
        contact_name="Trần Thị Mận",
        contact_phone="0290 3860 000",
    )
    assert_in_order(
        printed(clerk, f"/ho-so/{dossier.code}/phieu-bo-sung-1.pdf", tmp_path),
        [
            number,
            title,
            "Hồ sơ của: Nguyễn Văn Ân",
            "Nội dung yêu cầu giải quyết: Đăng ký biến động quyền sử dụng đất",
            "Địa chỉ: Ấp 5",
            "Số điện thoại: 0900000001",
            "Email: an@example.vn",
            "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
            "1. Giấy chứng nhận đã cấp",
            "2. Sơ đồ thửa đất",
            "Lý do: Thiếu bản gốc",
            "liên hệ với Trần Thị Mận, số điện thoại 0290 3860 000",
            "NGƯỜI HƯỚNG DẪN",
        ],
    )


@pytest.mark.parametrize(
    ("at", "title", "identity"),
    [
        ("2016-02-04T09:05", "THÔNG BÁO TRẢ LẠI HỒ SƠ", False),
        ("2019-03-05T09:05", "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ", False),
        ("2025-10-06T09:05", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", True),
    ],
)
def test_form_03_says_why_not(
    clerk: Client, cast: Cast, tmp_path: Path, at: str, title: str, identity: bool
) -> None:
    dossier = lifecycle.turn_away(
        Intake(office=cast.district, procedure=cast.land, **APPLICANT),
        by=cast.clerk,
        at=vn(at),
        reason="Thuộc thẩm quyền của Sở.",
    )
    words = printed(clerk, f"/ho-so/{dossier.code}/phieu-tu-choi.pdf", tmp_path)
    assert_in_order(
        words,
        [
            title,
            "Tiếp nhận hồ sơ của: Nguyễn Văn Ân",
            "Địa chỉ:",
            "Số điện thoại:",
            "Nội dung yêu cầu giải quyết:",
            "không tiếp nhận, giải quyết hồ sơ này",
            "Thuộc thẩm quyền của Sở.",
            "NGƯỜI NỘP HỒ SƠ",
            "NGƯỜI TIẾP NHẬN HỒ SƠ",
        ],
    )
    assert ("000012345678" in words) is identity
    assert (f"Mã hồ sơ (nếu có): {dossier.code}" in words) is identity


# Who may, and what is not there


def test_papers_are_not_there_for_another_office_and_nothing_is_recorded(
    client: Client, cast: Cast
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    before = dossier.events.count()
    client.force_login(cast.other_clerk)
    assert client.get(slip_of(dossier)).status_code == 404
    client.force_login(cast.administrator)
    assert client.get(slip_of(dossier)).status_code == 404
    client.logout()
    assert client.get(slip_of(dossier))["Location"].startswith("/dang-nhap/")
    assert dossier.events.count() == before


def test_a_paper_that_does_not_exist_is_404(clerk: Client, cast: Cast) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    assert clerk.get(f"/ho-so/{dossier.code}/phieu-tu-choi.pdf").status_code == 404
    assert clerk.get(f"/ho-so/{dossier.code}/phieu-bo-sung-1.pdf").status_code == 404
    submitted = lifecycle.guide(
        Intake(office=cast.district, procedure=cast.land, **APPLICANT),
        by=cast.clerk,
        items="Đơn",
        reason="Thiếu",
    )
    assert clerk.get(slip_of(submitted)).status_code == 404
    assert clerk.post(slip_of(dossier)).status_code == 405


def test_a_broken_print_room_says_so_and_records_no_print(
    clerk: Client, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The style sheets are gone, as after half an update."""
    dossier = received(cast, "2025-10-06T09:05")
    monkeypatch.setattr(print_room, "STYLESHEETS", tmp_path)
    print_room._sheet.cache_clear()
    try:
        response = clerk.get(slip_of(dossier))
    finally:
        print_room._sheet.cache_clear()
    assert response.status_code == 503
    assert "Chưa in được giấy tờ của hồ sơ" in response.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.PRINT).exists()


def test_a_dossier_without_papers_still_has_a_slip(
    client: Client, cast: Cast, tmp_path: Path
) -> None:
    bare = make_procedure("X903", "Xác nhận", "Hộ tịch", "commune", 1, "working_hour", papers=())
    client.force_login(cast.commune_clerk)
    dossier = cast.received(
        "2025-10-06T10:30", office=cast.tan_loc, procedure=bare, by=cast.commune_clerk
    )
    words = printed(client, slip_of(dossier), tmp_path)
    assert re.search(r"quy định là: 1 giờ làm việc", words)
    assert "kết quả giải quyết hồ sơ: 13 giờ 30 phút, ngày 06 tháng 10 năm 2025" in words


def test_a_moment_in_the_words_of_the_forms() -> None:
    assert in_words(vn("2016-02-04T09:05")) == "09 giờ 05 phút, ngày 04 tháng 02 năm 2016"
    assert in_words(None) == ""
