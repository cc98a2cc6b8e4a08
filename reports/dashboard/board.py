"""The leaders' page as it is drawn: the facts of `reports.leaders` with their pictures, in the
order in which they stand. The same for the screen, the wall and the paper of the meeting."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dossiers.desk.lists.short_words import short_code
from motcua.templatetags.motcua_tags import vn_number
from reports.drawing.bars import ParetoBar, pareto_bars
from reports.drawing.columns import Backlog, backlog_columns
from reports.drawing.funnel import units_chart
from reports.drawing.sparkline import Sparkline, sparkline
from reports.drawing.steps import StepPlot, step_plots
from reports.leaders.facts import Funnel, LeaderFacts, Level, Sentence, Steps, Tile, TileGroup
from reports.leaders.thresholds import ENOUGH

WIDE, NARROW = 640.0, 340.0
"""Pixels that a picture is drawn for: on a desk's screen, and on a phone or in half a screen."""


@dataclass(frozen=True)
class TileRow:
    tile: Tile
    line: Sparkline | None
    """None with fewer than two months."""


@dataclass(frozen=True)
class TileBox:
    group: TileGroup
    rows: list[TileRow]


@dataclass(frozen=True)
class ParetoPart:
    """Bars under a heading."""

    heading: str
    bars: list[ParetoBar]
    rest: Sentence = ()


@dataclass(frozen=True)
class BacklogPart:
    """A level's stock, drawn for half a screen and for a phone, or for a whole one."""

    title: str
    wide: Backlog
    narrow: Backlog


@dataclass(frozen=True)
class StepsPart:
    steps: Steps
    plots: list[StepPlot]


def board_of(facts: LeaderFacts) -> dict[str, Any]:
    """What the templates of the page, the wall and the paper draw."""
    funnels = [level.funnel for level in facts.levels]
    return {
        "facts": facts,
        "tiles": [_tile_box(group) for group in facts.tiles],
        "pareto_title": f"Trễ và quá hạn nằm ở đâu: {_late_by_level(facts.levels)}",
        "backlog_title": backlog_title(facts),
        "steps_title": steps_title(facts.levels),
        "pareto": pareto_parts(facts.levels, facts.pareto_scale),
        "backlogs": backlog_parts(facts.levels, facts.period.start),
        "units_wide": units_chart(funnels, width=WIDE),
        "units_narrow": units_chart(funnels, width=NARROW),
        "unit_sentences": [funnel.sentence for funnel in funnels if funnel.sentence],
        "units_left_out": units_left_out(funnels),
        "steps": _steps_part(facts.levels),
        "oldest": [(short_code(one.code), one) for one in facts.oldest],
        "overdue": sum(level.figures["pending_overdue"] for level in facts.levels),
        "how_to_read": how_to_read(facts),
    }


def pareto_parts(levels: tuple[Level, ...], scale: int) -> list[ParetoPart]:
    """Of the level with more that is late or overdue its divisions, the sums of the others, then
    its procedures: all to one scale. A level without any has no bars."""
    if not levels or not scale:
        return []
    first, others = levels[0].pareto, [level.pareto for level in levels[1:]]
    parts = [ParetoPart(first.heading, pareto_bars(first.divisions, scale))]
    if others:
        parts.append(ParetoPart("", pareto_bars([one.total for one in others], scale)))
    if first.procedures:
        whose = f"Riêng {levels[0].inside}, theo" if others else "Theo"
        parts.append(
            ParetoPart(
                f"{whose} thủ tục (cùng thang)",
                pareto_bars(first.procedures, scale),
                first.rest,
            )
        )
    return parts


def backlog_parts(levels: tuple[Level, ...], start: date) -> list[BacklogPart]:
    """Each level's columns to its own scale, which the title says; the flow from the period's
    `start`."""
    drawn = [level for level in levels if level.backlog]
    parts = []
    for at, level in enumerate(drawn):
        wide = backlog_columns(
            level.backlog, width=NARROW if len(drawn) > 1 else WIDE, flow_from=start
        )
        narrow = backlog_columns(level.backlog, width=NARROW, flow_from=start)
        if wide is not None and narrow is not None:
            title = f"{level.name} (thang khác)" if at else level.name
            parts.append(BacklogPart(title, wide, narrow))
    return parts


def units_left_out(funnels: list[Funnel]) -> str:
    """Which units have too few resolved to be drawn."""
    names = [name for funnel in funnels for name in funnel.left_out]
    return f"Dưới {ENOUGH} hồ sơ đã giải quyết nên không vẽ: {', '.join(names)}." if names else ""


def backlog_title(facts: LeaderFacts) -> str:
    """The last column of a running period is no month's end."""
    if facts.running:
        return f"Tồn cuối mỗi tháng, tháng {facts.as_of.month} tính đến hôm nay"
    return "Tồn cuối mỗi tháng"


def steps_title(levels: tuple[Level, ...]) -> str:
    """Whose late dossiers are followed from step to step."""
    whose = f" của {levels[0].inside}" if len(levels) > 1 else ""
    return f"Mất thời gian ở bước nào: hồ sơ trễ{whose}"


def how_to_read(facts: LeaderFacts) -> list[str]:
    """The sentences beneath the page."""
    tiles = [tile for group in facts.tiles for tile in group.rows]
    rates = [tile for tile in tiles if tile.kind == "on_time"]
    low = min((tile.low for tile in rates), default=90.0)
    sentences = [
        f"Đường nhỏ trong ô: 13 tháng, đến tháng {facts.as_of:%m/%Y}; nét chấm là các tháng "
        f"chưa có số liệu hoặc dưới {ENOUGH} hồ sơ.",
        f"Tỷ lệ vẽ từ {vn_number(int(low))} đến 100 %, các số khác từ 0, mỗi đường một thang.",
        "▲: tăng quá mức ngẫu nhiên, vượt nhịp giải quyết, hoặc không đạt chỉ tiêu.",
        "Ngày tồn = tồn cuối kỳ chia cho số giải quyết bình quân một ngày làm việc của ba tháng "
        "qua.",
    ]
    if not any(tile.target for tile in tiles):
        sentences.append("Chưa đặt chỉ tiêu cho kỳ này nên không vẽ chỉ tiêu.")
    return sentences


def _tile_box(group: TileGroup) -> TileBox:
    return TileBox(
        group,
        [
            TileRow(
                tile,
                sparkline(
                    tile.points,
                    tile.low,
                    tile.high,
                    target=tile.target.value if tile.target else None,
                )
                if tile.drawn
                else None,
            )
            for tile in group.rows
        ],
    )


def _late_by_level(levels: tuple[Level, ...]) -> str:
    """As in "99 của huyện, 23 của các xã"."""
    if len(levels) == 1:
        return f"{vn_number(levels[0].late_or_overdue)} hồ sơ"
    return ", ".join(f"{vn_number(level.late_or_overdue)} của {level.inside}" for level in levels)


def _steps_part(levels: tuple[Level, ...]) -> StepsPart | None:
    if not levels:
        return None
    steps = levels[0].steps
    return StepsPart(steps, step_plots(steps.rows, steps.high))
