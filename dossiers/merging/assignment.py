"""Dossiers whose office ended without successor: which they are, for whom, and to which office each
would go by the applicant's address (NĐ 140/2025 Điều 32 khoản 2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, Q

from dossiers.lifecycle import perform
from dossiers.lifecycle.acts import done_before
from dossiers.lifecycle.succession import LIVING
from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.models import Level, Office, OfficeQuerySet, Role, Staff
from motcua.text import fold

ASSIGNERS = (Role.LEADER,)
READERS = (Role.LEADER, Role.OVERSEER)
_LIVING = sorted(state.value for state in LIVING)
_KINDS = re.compile(r"^(xa|x|phuong|p|thi tran|tt|dac khu)\b\.?\s*")
_ABOVE = re.compile(r"^(huyen|h|tinh|thanh pho|tp|quan|q|thi xa|tx|viet nam)\b\.?")
SEVERAL = "địa chỉ có hai xã, phường trở lên: cấp tỉnh giải quyết hoặc giao cơ quan cấp tỉnh"


def orphans_for(staff: Staff) -> OfficeQuerySet:
    """The offices below the person's own that ended without successor."""
    if staff.office is None or not staff.is_active or not staff.has_role(*READERS):
        return Office.objects.none()
    if staff.office.level == Level.COMMUNE:
        return Office.objects.none()  # nothing stands below
    return (
        Office.objects.under(staff.office)
        .filter(exists_until__lt=clock.today(), successor__isnull=True, is_hidden=False)
        .exclude(pk=staff.office.pk)
    )


def waiting_for(staff: Staff) -> DossierQuerySet:
    """The dossiers that wait until this person's office gives them to another: open ones of
    offices that ended without successor, and all that these received after their end."""
    found = Dossier.objects.none()
    for orphan in orphans_for(staff):
        of_office = Q(office__in=Office.objects.followed_by(orphan))
        waits = Q(state__in=_LIVING) | Q(received_on__gt=orphan.exists_until)
        found = found | Dossier.objects.filter(of_office & waits)
    return found


def may_assign(staff: Staff) -> bool:
    """Whether this person may give waiting dossiers to an office."""
    return staff.is_active and staff.has_role(*ASSIGNERS)


def choices_for(staff: Staff) -> list[Office]:
    """The offices to which this person may give dossiers: the desks below, and the own office,
    which may have none (the province takes what concerns two communes, or is complex)."""
    if staff.office is None:
        return []
    below = (
        Office.objects.under(staff.office)
        .existing(clock.today())
        .with_desk()
        .exclude(pk=staff.office.pk)
        .order_by("name", "pk")
    )
    return [*below, staff.office]


@dataclass(frozen=True)
class Proposed:
    """Where a dossier would go, and why nowhere."""

    office: Office | None
    why: str = ""


class Addresses:
    """Which commune of today an address names, by its present name or one that it took over."""

    def __init__(self, offices: Iterable[Office], province: Office | None = None) -> None:
        self._province = province
        self._by_name: dict[str, Office] = {}
        self._former: dict[str, tuple[Office, date]] = {}
        communes = [office for office in offices if office.level == Level.COMMUNE]
        followed = _followed_by_each(communes)
        for office in communes:
            self._by_name.setdefault(_bare(office.name), office)
            for old in followed[office.pk]:
                if old.exists_until is not None:
                    self._former.setdefault(_bare(old.name), (office, old.exists_until))

    def propose(self, address: str, received_on: date | None) -> Proposed:
        """The commune of the address. What was written before a merger means the names of then:
        `received_on` decides which of two offices of one name is meant."""
        found: list[Office] = []
        for part in re.split(r"[,;\n]| - | và ", address):
            words = fold(part).strip(" .")
            if not words or _ABOVE.match(words):
                continue
            office = self._named(_KINDS.sub("", words), received_on)
            # Without its kind the first alone counts: behind it stands the district, whose name a
            # commune often bears too.
            if office is not None and (not found or _KINDS.match(words)):
                found.append(office)
        communes = list(dict.fromkeys(found))
        if len(communes) > 1:
            return Proposed(self._province, SEVERAL)
        if not communes:
            return Proposed(None, "địa chỉ không ghi xã, phường nào đang có")
        return Proposed(communes[0])

    def _named(self, name: str, received_on: date | None) -> Office | None:
        former = self._former.get(name)
        if former is not None and (received_on is None or received_on <= former[1]):
            return former[0]
        return self._by_name.get(name) or (former[0] if former is not None else None)


def _followed_by_each(offices: Iterable[Office]) -> dict[int, list[Office]]:
    """`Office.objects.followed_by` without the office itself, of many in one statement."""
    found: dict[int, list[Office]] = {office.pk: [] for office in offices}
    ended = {office.pk: office for office in Office.objects.filter(successor__isnull=False)}
    for old in ended.values():
        heir = old.successor_id
        while heir in ended:
            heir = ended[heir].successor_id
        if heir in found:
            found[heir].append(old)
    return found


def _bare(name: str) -> str:
    return _KINDS.sub("", fold(name))


@dataclass
class AssignmentOutcome:
    """What an assignment did, and what it could not do."""

    done: list[Dossier] = field(default_factory=list)
    refused: list[tuple[Dossier, str]] = field(default_factory=list)


def assign(
    dossiers: Iterable[tuple[Dossier, Office]],
    *,
    by: Staff,
    token: UUID,
    paper_number: str,
    paper_date: date,
) -> AssignmentOutcome:
    """Give each dossier to its office by the one paper; those that cannot be given are named, the
    others are done. The same page sent again does nothing twice."""
    outcome = AssignmentOutcome()
    for dossier, office in dossiers:
        own = uuid5(token, dossier.code)
        try:
            if done_before(own, by) is None:
                with transaction.atomic():
                    perform.assign(
                        dossier,
                        by=by,
                        token=own,
                        office=office,
                        paper_number=paper_number,
                        paper_date=paper_date,
                    )
                    _open_desk(office)
        except MoveRefused as refused:
            outcome.refused.append((dossier, str(refused)))
            continue
        outcome.done.append(dossier)
    return outcome


def _open_desk(office: Office) -> None:
    """Who is given dossiers has a desk from now on: a row in the figures, and what it returns."""
    if not office.has_desk:
        office.has_desk = True
        office.save(update_fields=["has_desk"])


def in_order(dossiers: DossierQuerySet) -> DossierQuerySet:
    """The most urgent first, with all that a row shows."""
    return dossiers.select_related("procedure", "office", "holder_office").order_by(
        F("due_on").asc(nulls_last=True), "pk"
    )
