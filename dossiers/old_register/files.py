"""Old registers that were uploaded and wait to be confirmed: kept an hour, for their owner only.

A file lies in the data folder under its owner's key and its own digest, beside what was found
in it; so what is confirmed is exactly what was looked at. A short list of lines is checked and
written at once; a long one, and every workbook, by `manage.py work_off_register` in a process of
its own, one at a time for a person: what a workbook unpacks to its length does not tell.
"""

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from dossiers.old_register import importer
from dossiers.old_register.importer import Checked
from dossiers.old_register.lines import LARGEST_FILE, TOO_LARGE, read
from dossiers.old_register.problems import Problem, UnreadableFile
from dossiers.old_register.workbook import is_workbook, judge_workbook
from motcua.models import Staff
from motcua.operations import jobs

KEPT_FOR = timedelta(hours=1)
FIRST_LINES = 10
AT_ONCE = 150_000  # bytes: about a thousand lines, which take a second
LINES_AT_ONCE = 1_000  # short lines, each with faults, take as long
TRIES, A_MOMENT = 5, 0.02  # seconds
CHECK, WRITE = "check", "write"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoSuchUpload(LookupError):
    """The file was never uploaded by this person, or its hour is over."""


class AtWork(Exception):
    """Somebody is checking or writing this file at the moment."""


