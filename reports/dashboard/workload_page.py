"""How the workload is said: rows with addresses, and the sentences above them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from motcua.templatetags.motcua_tags import vn_number
from motcua.text import whole_number
from reports.dashboard.workload import Load, Pace, Pile, Place, names_of
from reports.terms.scopes import Scope

LEFT = "da-chuyen-di"
"""The column of what left a place in the period, in addresses."""


@dataclass(frozen=True)
class PileCell:
    pile: Pile
    value: int
    address: str

    @property
    def is_late(self) -> bool:
        """A number that should be none."""
        return self.pile is Pile.OVERDUE and bool(self.value)


@dataclass(frozen=True)
class PlaceLine:
    """A place with what lies there now and how long it took before; either may be empty."""

    name: str
    cells: list[PileCell]
    load: Load | None
    pace: Pace | None
    pace_address: str


def workload_page(
    scope: Scope, loads: dict[Place, Load], paces: dict[Place, Pace], query: dict[str, str]
) -> dict[str, Any]:
    """The context of the page; `query` is the choice as the words of an address."""
    names = names_of({*loads, *paces}, scope)
    lines = [
        PlaceLine(
            name,
            _cells(loads[place], word, query) if place in loads else [],
            loads.get(place),
            paces.get(place),
            _address(word, LEFT, query),
        )
        for place, name in names.items()
        for word in [place_word(place, scope)]
    ]
    return {
        "sentence": _sentence(loads),
        "piles": list(Pile),
        "now": sorted((line for line in lines if line.load), key=_urgency, reverse=True),
        "before": [line for line in lines if line.pace],
    }


def place_word(place: Place, scope: Scope) -> str:
    """A place in an address: the office's code, and after a dot the division's key."""
    office, division = place
    code = next(o.code for o in scope.offices if o.pk == office)
    return code if division is None else f"{code}.{division}"


def place_of(word: str, scope: Scope) -> Place | None:
    """The place that a word names inside the scope; None for one that it does not."""
    code, _, division = word.partition(".")
    office = next((o.pk for o in scope.offices if o.code == code), None)
    number = whole_number(division)
    if office is None or (division and number is None):
        return None
    return office, number


def _cells(load: Load, place: str, query: dict[str, str]) -> list[PileCell]:
    return [
        PileCell(pile, len(keys), _address(place, pile.value, query) if keys else "")
        for pile, keys in load.piles.items()
    ]


def _address(place: str, column: str, query: dict[str, str]) -> str:
    words = {**query, "noi": place, "cot": column}
    return f"{reverse('held_dossiers')}?{urlencode(words)}"


def _urgency(line: PlaceLine) -> tuple[int, int, int]:
    counts = {cell.pile: cell.value for cell in line.cells}
    return (counts[Pile.OVERDUE], counts[Pile.SOON], counts[Pile.ALL])


def _sentence(loads: dict[Place, Load]) -> str:
    def total(pile: Pile) -> int:
        return sum(len(load.piles[pile]) for load in loads.values())

    if not loads:
        return "Hôm nay không có hồ sơ nào đang giải quyết."
    return (
        f"Hôm nay {vn_number(len(loads))} nơi đang giữ {vn_number(total(Pile.ALL))} hồ sơ; "
        f"{vn_number(total(Pile.OVERDUE))} đã quá hạn, {vn_number(total(Pile.SOON))} sắp đến hạn, "
        f"{vn_number(total(Pile.WAITING))} đang chờ công dân."
    )
