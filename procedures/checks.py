"""Django's system checks of the working calendar, run with `migrate` and `check --database`."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from motcua import clock
from motcua.operations.checks import reads
from procedures import calendar_reminder
from procedures.models import CalendarDay


@register(Tags.database)
def calendar_knows_the_year(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """No year without its holidays: the current one, and from November the next one.

    Warnings, since an error would also stop `migrate` on the day when an administrator has to
    come in and enter the calendar.
    """
    if not reads(databases):
        return []
    today = clock.today()
    try:
        if not CalendarDay.objects.exists():
            return []  # base data not loaded yet: load_base brings the calendar
        known = CalendarDay.objects.filter(date__year=today.year).exists()
        coming = calendar_reminder.sentence()
    except DatabaseError:
        return []
    hint = "Người quản trị nhập ngày nghỉ, ngày làm bù tại trang Quản trị, mục Lịch nghỉ và làm bù."
    if not known:
        return [
            Warning(
                f"Chưa có lịch nghỉ của năm {today.year}: không tính được ngày hẹn trả.",
                hint=hint,
                id="motcua.W008",
            )
        ]
    if coming:
        return [Warning(coming, hint=hint, id="motcua.W009")]
    return []
