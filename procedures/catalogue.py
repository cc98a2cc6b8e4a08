"""The catalogue of 2016 and the calendar that the project ships, loaded by `load_base`; and how a
procedure gets a new version."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import PROTECT

from motcua.models import Level
from procedures.life_events import load_life_events
from procedures.models import (
    CalendarDay,
    DataRule,
    Procedure,
    ProcedureStep,
    ProcedureVersion,
    RequiredPaper,
    Sector,
    shipped_concerns,
)

DATA = Path(__file__).resolve().parent / "data"
FILES = {Level.DISTRICT: "catalogue_district.csv", Level.COMMUNE: "catalogue_commune.csv"}
LAND = "Đất đai"

# Not the end of a longer number, which a careless copy left before the count.
_COUNT = re.compile(r"(?<!\d)(\d{1,2})\s*(?:bản|bộ|ảnh|tờ)", re.IGNORECASE)


@dataclass(frozen=True)
class PaperLine:
    name: str
    kind: str
    copies: int
    is_required: bool
    has_data: bool = False
    """A database has what it says, so that the rule about data replaces it."""


def read_paper(text: str) -> PaperLine:
    """A paper as the decision words it, with kind, count and whether it is always needed.

    "(01 bản chính)" says original, "Bản sao ..." copy, "Xuất trình ..." only shown, "(nếu có)"
    or a condition in brackets that it is not always needed.
    """
    name = text.strip()
    lower = name.lower()
    if lower.startswith("xuất trình") or "(xuất trình" in lower:
        kind = RequiredPaper.Kind.SHOWN
    elif "bản chính" in lower and not lower.startswith("bản sao"):
        kind = RequiredPaper.Kind.ORIGINAL
    elif lower.startswith("bản sao") or "bản sao)" in lower:
        kind = RequiredPaper.Kind.COPY
    else:
        kind = RequiredPaper.Kind.ORIGINAL
    count = _COUNT.search(name)
    conditional = any(
        mark in lower for mark in ("nếu có", "trường hợp", "đối với", "(người ", "(trẻ em", "nếu ")
    )
    return PaperLine(name, kind, int(count.group(1)) if count else 1, not conditional)


def read_papers(documents: str) -> list[PaperLine]:
    return [read_paper(part) for part in documents.split(" | ") if part.strip()]


def lay_papers(
    version: ProcedureVersion, papers: Iterable[PaperLine], rule: DataRule | None = None
) -> None:
    """Give a version that has none these papers, in their order; `rule` is the one under which
    data replace those that a database has."""
    RequiredPaper.objects.bulk_create(
        RequiredPaper(
            version=version,
            position=position,
            name=paper.name,
            kind=paper.kind,
            copies=paper.copies,
            is_required=paper.is_required,
            data_rule=rule if paper.has_data else None,
        )
        for position, paper in enumerate(papers, start=1)
    )


@transaction.atomic
def load_catalogue() -> int:
    """Create the procedures of 2016 that are missing, each with its first version and papers,
    and the events of a life that lead to them.

    Safe to repeat: a procedure that exists is left as the administrator keeps it.
    """
    known = set(Procedure.objects.values_list("key", flat=True))
    sectors = {sector.name: sector for sector in Sector.objects.all()}
    created: list[str] = []
    for level, row in _rows():
        if row["id"] in known:
            continue
        name = row["field"].strip()
        if name not in sectors:
            sectors[name] = Sector.objects.create(name=name)
        procedure = Procedure.objects.create(
            key=row["id"],
            national_code=row["code"],
            name=row["name"],
            level=level,
            sector=sectors[name],
            catalogue=Procedure.Catalogue.OF_2016,
            concerns=shipped_concerns(row["name"], name),
        )
        version = ProcedureVersion.objects.create(
            procedure=procedure,
            limit_value=int(row["time_value"]),
            limit_unit=row["time_unit"],
            limit_note=row["time_note"],
            fee_vnd=int(row["fee_vnd"]) if row["fee_vnd"] else None,
            fee_note=row["fee_note"],
            department=row["department"],
            result=row["result"],
            legal_basis="\n".join(row["legal_basis"].split(" | ")),
            source=row["source"],
            confidence=row["confidence"],
            unverified="\n".join(row["unverified"].split(" | ")),
            payment_stops_clock=name == LAND,
        )
        lay_papers(version, read_papers(row["documents"]))
        created.append(row["id"])
    load_life_events(fresh=created)
    return len(created)


def load_calendar() -> int:
    """Create the shipped days that are missing; what an administrator changed or took out
    stays so."""
    known = set(CalendarDay.objects.values_list("date", flat=True))
    known |= set(CalendarDay.history.filter(history_type="-").values_list("date", flat=True))
    with (DATA / "working-calendar.csv").open(encoding="utf-8", newline="") as file:
        days = [
            CalendarDay(
                date=date.fromisoformat(row["date"]),
                kind=row["kind"],
                name=row["name"],
                source=row["source"][:250],
                is_estimate=row["source"].startswith("ESTIMATE"),
            )
            for row in csv.DictReader(file)
            if date.fromisoformat(row["date"]) not in known
        ]
    CalendarDay.objects.bulk_create(days)
    return len(days)


def is_used(version: ProcedureVersion | None) -> bool:
    """Whether anything holds on to the version: a dossier that was received under it."""
    if version is None or version.pk is None:
        return False
    holders = [link for link in version._meta.related_objects if link.on_delete is PROTECT]
    return any(
        link.related_model._base_manager.filter(**{link.field.name: version}).exists()
        for link in holders
    )


@transaction.atomic
def new_version(
    current: ProcedureVersion, in_force_from: date, **changes: object
) -> ProcedureVersion:
    """Close the current version the day before and open one like it with the changes; one that
    ended before that stays as it ended.

    Dossiers keep the version under which they were received. Raises ValueError when the date
    is not after the beginning of the current version.
    """
    if current.in_force_from is not None and in_force_from <= current.in_force_from:
        raise ValueError("Ngày áp dụng phải sau ngày áp dụng của phiên bản hiện hành.")
    closed = ProcedureVersion.objects.select_for_update().get(pk=current.pk)
    if closed.in_force_to != current.in_force_to:
        raise ValueError("Phiên bản này vừa được thay. Mời xem lại trang.")
    papers = list(current.papers.all())
    steps = list(current.steps.all())
    if closed.in_force_to is None or closed.in_force_to >= in_force_from:
        closed.in_force_to = in_force_from - timedelta(days=1)
        closed.save(update_fields=["in_force_to"])
    fresh = ProcedureVersion.objects.get(pk=current.pk)
    fresh.pk = None
    fresh._state.adding = True
    fresh.in_force_from = in_force_from
    fresh.in_force_to = None
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save()
    lines: list[RequiredPaper | ProcedureStep] = [*papers, *steps]
    for row in lines:
        row.pk = None
        row._state.adding = True
        row.version = fresh
        row.save()
    return fresh


def _rows() -> Iterator[tuple[Level, dict[str, str]]]:
    for level, name in FILES.items():
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield level, row
