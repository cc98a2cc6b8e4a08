"""The register from before: an old paper or Excel register becomes dossiers, all or nothing.

Every line is checked before anything is written. One that cannot be so is refused, one that is
unlikely is doubtful; each is told with its number and its reasons. A refused line keeps all of the
register out; doubtful ones are written when somebody has looked at them. Decisions that are not in
the register's own words:

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
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from dossiers.lifecycle import bulk, verbs
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from dossiers.old_register import doubts
from dossiers.old_register.facts import FactsReader, LineFacts
from dossiers.old_register.known import already_there
from dossiers.old_register.lines import Line
from dossiers.rules.codes import code_key
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.access import offices_administered_by
from motcua.models import Office, OfficeQuerySet, Role, Staff
from motcua.tables.problems import WHOLE_FILE, Problem, Reason, lines_of

WRITTEN_BEFORE = "theo sổ cũ"
ONE_REGISTER_AT_A_TIME = 967_2016  # a lock of PostgreSQL, by its number


@dataclass
class Checked:
    """What a register would become: dossiers ready to be written, or the problems in its lines."""

    dossiers: list[UnsavedDossier] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Why lines are refused."""
    doubts: list[Problem] = field(default_factory=list)
    """Why lines, or the file as a whole, are doubtful; none of a line that is refused."""
    good: list[tuple[Line, LineFacts]] = field(default_factory=list)
    """The lines that the dossiers were made of."""
    known: list[Problem] = field(default_factory=list)
    """Those of the doubts that come from what the database holds."""

    def counts(self, of: str) -> list[tuple[str, int]]:
        """How many dossiers by `office`, `sector` or `year`, in the order of their names."""
        names: Callable[[UnsavedDossier], str] = {
            "office": lambda unsaved: unsaved.dossier.office.name,
            "sector": lambda unsaved: unsaved.dossier.procedure.sector.name,
            "year": lambda unsaved: str(unsaved.received_on.year),
        }[of]
        return sorted(Counter(names(unsaved) for unsaved in self.dossiers).items())

    @property
    def certain(self) -> int:
        """How many lines are good: neither refused nor doubtful."""
        return len({line.number for line, _ in self.good} - lines_of(self.doubts))

    def demand_acceptable(self, *, accept_doubtful: bool) -> None:
        """Raises Refused, and Doubtful unless somebody has looked at the doubtful lines."""
        if self.problems:
            raise Refused(self.problems, self)
        if self.doubts and not accept_doubtful:
            raise Doubtful(self)

    def without(self, lines: Collection[int]) -> "Checked":
        """The same register without these lines. Whoever leaves lines out has looked at the
        others."""
        kept = [
            (unsaved, pair)
            for unsaved, pair in zip(self.dossiers, self.good, strict=True)
            if pair[0].number not in lines
        ]
        dossiers, good = [unsaved for unsaved, _ in kept], [pair for _, pair in kept]
        return Checked(dossiers, self.problems, [], good, self.known)


class Refused(Exception):
    """The register was not written; `problems` say why, line by line, `doubts` what else there is
    to look at, and `certain` how many lines are good."""

    def __init__(self, problems: list[Problem], checked: Checked | None = None) -> None:
        super().__init__(f"{len(problems)} chỗ cần sửa")
        self.problems = problems
        self.doubts = checked.doubts if checked else []
        self.certain = checked.certain if checked else 0


class Doubtful(Exception):
    """The register was not written, since nobody has yet looked at its doubtful lines."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(f"{len(checked.doubts)} chỗ cần xem lại")
        self.checked = checked


def offices_importable_by(staff: Staff) -> OfficeQuerySet:
    """The offices whose old registers this person may enter: those that an administrator keeps,
    and a leader's own."""
    kept = offices_administered_by(staff)
    if staff.is_active and staff.has_role(Role.LEADER) and staff.office is not None:
        # As keys: a union could not be filtered any further.
        own = Office.objects.followed_by(staff.office)
        keys = {*own.values_list("pk", flat=True), *kept.values_list("pk", flat=True)}
        return Office.objects.filter(pk__in=keys)
    return kept


