"""The desk's search of a procedure in the citizen's words, and what is usual at this desk."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk.procedure_search import find_procedures, habits_of, received_in_a_year
from procedures.models import (
    HandledElsewhere,
    Procedure,
    ProcedureWords,
    SearchTerm,
    UnansweredQuestion,
)
from procedures.search import catalogue_index
from tests.cast import Cast, make_procedure, vn
from tests.dossiers.counter_pages import PAGE, page_of, text, typed, value
from tests.dossiers.pages import path, send

PIECE = f"{PAGE}thu-tuc/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


def page(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def names(cast: Cast, words: str) -> list[str]:
    return [line.procedure.key for line in find_procedures(cast.clerk, cast.district, words).lines]


@pytest.fixture
def twins(cast: Cast) -> tuple[Procedure, Procedure]:
    """Two procedures that answer “bến khách” alike."""
    made = [
        make_procedure(key, f"Công bố bến khách {one}", "Đường thủy", "district", 5, "working_day")
        for key, one in (("H911", "ngang sông"), ("H912", "ngang kênh"))
    ]
    return made[0], made[1]


def test_find_procedures_what_the_clerk_receives_most_stands_before_its_equals(
    cast: Cast, twins: tuple[Procedure, Procedure]
) -> None:
    for favoured, other in (twins, twins[::-1]):
        for minute in range(10, 10 + 3 * (favoured == twins[1]) + 2):
            cast.received(f"2016-02-03T09:{minute}", procedure=favoured)
        assert names(cast, "ben khach")[:2] == [favoured.key, other.key]


def test_habits_the_own_most_used_counts_more_than_what_only_the_desk_does(
    cast: Cast, twins: tuple[Procedure, Procedure]
) -> None:
    mine, of_desk = twins
    cast.received("2016-02-03T09:00", procedure=mine)
    for minute in (10, 20):
        cast.received(f"2016-02-03T09:{minute}", procedure=of_desk, by=cast.specialist)
    assert habits_of(cast.clerk, cast.district).favoured == {mine.pk: 1.0, of_desk.pk: 0.5}
    assert names(cast, "ben khach")[0] == mine.key


def test_habits_after_30_days_it_is_no_more_told_and_after_90_no_more_favoured(
    cast: Cast,
) -> None:
    cast.received("2015-12-20T09:00", procedure=cast.land)
    cast.received("2015-10-20T09:00", procedure=cast.building)
    habits = habits_of(cast.clerk, cast.district)
    assert habits.favoured == {cast.land.pk: 1.0}
    assert habits.of_desk_lately == {cast.land.pk: 0}


def test_received_in_a_year_counts_all_desks_and_feeds_the_index(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    cast.received("2016-02-03T09:00", procedure=cast.land)
    cast.received("2016-02-03T09:10", procedure=cast.land)
    cast.received("2016-02-03T09:20", procedure=cast.birth, office=cast.tan_loc)
    cast.received("2015-01-20T09:20", procedure=cast.building)
    with django_assert_num_queries(1):
        assert received_in_a_year() == {cast.land.pk: 2, cast.birth.pk: 1}
    assert catalogue_index._counts is received_in_a_year


def test_hit_says_matched_words_limit_sector_common_name_and_how_often(
    clerk: Client, cast: Cast
) -> None:
    ProcedureWords.objects.create(
        procedure=cast.building, names="xin cất nhà", when="Xây mới nhà ở."
    )
    cast.received("2016-02-03T09:00", procedure=cast.building)
    answer = clerk.get(PIECE, {"q": "giay phep xay dung"})
    assert "<mark>giấy phép xây dựng</mark>" in page(answer)
    words = text(answer)
    assert "1 thủ tục." in words
    assert "Xin cất nhà. Xây mới nhà ở. 15 ngày Hoạt động xây dựng 30 ngày qua: 1" in words


def test_procedure_search_hits_are_told_with_how_the_words_were_understood(
    clerk: Client, cast: Cast
) -> None:
    SearchTerm.objects.create(word="đúc nhà", means="giấy phép xây dựng nhà ở riêng lẻ")
    words = text(clerk.get(PIECE, {"q": "duc nha"}))
    assert "“duc nha” ở đây hiểu là giấy phép xây dựng nhà ở riêng lẻ" in words


def test_enter_takes_the_first_only_where_the_answer_is_sure(
    clerk: Client, cast: Cast, twins: tuple[Procedure, Procedure]
) -> None:
    sure = page(clerk.get(PIECE, {"q": "giay phep xay dung"}))
    assert "data-sure" in sure
    assert "Nhận hồ sơ này <kbd>Enter</kbd>" in sure
    unsure = page(clerk.get(PIECE, {"q": "ben khach"}))
    assert "data-sure" not in unsure
    assert "Nhận theo thủ tục này" in unsure
    assert "btn-primary" not in unsure
    assert clerk.get(PAGE, {"q": "ben khach"}).status_code == 200
    assert clerk.get(PAGE, {"q": "giay phep xay dung"})["Location"] == page_of(cast.building)


def test_procedure_search_panel_tells_due_date_solver_fee_and_papers_of_one(
    clerk: Client, cast: Cast
) -> None:
    first = text(clerk.get(PIECE, {"q": "bien dong dat"}))
    one = text(clerk.get(PIECE, {"xem": "H901"}))
    for told in (first, one):
        assert "Hẹn trả thứ Năm 25/02/2016 nếu nhận bây giờ" in told
        assert "Giải quyết Chi nhánh Văn phòng Đăng ký đất đai huyện" in told
        assert "Đơn đăng ký biến động (01 bản chính)" in told
    assert clerk.get(PIECE, {"xem": "X902"}).status_code == 404


def test_weak_match_names_what_is_missing_and_enter_takes_nothing(
    clerk: Client, cast: Cast
) -> None:
    answer = clerk.get(PIECE, {"q": "giấy phép xây dựng ba gác"})
    assert "Không thủ tục nào có đủ các chữ đã gõ." in text(answer)
    assert "không có: <s>" in page(answer)
    assert "data-sure" not in page(answer)


def test_nothing_found_says_where_it_was_sought_and_where_the_matter_goes(
    clerk: Client, cast: Cast
) -> None:
    HandledElsewhere.objects.create(
        matter="hộ chiếu", words="passport", where="Công an tỉnh", advice="Nộp trực tuyến."
    )
    words = text(clerk.get(PIECE, {"q": "lam ho chieu"}))
    assert (
        "Đã tìm trong 2 thủ tục của Huyện Thới Bình, có dấu và không dấu, cả tên gọi thường dùng."
        in words
    )
    assert "Hộ chiếu thuộc nơi khác: Công an tỉnh . Nộp trực tuyến." in words


def test_nothing_found_here_counts_what_other_offices_receive(clerk: Client, cast: Cast) -> None:
    answer = clerk.get(PIECE, {"q": "dang ky lai khai sinh"})
    assert "Nơi khác nhận: 1 thủ tục" in text(answer)
    assert 'href="/thu-tuc/?tim=dang%20ky%20lai%20khai%20sinh"' in page(answer)


def test_question_that_finds_nothing_is_noted_only_when_it_is_asked(
    clerk: Client, cast: Cast
) -> None:
    clerk.get(PIECE, {"q": "xyzq"})
    assert not UnansweredQuestion.objects.exists()
    clerk.get(PIECE, {"q": "xyzq", "hoi": "1"})
    clerk.get(PAGE, {"q": "xyzq"})
    clerk.post(page_of(cast.land), typed(cast.land, act="search", q="xyzq"))
    noted = UnansweredQuestion.objects.get()
    assert (noted.words, noted.times) == ("xyzq", 3)


def test_search_asks_as_many_statements_for_many_hits_as_for_few(clerk: Client, cast: Cast) -> None:
    def statements(words: str) -> int:
        clerk.get(PIECE, {"q": words})
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert clerk.get(PIECE, {"q": words}).status_code == 200
        return len(asked)

    few = statements("quang cao")
    make_procedure("H920", "Thông báo quảng cáo", "Văn hóa", "district", 5, "working_day")
    few = statements("quang cao")
    for number in range(12):
        make_procedure(
            f"H93{number}", f"Quảng cáo loại {number}", "Văn hóa", "district", 5, "working_day"
        )
    assert len(names(cast, "quang cao")) == 13
    assert statements("quang cao") == few


def test_most_used_is_that_of_the_desk_for_a_clerk_who_received_nothing(
    client: Client, cast: Cast
) -> None:
    cast.received("2016-02-03T09:00", procedure=cast.land, by=cast.specialist)
    client.force_login(cast.clerk)
    assert "Hay nhận nhất ở đây, 30 ngày qua" in text(client.get(PAGE))


# The correction of a dossier's procedure


def test_correction_seeks_a_procedure_and_keeps_what_was_typed(clerk: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00")
    shown = page(clerk.get(path(dossier, "correct")))
    assert shown.count('name="procedure"') == 1
    answer = send(clerk, dossier, "correct", act="search", q="giay phep", phone="12", fee_paid="on")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "15 ngày" in text(answer)
    assert cast.building.name in text(answer)
    assert value(answer, "phone") == "12"
    assert page(answer).count('name="procedure"') == 2
    dossier.refresh_from_db()
    assert (dossier.phone, dossier.procedure) == ("", cast.land)


def test_correction_shown_again_loses_no_tick_that_was_taken_away(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00", fee_vnd=1000, fee_paid=True)
    form = clerk.get(path(dossier, "correct")).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    del sent["fee_paid"]
    again = clerk.post(path(dossier, "correct"), sent | {"act": "search", "q": "giay phep"})
    assert not again.context["form"]["fee_paid"].value()


def test_correction_enter_seeks_while_the_words_are_new_and_saves_after(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00")
    words = {"act": "enter", "q": "giay phep", "phone": "0900000001", "reason": "Nhầm"}
    assert send(clerk, dossier, "correct", **words).status_code == 200  # type: ignore[attr-defined]
    saved = send(clerk, dossier, "correct", **words, searched="giay phep")
    assert saved.status_code == 302  # type: ignore[attr-defined]
    dossier.refresh_from_db()
    assert dossier.phone == "0900000001"


def test_correction_to_a_procedure_that_is_not_offered_is_refused_at_its_field(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00")
    for wrong in (cast.birth.pk, 999_999, "abc"):
        answer = send(clerk, dossier, "correct", procedure=wrong, reason="Nhầm", phone="12")
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert "Nơi tiếp nhận hồ sơ không nhận thủ tục này." in text(answer)
        assert value(answer, "phone") == "12"


def test_correction_suggests_while_one_types_and_keeps_what_is_chosen(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00")
    address = f"/ho-so/{dossier.code}/thu-tuc-khac/"
    answer = clerk.get(address, {"q": "xyzq", "procedure": cast.building.pk})
    assert "Không thủ tục nào có đủ các chữ đã gõ" in text(answer)
    assert f"{cast.building.name} (15 ngày, đã chọn)" in text(answer)
    assert f"{cast.land.name} (10 ngày làm việc, đang ghi)" in text(answer)
    assert not UnansweredQuestion.objects.exists()
    clerk.get(address, {"q": "xyzq", "hoi": "1"})
    assert UnansweredQuestion.objects.get().words == "xyzq"
