"""Which dossiers: those a person sees, open ones, those of a time, those found by words."""

from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Q

from dossiers.rules.codes import code_key, readings
from motcua.access import offices_visible_to
from motcua.models import Staff
from motcua.text import fold

if TYPE_CHECKING:
    from dossiers.models.dossier import Dossier  # noqa: F401  # read by mypy in the quotes below

ELSEWHERE = ~Q(receiver=F("office"))
"""Received by one office for another."""
AWAITS_PAPER = Q(paper_due_at__isnull=False, paper_came_at__isnull=True)
"""Received for another office, which has the electronic file and not yet the papers."""


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, staff: Staff) -> "DossierQuerySet":
        """The dossiers that exist for this person: solved or received by an office of the
        person's scope, returned there, or forwarded to one."""
        offices = list(offices_visible_to(staff).values_list("pk", flat=True))
        if not offices:
            return self.none()
        every = _all().order_by().values("pk")
        # The few that another office solves or returns, each found by an index of its own.
        return self.filter(
            Q(office__in=offices)
            | Q(pk__in=every.filter(ELSEWHERE, receiver__in=offices))
            | Q(pk__in=every.filter(return_office__in=offices))
            | Q(
                pk__in=apps.get_model("dossiers", "Transfer")
                # What goes round within an office was received by it, or came to it before.
                .objects.filter(
                    ~Q(from_office=F("to_office")), to_office__in=offices, is_void=False
                )
                .values("dossier_id")
            )
        )

    def accepted(self) -> "DossierQuerySet":
        """In the register: not the declined ones, nor those submitted and not yet accepted."""
        return self.filter(received_on__isnull=False)

    def open(self) -> "DossierQuerySet":
        """Accepted and not resolved now."""
        return self.accepted().filter(resolved_on__isnull=True)

    def received_between(self, start: date, end: date) -> "DossierQuerySet":
        return self.filter(received_on__range=(start, end))

    def resolved_between(self, start: date, end: date) -> "DossierQuerySet":
        return self.filter(resolved_on__range=(start, end))

    def open_at(self, day: date) -> "DossierQuerySet":
        """Open at the end of the day: accepted by then, not resolved by then."""
        return self.filter(received_on__lte=day).filter(
            Q(resolved_on__isnull=True) | Q(resolved_on__gt=day)
        )

    def search(self, text: str) -> "DossierQuerySet":
        """A code however typed, or words of a name, an ID number, a phone, without diacritics."""
        words = Q()
        for word in fold(text).split():
            words &= Q(search_key__contains=word)
        found = self.filter(_by_index(words))
        for key in dict.fromkeys(readings(text)):
            if len(key) >= 4 and any(c.isdigit() for c in key):
                found = found | self.filter(_by_index(Q(code_key__contains=key)))
        return found

    def by_code(self, text: str) -> "DossierQuerySet":
        """The dossier of a receipt or submission code, however typed."""
        key = code_key(text)
        return self.filter(Q(code_key=key) | Q(submission_key=key) & ~Q(submission_key=""))


def _by_index(words: Q) -> Q:
    """The condition on one indexed column as SQLite finds it best: it reads the index through, a
    twentieth of the table. PostgreSQL has an index of the words' parts (migration 0007)."""
    if connection.vendor == "postgresql" or not words:
        return words
    return Q(pk__in=_all().filter(words).order_by().values("pk"))


def _all() -> DossierQuerySet:
    return DossierQuerySet(apps.get_model("dossiers", "Dossier"))
