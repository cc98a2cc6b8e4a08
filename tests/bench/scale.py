"""What grows with the number of dossiers: `python -m tests.bench.scale [--sizes 1,10,100]`.

For each size a scratch database is filled with the demonstration that many times over and the
product is set beside the raw floor, in turn. SQLite in a scratch folder; or, with
BENCH_DATABASE_URL (a database that exists), databases named after that one on the same PostgreSQL
server, which are made here and dropped afterwards (`--keep` leaves them for another run). Each
size has a process of its own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MEASURED = "MOTCUA_BENCH_RESULT "


def main() -> None:
    options = _options()
    if options.measure:
        measure(options.measure)
        return
    sizes = [int(size) for size in options.sizes.split(",")]
    results = [_of_size(size, keep=options.keep) for size in sizes]
    sys.stdout.write("\n" + table(sizes, results) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1,10", help="times the demonstration (38,000 dossiers)")
    parser.add_argument("--keep", action="store_true", help="leave PostgreSQL databases in place")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _of_size(size: int, *, keep: bool) -> dict[str, list[float]]:
    """Medians in ms of one size, [ours, floor] by name, measured in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-scale-"))
    environment = os.environ | {
        "MOTCUA_VAR": str(folder),
        "SECRET_KEY": "used-in-measurements-only-" * 2,
        "DJANGO_SETTINGS_MODULE": "motcua.settings",
    }
    server = os.environ.get("BENCH_DATABASE_URL", "")
    name = ""
    if server:
        place, _, database = server.rpartition("/")
        name = f"{database}_x{size}"
        environment["DATABASE_URL"] = f"{place}/{name}"
        _make_database(server, name)
    try:
        command = [sys.executable, "-m", "tests.bench.scale", "--measure", str(size)]
        told = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if server and not keep:
            _statement(server, f'DROP DATABASE IF EXISTS "{name}"')
    return json.loads(next(s for s in told.splitlines() if s.startswith(MEASURED))[len(MEASURED) :])


def _make_database(server: str, name: str) -> None:
    from psycopg2.errors import DuplicateDatabase

    try:
        _statement(server, f'CREATE DATABASE "{name}"')
    except DuplicateDatabase:
        sys.stderr.write(f"{name} is there already and is used as it is\n")


def _statement(server: str, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def measure(size: int) -> None:
    """Fill the database of the environment, unless it is full, and print what was measured."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)
    _fill(size)
    with connection.cursor() as cursor:
        # What PostgreSQL does by itself after such a load, where it is allowed to.
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")
    from tests.bench.at_scale import all_of_them

    rows = all_of_them()
    found = {str(row["name"]): [row["ours_ms"], row["floor_ms"]] for row in rows}
    sys.stdout.write(f"{MEASURED}{json.dumps(found)}\n")


def _fill(size: int) -> None:
    from django.core.management import call_command
    from django.core.management.base import OutputWrapper

    from dossiers.management.commands.demo import Progress
    from motcua.models import Installation
    from tests.bench.multiply import load_multiplied

    if size == 1:
        call_command("demo", stdout=sys.stderr)
    elif not Installation.objects.filter(is_demo=True).exists():
        call_command("load_base", stdout=sys.stderr)
        with Progress(OutputWrapper(sys.stderr)) as progress:
            load_multiplied(size, progress)


def table(sizes: list[int], results: list[dict[str, list[float]]]) -> str:
    """Markdown: ours and the floor at each size, and how much dearer the largest is."""
    heads = [f"{38 * size:,}k".replace(",", " ") for size in sizes]
    lines = [
        f"| What, in ms (floor) | {' | '.join(heads)} | largest / smallest |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for name, (smallest, _) in results[0].items():
        cells = [f"{found[name][0]:.1f} ({found[name][1]:.1f})" for found in results]
        lines.append(f"| {name} | {' | '.join(cells)} | {results[-1][name][0] / smallest:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
