"""Old registers that were uploaded and wait to be confirmed: kept an hour, for their owner only.

A file lies in the data folder under its owner's key and its own digest, beside what was found
in it; so what is confirmed is exactly what was looked at.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from dossiers import register_import
from dossiers.register_import import Checked, Problem
from dossiers.register_lines import read
from motcua import clock
from motcua.models import Staff

KEPT_FOR = timedelta(hours=1)
FIRST_LINES = 10
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoSuchUpload(LookupError):
    """The file was never uploaded by this person, or its hour is over."""


@dataclass
class Finding:
    """What a file would become, as its owner sees it before and after confirming."""

    name: str
    total: int
    offices: list[tuple[str, int]] = field(default_factory=list)
    sectors: list[tuple[str, int]] = field(default_factory=list)
    years: list[tuple[str, int]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    written: bool = False

    @property
    def bad_lines(self) -> int:
        return len({problem.line for problem in self.problems})


class Upload:
    """A file of this person, by its digest. Raises NoSuchUpload."""

    def __init__(self, owner: Staff, digest: str) -> None:
        remove_expired()
        stem = f"{owner.pk}-{digest}"
        self.owner = owner
        self.digest = digest
        self.file = folder() / f"{stem}.tep"
        self.found = folder() / f"{stem}.json"
        if not _DIGEST.fullmatch(digest) or not self.found.exists():
            raise NoSuchUpload

    def finding(self) -> Finding:
        told = json.loads(self.found.read_text(encoding="utf-8"))
        told["problems"] = [Problem(**problem) for problem in told["problems"]]
        return Finding(**told)

    def take_in(self) -> Finding:
        """Write exactly the file that was looked at. What has changed in the meantime is found
        again, and then nothing is written. A second time changes nothing."""
        finding = self.finding()
        if finding.written:
            return finding
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            raise NoSuchUpload from None
        if hashlib.sha256(content).hexdigest() != self.digest:
            raise NoSuchUpload
        offices = register_import.offices_importable_by(self.owner)
        try:
            checked = register_import.take_in(read(content), offices=offices, by=self.owner)
        except register_import.Refused as refused:
            finding.problems = refused.problems
        else:
            finding = _finding(finding.name, checked)
            finding.written = True
            self.file.unlink(missing_ok=True)
        _write(self.found, json.dumps(asdict(finding)).encode())
        return finding


def keep(owner: Staff, name: str, content: bytes) -> str:
    """Check the file and keep it with what was found; its digest. Raises UnreadableFile."""
    offices = register_import.offices_importable_by(owner)
    checked = register_import.check(read(content), offices)
    digest = hashlib.sha256(content).hexdigest()
    remove_expired()
    stem = f"{owner.pk}-{digest}"
    _write(folder() / f"{stem}.tep", content)
    told = json.dumps(asdict(_finding(name, checked)))
    _write(folder() / f"{stem}.json", told.encode())
    return digest


def remove_expired() -> None:
    oldest = (clock.now() - KEPT_FOR).timestamp()
    for path in folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def folder() -> Path:
    path = Path(settings.VAR) / "so-cu"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


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
        problems=checked.problems,
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
