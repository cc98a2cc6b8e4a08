"""script/upgrade: another release, or everything as it was before."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
BREAKS = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("motcua", "{newest}")]
    operations = [
        migrations.RunSQL("CREATE TABLE left_behind (id integer)"),
        migrations.RunSQL("INSERT INTO no_such_table VALUES (1)"),
    ]
    atomic = False
"""


class Installed:
    """The program as a server has it: a checkout with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "program"
        self.data = folder / "data"
        self.backups = folder / "backups"
        shutil.copytree(
            ROOT,
            self.folder,
            ignore=shutil.ignore_patterns(".git", ".venv*", "var", "wheels", "tests", ".*_cache"),
        )
        # A folder of its own, so that a release may spoil it, with the packages of this one.
        self.venv = self.folder / ".venv"
        self.venv.mkdir()
        for part in (ROOT / ".venv").iterdir():
            if part.name != "installed-locks":
                (self.venv / part.name).symlink_to(part)
        shutil.copy(ROOT / ".venv" / "installed-locks", self.venv)
        (self.folder / ".gitignore").write_text(".venv*\n__pycache__/\n")
        self.data.mkdir(mode=0o700)
        self.git("init", "--quiet")
        self.commit("old", "v1")
        self.run(".venv/bin/python", "manage.py", "migrate", "--verbosity", "0")
        self.run(".venv/bin/python", "manage.py", "load_base")

    def run(self, *command: str, code: int = 0, **variables: str) -> str:
        clean = {name: value for name, value in os.environ.items() if "MOTCUA" not in name}
        clean |= {"MOTCUA_VAR": str(self.data), "MOTCUA_BACKUP_KEY": "a key for the tests"}
        clean |= {"DATABASE_URL": "", "CI": "", **variables}
        done = subprocess.run(
            command, cwd=self.folder, env=clean, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=Một cửa", "-c", "user.email=desk@example.com")
        return self.run("git", *who, *arguments).strip()

    def commit(self, words: str, tag: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "-m", words)
        self.git("tag", tag)

    def upgrade(self, *arguments: str, code: int = 0, **variables: str) -> str:
        arguments = (*arguments, "--backups", str(self.backups))
        return self.run("script/upgrade", *arguments, code=code, **variables)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        database = sqlite3.connect(self.data / "motcua.sqlite3")
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    desk = Installed(tmp_path_factory.mktemp("installed"))
    (desk.folder / "CHANGELOG.md").write_text("The next release.")
    desk.commit("good", "v2")
    newest = max(path.stem for path in (desk.folder / "motcua/migrations").glob("0*.py"))
    broken = desk.folder / "motcua/migrations/9999_breaks.py"
    broken.write_text(BREAKS.format(newest=newest))
    with (desk.folder / "script/setup").open("a") as setup:
        setup.write("echo other-packages >.venv/installed-locks\n")
    desk.commit("broken", "v3")
    desk.git("checkout", "--quiet", "--detach", "v1")
    return desk


def test_upgrade_script_upgrade_that_fails_leaves_program_and_data_as_they_were(installed):
    before = installed.git("rev-parse", "HEAD")
    packages = (installed.venv / "installed-locks").read_text()
    told = installed.upgrade("v3", code=1)
    assert "no_such_table" in told
    assert "Đã trở về bản trước, dữ liệu như lúc sao lưu." in told
    assert installed.git("rev-parse", "HEAD") == before
    assert (installed.venv / "installed-locks").read_text() == packages
    assert installed.ask("SELECT name FROM sqlite_master WHERE name = 'left_behind'") == []
    assert installed.ask("SELECT name FROM django_migrations WHERE name LIKE '9999%'") == []
    assert installed.ask("SELECT count(*) FROM motcua_office") > [(12,)]


def test_upgrade_script_upgrade_takes_the_release_and_keeps_a_backup(installed):
    installed.git("checkout", "--quiet", "--detach", "v1")
    kept = len(list(installed.backups.glob("*.motcua"))) if installed.backups.exists() else 0
    told = installed.upgrade("v2")
    assert "Đã lên bản v2." in told
    assert installed.git("rev-parse", "HEAD") == installed.git("rev-parse", "v2^{commit}")
    assert len(list(installed.backups.glob("*.motcua"))) == kept + 1
    assert "không có gì phải làm" in installed.upgrade("v2")


def test_upgrade_script_begins_nothing_without_a_key_a_release_or_with_changed_files(
    installed,
):
    installed.git("checkout", "--quiet", "--detach", "v1")
    assert "Không có bản “v9”." in installed.upgrade("v9", code=1)
    assert "MOTCUA_BACKUP_KEY" in installed.upgrade("v2", code=1, MOTCUA_BACKUP_KEY="")
    changed = installed.folder / "README.md"
    words = changed.read_text()
    changed.write_text("changed by hand")
    assert "đã bị sửa" in installed.upgrade("v2", code=1)
    changed.write_text(words)
    assert installed.git("rev-parse", "HEAD") == installed.git("rev-parse", "v1^{commit}")


def test_upgrade_script_upgrade_reads_a_release_from_a_file(installed):
    installed.git("checkout", "--quiet", "--detach", "v1")
    installed.git("bundle", "create", "--quiet", str(installed.data / "v2.bundle"), "v1..v2")
    commit = installed.git("rev-parse", "v2^{commit}")
    installed.git("tag", "--delete", "v2")
    assert "Đã lên bản v2." in installed.upgrade("v2", "--from", str(installed.data / "v2.bundle"))
    assert installed.git("rev-parse", "HEAD") == commit
