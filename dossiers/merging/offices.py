"""What a merger does to offices, divisions, staff, hours and points of reception. What an undoing
puts back is kept by `Kept`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from dossiers.lifecycle.codes import identity_code
from dossiers.lifecycle.succession import Succession
from dossiers.merging.offers import give_offers
from dossiers.merging.planning import Plan, Successor, lost_its_district, superior_of
from dossiers.models import Dossier, SerialCounter
from motcua.models import Division, Office, ReceptionPoint, Staff
from motcua.models.offices import DETAILS
from motcua.operations import renaming
from procedures.models import OfficeClosure, WorkSession

OF_A_NAME = ("place", "header_above", "header", "email")
"""Details that speak of a name, or may: they stay behind where it changes."""


@dataclass
class Kept:
    """What an undoing puts back, by primary keys and plain values."""

    made: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    """Successors that were there before."""
    parents: list[dict[str, Any]] = field(default_factory=list)
    staff: list[dict[str, Any]] = field(default_factory=list)
    divisions_made: list[int] = field(default_factory=list)
    divisions_closed: list[int] = field(default_factory=list)
    points_made: list[int] = field(default_factory=list)
    points_closed: list[dict[str, Any]] = field(default_factory=list)
    takes: list[int] = field(default_factory=list)
    """Offices that stay and receive the district's procedures since."""
    events: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def carry_out(plan: Plan, kept: Kept) -> Succession:
    """End, make and join the offices of the plan, with all that belongs to them."""
    parents = {
        id(new): superior_of(plan, new.seat.parent) if new.seat.parent else None
        for new in plan.successors
    }
    takes = {
        id(new): any(
            lost_its_district(plan, old) or old.takes_district_procedures
            for old in new.predecessors
        )
        for new in plan.successors
    }
    bearing = _bearers_of_identity(plan)
    for old in plan.ending:
        _end(old, plan.last_day)
        kept.ended.append(old.pk)
    # Those above are made before those below them.
    order = sorted(plan.successors, key=lambda new: _depth(new.seat))
    for new in order:
        if new.office is None:
            above = parents[id(new)]
            new.office = _make(new, plan, above.office if isinstance(above, Successor) else above)
            new.office.takes_district_procedures = takes[id(new)]
            new.office.save()
            kept.made.append(new.office.pk)
            _give_hours(new, plan.day)
        else:
            kept.joined.append(new.office.pk)
        for old in new.predecessors:
            old.successor = new.office
            old.save()
    _move_up(plan, kept)
    succession = Succession(plan.day, {orphan.pk: None for orphan in plan.orphans})
    successors, divisions = dict(succession.successors), dict(succession.divisions)
    words = dict(succession.words)
    for new in order:
        office = _given(new)
        mapped = _give_divisions(new, office, kept)
        _give_points(new, office, plan, kept)
        _give_staff(new, office, mapped, plan.day, kept)
        _give_counters(office, bearing, plan.day)
        successors |= {old.pk: office.pk for old in new.predecessors}
        divisions |= mapped
        words |= _words(new, office)
        if office.pk in kept.made:
            give_offers(new, office, mapped)
    words |= {orphan.pk: orphan.name for orphan in plan.orphans}
    return Succession(plan.day, successors, divisions, words)


def _words(new: Successor, office: Office) -> dict[int, str]:
    """What each is called in a sentence; of two of one name the codes tell which."""
    same = any(old.name.casefold() == office.name.casefold() for old in new.predecessors)
    members = [*new.predecessors, office]
    return {each.pk: f"{each.name} (mã {each.code})" if same else each.name for each in members}


def _given(new: Successor) -> Office:
    if new.office is None:
        raise ValueError("The successor has not been made.")
    return new.office


def _depth(office: Office) -> int:
    depth, above = 0, office.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _end(office: Office, last_day: date) -> None:
    office.exists_until = last_day
    office.save()


def _make(new: Successor, plan: Plan, above: Office | None) -> Office:
    """A new office at the seat of one that ended; what speaks of another name stays behind."""
    seat = new.seat
    renamed = seat.name.casefold() != new.name.casefold()
    details = {name: getattr(seat, name) for name in DETAILS}
    if renamed:
        details |= dict.fromkeys(OF_A_NAME, "")
    return Office(
        **details | {"name": new.name, "kind": kind_of(new.name)},
        code=new.code,
        level=seat.level,
        parent=above,
        exists_from=plan.day,
        has_desk=any(old.has_desk for old in new.predecessors),
    )


def kind_of(name: str) -> str:
    """The kind of an office by its name: "Thị trấn Thới Bình" is a thị trấn."""
    words = name.lower().split()
    return " ".join(words[:2]) if words[:1] == ["thị"] else words[0]


def _move_up(plan: Plan, kept: Kept) -> None:
    """Who stood below an ending office stands below its successor, or the one above it; what it
    was until then stays readable."""
    for office, former in plan.moved_up:
        above = superior_of(plan, former) if former is not None else None
        takes = lost_its_district(plan, office) and not office.takes_district_procedures
        details = renaming.keep_former(office, plan.day)
        kept.parents.append(
            {
                "office": office.pk,
                "parent": former.pk if former is not None else None,
                "details": details.pk if details is not None else None,
            }
        )
        office.parent = above.office if isinstance(above, Successor) else above
        if takes:
            office.takes_district_procedures = True
            kept.takes.append(office.pk)
        office.save()


