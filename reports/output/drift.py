"""Figures counted now of a period that was signed: whoever shows them says where they are others.

What was signed never changes and has a page of its own; a report and the dashboard count anew each
time. This module finds the offices whose two numbers differ, so that nobody takes the one for the
other.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from motcua import clock
from procedures.models import Sector
from reports.figures.opening_figures import counted
from reports.models import Closing, ClosingCell
from reports.output.links import closing_address
from reports.output.sheets import Sheet
from reports.terms.columns import BASE, Figures, nothing
from reports.terms.periods import Period
from reports.terms.scopes import Scope

Numbers = dict[tuple[int, str], Figures]
"""Key of the office and name of the sector -> the kept columns."""


@dataclass(frozen=True)
class Drift:
    """An office that signed the period, and the program counts other numbers now."""

    closing: Closing

    @property
    def words(self) -> str:
        signed_on = clock.local(self.closing.signed_at)
        return f"{self.closing.office.name} (ký ngày {signed_on:%d/%m/%Y})"

    @property
    def address(self) -> str:
        """The page with the signed figures and what differs."""
        return closing_address(self.closing.office, self.closing.period)


def drifts(period: Period, scope: Scope) -> list[Drift]:
    """The offices of the scope whose signed figures of exactly these days are not those counted
    now, in the scope's order. One query where none has signed, otherwise a fixed number."""
    signed = Closing.objects.filter(
        office__in=[office.pk for office in scope.offices],
        starts_on=period.start,
        ends_on=period.end,
        reopening__isnull=True,
    )
    closings = {closing.office_id: closing for closing in signed.select_related("office")}
    if not closings:
        return []
    then = _signed(closings)
    now = _counted(period, scope.among(o for o in scope.offices if o.pk in closings))
    differing = {
        office
        for office, sector in then.keys() | now.keys()
        if any(then[office, sector][name] != now[office, sector][name] for name in BASE)
    }
    return [Drift(closings[office.pk]) for office in scope.offices if office.pk in differing]


def sentence(found: list[Drift]) -> str:
    """What stands under figures that differ from signed ones; empty where none do."""
    if not found:
        return ""
    return (
        "Số ở đây là số đếm lúc này, khác số đã ký chốt của kỳ vì có việc nhập sau khi ký: "
        f"{', '.join(one.words for one in found)}."
    )


def with_drifts(sheet: Sheet) -> Sheet:
    """The sheet with a remark where an office signed other figures."""
    said = sentence(drifts(sheet.period, sheet.scope))
    return replace(sheet, remarks=(*sheet.remarks, said)) if said else sheet


def _signed(closings: dict[int, Closing]) -> Numbers:
    numbers: Numbers = defaultdict(nothing)
    cells = ClosingCell.objects.filter(closing__in=closings.values()).order_by()
    for office, sector, column, value in cells.values_list(
        "closing__office", "sector", "column", "value"
    ):
        numbers[office, sector][column] = value
    return numbers


def _counted(period: Period, scope: Scope) -> Numbers:
    numbers: Numbers = defaultdict(nothing)
    names = dict(Sector.objects.values_list("pk", "name"))
    for (office, sector), figures in counted(period, scope, "office_id", "sector_id").items():
        numbers[office, names[sector]] = figures
    return numbers
