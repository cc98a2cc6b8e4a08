"""The day, the reader and the files of the register book's tests."""

import sys
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from reports.models import exports_folder
from tests.cast import Cast, vn


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(vn("2016-12-01T09:00"), tick=False):
        yield


@pytest.fixture(autouse=True)
def _no_files() -> None:
    """Keys begin anew with each test, and with them the names of files."""
    for path in exports_folder().iterdir():
        path.unlink()


@pytest.fixture
def no_child(settings: object) -> None:
    """The job's process would not see this test's transaction: one that does nothing is begun,
    and the tests work the job off themselves."""
    settings.JOB_COMMAND = [sys.executable, "-c", "pass"]


@pytest.fixture
def reader(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client
