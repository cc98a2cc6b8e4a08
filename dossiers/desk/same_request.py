"""Which dossiers say that the same person is asking the same office for the same thing again?"""

from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Q, QuerySet

from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.rules.states import State
from motcua import clock
from motcua.models import Staff
from motcua.text import fold

MOST = 50


def same_requests(
    dossiers: QuerySet[Dossier], intake: Intake, *, by: Staff | None = None
) -> list[Dossier]:
    """Of these dossiers those of the same person, procedure and office that are open or came in
    today, the newest first.

    The same person: the same number; where one of the two has none, the same name with the same
    telephone or address; where nothing but names is known, the same name typed by the same
    officer today.
    """
    near = Q(search_key__startswith=fold(intake.applicant_name))
    if intake.applicant_id:
        near |= Q(applicant_id=intake.applicant_id)
    found = current(dossiers, intake).filter(near).order_by("-pk")[:MOST]
    return [dossier for dossier in found if _is_same_person(dossier, intake, by)]


def surely_same_requests(dossiers: QuerySet[Dossier], intake: Intake) -> list[Dossier]:
    """As `same_requests`, for who is not known: name and telephone are the same, and the number
    too where both give one, so that nobody learns of a dossier who did not know as much as the
    second proof asks for."""
    if not intake.phone:
        return []
    same = current(dossiers, intake).filter(
        search_key__startswith=fold(intake.applicant_name), phone=intake.phone
    )
    if intake.applicant_id:
        same = same.filter(applicant_id__in=("", intake.applicant_id))
    return [dossier for dossier in same.order_by("-pk")[:MOST] if _has_name(dossier, intake)]


def current(dossiers: QuerySet[Dossier], intake: Intake) -> QuerySet[Dossier]:
    """Those of this procedure and office that are open, wait to be received or came in today."""
    today = clock.today()
    begun = clock.aware(datetime.combine(today, time()))
    return dossiers.filter(
        Q(resolved_on__isnull=True) | Q(received_on=today) | Q(submitted_at__gte=begun),
        office=intake.office,
        procedure=intake.procedure,
    ).exclude(state=State.DECLINED.value)


def came_in_today(dossier: Dossier) -> bool:
    return clock.local(dossier.submitted_at).date() == clock.today()


def of_same_name(dossiers: Iterable[Dossier], intake: Intake) -> list[Dossier]:
    """Those whose applicant is written alike."""
    return [dossier for dossier in dossiers if _has_name(dossier, intake)]


def _is_same_person(dossier: Dossier, intake: Intake, by: Staff | None) -> bool:
    if dossier.applicant_id and intake.applicant_id:
        return dossier.applicant_id == intake.applicant_id
    if not _has_name(dossier, intake):
        return False
    if intake.phone and dossier.phone == intake.phone:
        return True
    if intake.address and fold(dossier.address) == fold(intake.address):
        return True
    names_alone = not any((dossier.applicant_id, dossier.phone, dossier.address))
    names_alone &= not any((intake.applicant_id, intake.phone, intake.address))
    own = by is not None and dossier.created_by_id == by.pk
    return names_alone and own and came_in_today(dossier)


def _has_name(dossier: Dossier, intake: Intake) -> bool:
    return fold(dossier.applicant_name) == fold(intake.applicant_name)
