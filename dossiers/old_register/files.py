"""Old registers that were uploaded and wait to be confirmed: kept an hour, for their owner only.

A file lies in the data folder under its owner's key and its own digest, beside what was found
in it; so what is confirmed is exactly what was looked at. A short list of lines is checked and
written at once; a long one, and every workbook, by `manage.py work_off_register` in a process of
its own, one at a time for a person: what a workbook unpacks to its length does not tell.

Doubtful lines are taken all together or one by one; those that are not lie beside as a file to be
mended and sent again.
"""

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from dossiers.old_register import importer, left_out
from dossiers.old_register.importer import Checked
from dossiers.old_register.lines import LARGEST_FILE, TOO_LARGE, Line, read
from motcua.models import Staff
from motcua.operations import jobs
from motcua.tables.problems import WHOLE_FILE, Problem, UnreadableFile, lines_of
from motcua.tables.workbook import is_workbook, judge_workbook

KEPT_FOR = timedelta(hours=1)
FIRST_LINES = 10
AT_ONCE = 150_000  # bytes: about a thousand lines, which take a second
LINES_AT_ONCE = 1_000  # short lines, each with faults, take as long
TRIES, A_MOMENT = 5, 0.02  # seconds
CHECK, WRITE = "check", "write"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoSuchUpload(LookupError):
    """The file was never uploaded by this person, or its hour is over."""


class NotLookedAt(Exception):
    """What is doubtful about the file as a whole was not accepted, or nothing is left to write;
    the text is a Vietnamese sentence."""


class AtWork(Exception):
    """Somebody is checking or writing this file at the moment."""


