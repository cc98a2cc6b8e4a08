"""A database of an earlier release comes up to the present with its figures and events.

The fixtures were written by the code of that release itself: `load_base`, a few officers, ten
lives with every verb, a signed quarter; beside each, as JSON, what that release's `report` and
its events said. A new release adds its own fixture here: see `make.py`.
"""

import json
import lzma
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RELEASES = ("0.1.0", "0.2.0", "0.3.0")
ONE_MORE = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "{newest}")]
    operations = [
        migrations.AddField("summary", "received_more", models.IntegerField(default=0)),
    ]
"""


@contextmanager
def old_database(release: str, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The name of the fixture, and the variables that lead to the database made from it."""
    if connection.vendor == "sqlite":
        name = f"{release}.sqlite3"
        (folder / "motcua.sqlite3").write_bytes(lzma.decompress((HERE / f"{name}.xz").read_bytes()))
        yield name, {}
        return
    name = f"{release}.sql"
    settings = connection.settings_dict
    scratch = f"{settings['NAME']}_upgrade"
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    parameters.pop("cursor_factory", None)
    server = psycopg2.connect(**parameters)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{scratch}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{scratch}" TEMPLATE template0')
    try:
        address = url(settings, scratch)
        script = lzma.decompress((HERE / f"{name}.xz").read_bytes())
        command = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        subprocess.run([*command, f"--dbname={address}"], input=script, check=True)
        yield name, {"DATABASE_URL": address}
    finally:
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{scratch}" WITH (FORCE)')
        server.close()


def url(settings: dict[str, Any], name: str) -> str:
    user, password = (quote(str(settings.get(key) or ""), safe="") for key in ("USER", "PASSWORD"))
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    port = f":{settings['PORT']}" if settings.get("PORT") else ""
    return f"postgres://{login}{quote(settings.get('HOST') or '', safe='')}{port}/{name}"


def kept(then: Any, now: Any) -> Any:
    """Of what stands there now, the parts that the old release knew: columns may be added."""
    if isinstance(then, dict):
        return {key: kept(then[key], now.get(key)) for key in then}
    if isinstance(then, list) and len(then) == len(now):
        return [kept(old, new) for old, new in zip(then, now, strict=True)]
    return now


def present(root: Path, told: str, folder: Path, variables: dict[str, str]) -> Any:
    """What `present.py` tells, run by the program in `root` over the database."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOTCUA_") and name != "DATABASE_URL"
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.upgrade.present"],
        cwd=root,
        env={**clean, "MOTCUA_VAR": str(folder), **variables},
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def with_one_more_measure(folder: Path) -> Path:
    """A copy of the program that counts one thing more, with the migration of its column."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "node_modules", "var"))
    add_line(folder / "reports/terms/contributions.py", "FLOWS = (", '    "received_more",')
    add_line(
        folder / "reports/models/summaries.py",
        "    pending_waiting = models.IntegerField(default=0)",
        "    received_more = models.IntegerField(default=0)",
    )
    newest = max(path.stem for path in (ROOT / "reports/migrations").glob("0*.py"))
    (folder / "reports/migrations/9999_one_more.py").write_text(ONE_MORE.format(newest=newest))
    return folder


def add_line(path: Path, after: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(f"{after}\n") == 1, path
    path.write_text(text.replace(f"{after}\n", f"{after}\n{line}\n"), encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("release", RELEASES)
def test_upgrade_old_database_keeps_its_figures_and_events(release: str, tmp_path: Path) -> None:
    with old_database(release, tmp_path) as (fixture, variables):
        told = (HERE / f"{fixture}.json").read_text(encoding="utf-8")
        now = present(ROOT, told, tmp_path, variables)
    then = json.loads(told)
    assert len(then["events"]) > 20
    assert kept(then["figures"], now["figures"]) == then["figures"]
    assert kept(then["events"], now["events"]) == then["events"]
    assert now["signed"] == then.get("signed", now["signed"])
    assert all(signed["is_intact"] for signed in now["signed"])


@pytest.mark.django_db
@pytest.mark.parametrize("release", RELEASES)
def test_upgrade_old_database_comes_up_to_a_program_with_one_more_measure(
    release: str, tmp_path: Path
) -> None:
    program = with_one_more_measure(tmp_path / "program")
    with old_database(release, tmp_path) as (fixture, variables):
        told = (HERE / f"{fixture}.json").read_text(encoding="utf-8")
        now = present(program, told, tmp_path, variables)
    then = json.loads(told)
    assert kept(then["figures"], now["figures"]) == then["figures"]
