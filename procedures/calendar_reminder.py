"""Has somebody entered the calendar of the coming year? Asked from 1 November on.

The government announces the holidays in autumn; without them no date in the new year can be
promised, and with an estimate a promise may be wrong.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from motcua import clock
from motcua.models import Staff
from motcua.operations.health_parts import Part
from procedures.models import CalendarDay

NOVEMBER = 11


def sentence() -> str:
    """What an administrator has to do now about the coming year's calendar; usually nothing."""
    today = clock.today()
    if today.month < NOVEMBER:
        return ""
    year = today.year + 1
    days = CalendarDay.objects.filter(date__year=year)
    estimated = set(days.values_list("is_estimate", flat=True))
    if not estimated:
        return (
            f"Chưa có lịch nghỉ của năm {year}: hồ sơ hẹn trả sang năm sau sẽ không tiếp nhận "
            "được. Hãy nhập lịch nghỉ, ngày làm bù theo thông báo của Chính phủ."
        )
    if True in estimated:
        return (
            f"Lịch nghỉ của năm {year} còn là ước tính. Khi có thông báo chính thức, hãy sửa lại "
            "ngày nghỉ, ngày làm bù rồi bỏ dấu “ước tính”."
        )
    return ""


def health() -> Part:
    """The calendar's part of the page of health."""
    return {"ok": not sentence()}


def remind() -> list[str]:
    """Mail the sentence to every administrator who has an address, or, while none has, to those
    who are told of faults (MOTCUA_ADMINS); whom it went to. Raises OSError or
    smtplib.SMTPException when the mail server does not take it."""
    told = sentence()
    if not told:
        return []
    administrators = Staff.objects.filter(is_administrator=True, is_active=True)
    own = administrators.exclude(email="").values_list("email", flat=True)
    addresses = sorted({*own} or settings.MOTCUA_ADMINS)
    if addresses:
        page = settings.MOTCUA_BASE_URL + reverse("admin:procedures_calendarday_changelist")
        EmailMessage(
            subject=f"Nhắc nhập lịch nghỉ năm {clock.today().year + 1}",
            body=f"{told}\n\nNơi nhập: {page}\n\n"
            "Thư này do chương trình Một cửa điện tử gửi, xin không trả lời.\n",
            bcc=addresses,
        ).send(fail_silently=False)
    return addresses
