"""Why a dossier is early, on time or late, in words: pure Python, no database.

`explain` tells it in the order in which it came about: received, the limit and the first date,
how often and why the clock stood still, the date in force, the day that was timed, the verdict.
Days between are working days of the office that received it (Asia/Ho_Chi_Minh); where a year has
no calendar they are calendar days, and the words say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from dossiers.rules.timeliness import Timeliness, classify, is_overdue
from procedures.workdays import NoCalendarData, WorkingCalendar


@dataclass(frozen=True)
class Standstill:
    """A time in which the clock stood still: "chờ bổ sung", and what was asked for."""

    kind: str
    since: date
    until: date | None
    reason: str = ""


@dataclass(frozen=True)
class Promise:
    """A date that counts, in force from a day on, and why it was given."""

    due_on: date
    since: date
    kind: str
    is_copied: bool = False
    """Written in an old register, not reckoned here."""
    instead_of: date | None = None
    """What was promised before a correction of receipt or procedure reckoned this one anew."""
    corrected_on: date | None = None


@dataclass(frozen=True)
class ClassFacts:
    """What the explanation needs to know of a dossier that was accepted; moments are local."""

    received_at: datetime
    effective_at: datetime
    limit: str
    promises: tuple[Promise, ...]
    standstills: tuple[Standstill, ...]
    due_on: date | None
    today: date
    ended_on: date | None = None
    timed_on: date | None = None
    ending: str = ""
    """How it ended: "giải quyết xong", "công dân rút"."""
    apologies: int = 0
    later: tuple[str, ...] = ()
    """What is said of acts that were entered later than they happened."""


def margin(calendar: WorkingCalendar, timed_on: date, due_on: date | None) -> str:
    """How far from its date a dossier ended: "sớm 2 ngày làm việc", "trễ 3 ngày làm việc"."""
    kind = classify(timed_on, due_on)
    if due_on is None or kind is Timeliness.ON_TIME:
        return "đúng hạn"
    early = kind is Timeliness.EARLY
    return f"{'sớm' if early else 'trễ'} {between(calendar, *sorted([timed_on, due_on]))}"


def between(calendar: WorkingCalendar, first: date, last: date) -> str:
    """The working days after the first up to and including the last: "3 ngày làm việc"."""
    try:
        days = calendar.working_days_between(first, last)
    except NoCalendarData as missing:
        return f"{(last - first).days} ngày (chưa có lịch làm việc năm {missing.year})"
    return f"{days} ngày làm việc" if days else "chưa tới 1 ngày làm việc"


def explain(facts: ClassFacts, calendar: WorkingCalendar) -> list[str]:
    """The sentences of the explanation."""
    return [
        _receipt(facts),
        *_dates(facts),
        *_standstills(facts),
        *_later_dates(facts),
        *facts.later,
        *(_ended(facts, facts.ended_on, calendar) if facts.ended_on else _open(facts, calendar)),
    ]


def _receipt(facts: ClassFacts) -> str:
    words = f"Tiếp nhận lúc {facts.received_at:%H:%M} ngày {facts.received_at:%d/%m/%Y}"
    if facts.effective_at == facts.received_at:
        return f"{words}."
    start = f"{facts.effective_at:%H:%M} ngày {facts.effective_at:%d/%m/%Y}"
    return f"{words}, ngoài giờ làm việc, nên thời hạn tính từ {start}."


def _dates(facts: ClassFacts) -> Iterator[str]:
    if not facts.promises:
        yield f"Thời hạn của thủ tục là {facts.limit}; hồ sơ không ghi ngày hẹn trả."
        return
    first = facts.promises[0]
    if first.is_copied:
        yield (f"Ngày hẹn trả {_day(first.due_on)} chép theo sổ cũ, chương trình không tính lại.")
    else:
        yield f"Thời hạn {facts.limit}, hẹn trả ngày {_day(first.due_on)}."
    if first.instead_of is not None and first.corrected_on is not None:
        yield (
            f"Trước khi sửa thông tin ngày {_day(first.corrected_on)}, đã hẹn trả ngày "
            f"{_day(first.instead_of)}."
        )


def _standstills(facts: ClassFacts) -> Iterator[str]:
    for pause in facts.standstills:
        until = f"đến ngày {_day(pause.until)}" if pause.until else "đến nay chưa xong"
        why = f": {pause.reason}" if pause.reason else ""
        yield f"Thời hạn dừng từ ngày {_day(pause.since)} {until} vì {pause.kind}{why}."


def _later_dates(facts: ClassFacts) -> Iterator[str]:
    for promise in facts.promises[1:]:
        yield (
            f"Từ ngày {_day(promise.since)}, ngày hẹn trả là {_day(promise.due_on)} "
            f"({promise.kind})."
        )
    if facts.apologies:
        yield "Đã xin lỗi và hẹn lại; ngày hẹn lại không dùng để xét hạn."


def _ended(facts: ClassFacts, ended_on: date, calendar: WorkingCalendar) -> Iterator[str]:
    timed_on = facts.timed_on or ended_on
    yield f"Kết thúc ngày {_day(ended_on)}: {facts.ending}."
    if timed_on != ended_on:
        yield (
            "Lúc kết thúc, thời hạn đang dừng để chờ công dân, nên xét hạn theo ngày thời hạn "
            f"dừng lại, {_day(timed_on)}."
        )
    if facts.due_on is None:
        yield "Không có ngày hẹn trả nên xếp là đúng hạn."
        return
    yield (
        f"So ngày {_day(timed_on)} với ngày hẹn trả {_day(facts.due_on)}: "
        f"{margin(calendar, timed_on, facts.due_on)}."
    )


def _open(facts: ClassFacts, calendar: WorkingCalendar) -> Iterator[str]:
    if facts.due_on is None:
        yield "Chưa có kết quả. Không có ngày hẹn trả nên xếp là trong hạn."
        return
    stopped = any(pause.until is None for pause in facts.standstills)
    if stopped:
        yield "Chưa có kết quả. Thời hạn đang dừng để chờ công dân nên xếp là trong hạn."
        return
    compared = f"So hôm nay {_day(facts.today)} với ngày hẹn trả {_day(facts.due_on)}"
    if is_overdue(facts.due_on, facts.today):
        late = between(calendar, facts.due_on, facts.today)
        yield f"Chưa có kết quả. {compared}: quá hạn {late}."
    elif facts.due_on == facts.today:
        yield f"Chưa có kết quả. {compared}: trong hạn, đến hạn hôm nay."
    else:
        left = between(calendar, facts.today, facts.due_on)
        yield f"Chưa có kết quả. {compared}: trong hạn, còn {left}."


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
