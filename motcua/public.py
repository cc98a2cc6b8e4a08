"""Pages that need no account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_public(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page as everybody sees it: the session is not asked who is looking, which spares two
    statements and lets a proxy keep the page."""
    return render(request, template, {"user": None, **context}, status=status)
