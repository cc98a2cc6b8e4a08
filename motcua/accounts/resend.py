"""What was typed into a page whose session had ended: not lost.

A form that comes in without a session is answered with the log-in page, which carries what was
typed along; after the log-in it is shown again, to be sent with one press. Until somebody has
logged in the server keeps nothing of it. A form that was opened before another log-in in the same
browser is answered with a page that carries it and names who is logged in now, if anybody is.
Files have to be chosen anew.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.template import loader
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token

from motcua.accounts.forms import LoginForm

NAME = "kept"
# What a form has that may be sent again and again, and is done once.
TOKEN = "token"  # noqa: S105  (a field's name)
LONGEST = 100_000  # characters
# One line of many fields: the square code of an identity card, or of a health insurance card.
OF_A_CARD = re.compile(r"\s*(?:[^|\n]*\|){5,}[^|\n]*\s*")
# A password is written neither into a page nor into a session.
SECRET = "password"  # noqa: S105  (part of a field's name)
# What Django says of a form whose own token fits no longer; of another origin it says otherwise.
TOKEN_OF_BEFORE = "CSRF token from POST incorrect"  # noqa: S105  (a sentence)


def has_come_too_late(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is a form that was refused because the session it was made in has ended, by
    time or by a log-out in another tab."""
    login = reverse("login")
    return (
        request.method == "POST"
        and response.status_code == 302
        and response["Location"].startswith(f"{login}?")
        # A browser that has been here; who has not comes from a program.
        and not {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}.isdisjoint(
            request.COOKIES
        )
    )


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page, with what was typed inside."""
    typed = json.dumps(_form(request), ensure_ascii=False)
    is_kept = len(typed) <= LONGEST and not has_secret(request.POST)
    context = {
        "form": LoginForm(request),
        NAME: typed if is_kept else "",
        # An address that only takes forms would be no page to come to.
        "next": request.path if is_kept else resolve_url(settings.LOGIN_REDIRECT_URL),
        "has_ended": True,
        "idle_hours": settings.MOTCUA_IDLE_HOURS,
    }
    response = render(request, "registration/login.html", context, status=401)
    response.headers["Cache-Control"] = "no-store"
    return response


def ask_whose_it_is(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's handler of forms whose token is not that of the browser. A log-in changes the
    token, also when whoever came in has gone out again; so the page has what was typed inside,
    and names the account that is logged in, if one is. Anything else, forms of other sites among
    them, gets a page without it."""
    context: dict[str, Any] = {}
    if reason.startswith(TOKEN_OF_BEFORE):
        who = request.user if request.user.is_authenticated else None
        context = {"csrf_token": get_token(request), "who": who, **_carried(request)}
    # Without the request, as the other pages of errors.
    response = HttpResponse(loader.get_template("403_csrf.html").render(context), status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of what the account has no right to. It may be another account than the
    one that typed: another log-in in the same browser, and "send again" pressed."""
    return _refused(request, "403.html", 403, str(exception))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of what does not exist, for the account that is logged in at least."""
    return _refused(request, "404.html", 404)


def _refused(request: HttpRequest, page: str, status: int, reason: str = "") -> HttpResponse:
    """The page; what a person had typed into a form of an act is in it, to be sent again."""
    context: dict[str, Any] = {"exception": reason}
    if _is_act(request):
        context |= {"csrf_token": get_token(request), **_carried(request)}
    return HttpResponse(loader.get_template(page).render(context), status=status)


def _is_act(request: HttpRequest) -> bool:
    """Whether this is a form of an act, of somebody who is logged in."""
    try:
        has_token = request.method == "POST" and TOKEN in request.POST
    except (OSError, MultiPartParserError, BadRequest):  # the form itself could not be received
        return False
    # Refused before anybody asked who it is, it has no user.
    return has_token and hasattr(request, "user") and request.user.is_authenticated


def _carried(request: HttpRequest) -> dict[str, Any]:
    """The form to be sent again. Of the way in, where passwords and codes are typed, only what a
    log-in page had carried itself."""
    typed = None
    if request.path.startswith(reverse("login")):
        typed = read(request.POST.get(NAME, ""))
    elif not has_secret(request.POST):
        typed = _form(request)
    return {NAME: typed, "lost_files": bool(request.FILES)}


def _form(request: HttpRequest) -> dict[str, Any]:
    return {"path": request.get_full_path(), "fields": fields_of(request.POST)}


def fields_of(posted: QueryDict) -> list[tuple[str, str]]:
    """What was typed, in order, without the token of the browser and without what a scanner read
    off somebody's card, which is scanned again."""
    return [
        (name, value)
        for name, values in posted.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not OF_A_CARD.fullmatch(value)
    ]


def has_secret(posted: Iterable[str]) -> bool:
    """Whether a password is among the fields of a form, told by their names."""
    return any(SECRET in name for name in posted)


def is_sent_again(request: HttpRequest) -> bool:
    """Whether this form is the one that was kept: from now on it is kept no longer."""
    typed: dict[str, Any] | None = request.session.get(NAME)
    if not typed:
        return False
    return request.method == "POST" and bool(typed["path"] == request.get_full_path())


def read(typed: str) -> dict[str, Any] | None:
    """What a log-in page carried, if it is sound and means a page of this site."""
    try:
        kept = json.loads(typed) if len(typed) <= LONGEST else {}
        path, fields = kept["path"], [(name, value) for name, value in kept["fields"]]
        "".join([path, *(text for field in fields for text in field)]).encode()
    except (ValueError, TypeError, KeyError, RecursionError):  # also half a surrogate, and [[[[[...
        return None
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return None
    return {"path": path, "fields": fields}
