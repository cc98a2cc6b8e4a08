"""How often a password may be wrong, and the log of who came in.

Three limits in a quarter of an hour: by account and address (somebody guessing at one desk), by
account alone (guessing from many places) and by address alone (one password tried on many
accounts). The last two are generous: an office shares its address, and nobody far away should be
able to shut a clerk out. A try is counted before the password is looked at, so tries at the same
moment do not slip through, and given back when it was right. An account that does not exist is
counted and refused in the same words.
"""

from datetime import timedelta

from django.http import HttpRequest

from motcua import clock
from motcua.account_models import LoginEvent
from motcua.models import Staff
from motcua.throttle import MissLimit, address_of

Kind = LoginEvent.Kind

SECONDS = 15 * 60
HERE = MissLimit("log-in by account and address", allowed=5, seconds=SECONDS)
ACCOUNT = MissLimit("log-in by account", allowed=20, seconds=SECONDS)
ADDRESS = MissLimit("log-in by address", allowed=50, seconds=SECONDS)


def attempt(request: HttpRequest, username: str) -> int:
    """Count a try: 0 when it may be looked at, otherwise the seconds to wait."""
    waits = [limit.wait_for(subject) for limit, subject in _subjects(request, username)]
    if any(waits):
        return max(waits)
    return max(limit.count(subject) for limit, subject in _subjects(request, username))


def failed(request: HttpRequest, username: str, kind: Kind, staff: Staff | None) -> int:
    """Write the failure down; the seconds to wait from now on, 0 when there are tries left."""
    record(request, kind, staff)
    wait = max(limit.wait_for(subject) for limit, subject in _subjects(request, username))
    if wait:
        record(request, Kind.LOCKED, staff)
    return wait


def passed(request: HttpRequest, staff: Staff) -> None:
    """The try was right, so it does not count."""
    for limit, subject in _subjects(request, staff.username):
        limit.take_back(subject)


def came_in(request: HttpRequest, staff: Staff, note: str = "") -> None:
    """The person is in: what was wrong with this account before is forgotten."""
    for limit, subject in _subjects(request, staff.username):
        if limit is not ADDRESS:
            limit.forget(subject)
    record(request, Kind.IN, staff, note=note)


def waits(staff: Staff) -> int:
    """For how many seconds more the account cannot come in from somewhere it was tried from."""
    name = _name(staff.username)
    here = [HERE.wait_for(f"{name}\n{address}") for address in _tried_from(staff)]
    return max([ACCOUNT.wait_for(name), *here])


def unlock(request: HttpRequest, staff: Staff) -> None:
    """An administrator lets the account try again at once."""
    name = _name(staff.username)
    ACCOUNT.forget(name)
    for address in _tried_from(staff):
        HERE.forget(f"{name}\n{address}")
    record(request, Kind.UNLOCKED, staff, by=request.user)


def record(
    request: HttpRequest,
    kind: Kind,
    staff: Staff | None,
    *,
    by: Staff | None = None,
    note: str = "",
) -> None:
    """A line of the log: now, from the address of this request."""
    LoginEvent.objects.create(
        at=clock.now(),
        kind=kind,
        staff=staff,
        office_id=staff.office_id if staff is not None else None,
        address=address_of(request),
        by=by,
        note=note,
    )


def _tried_from(staff: Staff) -> set[str]:
    since = clock.now() - timedelta(seconds=SECONDS)
    lately = LoginEvent.objects.filter(staff=staff, at__gte=since).order_by()
    return set(lately.values_list("address", flat=True))


def _subjects(request: HttpRequest, username: str) -> list[tuple[MissLimit, str]]:
    name, address = _name(username), address_of(request)
    return [(HERE, f"{name}\n{address}"), (ACCOUNT, name), (ADDRESS, address)]


def _name(username: str) -> str:
    """How the account was typed does not make it another one."""
    return username.strip().casefold()[:150]
