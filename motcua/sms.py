"""Text messages through one small interface: the console, or an office's HTTP gateway."""

import http.client
import json
import socket
import sys
from typing import Protocol
from urllib import error, request

from django.conf import settings

from motcua.models import Installation

# What a gateway answers that may have sent the message before it failed, or passed it on to
# another that did.
MAY_HAVE_SENT = {500, 502, 504}
# What shows that nothing of the message went out.
NEVER_REACHED = (ConnectionRefusedError, socket.gaierror)


class Refused(Exception):
    """The gateway said no: the message was not sent and may be tried again."""


class FateUnknown(Exception):
    """The answer did not come: the message may or may not have been sent."""


class Carrier(Protocol):
    def send(self, number: str, text: str) -> None:
        """Send one message. Raises Refused or FateUnknown."""


class ConsoleCarrier:
    """Writes the message where the program's messages go: for trying out, and for tests."""

    def send(self, number: str, text: str) -> None:
        sys.stdout.write(f"[SMS] {number[:4]}...: {text}\n")


class HttpCarrier:
    """POSTs {"to", "text"} as JSON to the gateway, with its token as bearer."""

    def __init__(self, url: str, token: str, timeout: float = 10.0) -> None:
        self.url = url
        self.token = token
        self.timeout = timeout

    def send(self, number: str, text: str) -> None:
        message = request.Request(  # noqa: S310 - the operator's own gateway, http(s) checked in settings
            self.url,
            data=json.dumps({"to": number, "text": text}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.token}",
            },
        )
        try:
            with request.urlopen(message, timeout=self.timeout):  # noqa: S310
                pass
        except error.HTTPError as answer:
            words = f"Cổng tin nhắn trả lời {answer.code}."
            raise (FateUnknown if answer.code in MAY_HAVE_SENT else Refused)(words) from answer
        except (OSError, http.client.HTTPException) as broken:
            # urllib wraps what fails before the answer begins, and lets through what fails after.
            reason = broken.reason if isinstance(broken, error.URLError) else broken
            if isinstance(reason, NEVER_REACHED):
                raise Refused(f"Không tới được cổng tin nhắn: {reason}.") from broken
            raise FateUnknown("Cổng tin nhắn không trả lời.") from broken


def is_set_up() -> bool:
    """Whether messages reach anybody: a citizen, or on the console a developer and whoever tries
    the demonstration."""
    return bool(settings.MOTCUA_SMS_URL) or settings.DEBUG or Installation.is_demonstration()


def carrier() -> Carrier:
    """The carrier that the settings name."""
    if settings.MOTCUA_SMS_URL:
        return HttpCarrier(settings.MOTCUA_SMS_URL, settings.MOTCUA_SMS_TOKEN)
    return ConsoleCarrier()
