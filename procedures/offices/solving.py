"""Which division of an office solves a procedure's dossiers?

Of the rows of that day: the procedure's own, else its sector's, else the division that bears the
name of the version's department.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from motcua import clock
from motcua.models import Division, Office
from procedures.models import Procedure, ProcedureVersion, SolvingDivision


@dataclass(frozen=True)
class Solver:
    """Who solves: a division of the office where there is one, and how it is named, else how the
    catalogue names it; empty where nobody says."""

    division: Division | None
    words: str


class Solvers:
    """Who solves at some offices: read in two statements, then asked for any procedure and day."""

    def __init__(self, offices: Iterable[Office | int]) -> None:
        keys = {office.pk if isinstance(office, Office) else office for office in offices}
        self._named: dict[tuple[int, str], Division] = {
            (division.office_id, division.name): division
            for division in Division.objects.filter(office__in=keys, is_active=True)
        }
        self._rows: defaultdict[tuple[int, str, int], list[SolvingDivision]] = defaultdict(list)
        rows = SolvingDivision.objects.filter(office__in=keys).select_related("division")
        for row in rows.order_by("-since"):
            of_one = row.procedure_id is not None
            kind, key = ("procedure", row.procedure_id) if of_one else ("sector", row.sector_id)
            self._rows[row.office_id, kind, key or 0].append(row)

    def of(
        self,
        procedure: Procedure,
        version: ProcedureVersion | None,
        office: Office | int,
        day: date | None = None,
    ) -> Solver:
        """Who solves what the office receives on the day, today if not given. A division that is
        closed solves nothing from today on; for days before it keeps its name."""
        on = day or clock.today()
        place = office.pk if isinstance(office, Office) else office
        rows = (
            self._row(place, "procedure", procedure.pk, on),
            self._row(place, "sector", procedure.sector_id, on),
        )
        for division in rows:
            if division is not None and (division.is_active or on < clock.today()):
                return Solver(division if division.is_active else None, division.name)
        department = version.department if version is not None else ""
        return Solver(self._named.get((place, department)), department)

    def own(self, procedure: Procedure, office: Office) -> Division | None:
        """The division that solves this procedure today whatever its sector says, if any."""
        return self._row(office.pk, "procedure", procedure.pk, clock.today())

    def _row(self, office: int, kind: str, key: int, day: date) -> Division | None:
        rows = self._rows.get((office, kind, key), ())
        return next((row.division for row in rows if row.since <= day), None)


def solver_of(
    procedure: Procedure,
    version: ProcedureVersion | None,
    office: Office | int,
    day: date | None = None,
) -> Solver:
    """`Solvers.of` for one office."""
    return Solvers([office]).of(procedure, version, office, day)


@dataclass(frozen=True)
class Desk:
    """An office that receives a procedure, and who solves it there: empty where nobody says, and
    where it is the same at every desk."""

    office: Office
    solver: str = ""


@dataclass(frozen=True)
class SolvedAt:
    """Who solves a procedure at the desks that receive it: `everywhere` where that is one name."""

    desks: tuple[Desk, ...]
    everywhere: str

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each solver, with the desks it solves for where there are several."""
        if self.everywhere:
            return (f"Giải quyết: {self.everywhere}",)
        names: defaultdict[str, list[str]] = defaultdict(list)
        for desk in self.desks:
            if desk.solver:
                names[desk.solver].append(desk.office.name)
        return tuple(
            f"Giải quyết: {solver} ({', '.join(offices)})" for solver, offices in names.items()
        )


def solved_at(
    procedure: Procedure, version: ProcedureVersion | None, offices: Iterable[Office], day: date
) -> SolvedAt:
    """Who solves it at these offices on the day; three names or a hundred, two statements. Where
    there is no desk, who the catalogue names."""
    found = list(offices)
    solvers = Solvers(found)
    words = [solvers.of(procedure, version, office, day).words for office in found]
    if not found:
        return SolvedAt((), version.department if version is not None else "")
    if len(set(words)) == 1:
        return SolvedAt(tuple(Desk(office) for office in found), words[0])
    return SolvedAt(tuple(map(Desk, found, words)), "")