def check(lines: Iterable[Line], offices: QuerySet[Office] | None = None) -> Checked:
    """Every line checked against catalogue, calendar, its fellows and the database.

    `offices`: those whose lines may be taken; all when left out. Writes nothing.
    """
    lines = list(lines)
    desks = Desks()
    checked = Checked()
    read = _read(lines, FactsReader(desks, offices), checked)
    there, checked.known = already_there(read)
    checked.problems += there
    lost = lines_of(there)
    for line, facts in read:
        if line.number in lost:
            continue
        try:
            checked.dossiers.append(_unsaved(desks, facts))
        except MoveRefused as wrong:
            checked.problems.append(Problem(line.number, str(wrong), line.words))
        else:
            checked.good.append((line, facts))
    checked.problems.sort(key=lambda problem: problem.line)
    refused = lines_of(checked.problems)
    found = [*doubts.about(read, desks), *checked.known]
    checked.doubts = doubts.swapped_days(lines) + sorted(
        (doubt for doubt in found if doubt.line not in refused), key=lambda doubt: doubt.line
    )
    return checked


def _read(lines: list[Line], reader: FactsReader, checked: Checked) -> list[tuple[Line, LineFacts]]:
    """The lines that can be read, each code once; the reasons of the others go to `checked`."""
    codes: dict[str, int] = {}
    read = []
    for line in lines:
        facts, reasons = reader.read(line)
        if facts is not None and facts.code:
            first = codes.setdefault(code_key(facts.code), line.number)
            if first != line.number:
                text = f"Mã hồ sơ {facts.code} đã có ở dòng {first}."
                reasons = [Reason("receipt_code", text)]
        if facts is not None and not reasons:
            read.append((line, facts))
        checked.problems += [line.problem(reason) for reason in reasons]
    return read


@transaction.atomic
def write(checked: Checked, *, by: Staff | None = None, accept_doubtful: bool = False) -> int:
    """Put the checked register into the database, all or nothing, and return how many dossiers.

    Registers are written one after the other, and what came in since the check is looked for
    again. Raises Refused, and Doubtful unless the doubtful lines were looked at.
    """
    checked.demand_acceptable(accept_doubtful=accept_doubtful)
    _wait_for_other_registers()
    there, perhaps = already_there(checked.good)
    if problems := there + [doubt for doubt in perhaps if doubt not in checked.known]:
        raise Refused(problems)
    for unsaved in checked.dossiers:
        unsaved.dossier.created_by = by
    try:
        return bulk.write(checked.dossiers, recorded_at=clock.now())
    except IntegrityError:
        reason = "Có mã hồ sơ trùng với một mã đã có hoặc vừa được cấp. Hãy kiểm tra lại tệp."
        raise Refused([Problem(WHOLE_FILE, reason, column="receipt_code")]) from None


def take_in(
    lines: Iterable[Line],
    *,
    offices: QuerySet[Office] | None = None,
    by: Staff | None = None,
    accept_doubtful: bool = False,
) -> Checked:
    """Check, then write. Raises Refused or Doubtful; then nothing is written. Only the writing
    keeps others from writing on SQLite, not the check."""
    checked = check(lines, offices)
    write(checked, by=by, accept_doubtful=accept_doubtful)
    return checked


def _wait_for_other_registers() -> None:
    """Or the same file, confirmed twice at once, would be there twice. SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_REGISTER_AT_A_TIME])


def _unsaved(desks: Desks, facts: LineFacts) -> UnsavedDossier:
    unsaved = UnsavedDossier(
        desks,
        facts.intake,
        by=None,
        at=facts.received_at,
        code=facts.code,
        due_at=facts.due_at,
        records_past=True,
    )
    if facts.supplement_from is not None:
        unsaved.do(
            verbs.ask_supplement,
            by=None,
            at=facts.supplement_from,
            items=WRITTEN_BEFORE,
            reason=WRITTEN_BEFORE,
        )
        if facts.supplement_to is not None:
            unsaved.do(verbs.receive_supplement, by=None, at=facts.supplement_to)
    if facts.resolved_at is not None:
        if facts.outcome == Dossier.Outcome.WITHDRAWN:
            unsaved.do(verbs.withdraw, by=None, at=facts.resolved_at, reason=WRITTEN_BEFORE)
        elif facts.outcome == Dossier.Outcome.STOPPED:
            unsaved.do(verbs.stop, by=None, at=facts.resolved_at, reason=WRITTEN_BEFORE)
        else:
            unsaved.do(verbs.resolve, by=None, at=facts.resolved_at, outcome=facts.outcome)
    if facts.handed_over_at is not None:
        unsaved.do(verbs.hand_over, by=None, at=facts.handed_over_at, collector_name="")
    return unsaved
