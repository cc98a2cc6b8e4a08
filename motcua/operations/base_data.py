"""The offices that the project ships, loaded by `load_base`."""

import csv
from pathlib import Path

from motcua.models import Level, Office

DATA = Path(__file__).resolve().parents[1] / "data"


def shipped_codes() -> set[str]:
    """The codes of the offices that the project ships."""
    return {row["code"] for row in _rows()}


def load_offices() -> int:
    """Create the shipped offices that are missing; what an administrator changed stays."""
    known = {office.code: office for office in Office.objects.all()}
    created = 0
    for row in _rows():
        if row["code"] in known:
            continue
        known[row["code"]] = Office.objects.create(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            level=row["level"],
            parent=known[row["parent"]] if row["parent"] else None,
            identity_code=row["identity_code"],
            has_desk=row["level"] != Level.PROVINCE,
        )
        created += 1
    return created


def _rows() -> list[dict[str, str]]:
    with (DATA / "offices.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
