"""A slip to try: as the desk would print it today, of an invented applicant. It is received as any
dossier and taken back in the same transaction, so nothing is stored and no number is used up."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from dossiers.lifecycle import perform
from dossiers.lifecycle.codes import identity_code
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.paper import forms_01_03
from dossiers.rules.codes import TRIAL_SERIAL
from motcua import clock
from motcua.models import Office, Staff
from motcua.printing import pdf
from procedures.models import Procedure, ProcedureVersion, RequiredPaper
from procedures.opening import opening_hours

NOTHING_OFFERED = (
    "Đơn vị chưa nhận thủ tục nào có thời hạn đang áp dụng, nên chưa có gì để in phiếu thử. Mời "
    "xem việc “Thủ tục”."
)
APPLICANT = "Nguyễn Thị Mẫu"
HOME = "Số 1, ấp Mẫu"


def slip(office: Office, staff: Staff) -> bytes | None:
    """The PDF; None where the office offers nothing that a slip could promise. The clerk on it is
    one of the office's, the person who asks where there is none. Raises MoveRefused where no date
    can be promised."""
    version = _to_try(office)
    if version is None:
        return None
    clerks = Staff.objects.filter(office=office, is_active=True, is_clerk=True)
    papers = RequiredPaper.objects.of(version)[:3]
    intake = Intake(
        office=office,
        procedure=version.procedure,
        applicant_name=APPLICANT,
        address=HOME,
        papers=tuple(Paper(each.name, each.kind, each.copies, each) for each in papers),
    )
    with transaction.atomic():
        dossier = perform.register(intake, by=clerks.order_by("pk").first() or staff)
        dossier.code = trial_code(office)
        context = forms_01_03.slip_context(dossier) | {"is_trial": True}
        transaction.set_rollback(True)
    return pdf.render_pdf(forms_01_03.SLIPS[dossier.regime.key], context)


def trial_code(office: Office) -> str:
    """A code as the office's are, of a serial that none is ever given."""
    return f"{identity_code(office)}-{clock.today():%y%m%d}-{TRIAL_SERIAL}"


def _to_try(office: Office) -> ProcedureVersion | None:
    """A version in force of something that the office offers; one that takes days, if any."""
    offered = Procedure.objects.offered_by(office)
    found = ProcedureVersion.objects.in_force(clock.today()).filter(procedure__in=offered)
    same_day = ProcedureVersion.Unit.SAME_DAY
    days = found.exclude(limit_unit=same_day).order_by("procedure__sort_key", "pk")
    return days.select_related("procedure").first() or found.order_by("pk").first()


@dataclass(frozen=True)
class SlipPreview:
    """What the page shows of the slip beside the steps."""

    superior: str
    desk: tuple[str, str]
    place: str
    code: str
    applicant: str
    address: str
    phone: str
    hours: str
    site: str


def preview(office: Office) -> SlipPreview:
    """The words that the steps decide, as they stand now."""
    today = clock.today()
    return SlipPreview(
        superior=office.header_above or f"Ủy ban nhân dân {office.name_in_small}",
        desk=office.desk_on(today),
        place=office.short_name,
        code=trial_code(office),
        applicant=APPLICANT,
        address=office.address,
        phone=office.phone,
        hours="; ".join(f"{line.days} {line.hours}" for line in opening_hours(office, today)),
        site=urlsplit(settings.MOTCUA_BASE_URL).netloc,
    )
