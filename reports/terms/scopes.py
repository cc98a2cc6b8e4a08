"""Whose figures: one office's desk, every desk of a level, or all that a person may see.

A district's desk stands alone: its communes are not in it, they are another scope.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from motcua.access import offices_visible_to
from motcua.models import Level, Office, Staff

EVERYTHING = "tat-ca"
LEVEL_KEYS = {
    Level.PROVINCE: "cap-tinh",
    Level.DISTRICT: "cap-huyen",
    Level.COMMUNE: "cap-xa",
}


@dataclass(frozen=True)
class Scope:
    """A set of offices that a table of figures is about.

    `key` stands in addresses, `code` in the JSON of the command: an office's code, a level,
    or "all". `name` is for a heading, `words` for the middle of a sentence.
    """

    key: str
    code: str
    name: str
    words: str
    offices: tuple[Office, ...]

    @property
    def office_ids(self) -> list[int]:
        return [office.pk for office in self.offices]

    @property
    def single(self) -> Office | None:
        """The office, when the scope is one."""
        return self.offices[0] if len(self.offices) == 1 else None

    @property
    def head(self) -> Office:
        """The office that reports: the single one, the highest of several, or, of several equal
        ones, the office above them."""
        rank = list(Level).index
        highest = min(self.offices, key=lambda office: rank(Level(office.level)))
        equals = [office for office in self.offices if office.level == highest.level]
        return highest.parent if len(equals) > 1 and highest.parent else highest


def scope_of_office(office: Office) -> Scope:
    """The desk of this office alone."""
    words = office.name[:1].lower() + office.name[1:]
    return Scope(
        key=office.code,
        code=office.code,
        name=office.name,
        words=words,
        offices=(office,),
    )


def scope_of_level(level: Level, offices: Iterable[Office]) -> Scope:
    """Every desk of the level among these offices."""
    chosen = tuple(office for office in offices if office.level == level)
    name = f"{len(chosen)} đơn vị {level.label}" if len(chosen) != 1 else chosen[0].name
    return Scope(
        key=LEVEL_KEYS[level],
        code=level.value,
        name=name,
        words=name[:1].lower() + name[1:],
        offices=chosen,
    )


def scope_of_all(offices: Iterable[Office]) -> Scope:
    """Every desk among these offices, the higher level first."""
    chosen = tuple(desks_in_order(offices))
    levels = {office.level for office in chosen}
    if levels == {Level.DISTRICT, Level.COMMUNE}:
        name, words = f"Cả hai cấp, huyện và xã ({len(chosen)} đơn vị)", "hai cấp"
    else:
        name, words = f"Tất cả {len(chosen)} đơn vị", f"{len(chosen)} đơn vị"
    return Scope(key=EVERYTHING, code="all", name=name, words=words, offices=chosen)


def scopes_among(offices: Iterable[Office]) -> list[Scope]:
    """The scopes that can be chosen among these offices, the widest first.

    Offices without a desk (a province) are left out. Of a single office there is one scope.
    """
    desks = desks_in_order(offices)
    scopes = [scope_of_all(desks)] if len(desks) > 1 else []
    levels = [level for level in Level if any(office.level == level for office in desks)]
    if len(levels) > 1:
        scopes += [scope_of_level(level, desks) for level in levels]
    return scopes + [scope_of_office(office) for office in desks]


def desks_in_order(offices: Iterable[Office]) -> list[Office]:
    """The offices that have a desk, the higher level first, then by code."""
    return sorted(
        (office for office in offices if office.level in (Level.DISTRICT, Level.COMMUNE)),
        key=lambda office: (list(Level).index(Level(office.level)), office.code),
    )


def scopes_for(staff: Staff) -> list[Scope]:
    """The scopes that exist for this person, the widest first; none without an office."""
    return scopes_among(offices_visible_to(staff))
