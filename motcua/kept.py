"""What was typed into a page whose session had ended: not lost.

A form that comes in without a session is answered with the log-in page, which carries what was
typed along; after the log-in it is shown again, to be sent with one press. Until somebody has
logged in the server keeps nothing of it. Files have to be chosen anew.
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from motcua.account_forms import LoginForm

NAME = "kept"
LONGEST = 100_000  # characters


def has_come_too_late(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is a form that was refused because the session it was made in has ended."""
    login = reverse("login")
    return (
        request.method == "POST"
        and response.status_code == 302
        and response["Location"].startswith(f"{login}?")
        and settings.SESSION_COOKIE_NAME in request.COOKIES
    )


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page, with what was typed inside."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    typed = json.dumps({"path": request.get_full_path(), "fields": fields}, ensure_ascii=False)
    context = {
        "form": LoginForm(request),
        NAME: typed if len(typed) <= LONGEST else "",
        "next": request.path,
        "has_ended": True,
        "idle_hours": settings.MOTCUA_IDLE_HOURS,
    }
    response = render(request, "registration/login.html", context, status=401)
    response.headers["Cache-Control"] = "no-store"
    return response


def read(typed: str) -> dict[str, Any] | None:
    """What a log-in page carried, if it is sound and means a page of this house."""
    try:
        kept = json.loads(typed) if len(typed) <= LONGEST else {}
        path, fields = kept["path"], [(name, value) for name, value in kept["fields"]]
        "".join([path, *(text for field in fields for text in field)]).encode()
    except (ValueError, TypeError, KeyError, RecursionError):  # also half a surrogate, and [[[[[...
        return None
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return None
    return {"path": path, "fields": fields}
