"""What is to be done, the most urgent first; what is none is not said. Pure Python, no Django."""

from collections.abc import Iterable, Sequence
from datetime import date

from motcua.templatetags.motcua_tags import vn_date, vn_number
from reports.leaders.facts import SignedUnits, ToDo
from reports.leaders.thresholds import SOON
from reports.leaders.tiles import TileCase

NAMED = 3
Parts = Sequence[tuple[str, int]]
"""Level in a sentence, and how many of it."""


def todo_of(
    *,
    due_today: Parts,
    today: date,
    no_apology: Parts,
    no_cause: tuple[int, int],
    signed: SignedUnits | None,
    cases: Iterable[TileCase],
    due: tuple[date, date | None],
    insides: dict[str, str],
    addresses: dict[str, str],
) -> tuple[ToDo, ...]:
    """The lines. `due_today` is empty in a period that has ended; `no_cause` are those without a
    cause, resolved late and overdue; `due` the first and last day of what falls due soon;
    `addresses` by kind of line."""
    lines = [
        _line("due_today", due_today, f"hồ sơ đến hạn hôm nay, {vn_date(today)}", "Xem", addresses),
        _line(
            "no_apology", no_apology, "hồ sơ đang quá hạn, chưa có thư xin lỗi", "Xem", addresses
        ),
        _no_cause(*no_cause, addresses),
        _unsigned(signed),
        *(_due_soon(case, due, insides[case.key]) for case in cases if case.due_above_pace),
    ]
    return tuple(line for line in lines if line is not None and line.count)


def _line(kind: str, parts: Parts, words: str, act: str, addresses: dict[str, str]) -> ToDo | None:
    count = sum(number for _, number in parts)
    more = ", ".join(f"{vn_number(number)} của {level}" for level, number in parts if number)
    several = len(parts) > 1
    return ToDo(kind, count, words, more if several else "", act, addresses.get(kind, ""))


def _no_cause(late: int, overdue: int, addresses: dict[str, str]) -> ToDo:
    more = f"{vn_number(late)} đã trả trễ, {vn_number(overdue)} đang quá hạn"
    words = "hồ sơ trễ chưa ghi nguyên nhân"
    return ToDo("no_cause", late + overdue, words, more, "Ghi nguyên nhân", addresses["no_cause"])


def _unsigned(signed: SignedUnits | None) -> ToDo | None:
    if signed is None:
        return None
    of = f"số liệu {signed.label}" if signed.label else "số liệu kỳ này"
    names = signed.unsigned
    if not signed.number and len(names) > NAMED:
        more = "chưa đơn vị nào ký"
    else:
        left = len(names) - NAMED
        more = ", ".join(names[:NAMED]) + (f" và {left} đơn vị khác" if left > 0 else "")
    return ToDo("unsigned", len(names), f"đơn vị chưa ký {of}", more, "Nhắc", signed.address)


def _due_soon(case: TileCase, due: tuple[date, date | None], inside: str) -> ToDo:
    first, last = due
    until = f" đến {last:%d/%m}" if last else ""
    pace = case.pace or 0
    per_day = case.per_day or 0.0
    times = f"{case.due_soon / (SOON * per_day):.1f}".replace(".", ",") if per_day else ""
    return ToDo(
        "due_soon",
        case.due_soon,
        f"hồ sơ của {inside} đến hạn từ {first:%d/%m}{until}",
        f"gấp {times} lần nhịp giải quyết ba tháng qua ({vn_number(pace)} mỗi {SOON} ngày)",
        "Xem theo phòng",
        case.due_address,
    )
