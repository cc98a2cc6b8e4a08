"""The leaders' dashboard."""

from django.http import HttpRequest, HttpResponse


def dashboard(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
