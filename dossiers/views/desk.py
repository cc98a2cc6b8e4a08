"""What a clerk sees after logging in: the queues."""

from django.http import HttpRequest, HttpResponse


def desk(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse(status=501)
