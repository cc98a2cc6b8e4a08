"""How often a password may be wrong, and the log of who came in.

Three limits in a quarter of an hour: by account and address (somebody guessing at one desk), by
account alone (guessing from many places) and by address alone (one password tried on many
accounts). A try is counted before the password is looked at, so tries at the same moment do not
slip through, and given back when it was right. An account that does not exist is counted and
refused in the same words.

Strangers can fill all three, from far away or at the address that an office shares with its
visitors. So a browser that the account came in from lately (`known_browsers`) has five tries of
its own in place of those of the account; the address binds it too, but only after many more tries
than strangers are allowed, since they stop at theirs.
"""

from datetime import timedelta

from django.http import HttpRequest

from motcua import clock
from motcua.access import staff_of
from motcua.accounts import known_browsers
from motcua.models import Misses, Staff
from motcua.models.accounts import LoginEvent
from motcua.web.throttle import MissLimit, address_of, count_try, longest_wait

Kind = LoginEvent.Kind

SECONDS = 15 * 60
HERE = MissLimit("log-in by account and address", allowed=5, seconds=SECONDS)
ACCOUNT = MissLimit("log-in by account", allowed=20, seconds=SECONDS)
ADDRESS = MissLimit("log-in by address", allowed=50, seconds=SECONDS)
BROWSER = MissLimit("log-in by account and known browser", allowed=5, seconds=SECONDS)
# The same count as ADDRESS, to which nobody but known browsers adds beyond 50.
ADDRESS_OF_KNOWN = MissLimit(ADDRESS.name, allowed=200, seconds=SECONDS)


def attempt(request: HttpRequest, username: str) -> int:
    """Count a try: 0 when it may be looked at, otherwise the seconds to wait."""
    return count_try(*_subjects(request, username))


def failed(request: HttpRequest, username: str, kind: Kind, staff: Staff | None) -> int:
    """Write the failure down; the seconds to wait from now on, 0 when there are tries left."""
    record(request, kind, staff)
    tried = {limit.key_of(one): limit for limit, one in _subjects(request, username)}
    wait = longest_wait(tried)
    if wait:
        record(request, Kind.LOCKED, staff)
    return wait


def passed(request: HttpRequest, staff: Staff) -> None:
    """The try was right, so it does not count."""
    for limit, subject in _subjects(request, staff.username):
        limit.take_back(subject)


def came_in(request: HttpRequest, staff: Staff, note: str = "") -> LoginEvent:
    """The person is in: what was wrong with this account before is forgotten, as far as it was
    counted with what was typed here. The line of the log."""
    for limit, subject in _subjects(request, staff.username):
        if limit.name != ADDRESS.name:
            limit.forget(subject)
    return record(request, Kind.IN, staff, note=note)


def waits(staff: Staff) -> int:
    """For how many seconds more the account cannot come in from somewhere it was tried from."""
    return longest_wait(_counted(staff))


def unlock(staff: Staff, request: HttpRequest | None = None, note: str = "") -> None:
    """The account may try again at once: an administrator lets it, or who runs the server."""
    Misses.objects.filter(pk__in=_counted(staff)).delete()
    by = staff_of(request) if request is not None else None
    record(request, Kind.UNLOCKED, staff, by=by, note=note)


def record(
    request: HttpRequest | None,
    kind: Kind,
    staff: Staff | None,
    *,
    by: Staff | None = None,
    note: str = "",
) -> LoginEvent:
    """A line of the log: now, from the address of this request, or from the server itself."""
    return LoginEvent.objects.create(
        at=clock.now(),
        kind=kind,
        staff=staff,
        office_id=staff.office_id if staff is not None else None,
        address=address_of(request) if request is not None else "",
        by=by,
        note=note,
    )


def _counted(staff: Staff) -> dict[str, MissLimit]:
    """The rows that may hold a wrong try on this account, each with its limit."""
    name, now = _name(staff.username), clock.now()
    events = staff.login_events.order_by()
    tried = events.filter(at__gte=now - timedelta(seconds=SECONDS))
    came = events.filter(kind=Kind.IN, at__gte=now - timedelta(seconds=known_browsers.LASTS))
    here = {f"{name}\n{address}" for address in tried.values_list("address", flat=True)}
    browsers = {f"{name}\n{line}" for line in came.values_list("pk", flat=True)}
    subjects = ((ACCOUNT, {name}), (HERE, here), (BROWSER, browsers))
    return {limit.key_of(one): limit for limit, those in subjects for one in those}


def _subjects(request: HttpRequest, username: str) -> list[tuple[MissLimit, str]]:
    name, address = _name(username), address_of(request)
    line = known_browsers.entry(request, username)
    if line is not None:
        return [(BROWSER, f"{name}\n{line}"), (ADDRESS_OF_KNOWN, address)]
    return [(HERE, f"{name}\n{address}"), (ACCOUNT, name), (ADDRESS, address)]


def _name(username: str) -> str:
    """How the account was typed does not make it another one."""
    return username.strip().casefold()[:150]
