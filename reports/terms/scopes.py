"""Whose figures: one office's desk, every desk of a level, or all that a person may see.

A district's desk stands alone: its communes are not in it, they are another scope. Offices come
and go: the rows of a scope are the offices of a day, each with everything of those that it has
followed by then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from motcua.models import Level, Office

EVERYTHING = "tat-ca"
LEVEL_KEYS = {
    Level.PROVINCE: "cap-tinh",
    Level.DISTRICT: "cap-huyen",
    Level.COMMUNE: "cap-xa",
}
Counted = TypeVar("Counted")


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
    """The rows, as they were called on the day."""
    row_of: Mapping[int, int] = field(default_factory=dict)
    """The row in which an office counts, by primary keys: its own, or that of who follows it."""
    day: date | None = None
    """To whose end it is told who follows whom; None: every office counts for itself."""
    assigned_later: bool = False
    """Whether dossiers were assigned to other offices after the day: until its end they count
    where they came from."""

    def __post_init__(self) -> None:
        if self.day is None and not self.row_of:
            object.__setattr__(self, "row_of", {office.pk: office.pk for office in self.offices})

    def __hash__(self) -> int:
        return hash((self.key, self.day))

    @property
    def office_ids(self) -> list[int]:
        """Whose dossiers count: the rows and all that they have followed."""
        return list(self.row_of)

    @property
    def single(self) -> Office | None:
        """The office, when the scope is one."""
        return self.offices[0] if len(self.offices) == 1 else None

    @property
    def head(self) -> Office:
        """The office that reports: the single one, the highest of several, or, of several equal
        ones, the office above them; one that has ended only where no other is left."""
        rank = list(Level).index
        day = self.day
        offices = [o for o in self.offices if day is None or o.exists_on(day)] or self.offices
        highest = min(offices, key=lambda office: rank(Level(office.level)))
        equals = [office for office in offices if office.level == highest.level]
        return highest.parent if len(equals) > 1 and highest.parent else highest

    @property
    def of_day(self) -> "OfficesOfDay":
        """Its rows, and who counts in which."""
        return OfficesOfDay(self.offices, self.row_of, self.day, self.assigned_later)

    def row(self, key: str) -> "Scope":
        """The same with one row alone, of the office with this code; without any where no row
        has it."""
        return self.among(office for office in self.offices if office.code == key)

    def among(self, offices: Iterable[Office]) -> "Scope":
        """The same with these of its rows alone."""
        chosen = tuple(offices)
        rows = {office.pk for office in chosen}
        row_of = {office: row for office, row in self.row_of.items() if row in rows}
        return replace(self, offices=chosen, row_of=row_of)

    def folded(
        self, found: Iterable[tuple[tuple[int, ...], Counted]], fields: Sequence[str]
    ) -> Iterable[tuple[tuple[int, ...], Counted]]:
        """Counts by key with each office put in its row; a key may come again."""
        if "office_id" not in fields:
            yield from found
            return
        at = list(fields).index("office_id")
        for key, count in found:
            yield (*key[:at], self.row_of[key[at]], *key[at + 1 :]), count


@dataclass(frozen=True)
class OfficesOfDay:
    """The rows that figures told to the end of a day have, and who counts in which."""

    rows: tuple[Office, ...]
    row_of: Mapping[int, int]
    day: date | None = None
    assigned_later: bool = False

    def only(self, offices: Iterable[Office]) -> "OfficesOfDay":
        """The same with these of the rows alone."""
        chosen = tuple(offices)
        kept = {office.pk for office in chosen}
        row_of = {office: row for office, row in self.row_of.items() if row in kept}
        return replace(self, rows=chosen, row_of=row_of)


def offices_of_day(
    offices: Iterable[Office], day: date, since: date, waiting: Iterable[int] = ()
) -> OfficesOfDay:
    """Of these offices, those with a desk that exist on the day, and those that ended without a
    successor, as long as the period has begun before (`since`) or dossiers of theirs still wait
    to be assigned (`waiting`). Each has what it has followed by then; who is followed by an office
    that is not among these counts nowhere here."""
    known = {office.pk: office for office in offices}
    still = set(waiting)
    rows, row_of = [], {}
    for office in known.values():
        at = office
        while at.ended_before(day) and at.successor_id in known:
            at = known[at.successor_id]
        if at is office and _stands(office, day, since, still):
            rows.append(office)
        row_of[office.pk] = at.pk
    ordered = tuple(office.on(day) for office in desks_in_order(rows))
    keys = {office.pk for office in ordered}
    return OfficesOfDay(ordered, {o: row for o, row in row_of.items() if row in keys}, day)


def _stands(office: Office, day: date, since: date, waiting: set[int]) -> bool:
    if office.exists_on(day):
        return True
    if not office.ended_before(day) or office.successor_id is not None:
        return False
    return not office.ended_before(since) or office.pk in waiting


def scope_of_office(office: Office, of_day: OfficesOfDay | None = None) -> Scope:
    """The desk of this office alone, with what it has followed if the offices of a day are
    given."""
    alone = OfficesOfDay((office,), {office.pk: office.pk})
    among = of_day.only([office]) if of_day else alone
    return _scope(office.code, office.code, office.name, among)


def scope_of_level(level: Level, offices: Iterable[Office] | OfficesOfDay) -> Scope:
    """Every desk of the level among these offices."""
    among = _of_day(offices)
    chosen = among.only(office for office in among.rows if office.level == level)
    name = f"{len(chosen.rows)} đơn vị {level.label}"
    if len(chosen.rows) == 1:
        name = chosen.rows[0].name
    return _scope(LEVEL_KEYS[level], level.value, name, chosen)


def scope_of_all(offices: Iterable[Office] | OfficesOfDay) -> Scope:
    """Every desk among these offices, the higher level first."""
    among = _of_day(offices)
    levels = {office.level for office in among.rows}
    count = len(among.rows)
    if levels == {Level.DISTRICT, Level.COMMUNE}:
        name, words = f"Cả hai cấp, huyện và xã ({count} đơn vị)", "hai cấp"
    else:
        name, words = f"Tất cả {count} đơn vị", f"{count} đơn vị"
    return _scope(EVERYTHING, "all", name, among, words)


def scopes_among(offices: Iterable[Office] | OfficesOfDay) -> list[Scope]:
    """The scopes that can be chosen among these offices, the widest first.

    Offices without a desk (a province) are left out. Of a single office there is one scope.
    """
    among = _of_day(offices)
    desks = among.rows
    scopes = [scope_of_all(among)] if len(desks) > 1 else []
    levels = [level for level in Level if any(office.level == level for office in desks)]
    if len(levels) > 1:
        scopes += [scope_of_level(level, among) for level in levels]
    return scopes + [scope_of_office(office, among) for office in desks]


def desks_in_order(offices: Iterable[Office]) -> list[Office]:
    """The offices that have a desk, the higher level first, then by code."""
    return sorted(
        (office for office in offices if office.has_desk),
        key=lambda office: (list(Level).index(Level(office.level)), office.code),
    )


def _of_day(offices: Iterable[Office] | OfficesOfDay) -> OfficesOfDay:
    return offices if isinstance(offices, OfficesOfDay) else _each_for_itself(offices)


def _each_for_itself(offices: Iterable[Office]) -> OfficesOfDay:
    desks = tuple(desks_in_order(offices))
    return OfficesOfDay(desks, {office.pk: office.pk for office in desks})


def _scope(key: str, code: str, name: str, among: OfficesOfDay, words: str = "") -> Scope:
    return Scope(
        key=key,
        code=code,
        name=name,
        words=words or name[:1].lower() + name[1:],
        offices=among.rows,
        row_of=among.row_of,
        day=among.day,
        assigned_later=among.assigned_later,
    )
