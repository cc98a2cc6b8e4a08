"""How often one address, or one code, may be tried.

Receipt codes can be guessed (at most 9999 a day and office), and four digits too, which is why
trying must not be free. Three ways of counting, by what they cost:

- `MissLimit` counts what went wrong (a code that nobody has, four digits that do not fit) in the
  database: in all processes together, and through a restart. Somebody who misses too often is
  answered nothing more until the time is over, also not what he would have hit.
- `Throttle` counts everything in the memory of one process: a bucket of tokens for each address,
  so that a page asked in a loop writes nothing. With two workers twice as many get through.
- `DailyBudget` counts in the same memory what different things an address was told in a day: codes
  follow each other, so whoever reads them all misses seldom.

People behind one office's address share it, so both are generous.
"""

import hashlib
import hmac
from array import array
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.http import HttpRequest

from motcua import clock
from motcua.models import Misses

IPV6_PREFIX = 56
MOST_ADDRESSES = 10_000
MOST_REMEMBERED = 1_000_000  # of 8 bytes


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


class DailyBudget:
    """At most `allowed` different things (codes) a day for each address, as far as this process
    remembers: at most MOST_REMEMBERED things, of MOST_ADDRESSES that came last. A few asked at one
    moment may slip through; with two workers twice as many get through."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.remembered = min(MOST_ADDRESSES, max(1, MOST_REMEMBERED // allowed))
        self._day: date | None = None
        self._taken: OrderedDict[str, array[int]] = OrderedDict()
        self._lock = Lock()

    def allows(self, address: str, thing: str) -> bool:
        """Whether there is something left, or the address had this very thing today."""
        with self._lock:
            taken = self._of(address)
            return len(taken) < self.allowed or hash(thing) in taken

    def spend(self, address: str, thing: str) -> None:
        """The address had this thing today; the same thing is spent once."""
        with self._lock:
            taken = self._of(address)
            if hash(thing) not in taken:
                taken.append(hash(thing))
            self._taken[address] = taken
            self._taken.move_to_end(address)
            if len(self._taken) > self.remembered:
                self._taken.popitem(last=False)

    def forget(self) -> None:
        """Begin anew, as after a restart."""
        with self._lock:
            self._taken.clear()

    def _of(self, address: str) -> "array[int]":
        today = clock.today()
        if today != self._day:
            self._day = today
            self._taken.clear()
        return self._taken.get(address) or array("q")


# One statement, so that two processes that count at once lose nothing; the same words on SQLite
# and PostgreSQL. A row whose time is over begins anew; so does one that ends later than one begun
# now would, which a clock that ran ahead has left.
COUNT = """
    INSERT INTO motcua_misses (key, count, until) VALUES (%(key)s, %(amount)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN motcua_misses.until <= %(now)s OR motcua_misses.until > excluded.until
                   THEN excluded.count ELSE motcua_misses.count + excluded.count END,
      until = CASE WHEN motcua_misses.until <= %(now)s OR motcua_misses.until > excluded.until
                   THEN excluded.until ELSE motcua_misses.until END
    RETURNING count, until
"""


# Written out, since every look-up asks it: the ORM takes several times as long to make it.
READ = "SELECT count, until FROM motcua_misses WHERE key = %s"

# A row for each address and code that anybody makes up would grow without bound. With so many
# slots a limit takes some 40 MB at most; to use up the tries of all of them takes thousands of
# addresses a whole day, and nobody can tell beforehand who shares a slot with whom.
SLOTS = 2**18
LONGEST = 24 * 60 * 60  # seconds; no limit counts for longer


class MissLimit:
    """At most `allowed` misses by one subject (an address, a code) in `seconds`, counted from
    the first, by all processes together. `name` keeps one limit's rows from another's. Subjects
    are counted in SLOTS rows at most, so that two may, seldom, be counted as one.

    A new row sweeps out those whose time is over; not where `sweeps` is False, because whoever
    asks must not learn from one statement more that nobody has tried this subject lately.
    """

    def __init__(self, name: str, *, allowed: int, seconds: int, sweeps: bool = True) -> None:
        if seconds > LONGEST:
            raise ValueError("No limit counts for longer than LONGEST.")
        self.name = name
        self.allowed = allowed
        self.seconds = seconds
        self.sweeps = sweeps

    def key_of(self, subject: str) -> str:
        """The slot of the subject under the installation's secret: rows tell nobody who it was."""
        text = f"{self.name}\n{subject}".encode(errors="replace")
        digest = hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256)
        return f"{self.name}: {int.from_bytes(digest) % SLOTS}"

    def wait_for(self, subject: str, amount: int = 1) -> int:
        """The seconds to wait before the next try: 0 when there is one left, or this amount."""
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.key_of(subject)])
            row = cursor.fetchone()
        if row is None:
            return 0
        count, until = row
        return self.wait(count, until, amount)

    def wait(self, count: int, until: int, amount: int = 1) -> int:
        """As `wait_for`, of a row that the caller has read."""
        left = until - _seconds_now()
        return left if 0 < left <= self.seconds and count + amount > self.allowed else 0

    def count(self, subject: str, amount: int = 1) -> int:
        """Count one miss more, or this amount: 0 when it was allowed, otherwise the seconds to
        wait."""
        now = _seconds_now()
        until = now + self.seconds
        values: dict[str, str | int] = {
            "key": self.key_of(subject),
            "now": now,
            "until": until,
            "amount": amount,
        }
        with connection.cursor() as cursor:
            cursor.execute(COUNT, values)
            count, until = cursor.fetchone()
        if count == amount and self.sweeps:
            sweep(now)
        return until - now if count > self.allowed else 0

    def take_back(self, subject: str) -> None:
        """What was counted was no miss."""
        Misses.objects.filter(pk=self.key_of(subject), count__gt=0).update(count=F("count") - 1)

    def forget(self, subject: str) -> None:
        """The subject begins anew."""
        Misses.objects.filter(pk=self.key_of(subject)).delete()


