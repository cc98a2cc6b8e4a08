"""The four tiles: sooner or on time, overdue, stock in days of work, due soon; a row a level, never
blended. Pure Python, no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from motcua.templatetags.motcua_tags import percent, rate_places, vn_number
from reports.leaders.facts import SLOTS, MonthEnd, TargetLine, Tile, TileGroup
from reports.leaders.thresholds import CHANCE, CHANGED, ENOUGH, SOON
from reports.statistics.exact import evenly, fisher

LEAST_CHANGE = 5
PACE_TIMES = 1.5
FULL_MONTHS = 3
RATE_SCALES = (90.0, 80.0, 0.0)
"""Where the scale of rates begins: the first that no month falls below."""


@dataclass(frozen=True)
class TileCase:
    """What the tiles need of a level."""

    key: str
    label: str
    """Such as "12 xã"."""
    in_time: int
    resolved: int
    pending: int
    overdue: int
    due_soon: int
    due_today: int
    slots: tuple[MonthEnd | None, ...]
    working: tuple[int | None, ...]
    """Working days of each slot's month; None in a year without calendar."""
    last_is_whole: bool
    """Whether the last slot is a whole month."""
    addresses: dict[str, str]
    targets: dict[str, TargetLine]
    """Those in force, by tile."""
    due_address: str = ""

    @property
    def per_day(self) -> float | None:
        """Resolved per working day of the last three whole months; None where that says nothing."""
        return self.per_day_at(SLOTS - 1 if self.last_is_whole else SLOTS - 2)

    def per_day_at(self, at: int) -> float | None:
        """The same of the three months that end with this slot."""
        if at < FULL_MONTHS - 1:
            return None
        resolved = days = 0
        for place in range(at - FULL_MONTHS + 1, at + 1):
            month, working = self.slots[place], self.working[place]
            if month is None or month.resolved < ENOUGH or not working:
                return None
            resolved, days = resolved + month.resolved, days + working
        return resolved / days

    @property
    def pace(self) -> int | None:
        """How many are resolved in SOON working days."""
        return round(SOON * self.per_day) if self.per_day is not None else None

    @property
    def due_above_pace(self) -> bool:
        """Whether more fall due than are usually resolved, by far."""
        per_day = self.per_day
        if per_day is None or self.due_soon < ENOUGH:
            return False
        return self.due_soon > PACE_TIMES * SOON * per_day

    @property
    def last_two(self) -> tuple[MonthEnd, MonthEnd] | None:
        before, now = self.slots[-2:]
        return (before, now) if before is not None and now is not None else None


def tiles_of(
    cases: Sequence[TileCase],
    day: date,
    until: date | None,
    *,
    running: bool,
) -> tuple[TileGroup, ...]:
    """The tiles at the end of the day; `until` is SOON working days after it, None in a year
    without calendar."""
    when = "hôm nay" if running else f"hết {day:%d/%m}"
    usual = all(case.per_day is not None for case in cases)
    places = rate_places([(c.in_time, c.resolved) for c in cases])
    soon = "Đến hạn hôm nay và 5 ngày tới" if running else "Đến hạn trong 5 ngày làm việc tới"
    return (
        TileGroup(
            "on_time",
            "Sớm và đúng hạn",
            tuple(_on_time(case, places, case.targets.get("on_time")) for case in cases),
        ),
        TileGroup(
            "overdue",
            f"Đang quá hạn{' ' if running else ', '}{when}",
            tuple(_overdue(case, case.targets.get("overdue")) for case in cases),
        ),
        TileGroup(
            "backlog",
            "Tồn, tính ra ngày làm việc" if usual else "Tồn",
            tuple(_backlog(case, case.targets.get("backlog")) for case in cases),
        ),
        TileGroup(
            "due_soon", soon, tuple(_due_soon(case, until, running=running) for case in cases)
        ),
    )


def days_of_work(pending: int, per_day: float) -> int:
    """The stock in whole working days of work; 0 for less than one."""
    days = pending / per_day
    return round(days) if days >= 1 else 0


def _on_time(case: TileCase, places: int, target: TargetLine | None) -> Tile:
    good, whole = case.in_time, case.resolved
    if whole >= ENOUGH:
        value = f"{percent(good, whole, places)} %"
    else:
        value = f"{vn_number(good)} / {vn_number(whole)}" if whole else "chưa có"
    fraction = f"{vn_number(good)} / {vn_number(whole)}"
    change, worse = _rate_change(case)
    words = ". ".join(filter(None, (fraction if whole >= ENOUGH else "", change)))
    below = bool(target and whole >= ENOUGH and 100 * good / whole < target.value)
    points = tuple(
        100 * slot.in_time / slot.resolved if slot and slot.resolved >= ENOUGH else None
        for slot in case.slots
    )
    lowest = min((p for p in points if p is not None), default=100.0)
    low = next((scale for scale in RATE_SCALES if lowest >= scale), 0.0)
    return Tile(
        kind="on_time",
        level=case.key,
        label=case.label,
        value=value,
        beside="",
        fraction=(good, whole),
        words=_with_target(words, target),
        alarm=below or worse,
        target=target,
        points=points,
        low=low,
        high=100.0,
        aria=_aria(case, points, " %", 1),
        address=case.addresses.get("resolved_late", "") or case.addresses.get("resolved_total", ""),
    )


