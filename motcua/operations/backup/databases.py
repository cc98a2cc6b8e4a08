"""What differs between SQLite and PostgreSQL when a whole database is taken out or put back.

Both give a copy of one moment while the desk goes on working, and a `Census` of it: for every
table how many rows, and a digest of them that does not depend on their order. Putting back
happens in one transaction that also counts: all of it, or nothing.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

# Table -> "rows digest", as it stands in the manifest.
Census = dict[str, str]


class Failed(Exception):
    """The database could not be copied or put back; nothing was changed."""


class Disturbed(Exception):
    """The database was put back, and somebody wrote into it at the same time."""


class SQLite:
    """A file; copied by VACUUM INTO, put back by SQLite's own backup in one transaction."""

    vendor = "sqlite"
    member = "database.sqlite3"

    def dump(self, target: Path) -> Census:
        with self._open(self._file) as database:
            database.execute("VACUUM INTO ?", [str(target)])
        with self._open(target) as copy:
            for table in _left_out():
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608
            copy.execute("VACUUM")  # what was deleted is in no free page either
        return self.census(target)

    def verify(self, dump: Path, census: Census) -> None:
        """Raises Failed when the copy is not sound or not what the manifest says."""
        try:
            with self._open(dump) as database:
                sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                sound = sound and not database.execute("PRAGMA foreign_key_check").fetchall()
            sound = sound and self.census(dump) == census
        except sqlite3.DatabaseError:
            sound = False
        if not sound:
            raise Failed("Cơ sở dữ liệu trong bản sao lưu không nguyên vẹn.")

    def restore(self, dump: Path, census: Census) -> None:
        """Put the copy, which `verify` has passed, in the place of the present database."""
        connection.close()
        try:
            with self._open(dump) as source, self._open(self._file) as target:
                target.execute("PRAGMA journal_mode = WAL")
                target.execute("PRAGMA synchronous = FULL")
                source.backup(target)
        except sqlite3.Error as error:
            raise Failed(
                f"SQLite không ghi được ({error}). Hãy dừng máy chủ rồi thử lại."
            ) from None

    def present(self) -> Census:
        """The census of the database as it stands."""
        return self.census(self._file)

    def census(self, file: Path) -> Census:
        with self._open(file) as database:
            tables = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            ).fetchall()
            return {name: _count(database.execute(f'SELECT * FROM "{name}"')) for (name,) in tables}  # noqa: S608

    @property
    def _file(self) -> Path:
        return Path(connection.settings_dict["NAME"])

    @staticmethod
    @contextmanager
    def _open(file: Path) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as database:
            yield database


def _left_out() -> list[str]:
    """The tables whose rows no backup takes: a model says so with `is_in_backups = False`."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if not getattr(model, "is_in_backups", True)
    )


def _count(rows: Iterator[tuple[Any, ...]]) -> str:
    number = total = 0
    for row in rows:
        number += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:8])
    return f"{number} {total % 2**64:016x}"


# The text of a row depends on the session: both sides speak the same.
_SESSION = (
    "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; "
    "SET bytea_output = 'hex'; SET extra_float_digits = 1; "
)
_CENSUS = """(
    SELECT count(*) || ' ' ||
           coalesce(sum(('x' || left(md5(each_row::text), 15))::bit(60)::bigint), 0)
    FROM public.{table} AS each_row
)"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# Extensions stay: making them anew may need rights that the desk does not have.
_EMPTY = """
SET lock_timeout = '15s';
DO $empty$
DECLARE each record;
BEGIN
    FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', each.name);
    END LOOP;
    FOR each IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', each.name);
    END LOOP;
END
$empty$;
"""


