"""A merger that was entered wrongly is undone while nothing followed: everything is as it was, what
was done stays readable, marked undone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from dossiers.lifecycle.acts import StoredFacts, write
from dossiers.lifecycle.changes import Change
from dossiers.lifecycle.corrections import as_before
from dossiers.models import Dossier, Event, Merger
from motcua import clock
from motcua.models import Division, FormerDetails, Office, ReceptionPoint, Staff

asked = Signal()
"""Sent with `merger` and `offices` (keys of those that it ended, made or enlarged) before a merger
is undone; a receiver answers with a sentence that says what has followed, or with an empty one."""
BATCH = 500
_SHOWN = 5


class UndoRefused(Exception):
    """Something followed; the text says what, in Vietnamese sentences."""


def hindrances(merger: Merger) -> list[str]:
    """What followed the merger, so that it cannot be undone any more; empty when it can."""
    if merger.undone_at is not None:
        return [f"Lần sắp xếp này đã hoàn tác lúc {clock.local(merger.undone_at):%H:%M %d/%m/%Y}."]
    kept = merger.kept
    offices = {*kept["made"], *kept["ended"], *kept["joined"]}
    found = [*_later_mergers(merger, offices), *_acts(merger), *_staff(merger)]
    answers = asked.send(None, merger=merger, offices=offices)
    return found + [sentence for _, sentence in answers if sentence]


def _later_mergers(merger: Merger, offices: set[int]) -> Iterator[str]:
    for later in Merger.objects.filter(undone_at__isnull=True, pk__gt=merger.pk):
        if offices & {*later.kept["made"], *later.kept["ended"], *later.kept["joined"]}:
            yield f"Sau đó đã có lần {str(later)[:1].lower()}{str(later)[1:]}. Hãy hoàn tác lần đó."


def _acts(merger: Merger) -> Iterator[str]:
    """Receipts and acts at the new offices, and whatever was done to a dossier that went over."""
    kept = merger.kept
    moved = Event.objects.filter(kind=Event.Kind.MERGE, details__merger=merger.pk)
    after = Q(pk__gt=min(kept["events"])) if kept["events"] else Q(recorded_at__gt=merger.made_at)
    acts = (
        Event.objects.filter(after)
        .filter(Q(office__in=kept["made"]) | Q(dossier__in=moved.values("dossier")))
        .exclude(kind__in=Event.ACCESS)
        .exclude(pk__in=moved.values("pk"))
    )
    codes = list(acts.order_by("dossier").values_list("dossier__code", flat=True).distinct())
    if codes:
        more = f" và {len(codes) - _SHOWN} hồ sơ khác" if len(codes) > _SHOWN else ""
        yield f"Sau đó đã có việc ở hồ sơ {', '.join(codes[:_SHOWN])}{more}."
    of_new = Q(office__in=kept["made"]) | Q(receiver__in=kept["made"])
    new = Dossier.objects.filter(of_new).exclude(pk__in=moved.values("dossier"))
    if not codes and (count := new.count()):
        yield f"Sau đó các đơn vị mới đã nhận {count} hồ sơ."


def _staff(merger: Merger) -> Iterator[str]:
    known = {entry["staff"]: entry for entry in merger.kept["staff"]}
    people = Staff.objects.in_bulk(known)
    changed = [
        people[key].display_name
        for key, entry in known.items()
        if key in people and not _as_left(people[key], entry)
    ]
    new = Staff.objects.filter(office__in=merger.kept["made"]).exclude(pk__in=known)
    changed += [person.display_name for person in new]
    if changed:
        names = ", ".join(changed[:_SHOWN])
        more = f" và {len(changed) - _SHOWN} người khác" if len(changed) > _SHOWN else ""
        yield f"Sau đó đã thay đổi cán bộ của đơn vị mới: {names}{more}."


def _as_left(person: Staff, entry: dict[str, Any]) -> bool:
    given = (entry["to_office"], entry["to_division"], entry["to_since"])
    since = person.office_since.isoformat() if person.office_since else None
    return (person.office_id, person.division_id, since) == given


@transaction.atomic
def undo(merger: Merger, *, by: Staff | None) -> Merger:
    """Put everything back. Raises UndoRefused when something followed."""
    list(Office.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    merger = Merger.objects.select_for_update(of=("self",)).get(pk=merger.pk)
    if found := hindrances(merger):
        raise UndoRefused(" ".join(found))
    kept = merger.kept
    _put_dossiers_back(merger, by)
    _put_staff_back(kept)
    _put_places_back(kept)
    _put_offices_back(kept)
    merger.undone_by, merger.undone_at = by, clock.now()
    merger.save()
    return merger


def _put_dossiers_back(merger: Merger, by: Staff | None) -> None:
    keys = sorted(merger.kept["events"], reverse=True)
    for start in range(0, len(keys), BATCH):
        events = list(Event.objects.filter(pk__in=keys[start : start + BATCH]))
        locked = (
            Dossier.objects.select_for_update(of=("self",))
            .select_related("office", "version", "procedure")
            .in_bulk([event.dossier_id for event in events])
        )
        for event in events:
            facts = StoredFacts(locked[event.dossier_id], by=by, at=None)
            change = Change(
                as_before(event),
                kind=Event.Kind.REVERT,
                note=f"{merger} được hoàn tác vì nhập nhầm.",
                details={"reverts": event.pk, "merger": merger.pk},
                undoes=event,
                tells=False,
            )
            write(facts, change)


def _put_staff_back(kept: dict[str, Any]) -> None:
    people = Staff.objects.in_bulk([entry["staff"] for entry in kept["staff"]])
    for entry in kept["staff"]:
        person = people[entry["staff"]]
        person.office_id, person.division_id = entry["office"], entry["division"]
        person.office_since = date.fromisoformat(entry["since"]) if entry["since"] else None
        person.save()


def _put_places_back(kept: dict[str, Any]) -> None:
    for division in Division.objects.filter(pk__in=kept["divisions_made"]):
        division.is_active = False
        division.save()
    for division in Division.objects.filter(pk__in=kept["divisions_closed"]):
        division.is_active = True
        division.save()
    for made in ReceptionPoint.objects.filter(pk__in=kept["points_made"]):
        made.delete()
    for entry in kept["points_closed"]:
        point = ReceptionPoint.objects.get(pk=entry["point"])
        point.open_until = date.fromisoformat(entry["until"]) if entry["until"] else None
        point.save()


def _put_offices_back(kept: dict[str, Any]) -> None:
    """The new ones stay as rows that nobody sees: the events name them."""
    for office in Office.objects.filter(pk__in=kept["made"]):
        office.exists_until, office.is_hidden = office.exists_from, True
        office.save()
    for office in Office.objects.filter(pk__in=kept["ended"]):
        office.exists_until, office.successor = None, None
        office.save()
    for entry in kept["parents"]:
        office = Office.objects.get(pk=entry["office"])
        office.parent_id = entry["parent"]
        if office.pk in kept["takes"]:
            office.takes_district_procedures = False
        office.save()
        FormerDetails.objects.filter(pk=entry["details"]).delete()
