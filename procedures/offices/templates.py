"""What does a new office begin from? Its divisions with the leaders' place, which sectors each
solves, and the catalogue: shipped as two tables, afterwards the administrator's own.

`load_base` gives a shipped office that nobody has touched the template of 2016; the first step of
a real desk chooses one office and a template, and hides the shipped offices that nobody uses.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import CASCADE, Model

from motcua.models import Division, Level, Office
from motcua.operations.base_data import shipped_codes
from procedures.catalogue import DATA
from procedures.models import OfficeOffer, Procedure, Sector, SolvingDivision
from procedures.search.shipped_words import load_search_words
from procedures.shipped.catalogue_2026 import load_catalogue_2026

WARD = "phường"


@dataclass(frozen=True)
class DivisionLine:
    """A division of a template, what it is called in a ward, and the sectors that it solves."""

    name: str
    in_ward: str
    is_leaders: bool
    sectors: tuple[str, ...]

    def name_at(self, office: Office) -> str:
        return self.in_ward if self.in_ward and office.kind == WARD else self.name


@dataclass(frozen=True)
class Template:
    """A way to begin, for offices of one level."""

    key: str
    label: str
    level: str
    catalogue: str
    source: str
    divisions: tuple[DivisionLine, ...]


HEADERS = {
    "commune-2016": "Bộ phận Tiếp nhận và Trả kết quả",
    "province": "Trung tâm Phục vụ hành chính công",
}
"""What the desk is called, by template, where its level does not tell."""


@dataclass(frozen=True)
class NewOffice:
    """What is told of an office that the program does not ship."""

    code: str
    name: str
    kind: str
    level: str
    parent: "Office | NewOffice | None" = None


@cache
def templates() -> dict[str, Template]:
    """The shipped templates by their keys, in the order in which they are offered."""
    divisions: dict[str, list[DivisionLine]] = {}
    for row in _rows("office_template_divisions.csv"):
        sectors = tuple(row["sectors"].split(" | ")) if row["sectors"] else ()
        line = DivisionLine(row["division"], row["in_ward"], row["is_leaders"] == "1", sectors)
        divisions.setdefault(row["template"], []).append(line)
    return {
        row["template"]: Template(
            key=row["template"],
            label=row["label"],
            level=row["level"],
            catalogue=row["catalogue"],
            source=row["source"],
            divisions=tuple(divisions[row["template"]]),
        )
        for row in _rows("office_templates.csv")
    }


@transaction.atomic
def begin_from(office: Office, key: str) -> Template:
    """Give the office the template's divisions, who solves which sector, and the catalogue.

    What the office has stays: a division, a sector's solver that is there is not touched; only
    divisions that a template made and nobody has used or changed give way to those of another.
    Safe to repeat. Raises ValueError, in words for the administrator, for a template of another
    level, KeyError for none.
    """
    template = templates()[key]
    if template.level != office.level:
        level = Level(template.level).label
        raise ValueError(f"Mẫu “{template.label}” dành cho {level}, {office.name} thì không phải.")
    of_2026 = Procedure.Catalogue.OF_2026
    if template.catalogue == of_2026 and not Procedure.objects.filter(catalogue=of_2026).exists():
        load_catalogue_2026()
        load_search_words()
    _head_papers(office, template)
    _put_away_unused(office, template)
    make_divisions(office, template)
    _assign_sectors(office, template)
    offer = OfficeOffer.objects.filter(office=office).first() or OfficeOffer(office=office)
    if offer.template != template.key:  # begun from it before: the catalogue may have changed since
        offer.template, offer.catalogue = template.key, template.catalogue
        offer.save()
    return template


def _head_papers(office: Office, template: Template) -> None:
    """Name the desk as the template's offices do, where the office's level and today would name it
    otherwise and nobody has named it yet."""
    header = HEADERS.get(template.key, "")
    if header and not office.header:
        office.header = header
        office.save(update_fields=["header"])


def make_divisions(office: Office, template: Template) -> int:
    """Create the template's divisions that are missing, and a place for the leaders where there
    is none; how many."""
    known = set(office.divisions.values_list("name", flat=True))
    signs_somewhere = Division.objects.to_sign_at(office).exists()
    missing = [
        Division(office=office, name=line.name_at(office), is_leaders=line.is_leaders)
        for line in template.divisions
        if line.name_at(office) not in known and not (line.is_leaders and signs_somewhere)
    ]
    for division in missing:
        division.save()
    return len(missing)


def begin_shipped_offices() -> int:
    """Give the shipped offices that nobody has touched and that never had a division those of
    2016; how many divisions. An office that an administrator made or changed is left alone."""
    begun = set(Division.history.values_list("office_id", flat=True))
    begun |= set(Division.objects.values_list("office_id", flat=True))
    by_level = {each.level: each for each in templates().values() if each.catalogue == "2016"}
    touched = Office.history.filter(history_user__isnull=False).values_list("id", flat=True)
    fresh = Office.objects.filter(code__in=shipped_codes(), is_hidden=False)
    fresh = fresh.exclude(pk__in=begun | set(touched))
    return sum(
        make_divisions(office, by_level[office.level])
        for office in fresh
        if office.level in by_level and is_unchanged(office)
    )


def is_unchanged(kept: Model) -> bool:
    """Whether it stands as it was made: nobody has saved it since."""
    rows: Any = kept.history  # type: ignore[attr-defined]  # of django-simple-history
    return bool(rows.count() <= 1)


def _assign_sectors(office: Office, template: Template) -> None:
    wanted = {name: line for line in template.divisions for name in line.sectors}
    kept = set(
        SolvingDivision.objects.filter(office=office, sector__isnull=False).values_list(
            "sector_id", flat=True
        )
    )
    divisions = {division.name: division for division in office.divisions.all()}
    for sector in Sector.objects.filter(name__in=wanted).exclude(pk__in=kept):
        division = divisions.get(wanted[sector.name].name_at(office))
        SolvingDivision.objects.create(office=office, sector=sector, division=division)


def _put_away_unused(office: Office, template: Template) -> None:
    """Divisions that a template made and nobody used, but for those of this template."""
    wanted = {line.name_at(office) for line in template.divisions}
    made = {line.name_at(office) for each in templates().values() for line in each.divisions}
    for division in office.divisions.filter(name__in=made - wanted):
        if is_unchanged(division) and not _is_named(division):
            SolvingDivision.objects.filter(division=division).delete()
            division.delete()


def _is_named(kept: Model, *besides: type[Model]) -> bool:
    """Whether a row names it, but for who solves what and the models `besides`."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: kept}).exists()
        for relation in kept._meta.related_objects
        if relation.related_model not in (SolvingDivision, *besides)
    )


