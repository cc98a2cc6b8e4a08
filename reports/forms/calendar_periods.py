"""The choice of a calendar month, quarter or year, and of a scope: for what is never told by the
15th (NĐ 09/2019).

    ky=2026-11 | 2026-Q4 | 2026      (the month sheet takes months alone)
    pham-vi=967 | cap-xa | tat-ca
"""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from motcua import clock
from reports.figures.offices import OfficesInTime
from reports.forms.choices import PERIODS, WHOLE_YEAR, FiguresForm
from reports.terms.periods import Period, Span, containing, parse_period

_MONTHS = [choice for choice in PERIODS if choice[0].isdigit()]
_QUARTERS = [choice for choice in PERIODS if choice[0].startswith("Q")]


class CalendarForm(FiguresForm):
    """A month, a quarter or a year of the calendar."""

    spans: tuple[Span, ...] = (Span.MONTH, Span.QUARTER, Span.YEAR)
    periods = (*_MONTHS, *_QUARTERS, *(choice for choice in PERIODS if choice[0] == WHOLE_YEAR))
    wrong = "Hãy chọn một tháng, một quý hoặc một năm; trong địa chỉ thì viết như 2026-11, 2026-Q4."

    def __init__(self, query: QueryDict, offices: OfficesInTime, *, period: str) -> None:
        super().__init__(query, offices, period=containing_key(period, self.spans))
        for name in ("tu", "den"):
            del self.fields[name]
        self.fields["ky"] = forms.ChoiceField(
            label="Kỳ", choices=self.periods, error_messages={"invalid_choice": self.wrong}
        )
        self.fields["lich"] = forms.ChoiceField(
            choices=[("duong-lich", "Theo dương lịch")],
            widget=forms.HiddenInput,
            error_messages={"invalid_choice": "Trang này chỉ tính theo dương lịch."},
        )
        self.order_fields(["ky", "nam", "pham-vi"])


class MonthForm(CalendarForm):
    """A month of the calendar."""

    spans = (Span.MONTH,)
    periods = tuple(_MONTHS)
    wrong = "Hãy chọn một tháng; trong địa chỉ thì viết như 2026-11."


def containing_key(period: str, spans: tuple[Span, ...]) -> str:
    """The period itself where it is one of these spans, otherwise the one it has come to today."""
    return calendar_query(parse_period(period).told_on(clock.today()), {}, spans)["ky"]


def calendar_query(
    period: Period, query: Mapping[str, str], spans: tuple[Span, ...] = CalendarForm.spans
) -> dict[str, str]:
    """Another page's choice as these pages take it: by the calendar, and in one of the spans. Of
    six and nine months and of a free range that is the quarter, or the month, to which they are
    told."""
    words = {key: word for key, word in query.items() if key == "pham-vi"}
    known = [containing(period.end, span).key for span in spans]
    if period.calendar == "calendar" and period.key in known:
        return {"ky": period.key, **words}
    span = Span.QUARTER if Span.QUARTER in spans else Span.MONTH
    return {"ky": containing(period.as_of if period.has_begun else period.end, span).key, **words}
