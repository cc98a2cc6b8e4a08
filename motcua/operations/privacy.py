"""Logs and reports of faults without what people typed.

A traceback needs places, not values: a database quotes the row that it refuses, a ValueError the
text that it could not read, and those are names, phones and identity numbers. While developing
(DEBUG) everything is shown, since that runs on this machine with invented data.
"""

import logging
import traceback
from copy import copy
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.log import AdminEmailHandler
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter


def places(error: BaseException | None) -> str:
    """Where it happened and of which kind it was, with what led to it first; no messages."""
    told: list[str] = []
    while error is not None:
        lines = "".join(traceback.format_tb(error.__traceback__))
        kind = type(error)
        told.insert(0, f"{lines}{kind.__module__}.{kind.__qualname__} (nội dung không ghi lại)")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nSau đó:\n".join(told)


def words(record: logging.LogRecord) -> str:
    """The sentence of a record. Django's own about a request end with its address, and that may
    be a receipt code: it is left out."""
    if record.name.startswith("django.") and hasattr(record, "request") and record.args:
        return str(record.msg) % (*tuple(record.args)[:-1], "…")
    return record.getMessage()


class LogLine(logging.Formatter):
    """A line of the log; below it, for a fault, where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        told = copy(record)
        if not settings.DEBUG:
            told.msg, told.args = words(record), ()
        return super().format(told)

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is logging's)
        return super().formatException(ei) if settings.DEBUG else places(ei[1])


def asked_for(request: HttpRequest | None) -> str:
    if request is None:
        return ""
    match = request.resolver_match
    return f"{request.method} {match.route if match else '…'}\n\n"


class FaultMail(AdminEmailHandler):
    """A letter to the administrators; what Django would put into its subject and its first line
    quotes the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setFormatter(LogLine("%(levelname)s %(name)s: %(message)s"))

    def format_subject(self, subject: str) -> str:
        return "chương trình gặp lỗi, xem nơi xảy ra trong thư"


class Report(ExceptionReporter):
    """Django's report of a fault, as it is mailed to administrators: the method, the pattern of
    the address and places, without the address itself (receipt codes are personal data), form
    contents, query, cookies, local variables and the words of the exception."""

    def get_traceback_text(self) -> SafeString:
        if settings.DEBUG:
            return super().get_traceback_text()
        # Plain text of a letter: nothing in it is read as markup.
        return mark_safe(asked_for(self.request) + places(self.exc_value))

    def get_traceback_html(self) -> SafeString:
        if settings.DEBUG:
            return super().get_traceback_html()
        return mark_safe(f"<pre>{escape(self.get_traceback_text())}</pre>")
