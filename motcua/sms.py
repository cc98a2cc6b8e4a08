"""Text messages through one small interface: the console, or an office's HTTP gateway."""

import json
import sys
from typing import Protocol
from urllib import error, request

from django.conf import settings


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
            raise Refused(f"Cổng tin nhắn trả lời {answer.code}.") from answer
        except error.URLError as broken:
            if isinstance(broken.reason, TimeoutError):
                raise FateUnknown("Cổng tin nhắn không trả lời.") from broken
            raise Refused(f"Không tới được cổng tin nhắn: {broken.reason}.") from broken
        except TimeoutError as late:
            raise FateUnknown("Cổng tin nhắn không trả lời.") from late


def carrier() -> Carrier:
    """The carrier that the settings name."""
    if settings.MOTCUA_SMS_URL:
        return HttpCarrier(settings.MOTCUA_SMS_URL, settings.MOTCUA_SMS_TOKEN)
    return ConsoleCarrier()
