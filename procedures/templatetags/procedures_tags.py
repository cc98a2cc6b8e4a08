"""The banner of the coming year's calendar, for the frames that all apps share."""

from django import template

from procedures import calendar_reminder
from procedures.models import Procedure

register = template.Library()


@register.inclusion_tag("procedures/_calendar_due.html")
def calendar_due() -> dict[str, str]:
    """From 1 November, what an administrator has to do about the coming year's calendar."""
    return {"told": calendar_reminder.sentence()}


@register.simple_tag
def procedures_to_complete() -> int:
    """How many procedures no desk can receive until an administrator has written their limit."""
    return Procedure.objects.to_complete().count()
