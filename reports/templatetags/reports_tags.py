"""What the templates of the reports need."""

from collections.abc import Sequence

from django import template

from reports.terms import layouts

register = template.Library()


@register.filter
def head_rows(columns: Sequence[layouts.HasHeading]) -> list[list[layouts.HeadCell]]:
    """The rows of headings over these columns, groups above: see `layouts.head_rows`."""
    return layouts.head_rows(columns)
