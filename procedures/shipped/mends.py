"""What was found out since about the shipped catalogue of 2016: missing codes, fees and laws that
are later than 2016, and the codes under which the procedures went on.

`load_base` applies it, to a new database and to one that has been in use, and repeats it safely. A
migration could do so only once, and only to what is loaded by then. Left alone is what a person
has changed (the history has a name), what is not as it was shipped, and the dates and fees of a
version that dossiers hold: what they were received under stays.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from procedures.catalogue import DATA, is_used, new_version
from procedures.models import Procedure, ProcedureCode, ProcedureQuerySet, ProcedureVersion

FEES_SINCE = date(2017, 1, 1)
FEE_ACTS = {"226/2016/TT-BTC", "279/2016/TT-BTC", "281/2016/TT-BTC"}
"""In force from that day: what they fix is not the fee of 2016."""
FEE_BEFORE = "Mức thu trước 01/01/2017 chưa rõ."
BASIS, CODE = "căn cứ pháp lý", "mã TTHC"


@transaction.atomic
def mend_catalogue_2016() -> int:
    """Apply what is not applied yet; how many procedures changed."""
    gaps, links = _gaps(), _links()
    untouched = _as_shipped().filter(key__in={*gaps, *links})
    procedures = list(untouched.prefetch_related("codes", "versions"))
    marked: dict[int, ProcedureVersion] = {}
    changed: set[int] = set()
    for procedure in procedures:
        gap = gaps[procedure.key]
        versions = list(procedure.versions.all())
        if _had_fee_of_2017(versions, gap):
            versions = _with_fee_since_2017(versions[0], gap)
            changed.add(procedure.pk)
        for version in versions:
            if _mark(version, gap, fills_code=not procedure.national_code):
                marked[version.pk] = version
                changed.add(procedure.pk)
        if _complete(procedure, gap, links[procedure.key]):
            changed.add(procedure.pk)
    bulk_update_with_history(marked.values(), ProcedureVersion, ["unverified", "source"])
    return len(changed)


def _as_shipped() -> ProcedureQuerySet:
    """The procedures of 2016 that no person has changed."""
    by_people = {"history_user__isnull": False}
    versions = ProcedureVersion.history.model.objects.filter(**by_people)
    return (
        Procedure.objects.filter(catalogue=Procedure.Catalogue.OF_2016)
        .exclude(pk__in=Procedure.history.model.objects.filter(**by_people).values("id"))
        .exclude(pk__in=versions.filter(procedure__isnull=False).values("procedure_id"))
        .select_related("sector")
    )


def _had_fee_of_2017(versions: list[ProcedureVersion], gap: dict[str, dict[str, str]]) -> bool:
    """Whether the one version there is has, for all time, the fee of 2017, and nobody holds it."""
    if "fee_vnd" not in gap or len(versions) != 1:
        return False
    only = versions[0]
    is_open = only.in_force_from is None and only.in_force_to is None
    return is_open and only.fee_vnd == int(gap["fee_vnd"]["old"]) and not is_used(only)


def _with_fee_since_2017(
    shipped: ProcedureVersion, gap: dict[str, dict[str, str]]
) -> list[ProcedureVersion]:
    """The fee holds from its own day; what it was before is not known."""
    fresh = new_version(shipped, FEES_SINCE)
    before = ProcedureVersion.objects.get(pk=shipped.pk)
    before.fee_vnd, before.fee_note = None, FEE_BEFORE
    acts = gap["legal_basis"]["new"].split(" | ")
    before.legal_basis = "\n".join(acts)
    before.save()
    return [before, fresh]


def _mark(version: ProcedureVersion, gap: dict[str, dict[str, str]], *, fills_code: bool) -> bool:
    """Tell administrators which laws are later than the version, and that its code was not read in
    a decision; whether anything was to tell."""
    told = version.unverified.splitlines()
    parts = []
    if "legal_basis" in gap:
        later = _acts(gap, "old") - _acts(gap, "new")
        if version.in_force_from is not None:
            later -= FEE_ACTS
        if later & set(version.legal_acts):
            parts.append(BASIS)
    if "code" in gap and fills_code:
        parts.append(CODE)
    missing = [part for part in parts if part not in told]
    if BASIS in missing:
        version.source = "; ".join(filter(None, [version.source, gap["legal_basis"]["source"]]))
    version.unverified = "\n".join([*told, *missing])
    return bool(missing)


def _acts(gap: dict[str, dict[str, str]], which: str) -> set[str]:
    return set(gap["legal_basis"][which].split(" | "))


def _complete(
    procedure: Procedure, gap: dict[str, dict[str, str]], links: Iterable[dict[str, str]]
) -> bool:
    """Fill the missing code and enter the codes under which the procedure goes on."""
    known = {row.code for row in procedure.codes.all()}
    fresh = [
        ProcedureCode(
            procedure=procedure,
            code=link["national_code"],
            evidence=link["evidence"][0],
            note=link["evidence"][2:252],
        )
        for link in links
        if link["national_code"] not in known
    ]
    fills = "code" in gap and not procedure.national_code
    if not fresh and not fills:
        return False
    ProcedureCode.objects.bulk_create(fresh)
    if fills:
        procedure.national_code = gap["code"]["new"]
    mended = Procedure.objects.select_related("sector").get(pk=procedure.pk)
    mended.national_code = procedure.national_code
    mended.save()
    return True


def _gaps() -> dict[str, dict[str, dict[str, str]]]:
    """By key and column, the row of `catalogue_gaps.csv`."""
    gaps: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in _read("catalogue_gaps.csv"):
        gaps[row["key"]][row["column"]] = row
    return gaps


def _links() -> dict[str, list[dict[str, str]]]:
    """By key, the codes of 2026."""
    links: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _read("catalogue_2016_to_2026.csv"):
        links[row["key"]].append(row)
    return links


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
