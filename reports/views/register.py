"""The register book: on screen, as PDF, as XLSX."""

from django.http import HttpRequest, HttpResponse


def register_book(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def register_xlsx(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def register_pdf(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def register_export(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
