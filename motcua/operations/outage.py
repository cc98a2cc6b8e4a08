"""The page for the moment when the database is away or the disk is full.

It asks the database nothing, says what is known, and keeps what was typed: a posted form comes
back with every field in it and may be sent again, since each form carries a token that lets its
act happen once.
"""

import errno
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from motcua.accounts import resend

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
SECONDS = 30


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of faults: 503 with the draft when the machine failed, otherwise 500."""
    if not is_outage(sys.exc_info()[1]):
        return HttpResponse(_page("500.html"), status=500)
    draft = _draft(request)
    context = {
        "csrf_token": get_token(request),
        "posted": request.method == "POST",
        "draft": draft,
        "address": request.get_full_path(),
        "lost_files": bool(draft) and bool(request.FILES),
    }
    response = HttpResponse(_page("503.html", **context), status=503)
    response.headers["Retry-After"] = str(SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException | None) -> bool:
    """Whether the machine is at fault (database away, disk full), not the program."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def _page(template: str, **context: Any) -> str:
    """Without the request: what every page is told of site and person stands in the database."""
    return loader.get_template(template).render(context)


def _draft(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted fields, in order, if the form may be sent again."""
    try:
        posted = request.POST
    except OSError:  # the form itself could not be received
        return []
    if resend.TOKEN not in posted or resend.has_secret(posted):
        return []
    return resend.fields_of(posted)
