"""Which offices stand in the figures of a period, read from the database.

An office that has ended counts in the one that has followed it; one that ended without a successor
keeps its row as long as something of its own stands in the period (docs/domain.md, figures).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Q

from dossiers.models import Dossier
from motcua import clock
from motcua.access import offices_visible_to
from motcua.models import Level, Office, OfficeQuerySet, Staff
from reports.terms.periods import Period
from reports.terms.scopes import (
    EVERYTHING,
    LEVEL_KEYS,
    OfficesOfDay,
    Scope,
    offices_of_day,
    scope_of_all,
    scope_of_office,
    scopes_among,
)


@dataclass(frozen=True)
class OfficesInTime:
    """The offices that exist for a reader, at any time: false where there are none."""

    offices: tuple[Office, ...]

    def __bool__(self) -> bool:
        return any(office.has_desk for office in self.offices)

    def of(self, period: Period) -> OfficesOfDay:
        """The rows of the period, and who counts in which."""
        day = period.as_of
        since = min(period.start, day)
        gone = [office for office in self._left if office.ended_before(since)]
        of_day = offices_of_day(self.offices, day, since, _waiting(gone, day) if gone else ())
        return replace(of_day, assigned_later=_any_assigned_since(day))

    def scopes(self, period: Period) -> list[Scope]:
        """What may be chosen of the period, the widest first; of one in which none of the offices
        was, what may be chosen today."""
        of_day = self.of(period)
        if not of_day.rows:
            today = clock.today()
            of_day = offices_of_day(self.offices, today, today)
        return scopes_among(of_day)

    def scope_of_all(self, period: Period) -> Scope:
        return scope_of_all(self.of(period))

    @cached_property
    def _left(self) -> list[Office]:
        return [o for o in self.offices if o.exists_until and o.successor_id is None]


def key_of(asked: str, scopes: Sequence[Scope], offices: OfficesInTime) -> str | None:
    """Which of the scopes of a period an address means: the one with this key; of an office that
    is no row of the period the one in whose row it counts; the widest, where the office or level
    asked for was at another time. None for what does not exist for this reader."""
    if any(scope.key == asked for scope in scopes):
        return asked
    desks = [office for office in offices.offices if office.has_desk]
    bore = [office for office in desks if office.code == asked]
    several = {EVERYTHING, *(LEVEL_KEYS[Level(office.level)] for office in desks)}
    if not bore and (asked not in several or len(desks) == 1):
        return None
    rows = {row for office in bore if (row := scopes[0].row_of.get(office.pk))}
    counted = (scope.key for scope in scopes if scope.single and scope.single.pk in rows)
    return next(counted, scopes[0].key)


def offices_in_time(offices: OfficeQuerySet) -> OfficesInTime:
    """These offices, with all that their names on a day need; two queries."""
    return OfficesInTime(tuple(offices.select_related("parent").prefetch_related("former__parent")))


def offices_for(staff: Staff) -> OfficesInTime:
    """The offices whose figures exist for this person; none without an office."""
    return offices_in_time(offices_visible_to(staff))


def every_office() -> OfficesInTime:
    return offices_in_time(Office.objects.filter(is_hidden=False))


def scope_of_period(office: Office, period: Period) -> Scope:
    """The desk of this office alone as it stands in the period, with what it has followed."""
    followed = offices_in_time(Office.objects.followed_by(office))
    return scope_of_office(office, followed.of(period))


def _any_assigned_since(day: date) -> bool:
    return day < clock.today() and Dossier.objects.filter(assigned_on__gt=day).exists()


def _waiting(gone: Iterable[Office], day: date) -> set[int]:
    """Those of the ended offices of which a dossier was at the end of the day not assigned yet."""
    keys = [office.pk for office in gone]
    unresolved = Q(resolved_on__isnull=True) | Q(resolved_on__gt=day)
    rows = Dossier.objects.filter(
        Q(unresolved, office__in=keys, received_on__lte=day)
        | Q(assigned_from__in=keys, assigned_on__gt=day)
    )
    pairs = rows.order_by().values_list("office_id", "assigned_from_id").distinct()
    return {key for pair in pairs for key in pair if key in keys}
