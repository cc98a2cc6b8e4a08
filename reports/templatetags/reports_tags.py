"""What the templates of the reports need."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
