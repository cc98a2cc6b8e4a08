"""From a number to the dossiers behind it: the addresses of cells."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from reports.columns import BY_NAME, Column, Figures


@dataclass(frozen=True)
class Cell:
    """A number of a table; a zero has nothing behind it and no address."""

    column: Column
    value: int
    address: str


def dossiers_address(query: dict[str, str], column: str, group: str | None = None) -> str:
    """The list behind a column of the choice `query`, of one row where `group` is its key."""
    words = {**query, "cot": column, **({"nhom": group} if group is not None else {})}
    return f"{reverse('figure_dossiers')}?{urlencode(words)}"


def cells(
    query: dict[str, str], figures: Figures, names: tuple[str, ...], group: str | None = None
) -> list[Cell]:
    """The cells of a row, for these columns in this order."""
    return [
        Cell(
            BY_NAME[name],
            figures[name],
            dossiers_address(query, name, group) if figures[name] else "",
        )
        for name in names
    ]
