"""Printing forms 01 to 03: what is recorded, what the forms say, who may."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Event
from dossiers.paper.forms_01_03 import in_words
from motcua.printing import pdf
from tests.cast import Cast, make_procedure, make_staff, vn
from tests.dossiers.printed import APPLICANT, assert_in_order, printed, received, slip_of, words_of


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


# Printing is recorded


def test_papers_every_print_is_recorded_and_a_reprint_says_that_it_is_one(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    assert "BẢN IN LẠI" not in printed(clerk, slip_of(dossier), tmp_path)
    assert "BẢN IN LẠI LẦN 1" in printed(clerk, slip_of(dossier), tmp_path)
    assert "BẢN IN LẠI LẦN 2" in printed(clerk, slip_of(dossier, "?kho=a4"), tmp_path)
    prints = dossier.events.filter(kind=Event.Kind.PRINT).order_by("pk")
    assert [(event.details["paper"], event.details["copy"]) for event in prints] == [
        ("slip", 1),
        ("slip", 2),
        ("slip", 3),
    ]
    assert ["names" in event.details for event in prints] == [True, False, False]
    assert {event.actor for event in prints} == {cast.clerk}


def test_papers_look_says_that_it_is_one_and_takes_no_copy_number(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    for size in ("", "?kho=a4", ""):
        words = words_of(clerk.get(slip_of(dossier, size)).content)
        assert ("BẢN XEM" in words, "BẢN IN LẠI" in words) == (True, False)
    assert [e.details for e in dossier.events.filter(kind=Event.Kind.READ)] == [{"paper": "slip"}]
    assert not dossier.events.filter(kind=Event.Kind.PRINT).exists()
    first = printed(clerk, slip_of(dossier), tmp_path)
    assert ("BẢN XEM" in first, "BẢN IN LẠI" in first) == (False, False)
    assert "BẢN IN LẠI LẦN 1" in printed(clerk, slip_of(dossier), tmp_path)
    clerk.get(f"/ho-so/{dossier.code}/")
    assert dossier.events.filter(kind=Event.Kind.READ).count() == 2, "a page is another look"


def test_papers_form_sent_again_gets_the_same_copy(clerk: Client, cast: Cast) -> None:
    dossier, token = received(cast, "2025-10-06T09:05"), {"token": str(uuid4())}
    for _ in range(2):
        words = words_of(clerk.post(slip_of(dossier), token).content)
        assert ("BẢN XEM" in words, "BẢN IN LẠI" in words) == (False, False)
    assert dossier.events.filter(kind=Event.Kind.PRINT).count() == 1
    assert "BẢN IN LẠI LẦN 1" in words_of(clerk.post(slip_of(dossier, "?kho=a4"), token).content)
    control = clerk.post(f"/ho-so/{dossier.code}/phieu-kiem-soat.pdf", token)
    assert "BẢN IN LẠI" not in words_of(control.content)
    assert "BẢN IN LẠI" not in words_of(clerk.post(slip_of(dossier), token).content)
    clerk.force_login(cast.leader)
    somebody_else = words_of(clerk.post(slip_of(dossier), token).content)
    assert "BẢN IN LẠI LẦN 2" in somebody_else
    kept = dossier.events.filter(kind=Event.Kind.PRINT).order_by("pk")
    assert [(e.details["paper"], e.details["copy"]) for e in kept] == [
        ("slip", 1),
        ("slip", 2),
        ("control", 1),
        ("slip", 3),
    ]


def test_papers_slip_prints_itself_after_the_receipt_until_it_has_been_printed(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    """And the copy, no other answer, may stand in a frame of our own page."""
    dossier = received(cast, "2025-10-06T09:05")
    done = f"/ho-so/{dossier.code}/da-tiep-nhan/"
    page = clerk.get(done)
    assert page.content.decode().count("data-print-itself") == 1
    assert page["Content-Security-Policy"].endswith("frame-ancestors 'none'; frame-src 'self'")
    looked, copy = clerk.get(slip_of(dossier)), clerk.post(slip_of(dossier), {})
    assert looked["X-Frame-Options"] == "DENY"
    assert copy["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in copy["Content-Security-Policy"]
    assert "frame-src" not in copy["Content-Security-Policy"]
    assert "data-print-itself" not in clerk.get(done).content.decode()


def test_papers_slip_keeps_the_first_promise_whatever_comes_later(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2025-10-07T09:00"), items="Đơn", reason="Thiếu"
    )
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2025-10-15T09:00"))
    assert dossier.due_on != vn("2025-10-20T17:00").date()
    words = printed(clerk, slip_of(dossier), tmp_path)
    assert "kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 20 tháng 10 năm 2025" in words


def test_papers_corrected_receipt_prints_the_corrected_date(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    perform.correct(
        dossier, by=cast.clerk, reason="Gõ nhầm ngày", received_at=vn("2025-10-03T09:05")
    )
    words = printed(clerk, slip_of(dossier), tmp_path)
    assert "nhận hồ sơ: 09 giờ 05 phút, ngày 03 tháng 10 năm 2025" in words
    assert "kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 17 tháng 10 năm 2025" in words


def test_papers_what_a_citizen_is_called_cannot_become_markup(
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
def test_papers_form_02_says_what_to_bring_why_and_whom_to_ask(
    clerk: Client, cast: Cast, tmp_path: Path, at: str, title: str, number: str
) -> None:
    dossier = perform.guide(
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
            "Nội dung yêu cầu giải quyết: đăng ký biến động quyền sử dụng đất",
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
def test_papers_form_03_says_why_not(
    clerk: Client, cast: Cast, tmp_path: Path, at: str, title: str, identity: bool
) -> None:
    dossier = perform.turn_away(
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
    assert ("096012345678" in words) is identity
    assert (f"Mã hồ sơ (nếu có): {dossier.code}" in words) is identity


def test_papers_each_paper_names_who_did_it_and_when(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    """One wrote it down, another received it or turned it away on a later day."""
    other = make_staff("mot-cua-2", cast.district, "clerk", full_name="Nguyễn Văn Tràm")
    accepted, declined = (
        perform.guide(
            Intake(office=cast.district, procedure=cast.land, **APPLICANT),
            by=cast.clerk,
            at=vn("2025-10-06T09:05"),
            items="Đơn",
            reason="Thiếu",
        )
        for _ in range(2)
    )
    perform.accept(accepted, by=other, at=vn("2025-10-08T09:00"))
    perform.decline(declined, by=other, at=vn("2025-10-09T09:00"), reason="Sai nơi")

    slip = printed(clerk, slip_of(accepted), tmp_path)
    assert ("Nguyễn Văn Tràm" in slip, "Trần Thị Mận" in slip) == (True, False)
    refusal = printed(clerk, f"/ho-so/{declined.code}/phieu-tu-choi.pdf", tmp_path)
    assert ("Nguyễn Văn Tràm" in refusal, "Trần Thị Mận" in refusal) == (True, False)
    assert "ngày 09 tháng 10 năm 2025" in refusal
    assert "ngày 06 tháng 10 năm 2025" not in refusal
    page = " ".join(clerk.get(f"/ho-so/{accepted.code}/").content.decode().split())
    assert re.search(r"Tiếp nhận lúc</dt> <dd>[^<]*08/10/2025, Nguyễn Văn Tràm", page)


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


def test_paper_that_does_not_exist_is_404(clerk: Client, cast: Cast) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    assert clerk.get(f"/ho-so/{dossier.code}/phieu-tu-choi.pdf").status_code == 404
    assert clerk.get(f"/ho-so/{dossier.code}/phieu-bo-sung-1.pdf").status_code == 404
    submitted = perform.guide(
        Intake(office=cast.district, procedure=cast.land, **APPLICANT),
        by=cast.clerk,
        items="Đơn",
        reason="Thiếu",
    )
    assert clerk.get(slip_of(submitted)).status_code == 404
    assert clerk.post(slip_of(submitted)).status_code == 404
    assert clerk.put(slip_of(dossier)).status_code == 405


def test_papers_broken_pdf_engine_says_so_and_records_no_print(
    clerk: Client, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The style sheets are gone, as after half an update."""
    dossier = received(cast, "2025-10-06T09:05")
    monkeypatch.setattr(pdf, "STYLESHEETS", tmp_path)
    pdf._sheet.cache_clear()
    token = str(uuid4())
    try:
        looked = clerk.get(slip_of(dossier))
        response = clerk.post(slip_of(dossier), {"token": token})
    finally:
        pdf._sheet.cache_clear()
    assert (looked.status_code, response.status_code) == (503, 503)
    assert "Chưa in được giấy tờ của hồ sơ" in response.content.decode()
    assert f'name="token" value="{token}"' in response.content.decode()
    assert not dossier.events.filter(kind__in=Event.ACCESS).exists()


def test_dossier_without_papers_still_has_a_slip(
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


def test_moment_in_the_words_of_the_forms() -> None:
    assert in_words(vn("2016-02-04T09:05")) == "09 giờ 05 phút, ngày 04 tháng 02 năm 2016"
    assert in_words(None) == ""


def test_papers_busy_pdf_engine_asks_again_by_itself_and_records_no_print(
    clerk: Client, cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2025-10-06T09:05")
    with ExitStack() as room:
        for _ in range(pdf.MOST_PRINTING):
            room.enter_context(pdf._places)
        answer = clerk.get(slip_of(dossier))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Refresh"] == "5"
    assert "Những gì đã lưu vẫn còn nguyên." in answer.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.PRINT).exists()
    assert "BẢN IN LẠI" not in printed(clerk, slip_of(dossier), tmp_path)