def _give_hours(new: Successor, day: date) -> None:
    """The successor opens when the seat did: sessions in force and closed days from the day on."""
    for session in WorkSession.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), office=new.seat
    ):
        session.pk, session.office = None, _given(new)
        session._state.adding = True
        session.save()
    for closure in OfficeClosure.objects.filter(office=new.seat, date__gte=day):
        closure.pk, closure.office = None, _given(new)
        closure._state.adding = True
        closure.save()


def _give_divisions(new: Successor, office: Office, kept: Kept) -> dict[int, int]:
    """Divisions of one name become one, and the places where leaders sign; old ones stay with
    their office, closed. Old division -> the successor's."""
    by_name = {
        division.name.casefold(): division
        for division in Division.objects.filter(office=office, is_active=True)
    }
    leaders = next((division for division in by_name.values() if division.is_leaders), None)
    mapped: dict[int, int] = {}
    for old in new.in_order:
        for division in Division.objects.filter(office=old).order_by("-is_leaders", "name"):
            if not division.is_active:
                continue
            if division.is_leaders and leaders is not None:
                into = leaders
            elif division.name.casefold() in by_name:
                into = by_name[division.name.casefold()]
            else:
                into = Division.objects.create(
                    office=office,
                    name=division.name,
                    phone=division.phone,
                    is_leaders=division.is_leaders,
                )
                kept.divisions_made.append(into.pk)
                by_name[into.name.casefold()] = into
            if division.is_leaders and leaders is None:
                leaders = into
                if not into.is_leaders:
                    into.is_leaders = True
                    into.save()
            mapped[division.pk] = into.pk
            division.is_active = False
            division.save()
            kept.divisions_closed.append(division.pk)
    return mapped


def _give_points(new: Successor, office: Office, plan: Plan, kept: Kept) -> None:
    """Points of reception go on under the successor; one whose name is taken bears that of its
    office too."""
    names = {point.name.casefold() for point in office.points.all()}
    for old in new.in_order:
        points = ReceptionPoint.objects.filter(
            Q(open_until__isnull=True) | Q(open_until__gte=plan.day), office=old
        )
        for point in points:
            name = point.name if point.name.casefold() not in names else f"{point.name}, {old.name}"
            begins = max(plan.day, point.open_from) if point.open_from else plan.day
            made = ReceptionPoint.objects.create(
                office=office,
                name=name[:120],
                address=point.address,
                phone=point.phone,
                open_from=begins,
                open_until=point.open_until,
            )
            names.add(made.name.casefold())
            kept.points_made.append(made.pk)
            if point.open_from is None or point.open_from <= plan.last_day:
                until = point.open_until.isoformat() if point.open_until else None
                kept.points_closed.append({"point": point.pk, "until": until})
                point.open_until = plan.last_day
                point.save()


def _give_staff(
    new: Successor, office: Office, mapped: dict[int, int], day: date, kept: Kept
) -> None:
    """Open accounts work for the successor, with their roles; nobody is logged out."""
    for person in Staff.objects.filter(office__in=new.predecessors, is_active=True).order_by("pk"):
        since = person.office_since.isoformat() if person.office_since else None
        before = {"office": person.office_id, "division": person.division_id, "since": since}
        person.office = office
        person.division_id = mapped.get(person.division_id) if person.division_id else None
        person.office_since = day
        person.save()
        after = {
            "to_office": office.pk,
            "to_division": person.division_id,
            "to_since": day.isoformat(),
        }
        kept.staff.append({"staff": person.pk, **before, **after})


def _bearers_of_identity(plan: Plan) -> dict[str, list[int]]:
    """Identity code in receipt codes -> the ending offices that bear it."""
    found: dict[str, list[int]] = {}
    for old in plan.ending:
        found.setdefault(identity_code(old), []).append(old.pk)
    return found


def _give_counters(office: Office, bearing: dict[str, list[int]], day: date) -> None:
    """Codes of the day and later go on where a predecessor of the same identity stopped: its
    receipts of those days keep theirs. The book goes on after the numbers that come along."""
    olds = bearing.get(identity_code(office), [])
    first = f"{day:%y%m%d}"
    last: dict[str, int] = {}
    for counter in SerialCounter.objects.filter(office__in=olds):
        series = counter.series.removeprefix("N")
        if series.isdecimal() and series >= first:
            last[counter.series] = max(last.get(counter.series, 0), counter.last)
    predecessors = Office.objects.filter(successor=office).values_list("pk", flat=True)
    late = Dossier.objects.filter(
        receiver__in=list(predecessors), received_on__gte=day, book_number__isnull=False
    )
    for series, number in late.values_list("received_on__year", "book_number"):
        last[f"book-{series}"] = max(last.get(f"book-{series}", 0), number or 0)
    _raise_counters(office, last.items())


def _raise_counters(office: Office, last: Iterable[tuple[str, int]]) -> None:
    for series, value in last:
        counter, was_new = SerialCounter.objects.get_or_create(
            office=office, series=series, defaults={"last": value}
        )
        if not was_new and counter.last < value:
            counter.last = value
            counter.save()
