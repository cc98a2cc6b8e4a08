"""The papers of a dossier's turns: each field of each form, in its order, read back from the PDF;
who may print them, and that printing is recorded."""

import re
import subprocess
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event, LateCause
from dossiers.paper import forms_04_06
from dossiers.paper.forms_04_06 import signer_lines
from motcua.printing import pdf
from procedures.models import ProcedureStep
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db

DAYS = {"2015": "2016-03-01", "2018": "2022-03-01", "2025": "2026-03-02"}
REGIMES = tuple(DAYS)
LONG_NAME = "Nguyễn Huỳnh Phương Nguyệt Quỳnh Thượng Uyển"


def on(regime: str, day: int, time: str) -> datetime:
    """A moment so many days after the receipt of the regime's dossier."""
    month = DAYS[regime][:8]
    return vn(f"{month}{int(DAYS[regime][8:]) + day:02}T{time}")


def received(cast: Cast, regime: str, **fields: object) -> Dossier:
    return cast.received(
        f"{DAYS[regime]}T09:05",
        applicant_name=LONG_NAME,
        applicant_id="096184000123",
        address="ấp Kênh Năm Đất Sét, xã Tân Lộc, huyện Thới Bình, tỉnh Cà Mau",
        phone="0912 345 678",
        **fields,
    )


def handed_on(cast: Cast, regime: str) -> Dossier:
    """Desk > division (in time) > desk (late for the step), each confirmed by its receiver."""
    dossier = received(cast, regime)
    perform.forward(
        dossier,
        by=cast.clerk,
        at=on(regime, 0, "10:00"),
        division=cast.land_division,
        due_at=on(regime, 2, "17:00"),
        note="Thẩm tra hồ sơ",
    )
    perform.take_over(dossier, by=cast.specialist, at=on(regime, 0, "10:20"))
    perform.forward(
        dossier,
        by=cast.specialist,
        at=on(regime, 3, "14:15"),
        office=cast.district,
        due_at=on(regime, 4, "17:00"),
    )
    perform.take_over(dossier, by=cast.clerk, at=on(regime, 3, "14:30"))
    return dossier


def apologised(cast: Cast, regime: str, title: str = "Phó Chủ tịch", day: int = 7) -> Dossier:
    dossier = received(cast, regime)
    perform.forward(dossier, by=cast.clerk, at=on(regime, 0, "10:00"), division=cast.land_division)
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=on(regime, day, "08:00"),
        cause=LateCause.objects.get_or_create(code="9", defaults={"name": "Khác"})[0],
        reason="Phải đo đạc lại ranh giới thửa đất.",
        new_due_at=on(regime, 27, "17:00"),
        signer="Phạm Hoàng Khởi",
        signer_title=title,
        told_how="điện thoại",
    )
    return dossier


def words_of(document: bytes) -> str:
    """The text of the PDF in the order in which it was set, with its lines joined."""
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", run.stdout.decode())


