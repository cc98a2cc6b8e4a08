"""Opening figures in the tables: what totals from before the program add to a period.

An office that has only totals for a while enters them, sector by sector: they are the totals of
*all* its dossiers of that time. What of them is not in the program, the remainder, is the totals
less what the program counts for that same office, sector and time; it is this remainder that
tables add to what they count. So a dossier that is entered later by itself (an old register,
with its old date of receipt) leaves the remainder by as much as it comes into the count: the
table of that time always shows the totals, and nothing is counted twice.

How a remainder takes part in a period that is asked for, for each office:

- Opening periods that lie wholly inside it: their receipts and results are added; "carried
  over" comes from the first of them, since the later ones carry over what the earlier left; and
  "pending" from the last. What an earlier one leaves and the next does not carry stays pending.
- A period after the last of them: what is still pending on paper is carried over and pending,
  in the class that was entered, until it is entered as dossiers.
- A period before the first of them: nothing.
- A period that cuts one of them: nothing of that office, for totals cannot be cut, and a
  sentence says so.

In each case the part satisfies the identities of Biểu II.06a by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from motcua.models import Office
from procedures.models import Sector
from reports.figures.summaries import tally
from reports.models import OpeningFigures
from reports.terms.columns import BASE, BY_NAME, Figures, add_sums, nothing, total_of
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import Scope, scope_of_all

FLOWS = tuple(n for n in BASE if n != "carried_over" and not n.startswith("pending"))
STOCKS = tuple(name for name in BASE if name.startswith("pending"))
# Totals have no procedure: tables by procedure give them a row of their own under this key.
NO_PROCEDURE = 0

Key = tuple[int, int]
"""Office and sector."""
Span = tuple[date, date]


@dataclass(frozen=True)
class Remainder:
    """Totals that were entered, and what of them the program does not count by itself."""

    entry: OpeningFigures
    entered: Figures
    counted: Figures

    @property
    def left(self) -> Figures:
        return {name: self.entered[name] - self.counted[name] for name in self.entered}

    @property
    def clashes(self) -> list[str]:
        """The columns in which the program counts more than was entered, as sentences."""
        return [
            f"{BY_NAME[name].full_heading.lower()}: nhập tay {self.entered[name]}, trong chương "
            f"trình đã có {self.counted[name]} hồ sơ"
            for name in BASE
            if self.counted[name] > self.entered[name]
        ]


@dataclass(frozen=True)
class Added:
    """What opening figures add to a period: by office and sector, and what a reader must know."""

    figures: dict[Key, Figures] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @property
    def total(self) -> Figures:
        return total_of(self.figures.values())

    def by(self, *fields: str) -> dict[tuple[int, ...], Figures]:
        """The same under the key fields of `summaries.tally`."""
        found: dict[tuple[int, ...], Figures] = {}
        for (office, sector), figures in self.figures.items():
            known = {"office_id": office, "sector_id": sector, "procedure_id": NO_PROCEDURE}
            key = tuple(known[name] for name in fields)
            found[key] = total_of([found.get(key, nothing()), figures])
        return found


def counted(
    period: Period, scope: Scope, *fields: str, added: Added | None = None
) -> dict[tuple[int, ...], Figures]:
    """`summaries.tally` with the opening figures added; `added` spares reading them again."""
    found = tally(period, scope, *fields)
    for key, figures in (added or added_to(period, scope)).by(*fields).items():
        found[key] = total_of([found.get(key, nothing()), figures])
    return found


def offices_with_dossiers(
    period: Period, scope: Scope, remainders: Iterable[Remainder] | None = None
) -> set[int]:
    """Which offices of the scope had a dossier in the period, opening figures included."""
    added = added_to(period, scope, remainders)
    found = counted(period, scope, "office_id", added=added)
    return {office for (office,), figures in found.items() if figures["total_in"]}


def added_to(period: Period, scope: Scope, remainders: Iterable[Remainder] | None = None) -> Added:
    """What the opening figures of the scope's offices add to the period; `remainders` spares
    asking for them again."""
    if remainders is None:
        remainders = remainders_in(scope)
    by_office: dict[Office, list[Remainder]] = defaultdict(list)
    for one in remainders:
        if one.entry.office_id in scope.row_of:
            by_office[one.entry.office].append(one)
    added = Added()
    for office, of_office in by_office.items():
        _add_office(added, office, of_office, period)
    in_rows: dict[tuple[int, ...], Figures] = {}
    for key, figures in scope.folded(added.figures.items(), ("office_id", "sector_id")):
        in_rows[key] = total_of([in_rows.get(key, nothing()), figures])
    return Added({(office, sector): f for (office, sector), f in in_rows.items()}, added.notices)


def remainders_in(scope: Scope) -> list[Remainder]:
    """The opening figures of the scope's offices. One query where there are none, otherwise one
    more for each of their periods."""
    return remainders_among(scope.office_ids)


def remainders_among(offices: Iterable[int]) -> list[Remainder]:
    """As `remainders_in`, of the offices with these keys."""
    entries = OpeningFigures.objects.in_force().filter(office__in=list(offices))
    return remainders_of(entries.select_related("office", "sector"))


def remainders_of(entries: Iterable[OpeningFigures]) -> list[Remainder]:
    """Each entry with what the program counts for the same office, sector and time."""
    entries = list(entries)
    offices: dict[Span, set[Office]] = defaultdict(set)
    for entry in entries:
        offices[entry.starts_on, entry.ends_on].add(entry.office)
    live = {
        (span, *key): figures
        for span, of_span in offices.items()
        for key, figures in tally(
            period_of(*span), scope_of_all(of_span), "office_id", "sector_id"
        ).items()
    }
    return [
        Remainder(
            entry,
            add_sums(nothing() | entry.figures),
            live.get(
                ((entry.starts_on, entry.ends_on), entry.office_id, entry.sector_id), nothing()
            ),
        )
        for entry in entries
    ]


def period_of(start: date, end: date) -> Period:
    return parse_period(f"{start.isoformat()}..{end.isoformat()}")


def _add_office(added: Added, office: Office, remainders: list[Remainder], period: Period) -> None:
    spans = sorted({(one.entry.starts_on, one.entry.ends_on) for one in remainders})
    cut = [span for span in spans if _cuts(period, span)]
    if cut:
        words = "; ".join(f"từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}" for start, end in cut)
        added.notices.append(
            f"{office.name} có số đầu kỳ nhập tay {words}, chỉ trùng một phần với kỳ này nên không "
            "chia được và không cộng vào đây."
        )
        return
    by_sector: dict[Sector, dict[Span, Remainder]] = defaultdict(dict)
    for one in remainders:
        by_sector[one.entry.sector][one.entry.starts_on, one.entry.ends_on] = one
    for sector, of_sector in by_sector.items():
        chain = [of_sector[s].left if s in of_sector else nothing() for s in spans]
        part = part_of(spans, chain, period)
        if part is None or not any(part.values()):
            continue
        added.figures[office.pk, sector.pk] = part
        for one in of_sector.values():
            added.notices.extend(
                f"{office.name}, {sector.name}: số đầu kỳ ít hơn số hồ sơ đã nhập ({clash}). Mời "
                "sửa số đầu kỳ hoặc hồ sơ."
                for clash in one.clashes
            )


def part_of(
    spans: list[Span], chain: Sequence[Mapping[str, int]], period: Period
) -> Figures | None:
    """What the remainders of one sector, in the order of their spans, add to a period that cuts
    none of them; None where it lies before them all."""
    inside = [at for at, (start, _) in enumerate(spans) if period.start <= start <= period.end]
    past = [at for at, (_, end) in enumerate(spans) if end < period.start]
    if not inside and not past:
        return None
    part = nothing()
    last = inside[-1] if inside else past[-1]
    stayed = [_not_carried(before, after) for before, after in pairwise(chain)]
    for name in STOCKS:
        part[name] = chain[last][name]
    part["pending_in_time"] += sum(stayed[:last])
    if not inside:
        return _stock_only(part)
    first = inside[0]
    for name in FLOWS:
        part[name] = sum(chain[at][name] for at in inside)
    came = [_not_carried(before, after, came=True) for before, after in pairwise(chain)]
    part["carried_over"] = (
        chain[first]["carried_over"] + sum(stayed[:first]) + sum(came[first:last])
    )
    return add_sums(part)


def _stock_only(part: Figures) -> Figures:
    """What is carried over and stays pending; never below zero where totals and dossiers clash."""
    for name in STOCKS:
        part[name] = max(0, part[name])
    part["pending_waiting"] = min(part["pending_waiting"], part["pending_in_time"])
    part["carried_over"] = part["pending_in_time"] + part["pending_overdue"]
    return add_sums(part)


def _not_carried(before: Mapping[str, int], after: Mapping[str, int], *, came: bool = False) -> int:
    """How many the earlier totals leave pending that the next do not carry over; with `came`, how
    many the next carry over that the earlier do not leave."""
    gap = before["pending_total"] - after["carried_over"]
    return max(0, -gap if came else gap)


def _cuts(period: Period, span: Span) -> bool:
    start, end = span
    overlaps = start <= period.end and period.start <= end
    return overlaps and not (period.start <= start and end <= period.end)
