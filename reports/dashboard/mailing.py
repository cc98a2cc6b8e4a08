"""The verdict and the meeting paper by mail to the leaders who chose it, on their days."""

import logging
import smtplib
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from motcua import clock
from motcua.models import Role, Staff
from reports.dashboard.meeting import meeting_paper
from reports.dashboard.overview import default_period
from reports.figures.offices import OfficesInTime, offices_for
from reports.leaders.facts import LeaderFacts, text_of
from reports.leaders.reading import leader_facts
from reports.models import PaperChoice, PaperMail
from reports.terms.mailing import Every, due_day, month_before
from reports.terms.periods import Period, parse_period

ROLES = (Role.LEADER, Role.OVERSEER)
logger = logging.getLogger(__name__)


@dataclass
class Mailed:
    sent: int = 0
    failed: int = 0


def verdict(facts: LeaderFacts) -> str:
    """The lines of the verdict as words without links."""
    return "\n".join(f"{line.head}: {text_of(line.sentence)}" for line in facts.verdict)


def send_due_papers() -> Mailed:
    """Send what is due and was not sent. Who cannot be served stops nobody else, is recorded with
    the reason, and is served by the next run; two runs at once send one mail."""
    outcome = Mailed()
    today = clock.today()
    for choice in _choices():
        due = due_day(Every(choice.every), today)
        if due is None or clock.local(choice.chosen_at).date() > due:
            continue
        mail, _ = PaperMail.objects.get_or_create(staff=choice.staff, due_on=due)
        if mail.sent_at or mail.claimed_at:
            continue
        try:
            outcome.sent += _send(mail, choice)
        except Exception as fault:  # whatever it is: record it, go on with the next person
            logger.exception("The paper of %s for staff %s", due, choice.staff_id)
            outcome.failed += 1
            mail.error = f"{type(fault).__name__}: {fault}"[:250]
            mail.save(update_fields=["error"])
    return outcome


def _choices() -> QuerySet[PaperChoice]:
    """Of those who may still see the figures and have an address."""
    choices = PaperChoice.objects.filter(staff__is_active=True).exclude(staff__email="")
    allowed = [c.pk for c in choices.select_related("staff") if c.staff.has_role(*ROLES)]
    return choices.filter(pk__in=allowed).select_related("staff__office").order_by("pk")


def _send(mail: PaperMail, choice: PaperChoice) -> bool:
    """Draw, claim and hand over the mail. Nothing that goes wrong before the mail server has it
    keeps it from being sent later; what is unclear after that is not sent again."""
    letter = _letter(choice.staff, Every(choice.every), mail.due_on)
    if letter is None:
        return False
    letter.connection = get_connection()
    letter.connection.open()
    unclaimed = PaperMail.objects.filter(pk=mail.pk, claimed_at=None)
    if not unclaimed.update(claimed_at=clock.now()):
        letter.connection.close()
        return False
    try:
        letter.send(fail_silently=False)
    except (TimeoutError, smtplib.SMTPServerDisconnected):
        raise
    except Exception:
        PaperMail.objects.filter(pk=mail.pk).update(claimed_at=None)
        raise
    finally:
        letter.connection.close()
    PaperMail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), error="")
    return True


def _letter(staff: Staff, every: Every, due: date) -> EmailMessage | None:
    """The mail; None for a person who has no office with figures. Raises ValueError for figures
    that do not add up. Nothing in its words is of a citizen."""
    offices = offices_for(staff)
    if not offices:
        return None
    period = _period(offices, every, due)
    scope = offices.scopes(period)[0]
    facts = leader_facts(period, scope, staff, clock.today())
    if facts.problems:
        raise ValueError("Số liệu không khớp, chưa gửi.")
    query = {"ky": period.key, "pham-vi": scope.key}
    page = f"{settings.MOTCUA_BASE_URL}{reverse('dashboard')}?{urlencode(query)}"
    choice = f"{settings.MOTCUA_BASE_URL}{reverse('paper_by_mail')}"
    label = period.told_label
    label = f"{label[:1].lower()}{label[1:]}"
    letter = EmailMessage(
        subject=f"Số liệu giải quyết thủ tục hành chính {label}: {scope.name}",
        body=(
            f"Kính gửi {staff.display_name},\n\n"
            f"{verdict(facts)}\n\n"
            f"Bản in hai trang để họp kèm theo thư này. Xem và mở từng số: {page}\n\n"
            f"Đổi ngày nhận hoặc thôi nhận: {choice}\n"
            "Thư này do chương trình Một cửa điện tử gửi, xin không trả lời.\n"
        ),
        to=[staff.email],
    )
    paper = meeting_paper(facts, scope)
    name = f"thong-ke-{period.key.replace('..', '_')}-{scope.key}.pdf"
    letter.attach(name, paper.pdf, "application/pdf")
    return letter


def _period(offices: OfficesInTime, every: Every, due: date) -> Period:
    """Each month the month that ended, each week what the dashboard opens with."""
    if every is Every.MONTH:
        return month_before(due)
    return parse_period(default_period(offices))
