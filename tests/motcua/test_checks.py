"""The system checks: each finds its mistake, and says nothing when there is none."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as present
from django.core.management import call_command
from django.db import connection, connections

from dossiers.checks import no_act_lies_ahead
from motcua.models import Installation, Office, Staff
from motcua.operations import checks
from motcua.operations.replica import REPLICA
from procedures.checks import calendar_knows_the_year

DEFAULT = {"app_configs": None, "databases": ["default"]}


def ids(messages):
    return [message.id for message in messages]


def test_checks_tests_own_installation_is_sound(capsys):
    call_command("check", fail_level="WARNING")


def test_checks_debug_beyond_this_machine_is_an_error(settings):
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert ids(checks.debug_stays_on_this_machine(None)) == []
    settings.ALLOWED_HOSTS = ["127.0.0.1", "192.168.1.10"]
    (error,) = checks.debug_stays_on_this_machine(None)
    assert error.id == "motcua.E001"
    assert "192.168.1.10" in error.msg
    settings.DEBUG = False
    assert ids(checks.debug_stays_on_this_machine(None)) == []


def test_secret_key_that_others_can_read_is_an_error(settings, tmp_path):
    settings.VAR = tmp_path
    assert ids(checks.secret_key_is_private(None)) == []
    key = tmp_path / "secret-key"
    key.write_text("key")
    key.chmod(0o600)
    assert ids(checks.secret_key_is_private(None)) == []
    key.chmod(0o640)
    assert ids(checks.secret_key_is_private(None)) == ["motcua.E002"]


def test_database_file_that_others_can_read_is_a_warning(settings, monkeypatch, tmp_path):
    file = tmp_path / "motcua.sqlite3"
    file.touch()
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(database, "NAME", file)
    tmp_path.chmod(0o755)
    file.chmod(0o644)
    assert ids(checks.database_file_is_private(None)) == ["motcua.W003"]
    file.chmod(0o600)
    assert ids(checks.database_file_is_private(None)) == []
    file.chmod(0o644)
    tmp_path.chmod(0o700)
    assert ids(checks.database_file_is_private(None)) == []


def test_missing_fonts_are_an_error_and_named(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (error,) = checks.slips_have_their_fonts(None)
    assert error.id == "motcua.E004"
    assert "LiberationSerif-Bold.ttf" in error.msg


def test_missing_harfbuzz_subset_is_a_warning():
    assert ids(checks.slips_print_at_full_speed(None, libraries=["no-such-library.so"])) == [
        "motcua.W005"
    ]


def test_checks_server_open_to_the_network_needs_its_public_address(settings):
    settings.BASE_URL_IS_SET = False
    settings.LISTEN = "127.0.0.1"
    assert ids(checks.slips_name_an_address_that_citizens_reach(None)) == []
    assert ids(checks.public_address_is_set(None)) == ["motcua.W006"]
    settings.LISTEN = "192.168.1.10"
    assert ids(checks.slips_name_an_address_that_citizens_reach(None)) == ["motcua.W006"]
    settings.BASE_URL_IS_SET = True
    assert ids(checks.slips_name_an_address_that_citizens_reach(None)) == []


def test_demonstration_accounts_open_to_the_network_are_an_error(settings, db):
    account = Staff.objects.create(username="trinh-dien", is_demo=True)
    settings.LISTEN = "127.0.0.1"
    assert ids(checks.demonstration_accounts_stay_inside(**DEFAULT)) == []
    settings.LISTEN = "0.0.0.0"
    assert ids(checks.demonstration_accounts_stay_inside(**DEFAULT)) == ["motcua.E007"]
    account.delete()
    assert ids(checks.demonstration_accounts_stay_inside(**DEFAULT)) == []


def test_office_without_identity_code_is_told(db):
    office = Office.objects.create(code="32086", name="Xã Tân Lộc", kind="xã", level="commune")
    assert ids(checks.offices_have_their_identity_codes(**DEFAULT)) == ["motcua.I010"]
    office.identity_code = "H12.29.05"
    office.save()
    assert ids(checks.offices_have_their_identity_codes(**DEFAULT)) == []


def test_checks_no_proxy_counted_behind_https_is_named_before_going_public(settings):
    settings.OVER_HTTPS, settings.MOTCUA_PROXIES = True, 0
    (warning,) = checks.the_proxy_in_front_is_counted(None)
    assert (warning.id, "MOTCUA_PROXIES" in warning.msg) == ("motcua.W012", True)
    settings.MOTCUA_PROXIES = 1
    assert ids(checks.the_proxy_in_front_is_counted(None)) == []
    settings.OVER_HTTPS, settings.MOTCUA_PROXIES = False, 0
    assert ids(checks.the_proxy_in_front_is_counted(None)) == []


def test_database_that_is_away_fails_the_check(tmp_path):
    where = "postgres://desk@127.0.0.1:1/desk"
    told = subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        cwd=present.BASE_DIR,
        env={**os.environ, "DATABASE_URL": where, "MOTCUA_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "motcua.E013" in told.stderr
    assert "Traceback" not in told.stderr


def test_database_that_answers_passes_the_check(db):
    assert ids(checks.the_database_answers(**DEFAULT)) == []


def test_replica_that_waits_for_ever_is_a_warning(django_db_setup, django_db_blocker):
    if connection.vendor != "postgresql":
        pytest.skip("A replica is PostgreSQL's.")
    connections.settings[REPLICA] = connections.settings["default"]
    with django_db_blocker.unblock():
        try:
            assert ids(checks.a_replica_gives_up(**DEFAULT)) == ["motcua.W014"]
            with connections[REPLICA].cursor() as cursor:
                cursor.execute("SET statement_timeout = '20s'")
            assert ids(checks.a_replica_gives_up(**DEFAULT)) == []
        finally:
            connections[REPLICA].close()
            connection.close()
            del connections[REPLICA], connections.settings[REPLICA]


def test_database_is_read_only_when_it_is_asked_for():
    for check in (
        checks.the_database_answers,
        checks.a_replica_gives_up,
        checks.demonstration_accounts_stay_inside,
        calendar_knows_the_year,
        no_act_lies_ahead,
        checks.offices_have_their_identity_codes,
    ):
        assert check(None) == []


def test_database_says_whether_it_is_new_a_demonstration_or_real(db, capsys):
    def word():
        call_command("installation")
        return capsys.readouterr().out.strip()

    assert word() == "empty"
    Installation.objects.create(is_demo=False)
    assert word() == "real"
    Staff.objects.create(username="trinh-dien", is_demo=True)
    assert word() == "demo"
