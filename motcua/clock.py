"""What day is it: the only reader of the clock in the whole product.

Everything a person sees or signs happens in Asia/Ho_Chi_Minh. Moments are stored aware;
the pure modules (working days, deadlines, timeliness) work with naive local datetimes, and
this module is the only bridge between the two.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Clocks of office machines differ a little; a moment this far ahead is not "the future".
TOLERANCE = timedelta(minutes=2)


def now() -> datetime:
    """The present moment, aware, in Asia/Ho_Chi_Minh."""
    return datetime.now(ZONE)


def today() -> date:
    """The present date in Asia/Ho_Chi_Minh."""
    return now().date()


def is_ahead(moment: datetime) -> bool:
    """Whether the moment was written while a clock ran ahead: nothing is kept that is yet to
    come, but the due dates."""
    return moment > now() + TOLERANCE


def local(moment: datetime) -> datetime:
    """The same moment, aware, in Asia/Ho_Chi_Minh."""
    return moment.astimezone(ZONE)


def naive_local(moment: datetime) -> datetime:
    """The local wall-clock reading of an aware moment, as the pure modules expect it."""
    return moment.astimezone(ZONE).replace(tzinfo=None)


def aware(naive: datetime) -> datetime:
    """The moment that a local wall-clock reading means; Việt Nam has no summer time."""
    return naive.replace(tzinfo=ZONE)
