"""The PDF engine: the only module that imports WeasyPrint.

Measured reasons for the shape of it:
- Importing WeasyPrint costs 0.4 s, so nothing here imports it before the first print or
  `warm_up()`; no command of manage.py pays for it.
- A new FontConfiguration for each print leaks 0.2 MB and costs 14 ms, so a process has one
  for life; threads that shared it without a lock corrupted GLib's lists, so there is a lock.
- A style sheet is parsed once, with the fonts that the project ships: what is printed never
  depends on the fonts of the machine.
- Nothing is made at import, so a server may call `warm_up()` and then fork.
- One paper is drawn at a time, so whoever comes meanwhile holds a thread of the server: few may
  wait, the others are told to come back. What strangers ask for is drawn in a process of its own,
  so that no clerk's slip waits for it.
"""

import atexit
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.template.loader import render_to_string

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

STATIC = Path(__file__).resolve().parents[2] / "static"
STYLESHEETS = STATIC / "css"

# One that is drawn and two that wait: of the four threads of a process one stays for pages.
MOST_PRINTING = 3
# A public paper takes 2 s, and longer on a busy machine since it gives way to all else.
LONGEST_APART = 30  # seconds

# Marks of direction, joiners, zero-width spaces and soft hyphens: nobody sees them on a screen, and
# on paper they turn a name round or leave a box in it.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)

_lock = threading.Lock()
_places = threading.BoundedSemaphore(MOST_PRINTING)
_apart = threading.Lock()


class ForbiddenAddress(Exception):
    """A page to be printed asked for something that is not a file of the project's own."""


class PrintingBusy(Exception):
    """Too many papers wait: this one was not begun, and may be asked for again in seconds."""


@dataclass(frozen=True)
class Paper:
    """A finished PDF and how many pages it has."""

    pdf: bytes
    pages: int


def render_pdf(
    template: str, context: Mapping[str, Any], *, stylesheet: str = "paper.css"
) -> bytes:
    """The template as a tagged PDF (PDF/UA-1). The same page gives the same bytes.

    `stylesheet` is a file of static/css. Raises ForbiddenAddress when the page asks for
    anything outside static/.
    """
    return render_document(template, context, stylesheet=stylesheet).pdf


def render_document(
    template: str, context: Mapping[str, Any], *, stylesheet: str = "paper.css"
) -> Paper:
    """As `render_pdf`, with the number of pages."""
    return print_html(render_to_string(template, dict(context)), stylesheet=stylesheet)


def print_html(html: str, *, stylesheet: str = "paper.css") -> Paper:
    """A whole page of HTML, already escaped, as a tagged PDF; see `render_pdf`. Raises
    PrintingBusy, at once, when MOST_PRINTING papers of this process are drawn or wait."""
    if not _places.acquire(blocking=False):
        raise PrintingBusy
    try:
        with _lock:
            return _drawn(_INVISIBLE.sub("", html), stylesheet)
    finally:
        _places.release()


def print_apart(html: str, *, stylesheet: str) -> bytes:
    """As `print_html`, in a process of its own that gives way to all others. Raises
    PrintingBusy, at once, while this process has another such paper drawn, and when the machine
    is too busy to draw it in LONGEST_APART seconds, or ends the drawing for want of memory."""
    if not _apart.acquire(blocking=False):
        raise PrintingBusy
    try:
        command = [sys.executable, "-m", __name__, stylesheet]
        done = subprocess.run(  # noqa: S603  (the command is our own)
            command,
            input=html.encode(),
            stdout=subprocess.PIPE,
            cwd=STATIC.parent,
            timeout=LONGEST_APART,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise PrintingBusy from error
    except subprocess.CalledProcessError as error:
        if error.returncode < 0:  # killed, not at fault
            raise PrintingBusy from error
        raise
    finally:
        _apart.release()
    return done.stdout


def _drawn(html: str, stylesheet: str) -> Paper:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    try:
        document = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=_fetcher())
        laid_out = document.render(
            font_config=_fonts(), stylesheets=[_sheet(stylesheet)], pdf_variant="pdf/ua-1"
        )
        pdf = laid_out.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # a BaseException: it must not leave this module
        raise ForbiddenAddress(str(error)) from error
    return Paper(pdf=pdf, pages=len(laid_out.pages))


def warm_up() -> None:
    """Import the engine, parse the style sheet and lay out a first page: 0.5 s that no clerk waits.

    Meant for the server's start, before it forks.
    """
    print_html(
        "<html lang='vi'><title>Thử máy in</title><body class='a5'>"
        "<p>ĂăÂâĐđÊêÔôƠơƯư <b>Đậm</b> <i>Nghiêng</i> <b><i>Cả hai</i></b></p>"
    )


@cache
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    class SharedFonts(FontConfiguration):  # type: ignore[misc]  # untyped
        """Keeps its folder of fonts when a forked worker ends: the others still read it."""

        def __del__(self) -> None:
            pass

    # fontTools tells of each table that it leaves out of a subset; only faults matter here.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    fonts = SharedFonts()
    atexit.register(_remove_folder, fonts, os.getpid())
    return fonts


def _remove_folder(fonts: "FontConfiguration", maker: int) -> None:
    if fonts._folder and os.getpid() == maker:
        shutil.rmtree(fonts._folder, ignore_errors=True)


@cache
def _sheet(name: str) -> "CSS":
    from weasyprint import CSS

    return CSS(filename=STYLESHEETS / name, font_config=_fonts(), url_fetcher=_fetcher())


@cache
def _fetcher() -> "URLFetcher":
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # untyped
        """Opens files under static/ and stops the print for any other address."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path = own_file(url)
            if path is None:
                raise FatalURLFetchingError(f"Không được mở địa chỉ này khi in: {url}")
            return URLFetcherResponse(url, body=path.open("rb"))

    return OwnFilesOnly()


def own_file(url: str) -> Path | None:
    """The file under static/ that a file: address means; None for every other address."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return None
    path = Path(unquote(parts.path)).resolve()
    return path if path.is_relative_to(STATIC) and path.is_file() else None


def _serve_apart(stylesheet: str) -> None:
    """The other end of `print_apart`: a page from the input becomes a paper on the output."""
    os.nice(10)
    sys.stdout.buffer.write(print_html(sys.stdin.buffer.read().decode(), stylesheet=stylesheet).pdf)


if __name__ == "__main__":
    _serve_apart(sys.argv[1])
