"""Logs and reports of faults without what people typed.

A traceback needs places, not values: a database quotes the row that it refuses, a ValueError the
text that it could not read, and those are names, phones and identity numbers. While developing
(DEBUG) everything is shown, since that runs on this machine with invented data.
"""

import logging
import traceback
from typing import Any

from django.conf import settings
from django.utils.html import escape
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


class Line(logging.Formatter):
    """A line of the log; below it, for a fault, where it happened."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is logging's)
        return super().formatException(ei) if settings.DEBUG else places(ei[1])


class Report(ExceptionReporter):
    """Django's report of a fault, as it is mailed to administrators: the method and places,
    without form contents, query, cookies, local variables and the words of the exception."""

    def get_traceback_text(self) -> str:
        if settings.DEBUG:
            return super().get_traceback_text()
        asked = f"{self.request.method} {self.request.path}\n\n" if self.request else ""
        return asked + places(self.exc_value)

    def get_traceback_html(self) -> str:
        if settings.DEBUG:
            return super().get_traceback_html()
        return f"<pre>{escape(self.get_traceback_text())}</pre>"
