"""How often one address may ask a public page: a token bucket for each address.

The buckets live in the memory of one process, so a server with two workers lets twice as many
through. Receipt codes can be guessed (at most 9999 a day and office), which is why a look-up
must not be free; people behind one office's address share a bucket, so it is generous.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from motcua import clock


@dataclass
class Bucket:
    tokens: float
    at: datetime


class Throttle:
    """At most `burst` requests at once and `per_minute` in the long run, for each address."""

    def __init__(self, *, burst: int, per_minute: int, remembered: int = 10_000) -> None:
        self.burst = burst
        self.per_second = per_minute / 60
        self.remembered = remembered
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def wait_for(self, address: str) -> int:
        """Take a token: 0 when the request may go on, otherwise the seconds to wait."""
        now = clock.now()
        with self._lock:
            bucket = self._buckets.pop(address, None) or Bucket(self.burst, now)
            gained = max((now - bucket.at).total_seconds(), 0) * self.per_second
            bucket.tokens = min(self.burst, bucket.tokens + gained)
            bucket.at = now
            self._buckets[address] = bucket
            if len(self._buckets) > self.remembered:
                self._buckets.popitem(last=False)
            if bucket.tokens < 1:
                return max(1, ceil((1 - bucket.tokens) / self.per_second))
            bucket.tokens -= 1
            return 0

    def forget(self) -> None:
        """Begin anew, as after a restart."""
        with self._lock:
            self._buckets.clear()


def address_of(request: HttpRequest) -> str:
    """Whose request this is: an IPv4 address, or the /64 network of an IPv6 one.

    X-Forwarded-For is believed only as far as MOTCUA_PROXIES, the number of own proxies in
    front: each appends the address that it saw, so what stands further left was typed by the
    visitor.
    """
    proxies = settings.MOTCUA_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    seen = request.META.get("REMOTE_ADDR", "")
    address = told[-proxies] if 0 < proxies <= len(told) and told[-proxies] else seen
    try:
        parsed = ip_address(address)
    except ValueError:
        return seen
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else parsed.exploded[:19]
    return str(parsed)
