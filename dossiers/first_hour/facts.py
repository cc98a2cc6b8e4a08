"""What has been told of an office so far, read once for the page of the first hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from dossiers.lifecycle.codes import identity_code
from dossiers.models import Dossier
from motcua import clock
from motcua.access import offices_administered_by
from motcua.environment import Environment
from motcua.models import Level, Office, Role, Staff
from motcua.operations import checks
from motcua.operations.backup.archive import last_backup
from motcua.operations.backup.passphrase import VARIABLE
from procedures.models import OfficeOffer, Procedure, WorkSession
from procedures.offices.templates import templates
from procedures.opening import OpenHours, opening_hours

CONSOLE = "django.core.mail.backends.console.EmailBackend"


@dataclass(frozen=True)
class Machine:
    """What is known of the machine, without an office."""

    base_url: str = ""
    qr_opens_this_machine: bool = False
    sends_mail: bool = False
    has_backup_key: bool = False
    backed_up_at: datetime | None = None


@dataclass(frozen=True)
class SetupFacts:
    """What the steps are told by: of the machine and of one office, if there is one yet."""

    machine: Machine
    office: Office | None = None
    has_begun: bool = False
    """Somebody chose it with its template, or it has dossiers already."""
    template: str = ""
    template_key: str = ""
    code_prefix: str = ""
    """What stands at the front of its receipt codes."""
    has_own_hours: bool = False
    hours: Sequence[OpenHours] = ()
    divisions: Sequence[str] = ()
    leaders_place: str = ""
    people: Mapping[Role, int] = field(default_factory=dict)
    staff: int = 0
    procedures: int = 0
    without_limit: int = 0
    has_tried: bool = False


def machine() -> Machine:
    return Machine(
        base_url=settings.MOTCUA_BASE_URL,
        qr_opens_this_machine=checks.slips_open_this_machine(),
        sends_mail=settings.EMAIL_BACKEND != CONSOLE,
        has_backup_key=bool(Environment().text(VARIABLE)),
        backed_up_at=last_backup(),
    )


def facts_of(office: Office | None, *, has_tried: bool) -> SetupFacts:
    """What is known of the office and of this machine; about ten short statements."""
    if office is None:
        return SetupFacts(machine())
    divisions = list(office.divisions.filter(is_active=True))
    signs = next((one.name for one in divisions if one.is_leaders), "")
    people = Staff.objects.filter(office=office, is_active=True)
    roles = people.aggregate(
        staff=Count("pk"),
        **{role.value: Count("pk", filter=Q(**{f"is_{role.value}": True})) for role in Role},
    )
    offer = OfficeOffer.objects.filter(office=office).first()
    template = templates().get(offer.template) if offer is not None else None
    offered = Procedure.objects.offered_by(office)
    missing = Procedure.objects.to_complete().filter(level__in=office.levels_received)
    if offer is not None:
        missing = missing.filter(catalogue__in=[Procedure.Catalogue.OWN, offer.catalogue])
    return SetupFacts(
        machine(),
        office=office,
        has_begun=template is not None or is_in_use(office),
        template=template.label if template else "",
        template_key=template.key if template else "",
        code_prefix=identity_code(office),
        has_own_hours=WorkSession.objects.filter(office=office).exists(),
        hours=opening_hours(office, clock.today()),
        divisions=[one.name for one in divisions if not one.is_leaders],
        leaders_place=signs,
        people={role: roles[role.value] for role in Role},
        staff=roles["staff"],
        procedures=offered.count(),
        without_limit=missing.count(),
        has_tried=has_tried,
    )


def is_in_use(office: Office) -> bool:
    """Whether dossiers were received here, so that nobody need begin."""
    return Dossier.objects.filter(receiver=office).exists()


def offices_to_begin(staff: Staff) -> list[Office]:
    """The offices that this administrator sets up: the own one, and those with a desk that began
    from a template or have people; the highest first."""
    kept = offices_administered_by(staff).existing(clock.today()).with_desk()
    begun = OfficeOffer.objects.exclude(template="").values("office")
    peopled = Staff.objects.filter(is_active=True, office__isnull=False).values("office")
    found = kept.filter(Q(pk__in=begun) | Q(pk__in=peopled) | Q(pk=staff.office_id))
    levels = list(Level.values)
    return sorted(found, key=lambda office: levels.index(office.level))
