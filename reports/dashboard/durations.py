"""How long dossiers take of their offices' time, procedure by procedure, beside the limit."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from dossiers.lifecycle.due_dates import limit_of
from procedures.models import Procedure, ProcedureVersion
from reports.figures.summaries import days_spent, tally
from reports.terms.columns import ON_TIME_RATE, Figures
from reports.terms.periods import Period
from reports.terms.scopes import Scope
from reports.terms.verdicts import (
    MEDIAN,
    NINE_TENTHS,
    Verdict,
    VerdictKind,
    WorkingLimit,
    in_working_days,
    nearest_rank,
    verdict,
)


@dataclass(frozen=True)
class Duration:
    """A procedure of which dossiers were resolved in the period.

    `median` and `ninety` are working days (`dossiers.rules.days_spent`, `verdicts`), None where
    no dossier has a number of days. `limit` is the limit at the end of the period.
    """

    key: str
    name: str
    sector: str
    limit_words: str
    limit: WorkingLimit | None
    figures: Figures
    number: int
    """How many dossiers the days were counted of; the others' years have no calendar."""
    median: int | None
    ninety: int | None
    verdict: Verdict

    @property
    def met(self) -> tuple[int, int]:
        return ON_TIME_RATE.of(self.figures)


def durations(period: Period, scope: Scope) -> list[Duration]:
    """Every procedure of which a dossier was resolved, what a leader should look at first: the
    limits that are not met, then those that can be cut, of each the most dossiers first."""
    days = days_spent(period, scope)
    figures = {key: found for (key,), found in tally(period, scope, "procedure_id").items()}
    versions = _versions(days, period)
    procedures = Procedure.objects.filter(pk__in=days).select_related("sector").order_by("sort_key")
    rows = [_duration(p, days[p.pk], figures[p.pk], versions.get(p.pk)) for p in procedures]
    kinds = list(VerdictKind)
    return sorted(rows, key=lambda d: (kinds.index(d.verdict.kind), -d.number))


def _duration(
    procedure: Procedure,
    days: dict[int | None, int],
    figures: Figures,
    version: ProcedureVersion | None,
) -> Duration:
    known = {n: count for n, count in days.items() if n is not None}
    has_limit = version is not None and version.has_limit
    limit = in_working_days(limit_of(version)) if version and has_limit else None
    return Duration(
        key=procedure.key,
        name=procedure.name,
        sector=procedure.sector.name,
        limit_words=version.limit_words if version is not None else "",
        limit=limit,
        figures=figures,
        number=sum(known.values()),
        median=nearest_rank(known, MEDIAN) if known else None,
        ninety=nearest_rank(known, NINE_TENTHS) if known else None,
        verdict=verdict(known, limit, ON_TIME_RATE.of(figures)),
    )


def _versions(procedures: Iterable[int], period: Period) -> dict[int, ProcedureVersion]:
    """The version in force at the end of the period, or the last one before it."""
    versions = ProcedureVersion.objects.filter(procedure__in=list(procedures)).order_by(
        F("in_force_from").asc(nulls_first=True)
    )
    begun = (v for v in versions if v.in_force_from is None or v.in_force_from <= period.as_of)
    return {version.procedure_id: version for version in begun}
