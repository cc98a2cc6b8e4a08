"""The three files of a signed table: made once, stored with the signature, given out unchanged.

They are drawn before the signature is written, so that no other writer waits for the PDF engine,
and are stored with it in one transaction.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from motcua import clock
from motcua.operations import renaming
from reports.models import Closing, ClosingCell, SignedFile, SignedNames
from reports.output.csv_files import sheet_csv
from reports.output.pdf import sheet_pdf
from reports.output.sheets import Sheet, Signed, figures_sheet
from reports.output.xlsx import sheet_xlsx
from reports.sign_off.signed_files import signed_table
from reports.terms.layouts import FULL, II_06A

MAKERS: dict[str, Callable[[Sheet], bytes]] = {
    "csv": lambda sheet: sheet_csv(sheet).encode(),
    "xlsx": sheet_xlsx,
    "pdf": sheet_pdf,
}


@dataclass(frozen=True)
class Drawn:
    """The files of a signed table and the names that they bear, not yet stored."""

    names: SignedNames
    files: list[SignedFile]


def draw(
    closing: Closing,
    cells: Sequence[ClosingCell] | None = None,
    *,
    at: datetime,
    later: bool = False,
) -> Drawn:
    """The three files; takes part of a second, so outside of any transaction. `cells` while the
    closing is not yet kept; `later` for a closing that was signed before files were stored."""
    office, above = closing.office, closing.office.parent
    names = SignedNames(
        closing=closing,
        office_code=office.code,
        office_name=office.name,
        place=office.short_name,
        above_code=above.code if above else "",
        above_name=above.name if above else "",
        made_at=at,
        made_later=later,
    )
    made = {name: make(signed_sheet(closing, name, cells)) for name, make in MAKERS.items()}
    return Drawn(names, [_file(closing, name, content) for name, content in made.items()])


@transaction.atomic
def store(closing: Closing, drawn: Drawn) -> None:
    """The names and files of a closing that is kept, all or none. Raises IntegrityError when
    it has them already."""
    rows: list[SignedNames | SignedFile] = [drawn.names, *drawn.files]
    for row in rows:
        row.closing = closing
    drawn.names.save(force_insert=True)
    SignedFile.objects.bulk_create(drawn.files)


def without_files() -> list[Closing]:
    """The closings, signed before files were stored, whose files can and must be made."""
    return [closing for closing in _unstored() if closing.is_intact]


def damaged() -> list[Closing]:
    """Those that were changed behind the program: they have no files to give out."""
    return [closing for closing in _unstored() if not closing.is_intact]


def _unstored() -> QuerySet[Closing]:
    found = Closing.objects.filter(names__isnull=True).order_by("pk")
    return found.select_related("office__parent", "signed_by")


def store_later(closing: Closing) -> bool:
    """Make and store the files of an earlier signing, marked as made now; False when another
    run was first."""
    drawn = draw(closing, at=clock.now(), later=True)
    try:
        store(closing, drawn)
    except IntegrityError:
        return False
    return True


def guard_names() -> None:
    """From now on no office is renamed while files of earlier signings are missing."""
    renaming.asked.connect(_names_still_needed, dispatch_uid="reports.closing_papers")


def signed_file(closing: Closing, format: str) -> SignedFile:
    """The stored file; as long as an upgrade has not stored it, one made now."""
    kept = closing.files.filter(format=format).first()
    return kept or _file(closing, format, MAKERS[format](signed_sheet(closing, format)))


def signed_sheet(
    closing: Closing, format: str, cells: Sequence[ClosingCell] | None = None
) -> Sheet:
    """The signed figures: on paper in the form II.06a, otherwise with every column."""
    sheet = figures_sheet(signed_table(closing, cells), II_06A if format == "pdf" else FULL)
    moment = clock.naive_local(closing.signed_at)
    return replace(
        sheet,
        signed=Signed(
            by=closing.signer_name,
            title=closing.signer_title,
            at=moment.replace(microsecond=0),
            version=closing.version,
            digest=closing.digest,
            note=closing.note,
        ),
    )


def file_name(closing: Closing, format: str) -> str:
    calendar = "" if closing.calendar == "calendar" else f"-{closing.calendar}"
    return (
        f"so-lieu-da-ky-{closing.office_code}-{closing.period_key}{calendar}-lan-"
        f"{closing.version}.{format}"
    )


def _names_still_needed(**_: Any) -> str:
    missing = len(without_files())
    if not missing:
        return ""
    return (
        f"Chưa đổi được: còn {missing} kỳ đã ký từ trước chưa được lưu tệp, mà tệp phải mang tên "
        "cũ. Tên hiện nay vẫn giữ nguyên. Nhờ người quản trị máy chủ chạy manage.py "
        "store_signed_files, rồi lưu lại trang này."
    )


def _file(closing: Closing, format: str, content: bytes) -> SignedFile:
    digest = hashlib.sha256(content).hexdigest()
    return SignedFile(closing=closing, format=format, content=content, digest=digest)
