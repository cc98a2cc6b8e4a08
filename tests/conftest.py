"""What all tests stand on: their own environment, a database of its own, no network, one browser.

The settings read the environment when they are imported, so the variables are laid first and
Django is set up here: a developer's own MOTCUA_ variables and var/ folder stay out of the tests.
"""

import atexit
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
ON_CI = os.environ.get("CI") == "true"
# The slice of the database that `script/test --quick` takes beside the pure tests: the life of a
# dossier, the counter, the look-up, one table against a count by hand.
QUICK = {
    f"tests/{name}.py"
    for name in (
        "test_architecture",
        "dossiers/test_lifecycle",
        "dossiers/test_intake",
        "dossiers/test_lookup",
        "dossiers/test_states",
        "reports/test_periods",
    )
}


def lay_environment() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        # Its controller laid the rest; a folder of its own keeps its files from the other's.
        folder = Path(os.environ["MOTCUA_VAR"]) / worker
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.environ.get("DATABASE_URL"):
            # A scratch PostgreSQL, another account, gets to its own folder.
            folder.parent.chmod(0o711)
            folder.chmod(0o711)
        os.environ["MOTCUA_VAR"] = str(folder)
        return
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        del os.environ[name]
    os.environ.pop("REPLICA_URL", None)
    folder = tempfile.mkdtemp(prefix="motcua-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["MOTCUA_VAR"] = folder
    os.environ["SECRET_KEY"] = "used-in-tests-only-" * 3
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    # Playwright's loop runs in the thread of the test, which also reads the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def lay_settings() -> None:
    import django
    from django.conf import settings
    from django.test.signals import storages_changed

    # There is a gateway, and nobody answers there.
    settings.MOTCUA_SMS_URL = "http://127.0.0.1:1/sms"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A worker's settings were read before this file, with its controller's environment: its files
    # would lie among those of the other, whose tests sweep them away.
    settings.VAR = Path(os.environ["MOTCUA_VAR"])
    uploads = settings.STORAGES["uploads"]
    settings.STORAGES = {
        **settings.STORAGES,
        "uploads": {
            **uploads,
            "OPTIONS": uploads["OPTIONS"] | {"location": settings.VAR / "uploads"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    storages_changed(setting="STORAGES")
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, as in production: threads get connections of their own and really compete.
        database.setdefault("TEST", {})["NAME"] = settings.VAR / "test.sqlite3"
    django.setup()


def let_tests_empty_sqlite() -> None:
    """Emptying the tables after a test deletes events, which the database's triggers refuse;
    they step aside for that moment. On PostgreSQL TRUNCATE passes row triggers by itself."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = flush(self, style, tables, **options)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drop = [f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers]
        return [*drop, *statements, *(sql for _, sql in triggers)] if statements else []

    DatabaseOperations.sql_flush = sql_flush


def stay_on_this_machine() -> None:
    connect = socket.socket.connect

    def local_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"A test tried to reach {host}: nothing leaves the machine.")
        connect(self, address)

    socket.socket.connect = local_connect  # type: ignore[method-assign]


lay_environment()
lay_settings()
let_tests_empty_sqlite()
stay_on_this_machine()

hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if ON_CI else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "e2e"):
            item.add_marker(pytest.mark.browser)
        if str(item.path.relative_to(ROOT)) in QUICK:
            item.add_marker(pytest.mark.quick)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What one test put in the cache (throttles, "is this a demonstration") is not there for
    the next."""
    from django.core.cache import cache

    from dossiers.views import lookup
    from procedures import views as catalogue
    from procedures.search import unanswered

    cache.clear()
    lookup.throttle.forget()
    lookup.codes.forget()
    catalogue.papers.forget()
    catalogue.files.forget()
    unanswered.notes.forget()
    yield


@pytest.fixture
def cast(db: None) -> Any:
    """The shared offices, procedures and staff: see `tests/cast.py`."""
    from tests.cast import make_cast

    return make_cast()


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium; it asks nobody for updates and reaches no other host."""
    executable = chromium()
    if executable is None:
        if ON_CI:
            pytest.fail("Chromium is not installed: run script/setup --test")
        pytest.skip("Chromium is not installed: run script/setup --test")
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": executable, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
