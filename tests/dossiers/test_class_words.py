"""Why a dossier is early, on time or late, in words: literal dates of 2016 to 2026."""

from datetime import date, datetime
from typing import Any

import pytest

from dossiers.rules.class_words import ClassFacts, Promise, Standstill, explain, margin
from procedures.workdays import WorkingCalendar
from tests.procedures.shipped_calendar import shipped_calendar

NINE = datetime(2016, 1, 4, 9)


def facts(**changed: Any) -> ClassFacts:
    """Received on Monday 04/01/2016, ten working days, due on Monday 18/01/2016."""
    usual: dict[str, Any] = {
        "received_at": NINE,
        "effective_at": NINE,
        "limit": "10 ngày làm việc",
        "promises": (Promise(date(2016, 1, 18), date(2016, 1, 4), "hẹn khi tiếp nhận"),),
        "standstills": (),
        "due_on": date(2016, 1, 18),
        "today": date(2016, 1, 11),
    }
    return ClassFacts(**(usual | changed))


def told(**changed: Any) -> list[str]:
    return explain(facts(**changed), shipped_calendar())


def ended(on: date, **changed: Any) -> list[str]:
    return told(ended_on=on, timed_on=on, ending="giải quyết xong", **changed)


def test_class_words_early_dossier_tells_receipt_limit_end_and_by_how_much() -> None:
    assert ended(date(2016, 1, 14)) == [
        "Tiếp nhận lúc 09:00 ngày 04/01/2016.",
        "Thời hạn 10 ngày làm việc, hẹn trả ngày 18/01/2016.",
        "Kết thúc ngày 14/01/2016: giải quyết xong.",
        "So ngày 14/01/2016 với ngày hẹn trả 18/01/2016: sớm 2 ngày làm việc.",
    ]


@pytest.mark.parametrize(
    ("timed_on", "due_on", "words"),
    [
        (date(2016, 1, 18), date(2016, 1, 18), "đúng hạn"),
        (date(2016, 1, 15), date(2016, 1, 18), "sớm 1 ngày làm việc"),
        (date(2016, 1, 21), date(2016, 1, 18), "trễ 3 ngày làm việc"),
        (date(2016, 2, 15), date(2016, 2, 5), "trễ 1 ngày làm việc"),  # Tết lies between
        (date(2016, 1, 16), date(2016, 1, 15), "trễ chưa tới 1 ngày làm việc"),  # a Saturday
        (date(2016, 1, 14), None, "đúng hạn"),
        (date(2013, 1, 9), date(2013, 1, 2), "trễ 7 ngày (chưa có lịch làm việc năm 2013)"),
    ],
)
def test_margin_counts_working_days(timed_on: date, due_on: date | None, words: str) -> None:
    calendar: WorkingCalendar = shipped_calendar()
    assert margin(calendar, timed_on, due_on) == words


def test_receipt_after_hours_says_from_when_the_limit_runs() -> None:
    first = told(received_at=datetime(2016, 1, 2, 8, 15), effective_at=datetime(2016, 1, 4, 7))[0]
    assert first == (
        "Tiếp nhận lúc 08:15 ngày 02/01/2016, ngoài giờ làm việc, nên thời hạn tính từ 07:00 ngày "
        "04/01/2016."
    )


def test_pause_of_2015_moves_the_date_and_is_told_with_its_reason() -> None:
    later = Promise(date(2016, 1, 21), date(2016, 1, 11), "tính lại sau bổ sung")
    words = ended(
        date(2016, 1, 22),
        promises=(*facts().promises, later),
        standstills=(
            Standstill("chờ bổ sung", date(2016, 1, 6), date(2016, 1, 11), "Bản đồ; Đơn"),
        ),
        due_on=date(2016, 1, 21),
    )
    assert words[2:] == [
        "Thời hạn dừng từ ngày 06/01/2016 đến ngày 11/01/2016 vì chờ bổ sung: Bản đồ; Đơn.",
        "Từ ngày 11/01/2016, ngày hẹn trả là 21/01/2016 (tính lại sau bổ sung).",
        "Kết thúc ngày 22/01/2016: giải quyết xong.",
        "So ngày 22/01/2016 với ngày hẹn trả 21/01/2016: trễ 1 ngày làm việc.",
    ]


def test_class_words_who_ends_while_the_clock_stands_still_is_timed_on_the_day_it_stopped() -> None:
    words = told(
        ended_on=date(2016, 2, 2),
        timed_on=date(2016, 1, 12),
        ending="công dân rút",
        standstills=(Standstill("chờ bổ sung", date(2016, 1, 12), date(2016, 2, 2)),),
    )
    assert words[2:] == [
        "Thời hạn dừng từ ngày 12/01/2016 đến ngày 02/02/2016 vì chờ bổ sung.",
        "Kết thúc ngày 02/02/2016: công dân rút.",
        "Lúc kết thúc, thời hạn đang dừng để chờ công dân, nên xét hạn theo ngày thời hạn dừng "
        "lại, 12/01/2016.",
        "So ngày 12/01/2016 với ngày hẹn trả 18/01/2016: sớm 4 ngày làm việc.",
    ]


def test_class_words_date_from_an_old_register_is_said_to_be_copied() -> None:
    copied = Promise(date(2016, 1, 20), date(2016, 1, 4), "hẹn khi tiếp nhận", is_copied=True)
    words = ended(date(2016, 1, 20), promises=(copied,), due_on=date(2016, 1, 20))
    assert words[1] == "Ngày hẹn trả 20/01/2016 chép theo sổ cũ, chương trình không tính lại."
    assert words[-1] == "So ngày 20/01/2016 với ngày hẹn trả 20/01/2016: đúng hạn."


def test_without_a_date_a_dossier_is_on_time_and_says_why() -> None:
    assert told(promises=(), due_on=None)[1:] == [
        "Thời hạn của thủ tục là 10 ngày làm việc; hồ sơ không ghi ngày hẹn trả.",
        "Chưa có kết quả. Không có ngày hẹn trả nên xếp là trong hạn.",
    ]
    assert ended(date(2016, 3, 1), promises=(), due_on=None)[-1] == (
        "Không có ngày hẹn trả nên xếp là đúng hạn."
    )


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2016, 1, 11), "So hôm nay 11/01/2016 với ngày hẹn trả 18/01/2016: trong hạn, còn 5 "),
        (date(2016, 1, 18), "18/01/2016: trong hạn, đến hạn hôm nay."),
        (date(2016, 1, 20), "18/01/2016: quá hạn 2 ngày làm việc."),
    ],
)
def test_class_words_open_dossier_is_compared_with_today(today: date, words: str) -> None:
    assert words in told(today=today)[-1]


def test_class_words_open_dossier_that_waits_is_in_time_whatever_the_date() -> None:
    waiting = Standstill("chờ nghĩa vụ tài chính", date(2016, 1, 12), None)
    assert told(today=date(2016, 3, 1), standstills=(waiting,))[2:] == [
        "Thời hạn dừng từ ngày 12/01/2016 đến nay chưa xong vì chờ nghĩa vụ tài chính.",
        "Chưa có kết quả. Thời hạn đang dừng để chờ công dân nên xếp là trong hạn.",
    ]


def test_apology_is_told_and_moves_nothing() -> None:
    words = ended(date(2016, 1, 20), apologies=1)
    assert "Đã xin lỗi và hẹn lại; ngày hẹn lại không dùng để xét hạn." in words
    assert words[-1].endswith("trễ 2 ngày làm việc.")