def paper_of(client: Client, name: str, dossier: Dossier, *more: int) -> bytes:
    answer = client.post(reverse(name, args=[dossier.code, *more]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def assert_in_order(text: str, fields: list[str]) -> None:
    position = 0
    for field in fields:
        found = text.find(field, position)
        assert found >= 0, f"{field!r} is missing after {text[max(0, position - 60) : position]!r}"
        position = found + len(field)


APOLOGY_FIELDS = {
    "2015": [
        "Số: ........",
        "THƯ XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        f"Kính gửi: {LONG_NAME}",
        f"Tên người nộp hồ sơ: {LONG_NAME}",
        "Loại hồ sơ: đăng ký biến động quyền sử dụng đất",
        "Số biên nhận hồ sơ: ",
        "tiếp nhận ngày 01 tháng 3 năm 2016",
        "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 15 tháng 3 năm 2016",
        "Tình trạng hồ sơ: đang giải quyết, tại Chi nhánh Văn phòng Đăng ký đất đai huyện",
        "Lý do không kịp hẹn: Phải đo đạc lại ranh giới thửa đất.",
        "Ngày hẹn trả kết quả lần sau: 17 giờ 00 phút, ngày 28 tháng 3 năm 2016",
        "thành thật xin lỗi ông (bà)",
    ],
    "2018": [
        "/PXL",
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        f"Kính gửi: {LONG_NAME}",
        "Ngày 01 tháng 3 năm 2022",
        "tiếp nhận hồ sơ đề nghị giải quyết đăng ký biến động quyền sử dụng đất",
        "mã số: ",
        "Thời gian hẹn trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 15 tháng 3 năm 2022",
        "sẽ không trả được kết quả",
        "Lý do: Phải đo đạc lại ranh giới thửa đất.",
        "thành thật xin lỗi ông (bà)",
        "sẽ trả kết quả vào 17 giờ 00 phút, ngày 28 tháng 3 năm 2022",
    ],
    "2025": [
        "/PXL",
        "PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        f"Kính gửi: {LONG_NAME}",
        "Ngày 02 tháng 3 năm 2026",
        "tiếp nhận hồ sơ",
        "thủ tục đăng ký biến động quyền sử dụng đất",
        LONG_NAME,
        "số định danh cá nhân/tổ chức: 096184000123",
        "mã số hồ sơ: ",
        "Thời gian hẹn trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 16 tháng 3 năm 2026",
        "sẽ không trả được kết quả",
        "Lý do: Phải đo đạc lại ranh giới thửa đất.",
        "khó khăn, phiền hà, làm tốn kém thời gian, chi phí và công sức",
        "gia hạn thời gian giải quyết và sẽ trả kết quả vào 17 giờ 00 phút, "
        "ngày 29 tháng 3 năm 2026",
        "mong nhận được sự thông cảm",
    ],
}


@pytest.mark.parametrize("regime", REGIMES)
def test_apology_has_the_fields_of_its_regime_in_their_order(
    cast: Cast, client: Client, regime: str
) -> None:
    dossier = apologised(cast, regime)
    client.force_login(cast.clerk)
    text = words_of(paper_of(client, "dossier_apology", dossier, 1))
    assert_in_order(text, APOLOGY_FIELDS[regime])
    assert dossier.code in text
    assert_in_order(text, ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Phạm Hoàng Khởi"])
    assert_in_order(text, ["Nơi nhận:", "Như trên", "Lưu: VT"])
    assert ("096184000123" in text) is (regime == "2025")


@pytest.mark.parametrize(
    ("regime", "words"),
    [
        ("2015", "Lý do trễ hẹn: Phải đo"),
        ("2018", "Đến ngày ra phiếu này, Ủy ban nhân dân huyện Thới Bình chưa trả được kết quả"),
        ("2025", "Đến ngày ra phiếu này, Ủy ban nhân dân huyện Thới Bình chưa trả được kết quả"),
    ],
)
def test_apology_says_that_the_date_has_passed_only_when_it_has(
    cast: Cast, client: Client, regime: str, words: str
) -> None:
    dossier = apologised(cast, regime, day=20)
    client.force_login(cast.clerk)
    text = words_of(paper_of(client, "dossier_apology", dossier, 1))
    assert words in text
    assert "sẽ không trả" not in text


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("", ["THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"]),
        ("Chủ tịch", ["CHỦ TỊCH"]),
        ("phó giám đốc", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("Phó  phòng", ["KT. TRƯỞNG PHÒNG", "PHÓ PHÒNG"]),
        ("Phó Trưởng phòng", ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]),
        ("Phó Chánh Văn phòng", ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]),
    ],
)
def test_act_papers_deputy_signs_for_the_head(title: str, lines: list[str]) -> None:
    assert signer_lines(title) == lines


def test_apology_that_was_undone_or_never_made_has_no_paper(cast: Cast, client: Client) -> None:
    dossier = apologised(cast, "2015")
    perform.revert(dossier, by=cast.leader, reason="Ghi nhầm hồ sơ")
    client.force_login(cast.clerk)
    for number in (1, 2):
        answer = client.get(reverse("dossier_apology", args=[dossier.code, number]))
        assert answer.status_code == 404
        sentence = f"Hồ sơ này không có phiếu xin lỗi lần {number}."
        assert sentence in answer.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.PRINT).exists()


