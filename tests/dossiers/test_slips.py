"""Form 01 under each regime, read back from its PDF."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader

from dossiers.lifecycle import perform
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.paper.forms_01_03 import LINES_ON_BACK, back_lines
from dossiers.rules.deadlines import Due
from dossiers.rules.weeks import DayLine
from motcua.models import Installation, Office
from tests.cast import Cast, vn
from tests.dossiers.printed import (
    APPLICANT,
    SUBMITTER,
    assert_in_order,
    printed,
    read_codes,
    received,
    slip_of,
)


@pytest.fixture(autouse=True)
def _day() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(vn("2026-01-05T09:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    cast.district.phone = "0290 3860 000"
    cast.district.save()
    client.force_login(cast.clerk)
    return client


def test_slip_of_a_practice_desk_says_so_and_no_other(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    assert "TẬP DƯỢT" not in printed(clerk, slip_of(dossier), tmp_path)
    Installation.objects.create(is_demo=True)
    cache.clear()
    for page in (1, 2):
        words = printed(clerk, slip_of(dossier), tmp_path, page=page)
        assert words.count("BẢN TẬP DƯỢT, KHÔNG CÓ GIÁ TRỊ") == 1


# Form 01, field by field


def test_slip_of_2025_has_every_field_in_order(clerk: Client, cast: Cast, tmp_path: Path) -> None:
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
            "Số định danh cá nhân/tổ chức: 096012345678",
            "Địa chỉ: Ấp 5, xã Tân Lộc, huyện Thới Bình",
            "Số điện thoại: 0900000001",
            "Email: an@example.vn",
            "Nội dung yêu cầu giải quyết: đăng ký biến động quyền sử dụng đất",
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


def test_slip_of_2025_names_who_stands_at_the_counter_and_who_sent_them(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05", **SUBMITTER)
    assert_in_order(
        printed(clerk, slip_of(dossier), tmp_path, page=1),
        [
            "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Huỳnh Thị Kim Phượng",
            "Số định danh cá nhân/tổ chức: 096087654321",
            "Người (tổ chức) ủy quyền: Nguyễn Văn Ân",
            "Địa chỉ: Ấp 5, xã Tân Lộc",
            "096012345678",
            "Giấy tờ ủy quyền: Giấy ủy quyền số 12 ngày 01/10/2025",
            "Nội dung yêu cầu giải quyết:",
        ],
    )


def test_slips_commune_since_2025_receives_as_a_centre(
    client: Client, cast: Cast, tmp_path: Path
) -> None:
    client.force_login(cast.commune_clerk)
    dossier = cast.received(
        "2025-10-06T09:05", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    words = printed(client, slip_of(dossier), tmp_path, page=1)
    assert "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG" in words
    assert "Số: 1/TTPVHCC" in words


def test_slip_of_2018_has_its_own_numbers_and_no_identity_number(
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
    assert "096012345678" not in words
    assert "ủy quyền số 12" not in words


def test_slip_of_2016_is_that_of_its_time(clerk: Client, cast: Cast, tmp_path: Path) -> None:
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
            "Về việc: đăng ký biến động quyền sử dụng đất",
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
    assert "096012345678" not in words


def test_slips_back_of_the_slip_counts_every_day(clerk: Client, cast: Cast, tmp_path: Path) -> None:
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


def test_slips_long_count_is_told_in_runs_that_cover_every_day() -> None:
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
def test_slips_two_copies_stand_on_one_a4(
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


def test_slips_office_may_leave_out_the_back(clerk: Client, cast: Cast, tmp_path: Path) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    for wanted, pages in ((True, 2), (False, 1)):
        Office.objects.filter(pk=cast.district.pk).update(days_on_slip=wanted)
        printed(clerk, slip_of(dossier), tmp_path)
        assert len(PdfReader(tmp_path / "paper.pdf").pages) == pages


@pytest.mark.parametrize("at", ["2016-02-04T18:05", "2019-03-05T18:20", "2025-10-06T18:05"])
def test_slips_six_long_papers_stay_on_the_front_of_one_a5(
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


def test_codes_are_there_for_machines_and_the_pdf_is_tagged(
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


# Printed again under another name of the office


def test_slip_printed_again_bears_the_names_of_its_first_print(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    printed(clerk, slip_of(dossier), tmp_path, page=1)
    cast.district.name, cast.district.place = "Huyện Tên Mới", "Tên Mới"
    cast.district.phone = "0290 9999 999"
    cast.district.save()
    cast.clerk.full_name = "Người Đổi Tên"
    cast.clerk.save()
    dossier.applicant_name = "Nguyễn Văn Sửa"
    dossier.save()
    for times in (1, 2):
        words = printed(clerk, slip_of(dossier), tmp_path, page=1)
        assert f"BẢN IN LẠI LẦN {times}" in words
        assert "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình" in words
        assert "Thới Bình, ngày 06 tháng 10 năm 2025" in words
        assert "Trần Thị Mận" in words
        assert "Nguyễn Văn Sửa" in words
        assert "0290 9999 999" in words
        assert "Tên Mới" not in words
        assert "Người Đổi Tên" not in words


def test_slip_first_printed_before_names_were_kept_bears_those_of_that_day(
    clerk: Client, cast: Cast, tmp_path: Path, _day: time_machine.Traveller
) -> None:
    """As the history of offices and staff tells them, however often it is printed again."""
    dossier = received(cast, "2025-10-06T09:05")
    perform.record_print(dossier, by=cast.clerk, paper="slip")
    _day.shift(60)
    cast.clerk.full_name = "Người Đổi Tên"
    cast.clerk.save()
    for name in ("Huyện Tên Mới", "Huyện Tên Sau"):
        cast.district.name = name
        cast.district.save()
        words = printed(clerk, slip_of(dossier), tmp_path, page=1)
        assert "Trả kết quả huyện Thới Bình" in words
        assert "Trần Thị Mận" in words


def test_slip_from_before_the_history_of_its_office_takes_the_names_of_its_next_print(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    perform.record_print(dossier, by=cast.clerk, paper="slip")
    cast.district.history.all().delete()
    for name in ("Huyện Tên Mới", "Huyện Tên Sau"):
        Office.objects.filter(pk=cast.district.pk).update(name=name)
        words = printed(clerk, slip_of(dossier), tmp_path, page=1)
        assert "Trả kết quả huyện Tên Mới" in words


@pytest.mark.parametrize("at", ["2016-02-04T18:05", "2019-03-05T18:20", "2025-10-06T18:05"])
@pytest.mark.parametrize(("address", "fits"), [(1, True), (4, False)])
def test_slips_codes_never_stand_alone_on_a_further_page(
    clerk: Client, cast: Cast, tmp_path: Path, at: str, address: int, fits: bool
) -> None:
    place = "Số 125, ấp Tràm Thẻ Đông, xã Biển Bạch Đông, huyện Thới Bình"
    long = {
        "email": f"{'nguyen.thi.huong.giang.' * 4}@donvi.gov.vn",
        "address": ", ".join([place] * address),
        "submitter_address": ", ".join([place] * address),
        "authority_paper": "Giấy ủy quyền số 12/2025/UQ ngày 01/10/2025 của công ty; " * 3,
    }
    papers = tuple(Paper(f"Giấy tờ {i}") for i in range(8 if address > 1 else 2))
    dossier = cast.received(at, papers=papers, **(APPLICANT | SUBMITTER | long))
    front = printed(clerk, slip_of(dossier), tmp_path, page=1)
    codes, signs = "Khi đến nhận kết quả" in front, "Trần Thị Mận" in front
    assert codes is signs
    assert codes or not fits