def has_chosen() -> bool:
    """Whether the first step was taken: an office began from a template that somebody chose."""
    return OfficeOffer.objects.exclude(template="").exists()


@transaction.atomic
def choose_office(
    chosen: Office | NewOffice, key: str, *, with_those_below: bool = False
) -> Office:
    """The first step of a real desk: the office of this desk, shipped or new, begins from the
    template; the shipped offices that have neither staff nor dossiers are hidden, but for those
    above it and, `with_those_below`, those under it. `load_base` brings none of them back.

    Safe to repeat, also for a second office, which hides none: those that are seen by then were
    left for somebody. Raises ValueError, in words for the administrator,
    where the code is that of another office in use.
    """
    office = _found_or_made(chosen)
    above = set(_line_above(office))
    below = Office.objects.under(office).values_list("pk", flat=True) if with_those_below else ()
    _show(office, {*above, *below})
    is_another = OfficeOffer.objects.exclude(template="").exclude(office=office).exists()
    begin_from(office, key)
    if is_another:
        return office
    kept = {office.pk, *above, *below}
    for each in Office.objects.filter(code__in=shipped_codes(), is_hidden=False):
        if each.pk not in kept and not is_used(each):
            each.is_hidden = True
            each.save()
    return office


def is_used(office: Office) -> bool:
    """Whether the office has staff, dossiers, an office under it that has, or what names it."""
    if _is_named(office, *_parts_of_an_office()):
        return True
    if any(_is_named(division) for division in office.divisions.all()):
        return True
    below = Office.objects.filter(parent=office, is_hidden=False)
    return any(is_used(each) for each in below)


def _parts_of_an_office() -> list[type[Model]]:
    """What belongs to an office and says nothing of its being used: rows that would go with it,
    its divisions, and the offices under it."""
    relations = Office._meta.related_objects
    own = [one.related_model for one in relations if one.on_delete is CASCADE]
    return [*own, Division, Office]


def _found_or_made(chosen: "Office | NewOffice") -> Office:
    if isinstance(chosen, Office):
        return chosen
    parent = _found_or_made(chosen.parent) if chosen.parent is not None else None
    bearer = Office.objects.filter(code=chosen.code, exists_until__isnull=True).first()
    facts = {"name": chosen.name, "kind": chosen.kind, "level": chosen.level, "parent": parent}
    if bearer is None:
        return Office.objects.create(code=chosen.code, **facts)
    if all(getattr(bearer, name) == value for name, value in facts.items()):
        return bearer
    if bearer.code not in shipped_codes() or is_used(bearer):
        raise ValueError(f"Mã {chosen.code} đang là của {bearer.name}.")
    # Nobody uses the shipped office of this code: the code is free for what is really there.
    for name, value in {**facts, "identity_code": ""}.items():
        setattr(bearer, name, value)
    bearer.save()
    return bearer


def _show(office: Office, others: set[int]) -> None:
    """The chosen office, which has a desk, and those that stay with it are seen."""
    for each in Office.objects.filter(pk__in=others - {office.pk}, is_hidden=True):
        each.is_hidden = False
        each.save()
    if office.is_hidden or not office.has_desk:
        office.is_hidden, office.has_desk = False, True
        office.save()


def _line_above(office: Office) -> list[int]:
    line: list[int] = []
    above = office.parent
    while above is not None and above.pk not in line:
        line.append(above.pk)
        above = above.parent
    return line


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
