"""Where late dossiers lost their time: working days at the desk before the hand-over, and with each
division, from the hand-overs; and in which step each became late."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from dossiers.models import Pause, Transfer
from dossiers.rules.days_spent import days_spent
from motcua import clock
from motcua.templatetags.motcua_tags import vn_number
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.figures.recount import resolved_late
from reports.leaders.facts import Segment, Sentence, StepRow, Steps
from reports.leaders.thresholds import ENOUGH
from reports.terms.periods import Period
from reports.terms.scopes import Scope
from reports.terms.verdicts import MEDIAN, NINE_TENTHS, nearest_rank

ENOUGH_OF_ROW = 10
MOST_READ = 500
"""Late dossiers of a level whose hand-overs are read, the latest ended first."""
USUAL_HIGH = 40
DESK, INSIDE = "Một cửa, đến khi chuyển đi", "Nơi giải quyết"


@dataclass
class LateOne:
    """A late dossier: its days, and where it was."""

    pk: int
    office: int
    begun_on: date
    due_on: date
    timed_on: date
    moves: list[tuple[str, date, date | None]] = field(default_factory=list)
    """(place, from, until) of each hand-over."""
    pauses: list[tuple[date, date | None]] = field(default_factory=list)


def late_ones(period: Period, scope: Scope) -> list[LateOne]:
    """The late dossiers of a level with their hand-overs and pauses; three statements."""
    resolved = resolved_late(period, scope).order_by("-resolved_on", "-pk")
    fields = ("pk", "office_id", "effective_at", "due_on", "timed_on")
    found = {
        pk: LateOne(pk, office, clock.local(effective_at).date(), due_on, timed_on)
        for pk, office, effective_at, due_on, timed_on in resolved.values_list(*fields)[:MOST_READ]
        if effective_at and due_on and timed_on
    }
    if len(found) < ENOUGH:
        return list(found.values())
    moves = Transfer.objects.filter(dossier__in=found, is_void=False).order_by("dossier", "number")
    names = ("to_division__name", "to_office__name", "sent_at", "ended_at")
    for pk, division, office, sent_at, ended_at in moves.values_list("dossier_id", *names):
        ended_on = clock.local(ended_at).date() if ended_at else None
        found[pk].moves.append((division or office, clock.local(sent_at).date(), ended_on))
    pauses = Pause.objects.filter(dossier__in=found, is_void=False).order_by("pk")
    for pk, since, until in pauses.values_list("dossier_id", "from_on", "until_on"):
        found[pk].pauses.append((since, until))
    return list(found.values())


def steps_of(
    level: str,
    heading: str,
    late: Sequence[LateOne],
    number: int,
    calendar: WorkingCalendar,
    address: str,
    declared: tuple[int, int],
) -> Steps:
    """What is said of them. `number` is how many there are in all, `declared` how many of the
    level's procedures say how long each step may take, of how many."""
    if number < ENOUGH:
        words = f"Chưa đủ dữ liệu: {vn_number(number)} hồ sơ trễ, dưới {ENOUGH}."
        return Steps(level, heading, (), USUAL_HIGH, "", (Segment(words, address),))
    moved = [one for one in late if one.moves]
    at_desk: dict[int, int] = defaultdict(int)
    inside: dict[int, int] = defaultdict(int)
    places: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    past: dict[int, int] = defaultdict(int)
    for one in late:
        try:
            past[calendar.working_days_between(one.due_on, one.timed_on)] += 1
            if not one.moves:
                continue
            spent = _by_place(one, calendar)
        except NoCalendarData:
            continue
        at_desk[spent.pop("")] += 1
        inside[sum(spent.values())] += 1
        for place, days in spent.items():
            places[place][days] += 1
    rows = [_row(DESK, at_desk, address), _row(INSIDE, inside, address)]
    ordered = sorted(places.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows += [_row(place, days, address, inner=True) for place, days in ordered]
    shown = tuple(row for row in rows if row is not None)
    left = [sum(days.values()) for _, days in ordered if sum(days.values()) < ENOUGH_OF_ROW]
    high = max([USUAL_HIGH, *(row.ninety for row in shown)])
    return Steps(
        level, heading, shown, high, _note(left), _summary(late, moved, past, number, declared)
    )


def _by_place(one: LateOne, calendar: WorkingCalendar) -> dict[str, int]:
    """Working days at the desk before the first hand-over, under an empty name, and with each
    place, the citizen's time left out."""
    found = {
        "": days_spent(
            calendar,
            one.begun_on,
            max(one.begun_on, one.moves[0][1]),
            _within(one.pauses, one.begun_on, one.moves[0][1]),
        )
    }
    for place, since, until in one.moves:
        end = max(since, min(until or one.timed_on, one.timed_on))
        days = days_spent(calendar, since, end, _within(one.pauses, since, end))
        found[place] = found.get(place, 0) + max(days, 0)
    return found


def _within(
    pauses: Iterable[tuple[date, date | None]], since: date, until: date
) -> list[tuple[date, date | None]]:
    """The pauses as far as they lie in these days."""
    return [(start, end) for start, end in pauses if start < until and (end is None or end > since)]


def _row(name: str, days: dict[int, int], address: str, *, inner: bool = False) -> StepRow | None:
    number = sum(days.values())
    if number < ENOUGH_OF_ROW:
        return None
    median, ninety = nearest_rank(days, MEDIAN), nearest_rank(days, NINE_TENTHS)
    return StepRow(name, inner, number, median, ninety, None, address)


def _note(left: Sequence[int]) -> str:
    if not left:
        return ""
    if len(left) == 1:
        return f"Một nơi khác có {left[0]} hồ sơ, dưới {ENOUGH_OF_ROW} nên không tính riêng."
    return (
        f"{len(left)} nơi khác có {vn_number(sum(left))} hồ sơ, mỗi nơi dưới {ENOUGH_OF_ROW} nên "
        "không tính riêng."
    )


def _summary(
    late: Sequence[LateOne],
    moved: Sequence[LateOne],
    past: dict[int, int],
    number: int,
    declared: tuple[int, int],
) -> Sentence:
    """In which step they became late, and by how much."""
    there = [one for one in moved if _held_when_late(one)]
    if moved and len(there) == len(moved):
        first = (
            f"Cả {vn_number(len(moved))} hồ sơ trễ có ghi chuyển đều thành trễ khi nằm ở nơi giải "
            "quyết."
        )
    elif moved:
        first = (
            f"{vn_number(len(there))} trong {vn_number(len(moved))} hồ sơ trễ có ghi chuyển thành "
            f"trễ khi nằm ở nơi giải quyết, {vn_number(len(moved) - len(there))} khi nằm ở một cửa."
        )
    else:
        first = "Chưa hồ sơ trễ nào ghi chuyển, nên không biết trễ ở bước nào."
    parts = [Segment(first)]
    if past:
        median, ninety = nearest_rank(past, MEDIAN), nearest_rank(past, NINE_TENTHS)
        parts.append(
            Segment(
                f" Trễ so với hẹn: một nửa đến {median} ngày làm việc, 9 trong 10 đến {ninety}, "
                f"lâu nhất {max(past)}."
            )
        )
    if moved and len(moved) < len(late):
        parts.append(Segment(f" {vn_number(len(late) - len(moved))} hồ sơ trễ không ghi chuyển."))
    if len(late) < number:
        parts.append(Segment(f" Tính trên {vn_number(len(late))} hồ sơ trễ kết thúc sau cùng."))
    if not declared[0] or declared[0] < declared[1]:
        parts.append(
            Segment(
                f" Chưa so được từng bước với hạn: {vn_number(declared[0])} trong "
                f"{vn_number(declared[1])} thủ tục đã khai thời gian từng bước."
            )
        )
    return tuple(parts)


def _held_when_late(one: LateOne) -> bool:
    """Whether it lay with a division at the end of its due day."""
    return any(
        since <= one.due_on and (until is None or until > one.due_on)
        for _, since, until in one.moves
    )
