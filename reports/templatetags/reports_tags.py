"""What the templates of the reports need."""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from reports.forms.calendar_periods import CalendarForm, MonthForm, calendar_query
from reports.forms.choices import FiguresForm
from reports.terms import layouts

register = template.Library()


@register.filter
def head_rows(columns: Sequence[layouts.HasHeading]) -> list[list[layouts.HeadCell]]:
    """The rows of headings over these columns, groups above: see `layouts.head_rows`."""
    return layouts.head_rows(columns)


@register.filter
def breakable_code(code: str) -> SafeString:
    """The code of a dossier with a place to break the line, before the day of receipt."""
    unit, dash, rest = code.partition("-")
    return format_html("{}{}<wbr>{}", unit, dash, rest)


@register.simple_tag
def calendar_address(form: FiguresForm, view: str) -> str:
    """The page of the index or the month sheet with the choice of this form, as far as that page
    takes it; the page alone where the choice cannot be understood."""
    if not form.is_valid():
        return reverse(view)
    spans = MonthForm.spans if view == "month_sheet" else CalendarForm.spans
    return f"{reverse(view)}?{urlencode(calendar_query(form.period, form.query, spans))}"
