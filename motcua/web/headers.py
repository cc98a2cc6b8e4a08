"""What every answer tells the browser: nothing foreign is loaded, run, embedded or told.

No page carries script or style of its own: they are files of static/, so the policy needs no
nonce, and markup that slips into a page is dead. Django's SecurityMiddleware adds nosniff, the
referrer and opener policies and HSTS; this one adds what it does not know.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's marks for boxes and menus are data addresses
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# For a paper, and for the page that prints it: one within the other, both of this site.
IN_A_FRAME = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
WITH_A_FRAME = f"{POLICY}; frame-src 'self'"
_FRAMED = "motcua.may_stand_in_a_frame"


def may_stand_in_a_frame(request: HttpRequest) -> None:
    """Whatever is answered to this request, an error too, may stand in a frame of our own pages."""
    request.META[_FRAMED] = True


def with_a_frame(response: HttpResponse) -> HttpResponse:
    """This page may hold a frame with a page of our own."""
    response.headers["Content-Security-Policy"] = WITH_A_FRAME
    return response


class ClosedToStrangers:
    """Stands outermost, so that files, errors and papers carry the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.META.get(_FRAMED):
            response.headers["Content-Security-Policy"] = IN_A_FRAME
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def kept_by_no_browser(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no answer within a session is kept, whatever its kind, so that Back shows
    nothing of a dossier to who sits down after a log-out. Told by the session's cookie: asking
    whose session it is would cost the public pages statements. Files of static/ are answered
    further out."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            patch_cache_control(response, no_store=True)
        return response

    return respond