def _rate_change(case: TileCase) -> tuple[str, bool]:
    """The last month against the one before, and whether it is worse by more than chance."""
    if case.last_two is None:
        return "", False
    before, now = case.last_two
    for month in (before, now):
        if not month.resolved:
            return f"Tháng {month.label} chưa giải quyết xong hồ sơ nào", False
        if month.resolved < ENOUGH:
            return f"Tháng {month.label} mới {vn_number(month.resolved)} hồ sơ, chưa so", False
    p = fisher(now.in_time, now.resolved, before.in_time, before.resolved)
    if p > CHANCE:
        return f"Tháng {now.label} như tháng {before.label}", False
    better = now.in_time * before.resolved > before.in_time * now.resolved
    rates = [percent(m.in_time, m.resolved) for m in (now, before)]
    word = "cao hơn" if better else "thấp hơn"
    words = f"Tháng {now.label} {rates[0]} %, {word} tháng {before.label} ({rates[1]} %)"
    return words, not better and p < CHANGED


def _overdue(case: TileCase, target: TargetLine | None) -> Tile:
    points = tuple(float(slot.overdue) if slot else None for slot in case.slots)
    words, alarm = "", False
    if case.last_two is not None:
        before, now = case.last_two
        words = _stock_change(before.overdue, now.overdue, before.label)
        alarm = _risen(before.overdue, now.overdue)
    above = bool(target and case.overdue > target.value)
    return Tile(
        kind="overdue",
        level=case.key,
        label=case.label,
        value=vn_number(case.overdue),
        beside=f"trong {vn_number(case.pending)}",
        fraction=(case.overdue, case.pending),
        words=_with_target(words, target),
        alarm=alarm or above,
        target=target,
        points=points,
        low=0.0,
        high=_high(points, target),
        aria=_aria(case, points, "", 0),
        address=case.addresses.get("pending_overdue", "") if case.overdue else "",
    )


def _backlog(case: TileCase, target: TargetLine | None) -> Tile:
    per_day = case.per_day
    stock = f"{vn_number(case.pending)} hồ sơ"
    if per_day is None:
        value, words, days = stock, "Chưa đủ ba tháng để tính ra ngày", None
        points = tuple(float(slot.pending) if slot else None for slot in case.slots)
    else:
        days = days_of_work(case.pending, per_day)
        value = f"{vn_number(days)} ngày" if days else "dưới 1 ngày"
        points = _days_points(case)
        words = stock
        earlier = points[-2] if len(points) > 1 else None
        if case.last_two is not None:
            before = case.last_two[0]
            in_days = ""
            if earlier is not None:
                in_days = f" {vn_number(round(earlier))} ngày," if earlier >= 1 else " dưới 1 ngày,"
            words += f"; cuối tháng {before.label}:{in_days} {vn_number(before.pending)}"
    alarm = bool(case.last_two and _risen(case.last_two[0].pending, case.last_two[1].pending))
    above = bool(target and days is not None and days > target.value)
    return Tile(
        kind="backlog",
        level=case.key,
        label=case.label,
        value=value,
        beside="",
        fraction=None,
        words=_with_target(words, target),
        alarm=alarm or above,
        target=target,
        points=points,
        low=0.0,
        high=_high(points, target),
        aria=_aria(case, points, " hồ sơ" if per_day is None else " ngày", 0),
        address=case.addresses.get("pending_total", "") if case.pending else "",
    )


def _days_points(case: TileCase) -> tuple[float | None, ...]:
    """The stock at each month end in days of work."""
    points: list[float | None] = []
    for at, slot in enumerate(case.slots):
        per_day = case.per_day if at == SLOTS - 1 else case.per_day_at(at)
        points.append(slot.pending / per_day if slot is not None and per_day else None)
    return tuple(points)


def _due_soon(case: TileCase, until: date | None, *, running: bool) -> Tile:
    points = tuple(
        float(slot.due_soon) if slot and slot.due_soon is not None else None for slot in case.slots
    )
    pace = case.pace
    if running:
        words = f"đến hết {until:%d/%m/%Y}" if until else ""
        beside = f"hôm nay {vn_number(case.due_today)}"
    else:
        words = f"Ba tháng qua xong {vn_number(pace)} hồ sơ mỗi 5 ngày" if pace is not None else ""
        beside = ""
    return Tile(
        kind="due_soon",
        level=case.key,
        label=case.label,
        value=vn_number(case.due_soon),
        beside=beside,
        fraction=None,
        words=words,
        alarm=case.due_above_pace,
        target=None,
        points=points,
        low=0.0,
        high=_high(points, None),
        aria=_aria(case, points, "", 0),
        address=case.due_address if case.due_soon else "",
    )


def _risen(before: int, now: int) -> bool:
    return now - before >= LEAST_CHANGE and evenly(now, before) < CHANGED


def _stock_change(before: int, now: int, label: str) -> str:
    if now == before:
        return f"Bằng cuối tháng {label}"
    word = "Thêm" if now > before else "Bớt"
    return f"{word} {vn_number(abs(now - before))} so với cuối tháng {label} ({vn_number(before)})"


def _with_target(words: str, target: TargetLine | None) -> str:
    return ". ".join(filter(None, (words, target.words if target else "")))


def _high(points: Iterable[float | None], target: TargetLine | None) -> float:
    return max(1.0, *(p for p in points if p is not None), target.value if target else 0.0, 0.0)


def _aria(case: TileCase, points: Sequence[float | None], unit: str, places: int) -> str:
    parts = [
        f"tháng {slot.label}: {f'{point:.{places}f}'.replace('.', ',')}{unit}"
        for slot, point in zip(case.slots, points, strict=True)
        if slot is not None and point is not None
    ]
    return f"{case.label}: {'; '.join(parts)}" if parts else f"{case.label}: chưa đủ tháng"
