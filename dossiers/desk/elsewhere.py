"""For which other offices may a desk receive a dossier, and where may its result be returned?"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef

from dossiers.models import Dossier
from motcua.models import Office, OfficeQuerySet, ReceptionPoint, Staff
from procedures.models import ElsewhereRule, Procedure, ProcedureVersion
from procedures.offering import offices_for


def offices_received_for(
    procedure: Procedure, version: ProcedureVersion | None, desk: Office, day: date
) -> list[Office]:
    """The other offices of the desk's province that take this procedure, exist on the day and
    have people to solve it, by name; none where the province's rules do not allow it. A number of
    statements that does not depend on how many offices there are."""
    if not ElsewhereRule.objects.allows(procedure, version, day):
        return []
    takes = {office.pk for office in offices_for(procedure)} - {desk.pk}
    found = _with_people(day).filter(pk__in=takes & _province(desk))
    return sorted(found, key=lambda office: (office.level, office.name))


def offices_with_desks(desk: Office, day: date) -> list[Office]:
    """The other offices of the desk's province that exist on the day and have people; none before
    a desk may receive for others at all."""
    if not ElsewhereRule.objects.any_on(day):
        return []
    found = _with_people(day).filter(pk__in=_province(desk) - {desk.pk})
    return sorted(found, key=lambda office: (office.level, office.name))


def _with_people(day: date) -> OfficeQuerySet:
    people = Staff.objects.filter(office=OuterRef("pk"), is_active=True)
    return Office.objects.with_desk().existing(day).filter(Exists(people))


def _province(desk: Office) -> set[int]:
    """The offices under the same topmost office, itself among them."""
    parents = dict(Office.objects.order_by().values_list("pk", "parent"))

    def top(key: int) -> int:
        passed = {key}
        while (above := parents.get(key)) is not None and above not in passed:
            passed.add(above)
            key = above
        return key

    mine = top(desk.pk)
    return {key for key in parents if top(key) == mine}


def points_of(office: Office, day: date) -> list[ReceptionPoint]:
    """The office's points of reception that are open on the day, by name."""
    return list(office.points.open_on(day))


def last_point(clerk: Staff, points: Sequence[ReceptionPoint]) -> ReceptionPoint | None:
    """The point at which this clerk received last, if it is one of these."""
    keys = {point.pk: point for point in points}
    if not keys:
        return None
    last = Dossier.objects.filter(created_by=clerk).order_by("-pk").values_list("point", flat=True)
    return keys.get(last.first() or 0)
