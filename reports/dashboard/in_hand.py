"""The open dossiers of a day as facts: who holds them, how far they are, what is left; and what
those before them took from the same points on. Plain rows for `workload` and `forecast`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from dossiers.models import Dossier, DossierQuerySet, Pause, Transfer
from dossiers.rules.days_spent import days_spent
from motcua import clock
from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.figures.recount import due_in_force
from reports.forecasting import Histogram, recent_or_ever
from reports.terms.scopes import Scope

# Of each procedure the last hand-overs tell enough; older ones are another office's habits.
MOST_READ = 20_000
ONE_DAY = timedelta(days=1)

Pauses = list[tuple[date, date | None]]


@dataclass(frozen=True)
class OpenDossier:
    """An open dossier as it stood on a day."""

    pk: int
    office_id: int
    procedure_id: int
    effective_on: date
    due_on: date | None
    sent_on: list[date] = field(default_factory=list)
    """The days of its hand-overs so far; their number is the stage where it is."""
    pauses: Pauses = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        return any(until is None for _, until in self.pauses)

    def used(self, calendar: WorkingCalendar, today: date) -> int:
        """Working days since the last hand-over, otherwise the receipt; the citizen's left out."""
        # In the evening it may have been handed on before the effective receipt.
        start = max([self.effective_on, *self.sent_on[-1:]])
        return days_spent(calendar, start, today, self.pauses)


def open_dossiers(scope: Scope, as_of: date) -> list[OpenDossier]:
    """Those open at the end of the day, of the offices of the scope, in three queries."""
    dossiers = Dossier.objects.filter(office__in=scope.office_ids).open_at(as_of)
    sent, pauses = _sent_on(dossiers, as_of), pauses_of(dossiers, as_of)
    rows = dossiers.annotate(due_then=due_in_force(as_of)).values_list(
        "pk", "office_id", "procedure_id", "effective_at", "received_on", "due_then"
    )
    return [
        OpenDossier(
            pk,
            office,
            procedure,
            clock.local(effective).date() if effective else received,
            due,
            sent[pk],
            pauses[pk],
        )
        for pk, office, procedure, effective, received, due in rows.order_by("pk")
    ]


@dataclass
class Past:
    """What dossiers of some procedures took before a day, as histograms of working days."""

    from_receipt: dict[int, Histogram]
    """By procedure: from the effective receipt to the end."""
    from_hand_over: dict[tuple[int, int], Histogram]
    """By procedure and number of the hand-over: from it to the end."""
    margins: dict[int, Histogram]
    """By procedure: by how many working days they ended past their due date."""


def past_of(procedures: Iterable[int], scope: Scope, before: date) -> Past:
    """The past of these procedures in the offices of the scope: of what was resolved in the
    twelve months before the day where that is enough, otherwise ever. Four queries."""
    wanted = set(procedures)
    ended = Dossier.objects.filter(
        office__in=scope.office_ids,
        procedure__in=wanted,
        resolved_on__lt=before,
        days_spent__isnull=False,
        due_on__isnull=False,
    ).order_by()
    rows = list(
        ended.values_list(
            "pk", "procedure_id", "office_id", "days_spent", "due_on", "timed_on", "resolved_on"
        )
    )
    calendars = calendars_for(row[2] for row in rows)
    year = before - timedelta(days=365)
    whole, margins, stages = Tally(), Tally(), Tally()
    known: dict[tuple[int, date, date], int | None] = {}
    facts = {}
    for key, procedure, office, days, due_on, timed_on, resolved_on in rows:
        place = (office, due_on, timed_on)
        if place not in known:
            known[place] = _margin(calendars[office], due_on, timed_on)
        margin, recent = known[place], resolved_on >= year
        whole.add(procedure, days, recent)
        if margin is not None:
            margins.add(procedure, margin, recent)
        facts[key] = (procedure, office, timed_on, recent)
    pauses = pauses_of(ended, before)
    for dossier, number, sent_at, effective_at in (
        Transfer.objects.filter(is_void=False, dossier__in=ended)
        .order_by("-pk")
        .values_list("dossier_id", "number", "sent_at", "dossier__effective_at")[:MOST_READ]
    ):
        if dossier not in facts:  # it ended between the two questions
            continue
        procedure, office, timed_on, recent = facts[dossier]
        start = clock.local(max(sent_at, effective_at or sent_at)).date()
        days = days_spent(calendars[office], start, timed_on, pauses[dossier])
        stages.add((procedure, number), days, recent)
    return Past(whole.chosen(), stages.chosen(), margins.chosen())


def _margin(calendar: WorkingCalendar, due_on: date, timed_on: date) -> int | None:
    """Working days past the due date; None where it was written in an old register and lies in a
    year without a calendar."""
    try:
        return -calendar.working_days_left(timed_on, due_on)
    except NoCalendarData:
        return None


class Tally:
    """Histograms by key, of the last year and of all time."""

    def __init__(self) -> None:
        self._recent: dict[Any, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._ever: dict[Any, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, key: Any, days: int, recent: bool) -> None:
        self._ever[key][days] += 1
        if recent:
            self._recent[key][days] += 1

    def chosen(self) -> dict[Any, Histogram]:
        return {key: recent_or_ever(self._recent[key], ever) for key, ever in self._ever.items()}


def pauses_of(dossiers: DossierQuerySet, as_of: date) -> dict[int, Pauses]:
    """The pauses begun by the end of the day; one that went on then has no end."""
    rows = (
        Pause.objects.filter(is_void=False, from_on__lte=as_of, dossier__in=dossiers.order_by())
        .order_by("pk")
        .values_list("dossier_id", "from_on", "until_on")
    )
    found: dict[int, Pauses] = defaultdict(list)
    for dossier, since, until in rows:
        found[dossier].append((since, until if until and until <= as_of else None))
    return found


def _sent_on(dossiers: DossierQuerySet, as_of: date) -> dict[int, list[date]]:
    midnight = clock.aware(datetime.combine(as_of + ONE_DAY, time()))
    rows = (
        Transfer.objects.filter(
            is_void=False, sent_at__lt=midnight, dossier__in=dossiers.order_by()
        )
        .order_by("number")
        .values_list("dossier_id", "sent_at")
    )
    found: dict[int, list[date]] = defaultdict(list)
    for dossier, sent_at in rows:
        found[dossier].append(clock.local(sent_at).date())
    return found
