"""Browsers that an account came in from lately: nobody elsewhere can lock it there.

Whoever came in carries a signed cookie that names the account's log-in (a number of the log, no
name), for that account alone and for 30 days from that log-in. It is no key: the password is asked
all the same, and wrong ones are counted by the log-in that the cookie names, so that a copy of it
has no tries of its own. A new password makes it worth nothing, as it does a session, but in the
browser where who had the one before has set it: against strangers who try, that is the first help.
"""

from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from motcua import clock
from motcua.models import Staff
from motcua.models.accounts import LoginEvent

Answer = TypeVar("Answer", bound=HttpResponse)
Marks = dict[str, tuple[int, int, str]]  # by account: line of the log, second, stamp

COOKIE = "motcua_known"
LASTS = 30 * 24 * 60 * 60  # seconds
MOST = 10  # accounts at one counter; a cookie has to fit into a request
_SALT = "motcua.known_browsers"


def entry(request: HttpRequest, username: str) -> int | None:
    """The log-in (line of the log) by which this browser is known to the account; None for a
    browser, or an account, that it is not."""
    marks = _marks(request)
    staff = Staff.objects.filter(username=username.strip()).first() if marks else None
    mark = marks.get(str(staff.pk)) if staff is not None else None
    if staff is None or mark is None:
        return None
    line, at, stamp = mark
    is_fresh = _now() - at < LASTS
    return line if is_fresh and constant_time_compare(stamp, _stamp(staff)) else None


def remember(request: HttpRequest, response: Answer, staff: Staff, came: LoginEvent) -> Answer:
    """The answer to who just came in; the browser carries the mark from now on."""
    marks = _marks(request)
    marks.pop(str(staff.pk), None)
    others = list(marks.items())[1 - MOST :]
    mark = (came.pk, int(came.at.timestamp()), _stamp(staff))
    response.set_cookie(
        COOKIE,
        signing.dumps(dict([*others, (str(staff.pk), mark)]), salt=_SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def keep(request: HttpRequest, response: Answer, staff: Staff, line: int | None) -> Answer:
    """The answer to who has set a new password here, with the one before: the browser stays known
    by the log-in (`entry`, asked before the change) that it was known by, and no day longer."""
    came = staff.login_events.filter(pk=line).first() if line is not None else None
    return response if came is None else remember(request, response, staff, came)


def _marks(request: HttpRequest) -> Marks:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT))
    except signing.BadSignature:
        return {}


def _stamp(staff: Staff) -> str:
    """What a new password changes; not the words that a session carries itself."""
    return salted_hmac(_SALT, staff.get_session_auth_hash()).hexdigest()[:32]


def _now() -> int:
    return int(clock.now().timestamp())
