"""At whose desks were the dossiers received, and for whom? Figures count by the office that
solves; this report counts by the one that received (NĐ 118/2025)."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from django.db.models import BigIntegerField, Case, Count, F, Q, When

from dossiers.models import ELSEWHERE, Dossier, DossierQuerySet
from reports.figures.recount import dossiers_behind, due_in_force, solved_by
from reports.figures.tables import By, ordered, table
from reports.output.sheets import Sheet, counted_sheet
from reports.terms.layouts import Layout, LayoutColumn, Values
from reports.terms.periods import Period
from reports.terms.scopes import Scope

LAYOUT = Layout(
    name="noi-nhan",
    code="receivers",
    label="Theo nơi tiếp nhận",
    title="Hồ sơ tiếp nhận theo nơi tiếp nhận và cơ quan giải quyết",
    columns=(
        LayoutColumn(
            "received_here",
            "Tiếp nhận tại đơn vị",
            "Số hồ sơ mà bộ phận một cửa của đơn vị tiếp nhận trong kỳ, cho mình và nhận thay.",
            number=3,
            formula="(4) + (5)",
        ),
        LayoutColumn(
            "for_itself",
            "Cho đơn vị mình",
            "Tiếp nhận tại đơn vị và đơn vị giải quyết.",
            number=4,
        ),
        LayoutColumn(
            "for_others",
            "Nhận thay nơi khác",
            "Tiếp nhận tại đơn vị, do đơn vị khác giải quyết và tính vào số liệu nơi đó.",
            number=5,
        ),
        LayoutColumn(
            "by_others",
            "Nơi khác nhận thay",
            "Do đơn vị giải quyết, tiếp nhận tại bộ phận một cửa của nơi khác.",
            number=6,
        ),
        LayoutColumn(
            "received",
            "Tính vào số liệu",
            "Tiếp nhận trong kỳ và tính cho đơn vị, vì đơn vị giải quyết.",
            number=7,
            formula="(4) + (6)",
        ),
    ),
    sums=(
        ("received_here", ("for_itself", "for_others")),
        ("received", ("for_itself", "by_others")),
    ),
    notes=(
        "Số liệu của kỳ tính theo cơ quan giải quyết, là cột (7); cột (3) chỉ cho biết khối lượng "
        "của nơi tiếp nhận.",
    ),
)


def receivers_sheet(period: Period, scope: Scope, query: Mapping[str, str] | None = None) -> Sheet:
    """A row for each office of the scope, each with what it has followed; the last column is
    checked against the figures of the period."""
    names = [column.name for column in LAYOUT.columns]
    found: dict[int, Values] = defaultdict(lambda: dict.fromkeys(names, 0))
    counted = dossiers_behind("received", period, scope).order_by()
    for office, n in _by_solver(counted, scope).items():
        found[office]["received"] += n
        found[office]["for_itself"] += n
    for (receiver, solver), n in _pairs(period, scope).items():
        if receiver == solver:
            continue
        if solver is not None:
            found[solver]["by_others"] += n
            found[solver]["for_itself"] -= n
        if receiver is not None:
            found[receiver]["for_others"] += n
    for values in found.values():
        values["received_here"] = values["for_itself"] + values["for_others"]
    return counted_sheet(
        LAYOUT,
        period,
        scope,
        "Nơi tiếp nhận",
        [(key, name, found[pk]) for pk, key, name in ordered(By.OFFICE, scope, list(found))],
        figures=table(period, scope).of_dossiers,
        compared=("received",),
        query=query,
    )


def receivers_behind(
    column: str, period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """The dossiers of a number. Over several rows of the scope the sum of theirs, so that a
    dossier which one of them received for another is in `for_others` and in `by_others`."""
    everything = Dossier.objects.all() if among is None else among
    found = (
        everything.received_between(period.start, period.as_of)
        .alias(solver=solved_by(scope), desk=_received_by(scope))
        .annotate(due_then=due_in_force(period.as_of))
    )
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for office, row in scope.row_of.items():
        rows[row].append(office)
    if column == "received":
        return found.filter(solver__in=scope.office_ids)
    if column == "received_here":
        return found.filter(desk__in=scope.office_ids)
    in_any = Q(pk__in=[])
    for offices in rows.values():
        here, ours = Q(desk__in=offices), Q(solver__in=offices)
        if column == "for_itself":
            in_any |= here & ours
        elif column == "for_others":
            in_any |= here & ~ours
        else:
            in_any |= ours & ~here
    return found.filter(in_any)


def _by_solver(dossiers: DossierQuerySet, scope: Scope) -> Counter[int]:
    counted: Counter[int] = Counter()
    rows = dossiers.annotate(solver=solved_by(scope)).values("solver").annotate(n=Count("*"))
    for row in rows:
        counted[scope.row_of[row["solver"]]] += row["n"]
    return counted


def _pairs(period: Period, scope: Scope) -> Counter[tuple[int | None, int | None]]:
    """How many of one row were received by another, of the few that were received elsewhere; None
    for what is no row of the scope."""
    counted: Counter[tuple[int | None, int | None]] = Counter()
    rows = (
        Dossier.objects.filter(ELSEWHERE)
        .received_between(period.start, period.as_of)
        .order_by()
        .annotate(solver=solved_by(scope), desk=_received_by(scope))
        .values("solver", "desk")
        .annotate(n=Count("*"))
    )
    for row in rows:
        counted[scope.row_of.get(row["desk"]), scope.row_of.get(row["solver"])] += row["n"]
    return counted


def _received_by(scope: Scope) -> Case:
    """Whose desk received it. One that was assigned by the end of the scope's day counts wholly,
    receipt included, where it was assigned."""
    assigned = Q(assigned_on__isnull=False, receiver=F("assigned_from"))
    return Case(
        When(assigned, then=solved_by(scope)),
        default=F("receiver_id"),
        output_field=BigIntegerField(),
    )
