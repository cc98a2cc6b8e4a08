"""The register from before: an old paper or Excel register becomes dossiers, all or nothing.

Every line is checked before anything is written, and every bad one is told with its number and
its reason. Decisions that are not in the register's own words:

- A day without a time is the opening of the office's first session of that day, or the act
  before it when that was later on the same day; a due date without a time is the close of the
  last session. Where the calendar cannot say, 07:00 and 17:00.
- A due date written in the book is the promise made at receipt, kept as written. Papers asked
  for afterwards move the date from there, as they do for every dossier.
- A procedure that is no longer received may stand in an old book.
- A demonstration takes a register too: that is how one tries it. `demo` itself still refuses a
  database that already holds dossiers.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from dossiers.lifecycle import bulk, verbs
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from dossiers.old_register.facts import FactsReader, LineFacts
from dossiers.old_register.lines import Line
from dossiers.rules.codes import code_key
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.access import offices_administered_by
from motcua.models import Office, OfficeQuerySet, Role, Staff

WRITTEN_BEFORE = "theo sổ cũ"
AT_ONCE = 500  # values in one question to the database
ONE_REGISTER_AT_A_TIME = 967_2016  # a lock of PostgreSQL, by its number

Fingerprint = tuple[int, int, str, datetime]


@dataclass(frozen=True)
class Problem:
    """Why a line cannot be taken, and the line as it stands in the file."""

    line: int
    reason: str
    words: str = ""

    def __str__(self) -> str:
        return f"Dòng {self.line}: {self.reason}"


@dataclass
class Checked:
    """What a register would become: lives ready to be written, or the problems in its lines."""

    lives: list[UnsavedDossier] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    good: list[tuple[Line, LineFacts]] = field(default_factory=list)
    """The lines that the lives were made of."""

    def counts(self, of: str) -> list[tuple[str, int]]:
        """How many dossiers by `office`, `sector` or `year`, in the order of their names."""
        names: Callable[[UnsavedDossier], str] = {
            "office": lambda life: life.dossier.office.name,
            "sector": lambda life: life.dossier.procedure.sector.name,
            "year": lambda life: str(life.received_on.year),
        }[of]
        return sorted(Counter(names(life) for life in self.lives).items())


class Refused(Exception):
    """The register was not written; `problems` say why, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} chỗ cần sửa")
        self.problems = problems


def offices_importable_by(staff: Staff) -> OfficeQuerySet:
    """The offices whose old registers this person may enter: those that an administrator keeps,
    and a leader's own."""
    kept = offices_administered_by(staff)
    if staff.is_active and staff.has_role(Role.LEADER) and staff.office_id is not None:
        # As keys: a union could not be filtered any further.
        return Office.objects.filter(pk__in={staff.office_id, *kept.values_list("pk", flat=True)})
    return kept


def check(lines: Iterable[Line], offices: QuerySet[Office] | None = None) -> Checked:
    """Every line checked against catalogue, calendar, its fellows and the database.

    `offices`: those whose lines may be taken; all when left out. Writes nothing.
    """
    checked = Checked()
    desks = Desks()
    reader = FactsReader(desks, offices)
    codes: dict[str, int] = {}
    seen: dict[Fingerprint, int] = {}
    for line in lines:
        facts, reasons = reader.read(line)
        if facts is not None:
            reasons = _twice_in_file(line, facts, codes, seen)
            if not reasons:
                checked.good.append((line, facts))
        checked.problems += [Problem(line.number, reason, line.words) for reason in reasons]
    there = _already_there(checked.good)
    checked.problems += there
    refused = {problem.line for problem in there}
    for line, facts in checked.good:
        if line.number in refused:
            continue
        try:
            checked.lives.append(_life(desks, facts))
        except MoveRefused as wrong:
            checked.problems.append(Problem(line.number, str(wrong), line.words))
    checked.problems.sort(key=lambda problem: problem.line)
    return checked


@transaction.atomic
def write(checked: Checked, *, by: Staff | None = None) -> int:
    """Put the checked register into the database, all or nothing, and return how many dossiers.

    Registers are written one after the other, and what came in since the check is looked for
    again. Raises Refused.
    """
    _wait_for_other_registers()
    if problems := checked.problems or _already_there(checked.good):
        raise Refused(problems)
    for life in checked.lives:
        life.dossier.created_by = by
    try:
        return bulk.write(checked.lives, recorded_at=clock.now())
    except IntegrityError:
        reason = "Có mã hồ sơ trùng với một mã đã có hoặc vừa được cấp. Hãy kiểm tra lại tệp."
        raise Refused([Problem(1, reason)]) from None


