"""Logs that a machine can read: one JSON object a line, a request known by its id.

A request is written with the pattern of its address (`ho-so/<code:code>/`), never the address
itself: receipt codes and what was asked for are personal data. Switched on by MOTCUA_LOG_JSON.
"""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from motcua import clock
from motcua.operations.privacy import LogLine, words

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")
_FIELDS = ("method", "route", "status", "ms")
_request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("motcua.requests")


class JsonLine(LogLine):
    """A record as one line of JSON, with the request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": words(record),
        }
        if request_id := _request_id.get():
            line["request_id"] = request_id
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Requests:
    """Middleware: an id for each request, given back to the proxy, and a line when it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _id_of(request)
        # Not taken back: what Django says of the answer afterwards belongs to it too.
        _request_id.set(request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        # A page brings a dozen files with it, whose names say nothing.
        if settings.MOTCUA_LOG_JSON and not request.path.startswith(settings.STATIC_URL):
            log.info("request", extra=_line(request, response, time.perf_counter() - began))
        return response


def _id_of(request: HttpRequest) -> str:
    """The id that one's own proxy gave; a visitor's own word is not taken."""
    given = request.headers.get(HEADER, "") if settings.MOTCUA_PROXIES else ""
    return given if _GIVEN.fullmatch(given) else uuid4().hex


def _line(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, object]:
    match = request.resolver_match
    return {
        "method": request.method,
        "route": match.route if match else None,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }


class NotTooOften(logging.Filter):
    """One mail for each place of the program in a quarter of an hour and process: a broken
    database must not fill a mailbox, nor keep every request waiting for the mail server."""

    def __init__(self, seconds: int = 900) -> None:
        super().__init__()
        self.seconds = seconds
        self._last: dict[tuple[object, ...], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0] if record.exc_info else None
        where = (record.name, record.pathname, record.lineno, error)
        now = time.monotonic()
        if now - self._last.get(where, -self.seconds) < self.seconds:
            return False
        self._last[where] = now
        return True
