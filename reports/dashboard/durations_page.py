"""How the days used are said: a sentence, a table for each kind of verdict, and a CSV file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.templatetags.motcua_tags import vn_number
from reports.dashboard.durations import Duration
from reports.figures.tables import By
from reports.output.csv_files import BOM, csv_line, said_under
from reports.output.links import Cell, cells
from reports.terms.verdicts import (
    DAYS_OF_MONTH,
    ENOUGH,
    HOURS_OF_DAY,
    WELL_UNDER,
    WORKING_OF_WEEK,
    WORTH_CUTTING,
    VerdictKind,
)

SHOWN = ("resolved_total", "resolved_late")
HEADINGS = {
    VerdictKind.NEVER: "Thường không kịp thời hạn",
    VerdictKind.TIGHT: "Nhiều hồ sơ không kịp thời hạn",
    VerdictKind.CUT: "Có thể rút ngắn thời hạn",
    VerdictKind.FITS: "Vừa thời hạn",
    VerdictKind.FEW: "Chưa đủ hồ sơ để nhận xét",
}
RULES = (
    f"Có thể rút ngắn: có ít nhất {ENOUGH} hồ sơ, phân vị 90 không quá {WELL_UNDER} thời hạn, và "
    f"rút được ít nhất {WORTH_CUTTING} ngày. Thời hạn tính bằng ngày thường, tháng hoặc giờ được "
    "quy đổi gần đúng ra ngày làm việc "
    f"({WORKING_OF_WEEK.denominator} ngày là {WORKING_OF_WEEK.numerator} ngày làm việc, một tháng "
    f"là {DAYS_OF_MONTH} ngày làm việc, {HOURS_OF_DAY} giờ là một ngày) và ghi chữ “khoảng”; với "
    "các thời hạn này, kịp hay không kịp xét theo ngày hẹn trả của từng hồ sơ."
)
CSV_HEADINGS = (
    "Mã thủ tục",
    "Thủ tục",
    "Lĩnh vực",
    "Thời hạn",
    "Thời hạn bằng ngày làm việc",
    "Đã giải quyết",
    "Sớm hoặc đúng hạn",
    "Quá hạn",
    "Số hồ sơ tính được",
    "Trung vị (ngày làm việc)",
    "Phân vị 90 (ngày làm việc)",
    "Nhận xét",
)


@dataclass(frozen=True)
class DurationLine:
    """A procedure with the addresses of its dossiers."""

    duration: Duration
    resolved: Cell
    late: Cell


def days_used_page(found: list[Duration], query: dict[str, str]) -> dict[str, Any]:
    """The context of the page; `query` is the choice as the words of an address."""
    here = {**query, "theo": By.PROCEDURE.word}
    groups = []
    for kind in VerdictKind:
        lines = [
            DurationLine(d, *cells(here, d.figures, SHOWN, d.key))
            for d in found
            if d.verdict.kind is kind
        ]
        if lines:
            groups.append((kind.name.lower(), HEADINGS[kind], lines))
    return {"sentence": sentence(found), "groups": groups, "rules": RULES}


def sentence(found: list[Duration]) -> str:
    """What the tables say, as a person would: how many procedures, and what of their limits."""
    if not found:
        return "Trong kỳ chưa có hồ sơ nào giải quyết xong."
    counts = {kind: sum(d.verdict.kind is kind for d in found) for kind in VerdictKind}
    parts = [
        f"{vn_number(counts[kind])} {words}"
        for kind, words in (
            (VerdictKind.NEVER, "thường không kịp thời hạn"),
            (VerdictKind.TIGHT, "có nhiều hồ sơ không kịp"),
            (VerdictKind.CUT, "có thể rút ngắn"),
            (VerdictKind.FITS, "vừa thời hạn"),
            (VerdictKind.FEW, f"chưa đủ {ENOUGH} hồ sơ để nhận xét"),
        )
        if counts[kind]
    ]
    return f"{vn_number(len(found))} thủ tục có hồ sơ giải quyết xong: {'; '.join(parts)}."


def days_used_csv(found: list[Duration], said: Sequence[str]) -> Iterator[str]:
    """The same table as CSV, a line at a time; what is `said` of it stands under it."""
    yield BOM + csv_line(CSV_HEADINGS)
    for d in found:
        in_time, resolved = d.met
        yield csv_line(
            [
                d.key,
                d.name,
                d.sector,
                d.limit_words,
                _limit_days(d),
                resolved,
                in_time,
                d.figures["resolved_late"],
                d.number,
                "" if d.median is None else d.median,
                "" if d.ninety is None else d.ninety,
                d.verdict.words,
            ]
        )
    yield from said_under(said)


def _limit_days(d: Duration) -> str | int:
    if d.limit is None:
        return ""
    return d.limit.days if d.limit.exact else f"khoảng {d.limit.days}"
