"""A signed table as a file, made of the frozen figures only: the same bytes at any later time."""

from dataclasses import replace

from motcua import clock
from reports.closing import signed_table
from reports.layouts import FULL, II_06A
from reports.models import Closing
from reports.sheets import Sheet, Signed, figures_sheet


def signed_sheet(closing: Closing, format: str) -> Sheet:
    """The signed figures: on paper in the form II.06a, otherwise with every column."""
    sheet = figures_sheet(signed_table(closing), II_06A if format == "pdf" else FULL)
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
        f"so-lieu-da-ky-{closing.office.code}-{closing.period_key}{calendar}-lan-"
        f"{closing.version}.{format}"
    )
