"""Which dossiers say that the same person is asking the same office for the same thing again?"""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

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
    found = current(dossiers.filter(near), intake)
    return [dossier for dossier in found if _is_same_person(dossier, intake, by)]


def surely_same_requests(dossiers: QuerySet[Dossier], intake: Intake) -> list[Dossier]:
    """As `same_requests`, for who is not known: name and telephone are the same, and the number
    too where both give one, so that nobody learns of a dossier who did not know as much as the
    second proof asks for."""
    if not intake.phone:
        return []
    same = dossiers.filter(search_key__startswith=fold(intake.applicant_name), phone=intake.phone)
    if intake.applicant_id:
        same = same.filter(applicant_id__in=("", intake.applicant_id))
    return [dossier for dossier in current(same, intake) if _has_name(dossier, intake)]


def current(dossiers: QuerySet[Dossier], intake: Intake) -> list[Dossier]:
    """Those of this procedure and office that are open, wait to be received or came in today, the
    newest first.

    Two halves, each by an index of its own, of the office's open dossiers and of its day: asked
    with every receipt, it must not read all that was ever received. SQLite, which keeps no
    statistics, would take the index of the procedure: a sum has none.
    """
    here = dossiers.order_by().filter(office=intake.office)
    here = here.alias(asked=F("procedure_id") + 0).filter(asked=intake.procedure.pk)
    is_open = here.filter(resolved_on__isnull=True).exclude(state=State.DECLINED.value)
    ended_today = here.filter(received_on=clock.today(), resolved_on__isnull=False)
    # In order only here: SQLite would read all of the office to have them in order by itself.
    found = is_open.union(ended_today, all=True)[:MOST]
    return sorted(found, key=lambda dossier: -dossier.pk)


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
