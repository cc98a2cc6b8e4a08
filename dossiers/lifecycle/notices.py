"""Telling the citizen: notices are queued with the act that causes them and sent later.

A notice goes into the queue in the transaction of the act (no act, no notice), and is sent by
`manage.py send_notices`. It is claimed first, in a transaction of its own: whatever crashes,
no notice is sent twice. One that was claimed and whose fate is unknown waits for a person.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from dossiers.lifecycle.due_dates import promised_to_citizen
from dossiers.models import Dossier, Event
from dossiers.models.notices import Notice, NoticeChannel, NoticeTemplate
from dossiers.rules.personal_numbers import is_foreign_telephone
from motcua import clock, sms

RETRY_AFTER = timedelta(minutes=15)
MAX_ATTEMPTS = 5
RELEASABLE = (Notice.State.SENDING, Notice.State.FAILED)

# What may stand in braces in a template: what it is, and an example for the preview.
PLACEHOLDERS = {
    "ma": ("mã hồ sơ", "H12.TAM.967-260402-0001"),
    "thu_tuc": ("tên thủ tục", "Đăng ký biến động quyền sử dụng đất"),
    "ngay_hen": ("ngày hẹn trả gần nhất", "17:00 ngày 10/04/2026"),
    "khong_kip": ("“chưa trả”, hoặc “sẽ không trả” khi ngày hẹn chưa qua", "sẽ không trả"),
    "noi_nhan": ("bộ phận một cửa", "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình"),
    "dia_chi": ("địa chỉ đơn vị", "Khóm 1, thị trấn Thới Bình"),
    "dien_thoai": ("điện thoại đơn vị", "0290 3860 123"),
    "tra_cuu": ("địa chỉ tra cứu hồ sơ", "https://motcua.example.vn/tra-cuu/?ma=…"),
}

SHIPPED = (
    (
        Event.Kind.SUBMIT,
        "Đã nhận hồ sơ nộp trực tuyến, mã {ma}",
        "Hồ sơ nộp trực tuyến có mã {ma}, gửi đến {noi_nhan}. Hồ sơ chưa được tiếp nhận; chúng "
        "tôi sẽ báo khi tiếp nhận hoặc cần bổ sung. Tra cứu: {tra_cuu}",
    ),
    (
        Event.Kind.ACCEPT,
        "Hồ sơ {ma} đã được tiếp nhận",
        "Hồ sơ {ma} đã được tiếp nhận. Hẹn trả kết quả: {ngay_hen}, tại {noi_nhan}, {dia_chi}. "
        "Tra cứu: {tra_cuu}",
    ),
    (
        Event.Kind.DECLINE,
        "Hồ sơ {ma} chưa được tiếp nhận",
        "Hồ sơ {ma} không được tiếp nhận. Mời ông/bà liên hệ {noi_nhan}, {dien_thoai} để biết lý "
        "do và cách nộp lại. Tra cứu: {tra_cuu}",
    ),
    (
        Event.Kind.ASK_SUPPLEMENT,
        "Hồ sơ {ma} cần bổ sung",
        "Hồ sơ {ma} cần bổ sung giấy tờ. Mời ông/bà xem giấy tờ thiếu và gửi thêm tại {tra_cuu}, "
        "hoặc đến {noi_nhan}, điện thoại {dien_thoai}.",
    ),
    (
        Event.Kind.ASK_PAYMENT,
        "Hồ sơ {ma} cần thực hiện nghĩa vụ tài chính",
        "Hồ sơ {ma} cần thực hiện nghĩa vụ tài chính. Mời ông/bà đến {noi_nhan}. "
        "Tra cứu: {tra_cuu}",
    ),
    (
        Event.Kind.APOLOGISE,
        "Xin lỗi và hẹn lại hồ sơ {ma}",
        "Chúng tôi xin lỗi vì {khong_kip} kết quả hồ sơ {ma} đúng hẹn. Hẹn lại: {ngay_hen}. "
        "Tra cứu: {tra_cuu}",
    ),
    (
        Event.Kind.RESOLVE,
        "Hồ sơ {ma} đã có kết quả",
        "Hồ sơ {ma} đã có kết quả. Mời ông/bà mang phiếu hẹn và giấy tờ tùy thân đến "
        "{noi_nhan}, {dia_chi}. Tra cứu: {tra_cuu}",
    ),
    (
        Event.Kind.STOP,
        "Hồ sơ {ma} dừng giải quyết",
        "Hồ sơ {ma} đã dừng giải quyết. Mời ông/bà liên hệ {noi_nhan}, {dien_thoai}.",
    ),
)


# What was shipped before 0.4.0 said that a date had passed which had not, and called people to the
# desk who can send their papers.
FORMER = {
    Event.Kind.ASK_SUPPLEMENT: "Hồ sơ {ma} cần bổ sung giấy tờ. Mời ông/bà đến {noi_nhan} hoặc gọi "
    "{dien_thoai}. Tra cứu: {tra_cuu}",
    Event.Kind.APOLOGISE: "Chúng tôi xin lỗi vì hồ sơ {ma} chưa có kết quả đúng hẹn. Hẹn lại: "
    "{ngay_hen}. Tra cứu: {tra_cuu}",
}


def load_templates() -> int:
    """Create the shipped words that are missing, and put the present ones in the place of former
    ones; what an administrator changed stays."""
    created = 0
    for kind, subject, body in SHIPPED:
        for channel in NoticeChannel:
            _, new = NoticeTemplate.objects.get_or_create(
                kind=kind,
                channel=channel,
                defaults={
                    "subject": subject if channel == NoticeChannel.EMAIL else "",
                    "body": body,
                },
            )
            created += new
        if kind in FORMER:
            NoticeTemplate.objects.filter(kind=kind, body=FORMER[kind]).update(body=body)
    return created


def queue(event: Event) -> list[Notice]:
    """Put the notices of an act into the queue, inside the act's transaction.

    Nothing is queued for an address that the applicant did not give, nor a text message to a
    number of another country or where the office has no gateway: it would reach nobody.
    """
    dossier = event.dossier
    addresses = {NoticeChannel.EMAIL: dossier.email}
    # Gateways of offices carry messages within the country; elsewhere a message would only fail.
    if dossier.phone and not is_foreign_telephone(dossier.phone) and sms.is_set_up():
        addresses[NoticeChannel.SMS] = dossier.phone
    templates = NoticeTemplate.objects.filter(
        kind=event.kind, is_active=True, channel__in=[c for c, to in addresses.items() if to]
    )
    if not any(addresses.values()):
        return []
    words = _words(dossier)
    return [
        Notice.objects.create(
            dossier=dossier,
            event=event,
            channel=template.channel,
            address=addresses[NoticeChannel(template.channel)],
            subject=_fill(template.subject, words),
            body=_fill(template.body, words),
            queued_at=event.recorded_at,
            try_after=event.recorded_at,
        )
        for template in templates
    ]


@dataclass
class Outcome:
    sent: int = 0
    failed: int = 0


def send_queued(*, now: datetime | None = None, limit: int = 200) -> Outcome:
    """Send what is due. Safe beside another run: each notice is claimed by one of them."""
    moment = now or clock.now()
    outcome = Outcome()
    for _ in range(limit):
        notice = _claim(moment)
        if notice is None:
            break
        if _send(notice):
            outcome.sent += 1
        else:
            outcome.failed += 1
    return outcome


def drop(event: Event) -> int:
    """The act was undone: what still waits in the queue because of it is not sent."""
    return Notice.objects.filter(event=event, state=Notice.State.QUEUED).update(
        state=Notice.State.DROPPED
    )


def preview(template: NoticeTemplate) -> tuple[str, str]:
    """Subject and body with the examples filled in."""
    words = {name: example for name, (_, example) in PLACEHOLDERS.items()}
    return _fill(template.subject, words), _fill(template.body, words)


def release(notice: Notice) -> None:
    """A person decided that a notice of unknown fate is to be sent again."""
    Notice.objects.filter(pk=notice.pk, state__in=RELEASABLE).update(
        state=Notice.State.QUEUED, try_after=clock.now(), error="", attempts=0
    )


def _claim(moment: datetime) -> Notice | None:
    # None waits for longer than RETRY_AFTER; a clock that ran ahead keeps none back.
    due = Q(try_after__lte=moment) | Q(try_after__gt=moment + RETRY_AFTER + clock.TOLERANCE)
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True)
            .filter(due, state=Notice.State.QUEUED)
            .order_by("try_after", "pk")
            .first()
        )
        if notice is None:
            return None
        notice.state = Notice.State.SENDING
        notice.claimed_at = moment
        notice.attempts += 1
        notice.save(update_fields=["state", "claimed_at", "attempts"])
        return notice


def _send(notice: Notice) -> bool:
    """Hand the claimed notice to its carrier; a refusal is tried again later, an unclear
    answer is not."""
    try:
        if notice.channel == NoticeChannel.EMAIL:
            EmailMessage(subject=notice.subject, body=notice.body, to=[notice.address]).send(
                fail_silently=False
            )
        else:
            sms.carrier().send(notice.address, notice.body)
    except (sms.FateUnknown, TimeoutError, smtplib.SMTPServerDisconnected):
        return False
    except Exception as refused:  # whatever the carrier's library raises: say it, go on
        again = notice.attempts < MAX_ATTEMPTS
        notice.state = Notice.State.QUEUED if again else Notice.State.FAILED
        notice.try_after = clock.now() + RETRY_AFTER
        notice.error = f"{type(refused).__name__}: {refused}"[:250]
        notice.save(update_fields=["state", "try_after", "error"])
        return False
    notice.state = Notice.State.SENT
    notice.sent_at = clock.now()
    notice.error = ""
    notice.save(update_fields=["state", "sent_at", "error"])
    return True


def _words(dossier: Dossier) -> dict[str, str]:
    promised = promised_to_citizen(dossier)
    apology = dossier.apologies.filter(is_void=False).last()
    office, point = dossier.return_place.heir, dossier.return_point
    where, address, phone = office.desk_name, office.address, office.phone
    if point is not None:
        where = f"{point.name}, {office.name_in_small}"
        address, phone = point.address, point.phone or phone
    return {
        "ma": dossier.code,
        "thu_tuc": dossier.procedure.name,
        "ngay_hen": f"{clock.local(promised):%H:%M ngày %d/%m/%Y}" if promised else "",
        "khong_kip": "sẽ không trả" if apology is not None and apology.is_early else "chưa trả",
        "noi_nhan": where,
        "dia_chi": address or office.name,
        "dien_thoai": (point.phone if point is not None else "")
        or office.phone
        or "bộ phận một cửa",
        "tra_cuu": f"{settings.MOTCUA_BASE_URL}{reverse('lookup')}?ma={dossier.code}",
    }


def _fill(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace("{" + name + "}", value)
    return text
