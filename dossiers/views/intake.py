"""Receiving a dossier at the counter."""

from django.http import HttpRequest, HttpResponse


def intake(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def intake_procedures(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def intake_due(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def intake_applicant(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def intake_done(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