def count_try(*subjects: tuple[MissLimit, str]) -> int:
    """Count one try for each subject, in this order: 0 when it may be looked at, otherwise the
    seconds to wait. Where one of them has no try left, nothing is written; where one turns out to
    have none (tries sent at once), the count of those after it does not rise."""
    wait = longest_wait({limit.key_of(subject): limit for limit, subject in subjects})
    return wait or next(filter(None, (limit.count(subject) for limit, subject in subjects)), 0)


def longest_wait(limits: Mapping[str, MissLimit]) -> int:
    """The seconds until every one of these rows has a try left, in one statement; each key with
    the limit that counts in it."""
    rows = Misses.objects.filter(pk__in=limits).values_list("key", "count", "until")
    return max((limits[key].wait(count, until) for key, count, until in rows), default=0)


def sweep(now: int) -> None:
    """Remove the rows that count for nothing: over, or dated so far ahead that no limit can have
    written them but by a clock that ran ahead."""
    Misses.objects.filter(Q(until__lte=now) | Q(until__gt=now + LONGEST)).delete()


def _seconds_now() -> int:
    return int(clock.now().timestamp())


def address_of(request: HttpRequest) -> str:
    """Who is counted for this request: an IPv4 address, or the /56 network of an IPv6 one, which
    is what a household or an office gets from its provider. Empty where nothing tells."""
    visitor = visitor_of(request)
    if isinstance(visitor, IPv6Address):
        return str(ip_network((int(visitor), IPV6_PREFIX), strict=False))
    return str(visitor or "")


def visitor_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address that this request came from; None where nothing tells (a socket without proxy).

    X-Forwarded-For is believed only as far as MOTCUA_PROXIES, the number of own proxies in
    front: each appends the address that it saw, so what stands further left was typed by the
    visitor.
    """
    proxies = settings.MOTCUA_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    believed = told[-proxies] if 0 < proxies <= len(told) else ""
    return _parsed(believed) or _parsed(request.META.get("REMOTE_ADDR", ""))


def is_hall(request: HttpRequest) -> bool:
    """Whether the request came from one of the office's own halls (MOTCUA_HALL_NETWORKS), whose
    address stands for everybody who asks there."""
    visitor = visitor_of(request)
    return visitor is not None and any(visitor in net for net in settings.MOTCUA_HALL_NETWORKS)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address written here, an IPv4 one within IPv6 as IPv4. What follows "%" names a network
    card of the machine that wrote it, and is nobody's address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
