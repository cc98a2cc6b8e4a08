"""What was asked in vain is counted by its words; who asked is kept nowhere."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from procedures.models import UnansweredQuestion
from procedures.search.unanswered import MOST_UNSHOWN, forget_unanswered, note_unanswered
from tests.cast import vn
from tests.dossiers.test_concurrency import at_once

TODAY = date(2026, 3, 2)
THREE = ("192.0.2.1", "192.0.2.7", "2001:db8::1")
"""Of different numbers among the 256, with the key of the tests."""


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with time_machine.travel(vn("2026-03-02T09:00"), tick=False):
        yield


def rows() -> list[tuple[str, int, bool]]:
    return list(
        UnansweredQuestion.objects.order_by("words").values_list("words", "times", "is_shown")
    )


@pytest.mark.django_db
def test_unanswered_three_different_askers_show_a_question() -> None:
    for asker in THREE[:2]:
        note_unanswered("Nuôi  cá sấu", asker)
    assert rows() == [("nuôi cá sấu", 2, False)]

    note_unanswered("NUÔI CÁ SẤU", THREE[2])

    assert rows() == [("nuôi cá sấu", 3, True)]
    assert UnansweredQuestion.objects.get().last_asked_on == TODAY


@pytest.mark.django_db
def test_unanswered_one_asker_shows_nothing_however_often_he_asks() -> None:
    for _ in range(3):
        note_unanswered("nuôi cá sấu", THREE[0])

    assert rows() == [("nuôi cá sấu", 3, False)]


@pytest.mark.django_db
def test_unanswered_once_it_is_shown_nothing_of_who_asked_is_left() -> None:
    for asker in THREE:
        note_unanswered("nuôi cá sấu", asker)
    note_unanswered("nuôi cá sấu", "192.0.2.99")

    question = UnansweredQuestion.objects.get()
    assert (question.askers, question.times, question.is_shown) == ("", 4, True)


@pytest.mark.django_db
def test_unanswered_row_holds_no_address() -> None:
    for asker in THREE[:2]:
        note_unanswered("nuôi cá sấu", asker)

    kept = UnansweredQuestion.objects.values().get()
    kept.pop("id")
    marks = kept.pop("askers").split()
    assert kept == {
        "words": "nuôi cá sấu",
        "times": 2,
        "is_shown": False,
        "last_asked_on": TODAY,
    }
    assert [len(mark) for mark in marks] == [2, 2]
    assert all(0 <= int(mark, 16) < 256 for mark in marks)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "cccd 079123456789",
        "0912 345 678",
        "a",
        "",
        "tôi tên là nguyễn văn a ở ấp hai muốn kiện ông hàng xóm lấn đất nhà tôi",
    ],
)
def test_unanswered_numbers_and_stories_are_not_kept(text: str) -> None:
    note_unanswered(text, THREE[0])

    assert rows() == []


@pytest.mark.django_db
def test_unanswered_year_and_number_of_a_form_are_kept() -> None:
    note_unanswered("mẫu 02 năm 5", THREE[0])

    assert rows() == [("mẫu 02 năm 5", 1, False)]


@pytest.mark.django_db
def test_unanswered_one_asker_writes_at_most_twenty_at_once() -> None:
    for letter in "abcdefghijklmnopqrstuvwxy":
        note_unanswered(f"câu {letter}", THREE[0])

    assert UnansweredQuestion.objects.count() == 20


def unshown(count: int, asked_on: date) -> None:
    UnansweredQuestion.objects.bulk_create(
        UnansweredQuestion(words=f"câu {asked_on} {number}", times=1, last_asked_on=asked_on)
        for number in range(count)
    )


@pytest.mark.django_db
def test_unanswered_what_few_asked_is_forgotten_after_a_month() -> None:
    unshown(1, TODAY - timedelta(days=31))
    unshown(2, TODAY - timedelta(days=32))
    UnansweredQuestion.objects.create(
        words="nuôi cá sấu", times=3, is_shown=True, last_asked_on=date(2025, 1, 1)
    )

    assert forget_unanswered(TODAY) == 2

    assert rows() == [("câu 2026-01-30 0", 1, False), ("nuôi cá sấu", 3, True)]


@pytest.mark.django_db
def test_unanswered_night_forgets_what_few_asked() -> None:
    unshown(3, date(2026, 1, 1))
    told = StringIO()

    call_command("prune_questions", stdout=told)

    assert told.getvalue() == "Đã bỏ 3 câu hỏi ít người hỏi.\n"
    assert rows() == []


@pytest.mark.django_db
def test_unanswered_full_table_lets_the_oldest_go() -> None:
    unshown(MOST_UNSHOWN - 1, TODAY)
    unshown(1, TODAY - timedelta(days=20))

    note_unanswered("nuôi cá sấu", THREE[0])

    assert UnansweredQuestion.objects.count() == MOST_UNSHOWN - MOST_UNSHOWN // 10 + 1
    kept = UnansweredQuestion.objects.values_list("words", flat=True)
    assert "nuôi cá sấu" in kept
    assert "câu 2026-02-10 0" not in kept


@pytest.mark.django_db
def test_unanswered_full_table_lets_the_expired_go_before_the_young() -> None:
    unshown(MOST_UNSHOWN - 1, TODAY - timedelta(days=40))
    unshown(1, TODAY)

    note_unanswered("nuôi cá sấu", THREE[0])

    assert rows() == [("câu 2026-03-02 0", 1, False), ("nuôi cá sấu", 1, False)]


@pytest.mark.django_db(transaction=True)
def test_unanswered_database_that_only_reads_costs_nothing_but_the_count() -> None:
    only_read, also_write = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(only_read)
    try:
        note_unanswered("nuôi cá sấu", THREE[0])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(also_write)

    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_unanswered_two_first_askers_at_once_make_one_row() -> None:
    raised = at_once(
        lambda: note_unanswered("nuôi cá sấu", THREE[0]),
        lambda: note_unanswered("nuôi cá sấu", THREE[1]),
    )

    assert raised == []
    ((words, times, is_shown),) = rows()
    assert (words, is_shown) == ("nuôi cá sấu", False)
    assert times in (1, 2)  # who came second may not be counted
