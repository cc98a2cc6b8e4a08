"""Which dossiers say that the same person is asking the same office for the same thing again?"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.rules.states import State
from motcua import clock
from motcua.models import Staff
from motcua.text import fold

Scope = Callable[[], QuerySet[Dossier]]
"""Whose dossiers; asked only where there is something."""
MOST = 50
# Asked with every receipt, nearly always in vain: written out, since making it through the ORM
# takes ten times as long as running it. Two halves, each by an index of its own, of the office's
# open dossiers and of its day, so that it does not read all that was ever received. SQLite, which
# keeps no statistics, would take the index of the procedure: a sum has none.
_HERE = "SELECT id FROM dossiers_dossier WHERE office_id = %s AND procedure_id + 0 = %s"
_WHO = "(substr(search_key, 1, %s) = %s OR (applicant_id = %s AND %s <> ''))"
NEAR = f"""
    {_HERE} AND resolved_on IS NULL AND state <> %s AND {_WHO}
    UNION ALL
    {_HERE} AND received_on = %s AND resolved_on IS NOT NULL AND {_WHO}
    LIMIT %s
"""


def same_requests(scope: Scope, intake: Intake, *, by: Staff | None = None) -> list[Dossier]:
    """Of the dossiers of this scope those of the same person, procedure and office that are open
    or came in today, the newest first.

    The same person: the same number; where one of the two has none, the same name with the same
    telephone or address; where nothing but names is known, the same name typed by the same
    officer today.
    """
    found = current(scope, intake)
    return [dossier for dossier in found if _is_same_person(dossier, intake, by)]


def surely_same_requests(intake: Intake) -> list[Dossier]:
    """As `same_requests`, of all dossiers, for who is not known: name and telephone are the same,
    and the number too where both give one, so that nobody learns of a dossier who did not know as
    much as the second proof asks for."""
    if not intake.phone:
        return []
    same = Dossier.objects.filter(phone=intake.phone)
    if intake.applicant_id:
        same = same.filter(applicant_id__in=("", intake.applicant_id))
    return [dossier for dossier in current(lambda: same, intake) if _has_name(dossier, intake)]


def current(scope: Scope, intake: Intake) -> list[Dossier]:
    """Those of the scope, of this procedure and office, and of this name or number, that are open,
    wait to be received or came in today, the newest first."""
    of_office: list[Any] = [intake.office.pk, intake.procedure.pk]
    key = fold(intake.applicant_name)
    who: list[Any] = [len(key), key, intake.applicant_id, intake.applicant_id]
    with connection.cursor() as cursor:
        cursor.execute(
            NEAR, [*of_office, State.DECLINED.value, *who, *of_office, clock.today(), *who, MOST]
        )
        near = [pk for (pk,) in cursor.fetchall()]
    return list(scope().filter(pk__in=near).order_by("-pk")) if near else []


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
