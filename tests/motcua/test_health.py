"""The page of the desk's health: what stops work is 503, what will one day is a warning."""

import fcntl
import json
import os
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from dossiers.citizens import filing
from dossiers.models import Notice
from motcua import clock
from motcua.operations.backup.archive import LAST
from procedures.models import CalendarDay
from tests.cast import Cast, vn

pytestmark = pytest.mark.django_db
PAGE = "/suc-khoe/"
A_PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def _all_is_well(settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    backed_up_before(timedelta(hours=1), tmp_path)
    year = clock.today().year + 1
    CalendarDay.objects.create(date=f"{year}-01-01", kind="holiday", name="Tết")


def backed_up_before(age: timedelta, var: Path) -> None:
    made_at = (clock.now() - age).isoformat()
    (var / LAST).write_text(json.dumps({"made_at": made_at}))


def test_health_sound_desk_answers_200_and_tells_no_secret(client: Client, settings) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "ok", told
    parts = {"database", "migrations", "disk", "calendar", "notices", "scans", "backup"}
    parts |= {"clock", "leftovers"}
    assert set(told) == {"status", *parts}
    assert answer["Cache-Control"] == "no-store"
    database = settings.DATABASES["default"]
    for secret in (settings.SECRET_KEY, str(database["NAME"]), str(settings.VAR)):
        assert secret not in answer.content.decode()
    assert client.get("/suc-khoe/gon/").content == b"ok\n"


def test_health_costs_few_statements_and_no_session(
    client: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(7):
        client.get(PAGE)
    with django_assert_max_num_queries(1):
        client.get("/suc-khoe/gon/")


def test_health_is_never_throttled(client: Client, settings) -> None:
    settings.MOTCUA_LOOKUPS_PER_MINUTE = 1
    assert {client.get("/suc-khoe/gon/").status_code for _ in range(40)} == {200}


def test_database_that_is_away_is_503(client: Client, monkeypatch) -> None:
    def away(*args: object) -> None:
        raise OperationalError("could not connect to server: secret-host")

    monkeypatch.setattr(CursorWrapper, "execute", away)
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False}
    assert "secret-host" not in answer.content.decode()
    assert client.get("/suc-khoe/gon/").status_code == 503


def test_missing_migration_is_503(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("motcua", "0002_accounts")
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert answer.json()["migrations"] == {"ok": False, "missing": 1}


def test_health_full_disk_is_503(client: Client, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 2**20))
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert answer.json()["disk"] == {"ok": False, "free_mb": 1}


def test_backup_dated_in_the_future_is_not_believed(client: Client, settings) -> None:
    backed_up_before(timedelta(days=-300), settings.VAR)
    assert client.get(PAGE).json()["backup"]["ok"] is False


def test_health_what_will_stop_work_one_day_is_a_warning(
    client: Client, cast: Cast, settings
) -> None:
    (settings.VAR / LAST).unlink()
    assert client.get(PAGE).json()["backup"] == {"ok": False, "age_hours": None}
    backed_up_before(timedelta(hours=40), settings.VAR)
    dossier = cast.received("2016-02-04T09:00")
    Notice.objects.create(
        dossier=dossier,
        event=dossier.events.get(),
        channel="sms",
        address="0900000001",
        body="…",
        queued_at=vn("2016-02-04T09:00"),
        try_after=vn("2016-02-04T09:00"),
    )
    answer = client.get(PAGE)
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "warning"
    assert told["backup"] == {"ok": False, "age_hours": 40}
    assert told["notices"] == {"ok": False, "waiting": 1, "stuck": 0}
    assert "0900000001" not in answer.content.decode()
    Notice.objects.update(state=Notice.State.FAILED)
    stuck = client.get(PAGE).json()["notices"]
    assert stuck == {"ok": False, "waiting": 0, "stuck": 1}, "given up: a person has to look"


def test_health_scan_that_is_gone_is_a_warning(client: Client, cast: Cast, settings) -> None:
    scan = filing.keep(SimpleUploadedFile("don.pdf", A_PDF), None)
    assert client.get(PAGE).json()["scans"] == {"ok": True, "missing": 0}
    scan.file.storage.delete(scan.file.name)
    told = client.get(PAGE)
    assert told.status_code == 200
    assert told.json()["status"] == "warning"
    assert told.json()["scans"] == {"ok": False, "missing": 1}
    scan.delete()
    assert client.get(PAGE).json()["scans"]["ok"]
    noted = json.loads((settings.VAR / LAST).read_text())
    (settings.VAR / LAST).write_text(json.dumps(noted | {"missing": 3}))
    assert client.get(PAGE).json()["scans"] == {"ok": False, "missing": 3}, "older ones too"


def test_health_what_a_killed_restore_left_is_named_while_nobody_works_in_it(
    client: Client, settings
) -> None:
    folder = settings.VAR / ".restore-abc"
    folder.mkdir()
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    assert client.get(PAGE).json()["leftovers"] == {"ok": True, "folders": []}
    os.close(held)
    told = client.get(PAGE).json()
    assert told["leftovers"] == {"ok": False, "folders": [".restore-abc"]}
    assert told["status"] == "warning"
