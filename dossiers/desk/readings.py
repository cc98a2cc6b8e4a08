"""Several dossiers read at once: each keeps who has seen it, or taken it out in a list."""

from collections.abc import Iterable
from datetime import datetime

from dossiers.lifecycle.perform import ONE_LOOK
from dossiers.models import Event
from motcua import clock
from motcua.models import Staff

# Rows of one INSERT; all of them are one act, in one transaction.
BATCH = 1000


def record_looks(keys: Iterable[int], *, by: Staff) -> None:
    """This person has these dossiers, told by primary keys, on one page; as `record_read` keeps it
    of one. Two statements."""
    moment = clock.now()
    lately = (moment - ONE_LOOK, moment + clock.TOLERANCE)
    looks = Event.objects.filter(kind=Event.Kind.READ, actor=by, recorded_at__range=lately)
    wanted = set(keys)
    known = set(looks.filter(dossier__in=wanted).values_list("dossier_id", flat=True))
    Event.objects.bulk_create(_read(key, by, moment, {}) for key in sorted(wanted - known))


def record_taken_out(keys: Iterable[int], *, by: Staff, file: str) -> int:
    """Every dossier of the list, told by primary keys, was read by this person in this file;
    returns how many.

    Always recorded, as a printing is: what is taken out is not one look in ten minutes.
    """
    moment = clock.now()
    events = [_read(key, by, moment, {"file": file}) for key in keys]
    return len(Event.objects.bulk_create(events, batch_size=BATCH))


def _read(key: int, by: Staff, moment: datetime, details: dict[str, str]) -> Event:
    return Event(
        dossier_id=key,
        kind=Event.Kind.READ,
        actor=by,
        office_id=by.office_id,
        happened_at=moment,
        recorded_at=moment,
        details=details,
    )
