"""How the index is shown: its components with their numbers, points and lists, office by office."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from dossiers.models import DossierQuerySet
from reports.figures.recount import dossiers_behind
from reports.index.counting import (
    IndexCounts,
    asked_again,
    counts_by_office,
    disliked_dossiers,
    in_time_dossiers,
    late_dossiers,
)
from reports.index.rules import (
    GROUPS,
    KNOWN,
    ONLINE,
    PROGRESS,
    SATISFACTION,
    VERSION,
    Component,
    IndexGroup,
    together,
)
from reports.output.csv_files import BOM, csv_line, said_under
from reports.output.links import dossiers_address
from reports.terms.layouts import LayoutColumn
from reports.terms.periods import Period
from reports.terms.scopes import Scope

_TOTAL = sum(group.most for group in GROUPS)
_KNOWN_MOST = sum(component.most for component in KNOWN)
_COUNTED = "Hồ sơ phải giải quyết trong kỳ: tiếp nhận trong kỳ cộng kỳ trước chuyển qua"
COLUMNS = {
    column.name: column
    for column in (
        LayoutColumn("total_in", "Hồ sơ phải giải quyết trong kỳ", f"{_COUNTED}."),
        LayoutColumn(
            "in_time",
            "Hồ sơ không quá hạn (theo chỉ số)",
            f"{_COUNTED}, không kể các hồ sơ mà chỉ số tính là quá hạn.",
        ),
        LayoutColumn(
            "late",
            "Hồ sơ quá hạn (theo chỉ số)",
            f"{_COUNTED}, mà giải quyết quá hạn, hoặc hết kỳ chưa xong và đã quá hạn, hoặc yêu cầu "
            "bổ sung sau ngày hẹn trả mà còn chờ, hoặc đã yêu cầu bổ sung quá một lần.",
        ),
        LayoutColumn(
            "asked_again",
            "Hồ sơ yêu cầu bổ sung quá một lần",
            f"{_COUNTED}, mà đến hết kỳ đã yêu cầu bổ sung từ hai lần trở lên.",
        ),
        LayoutColumn("received", "Tiếp nhận trong kỳ", "Tất cả hồ sơ tiếp nhận trong kỳ."),
        LayoutColumn(
            "received_online",
            "Tiếp nhận trực tuyến",
            "Hồ sơ nộp trực tuyến được tiếp nhận trong kỳ. Chưa biết hồ sơ nào có kết quả điện tử.",
        ),
        LayoutColumn(
            "received_direct",
            "Tiếp nhận trực tiếp, bưu chính",
            "Hồ sơ nộp tại quầy hoặc qua bưu chính, được tiếp nhận trong kỳ.",
        ),
        LayoutColumn(
            "disliked",
            "Hồ sơ bị đánh giá không hài lòng",
            "Được đánh giá trong kỳ và có ít nhất một câu trả lời 0 điểm.",
        ),
    )
}
_LISTS = {
    "in_time": in_time_dossiers,
    "late": late_dossiers,
    "asked_again": asked_again,
    "disliked": disliked_dossiers,
}
RULES = {
    PROGRESS: "20 điểm × số hồ sơ không quá hạn / số hồ sơ phải giải quyết trong kỳ.",
    ONLINE: "6 điểm × số hồ sơ trực tuyến / số hồ sơ tiếp nhận / 0,5; đủ điểm từ 50 %.",
    SATISFACTION: "6 điểm × (100 % − tỷ lệ quá hạn − tỷ lệ không hài lòng) / 0,9; đủ điểm từ 90 %, "
    "0 điểm khi không có hồ sơ.",
}
DOUBTS = {
    PROGRESS: "",
    ONLINE: "Chưa biết hồ sơ nào có kết quả điện tử. Cổng chỉ tính hồ sơ trực tuyến có kết quả "
    "điện tử, nên điểm thật có thể thấp hơn.",
    SATISFACTION: "Chưa có dữ liệu phản ánh, kiến nghị về hồ sơ; chỉ tính quá hạn và đánh giá "
    "không hài lòng.",
}
CSV_HEADINGS = (
    "Mã đơn vị",
    "Đơn vị",
    "Mã thành phần",
    "Thành phần",
    "Tử số",
    "Mẫu số",
    "Điểm (ước tính)",
    "Điểm tối đa",
    "Điểm mất",
)


@dataclass(frozen=True)
class IndexNumber:
    """A number with the list behind it; a zero has none."""

    words: str
    value: int
    address: str


@dataclass(frozen=True)
class IndexLine:
    """A component that is reckoned. `costs` are the dossiers that cost points."""

    component: Component
    numerator: IndexNumber
    denominator: IndexNumber
    points: Decimal | None
    lost: Decimal | None
    costs: tuple[IndexNumber, ...]
    rule: str
    doubt: str


@dataclass(frozen=True)
class OfficeIndex:
    """An office with its points; `address` opens the index of it alone."""

    name: str
    address: str
    points: tuple[tuple[Component, Decimal | None, tuple[int, int]], ...]
    together: Decimal


def index_behind(
    column: str, period: Period, scope: Scope, *, among: DossierQuerySet
) -> DossierQuerySet:
    """The dossiers of a number of the index, as many as it says; `column` is one of COLUMNS."""
    if column in _LISTS:
        return _LISTS[column](period, scope, among=among)
    return dossiers_behind(column, period, scope, among=among)


def index_page(period: Period, scope: Scope, query: dict[str, str]) -> dict[str, Any]:
    """The context of the page; `query` is the choice as the words of an address."""
    by_office = counts_by_office(period, scope)
    counts = sum(by_office.values(), IndexCounts())
    lines = [_line(component, counts, query) for component in KNOWN]
    points = together(line.points for line in lines)
    return {
        "version": VERSION,
        "lines": lines,
        "has_any": counts != IndexCounts(),
        "points": points,
        "known_most": _KNOWN_MOST,
        "unknown_most": _TOTAL - _KNOWN_MOST,
        "offices": _offices(by_office, scope, query) if len(scope.offices) > 1 else [],
        "unknown": _unknown(),
        "again": _number(
            "yêu cầu bổ sung quá một lần", "asked_again", _again(period, scope), query
        ),
        "components": KNOWN,
    }


def index_csv(period: Period, scope: Scope, said: Sequence[str]) -> Iterator[str]:
    """A line for each office and component as CSV; what is `said` of it stands under it."""
    by_office = counts_by_office(period, scope)
    yield BOM + csv_line(CSV_HEADINGS)
    for office in scope.offices:
        for component in KNOWN:
            numerator, denominator = by_office[office.pk].fraction(component)
            points = component.points(numerator, denominator)
            lost = component.lost(numerator, denominator)
            yield csv_line(
                [
                    office.code,
                    office.name,
                    component.number,
                    component.name,
                    numerator,
                    denominator,
                    points_words(points),
                    component.most,
                    points_words(lost),
                ]
            )
    yield from said_under(
        [*said, f"Ước tính theo công thức {VERSION}.", *filter(None, DOUBTS.values())]
    )


def points_words(points: Decimal | None) -> str:
    """The points with a decimal comma; empty without a value."""
    return "" if points is None else f"{points}".replace(".", ",")


def _again(period: Period, scope: Scope) -> int:
    return asked_again(period, scope).count()


def _line(component: Component, counts: IndexCounts, query: dict[str, str]) -> IndexLine:
    numerator, denominator = counts.fraction(component)
    return IndexLine(
        component,
        *_fraction(component, counts, query),
        component.points(numerator, denominator),
        component.lost(numerator, denominator),
        _costs(component, counts, query),
        RULES[component],
        DOUBTS[component],
    )


def _fraction(
    component: Component, counts: IndexCounts, query: dict[str, str]
) -> tuple[IndexNumber, IndexNumber]:
    numerator, denominator = counts.fraction(component)
    if component is ONLINE:
        return (
            _number("nộp trực tuyến", "received_online", numerator, query),
            _number("tiếp nhận trong kỳ", "received", denominator, query),
        )
    handled = _number("phải giải quyết trong kỳ", "total_in", denominator, query)
    if component is PROGRESS:
        return _number("không quá hạn", "in_time", numerator, query), handled
    return IndexNumber("không quá hạn, không bị đánh giá xấu", numerator, ""), handled


def _costs(
    component: Component, counts: IndexCounts, query: dict[str, str]
) -> tuple[IndexNumber, ...]:
    late = _number("quá hạn", "late", counts.late, query)
    if component is PROGRESS:
        return (late,)
    if component is ONLINE:
        direct = counts.received - counts.online
        return (_number("nộp trực tiếp, bưu chính", "received_direct", direct, query),)
    return (late, _number("không hài lòng", "disliked", counts.disliked, query))


def _number(words: str, column: str, value: int, query: dict[str, str]) -> IndexNumber:
    path = reverse("national_index_dossiers")
    return IndexNumber(words, value, dossiers_address(query, column, path=path) if value else "")


def _offices(
    by_office: dict[int, IndexCounts], scope: Scope, query: dict[str, str]
) -> list[OfficeIndex]:
    """The offices that had anything to deal with, the fewest points first."""
    lines = []
    for office in scope.offices:
        counts = by_office[office.pk]
        if counts == IndexCounts():
            continue
        fractions = [(component, counts.fraction(component)) for component in KNOWN]
        points = tuple((c, c.points(*fraction), fraction) for c, fraction in fractions)
        address = f"{reverse('national_index')}?ky={query['ky']}&pham-vi={office.code}"
        lines.append(OfficeIndex(office.name, address, points, together(p for _, p, _ in points)))
    return sorted(lines, key=lambda line: line.together)


def _unknown() -> list[tuple[IndexGroup, list[Component]]]:
    """The components without data, group by group, each with what is missing."""
    found = []
    for group in GROUPS:
        if rest := [component for component in group.components if component.missing]:
            found.append((group, rest))
    return found
