"""A real desk to be killed: gunicorn with its workers over a scratch database of its own.

On SQLite the database is a file in a scratch folder; on PostgreSQL a scratch cluster, made with
initdb, so that the server that the other tests use is never touched. Both begin as a copy of the
test's own database, people and log-ins included.
"""

import http.client
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection
from django.test import Client

from motcua.models import Staff

ROOT = Path(__file__).resolve().parents[2]
CSRF = "x" * 32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until(true: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, "the desk did not come back"
        time.sleep(0.05)


class File:
    """The scratch database on SQLite: it dies with the processes that have it open."""

    def __init__(self, folder: Path) -> None:
        self.variables: dict[str, str] = {}
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "motcua.sqlite3")])

    def kill(self) -> bool:
        return False

    def start(self) -> None:
        """Nothing to start: the next process that opens the file recovers it."""

    stop = start


class Server:
    """A server of PostgreSQL, as the account postgres where this one is root; its log lies beside
    its data."""

    def __init__(self, folder: Path, data: str) -> None:
        self.data, self.port = folder / data, free_port()
        self.log = folder / f"{data}.log"
        self.sockets = folder
        self.url = f"postgres://desk@127.0.0.1:{self.port}"
        self.binaries = Path(
            subprocess.run(
                ["pg_config", "--bindir"], capture_output=True, text=True, check=True
            ).stdout.strip()
        )
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            for each in (folder, *list(folder.parents)[:3]):
                if each.is_relative_to(settings.VAR):
                    each.chmod(0o755)
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def _run(self, name: str, *arguments: str, check: bool = True) -> int:
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return subprocess.run(
            [*become, self.binaries / name, *arguments],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=check,
        ).returncode

    def start(self) -> None:
        # What a killed process wrote stays with the operating system: fsync adds only waiting.
        options = f"-p {self.port} -k {self.sockets} -c listen_addresses=127.0.0.1 -c fsync=off"
        command = ("pg_ctl", "-w", "-D", str(self.data), "-l", str(self.log), "-o", options)
        until(lambda: self._run(*command, "start", check=False) == 0)

    def kill(self) -> bool:
        """Postmaster and every backend, at once and without a word."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        kill(postmaster, *children(postmaster))
        return True

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop", check=False)


class Cluster(Server):
    """The scratch database on PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "pg")
        self._run("initdb", "--no-sync", "--auth=trust", "--username=desk", f"--pgdata={self.data}")
        self.start()
        self.variables = {"DATABASE_URL": f"{self.url}/desk"}
        subprocess.run(["psql", "-qc", "CREATE DATABASE desk", f"{self.url}/postgres"], check=True)
        dump = subprocess.run(
            ["pg_dump", "--no-owner", "--no-privileges", *self._of_the_test()],
            capture_output=True,
            check=True,
        ).stdout
        quiet = ["psql", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", f"{self.url}/desk"]
        subprocess.run(quiet, input=dump, check=True)

    @staticmethod
    def _of_the_test() -> list[str]:
        from django.db.backends.postgresql.client import DatabaseClient

        return DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])[0][1:]


class Standby(Server):
    """A streaming replica of a scratch cluster."""

    def __init__(self, primary: Server) -> None:
        super().__init__(primary.sockets, "standby")
        self._run(
            "pg_basebackup",
            "--no-sync",
            "--checkpoint=fast",
            "--write-recovery-conf",
            f"--dbname={primary.url}/postgres",
            f"--pgdata={self.data}",
        )
        self.start()


class Pooler:
    """Debian's PgBouncer in front of a scratch cluster: a server's connection is somebody's for
    one transaction only, and there are fewer than clients."""

    def __init__(self, cluster: Server, size: int) -> None:
        self.cluster, self.port = cluster, free_port()
        self.url = f"postgres://desk@127.0.0.1:{self.port}"
        self.log = cluster.sockets / "pooler.log"
        self.file = cluster.sockets / "pgbouncer.ini"
        self.file.write_text(
            f"[databases]\n* = host=127.0.0.1 port={cluster.port} user=desk\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\n"
            f"auth_type = any\nunix_socket_dir =\npool_mode = transaction\n"
            f"default_pool_size = {size}\nmax_client_conn = 100\n"
        )
        self.file.chmod(0o644)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with self.log.open("ab") as log:
            command = [*become, self.program() or "", str(self.file)]
            self.process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log)
        until(self._answers)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def stop(self) -> None:
        if self.process is not None:
            kill(*children(self.process.pid), self.process.pid)
            self.process.wait()

    @staticmethod
    def program() -> str | None:
        return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


