"""The lists on paper of what goes from hand to hand: dossiers of a day, results to call for."""

from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.desk import handed_lists
from dossiers.desk.handed_lists import handed_lines, handed_rows
from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from dossiers.paper import lists
from dossiers.paper.lists import number_in_words
from motcua.models import Division
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import logged_in, text
from tests.dossiers.printed import looked_at, printed

pytestmark = pytest.mark.django_db

PAGE, LIST, CALL = "/ho-so/giao-nhan/", "/ho-so/giao-nhan/danh-sach.pdf", "/ho-so/can-goi.pdf"
DAY = vn("2016-03-01T09:00").date()
DESK = "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình"
LAND = "Chi nhánh Văn phòng Đăng ký đất đai huyện"


def address(giver: str, receiver: str, day: str = "2016-03-01") -> str:
    return f"{LIST}?ngay={day}&tu={giver}&den={receiver}"


def forwarded(cast: Cast, time: str, name: str = "Nguyễn Văn Ân", note: str = "") -> Dossier:
    dossier = cast.received("2016-03-01T09:00", applicant_name=name)
    perform.forward(
        dossier,
        by=cast.clerk,
        at=vn(f"2016-03-01T{time}"),
        division=cast.land_division,
        note=note,
    )
    return dossier


def told(cast: Cast, who: str = "clerk") -> list[tuple[str, str, int]]:
    lines = handed_lines(getattr(cast, who), DAY)
    return [(line.giver_words, line.receiver_words, line.count) for line in lines]


def test_handed_lines_tell_both_directions_and_what_came_back_with_its_result(cast: Cast) -> None:
    first, second, third = (forwarded(cast, f"10:0{n}") for n in range(3))
    perform.forward(first, by=cast.specialist, at=vn("2016-03-01T11:00"), office=cast.district)
    perform.resolve(second, by=cast.specialist, at=vn("2016-03-01T15:00"), outcome="approved")
    perform.stop(third, by=cast.clerk, at=vn("2016-03-01T16:00"), reason="Theo quyết định")
    assert told(cast) == [(DESK, LAND, 3), (LAND, DESK, 3)]


def test_handed_lines_what_ended_at_the_desk_did_not_come_back_to_it(cast: Cast) -> None:
    dossier = forwarded(cast, "10:00")
    perform.forward(dossier, by=cast.specialist, at=vn("2016-03-01T11:00"), office=cast.district)
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-01T15:00"), outcome="approved")
    assert told(cast) == [(DESK, LAND, 1), (LAND, DESK, 1)]


def test_handed_lines_leave_out_what_was_undone_and_what_was_of_another_day(cast: Cast) -> None:
    undone, resolved, _ = (forwarded(cast, f"10:0{n}") for n in range(3))
    perform.revert(undone, by=cast.leader, at=vn("2016-03-01T10:30"), reason="Nhầm phòng")
    perform.resolve(resolved, by=cast.specialist, at=vn("2016-03-01T15:00"), outcome="approved")
    perform.revert(resolved, by=cast.leader, at=vn("2016-03-01T15:30"), reason="Chưa xong")
    other = cast.received("2016-03-01T09:00")
    perform.forward(other, by=cast.clerk, at=vn("2016-03-02T00:00"), division=cast.land_division)
    assert told(cast) == [(DESK, LAND, 2)]


