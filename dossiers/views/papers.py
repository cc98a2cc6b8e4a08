"""The papers of a dossier as PDF."""

from django.http import HttpRequest, HttpResponse


def slip(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def refusal(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def supplement_form(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
