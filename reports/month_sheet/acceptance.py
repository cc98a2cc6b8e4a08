"""Which online filings were answered too late? Acceptance, or the first request for papers before
it, is due within 8 working hours of the filing (NQ 66.7/2025/NQ-CP)."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Least

from dossiers.models import DossierQuerySet, SupplementRequest
from motcua import clock
from procedures.calendar import calendars_for
from procedures.workdays import WorkingCalendar
from reports.figures.recount import dossiers_behind
from reports.terms.periods import Period
from reports.terms.scopes import Scope

ANSWER_WITHIN = timedelta(hours=8)
"""Of working time, from the moment of the filing."""


def accepted_late(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> list[int]:
    """The primary keys of the dossiers of `received_online` that were answered later, by the hours
    of the desk that received each. A month's filings are read; four queries. Raises NoCalendarData.
    """
    asked = SupplementRequest.objects.filter(
        dossier=OuterRef("pk"), is_void=False, before_acceptance=True
    ).order_by("asked_at")
    rows = list(
        dossiers_behind("received_online", period, scope, among=among)
        .order_by()
        .annotate(
            answered=Least(
                "received_at",
                Coalesce(Subquery(asked.values("asked_at")[:1]), "received_at"),
                output_field=DateTimeField(),
            )
        )
        .values_list("pk", "receiver_id", "submitted_at", "answered")
    )
    calendars = calendars_for({receiver for _, receiver, _, _ in rows})
    return [
        pk
        for pk, receiver, submitted, answered in rows
        if is_late(calendars[receiver], clock.naive_local(submitted), clock.naive_local(answered))
    ]


def is_late(calendar: WorkingCalendar, submitted: datetime, answered: datetime) -> bool:
    """Whether the answer came after 8 working hours; both moments are local."""
    return answered > calendar.add_working_time(submitted, ANSWER_WITHIN)
