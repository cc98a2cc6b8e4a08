"""Reading from a streaming replica of the PostgreSQL database, where REPLICA_URL names one.

Views that only look opt in with `from_replica`; everything else, every write, who is logged in
and what is counted against guessers stays with the primary. A request is served by the replica
while that has, not longer ago than MOTCUA_REPLICA_LAG, held all that the primary had, and holds
what this browser has written itself. Where it fails in the middle of a page, the page is made
anew from the primary, and the replica is left alone for some seconds.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from math import inf
from threading import Lock
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

REPLICA = "replica"
LOOK_EVERY = 1.0  # seconds
REST = 5.0  # seconds
SAFE = ("GET", "HEAD")
COOKIE = "written"
# A replica that may be used has replayed whatever was written longer ago than the lag allows.
COOKIE_LASTS = settings.MOTCUA_REPLICA_LAG + 60  # seconds
NEVER = 2**64  # no position in the log is so far

# A position is the number of bytes written since the log began. Another cluster, or another
# database of this one, is no replica of ours, however well it answers.
_WHOSE = "system_identifier, current_database() FROM pg_control_system()"
POSITION = f"SELECT pg_current_wal_lsn() - '0/0', {_WHOSE}"
REPLAYED = f"SELECT pg_last_wal_replay_lsn() - '0/0', {_WHOSE} WHERE pg_is_in_recovery()"

log = logging.getLogger(__name__)

P = ParamSpec("P")
Request = TypeVar("Request", bound=HttpRequest)
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[Request, P], Answer]


@dataclass
class Use:
    """What one request does with the databases; `after` is the position that its browser wrote."""

    after: int = 0
    from_replica: bool = False
    wrote: bool = False


_use: ContextVar[Use | None] = ContextVar("use_of_databases", default=None)


def alias() -> str:
    """The database to read from. What was written, or is being written, is read where it is."""
    use = _use.get()
    if use is None or not use.from_replica or use.wrote:
        return DEFAULT_DB_ALIAS
    return DEFAULT_DB_ALIAS if connections[DEFAULT_DB_ALIAS].in_atomic_block else REPLICA


def reading() -> BaseDatabaseWrapper:
    """The connection for a statement that is not made by the ORM and only reads."""
    return connections[alias()]


class Router:
    """Django's router of the ORM's statements."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return alias() if _is_read_there(model) else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        use = _use.get()
        if use is not None and _is_read_there(model):
            use.wrote = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


def _is_read_there(model: Any) -> bool:
    """Whether the model, or all of its app, is named by MOTCUA_REPLICA_MODELS."""
    meta = model._meta
    return not {meta.app_label, meta.label}.isdisjoint(settings.MOTCUA_REPLICA_MODELS)


class Standing:
    """How far the replica has come, as this process last saw it."""

    def __init__(self, longest_lag: float) -> None:
        self.longest_lag = longest_lag
        self._looking = Lock()
        self._looked_at = -inf
        self._rests_until = -inf
        self._replayed = 0
        # When the replica is known to have held all that the primary had.
        self._level_at = -inf
        self._mark: tuple[int, float] | None = None

    def serves(self, after: int = 0) -> bool:
        """Whether pages may be read there that must show what was written up to `after`."""
        return self.lag() <= self.longest_lag and self._replayed >= after

    def lag(self) -> float:
        """For how many seconds, at most, the replica has not held all; infinite if unknown."""
        if monotonic() < self._rests_until:
            return inf
        if monotonic() - self._looked_at >= LOOK_EVERY and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return monotonic() - self._level_at

    def rest(self, reason: str) -> None:
        """Leave the replica alone for a while, and look before it is used again."""
        self._rests_until = monotonic() + REST
        self._level_at = -inf
        self._mark = None
        connections[REPLICA].close()
        connections[REPLICA].errors_occurred = False
        log.warning("The replica is left alone for %d seconds: %s", REST, reason)

    def _look(self) -> None:
        began = self._looked_at = monotonic()
        position, *whose = _ask(DEFAULT_DB_ALIAS, POSITION)
        try:
            answer = _ask(REPLICA, REPLAYED)
        except Error as error:
            self.rest(type(error).__name__)
            return
        if list(answer[1:]) != whose or answer[0] is None:
            self.rest("it is no replica of this database")
            return
        self._replayed = int(answer[0])
        if self._replayed >= position:
            self._level_at, self._mark = began, None
        elif self._mark is None:
            self._mark = position, began
        elif self._replayed >= self._mark[0]:
            self._level_at, self._mark = self._mark[1], (position, began)


standing = Standing(settings.MOTCUA_REPLICA_LAG)


def _ask(database: str, question: str) -> tuple[Any, ...]:
    with connections[database].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() or ()


def from_replica(view: View[Request, P, Answer]) -> View[Request, P, Answer]:
    """A view that may be read from the replica when it is looked at (GET, HEAD)."""
    if REPLICA not in settings.DATABASES:
        return view

    @wraps(view)
    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        use = _use.get()
        if use is None or request.method not in SAFE or not standing.serves(use.after):
            return view(request, *args, **kwargs)
        use.from_replica = True
        try:
            response = view(request, *args, **kwargs)
            if not _has_failed(use):
                return response
        except Error:
            if not _has_failed(use):
                raise
        finally:
            use.from_replica = False
        standing.rest("a page failed there")
        return view(request, *args, **kwargs)

    return guarded


def _has_failed(use: Use) -> bool:
    """Whether the page has to be made anew. The connection is asked too, since a template's `if`
    swallows errors. Who has written was with the primary from then on, and writes once."""
    return connections[REPLICA].errors_occurred and not use.wrote


class OwnWrites:
    """Middleware: a browser that has written carries the position of the log, for as long as the
    replica may not have come so far."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        use = Use(after=int(request.get_signed_cookie(COOKIE, default="0") or 0))
        token = _use.set(use)
        try:
            response = self.get_response(request)
        finally:
            _use.reset(token)
        if use.wrote or request.method not in SAFE:
            response.set_signed_cookie(
                COOKIE,
                str(_position()),
                max_age=COOKIE_LASTS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def _position() -> int:
    """What the primary has written so far. Where it cannot say, the act has been done all the
    same: its browser then stays with the primary."""
    try:
        return int(_ask(DEFAULT_DB_ALIAS, POSITION)[0])
    except Error:
        return NEVER
