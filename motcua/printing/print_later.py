"""The answer when too many are printing: a page that says so, and asks again by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import loader

from motcua.printing.pdf import PrintingBusy
from motcua.web.told_later import told_later

SECONDS = 5


class SaidLater:
    """Middleware: a paper that was not begun is a 503 with Retry-After. A page that was only
    opened (GET) also asks again after as long; what was sent by a form is not sent again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, PrintingBusy):
            return None
        opened = request.method == "GET"
        context = {"seconds": SECONDS, "address": request.get_full_path() if opened else ""}
        response = HttpResponse(loader.get_template("later.html").render(context), status=503)
        response.headers["Retry-After"] = str(SECONDS)
        response.headers["Cache-Control"] = "no-store"
        if opened:
            response.headers["Refresh"] = str(SECONDS)
        return told_later(request, response)
