"""A judged catalogue goes into the database: all of it, or nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from motcua.tables.lines import Line
from motcua.tables.problems import WHOLE_FILE, Problem
from motcua.text import fold
from procedures.catalogue import lay_papers, new_version, read_paper
from procedures.catalogue_import.changes import CatalogueTable, Change, Kind, judge
from procedures.catalogue_import.table import LineFacts
from procedures.life_events import load_life_events
from procedures.models import Procedure, ProcedureCode, ProcedureVersion, Sector

MEANWHILE = "Danh mục vừa được người khác thay đổi. Mời kiểm tra lại tệp."


def take_in(
    lines: Sequence[Line], *, accept_doubtful: bool, dry_run: bool = False
) -> CatalogueTable:
    """Judge the lines and, unless it is a dry run or they are not acceptable, write them; the
    verdict says how many were written."""
    try:
        with transaction.atomic():
            table = judge(lines)
            if not dry_run and table.verdict.is_acceptable(accept_doubtful=accept_doubtful):
                _write(table)
    except (IntegrityError, ValueError):  # somebody was quicker
        table.verdict.refused.append(Problem(WHOLE_FILE, MEANWHILE))
        table.verdict.good = table.verdict.written = 0
    return table


def _write(table: CatalogueTable) -> None:
    fresh = []
    for change in table.changes:
        if change.procedure is None:
            fresh.append(_create(change).key)
        elif change.kind is not Kind.SAME:
            _change(change, change.procedure)
    if fresh:
        load_life_events(fresh=fresh)
    table.verdict.written = len(table.changes)


def _create(change: Change) -> Procedure:
    facts = change.facts
    procedure = Procedure.objects.create(
        key=facts.key or facts.code[:8],
        national_code=facts.code,
        name=facts.name,
        level=facts.level,
        sector=_sector(facts.sector),
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        in_force_from=facts.in_force_from,
        in_force_to=facts.in_force_to,
        confidence=ProcedureVersion.Confidence.DECIDED,
        **change.version,
    )
    lay_papers(version, map(read_paper, facts.papers))
    return procedure


def _change(change: Change, judged: Procedure) -> None:
    facts = change.facts
    # Without what was prefetched, or the search key would be made of it.
    procedure = Procedure.objects.select_related("sector").get(pk=judged.pk)
    if change.identity or facts.replaces:
        procedure.name = change.identity.get("name", procedure.name)
        if "sector" in change.identity:
            procedure.sector = _sector(change.identity["sector"])
        if facts.replaces:
            _replace_code(facts, procedure)
        procedure.save()
    version = change.current
    if change.opens_version:
        version = _new_version(change, procedure)
    elif change.completes and version is not None:
        _complete(change, version)
    if facts.in_force_to is not None and version is not None:
        version.in_force_to = facts.in_force_to
        version.save()


def _replace_code(facts: LineFacts, procedure: Procedure) -> None:
    """The old code holds until the day before; the new one is the procedure's own."""
    last = facts.begins - timedelta(days=1)
    old = procedure.national_code or facts.replaces
    ProcedureCode.objects.update_or_create(
        procedure=procedure, code=old, defaults={"in_force_to": last, "evidence": ""}
    )
    procedure.national_code = facts.code


def _complete(change: Change, version: ProcedureVersion) -> None:
    """Write into the version what it lacked."""
    for name, value in (change.version | _decided(change)).items():
        setattr(version, name, value)
    version.save()
    _lay(change, version)


def _decided(change: Change) -> dict[str, Any]:
    """Where what the line says is from: nothing of it is doubtful any more."""
    return {
        "confidence": ProcedureVersion.Confidence.DECIDED,
        "source": change.facts.fields.get("source", ""),
        "unverified": "",
    }


def _lay(change: Change, version: ProcedureVersion) -> None:
    if change.papers is not None:
        version.papers.all().delete()
        lay_papers(version, map(read_paper, change.papers))


def _new_version(change: Change, procedure: Procedure) -> ProcedureVersion:
    """Like the latest with the changes, from the day of the line; its papers anew where they
    differ."""
    facts, current = change.facts, change.current
    fields = change.version | _decided(change)
    if current is None:
        version = ProcedureVersion.objects.create(
            procedure=procedure,
            in_force_from=facts.begins,
            **{"limit_unit": "", **fields},
        )
    else:
        version = new_version(current, facts.begins, **fields)
    _lay(change, version)
    return version


def _sector(name: str) -> Sector:
    """The sector of this name, whatever case and diacritics; made where there is none."""
    for sector in Sector.objects.all():
        if fold(sector.name) == fold(name):
            return sector
    return Sector.objects.create(name=name)
