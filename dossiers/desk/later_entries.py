"""Which acts on a dossier were entered later than they happened and changed how it stands for it
(`rules.entered_later`): for its page, its papers, and every list that shows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Q

from dossiers.models import Dossier, DossierQuerySet, Event
from dossiers.rules.entered_later import DETAIL, Difference
from motcua import clock

PUT_RIGHT = (Event.Kind.CORRECT, Event.Kind.REVERT)
COLUMN = "Có việc nhập muộn làm đổi xét hạn"
"""The heading of the column that marks such a dossier in a file."""


@dataclass(frozen=True)
class LaterEntry:
    """An act that stands, with both its days."""

    event: Event
    difference: Difference

    @property
    def since(self) -> date:
        """The first day on which the dossier stands otherwise: when it happened; of what puts
        right, the earliest day on which its time hangs by what was known or is now."""
        if self.event.kind not in PUT_RIGHT:
            return clock.local(self.event.happened_at).date()
        pairs = (self.event.changes.get(name, ()) for name in ("due_on", "timed_on", "paused_on"))
        days = [date.fromisoformat(day) for pair in pairs for day in pair if day]
        return min(days, default=self.typed_on)

    @property
    def typed_on(self) -> date:
        return clock.local(self.event.recorded_at).date()

    def touches(self, first: date, last: date) -> bool:
        """Whether it changed how the dossier stood on any of these days, as it was typed on."""
        return self.since <= last and first <= self.typed_on

    @property
    def reason(self) -> str:
        reason: str = self.event.details[DETAIL]["reason"]
        return reason

    @property
    def stated(self) -> str:
        """When it happened; a correction, since when it lets the dossier have been received; an
        undoing has no other day than that of its entry."""
        if self.event.kind == Event.Kind.REVERT:
            return "hồ sơ trở lại như trước việc đó"
        moved = self.event.changes.get("received_on")
        if self.event.kind == Event.Kind.CORRECT:
            return f"tiếp nhận sửa thành ngày {_day(moved[1])}" if moved else "sửa hồ sơ"
        return f"làm ngày {clock.local(self.event.happened_at):%d/%m/%Y}"

    @property
    def days(self) -> str:
        """The act with its days: "Có kết quả: làm ngày 04/03/2016, nhập ngày 30/03/2016"."""
        kind = self.event.get_kind_display()
        words = f"{kind[:1].upper()}{kind[1:]}"
        return f"{words}: {self.stated}, nhập ngày {self.typed_on:%d/%m/%Y}"

    @property
    def sentence(self) -> str:
        words = difference_words(self.event, self.difference)
        return (
            f"{self.days}, muộn hơn nên xét hạn khác đi ({words}). "
            f"Lý do: {self.reason.rstrip('.')}."
        )


def difference_words(event: Event, difference: Difference) -> str:
    """How the dossier stands otherwise by this act."""
    return difference.change if event.kind in PUT_RIGHT else difference.words


def later_entries(dossiers: Iterable[Dossier]) -> dict[int, list[LaterEntry]]:
    """By key of each dossier those of its acts, the earliest first; one query."""
    found: dict[int, list[LaterEntry]] = defaultdict(list)
    for entry in _standing(dossier__in=[dossier.pk for dossier in dossiers]):
        found[entry.event.dossier_id].append(entry)
    return dict(found)


def later_entries_of(dossier: Dossier) -> list[LaterEntry]:
    return later_entries([dossier]).get(dossier.pk, [])


def with_later_entries(
    dossiers: DossierQuerySet, days: tuple[date, date] | None = None
) -> DossierQuerySet:
    """Those of the dossiers that have such an act; with first and last day, one that touches
    them."""
    entries = _standing(dossier__in=dossiers.order_by().values("pk"))
    keys = {entry.event.dossier_id for entry in entries if days is None or entry.touches(*days)}
    return dossiers.filter(pk__in=keys)


def told_later(dossiers: Iterable[Dossier], at_once: int = 500) -> Iterator[tuple[Dossier, bool]]:
    """Each dossier of a long list, and whether it has such an act; a query for so many."""
    remaining = iter(dossiers)
    while portion := list(islice(remaining, at_once)):
        found = later_entries(portion)
        yield from ((dossier, dossier.pk in found) for dossier in portion)


def words_on_paper(entries: Iterable[LaterEntry], kinds: Sequence[str] = ()) -> list[str]:
    """What a paper bears of acts of these kinds, of all without any: both days, nothing else."""
    return [f"{each.days}." for each in entries if not kinds or each.event.kind in kinds]


def _standing(**which: object) -> Iterator[LaterEntry]:
    """The marked acts of these dossiers that have not been undone, the earliest first."""
    marked = Q(details__has_key=DETAIL) | Q(kind=Event.Kind.REVERT)
    events = list(Event.objects.filter(marked, **which).select_related("actor").order_by("pk"))
    undone = {event.details["reverts"] for event in events if event.kind == Event.Kind.REVERT}
    for event in events:
        difference = Difference.read(event.details)
        if difference is not None and event.pk not in undone:
            yield LaterEntry(event, difference)


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"