def test_handed_lines_another_office_is_named_and_sees_only_its_own_ways(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00", office=cast.tan_loc, by=cast.commune_clerk)
    perform.forward(dossier, by=cast.commune_clerk, at=vn("2016-03-01T10:00"), office=cast.district)
    perform.forward(dossier, by=cast.clerk, at=vn("2016-03-01T11:00"), division=cast.land_division)
    commune = "Bộ phận Tiếp nhận và Trả kết quả xã Tân Lộc"
    assert told(cast, "commune_clerk") == [(commune, DESK, 1)]
    assert told(cast) == [(DESK, LAND, 1), (commune, DESK, 1)]
    assert told(cast, "other_clerk") == []


def test_handed_lines_between_divisions_name_their_office_once_and_two_offices_both(
    cast: Cast,
) -> None:
    dossier = forwarded(cast, "10:00")
    signing = Division.objects.create(office=cast.district, name="Lãnh đạo ký duyệt")
    field = Division.objects.create(office=cast.tan_loc, name="Địa chính")
    for hour, division in ((11, signing), (12, field)):
        at = vn(f"2016-03-01T{hour}:00")
        perform.forward(dossier, by=cast.specialist, at=at, division=division)
    office = "Ủy ban nhân dân huyện Thới Bình"
    assert told(cast) == [
        (DESK, LAND, 1),
        (LAND, f"Lãnh đạo ký duyệt, {office}", 1),
        (f"Lãnh đạo ký duyệt, {office}", "Địa chính, Ủy ban nhân dân xã Tân Lộc", 1),
    ]


def test_handed_lines_specialist_of_a_division_sees_those_of_the_division(cast: Cast) -> None:
    forwarded(cast, "10:00")
    other = Division.objects.create(office=cast.district, name="Phòng Tư pháp")
    dossier = cast.received("2016-03-01T09:00")
    perform.forward(dossier, by=cast.clerk, at=vn("2016-03-01T10:00"), division=other)
    assert told(cast) == [(DESK, LAND, 1), (DESK, "Phòng Tư pháp", 1)]
    assert told(cast, "specialist") == [(DESK, LAND, 1)]


@time_machine.travel(vn("2016-03-02T09:00"), tick=False)
def test_handed_list_tells_places_dossiers_moments_count_and_signatures(
    cast: Cast, tmp_path: Path
) -> None:
    first = forwarded(cast, "10:05", "Nguyễn Văn Ân", "Thẩm tra gấp")
    second = forwarded(cast, "10:07", "Huỳnh Thị Bé")
    perform.take_over(first, by=cast.specialist, at=vn("2016-03-01T10:20"))
    perform.take_over(second, by=cast.specialist, at=vn("2016-03-02T08:00"))
    client = logged_in(cast.clerk)
    giver, receiver = f"o{cast.district.pk}", f"d{cast.land_division.pk}"
    words = looked_at(client, address(giver, receiver), tmp_path)
    for each in (
        "ỦY BAN NHÂN DÂN",
        "DANH SÁCH GIAO NHẬN HỒ SƠ Ngày 01 tháng 3 năm 2016",
        f"Bên giao: {DESK} Bên nhận: {LAND}",
        first.code,
        "Huỳnh Thị Bé",
        "10:05 10:20 15/03/2016 Thẩm tra gấp",
        "10:07 08:00 02/03 15/03/2016",
        "Tổng số: 2 hồ sơ (bằng chữ: hai hồ sơ).",
        "Thới Bình, ngày 01 tháng 3 năm 2016",
        "BÊN GIAO BÊN NHẬN",
        "Trần Thị Mận in lúc 09:00 thứ Tư 02/03/2016.",
        "Trần Thị Mận Lê Văn Đời",
    ):
        assert each in words
    assert words.index(first.code) < words.index(second.code)
    assert "nữa không có trong danh sách" not in words
    back = client.get(address(receiver, giver))
    assert back.status_code == 404


def test_handed_list_of_the_way_back_tells_what_became_of_each(cast: Cast, tmp_path: Path) -> None:
    dossier = forwarded(cast, "10:05")
    perform.resolve(dossier, by=cast.specialist, at=vn("2016-03-01T15:00"), outcome="approved")
    giver, receiver = f"d{cast.land_division.pk}", f"o{cast.district.pk}"
    words = looked_at(logged_in(cast.specialist), address(giver, receiver), tmp_path)
    assert f"Bên giao: {LAND} Bên nhận: {DESK}" in words
    assert "15:00 15:00 15/03/2016" in words


def test_handed_list_counts_the_papers_that_went_with_the_dossier(cast: Cast) -> None:
    dossier = forwarded(cast, "10:05")
    dossier.papers.create(position=1, name="Đơn", kind="original")
    dossier.papers.create(position=2, name="Bản vẽ", kind="copy")
    dossier.papers.create(position=3, name="Căn cước công dân", kind="shown")
    (line,) = handed_lines(cast.clerk, DAY)
    assert [row.papers for row in handed_rows(cast.clerk, line)] == [2]


def test_handed_list_is_recorded_for_each_dossier_in_it(cast: Cast) -> None:
    dossiers = [forwarded(cast, "10:05"), forwarded(cast, "10:06")]
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")
    assert logged_in(cast.leader).get(where).status_code == 200
    for dossier in dossiers:
        read = dossier.events.get(kind=Event.Kind.READ)
        assert (read.actor, read.details) == (cast.leader, {"file": "giao-nhan-20160301.pdf"})


def test_handed_list_is_printed_by_a_form_and_numbers_its_copies(
    cast: Cast, tmp_path: Path
) -> None:
    dossiers = [forwarded(cast, "10:05"), forwarded(cast, "10:06")]
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")
    client, token = logged_in(cast.clerk), {"token": str(uuid4())}
    assert "BẢN XEM" in looked_at(client, where, tmp_path)
    assert client.post(where, token).status_code == 200
    assert client.post(where, token).status_code == 200  # the same press
    assert "BẢN IN LẠI LẦN 1" in printed(client, where, tmp_path)
    for dossier in dossiers:
        told = dossier.events.filter(kind=Event.Kind.PRINT).values_list("details", flat=True)
        of = f"20160301 o{cast.district.pk} d{cast.land_division.pk}"
        assert list(told) == [{"paper": "handed_list", "copy": n, "of": of} for n in (1, 2)]
    page = text(client.get(f"/ho-so/{dossiers[0].code}/"))
    assert "In danh sách giao nhận 2 lần" in page


@pytest.mark.parametrize("who", ["commune_clerk", "commune_leader", "other_clerk"])
def test_handed_list_of_another_office_does_not_exist(cast: Cast, who: str) -> None:
    forwarded(cast, "10:05")
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")
    assert logged_in(getattr(cast, who)).get(where).status_code == 404
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()


@pytest.mark.parametrize(
    "query", ["", "?ngay=2016-03-01", "?ngay=hom-qua&tu=o1&den=d1", "?ngay=2016-03-01&tu=&den="]
)
def test_handed_list_without_a_day_and_two_places_does_not_exist(cast: Cast, query: str) -> None:
    forwarded(cast, "10:05")
    assert logged_in(cast.clerk).get(LIST + query).status_code == 404


def test_handed_list_beyond_its_bound_says_how_many_it_leaves_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(handed_lists, "MOST", 2)
    for minute in (9, 7, 8):
        forwarded(cast, f"10:0{minute}")
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")
    words = looked_at(logged_in(cast.clerk), where, tmp_path)
    assert "10:07" in words
    assert "10:08" in words
    assert "10:09" not in words
    assert (
        "Còn 1 hồ sơ nữa không có trong danh sách này: một danh sách in nhiều nhất 2 hồ sơ."
        in words
    )
    assert "Chỉ in" in text(logged_in(cast.clerk).get(f"{PAGE}?ngay=2016-03-01"))


def test_handed_list_that_is_long_is_drawn_apart_and_is_the_same_paper(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", 1)
    codes = [forwarded(cast, f"10:0{minute}").code for minute in range(2)]
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")
    words = looked_at(logged_in(cast.clerk), where, tmp_path)
    assert all(code in words for code in codes)
    assert "Tổng số: 2 hồ sơ (bằng chữ: hai hồ sơ)." in words


@time_machine.travel(vn("2016-03-01T16:00"), tick=False)
def test_handed_lists_page_shows_today_and_the_day_before_and_leads_to_each_list(
    cast: Cast,
) -> None:
    forwarded(cast, "10:05")
    client = logged_in(cast.clerk)
    today = client.get(PAGE)
    assert f"{DESK} {LAND} 1 Xem In danh sách" in text(today)
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")
    assert where.replace("&", "&amp;") in today.content.decode()
    assert "?ngay=2016-02-29" in today.content.decode()
    assert "Ngày sau" not in text(today)
    before = client.get(f"{PAGE}?ngay=29/02/2016")
    assert "Ngày 29/02/2016 không có hồ sơ nào được giao nhận." in text(before)
    assert "?ngay=2016-03-01" in before.content.decode()


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("0001-01-01", "01/01/0001"),
        ("9999-12-31", "31/12/9999"),
        ("hom-qua", "hom-qua"),
        ("2016-03-02", "02/03/2016"),
    ],
)
@time_machine.travel(vn("2016-03-01T16:00"), tick=False)
def test_handed_lists_page_says_which_day_it_cannot_show(cast: Cast, day: str, shown: str) -> None:
    answer = logged_in(cast.clerk).get(f"{PAGE}?ngay={day}")
    assert answer.status_code == 422
    assert "Ngày giao nhận : Hãy" in text(answer)
    assert shown in answer.content.decode()