@pytest.mark.parametrize("regime", REGIMES)
def test_stop_notice_says_what_was_asked_how_far_it_came_and_what_goes_back(
    cast: Cast, client: Client, regime: str
) -> None:
    dossier = handed_on(cast, regime)
    dossier.papers.create(position=1, name="Đơn đăng ký biến động", kind="original", copies=2)
    dossier.papers.create(position=2, name="Căn cước công dân", kind="shown")
    perform.withdraw(
        dossier,
        by=cast.clerk,
        at=on(regime, 6, "08:30"),
        reason="Không chuyển nhượng nữa",
        asked_by="post",
    )
    client.force_login(cast.clerk)
    text = words_of(paper_of(client, "dossier_stop", dossier))
    year, month, day = DAYS[regime].split("-")
    ended = f"08 giờ 30 phút, ngày {int(day) + 6:02} tháng {int(month)} năm {year}"
    assert_in_order(
        text,
        [
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
            f"Kính gửi: {LONG_NAME}",
            *(["Số định danh cá nhân/tổ chức: 096184000123"] if regime == "2025" else []),
            f"Mã hồ sơ: {dossier.code}",
            "Thủ tục: đăng ký biến động quyền sử dụng đất",
            f"Thời gian nhận hồ sơ: 09 giờ 05 phút, ngày {day}",
            f"Thời gian đề nghị dừng: {ended}",
            "Hình thức đề nghị: □ trực tiếp ■ dịch vụ bưu chính □ trực tuyến",
            "Lý do dừng: Không chuyển nhượng nữa",
            "Hồ sơ đã giải quyết đến bước: đang giải quyết, tại Bộ phận Tiếp nhận",
            "Giấy tờ trả lại:",
            "Đơn đăng ký biến động (02 bản chính)",
            "Phí, lệ phí:",
            f"Thời điểm dừng giải quyết: {ended}",
            "NGƯỜI NHẬN LẠI GIẤY TỜ",
            "Trần Thị Mận",
        ],
    )
    assert "Căn cước công dân" not in text
    assert ("096184000123" in text) is (regime == "2025")


def test_notice_of_a_stop_by_the_office_leaves_the_request_to_the_pen(
    cast: Cast, client: Client
) -> None:
    dossier = received(cast, "2025", fee_vnd=150_000, fee_paid=True)
    perform.stop(
        dossier, by=cast.clerk, at=on("2025", 6, "08:30"), reason="Tòa án đang thụ lý tranh chấp"
    )
    client.force_login(cast.clerk)
    text = words_of(paper_of(client, "dossier_stop", dossier))
    assert "Thời gian đề nghị dừng (nếu có): ....." in text
    assert "■" not in text
    assert "Lý do dừng: Tòa án đang thụ lý tranh chấp" in text
    assert "bước: đã tiếp nhận, tại Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình" in text
    assert "Phí, lệ phí: 150.000 đ (đã thu); số tiền trả lại (nếu có): ....." in text


def test_dossier_that_goes_on_has_no_stop_notice(cast: Cast, client: Client) -> None:
    dossier = handed_on(cast, "2025")
    client.force_login(cast.clerk)
    answer = client.get(reverse("dossier_stop", args=[dossier.code]))
    assert answer.status_code == 404
    assert "chỉ có khi hồ sơ đã rút hoặc đã dừng giải quyết" in answer.content.decode()


CONTROL_FIELDS = {
    "2015": [
        "Mã số hồ sơ: ",
        f"Họ và tên người nộp hồ sơ: {LONG_NAME}",
        "Loại hồ sơ: đăng ký biến động quyền sử dụng đất",
        "Cơ quan (bộ phận) giải quyết hồ sơ: Chi nhánh Văn phòng Đăng ký đất đai huyện",
        "Cơ quan phối hợp giải quyết hồ sơ:",
        "Ngày giờ tiếp nhận: 09 giờ 05 phút, ngày 01 tháng 3 năm 2016",
        "Ngày hẹn trả kết quả: 17 giờ 00 phút, ngày 15 tháng 3 năm 2016",
        "TÊN CƠ QUAN, BỘ PHẬN",
    ],
    "2018": [
        "Mã số hồ sơ: ",
        "Cơ quan (bộ phận) giải quyết hồ sơ: Chi nhánh Văn phòng Đăng ký đất đai huyện",
        "Cơ quan phối hợp giải quyết hồ sơ:",
        "TÊN CƠ QUAN",
    ],
    "2025": [
        "Mã số hồ sơ: ",
        "Cơ quan (bộ phận) giải quyết hồ sơ: Chi nhánh Văn phòng Đăng ký đất đai huyện",
        "Cơ quan phối hợp giải quyết hồ sơ:",
        "Ngày nhận: 09 giờ 05 phút, ngày 02 tháng 3 năm 2026",
        "Hẹn trả kết quả vào 17 giờ 00 phút, ngày 16 tháng 3 năm 2026",
        "TÊN ĐƠN VỊ",
    ],
}


