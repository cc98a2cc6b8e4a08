"""What the head of a commune is told of a month on one page: the figures of the report, and beside
them what else the program knows; what it does not know is said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from dossiers.models import Dossier, DossierQuerySet
from procedures.workdays import NoCalendarData
from reports.figures.recount import dossiers_behind
from reports.figures.tables import table
from reports.index.counting import asked_again, disliked_dossiers, rated_dossiers
from reports.lists.receivers import receivers_behind
from reports.month_sheet.acceptance import accepted_late
from reports.output.links import cells, dossiers_address
from reports.terms.layouts import LayoutColumn
from reports.terms.periods import Period
from reports.terms.scopes import Scope

UNKNOWN = (
    ("Số hóa", "tỷ lệ số hóa thành phần hồ sơ và kết quả, tỷ lệ tái sử dụng dữ liệu đã số hóa"),
    ("Thanh toán trực tuyến", "tỷ lệ hồ sơ thanh toán không dùng tiền mặt"),
    ("Chứng thực", "số việc chứng thực và phí đã thu theo sổ chứng thực"),
    ("Phản ánh, kiến nghị", "số phản ánh, kiến nghị của người dân và kết quả xử lý"),
)
"""What the program has no data of."""

COLUMNS = {
    column.name: column
    for column in (
        LayoutColumn(
            "post", "Tiếp nhận qua bưu chính", "Hồ sơ nộp qua bưu chính, tiếp nhận trong tháng."
        ),
        LayoutColumn(
            "accepted_late",
            "Hồ sơ trực tuyến tiếp nhận chậm",
            "Hồ sơ trực tuyến tiếp nhận trong tháng mà câu trả lời đầu tiên (tiếp nhận hoặc yêu "
            "cầu bổ sung) đến sau 8 giờ làm việc kể từ khi nộp.",
        ),
        LayoutColumn(
            "asked_again",
            "Yêu cầu bổ sung quá một lần",
            "Hồ sơ phải giải quyết trong tháng mà đến hết tháng đã yêu cầu bổ sung từ hai lần trở "
            "lên; chỉ số quốc gia tính là quá hạn.",
        ),
        LayoutColumn(
            "for_others",
            "Nhận thay nơi khác",
            "Tiếp nhận tại đơn vị, do đơn vị khác giải quyết và tính vào số liệu nơi đó.",
        ),
        LayoutColumn(
            "by_others",
            "Nơi khác nhận thay",
            "Do đơn vị giải quyết, tiếp nhận tại bộ phận một cửa của nơi khác.",
        ),
        LayoutColumn(
            "rated", "Hồ sơ được đánh giá", "Hồ sơ mà người dân gửi đánh giá trong tháng."
        ),
        LayoutColumn(
            "disliked",
            "Hồ sơ bị đánh giá không hài lòng",
            "Được đánh giá trong tháng và có ít nhất một câu trả lời 0 điểm.",
        ),
    )
}


@dataclass(frozen=True)
class MonthLine:
    """A figure with the list behind it. `value` is None where it is not known, then `words` say
    why. `within` says that it is inside the line above; `of` is what it is a share of."""

    name: str
    value: int | None
    address: str = ""
    words: str = ""
    within: bool = False
    total: bool = False
    is_bad: bool = False
    of: int | None = None
    opening: int = 0


@dataclass(frozen=True)
class MonthPart:
    heading: str
    lines: tuple[MonthLine, ...]


@dataclass(frozen=True)
class MonthSheet:
    """The sheet of a month. One with `problems` is not to be shown as if it added up."""

    period: Period
    scope: Scope
    parts: tuple[MonthPart, ...]
    problems: list[str]
    remarks: tuple[str, ...]


def month_sheet_of(period: Period, scope: Scope, query: dict[str, str]) -> MonthSheet:
    """The sheet; `query` is the choice as the words of an address. A fixed number of queries."""
    figures = table(period, scope)

    def standard(name: str, words: str, **look: Any) -> MonthLine:
        """A figure of the report, opening the report's own list."""
        (cell,) = cells(query, figures.total, (name,), None, figures.opening)
        address = cell.address if cell.value else ""
        return MonthLine(words, cell.value, address, opening=cell.opening, **look)

    def counted(name: str, words: str, **look: Any) -> MonthLine:
        number = behind(name, period, scope).count()
        path = reverse("month_sheet_dossiers")
        return MonthLine(
            words, number, dossiers_address(query, name, path=path) if number else "", **look
        )

    resolved = figures.total["resolved_total"]
    ratings = counted("rated", "Hồ sơ được đánh giá")
    return MonthSheet(
        period,
        scope,
        (
            MonthPart(
                "Tiếp nhận",
                (
                    standard("received_online", "Trực tuyến"),
                    standard("received_direct", "Trực tiếp, bưu chính"),
                    counted("post", "trong đó qua bưu chính", within=True),
                    standard("received", "Tiếp nhận trong tháng", total=True),
                    standard("carried_over", "Tháng trước chuyển qua"),
                    standard("total_in", "Phải giải quyết trong tháng", total=True),
                ),
            ),
            MonthPart(
                "Đã giải quyết",
                (
                    standard("resolved_early", "Trước hạn", of=resolved),
                    standard("resolved_on_time", "Đúng hạn", of=resolved),
                    standard("resolved_late", "Quá hạn", of=resolved, is_bad=True),
                    standard("resolved_total", "Đã giải quyết trong tháng", total=True),
                    standard("ended_refused", "trong đó từ chối giải quyết", within=True),
                    standard("ended_withdrawn", "trong đó công dân rút", within=True),
                    standard("ended_stopped", "trong đó dừng giải quyết", within=True),
                ),
            ),
            MonthPart(
                "Đang giải quyết, hết tháng",
                (
                    standard("pending_in_time", "Trong hạn"),
                    standard("pending_waiting", "trong đó đang chờ công dân", within=True),
                    standard("pending_overdue", "Quá hạn", is_bad=True),
                    standard("pending_total", "Đang giải quyết", total=True),
                ),
            ),
            MonthPart(
                "Việc cần để ý",
                (
                    _accepted_late(counted, figures.of_dossiers["received_online"]),
                    counted("asked_again", "Yêu cầu bổ sung quá một lần", is_bad=True),
                ),
            ),
            MonthPart(
                "Phi địa giới hành chính",
                (
                    counted("for_others", "Nhận thay nơi khác"),
                    counted("by_others", "Nơi khác nhận thay"),
                ),
            ),
            MonthPart(
                "Người dân đánh giá",
                (
                    ratings,
                    counted(
                        "disliked",
                        "Có câu trả lời không hài lòng (0 điểm)",
                        of=ratings.value,
                        is_bad=True,
                    ),
                ),
            ),
        ),
        figures.problems,
        figures.remarks,
    )


