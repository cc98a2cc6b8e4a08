"""Lists with people's names that are taken out: each dossier in one keeps who took it."""

from collections.abc import Iterable

from dossiers.models import Event
from motcua import clock
from motcua.models import Staff

# Rows of one INSERT; all of them are one act, in one transaction.
BATCH = 1000


def record_taken_out(keys: Iterable[int], *, by: Staff, file: str) -> int:
    """Every dossier of the list, told by primary keys, was read by this person in this file;
    returns how many.

    Always recorded, as a printing is: what is taken out is not one look in ten minutes.
    """
    moment = clock.now()
    events = [
        Event(
            dossier_id=key,
            kind=Event.Kind.READ,
            actor=by,
            office_id=by.office_id,
            happened_at=moment,
            recorded_at=moment,
            details={"file": file},
        )
        for key in keys
    ]
    return len(Event.objects.bulk_create(events, batch_size=BATCH))
