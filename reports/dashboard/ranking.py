"""Offices side by side: in which order they stand, and which have nothing to show. Pure Python.

What matters comes first: who has the most dossiers late or overdue; of equal ones, who has the
lower rate on time. A rate of nothing is no rate: whoever resolved nothing stands after those who
did, and whoever had nothing at all is named apart.
"""

from collections.abc import Sequence
from fractions import Fraction

from motcua.text import alphabetical
from reports.figures.tables import Row
from reports.terms.columns import BY_NAME, ON_TIME_RATE

MATTERS, NAME, RATE = "can-luu-y", "ten", "ty-le"
"""The orders that are no column; a column's name orders by that column, the most first."""


def with_and_without(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Those that had a dossier in the period, and those that had none."""
    busy = [row for row in rows if row.figures["total_in"]]
    return busy, [row for row in rows if not row.figures["total_in"]]


def ranked(rows: Sequence[Row], order: str = MATTERS) -> list[Row]:
    """The rows in this order; a word that is no order means what matters."""
    if order == NAME:
        return sorted(rows, key=_name)
    if order == RATE:
        return sorted(rows, key=lambda row: (*_rate(row), _name(row)))
    if order in BY_NAME:
        return sorted(rows, key=lambda row: (-row.figures[order], _name(row)))
    return sorted(rows, key=lambda row: (-_trouble(row), *_rate(row), _name(row)))


def known_order(word: str) -> str:
    """The order that the word of an address names; what matters, if it names none."""
    return word if word in (NAME, RATE) or word in BY_NAME else MATTERS


def _trouble(row: Row) -> int:
    return row.figures["resolved_late"] + row.figures["pending_overdue"]


def _rate(row: Row) -> tuple[bool, Fraction]:
    """Sorts the worst rate first and those without one last."""
    in_time, resolved = ON_TIME_RATE.of(row.figures)
    return (not resolved, Fraction(in_time, resolved) if resolved else Fraction(0))


def _name(row: Row) -> str:
    return alphabetical(row.name)
