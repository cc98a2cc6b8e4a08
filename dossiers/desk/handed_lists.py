"""The lists that two people sign: what one place handed to another on one day.

A hand-over is an act of forwarding that stands, and the way back to the desk with which a dossier
ends elsewhere: nobody forwards that, the end itself says that the result is at the desk (see the
control sheet). What a merger moved, nobody carried.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dossiers.models import Dossier, Event, SubmittedPaper, Transfer
from motcua import clock
from motcua.access import offices_visible_to
from motcua.models import Division, Office, Role, Staff
from procedures.models import RequiredPaper

MOST = 200
"""The dossiers on one paper, some seventeen pages, which take a busy machine ten seconds."""

_ENDS = (Event.Kind.RESOLVE, Event.Kind.WITHDRAW, Event.Kind.STOP)
_ENDS_OF_A_WAY = ("from_office", "from_division", "to_office", "to_division")
_Keys = tuple[int, int | None]
"""Primary keys of an office and, where it is not the desk, of its division."""


@dataclass(frozen=True)
class Place:
    """A desk, or a division; the office as it was called on the day."""

    office: Office
    division: Division | None = None

    @property
    def key(self) -> str:
        """How an address names it: "o12" is a desk, "d7" a division."""
        return f"d{self.division.pk}" if self.division else f"o{self.office.pk}"

    @property
    def keys(self) -> _Keys:
        return self.office.pk, self.division.pk if self.division else None


@dataclass(frozen=True)
class HandedLine:
    """How many dossiers one place gave to another on the day."""

    day: date
    giver: Place
    receiver: Place
    count: int

    @property
    def is_too_long(self) -> bool:
        return self.count > MOST

    @property
    def giver_words(self) -> str:
        return self._words(self.giver, with_office=not self._is_within_an_office)

    @property
    def receiver_words(self) -> str:
        is_named = self._is_within_an_office and self.giver.division is None
        return self._words(self.receiver, with_office=not is_named)

    @property
    def _is_within_an_office(self) -> bool:
        """The words of one side, a desk's always, then name the office of both."""
        return self.giver.office.pk == self.receiver.office.pk

    @property
    def headed_by(self) -> Place:
        """Whose head the paper bears: the desk's, of two desks the giver's."""
        return self.receiver if self.giver.division and not self.receiver.division else self.giver

    def _words(self, place: Place, *, with_office: bool) -> str:
        office = place.office
        if place.division is None:
            return f"{' '.join(office.desk_on(self.day))} {office.name_in_small}"
        return place.division.name + (f", {office.authority}" if with_office else "")


@dataclass(frozen=True)
class HandedRow:
    """One dossier that was handed over, or came back with its end."""

    dossier: Dossier
    papers: int
    given_at: datetime
    given_by: Staff | None
    taken_at: datetime | None
    taken_by: Staff | None
    remark: str

    @property
    def taken_on_another_day(self) -> bool:
        return self.taken_at is not None and self.taken_at.date() != self.given_at.date()


def handed_lines(staff: Staff, day: date) -> list[HandedLine]:
    """Every pair of places between which dossiers went on this day, as far as it concerns the
    person's offices; a specialist's division alone. A constant number of statements."""
    offices, scope = _Offices(day), _scope_of(staff)
    counts: Counter[tuple[_Keys, _Keys]] = Counter()
    sent = _sent(staff, day).order_by().values_list(*_ENDS_OF_A_WAY).annotate(Count("pk"))
    for from_office, from_division, to_office, to_division, count in sent:
        counts[(from_office, from_division), (to_office, to_division)] += count
    desk_of = Coalesce("dossier__return_office", "dossier__receiver")
    back = _brought_back(staff, day).order_by().values_list("to_office", "to_division", desk_of)
    for office, division, desk, count in back.annotate(Count("pk")):
        giver, receiver = (office, division), (offices.heir(desk), None)
        if giver != receiver:
            counts[giver, receiver] += count
    seen = {pair: count for pair, count in counts.items() if scope(*pair)}
    divisions = Division.objects.in_bulk({keys[1] for pair in seen for keys in pair if keys[1]})

    def place(keys: _Keys) -> Place:
        return Place(offices.on_day(keys[0]), divisions[keys[1]] if keys[1] else None)

    lines = [
        HandedLine(day, place(giver), place(receiver), count)
        for (giver, receiver), count in seen.items()
    ]
    return sorted(lines, key=lambda line: (line.giver_words, line.receiver_words))