@pytest.mark.parametrize("regime", REGIMES)
def test_control_sheet_has_the_fields_of_its_regime_in_their_order(
    cast: Cast, client: Client, regime: str
) -> None:
    dossier = handed_on(cast, regime)
    client.force_login(cast.clerk)
    text = words_of(paper_of(client, "dossier_control", dossier))
    assert_in_order(text, ["PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", *CONTROL_FIELDS[regime]])
    year, month, day = DAYS[regime].split("-")
    back = f"{int(day) + 3:02}/{month}/{year}"
    assert_in_order(
        text,
        [
            f"10 giờ 00 phút, ngày {day}/{month}/{year}",
            "Người giao: Trần Thị Mận",
            f"10 giờ 20 phút, ngày {day}/{month}/{year}",
            "Người nhận: Lê Văn Đời",
            f"14 giờ 15 phút, ngày {back}",
            "Người giao: Lê Văn Đời",
            "Quá hạn",
            f"14 giờ 30 phút, ngày {back}",
            "Người nhận: Trần Thị Mận",
        ],
    )
    assert "Cột “Kết quả giải quyết hồ sơ” do bên nhận ghi" in text
    assert text.count("1. Giao:") == text.count("2. Nhận:") == 4
    assert text.count("..... giờ ..... phút") == 4
    assert ("/PKS" in text) is (regime != "2015")


def test_result_of_a_step_stands_where_its_work_is_handed_on(cast: Cast) -> None:
    first, second = forms_04_06.hand_overs(handed_on(cast, "2018"), "Bộ phận một cửa")
    assert (first.giver, first.result, first.note) == ("Bộ phận một cửa", "", "Thẩm tra hồ sơ")
    assert (second.receiver, second.result) == ("Bộ phận một cửa", "quá hạn")


def test_hand_over_that_was_undone_does_not_appear(cast: Cast, client: Client) -> None:
    dossier = handed_on(cast, "2018")
    other = make_staff("khac", cast.district, "clerk", full_name="Võ Thị Nhầm")
    perform.forward(
        dossier,
        by=other,
        at=on("2018", 6, "08:00"),
        division=cast.land_division,
        note="Chuyển nhầm",
    )
    perform.revert(dossier, by=cast.leader, reason="Chuyển nhầm hồ sơ")
    client.force_login(cast.clerk)
    text = words_of(paper_of(client, "dossier_control", dossier))
    assert "Võ Thị Nhầm" not in text
    assert "Chuyển nhầm" not in text
    assert text.count("Người giao: Trần Thị Mận") == 1
    assert text.count("..... giờ ..... phút") == 4


def test_result_comes_back_to_the_desk_as_the_last_hand_over(cast: Cast) -> None:
    dossier = received(cast, "2018")
    perform.forward(
        dossier,
        by=cast.clerk,
        at=on("2018", 0, "10:00"),
        division=cast.land_division,
        due_at=on("2018", 8, "17:00"),
    )
    perform.resolve(dossier, by=cast.specialist, at=on("2018", 6, "15:00"), outcome="approved")
    sent, back = forms_04_06.hand_overs(dossier, "Bộ phận một cửa")
    assert sent.taken_at == ""
    assert (back.giver, back.given_by) == (cast.land_division.name, "Lê Văn Đời")
    assert (back.receiver, back.taken_by) == ("Bộ phận một cửa", "")
    assert (back.given_at, back.result) == ("15 giờ 00 phút, ngày 07/03/2022", "trước hạn")
    assert back.note == "giải quyết xong"


def test_sheet_of_many_steps_flows_on_and_each_page_names_the_dossier(
    cast: Cast, client: Client
) -> None:
    dossier = received(cast, "2018")
    for day in range(6):
        going = day % 2 == 0
        perform.forward(
            dossier,
            by=cast.clerk if going else cast.specialist,
            at=on("2018", day, "10:00"),
            **({"division": cast.land_division} if going else {"office": cast.district}),
        )
    client.force_login(cast.clerk)
    document = paper_of(client, "dossier_control", dossier)
    text = words_of(document)
    assert text.count("1. Giao:") == 6
    pages = text.count("TÊN CƠ QUAN THỜI GIAN")
    assert pages == text.count(f"Hồ sơ {dossier.code}") >= 2
    assert f"Trang {pages} / {pages}" in text


