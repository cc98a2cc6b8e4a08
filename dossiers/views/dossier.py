"""One dossier: its facts, its timeline, and the acts on it."""

from django.http import HttpRequest, HttpResponse


def dossier_detail(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def dossier_act(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
