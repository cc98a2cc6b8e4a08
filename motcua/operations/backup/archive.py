"""What a backup holds, and the order in which a restore trusts it.

Inside the seal is a tar: `manifest.json` (version, migrations, a census of every table, a digest
of every file), the database as its own tools write it, and the files of MOTCUA_VAR: uploads,
register exports and the secret key, without which everybody would have to log in again. What can
be made anew stays out: collected static files, and the database's own files.

A restore opens everything into a folder of its own first and touches nothing before all of it
has been checked.
"""

import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from motcua import clock
from motcua.operations.backup import databases, scans
from motcua.operations.backup.databases import Census, Disturbed, Failed
from motcua.operations.backup.sealed import Damaged, Reader, Writer

SUFFIX = ".motcua"
FILES = "files"
LAST = "last-backup.json"
_WORKSHOP = ".backup-"
_ASIDE = ".restore-"
"""What a restore moved out of the way: swept by the next one that comes to its end, and by nothing
else, since it may be all that is left."""
_NEW = ".new-"
_NAMED = 20  # files in a sentence
_MADE_ANEW = {"static", LAST}


@dataclass
class Manifest:
    """What stands in the backup, so that it can be judged before anything is touched."""

    made_at: str
    program: str
    vendor: str
    migrations: list[str]
    census: Census
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(int(counted.split()[0]) for counted in self.census.values())


class Incomplete(Exception):
    """The backup was written with all that there is, and rows name files that are gone."""


def back_up(file: Path, passphrase: str) -> Manifest:
    """Write the installation to `file`, which appears whole or not at all, for its owner only.

    Raises Incomplete, afterwards, when the file of a row is missing.
    """
    part = file.with_name(f"{file.name}.part")
    databases.go_around_pooler()
    with _workshop() as folder:
        database = databases.database()
        copy = folder / database.member
        census = database.dump(copy)
        paths = {database.member: copy, **dict(_files())}
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            program=_program(),
            vendor=database.vendor,
            migrations=_applied(),
            census=census,
        )
        try:
            with os.fdopen(
                os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb"
            ) as out:
                sealed = Writer(out, passphrase)
                _pack(sealed, manifest, paths)
                sealed.close()
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    gone = scans.missing()
    _note(file, manifest, gone)
    if gone:
        named = ", ".join(gone[:_NAMED]) + (", …" if len(gone) > _NAMED else "")
        raise Incomplete(
            f"Đã sao lưu vào {file}, nhưng {len(gone)} tệp mà hồ sơ có ghi không còn trên đĩa: "
            f"{named}. Chưa xóa bản sao lưu cũ nào: hãy lấy lại các tệp ấy từ bản cũ vào thư mục "
            "uploads rồi sao lưu lại."
        )
    return manifest


class _Digested:
    """A file whose digest is of what was read of it: one that is being written may grow."""

    def __init__(self, data: BinaryIO) -> None:
        self._data = data
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._data.read(size)
        self.digest.update(chunk)
        return chunk


def _pack(sealed: Writer, manifest: Manifest, paths: dict[str, Path]) -> None:
    with (
        # It asks of a file no more than Writer has; its stub asks for all that a file may do.
        gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=1) as packed,  # type: ignore[call-overload]
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, path in paths.items():
            try:
                data = path.open("rb")
            except FileNotFoundError:  # a paper that was fetched and removed meanwhile
                continue
            with data:
                info = tar.gettarinfo(arcname=name, fileobj=data)
                packed_bytes = _Digested(data)
                tar.addfile(info, packed_bytes)
                manifest.digests[name] = packed_bytes.digest.hexdigest()
        written = json.dumps(asdict(manifest), ensure_ascii=False).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size = len(written)
        tar.addfile(info, io.BytesIO(written))