def handed_rows(staff: Staff, line: HandedLine) -> list[HandedRow]:
    """The first MOST dossiers of the line in the order in which they were handed over. A constant
    number of statements."""
    sent = _sent(staff, line.day).filter(_side("from", line.giver), _side("to", line.receiver))
    rows = [_sent_row(transfer) for transfer in _for_rows(sent).order_by("sent_at", "pk")[:MOST]]
    if line.receiver.division is None:
        offices = _Offices(line.day)
        back = _brought_back(staff, line.day).filter(_side("to", line.giver))
        rows += [
            _back_row(transfer)
            for transfer in _for_rows(back).order_by("closed_by__happened_at", "pk")
            if offices.heir(_desk_of(transfer.dossier)) == line.receiver.office.pk
        ]
    return sorted(rows, key=lambda row: (row.given_at, row.dossier.code))[:MOST]


def _sent(staff: Staff, day: date) -> QuerySet[Transfer]:
    """Forwarded on the day, and not undone."""
    return _standing(staff).filter(
        opened_by__kind=Event.Kind.FORWARD, opened_by__happened_at__range=_hours_of(day)
    )


def _brought_back(staff: Staff, day: date) -> QuerySet[Transfer]:
    """The last hand-over of each dossier that ended on the day: its result came to the desk."""
    return _standing(staff).filter(
        closed_by__kind__in=_ENDS, closed_by__happened_at__range=_hours_of(day)
    )


def _desk_of(dossier: Dossier) -> int:
    return dossier.return_office_id or dossier.receiver_id


def _standing(staff: Staff) -> QuerySet[Transfer]:
    visible = Dossier.objects.visible_to(staff).order_by()
    return Transfer.objects.filter(is_void=False, dossier__in=visible)


def _hours_of(day: date) -> tuple[datetime, datetime]:
    return clock.aware(datetime.combine(day, time.min)), clock.aware(
        datetime.combine(day, time.max)
    )


def _scope_of(staff: Staff) -> Callable[[_Keys, _Keys], bool]:
    """Whether a way concerns the person: one of its ends is in the person's offices, or, for a
    specialist of a division, is that division."""
    if staff.division_id is not None and not staff.has_role(Role.CLERK, Role.LEADER, Role.OVERSEER):
        return lambda *pair: any(division == staff.division_id for _, division in pair)
    offices = set(offices_visible_to(staff).values_list("pk", flat=True))
    return lambda *pair: any(office in offices for office, _ in pair)


def _side(name: str, place: Place) -> Q:
    office, division = place.keys
    return Q(**{f"{name}_office": office, f"{name}_division": division})


def _for_rows(transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """With all that a row shows. What was only shown at the counter was not handed on."""
    papers = SubmittedPaper.objects.filter(dossier=OuterRef("dossier"))
    kept = papers.exclude(kind=RequiredPaper.Kind.SHOWN).order_by().values("dossier")
    return transfers.select_related(
        "dossier__procedure", "sent_by", "taken_by", "closed_by__actor"
    ).annotate(papers=Coalesce(Subquery(kept.values(n=Count("pk"))), 0))


def _sent_row(transfer: Any) -> HandedRow:
    return HandedRow(
        dossier=transfer.dossier,
        papers=transfer.papers,
        given_at=clock.local(transfer.sent_at),
        given_by=transfer.sent_by,
        taken_at=clock.local(transfer.taken_at) if transfer.taken_at else None,
        taken_by=transfer.taken_by,
        remark=transfer.note,
    )


def _back_row(transfer: Any) -> HandedRow:
    """Who recorded the end has either brought the dossier or taken it: no name is printed."""
    ended_at = clock.local(transfer.closed_by.happened_at)
    return HandedRow(
        dossier=transfer.dossier,
        papers=transfer.papers,
        given_at=ended_at,
        given_by=None,
        taken_at=ended_at,
        taken_by=None,
        remark=transfer.dossier.get_outcome_display(),
    )


class _Offices:
    """Every office, read once: as it was called on the day, and who had its dossiers then."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._all = Office.objects.prefetch_related("former").in_bulk()
        for office in self._all.values():
            if office.successor_id is not None:
                office.successor = self._all[office.successor_id]

    def on_day(self, key: int) -> Office:
        return self._all[key].on(self._day)

    def heir(self, key: int) -> int:
        return self._all[key].heir_on(self._day).pk
