"""The published results: what each office received and resolved in a quarter, for everybody.

Signed figures where the office's leader has signed them; what is counted now otherwise, marked
as not signed. Only sums are given out: no dossier, no clerk.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache

from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office
from reports.figures.offices import every_office
from reports.figures.tables import By, table
from reports.models import Closing
from reports.public.ratings import OfficeRatings, ratings_of
from reports.sign_off.closing import standings
from reports.terms.columns import Figures, add_sums, nothing, total_of
from reports.terms.periods import Period, Span, containing

KEPT_SECONDS = 10 * 60
QUARTERS_SHOWN = 12


@dataclass(frozen=True)
class OfficeResult:
    """One office's quarter. `signed_on` is None where nobody has signed it."""

    office: Office
    figures: Figures
    signed_on: date | None
    ratings: OfficeRatings


@dataclass(frozen=True)
class Results:
    period: Period
    offices: tuple[OfficeResult, ...]
    total: Figures
    adds_up: bool
    counted_at: datetime

    @property
    def has_ratings(self) -> bool:
        return any(row.ratings.ratings for row in self.offices)

    @property
    def not_late(self) -> int:
        return self.total["resolved_early"] + self.total["resolved_on_time"]


def quarters() -> list[Period]:
    """The quarters in which anything was resolved, the newest first: at most twelve."""
    return cache.get_or_set("results.quarters", _quarters, KEPT_SECONDS) or []


def _quarters() -> list[Period]:
    months = Dossier.objects.dates("resolved_on", "month", order="DESC")
    periods = dict.fromkeys(containing(month, Span.QUARTER) for month in months)
    today = clock.today()
    return [period.told_on(today) for period in periods][:QUARTERS_SHOWN]


def latest(periods: list[Period]) -> Period | None:
    """The newest quarter that is over; the running one when there is no other."""
    today = clock.today()
    over = [period for period in periods if period.end < today]
    return next(iter(over or periods), None)


def results_of(period: Period) -> Results:
    """The quarter of every office with a desk. Counted at most once in ten minutes, however many
    look: the page is open to everybody."""
    kept: Results | None = cache.get_or_set(
        f"results.{period.key}", lambda: _count(period), KEPT_SECONDS
    )
    return kept if kept is not None else _count(period)


def _count(period: Period) -> Results:
    scope = every_office().scope_of_all(period)
    now = table(period, scope, By.OFFICE)
    ratings = ratings_of(period, scope.offices)
    standing = standings(scope.offices, [period])
    rows = []
    for row, office, rated in zip(now.rows, scope.offices, ratings, strict=True):
        signed = standing[office][period.key]
        if signed.is_signed and signed.latest is not None:
            figures = _signed(signed.latest)
            signed_on = clock.local(signed.latest.signed_at).date()
        else:
            figures, signed_on = row.figures, None
        rows.append(OfficeResult(office, figures, signed_on, rated))
    total = total_of(row.figures for row in rows)
    return Results(period, tuple(rows), total, now.adds_up, clock.now())


def _signed(closing: Closing) -> Figures:
    """The signed numbers of all sectors together, sums filled in."""
    figures = nothing()
    for column, value in closing.cells.values_list("column", "value"):
        figures[column] += value
    return add_sums(figures)