def take_in(
    lines: Iterable[Line], *, offices: QuerySet[Office] | None = None, by: Staff | None = None
) -> Checked:
    """Check, then write. Raises Refused; then nothing is written. Only the writing keeps others
    from writing on SQLite, not the check."""
    checked = check(lines, offices)
    write(checked, by=by)
    return checked


def _wait_for_other_registers() -> None:
    """Or the same file, confirmed twice at once, would be there twice. SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_REGISTER_AT_A_TIME])


def _twice_in_file(
    line: Line, facts: LineFacts, codes: dict[str, int], seen: dict[Fingerprint, int]
) -> list[str]:
    reasons = []
    first = seen.setdefault(_fingerprint(facts), line.number)
    if first != line.number:
        reasons.append(
            f"Trùng dòng {first}: cùng đơn vị, thủ tục, người nộp và thời điểm tiếp nhận."
        )
    if facts.code:
        first = codes.setdefault(code_key(facts.code), line.number)
        if first != line.number:
            reasons.append(f"Mã hồ sơ {facts.code} đã có ở dòng {first}.")
    return reasons


def _fingerprint(facts: LineFacts) -> Fingerprint:
    intake = facts.intake
    name = intake.applicant_name.casefold()
    return (intake.office.pk, intake.procedure.pk, name, facts.received_at)


def _already_there(good: list[tuple[Line, LineFacts]]) -> list[Problem]:
    """The lines that stand in the database already, with the sentence that says so."""
    if not good:
        return []
    found: dict[int, Problem] = {}
    by_key = {code_key(facts.code): line for line, facts in good if facts.code}
    keys = list(by_key)
    for first in range(0, len(keys), AT_ONCE):
        taken = Dossier.objects.filter(code_key__in=keys[first : first + AT_ONCE])
        for key, code in taken.values_list("code_key", "code"):
            line = by_key[key]
            reason = f"Mã hồ sơ {code} đã có trong chương trình."
            found[line.number] = Problem(line.number, reason, line.words)
    lines = {_fingerprint(facts): line for line, facts in good}
    days = [facts.received_at.date() for _, facts in good]
    rows = Dossier.objects.filter(
        office__in={facts.intake.office.pk for _, facts in good},
        received_on__range=(min(days), max(days)),
    ).order_by()
    for office, procedure, name, moment, code in rows.values_list(
        "office_id", "procedure_id", "applicant_name", "received_at", "code"
    ).iterator():
        if moment is None:
            continue  # never: who has a day of receipt has its moment
        known = lines.get((office, procedure, name.casefold(), clock.local(moment)))
        if known is not None:
            reason = (
                f"Đã có trong chương trình, mã {code}: cùng đơn vị, thủ tục, người nộp và "
                "thời điểm tiếp nhận."
            )
            found[known.number] = Problem(known.number, reason, known.words)
    return [found[number] for number in sorted(found)]


def _life(desks: Desks, facts: LineFacts) -> UnsavedDossier:
    life = UnsavedDossier(
        desks,
        facts.intake,
        by=None,
        at=facts.received_at,
        code=facts.code,
        due_at=facts.due_at,
        records_past=True,
    )
    if facts.supplement_from is not None:
        life.do(
            verbs.ask_supplement,
            by=None,
            at=facts.supplement_from,
            items=WRITTEN_BEFORE,
            reason=WRITTEN_BEFORE,
        )
        if facts.supplement_to is not None:
            life.do(verbs.receive_supplement, by=None, at=facts.supplement_to)
    if facts.resolved_at is not None:
        if facts.outcome == Dossier.Outcome.WITHDRAWN:
            life.do(verbs.withdraw, by=None, at=facts.resolved_at, reason=WRITTEN_BEFORE)
        elif facts.outcome == Dossier.Outcome.STOPPED:
            life.do(verbs.stop, by=None, at=facts.resolved_at, reason=WRITTEN_BEFORE)
        else:
            life.do(verbs.resolve, by=None, at=facts.resolved_at, outcome=facts.outcome)
    if facts.handed_over_at is not None:
        life.do(verbs.hand_over, by=None, at=facts.handed_over_at, collector_name="")
    return life