def test_handed_lists_page_and_list_ask_as_many_statements_for_many_rows(cast: Cast) -> None:
    client = logged_in(cast.clerk)
    where = address(f"o{cast.district.pk}", f"d{cast.land_division.pk}")

    def statements() -> list[int]:
        counts = []
        for one in (f"{PAGE}?ngay=2016-03-01", where, CALL):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(one).status_code == 200
            counts.append(len(captured))
        return counts

    def one_more(minute: int) -> None:
        forwarded(cast, f"10:{minute}")
        done = forwarded(cast, f"11:{minute}")
        perform.resolve(done, by=cast.specialist, at=vn("2016-03-01T15:00"), outcome="approved")

    one_more(10)
    statements()
    few = statements()
    for minute in range(11, 15):
        one_more(minute)
    assert statements() == few


@time_machine.travel(vn("2016-03-01T16:00"), tick=False)
def test_handed_lists_are_one_press_away_after_forwarding_many(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    sent = {"act": "forward", "token": str(uuid4()), "ho-so": [dossier.code]}
    answer = logged_in(cast.clerk).post("/ban-lam-viec/giao-nhan/", sent, follow=True)
    assert "In danh sách giao nhận" in text(answer)
    assert f'href="{PAGE}"' in answer.content.decode()


def test_call_list_tells_whom_to_call_since_when_the_longest_waiting_first(
    cast: Cast, tmp_path: Path
) -> None:
    later, first = (
        cast.received(
            "2016-03-01T09:00",
            applicant_name=name,
            phone=phone,
            submitter_name=submitter,
            submitter_phone="0900000009" if submitter else "",
            return_method=method,
        )
        for name, phone, submitter, method in (
            ("Nguyễn Văn Ân", "0900000001", "", "desk"),
            ("Huỳnh Thị Bé", "0900000002", "Lê Văn Tư", "post"),
        )
    )
    cast.received("2016-03-01T09:00", applicant_name="Chưa Có Kết Quả")
    perform.resolve(first, by=cast.clerk, at=vn("2016-03-02T15:00"), outcome="approved")
    perform.resolve(later, by=cast.clerk, at=vn("2016-03-03T15:00"), outcome="approved")
    client = logged_in(cast.clerk)
    assert "In danh sách kết quả cần gọi" in text(client.get("/ban-lam-viec/?hang-doi=tra-ket-qua"))
    words = looked_at(client, CALL, tmp_path)
    assert "DANH SÁCH KẾT QUẢ CẦN GỌI" in words
    assert "Chưa Có Kết Quả" not in words
    assert "Tổng số: 2 hồ sơ (bằng chữ: hai hồ sơ)." in words
    for each in ("0900000001", "0900000002", "0900000009", "Nộp thay:", "02/03/2016", "03/03/2016"):
        assert each in words
    assert "Qua dịch vụ" in words
    assert words.index(first.code) < words.index(later.code)
    assert first.events.get(kind=Event.Kind.READ).details["file"].startswith("can-goi-")


def test_call_list_without_a_result_does_not_exist(cast: Cast) -> None:
    cast.received("2016-03-01T09:00")
    client = logged_in(cast.clerk)
    assert client.get(CALL).status_code == 404
    assert "cần gọi" not in text(client.get("/ban-lam-viec/?hang-doi=tra-ket-qua"))


def test_call_list_is_for_those_who_have_the_queue(cast: Cast) -> None:
    without = make_staff("khong-phong", cast.district, "specialist")
    assert logged_in(without).get(CALL).status_code == 403


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (94, "chín mươi bốn"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (225, "hai trăm hai mươi lăm"),
        (500, "năm trăm"),
    ],
)
def test_number_in_words_as_it_is_read(number: int, words: str) -> None:
    assert number_in_words(number) == words
