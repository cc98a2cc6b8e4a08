"""The settings: what the environment may say, and what is refused with a sentence."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.template.defaultfilters import date as date_filter
from django.utils.formats import number_format

from motcua.environment import Environment, kept_secret

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MOTCUA_", "DJANGO_"))
        and name not in ("SECRET_KEY", "DATABASE_URL")
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**clean, "MOTCUA_VAR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("MOTCUA_DEBUG", "perhaps", "1 (bật) hoặc 0 (tắt)"),
        ("MOTCUA_PORT", "80a", "một số từ 1 đến 65535"),
        ("MOTCUA_PORT", "70000", "một số từ 1 đến 65535"),
        ("MOTCUA_PROXIES", "-1", "một số từ 0 đến 9"),
        ("MOTCUA_IDLE_HOURS", "24", "một số từ 1 đến 12"),
        ("MOTCUA_SECOND_FACTOR", "leader", "none, leaders, all"),
        ("MOTCUA_LISTEN", "office", "một địa chỉ IP"),
        ("MOTCUA_BASE_URL", "motcua.example.vn", "địa chỉ đầy đủ"),
        ("MOTCUA_BASE_URL", "https://motcua.example.vn/desk", "không kèm đường dẫn"),
        ("MOTCUA_BASE_URL", "https://motcua.example.vn:port", "địa chỉ đầy đủ"),
        ("MOTCUA_ALLOWED_HOSTS", "http://motcua.example.vn", "tên máy không kèm http://"),
        ("MOTCUA_CSRF_TRUSTED_ORIGINS", "motcua.example.vn", "địa chỉ đầy đủ"),
        ("MOTCUA_LOOKUP_CODES_PER_DAY", "0", "một số từ 1 đến 10000"),
        ("MOTCUA_HALL_NETWORKS", "10.20.0.0/16, hall", "các địa chỉ hoặc mạng"),
        ("MOTCUA_HALL_NETWORKS", "10.20.0.1/16", "203.0.113.7, 10.20.0.0/16"),
        ("MOTCUA_SMS_URL", "sms.example.vn", "địa chỉ đầy đủ"),
        ("MOTCUA_EMAIL_URL", "mail.example.vn", "smtp+tls://"),
        ("MOTCUA_EMAIL_URL", "imap://mail.example.vn", "smtp+tls://"),
        ("MOTCUA_EMAIL_URL", "smtp://desk:secret@:25", "smtp+tls://"),
        ("MOTCUA_EMAIL_URL", "smtp://mail.example.vn:port", "smtp+tls://"),
        ("MOTCUA_EMAIL_FROM", "motcua", "một địa chỉ thư"),
        ("MOTCUA_ADMINS", "a@thoibinh.example, quản trị", "một địa chỉ thư"),
        ("MOTCUA_LOG_JSON", "có", "1 (bật) hoặc 0 (tắt)"),
        ("DATABASE_URL", "mysql://host/desk", "postgresql://"),
        ("DATABASE_URL", "postgres://host:port/desk", "postgresql://"),
        ("DATABASE_URL", "postgres://", "postgresql://"),
        ("DATABASE_URL", "sqlite:///var/desk.db", "sqlite:////srv/motcua.db"),
        ("REPLICA_URL", "postgres://desk:secret@host/desk", "trong DATABASE_URL"),
        ("REPLICA_URL", "sqlite:////srv/motcua.db", "bản sao PostgreSQL"),
        ("MOTCUA_REPLICA_LAG", "0", "một số từ 1 đến 3600"),
        ("SECRET_KEY", "short", "ít nhất 32 ký tự"),
    ],
)
def test_nonsense_is_refused_with_the_variable_and_what_is_expected(
    tmp_path, variable, value, expected
):
    env = Environment({variable: value})
    with pytest.raises(ImproperlyConfigured) as refused:
        {
            "MOTCUA_DEBUG": env.flag,
            "MOTCUA_PORT": lambda name: env.port(name, 8000),
            "MOTCUA_PROXIES": lambda name: env.number(name, 0, 0, 9),
            "MOTCUA_IDLE_HOURS": lambda name: env.number(name, 3, 1, 12),
            "MOTCUA_SECOND_FACTOR": lambda name: env.choice(name, ("none", "leaders", "all"), ""),
            "MOTCUA_LISTEN": env.listen,
            "MOTCUA_BASE_URL": lambda name: env.address(name, ""),
            "MOTCUA_ALLOWED_HOSTS": env.hosts,
            "MOTCUA_CSRF_TRUSTED_ORIGINS": env.addresses,
            "MOTCUA_LOOKUP_CODES_PER_DAY": lambda name: env.number(name, 100, 1, 10_000),
            "MOTCUA_HALL_NETWORKS": env.networks,
            "MOTCUA_SMS_URL": env.service,
            "MOTCUA_EMAIL_URL": env.mail,
            "MOTCUA_EMAIL_FROM": env.sender,
            "MOTCUA_ADMINS": env.people,
            "MOTCUA_LOG_JSON": env.flag,
            "DATABASE_URL": lambda name: env.database(name, tmp_path),
            "REPLICA_URL": lambda name: env.replica(name, env.database("DATABASE_URL", tmp_path)),
            "MOTCUA_REPLICA_LAG": lambda name: env.number(name, 10, 1, 3600),
            "SECRET_KEY": lambda name: env.secret_key(name, tmp_path),
        }[variable](variable)
    assert variable in str(refused.value)
    assert expected in str(refused.value)
    assert "secret@" not in str(refused.value)


def test_settings_mistyped_variable_is_named():
    with pytest.raises(ImproperlyConfigured, match="MOTCUA_DEBG"):
        Environment({"MOTCUA_DEBG": "1", "PATH": "/bin"})


def test_refused_database_address_does_not_show_its_password(tmp_path):
    env = Environment({"DATABASE_URL": "mysql://desk:very-secret@host/desk"})
    with pytest.raises(ImproperlyConfigured) as refused:
        env.database("DATABASE_URL", tmp_path)
    assert "very-secret" not in str(refused.value)


def test_refused_mail_address_does_not_show_its_password():
    env = Environment({"MOTCUA_EMAIL_URL": "pop3://desk:very-secret@mail.example.vn"})
    with pytest.raises(ImproperlyConfigured) as refused:
        env.mail("MOTCUA_EMAIL_URL")
    assert "very-secret" not in str(refused.value)


def test_without_a_mail_server_mail_is_written_to_the_console():
    assert Environment({}).mail("MOTCUA_EMAIL_URL") == {
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"
    }


def test_mail_address_names_server_user_and_encryption():
    address = "smtp+tls://motcua%40thoibinh.gov.vn:mat%2Fkhau@mail.thoibinh.gov.vn:587"
    mail = Environment({"MOTCUA_EMAIL_URL": address}).mail("MOTCUA_EMAIL_URL")
    assert mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"]) == ("mail.thoibinh.gov.vn", 587)
    assert mail["EMAIL_HOST_USER"] == "motcua@thoibinh.gov.vn"
    assert mail["EMAIL_HOST_PASSWORD"] == "mat/khau"
    assert mail["EMAIL_USE_TLS"] is True
    assert mail["EMAIL_TIMEOUT"] == 20
    plain = Environment({"MOTCUA_EMAIL_URL": "smtp://localhost"}).mail("MOTCUA_EMAIL_URL")
    assert (plain["EMAIL_HOST"], plain["EMAIL_PORT"]) == ("localhost", 25)


def test_sender_of_mail_may_have_a_name():
    sender = "Một cửa Thới Bình <motcua@thoibinh.gov.vn>"
    assert Environment({"MOTCUA_EMAIL_FROM": sender}).sender("MOTCUA_EMAIL_FROM") == sender


def test_without_variables_the_desk_uses_sqlite_in_its_own_folder(tmp_path):
    database = Environment({}).database("DATABASE_URL", tmp_path)
    assert database["NAME"] == tmp_path / "motcua.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_address_chooses_postgresql_with_kept_connections(tmp_path):
    env = Environment({"DATABASE_URL": "postgresql://desk:secret@db.example.vn:5433/motcua"})
    database = env.database("DATABASE_URL", tmp_path)
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        "db.example.vn",
        5433,
        "motcua",
    )
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (None, True)


def test_settings_nothing_is_asked_of_the_server_that_a_pooler_of_transactions_does_not_keep(
    tmp_path,
):
    env = Environment(
        {
            "DATABASE_URL": "postgresql://desk@pooler:6432/motcua",
            "REPLICA_URL": "postgresql://desk@pooler:6433/motcua",
            "DATABASE_DIRECT_URL": "postgresql://desk@db:5432/motcua",
        }
    )
    primary = env.database("DATABASE_URL", tmp_path)
    for database in (primary, env.replica("REPLICA_URL", primary)):
        assert "options" not in database["OPTIONS"]
        assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert env.direct("DATABASE_DIRECT_URL", primary)["PORT"] == 5432
    assert Environment({}).direct("DATABASE_DIRECT_URL", primary) == {}
    with pytest.raises(ImproperlyConfigured, match="DATABASE_DIRECT_URL"):
        env.direct("DATABASE_DIRECT_URL", env.database("NONE", tmp_path))


@pytest.mark.django_db
def test_sqlite_keeps_what_it_has_confirmed_and_refuses_broken_references():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own switches")
    with connection.cursor() as cursor:
        read = {
            pragma: cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert read == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }


def test_settings_relative_folder_stands_in_the_project_wherever_the_command_is_typed(
    tmp_path, monkeypatch
):
    monkeypatch.chdir("/")
    env = Environment({"MOTCUA_VAR": "other"})
    assert env.folder("MOTCUA_VAR", tmp_path / "var") == tmp_path / "other"
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o700


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    env = Environment({"MOTCUA_VAR": str(tmp_path / "file" / "var")})
    with pytest.raises(ImproperlyConfigured, match="MOTCUA_VAR"):
        env.folder("MOTCUA_VAR", tmp_path)


def test_settings_ipv6_address_is_written_as_in_a_web_address():
    assert Environment({"MOTCUA_LISTEN": "::1"}).listen("MOTCUA_LISTEN") == "[::1]"
    assert Environment({}).listen("MOTCUA_LISTEN") == "127.0.0.1"


def test_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = kept_secret(tmp_path / "secret-key")
    assert kept_secret(tmp_path / "secret-key") == first
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_settings_processes_that_start_together_agree_on_one_secret_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: kept_secret(tmp_path / "secret-key"), range(64)))
    assert len(keys) == 1


def test_settings_emptied_secret_key_file_is_refused_not_replaced(tmp_path):
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="secret-key"):
        kept_secret(tmp_path / "secret-key")


def test_command_says_in_one_sentence_what_is_wrong(tmp_path):
    told = manage("check", folder=tmp_path, MOTCUA_DEBUG="perhaps")
    assert told.returncode == 1
    assert told.stderr.startswith("Cấu hình chưa đúng: Biến môi trường MOTCUA_DEBUG")
    assert len(told.stderr.splitlines()) == 1


def test_settings_production_over_https_has_nothing_to_improve(tmp_path):
    told = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        folder=tmp_path,
        MOTCUA_PROXIES="1",
        MOTCUA_BASE_URL="https://motcua.thoibinh.example",
    )
    assert told.returncode == 0, told.stderr


def test_settings_debug_is_off_and_only_this_machine_is_served_unless_told():
    assert settings.DEBUG is False
    assert set(settings.ALLOWED_HOSTS) >= {"127.0.0.1", "localhost", "[::1]"}
    assert "*" not in settings.ALLOWED_HOSTS


def test_settings_numbers_and_dates_are_written_as_vietnamese_offices_do():
    from datetime import date

    assert number_format(35826, force_grouping=True) == "35.826"
    assert number_format(2016) == "2016"
    assert number_format(96.5, 1) == "96,5"
    assert date_filter(date(2016, 2, 4), "SHORT_DATE_FORMAT") == "04/02/2016"


def test_settings_every_static_file_that_a_template_names_is_there():
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", template.read_text())
    }
    assert sorted(name for name in named if not finders.find(name)) == []


def test_settings_files_for_browsers_can_be_collected_hashed_and_compressed(tmp_path):
    told = manage("collectstatic", "--no-input", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    hashed = list((tmp_path / "static" / "css").glob("motcua.*.css"))
    assert hashed
    assert all(path.with_name(path.name + ".br").exists() for path in hashed)


def test_settings_logs_and_letters_are_switched_by_variables(tmp_path):
    script = (
        "import logging, motcua.wsgi; log = logging.getLogger('django'); "
        "print([(type(h).__name__, type(h.formatter).__name__) for h in log.handlers])"
    )
    variables = {"MOTCUA_VAR": str(tmp_path), "MOTCUA_LOG_JSON": "1"}
    clean = {n: v for n, v in os.environ.items() if not n.startswith(("MOTCUA_", "DATABASE_URL"))}

    def handlers(**more: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**clean, **variables, **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert handlers() == "[('StreamHandler', 'JsonLine')]\n"
    assert "FaultMail" in handlers(MOTCUA_ADMINS="quantri@thoibinh.example")
