"""A merger from end to end: what it would do, and that it is done, all of it or nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from dossiers.merging import moving, offices
from dossiers.merging.files import MergerFile
from dossiers.merging.planning import NOT_YET, Plan, plan
from dossiers.models import Merger, MergerLine
from motcua import clock
from motcua.models import Division, Office, Staff
from motcua.tables.problems import WHOLE_FILE, Problem


class MergerRefused(Exception):
    """The file cannot be carried out; `problems` say why, line by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Preview:
    """A plan with what it would move."""

    plan: Plan
    dossiers: moving.MovedCounts
    staff: int
    divisions: int

    @property
    def counts(self) -> dict[str, int]:
        """In numbers, as they are kept with the merger."""
        return {
            "ended": len(self.plan.ending),
            "made": sum(new.office is None for new in self.plan.successors),
            "staff": self.staff,
            "divisions": self.divisions,
            **asdict(self.dossiers),
        }


def preview(file: MergerFile) -> Preview:
    """What the file would do now; for a day to come too. Raises MergerRefused."""
    found = plan(file)
    if found.problems:
        raise MergerRefused(sorted(found.problems, key=lambda problem: problem.line))
    following = [old.pk for new in found.successors for old in new.predecessors]
    return Preview(
        found,
        moving.counts(found.day, following, [orphan.pk for orphan in found.orphans]),
        Staff.objects.filter(office__in=following, is_active=True).count(),
        Division.objects.filter(office__in=following, is_active=True).count(),
    )


@transaction.atomic
def merge(file: MergerFile, *, by: Staff | None) -> tuple[Merger | None, Preview]:
    """Carry the file out. No merger where everything in it was done before. Raises
    MergerRefused."""
    # One after the other: what two read at once, both would end.
    list(Office.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    shown = preview(file)
    counts = shown.counts
    found = shown.plan
    refuse_future(found.day)
    if found.changes_nothing:
        return None, shown
    merger = Merger.objects.create(
        day=found.day,
        act_number=file.act_number,
        act_date=file.act_date,
        made_by=by,
        made_at=clock.now(),
        counts=counts,
    )
    kept = offices.Kept()
    succession = offices.carry_out(found, kept)
    kept.events = moving.move(succession, _details(merger), by)
    merger.kept = kept.as_json()
    merger.save()
    _write_lines(merger, found)
    return merger, shown


def refuse_future(day: date) -> None:
    if day > clock.today():
        raise MergerRefused([Problem(WHOLE_FILE, NOT_YET.format(day=day), column="on")])


def _details(merger: Merger) -> dict[str, Any]:
    return {
        "merger": merger.pk,
        "day": merger.day.isoformat(),
        "act_number": merger.act_number,
        "act_date": merger.act_date.isoformat() if merger.act_date else "",
    }


def _write_lines(merger: Merger, found: Plan) -> None:
    followers = {old.pk: new.office for new in found.successors for old in new.predecessors}
    for row in found.file.rows:
        old = found.offices.get(row.line.number)
        if old is not None:
            MergerLine.objects.create(
                merger=merger,
                old_office=old,
                old_code=row.old_code,
                old_name=row.old_name,
                new_office=followers.get(old.pk) or (old if row.changes_nothing else None),
                new_code=row.new_code,
                new_name=row.new_name,
            )