class Desk:
    """Gunicorn as in production, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.database = (Cluster if connection.vendor == "postgresql" else File)(folder)
        (folder / "static").mkdir()
        paths = {name: name for finder in get_finders() for name, _ in finder.list(None)}
        manifest = json.dumps({"version": "1.1", "paths": paths, "hash": ""})
        (folder / "static" / "staticfiles.json").write_text(manifest)
        self.master: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("MOTCUA_") and name != "DATABASE_URL"
        }
        command = ["-m", "gunicorn", "--config", "gunicorn.conf.py", "motcua.wsgi:application"]
        with (self.folder / "gunicorn.log").open("ab") as log:
            self.master = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={
                    **clean,
                    **self.database.variables,
                    "MOTCUA_VAR": str(self.folder),
                    "MOTCUA_PORT": str(self.port),
                    "SECRET_KEY": settings.SECRET_KEY,
                },
                stdout=log,
                stderr=log,
            )
        until(self.answers, 60)

    def answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/suc-khoe/gon/")[0] == 200
        return False

    @property
    def workers(self) -> list[int]:
        return children(self.master.pid)

    def kill_everything(self) -> None:
        kill(self.master.pid, *self.workers)
        self.master.wait()

    def ask(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        session: str = "",
        address: str = "",
    ) -> tuple[int, str, bytes]:
        """Status, Location and body; OSError or HTTPException when nobody answers. `address` is
        whose request it is, as a proxy would say."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"X-Forwarded-For": address} if address else {}
        body = None
        if session:
            headers["Cookie"] = f"sessionid={session}; csrftoken={CSRF}"
        if form is not None:
            body = urlencode(form)
            headers["X-CSRFToken"] = CSRF
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            caller.request(method, path, body, headers)
            answer = caller.getresponse()
            return answer.status, answer.headers.get("Location") or "", answer.read()
        finally:
            caller.close()

    def stop(self) -> None:
        if self.master is not None:
            self.kill_everything()
        self.database.stop()


class Visitor:
    """A browser that keeps its cookies."""

    def __init__(self, desk: Desk, staff: Staff | None = None) -> None:
        self.desk = desk
        self.cookies = {"csrftoken": CSRF}
        if staff is not None:
            client = Client()
            client.force_login(staff)
            self.cookies["sessionid"] = client.cookies["sessionid"].value

    def ask(self, method: str, path: str, form: Any = None) -> tuple[int, str, str]:
        """Status, Location and body."""
        caller = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=60)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies["csrftoken"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            caller.request(method, path, urlencode(form) if form else None, headers)
            answer = caller.getresponse()
            body = answer.read().decode()
        finally:
            caller.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer.status, answer.headers.get("Location") or "", body

    def page(self, path: str) -> str:
        status, _, body = self.ask("GET", path)
        assert status == 200, (path, status, body[:300])
        return body


@contextmanager
def running_desk(prepare: Callable[[Desk], object] = lambda desk: None) -> Iterator[Desk]:
    """The desk, at work; `prepare` is done when its database stands and before it starts."""
    folder = settings.VAR / f"desk-{os.getpid()}"
    folder.mkdir()
    desk = None
    try:
        desk = Desk(folder)
        prepare(desk)
        desk.start()
        yield desk
    finally:
        if desk is not None:
            desk.stop()
        shutil.rmtree(folder, ignore_errors=True)


def code_in(location: str) -> str:
    """The receipt code in the address after an intake."""
    found = re.fullmatch(r"/ho-so/([^/]+)/da-tiep-nhan/", location)
    assert found, location
    return found[1]
