"""How an office's offer is changed: sectors on and off, to another division, to a counter; the
exceptions of single procedures. Each is one transaction, and safe to repeat.

Nothing here touches a dossier: who solves is a matter of the day of receipt, so that open
dossiers stay with the division that they were received for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from motcua import clock
from motcua.models import Division, Office
from procedures.models import (
    OfferedProcedure,
    OfferedSector,
    Procedure,
    Sector,
    SolvingDivision,
)
from procedures.offices.solving import Solvers


@transaction.atomic
def switch_sectors(office: Office, sectors: Iterable[Sector], *, is_offered: bool) -> None:
    """The office receives the procedures of these sectors from now on, or no more."""
    for sector in sectors:
        _keep_sector(office, sector, is_offered=is_offered)


@transaction.atomic
def set_counter(office: Office, sectors: Iterable[Sector], counter: str) -> None:
    """These sectors are received at this counter; empty: at none of its own."""
    for sector in sectors:
        _keep_sector(office, sector, counter=counter)


@transaction.atomic
def move_sectors(
    office: Office, sectors: Iterable[Sector], division: Division | None, since: date
) -> None:
    """What is received of these sectors from this day on is solved by the division; without one
    again by that which the catalogue names. Raises ValueError for a day in the past, and for a
    division of another office or a closed one."""
    _check(office, division, since)
    for sector in sectors:
        row = SolvingDivision.objects.filter(office=office, sector=sector, since=since).first()
        row = row or SolvingDivision(office=office, sector=sector, since=since)
        _solve(row, division)


@dataclass(frozen=True)
class ProcedureException:
    """What holds for one procedure alone: received or not whatever its sector says (None: as its
    sector), and solved by a division of its own (None: as its sector)."""

    procedure: Procedure
    is_offered: bool | None
    division: Division | None


@transaction.atomic
def keep_exceptions(office: Office, exceptions: Iterable[ProcedureException]) -> None:
    """Each of the procedures is received and, what is received from today on, solved as its
    exception says. ValueError as `move_sectors`."""
    solvers = Solvers([office])
    for each in exceptions:
        _check(office, each.division, clock.today())
        _keep_procedure(office, each)
        if solvers.own(each.procedure, office) != each.division:
            _keep_solver(office, each)


def _keep_sector(
    office: Office, sector: Sector, *, is_offered: bool | None = None, counter: str | None = None
) -> None:
    row = OfferedSector.objects.filter(office=office, sector=sector).first()
    row = row or OfferedSector(office=office, sector=sector)
    before = (row.pk, row.is_offered, row.counter)
    row.is_offered = row.is_offered if is_offered is None else is_offered
    row.counter = row.counter if counter is None else counter
    if before != (row.pk, row.is_offered, row.counter):
        row.save()


def _keep_procedure(office: Office, exception: ProcedureException) -> None:
    row = OfferedProcedure.objects.filter(office=office, procedure=exception.procedure).first()
    if exception.is_offered is None:
        if row is not None:
            row.delete()
    elif row is None or row.is_offered is not exception.is_offered:
        row = row or OfferedProcedure(office=office, procedure=exception.procedure)
        row.is_offered = exception.is_offered
        row.save()


def _keep_solver(office: Office, exception: ProcedureException) -> None:
    of = {"office": office, "procedure": exception.procedure, "since": clock.today()}
    row = SolvingDivision.objects.filter(**of).first() or SolvingDivision(**of)
    _solve(row, exception.division)


def _solve(row: SolvingDivision, division: Division | None) -> None:
    if row.pk is None or row.division_id != (division.pk if division else None):
        row.division = division
        row.save()


def _check(office: Office, division: Division | None, since: date) -> None:
    if since < clock.today():
        raise ValueError("Ngày áp dụng phải từ hôm nay trở đi: hồ sơ đã nhận giữ phòng giải quyết.")
    if division is not None and (division.office_id != office.pk or not division.is_active):
        raise ValueError("Hãy chọn một phòng đang hoạt động của đơn vị này.")
