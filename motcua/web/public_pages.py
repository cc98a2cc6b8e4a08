"""Pages that need no account, and what search engines may keep."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

ROBOTS = "X-Robots-Tag"
NOT_KEPT = "noindex, nofollow"

# Whoever may not enter /tra-cuu/ never reads there that nothing of it may be kept.
ROBOTS_TXT = """\
User-agent: *
Allow: /$
Allow: /thu-tuc/
Allow: /don-vi/
Allow: /ket-qua/
Allow: /tra-cuu/
Allow: /static/
Disallow: /
"""


def render_public(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page as everybody sees it: the session is not asked who is looking, which spares two
    statements and lets a proxy keep the page. Search engines may keep it too."""
    response = render(request, template, {"user": None, **context}, status=status)
    response.headers[ROBOTS] = "all"
    return response


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """The page of a dossier: no search engine, no cache and no other site's log learns of it."""
    response.headers[ROBOTS] = NOT_KEPT
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def not_for_search_engines(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what does not say that search engines may keep it is not for them."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(ROBOTS, NOT_KEPT)
        return response

    return respond


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS_TXT, content_type="text/plain; charset=utf-8")
