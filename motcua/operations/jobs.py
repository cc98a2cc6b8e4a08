"""Long work in a process of its own, so that a worker of the web server is not held for minutes
and its memory does not grow."""

import gc
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from motcua import clock

_children: list[subprocess.Popen[bytes]] = []


def start(*words: str, keep_open: tuple[int, ...] = ()) -> None:
    """Begin `manage.py WORDS` and do not wait for it; it outlives this process, also when systemd
    restarts the server.

    `keep_open` are file descriptors that the new process holds until it ends, however it ends.
    """
    _children[:] = [child for child in _children if child.poll() is None]
    _children.append(
        subprocess.Popen(  # noqa: S603  (the command is our own, the words a number or digest)
            [*command(), *words],
            cwd=settings.BASE_DIR,
            env={**os.environ, **_temporary_files()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=keep_open,
        )
    )


def _temporary_files() -> dict[str, str]:
    """The server's own /tmp goes with it at a restart; the folder that systemd names stays."""
    folder = os.environ.get("RUNTIME_DIRECTORY")
    return {"TMPDIR": folder} if folder else {}


def sweep(folder: Path, kept_for: timedelta, pattern: str = "*", *, ahead: bool = False) -> int:
    """Remove the files of a folder that nobody has touched for so long, with `ahead` also those
    that a clock that ran ahead has dated; how many."""
    oldest, gone = (clock.now() - kept_for).timestamp(), 0
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # another sweep at the same moment
            kept_at = path.stat().st_mtime
            is_ahead = ahead and clock.is_ahead(datetime.fromtimestamp(kept_at, clock.ZONE))
            if kept_at < oldest or is_ahead:
                path.unlink()
                gone += 1
    return gone


def command() -> list[str]:
    default = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return getattr(settings, "JOB_COMMAND", default)


@contextmanager
def bounded(*, seconds: int, memory: int, error: Exception) -> Iterator[None]:
    """For the main thread of such a process, at what strangers' files may make endless: `error`
    is raised after so many seconds of processor time, MemoryError beyond so many bytes."""

    def over(*_: object) -> None:
        raise error

    before = signal.signal(signal.SIGPROF, over)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, before)


@contextmanager
def without_looking_for_garbage() -> Iterator[None]:
    """For tens of thousands of objects that live to the end: looking for garbage among them
    takes as long as all the rest."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
