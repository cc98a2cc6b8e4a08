"""Reminders to offices that have not signed: at most one a day for an office and a period."""

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage

from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office, Staff
from reports.models import OpeningFigures, Reminder
from reports.output.links import closing_address, period_line
from reports.sign_off.closing import Standing


@dataclass
class Outcome:
    """How many offices were reminded, and how many of these no e-mail reached."""

    reminded: int = 0
    already_today: int = 0
    without_address: int = 0
    failed: int = 0

    @property
    def sentence(self) -> str:
        parts = [f"Đã nhắc {self.reminded} đơn vị"]
        if self.already_today:
            parts.append(f"{self.already_today} đơn vị hôm nay đã được nhắc rồi")
        if self.without_address:
            parts.append(
                f"{self.without_address} đơn vị chưa khai thư điện tử, chỉ thấy lời nhắc trong "
                "chương trình"
            )
        if self.failed:
            parts.append(f"{self.failed} thư chưa gửi được")
        return "; ".join(parts) + "."


def remind(awaited: Iterable[Standing], by: Staff | None = None) -> Outcome:
    """Remind every office that the period waits for; the others are passed over, and so is a
    period before the program came. `by` is the person who pressed, or nobody for the timer. A
    letter that cannot be sent is recorded with the reason and does not stop the others."""
    outcome = Outcome()
    waiting = [standing for standing in awaited if standing.is_awaited]
    begun = {day: had_begun(day) for day in {standing.period.end for standing in waiting}}
    for standing in waiting:
        if begun[standing.period.end]:
            _remind_one(standing, by, outcome)
    return outcome


def had_begun(day: date) -> bool:
    """Whether any office had a dossier by that day, or totals from before. From then on an office
    without any reports that it had none."""
    return (
        Dossier.objects.filter(received_on__lte=day).exists()
        or OpeningFigures.objects.filter(starts_on__lte=day).exists()
    )


def _remind_one(standing: Standing, by: Staff | None, outcome: Outcome) -> None:
    addresses = addresses_of(standing.office)
    # The row comes before the letter: two timers at once send one.
    reminder, is_new = Reminder.objects.get_or_create(
        office=standing.office,
        period_key=standing.period.key,
        calendar=standing.period.calendar,
        day=clock.today(),
        defaults={"reminded_by": by, "reminded_at": clock.now(), "addresses": addresses},
    )
    if not is_new:
        outcome.already_today += 1
        return
    outcome.reminded += 1
    if not addresses:
        outcome.without_address += 1
        return
    try:
        letter(standing, addresses).send(fail_silently=False)
    except (OSError, smtplib.SMTPException) as refused:
        outcome.failed += 1
        reminder.error = f"{type(refused).__name__}: {refused}"[:250]
    else:
        reminder.sent_at = clock.now()
    reminder.save(update_fields=["sent_at", "error"])


def addresses_of(office: Office) -> list[str]:
    """The e-mail addresses of the office's leaders; without any, the office's own."""
    leaders = Staff.objects.filter(office=office, is_leader=True, is_active=True)
    own = list(leaders.exclude(email="").order_by("pk").values_list("email", flat=True))
    return own or ([office.email] if office.email else [])


def letter(standing: Standing, addresses: list[str]) -> EmailMessage:
    office, period = standing.office, standing.period
    late = (
        f"Hạn gửi là ngày {standing.due_on:%d/%m/%Y}, đã quá {standing.days_late} ngày."
        if standing.days_late
        else f"Hạn gửi là ngày {standing.due_on:%d/%m/%Y}."
    )
    body = (
        f"Kính gửi lãnh đạo {office.name},\n\n"
        f"Số liệu giải quyết thủ tục hành chính {period_line(period)} của đơn vị chưa được ký. "
        f"{late}\n\n"
        f"Mời ông/bà xem và ký tại: {settings.MOTCUA_BASE_URL}{closing_address(office, period)}\n\n"
        "Thư này do chương trình Một cửa điện tử gửi, xin không trả lời.\n"
    )
    return EmailMessage(
        subject=f"Nhắc ký số liệu {period.label}: {office.name}", body=body, to=addresses
    )
