"""Long work in a process of its own, so that a worker of the web server is not held for minutes
and its memory does not grow."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

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


def command() -> list[str]:
    default = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return getattr(settings, "JOB_COMMAND", default)


@contextmanager
def without_looking_for_garbage() -> Iterator[None]:
    """For tens of thousands of objects that live to the end: looking for garbage among them
    takes as long as all the rest."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
