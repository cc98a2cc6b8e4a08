"""How is an answer "later" (503) told apart from a fault?"""

from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response


def told_later(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer of 503 that is meant, not a fault: a line of the log, and no mail to the
    administrators, whom strangers could otherwise have written to."""
    told = ("%s: %s", response.reason_phrase, request.path)
    log_response(*told, response=response, request=request, level="warning")
    return response