def restore(file: Path, passphrase: str, *, replace: bool = False) -> Manifest:
    """Bring an installation back: wholly, or with a sentence (Damaged, Failed) and no change.

    All log-ins end: whoever was logged in when the backup was made may have been sent away since.
    Raises Disturbed when the desk was not stopped and wrote at the same time.
    """
    databases.go_around_pooler()
    with _workshop() as folder:
        manifest = _unpack(file, passphrase, folder)
        database = databases.database()
        _judge(manifest, database.vendor, replace=replace)
        copy = folder / database.member
        database.verify(copy, manifest.census)
        with _exchanged(folder / FILES):
            database.restore(copy, manifest.census)
    present = database.present()
    _end_log_ins(present)
    if present != manifest.census:
        raise Disturbed(
            "Đã khôi phục, nhưng cùng lúc đó có chương trình khác ghi vào cơ sở dữ liệu. Hãy "
            "dừng máy chủ rồi khôi phục lại."
        )
    _sweep(_ASIDE)
    return manifest


def _end_log_ins(tables: Census) -> None:
    sessions = apps.get_model("sessions", "Session")
    if sessions._meta.db_table in tables:
        sessions.objects.all().delete()


def _unpack(file: Path, passphrase: str, folder: Path) -> Manifest:
    """Everything that the backup holds, checked against its own manifest."""
    found: dict[str, str] = {}
    manifest = None
    try:
        with (
            file.open("rb") as source,
            # As above, of Reader.
            gzip.GzipFile(fileobj=Reader(source, passphrase), mode="rb") as packed,  # type: ignore[call-overload]
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            for member in tar:
                data = tar.extractfile(member)
                if data is None or not _is_inside(member.name):
                    raise Damaged(f"Bản sao lưu có mục lạ: {member.name}.")
                if member.name == "manifest.json":
                    manifest = Manifest(**json.load(data))
                else:
                    found[member.name] = _extract(data, folder / member.name)
            while packed.read(1 << 20):  # to the seal of the last chunk
                pass
    except (tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise Damaged("Tệp sao lưu đã bị hỏng.") from error
    if manifest is None or manifest.digests != found:
        raise Damaged("Tệp sao lưu thiếu một phần dữ liệu.")
    return manifest


def _extract(data: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        while block := data.read(1 << 20):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _is_inside(name: str) -> bool:
    parts = Path(name).parts
    return not Path(name).is_absolute() and ".." not in parts and bool(parts)


def _judge(manifest: Manifest, vendor: str, *, replace: bool) -> None:
    if manifest.vendor != vendor:
        raise Failed(
            f"Bản sao lưu lấy từ {manifest.vendor}, còn nơi này dùng {vendor}. Hãy đặt "
            "DATABASE_URL tới đúng loại cơ sở dữ liệu."
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if not set(manifest.migrations) <= known:
        raise Failed(
            f"Bản sao lưu lấy từ phiên bản mới hơn ({manifest.program}). Hãy cài phiên bản đó "
            "rồi khôi phục."
        )
    if not replace and holds_work():
        raise Failed(
            "Cơ sở dữ liệu này đang có tài khoản hoặc hồ sơ, nên không khôi phục đè lên. Nếu "
            "đúng là muốn thay toàn bộ, hãy thêm --replace."
        )


def holds_work() -> bool:
    """Whether somebody's work stands in this database: a row of MOTCUA_WORK_MODELS."""
    tables = set(connection.introspection.table_names())
    models = [apps.get_model(label) for label in settings.MOTCUA_WORK_MODELS]
    return any(m._meta.db_table in tables and m._default_manager.exists() for m in models)


@contextmanager
def _exchanged(files: Path) -> Iterator[None]:
    """The files of the backup in the place of those that are there; the old ones come back
    when the database cannot follow."""
    with _own_folder(_ASIDE) as aside:
        moved: list[tuple[Path, Path]] = []  # (from, to), in order
        try:
            # Exactly the files of a backup: other backups and keys may lie beside them.
            for _, path in list(_files()):
                _move(path, aside / path.relative_to(settings.VAR), moved)
            for path in sorted(files.rglob("*")):
                if path.is_file():
                    _move(path, Path(settings.VAR) / path.relative_to(files), moved)
            yield
        except BaseException:
            _move_back(moved, aside)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _move_back(moved: list[tuple[Path, Path]], aside: Path) -> None:
    for source, target in reversed(moved):
        if target.exists() and not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(target, source)
    # What could not go back, since a desk that was not stopped wrote there, stays aside.
    if not any(path.is_file() for path in aside.rglob("*")):
        shutil.rmtree(aside, ignore_errors=True)


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    moved.append((source, target))
    shutil.move(source, target)  # a rename, unless a link leads to another disk


def _files() -> Iterator[tuple[str, Path]]:
    """(name in the backup, path) of every file of MOTCUA_VAR that cannot be made anew."""
    var = Path(settings.VAR)
    database = str(connection.settings_dict["NAME"])
    for path in sorted(_below(var)):
        relative = path.relative_to(var)
        top = relative.parts[0]
        if (
            path.is_file()
            and not path.is_symlink()
            and top not in _MADE_ANEW
            and not top.startswith((_WORKSHOP, _ASIDE, _NEW))
            and not str(path).startswith(database)
            and path.suffix not in (SUFFIX, ".part")
        ):
            yield f"{FILES}/{relative.as_posix()}", path


def _below(folder: Path) -> Iterator[Path]:
    """Everything below a folder, also where a link leads to another disk; nothing twice."""
    seen: set[str] = set()
    for here, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(here)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(here, name) for name in names)


@contextmanager
def _workshop() -> Iterator[Path]:
    """A folder on the disk of the data, readable by its owner only, gone afterwards. One that a
    killed run left behind, with the data in the open, goes now."""
    _sweep(_WORKSHOP)
    with _own_folder(_WORKSHOP) as folder:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _own_folder(prefix: str) -> Iterator[Path]:
    """A new folder, locked for as long as this process works in it; it is locked before it bears
    a name by which others look for what was left."""
    draft = Path(tempfile.mkdtemp(prefix=_NEW, dir=settings.VAR))
    held = os.open(draft, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield draft.rename(draft.with_name(prefix + draft.name.removeprefix(_NEW)))
    finally:
        os.close(held)


def leftovers(*prefixes: str) -> list[Path]:
    """Folders of backups and restores that were killed: nobody works in them any more."""
    found = (Path(settings.VAR).glob(f"{prefix}*") for prefix in prefixes or (_WORKSHOP, _ASIDE))
    return sorted(folder for some in found for folder in some if _is_left(folder))


def _is_left(folder: Path) -> bool:
    try:
        held = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True


def _sweep(prefix: str) -> None:
    for left in leftovers(prefix):
        shutil.rmtree(left, ignore_errors=True)


def _applied() -> list[str]:
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


def _program() -> str:
    try:
        return version("motcua")
    except PackageNotFoundError:
        described = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(described)["project"]["version"])


def _note(file: Path, manifest: Manifest, gone: list[str]) -> None:
    """When the last backup was made and how many files it lacks, for the page of the health of
    the desk."""
    note = {"made_at": manifest.made_at, "bytes": file.stat().st_size, "missing": len(gone)}
    draft = settings.VAR / f"{LAST}.part"
    draft.write_text(json.dumps(note), encoding="utf-8")
    draft.replace(settings.VAR / LAST)


def last_backup() -> datetime | None:
    """When the last backup of this installation was made, if any is known."""
    try:
        return datetime.fromisoformat(_noted()["made_at"])
    except (ValueError, KeyError):
        return None


def missing_in_last_backup() -> int:
    """How many files of rows the last backup did not find on the disk."""
    return int(_noted().get("missing", 0))


def _noted() -> dict[str, Any]:
    try:
        return dict(json.loads((settings.VAR / LAST).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
