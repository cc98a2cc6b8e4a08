"""The verdict in four lines, by rule: where, what, since when, the units. Pure Python, no Django.

Never a blame that is volume or chance: a place or a kind of work is only said to have more than
others when an exact test finds it, and no unit is named inside the limits of its funnel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from motcua.templatetags.motcua_tags import percent, vn_number
from reports.leaders.facts import Funnel, MonthEnd, Segment, Sentence, VerdictLine
from reports.leaders.thresholds import CHANCE, CHANGED, ENOUGH, FEW_LATE, HOLDS
from reports.statistics.exact import evenly, fisher, holm

KINDS = ("procedure", "division", "sector")
"""What may be named in the second line, the finest first."""
OTHERS = {
    "procedure": "các thủ tục khác",
    "division": "các nơi khác",
    "sector": "các lĩnh vực khác",
}


@dataclass(frozen=True)
class Work:
    """A sector, division or procedure of a level: what of it is late or overdue; `late_of` of
    `resolved_of` is its rate where it is known."""

    kind: str
    name: str
    late: int
    overdue: int
    late_of: int = 0
    resolved_of: int = 0
    address: str = ""

    @property
    def total(self) -> int:
        return self.late + self.overdue


@dataclass(frozen=True)
class Case:
    """What the verdict needs to know of a level."""

    name: str
    inside: str
    """In the middle of a sentence: "huyện", "các xã"."""
    resolved: int
    late: int
    overdue: int
    work: tuple[Work, ...] = ()
    months: tuple[MonthEnd, ...] = ()
    """Those known, one after the other, the last that of the day of the verdict."""
    funnel: Funnel | None = None
    """Of a level with several units."""
    units_head: str = ""
    """The head of the fourth line: "Các xã"."""
    unit_word: str = "đơn vị"
    resolved_by_unit: tuple[int, ...] = ()
    address: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.late + self.overdue


def verdict(cases: Sequence[Case], *, running: bool) -> tuple[VerdictLine, ...]:
    """The lines, in their order; one that has nothing to say is left out."""
    worst = max(cases, key=lambda case: (case.total, case.late), default=None)
    lines = [("Ở đâu", where(cases, running=running))]
    if worst is not None and worst.total:
        alike = [case for case in cases if case.total == worst.total]
        alone, tied = len(cases) == 1, len(alike) > 1
        lines.append(("Việc gì", what(worst, alone=alone, tied=tied)))
    lines.append(("Từ khi nào", since(cases, running=running)))
    lines += [(case.units_head, units(case)) for case in cases if case.funnel and case.units_head]
    return tuple(VerdictLine(head, sentence) for head, sentence in lines if sentence)


def where(cases: Sequence[Case], *, running: bool) -> Sentence:
    """Which level has most of what is late or overdue."""
    late, overdue = sum(case.late for case in cases), sum(case.overdue for case in cases)
    if not late + overdue:
        return _said("Không có hồ sơ trễ hay quá hạn.")
    if late + overdue < ENOUGH:
        about = "" if len(cases) == 1 else ", chưa đủ 20 để nói nơi nào nhiều"
        return _said(f"{vn_number(late + overdue)} hồ sơ trễ hoặc quá hạn{about}.")
    most = max(case.total for case in cases)
    worst = [case for case in cases if case.total == most]
    if len(worst) > 1:
        names: list[Segment] = []
        for at, case in enumerate(worst):
            names += [Segment(" và " if at else ""), Segment(case.name, case.address)]
        return _joined(names, f": mỗi nơi {vn_number(most)} hồ sơ trễ hoặc quá hạn.")
    case = worst[0]
    alone = len(cases) == 1
    parts = [
        _part(count, whole, words, case.addresses.get(column, ""), alone=alone)
        for count, whole, words, column in (
            (case.late, late, "hồ sơ trả trễ", "resolved_late"),
            (case.overdue, overdue, "hồ sơ đang quá hạn", "pending_overdue"),
        )
    ]
    if running and overdue:
        parts = [parts[1], *([parts[0]] if late >= ENOUGH else [])]
    found = [Segment(case.name, case.address), Segment(": ")]
    for at, part in enumerate(part for part in parts if part is not None):
        found += [Segment(", " if at else ""), part]
    if running and overdue and late < ENOUGH and not alone:
        rest = [
            f"{other.inside} {vn_number(other.overdue)}" for other in cases if other is not case
        ]
        found.append(Segment(f"; {', '.join(rest)}"))
    return _joined(found, ".")


def what(case: Case, *, alone: bool = False, tied: bool = False) -> Sentence:
    """Which work most of a level's late and overdue ones are, and whether it is more than its
    volume; `tied` where another level has as many, so that this one must be named."""
    if case.total < ENOUGH:
        if alone:  # the line before has said as much
            return ()
        return _said(
            f"{vn_number(case.total)} hồ sơ trễ hoặc quá hạn của {case.inside}, chưa đủ "
            f"{ENOUGH} để nói việc nào nhiều."
        )
    named = named_work(case)
    if named is None:
        most = max((work.total for work in case.work if work.kind == "sector"), default=0)
        return _said(
            f"Rải đều, không lĩnh vực nào quá {vn_number(most)} trong {vn_number(case.total)} "
            "hồ sơ trễ hoặc quá hạn."
        )
    work, p = named
    a, n = work.late_of, work.resolved_of
    b, m = case.late - a, case.resolved - n
    whose = "" if alone else f" của {case.inside}"
    begin = [
        Segment(work.name, work.address),
        Segment(f" ({case.inside}): " if tied else ": "),
    ]
    late = _part(work.late, case.late, "hồ sơ trễ")
    overdue = _part(work.overdue, case.overdue, "quá hạn")
    counts = ", ".join(part.text for part in (late, overdue) if part)
    if p is None:
        return _joined(begin, f"{counts}.")
    if p > CHANCE:
        return _joined(
            begin,
            f"{counts}. Nhiều vì việc nhiều: tỷ lệ trễ {_rate(a, n)}, {OTHERS[work.kind]} "
            f"{_rate(b, m)}.",
        )
    if a * m > b * n:
        also = f"; và {overdue.text.replace(' quá hạn', '')} đang quá hạn" if overdue else ""
        return _joined(
            begin,
            f"{vn_number(a)} trong {vn_number(case.late)} hồ sơ trễ{whose}, dù chỉ là "
            f"{vn_number(n)} trong {vn_number(case.resolved)} hồ sơ đã giải quyết{also}.",
        )
    return _joined(
        begin,
        f"{counts}, vì việc nhiều: tỷ lệ trễ {_rate(a, n)} thấp hơn nơi khác {_rate(b, m)}.",
    )


def named_work(case: Case) -> tuple[Work, float | None] | None:
    """The work that the second line names, and the p of its test: None where it cannot be tested.

    Of those with at least HOLDS of what is late or overdue, one that has more late than its volume
    explains, the finest first; then one that has fewer; otherwise the largest sector.
    """
    able = [work for work in case.work if work.total >= HOLDS * case.total]
    if not able:
        return None
    tested = [work for work in able if _can_be_tested(work, case)]
    values = dict(
        zip(
            tested,
            holm([_differs(work, case) for work in tested]),
            strict=True,
        )
    )
    told = [work for work in able if values.get(work, 1.0) <= CHANCE]

    def order(work: Work) -> tuple[bool, int, int]:
        inside = work.late_of * (case.resolved - work.resolved_of)
        outside = (case.late - work.late_of) * work.resolved_of
        return (inside <= outside, KINDS.index(work.kind), -work.total)

    if told:
        first = min(told, key=order)
        return first, values[first]
    sectors = sorted((w for w in able if w.kind == "sector"), key=lambda w: -w.total)
    if not sectors or (len(sectors) > 1 and sectors[0].total == sectors[1].total):
        return None
    return sectors[0], values.get(sectors[0])


def since(cases: Sequence[Case], *, running: bool) -> Sentence:
    """The largest change of a stock against the month end before, where it is more than chance."""
    found: list[tuple[float, int, int, Case]] = []
    # Early in a month the last whole one says more than the few days since.
    ends = (0, 1) if running else (0,)
    for case in cases:
        for end in ends:
            if len(case.months) < end + 2:
                continue
            before, now = case.months[-2 - end], case.months[-1 - end]
            for y, x in ((before.pending, now.pending), (before.overdue, now.overdue)):
                found.append((evenly(x, y), -abs(x - y), end, case))
    if not found:
        return _said("Chưa có tháng trước để so.")
    p, _, end, case = min(found, key=lambda one: one[:3])
    if p >= CHANGED:
        return _said("Không có thay đổi quá mức ngẫu nhiên.")
    months = case.months[: len(case.months) - end][-3:]
    labels = [month.label for month in months]
    when = f"vào cuối tháng {', '.join(labels)}"
    if running and not end:
        when = f"vào cuối tháng {', '.join(labels[:-1])} và hôm nay"
    stock = ", ".join(vn_number(month.pending) for month in months)
    overdue = ", ".join(vn_number(month.overdue) for month in months)
    now, before = months[-1], months[-2]
    segments = [
        Segment(f"Tồn của {case.inside} {stock}", now.pending_address),
        Segment(f" hồ sơ {when}; "),
        Segment(f"quá hạn {overdue}", now.overdue_address),
        Segment("."),
    ]
    if now.received - now.resolved == now.pending - before.pending:
        segments.append(
            Segment(
                f" Tháng {now.label} nhận {vn_number(now.received)}, giải quyết xong "
                f"{vn_number(now.resolved)}."
            )
        )
    return tuple(segments)


def units(case: Case) -> Sentence:
    """Whether the units of a level differ by more than chance; names only outside the limits."""
    funnel = case.funnel
    solved = [n for n in case.resolved_by_unit if n]
    if funnel is None or not solved:
        return ()
    if min(solved) < ENOUGH:
        low, high = min(solved), max(solved)
        word = case.unit_word
        if high >= ENOUGH:
            few = f"Có {word} mới giải quyết {vn_number(low)} hồ sơ"
        elif low == high:
            few = f"Mỗi {word} mới giải quyết {vn_number(low)} hồ sơ"
        else:
            few = f"Mỗi {word} mới giải quyết {vn_number(low)} đến {vn_number(high)} hồ sơ"
        return _said(f"{few}: chưa so sánh được.")
    begin = [
        Segment(f"{case.name}: "),
        Segment(
            f"{vn_number(funnel.late)} trễ trong {vn_number(funnel.resolved)}",
            case.addresses.get("resolved_late", ""),
        ),
    ]
    if funnel.late < FEW_LATE or funnel.p is None:
        return _joined(begin, ", quá ít hồ sơ trễ để so.")
    if funnel.p > CHANCE:
        return _joined(begin, ", không khác nhau quá mức ngẫu nhiên.")
    far = [point for point in funnel.points if point.outside == "99.8"]
    outside = far or [point for point in funnel.points if point.outside]
    if not outside:
        return _joined(
            begin,
            f", khác nhau quá mức ngẫu nhiên, nhưng không {case.unit_word} nào trên dải 95 %.",
        )
    begin.append(Segment(", khác nhau quá mức ngẫu nhiên: "))
    for at, point in enumerate(sorted(outside, key=lambda point: -point.per_1000)):
        begin += [
            Segment(", " if at else ""),
            Segment(f"{point.name} {point.late} / {vn_number(point.resolved)}", point.address),
        ]
    return _joined(begin, ".")


def _differs(work: Work, case: Case) -> float:
    """The p of late against resolved, inside the work against outside."""
    inside, outside = work.resolved_of, case.resolved - work.resolved_of
    return fisher(work.late_of, inside, case.late - work.late_of, outside)


def _can_be_tested(work: Work, case: Case) -> bool:
    inside, outside = work.resolved_of, case.resolved - work.resolved_of
    # Of a handful of late ones no test could find anything, and "volume" would be said too soon.
    if inside < ENOUGH or outside < ENOUGH or case.late < FEW_LATE:
        return False
    # Opening figures that clash with what was entered can say what cannot be.
    return 0 <= work.late_of <= inside and 0 <= case.late - work.late_of <= outside


def _part(
    count: int, whole: int, words: str, address: str = "", *, alone: bool = False
) -> Segment | None:
    """As in "70 trong 86 hồ sơ trả trễ", or "cả 86 hồ sơ trả trễ"; nothing of none."""
    if not whole:
        return None
    if count == whole:
        every = "" if alone or count == 1 else "cả "
        return Segment(f"{every}{vn_number(count)} {words}", address)
    return Segment(f"{vn_number(count)} trong {vn_number(whole)} {words}", address if count else "")


def _rate(numerator: int, denominator: int) -> str:
    return (
        f"{percent(numerator, denominator)} % ({vn_number(numerator)} / {vn_number(denominator)})"
    )


def _said(words: str) -> Sentence:
    return (Segment(words),)


def _joined(segments: Iterable[Segment], end: str) -> Sentence:
    return (*(segment for segment in segments if segment.text), Segment(end))
