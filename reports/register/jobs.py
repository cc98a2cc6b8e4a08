"""Taking the register book and reports out: short ones at once, long ones as a job in a process
of its own, one at a time for a person.

A job is a row of RegisterExport, worked off by `manage.py print_register`. Every taking is
recorded.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.http import QueryDict
from django.utils.http import urlencode

from motcua import clock
from motcua.models import Staff
from motcua.operations import jobs
from reports.figures.offices import offices_for
from reports.models import KEPT_FOR, RegisterExport, exports_folder
from reports.output.pdf import sheet_pdf
from reports.register.book import Book
from reports.register.files import Told, write_pdf, write_xlsx
from reports.register.form import RegisterForm
from reports.register.report_request import sheet_of_job

What = RegisterExport.What
# Three pages on paper, half a second; a spreadsheet takes a few seconds.
AT_ONCE = {RegisterExport.Kind.PDF: 15, RegisterExport.Kind.XLSX: 20_000}
# A year of one office fits on paper: 750 pages, some minutes. Excel has 1,048,576 rows.
MOST = {RegisterExport.Kind.PDF: 6_000, RegisterExport.Kind.XLSX: 1_000_000}
WRITERS = {RegisterExport.Kind.PDF: write_pdf, RegisterExport.Kind.XLSX: write_xlsx}


def record(book: Book, kind: RegisterExport.Kind, total: int, by: Staff) -> RegisterExport:
    """Note who takes which part of the book out, and when; old files go."""
    return note(by, Asked(What.REGISTER, kind, book.selection, book.title, total))


@dataclass(frozen=True)
class Asked:
    """What somebody wants as a file; `selection` is the choice as the query of its address."""

    what: RegisterExport.What
    kind: RegisterExport.Kind
    selection: dict[str, str]
    title: str
    total: int

    def is_same(self, export: RegisterExport) -> bool:
        mine = (self.what, self.kind, self.selection)
        return mine == (export.what, export.kind, export.selection)


def note(by: Staff, asked: Asked) -> RegisterExport:
    """The row of a taking; old files go."""
    remove_expired()
    now = clock.now()
    return RegisterExport.objects.create(
        made_by=by,
        made_at=now,
        touched_at=now,
        what=asked.what,
        kind=asked.kind,
        selection=asked.selection,
        title=asked.title[:300],
        total=asked.total,
    )


def begin(by: Staff, asked: Asked) -> RegisterExport:
    """Start the job; while this person has another one under way, that is returned instead."""
    with transaction.atomic():
        Staff.objects.select_for_update().get(pk=by.pk)  # two at once do not start two
        running = RegisterExport.objects.of(by).running().first()
        export = running or note(by, asked)
    if running is None:
        start(export)
    return export


def write_now(export: RegisterExport, book: Book) -> None:
    """Write a short part into the export's file; the caller sends it and removes it. A failure
    leaves the row so, and no file."""
    try:
        export.done = WRITERS[RegisterExport.Kind(export.kind)](book, export.path)
        export.state = RegisterExport.State.DONE
        export.touched_at = clock.now()
        export.save(update_fields=["state", "done", "touched_at"])
    except BaseException:
        export.path.unlink(missing_ok=True)
        export.state = RegisterExport.State.FAILED
        export.save(update_fields=["state"])
        raise


def start(export: RegisterExport) -> None:
    """Begin the job in a process of its own, which outlives this one."""
    jobs.start("print_register", "--nice", str(export.pk))


def work_off(export: RegisterExport) -> None:
    """Do the job; nothing when another process has taken it. A failure leaves the row so."""
    states = RegisterExport.State
    row = RegisterExport.objects.filter(pk=export.pk)
    if not row.filter(state=states.QUEUED).update(state=states.RUNNING, touched_at=clock.now()):
        return
    draft = export.path.with_name(f".{export.path.name}")

    def told(done: int) -> None:
        row.update(done=done, touched_at=clock.now())

    try:
        rows = _write(export, draft, told)
        draft.chmod(0o600)
        draft.rename(export.path)
        row.update(state=states.DONE, done=rows, file=export.path.name, touched_at=clock.now())
    except BaseException:
        # The files first: the database may be what failed.
        for path in (draft, export.path):
            path.unlink(missing_ok=True)
        row.update(state=states.FAILED, touched_at=clock.now())
        raise


def _write(export: RegisterExport, draft: Path, told: Told) -> int:
    if export.is_of_register:
        return WRITERS[RegisterExport.Kind(export.kind)](book_of(export), draft, told)
    sheet = sheet_of_job(export)
    draft.write_bytes(sheet_pdf(sheet))
    return len(sheet.rows)


def book_of(export: RegisterExport) -> Book:
    """The part of the book that was asked for, as its maker may see it now."""
    query = QueryDict(urlencode(export.selection))
    form = RegisterForm(query, offices_for(export.made_by), export.made_by)
    if not form.is_valid():
        raise ValueError(f"Phần sổ không còn đọc được: {form.errors.as_json()}")
    return form.book()


def remove_expired() -> None:
    """Remove the files of jobs older than a day, also of rows that are gone, and after an hour what
    killed jobs had begun, at once where a clock that ran ahead has dated it; the rows stay as a
    record."""
    jobs.sweep(exports_folder(), KEPT_FOR)
    for begun in (".*", "tmp*"):  # our drafts, and those of xlsxwriter
        jobs.sweep(exports_folder(), timedelta(hours=1), pattern=begun, ahead=True)
    for export in RegisterExport.objects.expired():
        with suppress(FileNotFoundError):
            export.path.unlink()
        unfinished = export.state in (RegisterExport.State.QUEUED, RegisterExport.State.RUNNING)
        export.state = RegisterExport.State.FAILED if unfinished else export.state
        export.file = ""
        export.save(update_fields=["state", "file"])
