"""The public catalogue."""

from django.http import HttpRequest, HttpResponse


def procedure_list(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)


def procedure_detail(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
