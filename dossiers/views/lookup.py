"""The citizen's look-up."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def lookup(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
