"""What the templates of the reports need."""

from collections.abc import Sequence

from django import template

from dossiers.models import Dossier
from reports.lists.late_entries import LateEntry, mark_late_entries
from reports.terms import layouts

register = template.Library()


@register.simple_tag
def late_entries(dossier: Dossier) -> list[LateEntry]:
    """The acts on a dossier that were entered after the figures they reach into were signed."""
    return mark_late_entries([dossier])[0].late_entries


@register.filter
def head_rows(columns: Sequence[layouts.HasHeading]) -> list[list[layouts.HeadCell]]:
    """The rows of headings over these columns, groups above: see `layouts.head_rows`."""
    return layouts.head_rows(columns)