@dataclass
class Finding:
    """What a file would become, as its owner sees it before and after confirming."""

    name: str
    sheet: str = ""
    total: int = 0
    offices: list[tuple[str, int]] = field(default_factory=list)
    sectors: list[tuple[str, int]] = field(default_factory=list)
    years: list[tuple[str, int]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    taken: list[int] | None = None
    """The doubtful lines that were looked at and are to be written; all when None."""
    left: int = 0
    """How many doubtful lines were not written."""
    unreadable: str = ""
    """Why the file as a whole is no register."""
    written: bool = False
    asked: str = ""
    """What was asked for and is not done: CHECK or WRITE."""

    @property
    def bad_lines(self) -> int:
        return len(lines_of(self.problems))

    @property
    def about_all(self) -> list[Problem]:
        """What is doubtful about the file as a whole."""
        return [doubt for doubt in self.doubts if doubt.line == WHOLE_FILE]

    @property
    def doubtful_lines(self) -> list[tuple[int, str, list[str]]]:
        """Every doubtful line: its number, the line as it stands in the file, the reasons."""
        lines: dict[int, tuple[int, str, list[str]]] = {}
        for doubt in self.doubts:
            if doubt.line != WHOLE_FILE:
                line = lines.setdefault(doubt.line, (doubt.line, doubt.words, []))
                line[2].append(doubt.reason)
        return list(lines.values())

    @property
    def good_lines(self) -> int:
        return self.total - len(lines_of(self.doubts))


class Upload:
    """A file of this person, by its digest. Raises NoSuchUpload."""

    def __init__(self, owner: Staff, digest: str) -> None:
        remove_expired()
        if not _DIGEST.fullmatch(digest):
            raise NoSuchUpload
        self.owner = owner
        self.digest = digest
        self.file, self.found, self.lock, self.left = _paths(owner, digest)
        if not self.found.exists():
            raise NoSuchUpload

    def finding(self) -> Finding:
        told = json.loads(self.found.read_text(encoding="utf-8"))
        for name in ("problems", "doubts"):
            told[name] = [Problem(**problem) for problem in told[name]]
        return Finding(**told)

    @property
    def is_at_work(self) -> bool:
        """Whether the file is being checked or written. A process that was killed is not."""
        return _is_held(self.lock)

    def confirm(self, taken: Collection[int] | None = ()) -> None:
        """Ask that exactly the file that was looked at be written, of its doubtful lines those
        that are `taken` (None: all); or that what was begun and died be done again. A second time
        changes nothing. Raises NoSuchUpload, and NotLookedAt when that is nothing to write."""
        with suppress(AtWork), _alone(self.lock) as held:
            finding = self.finding()
            if finding.written:
                return
            if not self.file.exists():
                raise NoSuchUpload
            if not finding.asked and finding.doubts:
                finding.taken = _looked_at(finding, taken)
            _ask(self, finding, finding.asked or WRITE, held)

    def left_out(self) -> str:
        """The doubtful lines, of a register that was written those that were not, as a CSV file.
        Raises NoSuchUpload when there are none."""
        try:
            return self.left.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NoSuchUpload from None

    def work_off(self) -> None:
        """Do what was asked for; the caller holds the file's lock."""
        finding = self.finding()
        if not finding.asked:
            return
        try:
            lines = read(self._content(), finding.sheet)
            checked = importer.check(lines, importer.offices_importable_by(self.owner))
            told = self._found(finding, lines, checked)
        except UnreadableFile as unreadable:
            told = Finding(finding.name, finding.sheet, unreadable=str(unreadable))
        except importer.Refused as refused:
            told = Finding(finding.name, finding.sheet, problems=refused.problems)
        _tell(self.found, told)
        if told.written:
            self.file.unlink(missing_ok=True)

    def _found(self, before: Finding, lines: list[Line], checked: Checked) -> Finding:
        """What the register would become; written, when that was asked for and nothing is
        doubtful that its owner did not see."""
        doubts = checked.doubts
        doubtful = lines_of(doubts)
        writes = before.asked == WRITE and all(doubt in before.doubts for doubt in doubts)
        if writes and not checked.problems:
            left = doubtful - (doubtful if before.taken is None else set(before.taken))
            checked = checked.without(left)
            importer.write(checked, by=self.owner, accept_doubtful=True)
        else:
            left = doubtful
        told = _finding(before, checked)
        told.written, told.left = writes and not checked.problems, len(left)
        if left:
            _write(self.left, left_out.as_csv(lines, doubts, left).encode())
        else:
            self.left.unlink(missing_ok=True)
        return told

    def _content(self) -> bytes:
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            raise NoSuchUpload from None
        if hashlib.sha256(content).hexdigest() != self.digest:
            raise NoSuchUpload
        return content


def keep(owner: Staff, name: str, content: bytes, sheet: str = "") -> str:
    """Keep the file and have it checked, of a workbook the sheet named; its digest. Raises
    UnreadableFile for a short file that is no register, and AtWork beside another long one; of a
    long one its finding says so."""
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    if is_workbook(content):
        judge_workbook(content)
    elif not _is_long(content):
        read(content, sheet)
    digest = hashlib.sha256(content).hexdigest()
    remove_expired()
    file, found, lock, _ = _paths(owner, digest)
    others = set(folder().glob(f"{owner.pk}-*{lock.suffix}")) - {lock}
    if _is_long(content) and any(map(_is_held, others)):
        raise AtWork
    with suppress(AtWork), _alone(lock) as held:
        _write(file, content)
        finding = Finding(name, sheet)
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


def _paths(owner: Staff, digest: str) -> tuple[Path, ...]:
    """Where the file lies, what was found in it, its lock, and the lines that were left out."""
    stem = f"{owner.pk}-{digest}"
    return tuple(folder() / f"{stem}.{end}" for end in ("tep", "json", "khoa", "csv"))


def _looked_at(finding: Finding, taken: Collection[int] | None) -> list[int] | None:
    """The doubtful lines that are to be written, when all that has to be was looked at."""
    if taken is None:
        return None
    if finding.about_all and WHOLE_FILE not in taken:
        raise NotLookedAt("Hãy đánh dấu là đã xem điều nói về cả tệp, hoặc sửa tệp rồi tải lại.")
    chosen = sorted(lines_of(finding.doubts) & set(taken))
    if not chosen and not finding.good_lines:
        raise NotLookedAt("Chưa chọn dòng nào, và tệp không có dòng nào khác để ghi.")
    return chosen


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


def _finding(before: Finding, checked: Checked) -> Finding:
    return Finding(
        name=before.name,
        sheet=before.sheet,
        total=len(checked.dossiers),
        offices=checked.counts("office"),
        sectors=checked.counts("sector"),
        years=checked.counts("year"),
        first=[_row(each.dossier) for each in islice(_in_order(checked.dossiers), FIRST_LINES)],
        problems=checked.problems,
        doubts=checked.doubts,
    )


def _in_order(dossiers: Sequence[Any]) -> Any:
    return iter(sorted(dossiers, key=lambda unsaved: unsaved.dossier.received_at))


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