def test_offices_that_have_or_will_have_a_hand_in_it_are_named(cast: Cast, client: Client) -> None:
    ProcedureStep.objects.create(
        version=cast.birth.versions.get(),
        position=1,
        level="district",
        department=cast.land_division.name,
        share_value=3,
        share_unit="working_day",
    )
    dossier = cast.received(
        "2022-03-01T09:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    client.force_login(cast.commune_clerk)
    text = words_of(paper_of(client, "dossier_control", dossier))
    assert_in_order(
        text,
        [
            "giải quyết hồ sơ: Ủy ban nhân dân xã Tân Lộc",
            "phối hợp giải quyết hồ sơ: Chi nhánh Văn phòng Đăng ký đất đai huyện, "
            "Ủy ban nhân dân huyện Thới Bình",
        ],
    )


def test_act_papers_submission_has_no_control_sheet_yet(cast: Cast, client: Client) -> None:
    dossier = received(cast, "2025")
    Dossier.objects.filter(pk=dossier.pk).update(state=1, received_on=None, received_at=None)
    client.force_login(cast.clerk)
    answer = client.get(reverse("dossier_control", args=[dossier.code]))
    assert answer.status_code == 404
    assert "Hồ sơ chưa được tiếp nhận" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "more", "paper"),
    [
        ("dossier_apology", [1], "apology-1"),
        ("dossier_stop", [], "stop"),
        ("dossier_control", [], "control"),
    ],
)
def test_act_papers_every_printing_is_recorded_and_a_reprint_says_so(
    cast: Cast, client: Client, name: str, more: list[int], paper: str
) -> None:
    dossier = apologised(cast, "2015")
    perform.stop(dossier, by=cast.clerk, at=on("2015", 8, "08:00"), reason="Theo yêu cầu")
    client.force_login(cast.clerk)
    assert "BẢN IN LẠI" not in words_of(paper_of(client, name, dossier, *more))
    assert "BẢN IN LẠI LẦN 1" in words_of(paper_of(client, name, dossier, *more))
    assert "BẢN IN LẠI LẦN 2" in words_of(paper_of(client, name, dossier, *more))
    printings = dossier.events.filter(kind=Event.Kind.PRINT)
    assert [(e.details, e.actor) for e in printings] == [
        ({"paper": paper, "copy": copy}, cast.clerk) for copy in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("name", "more"), [("dossier_apology", [1]), ("dossier_stop", []), ("dossier_control", [])]
)
def test_act_papers_for_a_stranger_the_papers_do_not_exist(
    cast: Cast, client: Client, name: str, more: list[int]
) -> None:
    dossier = apologised(cast, "2015")
    perform.stop(dossier, by=cast.clerk, at=on("2015", 8, "08:00"), reason="Theo yêu cầu")
    address = reverse(name, args=[dossier.code, *more])
    assert client.get(address).status_code == 302
    client.force_login(cast.other_clerk)
    answer = client.get(address)
    assert answer.status_code == 404
    assert LONG_NAME not in answer.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.PRINT).exists()


def test_act_papers_when_the_engine_fails_the_clerk_is_told_and_nothing_is_recorded(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(pdf, "STYLESHEETS", tmp_path)
    pdf._sheet.cache_clear()
    dossier = handed_on(cast, "2018")
    client.force_login(cast.clerk)
    answer = client.get(reverse("dossier_control", args=[dossier.code]))
    assert answer.status_code == 503
    assert "Chưa in được" in answer.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.PRINT).exists()


def test_paper_is_tagged_for_those_who_listen_to_it(cast: Cast, client: Client) -> None:
    dossier = handed_on(cast, "2025")
    client.force_login(cast.clerk)
    document = paper_of(client, "dossier_control", dossier)
    told = subprocess.run(
        ["pdfinfo", "-struct", "-"], input=document, capture_output=True, check=True
    ).stdout.decode()
    assert_in_order(told, ["H1", "Table", "TH", "TD"])
