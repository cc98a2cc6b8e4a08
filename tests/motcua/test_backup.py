"""Backup and restore: every row comes back, on both databases; a bad file changes nothing."""

import fcntl
import io
import os
import re
import signal
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client

from dossiers.citizens import filing
from dossiers.lifecycle import perform
from dossiers.models import Attachment, Dossier, Event
from motcua import clock
from motcua.models import Staff
from motcua.operations.backup import archive, databases, sealed
from tests.cast import Cast, make_cast, vn

A_PDF = b"%PDF-1.7\n%%EOF"
KEY = "một khóa đủ dài để thử"


@pytest.fixture(autouse=True)
def _var(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own: what the run's other tests left there is not backed up."""
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    monkeypatch.setenv("MOTCUA_BACKUP_KEY", KEY)
    yield settings.VAR


def a_few_lives() -> Cast:
    cast = make_cast()
    first = cast.received("2016-02-01T08:00", applicant_name="Đặng Thị Ngọc Ánh")
    perform.resolve(first, by=cast.clerk, outcome="approved", at=vn("2016-02-03T09:00"))
    perform.hand_over(
        first, by=cast.clerk, collector_name="Đặng Thị Ngọc Ánh", at=vn("2016-02-04T08:00")
    )
    second = cast.received("2016-02-02T09:00", phone="0900000001")
    perform.forward(second, by=cast.clerk, division=cast.land_division, at=vn("2016-02-02T10:00"))
    cast.received(
        "2016-02-05T10:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    return cast


def every_row() -> dict[str, list[tuple]]:
    """Every row of every table, read afresh and independently of the census."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def quarter() -> str:
    told = io.StringIO()
    call_command("report", "2016-Q1", by="office", format="json", stdout=told)
    return told.getvalue()


def backed_up(folder: Path) -> Path:
    file = folder / "desk.motcua"
    call_command("backup", str(file), stdout=io.StringIO())
    return file


@pytest.mark.django_db(transaction=True)
def test_backup_every_row_event_figure_and_file_comes_back(_var: Path, tmp_path: Path) -> None:
    a_few_lives()
    (_var / "so-cu").mkdir()
    (_var / "so-cu" / "1-abc.tep").write_bytes(b"old register")
    (_var / "secret-key").write_text("k" * 50)
    (_var / "backups").mkdir()
    (_var / "backups" / "note.txt").write_text("kept with the backups")
    (_var / "backups" / "older.motcua").write_bytes(b"another backup")
    before, counted = every_row(), quarter()
    file = backed_up(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Đặng".encode() not in file.read_bytes()

    call_command("flush", interactive=False, verbosity=0)
    (_var / "so-cu" / "1-abc.tep").unlink()
    (_var / "secret-key").write_text("another key")
    told = io.StringIO()
    call_command("restore", str(file), stdout=told)

    assert every_row() == before
    assert Event.objects.count() == 6
    assert quarter() == counted
    assert (_var / "so-cu" / "1-abc.tep").read_bytes() == b"old register"
    assert (_var / "secret-key").read_text() == "k" * 50
    assert (_var / "backups" / "older.motcua").read_bytes() == b"another backup"
    assert not list(_var.glob(".backup-*")), "nothing lies open afterwards"
    assert not list(_var.glob(".restore-*"))
    assert "đã đối chiếu từng bảng" in told.getvalue()
    with pytest.raises(DatabaseError, match="append-only"):
        Event.objects.update(note="đổi")  # the rules of the database came back too


@pytest.mark.django_db(transaction=True)
def test_database_with_work_in_it_is_replaced_only_when_told_so(_var: Path, tmp_path: Path) -> None:
    cast = a_few_lives()
    file = backed_up(tmp_path)
    before = every_row()
    later = cast.received("2016-03-01T09:00")
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(file))
    assert Dossier.objects.filter(pk=later.pk).exists()
    call_command("restore", str(file), replace=True, stdout=io.StringIO())
    assert every_row() == before


@pytest.mark.django_db(transaction=True)
def test_backup_wrong_key_or_a_damaged_file_changes_nothing(
    _var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Staff.objects.create(username="mot-cua", full_name="Trần Thị Mận")
    file = backed_up(tmp_path)
    sound = file.read_bytes()
    Staff.objects.filter(username="mot-cua").update(phone="0290 1")
    before = every_row()
    spoilt = {
        "cut off": (sound[:-40], "hỏng"),
        "one bit": (sound[:300] + bytes([sound[300] ^ 1]) + sound[301:], "hỏng"),
        "header": (sound[:20] + bytes([sound[20] ^ 1]) + sound[21:], "hỏng"),
        "longer": (sound + b"x", "hỏng"),
        "no backup": (b"PK\3\4" + sound, "không phải là bản sao lưu"),
        "empty": (b"", "không phải là bản sao lưu"),
    }
    for name, (content, sentence) in spoilt.items():
        file.write_bytes(content)
        with pytest.raises(CommandError, match=sentence) as refused:
            call_command("restore", str(file), replace=True)
        assert str(refused.value).endswith("Chưa có gì thay đổi."), name
    file.write_bytes(sound)
    monkeypatch.setenv("MOTCUA_BACKUP_KEY", "một khóa khác hẳn")
    with pytest.raises(CommandError, match="Khóa không đúng"):
        call_command("restore", str(file), replace=True)
    assert every_row() == before


@pytest.mark.django_db(transaction=True)
def test_backup_file_that_grows_while_it_is_packed_spoils_no_backup(
    _var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = _var / "growing.log"
    growing.write_bytes(b"so far")
    real = tarfile.TarFile.gettarinfo

    def measured(self: tarfile.TarFile, *args: object, **kwargs: object) -> tarfile.TarInfo:
        if str(kwargs["arcname"]).endswith(growing.name):
            growing.write_bytes(b"so far, and further")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(tarfile.TarFile, "gettarinfo", measured)
    file = backed_up(tmp_path)
    call_command("restore", str(file), replace=True, stdout=io.StringIO())
    assert growing.read_bytes() == b"so far, and further"


@pytest.mark.django_db(transaction=True)
def test_database_that_cannot_follow_leaves_the_old_one_and_its_files(
    _var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is sound and sealed, but is not what its manifest says."""
    a_few_lives()
    (_var / "secret-key").write_text("k" * 50)
    real = databases.database().dump

    def wrong(target: Path) -> databases.Census:
        return {**real(target), "dossiers_dossier": "7 0"}

    monkeypatch.setattr(type(databases.database()), "dump", lambda self, target: wrong(target))
    file = backed_up(tmp_path)
    (_var / "secret-key").write_text("the present key")
    before = every_row()
    with pytest.raises(CommandError, match="Chưa có gì thay đổi"):
        call_command("restore", str(file), replace=True)
    assert every_row() == before
    assert (_var / "secret-key").read_text() == "the present key"


@pytest.mark.django_db
def test_backup_of_a_newer_program_or_another_database_is_refused() -> None:
    made = archive.Manifest("2026-01-01T00:00", "9.0", connection.vendor, ["motcua.0999_later"], {})
    with pytest.raises(databases.Failed, match=r"phiên bản mới hơn \(9.0\)"):
        archive._judge(made, connection.vendor, replace=True)
    with pytest.raises(databases.Failed, match="DATABASE_URL"):
        archive._judge(made, "oracle", replace=True)


@pytest.mark.django_db(transaction=True)
def test_backup_in_a_folder_the_newest_are_kept_and_the_last_one_is_known(
    _var: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("20160101", "20160102"):
        (folder / f"motcua-{day}-000000.motcua").touch()
    (folder / "other.motcua").touch()
    assert archive.last_backup() is None
    call_command("backup", str(folder), keep=2, stdout=io.StringIO())
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "motcua-20160102-000000.motcua"
    assert re.fullmatch(r"motcua-\d{8}-\d{6}\.motcua", names[1])
    assert names[2:] == ["other.motcua"]
    assert clock.now() - archive.last_backup() < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_backup_named_by_a_clock_that_ran_ahead_is_the_first_to_go(
    _var: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("20160101", "20991231"):
        (folder / f"motcua-{day}-000000.motcua").touch()
    call_command("backup", str(folder), keep=2, stdout=io.StringIO())
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert names[0] == "motcua-20160101-000000.motcua"
    assert "motcua-2099" not in names[1]


@pytest.mark.django_db(transaction=True)
def test_backup_what_a_killed_run_left_in_the_open_is_swept_and_nothing_else(
    _var: Path, tmp_path: Path
) -> None:
    left, busy, old_files = (_var / name for name in (".backup-x", ".backup-y", ".restore-z"))
    for folder in (left, busy, old_files):
        folder.mkdir()
        (folder / "data.sql").write_text("Đặng Thị Ngọc Ánh")
    held = os.open(busy, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)

    archive.back_up(tmp_path / "a.motcua", KEY)

    os.close(held)
    assert [folder.exists() for folder in (left, busy, old_files)] == [False, True, True]


@pytest.mark.django_db(transaction=True)
def test_restore_that_was_killed_is_swept_by_the_next_one_that_ends(
    _var: Path, tmp_path: Path
) -> None:
    """Killed when the old files lie aside and the new ones stand, before the database follows."""
    Staff.objects.create(username="mot-cua", full_name="Trần Thị Mận")
    (_var / "secret-key").write_text("k" * 50)
    file = backed_up(tmp_path)
    (_var / "secret-key").write_text("the present key, kept")
    connection.close()
    child = os.fork()
    if child == 0:

        def killed_here(copy: Path, census: databases.Census) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        type(databases.database()).restore = lambda self, copy, census: killed_here(copy, census)
        archive.restore(file, KEY, replace=True)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    workshop, aside = archive.leftovers()
    assert (workshop.name[:8], aside.name[:9]) == (".backup-", ".restore-")
    assert (aside / "secret-key").read_text() == "the present key, kept"
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(file))
    assert archive.leftovers() == [aside], "who was refused threw nothing away"
    call_command("restore", str(file), replace=True, stdout=io.StringIO())
    assert archive.leftovers() == []


@pytest.mark.django_db(transaction=True)
def test_restore_ends_all_log_ins_and_says_so(_var: Path, tmp_path: Path) -> None:
    cast = make_cast()
    browser = Client()
    browser.force_login(cast.clerk)
    file = backed_up(tmp_path)
    assert Session.objects.count() == 1
    told = io.StringIO()
    call_command("restore", str(file), replace=True, stdout=told)
    assert "Mọi phiên đăng nhập đã kết thúc" in told.getvalue()
    assert not Session.objects.exists()
    assert browser.get("/ban-lam-viec/")["Location"].startswith("/dang-nhap/")


@pytest.mark.django_db(transaction=True)
def test_backup_that_lacks_a_scan_is_written_whole_and_ends_in_an_error(
    _var: Path, tmp_path: Path
) -> None:
    kept, gone = (
        filing.keep(SimpleUploadedFile(f"{name}.pdf", A_PDF), None) for name in ("don", "so-do")
    )
    gone.file.storage.delete(gone.file.name)
    old = tmp_path / "motcua-20160101-000000.motcua"
    old.touch()
    with pytest.raises(CommandError, match="1 tệp mà hồ sơ có ghi không còn") as told:
        call_command("backup", str(tmp_path), keep=1, stdout=io.StringIO())
    assert gone.file.name in str(told.value)
    assert kept.file.name not in str(told.value)
    assert old.exists(), "it may be the one that holds the scan"
    assert archive.missing_in_last_backup() == 1
    (made,) = set(tmp_path.glob("*.motcua")) - {old}
    call_command("restore", str(made), replace=True, stdout=io.StringIO())
    assert Attachment.objects.count() == 2
    gone.delete()
    made.unlink()  # the next one, made within the second, bears its name
    call_command("backup", str(tmp_path), keep=1, stdout=io.StringIO())
    assert archive.missing_in_last_backup() == 0
    assert not old.exists()


@pytest.mark.django_db(transaction=True)
def test_scans_on_another_disk_are_in_the_backup_and_come_back_there(
    _var: Path, tmp_path: Path
) -> None:
    """A folder of the data may be a link, and one that leads back to itself is no endless one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "don.pdf").write_bytes(A_PDF)
    (disk / "again").symlink_to(_var)
    (_var / "uploads").symlink_to(disk)
    file = backed_up(tmp_path)
    (disk / "don.pdf").unlink()
    call_command("restore", str(file), replace=True, stdout=io.StringIO())
    assert (disk / "don.pdf").read_bytes() == A_PDF
    assert (_var / "uploads").is_symlink()


def test_backup_is_not_written_over_and_needs_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.motcua").touch()
    with pytest.raises(CommandError, match="Đã có tệp"):
        call_command("backup", str(tmp_path / "old.motcua"))
    with pytest.raises(CommandError, match="--keep cần một thư mục"):
        call_command("backup", str(tmp_path / "new.motcua"), keep=3)
    monkeypatch.setenv("MOTCUA_BACKUP_KEY", "ngắn")
    with pytest.raises(CommandError, match="ít nhất 12 ký tự"):
        call_command("backup", str(tmp_path / "new.motcua"))
    monkeypatch.delenv("MOTCUA_BACKUP_KEY")
    with pytest.raises(CommandError, match="MOTCUA_BACKUP_KEY hoặc --key-file"):
        call_command("backup", str(tmp_path / "new.motcua"))
    with pytest.raises(CommandError, match="Không đọc được tệp khóa"):
        call_command("backup", str(tmp_path / "new.motcua"), key_file=tmp_path / "none")


@pytest.mark.parametrize("size", [0, 1, sealed.CHUNK - 1, sealed.CHUNK, 2 * sealed.CHUNK + 5])
def test_backup_what_is_sealed_comes_back_and_chunks_keep_their_places(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    file = io.BytesIO()
    writer = sealed.Writer(file, KEY)
    writer.write(content)
    writer.close()
    assert sealed.Reader(io.BytesIO(file.getvalue()), KEY).read(size + 1) == content
    whole = file.getvalue()
    step, head = (
        sealed.CHUNK + 16,
        len(whole) - len(content) - 16 * max(1, -(-size // sealed.CHUNK)),
    )
    if size > 2 * sealed.CHUNK:
        swapped = whole[:head] + whole[head + step : head + 2 * step] + whole[head : head + step]
        with pytest.raises(sealed.Damaged):
            sealed.Reader(io.BytesIO(swapped + whole[head + 2 * step :]), KEY).read(size)
        with pytest.raises(sealed.Damaged):
            sealed.Reader(io.BytesIO(whole[: head + step]), KEY).read(size)


def test_missing_or_old_tools_of_postgresql_are_said(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        assert isinstance(databases.database(), databases.SQLite)
        return
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(databases.Failed, match="cũ hơn máy chủ PostgreSQL"):
        databases.PostgreSQL().dump(tmp_path / "dump")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(databases.Failed, match="postgresql-client"):
        databases.PostgreSQL().dump(tmp_path / "dump")


def test_key_of_the_backup_is_no_secret_of_the_settings() -> None:
    assert not hasattr(settings, "MOTCUA_BACKUP_KEY")
