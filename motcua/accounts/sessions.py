"""When a session ends: after hours without a press, and after a working day in any case.

The store lets a session live for MOTCUA_IDLE_HOURS from when it was last written. Writing it on
every request would cost each receipt a statement, so it is written at most every few minutes;
by so much a session may end earlier than the full hours.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from motcua import clock
from motcua.accounts import resend

TOUCHED_EVERY = 5 * 60  # seconds
LONGEST = 12 * 60 * 60  # seconds


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session["began"] = request.session["touched"] = _now()


class EndsWhenIdle:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lazily: Any = SimpleLazyObject(partial(_who, request))
        request.user = lazily
        response = self.get_response(request)
        if resend.has_come_too_late(request, response):
            return resend.ask_to_log_in(request)
        session = request.session
        # A page that did not ask for the session is not made to.
        if session.accessed and SESSION_KEY in session:
            now = _now()
            if abs(now - session.get("touched", 0)) > TOUCHED_EVERY:
                session["touched"] = now
            if resend.is_sent_again(request):
                del session[resend.NAME]
        return response


def _who(request: HttpRequest) -> Any:
    """Who is logged in; nobody once a working day has passed since. Asked only where a view
    asks."""
    now = _now()
    began = request.session.get("began", now) if SESSION_KEY in request.session else now
    if now - began > LONGEST:
        request.session.flush()
    elif began - now > clock.TOLERANCE.total_seconds():
        # Begun by a clock that ran ahead, it would hardly end: its hours are counted from now.
        request.session["began"] = request.session["touched"] = now
    return get_user(request)


def _now() -> int:
    return int(clock.now().timestamp())