class PostgreSQL:
    """A server; copied by pg_dump in one snapshot, put back by pg_restore through psql."""

    vendor = "postgresql"
    member = "database.pgdump"

    def dump(self, target: Path) -> Census:
        self._tools("pg_dump")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            self._run(
                "pg_dump",
                "--format=custom",
                "--compress=1",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                f"--snapshot={snapshot}",
                f"--file={target}",
                *(f"--exclude-table-data=public.{table}" for table in _left_out()),
            )
            return self._census(cursor) | dict.fromkeys(_left_out(), "0 0")

    def present(self) -> Census:
        """The census of the database as it stands."""
        with transaction.atomic(), connection.cursor() as cursor:
            return self._census(cursor)

    def verify(self, dump: Path, census: Census) -> None:
        self._tools("psql", "pg_restore")
        told = self._process("pg_restore", "--list", str(dump), connected=False)
        if told.returncode:
            raise Failed("Cơ sở dữ liệu trong bản sao lưu không nguyên vẹn.")

    def restore(self, dump: Path, census: Census) -> None:
        connection.close()
        script = dump.with_name("restore.sql")
        with script.open("wb") as file:
            file.write(_EMPTY.encode())
            file.flush()
            told = self._process(
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--file=-",
                str(dump),
                connected=False,
                stdout=file,
            )
            if told.returncode:
                raise Failed("Không đọc được cơ sở dữ liệu trong bản sao lưu.")
            file.write(self._proof(census).encode())
        self._run(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
            f"--file={script}",
        )

    def _proof(self, census: Census) -> str:
        """SQL that refuses to commit unless every table holds what the manifest says."""
        checks = "".join(
            f"IF {_CENSUS.format(table=_name(table))} <> '{counted}' "
            f"THEN RAISE EXCEPTION '{table}'; END IF;\n"
            for table, counted in census.items()
        )
        return f"\n{_SESSION}\nDO $proof$ BEGIN\n{checks}END $proof$;\n"

    @staticmethod
    def _census(cursor: Any) -> Census:
        cursor.execute(_SESSION.replace("SET ", "SET LOCAL "))
        cursor.execute(_TABLES)
        found: Census = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT {_CENSUS.format(table=_name(table))}")
            found[table] = cursor.fetchone()[0]
        return found

    def _tools(self, *names: str) -> None:
        """Raises Failed unless the client tools are there, not older than the server, and have it
        for themselves: what they set for their session would stay with a pooler."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num'), pg_backend_pid()")
            version, backend = cursor.fetchone()
        server = int(version) // 10_000
        if backend != connection.connection.info.backend_pid:
            raise Failed(
                "Cơ sở dữ liệu được nối qua một pooler, nơi không sao lưu và khôi phục được. Hãy "
                "đặt DATABASE_DIRECT_URL là địa chỉ thẳng của cơ sở dữ liệu rồi chạy lại."
            )
        for name in names:
            if shutil.which(name) is None:
                raise Failed(f"Máy thiếu {name}. Hãy cài: apt-get install postgresql-client.")
            told = self._process(name, "--version", connected=False).stdout.split()
            version = next((word for word in told if word[0].isdigit()), "0")
            if int(version.partition(".")[0]) < server:
                raise Failed(
                    f"{name} trên máy này là bản {version}, cũ hơn máy chủ PostgreSQL {server}. "
                    f"Hãy cài: apt-get install postgresql-client-{server}."
                )

    def _run(self, *command: str) -> None:
        told = self._process(*command)
        if told.returncode:
            lines = [
                line for line in told.stderr.splitlines() if "ERROR" in line or "error" in line
            ]
            why = (lines or told.stderr.splitlines() or ["không rõ lý do"])[0]
            raise Failed(f"{command[0]} không làm được: {why}")

    @staticmethod
    def _process(
        *command: str, connected: bool = True, stdout: Any = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """The tool, told which database; a password goes by environment, never by argument."""
        arguments, variables = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
        where = arguments[1:] if connected else []
        name = [f"--dbname={where.pop()}"] if where else []
        return subprocess.run(  # noqa: S603  (our own words, no shell)
            [command[0], *where, *name, *command[1:]],
            env={**os.environ, **(variables or {})},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )


def _name(table: str) -> str:
    return connection.ops.quote_name(table)


def go_around_pooler() -> None:
    """From now on this process reaches the database itself, where DATABASE_DIRECT_URL says how."""
    if settings.MOTCUA_DIRECT:
        connection.close()
        connection.settings_dict.update(settings.MOTCUA_DIRECT)


def database() -> SQLite | PostgreSQL:
    """The database of this installation."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()
