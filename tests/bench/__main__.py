"""How far the product is from the bare floor, as ratios in one run: `python -m tests.bench`.

It fills a scratch database with the demonstration (SQLite, or the PostgreSQL server named by
BENCH_DATABASE_URL, whose database must be empty) and drives the real handlers in process, so
that no network noise stands between the two sides of a ratio.
"""

import os
import shutil
import sys
import tempfile
import uuid
from pathlib import Path


def lay_environment() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    os.environ["MOTCUA_VAR"] = str(folder)
    os.environ["SECRET_KEY"] = "used-in-measurements-only-" * 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    if "BENCH_DATABASE_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]
    else:
        os.environ.pop("DATABASE_URL", None)
    return folder


def main() -> None:
    folder = lay_environment()
    import django
    from django.conf import settings

    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    from tests.bench import ratios, search
    from tests.bench.timing import show

    sys.stdout.write(f"\n{connection.vendor}, Python {sys.version.split()[0]}\n")
    sys.stdout.write(show(ratios.all_of_them(uuid.uuid4)) + "\n")
    sys.stdout.write(search.search_times() + "\n")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
