"""What stands where a queue is empty: what was done today, and what the next working day brings."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from dossiers.desk import queues
from dossiers.models import Dossier
from motcua.models import Staff


@dataclass(frozen=True)
class DaySoFar:
    """Results of today with the moment of the last one, results handed over today, and how many
    dossiers are due on the next working day."""

    resolved: int
    last_at: datetime | None
    handed_over: int
    next_day: date
    due_then: int


def day_so_far(staff: Staff, today: date) -> DaySoFar:
    """Of what the person answers for; two queries."""
    next_day = queues.next_working_day(staff, today)
    visible = Dossier.objects.visible_to(staff)
    done = visible.filter(Q(resolved_on=today) | Q(handed_over_on=today)).aggregate(
        resolved=Count("pk", filter=queues.minded_by(staff) & Q(resolved_on=today)),
        last_at=Max("resolved_at", filter=queues.minded_by(staff) & Q(resolved_on=today)),
        handed_over=Count("pk", filter=queues.returned_here(staff) & Q(handed_over_on=today)),
    )
    due = queues.minded_by(staff) & queues.open_due_on(next_day)
    return DaySoFar(**done, next_day=next_day, due_then=visible.filter(due).count())
