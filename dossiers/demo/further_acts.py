"""Further acts of the demonstration, done by the verbs themselves so that no queue is empty:
letters of apology, and somebody at the counter whose papers were not complete. Nobody is told of
what only a demonstration did."""

import random
from datetime import datetime, timedelta

from dossiers.demo.counter import Counter
from dossiers.demo.history import MISSING
from dossiers.demo.mix import takes_a_while
from dossiers.lifecycle import notices, perform
from dossiers.models import Dossier, DossierQuerySet, Event, LateCause
from dossiers.rules.timeliness import overdue_sql
from motcua import clock
from motcua.models import Staff
from procedures.workdays import NoCalendarData

APOLOGIES, GUIDED = 2, 1  # a desk
WORKING_DAYS_MORE = 5


def take(counter: Counter, seed: str) -> None:
    """Those of one desk, at this moment; none in a year without calendar."""
    rng = random.Random(f"{seed} {counter.office.code} việc khác")  # noqa: S311
    leader = Staff.objects.filter(office=counter.office, is_leader=True, is_demo=True).first()
    try:
        new_due_at = _new_due(counter)
        late = list(_overdue(counter)[:APOLOGIES])
    except NoCalendarData:
        return
    if leader is None:  # every desk of the demonstration has one
        return
    causes = list(LateCause.objects.filter(code__startswith="B"))
    for dossier in late:
        cause = rng.choice(causes)
        event = perform.apologise(
            dossier,
            by=leader,
            cause=cause,
            reason=cause.name,
            new_due_at=new_due_at,
            signer=leader.display_name,
            signer_title=leader.title,
            told_how="điện thoại",
        )
        notices.drop(event)
    for _ in range(GUIDED):
        _guide(counter, rng)


def _new_due(counter: Counter) -> datetime:
    day = clock.today()
    for _ in range(WORKING_DAYS_MORE):
        day = counter.calendar.next_working_day(day)
    return clock.aware(datetime.combine(day, counter.calendar.closing(day)))


def _overdue(counter: Counter) -> DossierQuerySet:
    return (
        Dossier.objects.filter(office=counter.office, source=Dossier.Source.DEMO)
        .filter(
            overdue_sql(clock.today()),
            resolved_on__isnull=True,
            due_on__gte=clock.today() - timedelta(days=60),
        )
        .order_by("due_on", "pk")
    )


def _guide(counter: Counter, rng: random.Random) -> None:
    procedure = counter.mix.draw(
        rng, "guided", lambda p: takes_a_while(counter.desks.version(p, clock.today()))
    )
    version = counter.desks.version(procedure, clock.today())
    intake = counter.intake(rng, procedure, version, digits=12, with_email=True)
    items, reason = rng.choice(MISSING)
    dossier = perform.guide(intake, by=counter.clerk(rng), items=items, reason=reason)
    notices.drop(dossier.events.get(kind=Event.Kind.ASK_SUPPLEMENT))
