"""Who goes on with the dossiers of somebody who leaves?

A dossier lies at a place (a desk, a division, where the leaders sign), never with a person; so
what waits for a leaver is what lies where nobody works any more. What lies at a division is handed
to another one, or a colleague takes the division over; a desk or the leaders' place needs a person
with the role.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dossiers.desk import bundles
from dossiers.desk.bundles import BundleOutcome
from dossiers.lifecycle import perform
from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.states import OPEN, MoveRefused, State
from motcua.models import Division, Office, Role, Staff

LONGEST_REASON = 200
GONE = "Hồ sơ không còn ở {place}."
_OPEN = [state.value for state in OPEN]
_AT_WORK = [State.RECEIVED.value, State.PROCESSING.value]


@dataclass(frozen=True)
class PlaceLeft:
    """A place at which nobody works any more, and what lies there."""

    words: str
    role: Role
    dossiers: int
    division: Division | None = None


def at_work_in(division: Division) -> DossierQuerySet:
    """The dossiers that somebody in the division has to go on with."""
    return Dossier.objects.filter(holder_division=division, state__in=_AT_WORK)


def waiting_in(division: Division) -> DossierQuerySet:
    """Those that wait for the citizen: the desk takes what comes, and hands them on then."""
    return Dossier.objects.filter(holder_division=division, state__in=_OPEN).exclude(
        state__in=_AT_WORK
    )


def people_of(division: Division) -> list[Staff]:
    """The open accounts that dossiers of the division are shown to as their own."""
    people = Staff.objects.filter(office=division.office_id, is_active=True)
    if division.is_leaders:
        return list(people.filter(is_leader=True).order_by("full_name"))
    # A specialist without a division works in all of the office.
    mine = Q(division=division) | Q(division__isnull=True)
    return list(people.filter(mine, is_specialist=True).order_by("full_name"))


def places_left(before: Staff) -> list[PlaceLeft]:
    """The places where this person worked, as the account was before it was closed or moved, and
    where by now nobody works though dossiers lie there."""
    if before.office is None or not before.is_active:
        return []
    found = []
    if before.is_specialist and before.division is not None:
        found += _division_left(before.division, Role.SPECIALIST)
    if before.is_leader:
        for division in Division.objects.to_sign_at(before.office):
            found += _division_left(division, Role.LEADER)
    if before.is_clerk:
        found += _desk_left(before.office)
    return found


def _division_left(division: Division, role: Role) -> list[PlaceLeft]:
    count = Dossier.objects.filter(holder_division=division, state__in=_OPEN).count()
    if not count or people_of(division):
        return []
    return [PlaceLeft(division.name, role, count, division)]


def _desk_left(office: Office) -> list[PlaceLeft]:
    if Staff.objects.filter(office=office, is_active=True, is_clerk=True).exists():
        return []
    unfinished = [*_OPEN, State.SUBMITTED.value, State.RESOLVED.value]
    lying = Dossier.objects.filter(holder_office=office, holder_division__isnull=True)
    count = lying.filter(state__in=unfinished).count()
    return [PlaceLeft(office.desk_name, Role.CLERK, count)] if count else []


def divisions_to_take(division: Division) -> list[tuple[Division, list[Staff]]]:
    """The other divisions of the office that have people, with these."""
    others = Division.objects.filter(office=division.office_id, is_active=True, is_leaders=False)
    there = [(other, people_of(other)) for other in others.exclude(pk=division.pk)]
    return [(other, people) for other, people in there if people]


def colleagues_to_take(division: Division) -> list[Staff]:
    """The people of the office who may take the division over: they work in no other one."""
    if division.is_leaders:
        return []
    people = Staff.objects.filter(office=division.office_id, is_active=True)
    free = people.filter(division__isnull=True, is_administrator=False)
    return list(free.filter(Q(is_specialist=True) | Q(is_clerk=True)).order_by("full_name"))


def hand_on(
    dossiers: Iterable[Dossier], *, of: Division, to: Division, by: Staff, reason: str, token: UUID
) -> BundleOutcome:
    """Hand each of the dossiers, which lie in the division, to another one: an act and an event
    for each. The same token again does nothing twice."""

    def move(dossier: Dossier, by: Staff, token: UUID) -> None:
        if dossier.holder_division_id != of.pk:
            raise MoveRefused(GONE.format(place=of.name))
        perform.forward(dossier, by=by, token=token, division=to, note=reason)

    return bundles.each(dossiers, by, token, move)


@transaction.atomic
def take_division_over(colleague: Staff, division: Division, reason: str) -> None:
    """The colleague works in the division from now on; its dossiers stay where they are."""
    colleague.division = division
    colleague.is_specialist = True
    # A word of django-simple-history, which no type knows.
    colleague._change_reason = reason[:100]  # type: ignore[attr-defined]
    colleague.save(update_fields=["division", "is_specialist"])


def named(people: Sequence[Staff]) -> str:
    return ", ".join(staff.display_name for staff in people)
