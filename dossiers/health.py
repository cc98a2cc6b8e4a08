"""What does the page of health say of notices and of acts dated in the future?"""

from datetime import timedelta

from django.db.models import Count, Q

from dossiers.models import Event, Notice
from motcua import clock
from motcua.operations.health_parts import Part

OLDEST_NOTICE = timedelta(hours=1)


def notices() -> Part:
    """How many notices wait, whether one has waited longer than the timer explains, and how many
    need a person: given up, or of unknown fate."""
    unsent = Notice.objects.filter(state__in=("queued", "sending", "failed")).order_by()
    oldest, latest = clock.now() - OLDEST_NOTICE, clock.now() + clock.TOLERANCE
    waits, sending = Q(state="queued"), Q(state="sending")
    unclear = sending & ~Q(claimed_at__range=(oldest, latest))
    found = unsent.aggregate(
        waiting=Count("pk", filter=waits),
        late=Count("pk", filter=waits & Q(try_after__lt=oldest)),
        stuck=Count("pk", filter=Q(state="failed") | unclear),
    )
    well = not found.pop("late") and not found["stuck"]
    return {"ok": well, **found}


def no_act_ahead() -> Part:
    """How many standing acts are dated in the future, by a clock of the server that ran ahead."""
    count = len(Event.objects.ahead())
    return {"ok": not count, "ahead": count}