def behind(
    column: str, period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """The dossiers of a number that is not one of the report; `column` is one of COLUMNS. Raises
    NoCalendarData for `accepted_late`."""
    return _BEHIND[column](period, scope, among=among)


def _accepted_late(counted: Callable[..., MonthLine], online: int) -> MonthLine:
    words = "Hồ sơ trực tuyến tiếp nhận chậm (quá 8 giờ làm việc)"
    try:
        return counted("accepted_late", words, of=online, is_bad=True)
    except NoCalendarData as missing:
        return MonthLine(words, None, words=f"chưa tính được: {missing}")


def _accepted_late_dossiers(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    late = accepted_late(period, scope, among=among)
    return dossiers_behind("received_online", period, scope, among=among).filter(pk__in=late)


def _receivers(column: str) -> Callable[..., DossierQuerySet]:
    def found(
        period: Period, scope: Scope, *, among: DossierQuerySet | None = None
    ) -> DossierQuerySet:
        return receivers_behind(column, period, scope, among=among)

    return found


def _post(period: Period, scope: Scope, *, among: DossierQuerySet | None = None) -> DossierQuerySet:
    found = dossiers_behind("received_direct", period, scope, among=among)
    return found.filter(channel=Dossier.Channel.POST)


_BEHIND: dict[str, Callable[..., DossierQuerySet]] = {
    "post": _post,
    "accepted_late": _accepted_late_dossiers,
    "asked_again": asked_again,
    "for_others": _receivers("for_others"),
    "by_others": _receivers("by_others"),
    "rated": rated_dossiers,
    "disliked": disliked_dossiers,
}
