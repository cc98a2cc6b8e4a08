"""Reports by period."""

from django.http import HttpRequest, HttpResponse


def report(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def report_export(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def figure_dossiers(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