@dataclass
class Finding:
    """What a file would become, as its owner sees it before and after confirming."""

    name: str
    total: int = 0
    offices: list[tuple[str, int]] = field(default_factory=list)
    sectors: list[tuple[str, int]] = field(default_factory=list)
    years: list[tuple[str, int]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unreadable: str = ""
    """Why the file as a whole is no register."""
    written: bool = False
    asked: str = ""
    """What was asked for and is not done: CHECK or WRITE."""

    @property
    def bad_lines(self) -> int:
        return len({problem.line for problem in self.problems})


class Upload:
    """A file of this person, by its digest. Raises NoSuchUpload."""

    def __init__(self, owner: Staff, digest: str) -> None:
        remove_expired()
        if not _DIGEST.fullmatch(digest):
            raise NoSuchUpload
        self.owner = owner
        self.digest = digest
        self.file, self.found, self.lock = _paths(owner, digest)
        if not self.found.exists():
            raise NoSuchUpload

    def finding(self) -> Finding:
        told = json.loads(self.found.read_text(encoding="utf-8"))
        told["problems"] = [Problem(**problem) for problem in told["problems"]]
        return Finding(**told)

    @property
    def is_at_work(self) -> bool:
        """Whether the file is being checked or written. A process that was killed is not."""
        return _is_held(self.lock)

    def confirm(self) -> None:
        """Ask that exactly the file that was looked at be written; or that what was begun and
        died be done again. A second time changes nothing. Raises NoSuchUpload."""
        with suppress(AtWork), _alone(self.lock) as held:
            finding = self.finding()
            if finding.written:
                return
            if not self.file.exists():
                raise NoSuchUpload
            _ask(self, finding, finding.asked or WRITE, held)

    def work_off(self) -> None:
        """Do what was asked for; the caller holds the file's lock."""
        finding = self.finding()
        if not finding.asked:
            return
        offices = importer.offices_importable_by(self.owner)
        try:
            lines = read(self._content())
            if finding.asked == WRITE:
                checked = importer.take_in(lines, offices=offices, by=self.owner)
            else:
                checked = importer.check(lines, offices)
        except UnreadableFile as unreadable:
            told = Finding(finding.name, unreadable=str(unreadable))
        except importer.Refused as refused:
            told = Finding(finding.name, problems=refused.problems)
        except importer.Doubtful as doubtful:
            told = Finding(finding.name, problems=doubtful.checked.doubts)
        else:
            told = _finding(finding.name, checked)
            told.written = finding.asked == WRITE
        _tell(self.found, told)
        if told.written:
            self.file.unlink(missing_ok=True)

    def _content(self) -> bytes:
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            raise NoSuchUpload from None
        if hashlib.sha256(content).hexdigest() != self.digest:
            raise NoSuchUpload
        return content


def keep(owner: Staff, name: str, content: bytes) -> str:
    """Keep the file and have it checked; its digest. Raises UnreadableFile for a short file that
    is no register, and AtWork beside another long one; of a long one its finding says so."""
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    if is_workbook(content):
        judge_workbook(content)
    elif not _is_long(content):
        read(content)
    digest = hashlib.sha256(content).hexdigest()
    remove_expired()
    file, found, lock = _paths(owner, digest)
    others = set(folder().glob(f"{owner.pk}-*{lock.suffix}")) - {lock}
    if _is_long(content) and any(map(_is_held, others)):
        raise AtWork
    with suppress(AtWork), _alone(lock) as held:
        _write(file, content)
        finding = Finding(name)
        _tell(found, finding)
        _ask(Upload(owner, digest), finding, CHECK, held)
    return digest


def remove_expired() -> int:
    """Remove what has lain for an hour, untouched by work, and what a clock that ran ahead has
    dated; how many files."""
    return jobs.sweep(folder(), KEPT_FOR, ahead=True)


def folder() -> Path:
    path = Path(settings.VAR) / "so-cu"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _paths(owner: Staff, digest: str) -> tuple[Path, Path, Path]:
    """Where the file lies, what was found in it, and its lock."""
    stem = f"{owner.pk}-{digest}"
    return folder() / f"{stem}.tep", folder() / f"{stem}.json", folder() / f"{stem}.khoa"


def _is_long(content: bytes) -> bool:
    is_long = len(content) > AT_ONCE or content.count(b"\n") > LINES_AT_ONCE
    return is_long or is_workbook(content)


def _ask(upload: Upload, finding: Finding, what: str, held: int) -> None:
    finding.asked = what
    _tell(upload.found, finding)
    # Its hour begins anew, or file and lock would be swept away under the work.
    for path in (upload.file, upload.lock):
        os.utime(path)
    if _is_long(upload.file.read_bytes()):
        key = str(upload.owner.pk)
        # The lock goes along: it is held for as long as that process lives, not longer.
        jobs.start("work_off_register", key, upload.digest, keep_open=(held,))
    else:
        upload.work_off()


def _is_held(lock: Path) -> bool:
    try:
        with _alone(lock, patient=False):
            return False
    except AtWork:
        return True


@contextmanager
def _alone(lock: Path, *, patient: bool = True) -> Iterator[int]:
    """One at a time at a file, by request or process. Raises AtWork; who is patient waits for
    those who only look whether somebody is at work."""
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(TRIES if patient else 1):
            with suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(A_MOMENT)
        else:
            raise AtWork
        yield held
    finally:
        os.close(held)


def _tell(found: Path, finding: Finding) -> None:
    """A page that reads meanwhile sees the old finding or the new one, nothing between."""
    draft = found.with_suffix(".nhap")
    _write(draft, json.dumps(asdict(finding)).encode())
    draft.replace(found)


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def _finding(name: str, checked: Checked) -> Finding:
    return Finding(
        name=name,
        total=len(checked.lives),
        offices=checked.counts("office"),
        sectors=checked.counts("sector"),
        years=checked.counts("year"),
        first=[_row(life.dossier) for life in islice(_in_order(checked.lives), FIRST_LINES)],
        problems=checked.problems + checked.doubts,
    )


def _in_order(lives: Sequence[Any]) -> Any:
    return iter(sorted(lives, key=lambda life: life.dossier.received_at))


def _row(dossier: Any) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "office": dossier.office.name,
        "procedure": dossier.procedure.name,
        "applicant": dossier.applicant_name,
        "received_on": f"{dossier.received_on:%d/%m/%Y}",
        "due_on": f"{dossier.due_on:%d/%m/%Y}",
        "state": dossier.state_words,
    }
