"""Several dossiers read or printed at once: each keeps who has seen it, taken it out in a list, or
printed it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count

from dossiers.lifecycle.perform import ONE_LOOK
from dossiers.models import Dossier, Event
from motcua import clock
from motcua.models import Staff
from motcua.web.sent_twice import own_token

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


def copy_of(
    keys: Iterable[int], *, by: Staff, paper: str, token: UUID | None, of: str = ""
) -> tuple[int, bool]:
    """Which copy of a paper of several dossiers the next printing is, one more than any of them
    has; and whether this press of the button was recorded already, as that copy. `of` tells apart
    papers of one name: two lists of one day."""
    wanted = set(keys)
    prints = Event.objects.filter(kind=Event.Kind.PRINT, dossier__in=wanted, details__paper=paper)
    if token is not None:
        known = prints.filter(token__in=[_token(token, key, by) for key in wanted]).first()
        if known is not None:
            return int(known.details["copy"]), True
    if of:
        prints = prints.filter(details__of=of)
    counts = prints.order_by().values("dossier").annotate(n=Count("pk")).values_list("n", flat=True)
    return 1 + max(counts, default=0), False


def record_prints(
    keys: Iterable[int], *, by: Staff, paper: str, token: UUID | None, of: str = ""
) -> int:
    """A paper of several dossiers was printed: an event of each, all of the same copy, which is
    returned. The same token again is the same press. A constant number of statements."""
    wanted = sorted(set(keys))
    with transaction.atomic():
        # Two presses at once take two numbers.
        list(Dossier.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values("pk"))
        copy, is_known = copy_of(wanted, by=by, paper=paper, token=token, of=of)
        if not is_known:
            moment = clock.now()
            details = {"paper": paper, "copy": copy} | ({"of": of} if of else {})
            Event.objects.bulk_create(
                Event(
                    dossier_id=key,
                    kind=Event.Kind.PRINT,
                    actor=by,
                    office_id=by.office_id,
                    happened_at=moment,
                    recorded_at=moment,
                    details=details,
                    token=_token(token, key, by) if token else None,
                )
                for key in wanted
            )
    return copy


def _token(token: UUID, key: int, by: Staff) -> UUID | None:
    return own_token(uuid5(token, str(key)), by)


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
