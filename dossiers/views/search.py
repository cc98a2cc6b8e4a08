"""Searching and listing dossiers."""

from django.http import HttpRequest, HttpResponse


def dossier_list(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
