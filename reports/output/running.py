"""A period that has not ended: its figures go to the end of today, and what will be overdue by its
end, if nothing more is resolved, is said beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.templatetags.motcua_tags import vn_number
from reports.figures.opening_figures import counted
from reports.output.links import dossiers_address
from reports.terms.columns import total_of
from reports.terms.periods import Period
from reports.terms.scopes import Scope

AT_ITS_END = "cuoi-ky"
"""In an address: the dossiers as they will stand at the end of the period."""


@dataclass(frozen=True)
class Running:
    """A period that is told before its end; `address` opens the dossiers of `overdue_by_end`."""

    period: Period
    overdue_by_end: int
    address: str = ""

    @property
    def sentence(self) -> str:
        if not self.period.has_begun:
            return (
                f"Kỳ này chưa bắt đầu (từ ngày {self.period.start:%d/%m/%Y}): chưa có hồ sơ nào "
                f"của kỳ; số từ kỳ trước và số đang giải quyết {self.period.so_far}."
            )
        return f"Kỳ này chưa kết thúc: mọi số liệu {self.period.so_far}."

    @property
    def label(self) -> str:
        return f"Sẽ quá hạn vào cuối kỳ ({self.period.end:%d/%m/%Y})"

    @property
    def condition(self) -> str:
        return "nếu từ nay không hồ sơ nào được giải quyết thêm, gồm cả hồ sơ nay đã quá hạn"

    @property
    def line(self) -> str:
        """The separate line of what will be overdue, where nothing can be pressed."""
        return f"{self.label}: {vn_number(self.overdue_by_end)} hồ sơ, {self.condition}."


def running(period: Period, scope: Scope, query: Mapping[str, str] | None = None) -> Running | None:
    """What is to be said of the period; None of one that has ended. One query more."""
    if not period.so_far:
        return None
    by_end = total_of(counted(period.whole, scope).values())["pending_overdue"]
    address = ""
    if query and by_end:
        address = dossiers_address({**query, "tinh-den": AT_ITS_END}, "pending_overdue")
    return Running(period, by_end, address)
