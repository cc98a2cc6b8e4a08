"""Words that were typed to look for something, kept out of addresses.

They may be a person's name or ID number, and an address stands in logs and browsers. They are kept
in the session, and the address carries only a short key to them.
"""

import secrets

from django.http import HttpRequest

KEPT = 20
_SESSION = "searches"


def keep(request: HttpRequest, text: str) -> str:
    """The key to these words, for this session; the oldest of many are forgotten."""
    key = secrets.token_urlsafe(6)
    kept: dict[str, str] = request.session.get(_SESSION, {})
    request.session[_SESSION] = {**dict(list(kept.items())[1 - KEPT :]), key: text}
    return key


def kept(request: HttpRequest, key: str) -> str | None:
    """The words of the key; "" without one, None where the session has forgotten them."""
    if not key:
        return ""
    found: str | None = request.session.get(_SESSION, {}).get(key)
    return found
