"""The way in: the password, then what else is asked of this person, and only then the session.

Until the last step is done nobody is logged in; how far somebody has come is kept under a key of
its own in the session, for a quarter of an hour, and is worth nothing once the password changes.
"""

from typing import TypedDict

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from motcua import clock
from motcua.accounts import known_browsers, lockout, second_factor
from motcua.models import LoginEvent, Staff

STATE = "coming_in"
LASTS = 15 * 60  # seconds


class LoginState(TypedDict):
    """How far somebody has come, as the session keeps it."""

    staff: int
    stamp: str
    at: int
    target: str
    code_done: bool
    note: str


def next_step(staff: Staff, *, code_done: bool) -> str:
    """The name of the page that comes next for this person; empty when nothing is left."""
    factor = second_factor.factor_of(staff)
    if factor is not None and not code_done:
        return "login_code"
    if staff.must_change_password:
        return "login_password"
    if factor is None and second_factor.is_required(staff):
        return "login_factor"
    return ""


def go_on(
    request: HttpRequest, staff: Staff, target: str, *, code_done: bool = False, note: str = ""
) -> HttpResponseRedirect:
    """To the next step, or in and on to `target`."""
    step = next_step(staff, code_done=code_done)
    if not step:
        came = enter(request, staff, note)
        return known_browsers.remember(request, redirect(target), staff, came)
    request.session.cycle_key()
    state: LoginState = {
        "staff": staff.pk,
        "stamp": staff.get_session_auth_hash(),
        "at": _now(),
        "target": target,
        "code_done": code_done,
        "note": note,
    }
    request.session[STATE] = state
    return redirect(step)


def on_the_way(request: HttpRequest, step: str) -> tuple[Staff, LoginState] | None:
    """Who stands at this step, and what is known so far; None for anybody else."""
    state: LoginState | None = request.session.get(STATE)
    if not state or abs(_now() - state["at"]) > LASTS:
        return None
    staff = Staff.objects.filter(pk=state["staff"], is_active=True).first()
    if staff is None or not constant_time_compare(state["stamp"], staff.get_session_auth_hash()):
        return None
    if next_step(staff, code_done=state["code_done"]) != step:
        return None
    return staff, state


def enter(request: HttpRequest, staff: Staff, note: str = "") -> LoginEvent:
    """The person is logged in, and the log says so in the line that comes back."""
    request.session.pop(STATE, None)
    login(request, staff, backend=settings.AUTHENTICATION_BACKENDS[0])
    return lockout.came_in(request, staff, note)


def _now() -> int:
    return int(clock.now().timestamp())
