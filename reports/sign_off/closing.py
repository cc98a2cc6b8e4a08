"""Signing the figures of a period, and what became of them since.

A signed table is kept by itself: every number with the dossiers behind it, under a SHA-256
digest that also covers the version before it. What is entered later changes what the program
counts now, never what was signed: the two stand side by side.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from motcua import clock
from motcua.access import offices_administered_by
from motcua.models import Level, Office, Role, Staff
from reports.figures.offices import OfficesInTime, scope_of_period
from reports.figures.opening_figures import offices_with_dossiers, remainders_among
from reports.figures.recount import dossiers_behind
from reports.figures.tables import Table, table
from reports.models import REMARK_LENGTH, Closing, ClosingCell, Reopening, ReportDeadline
from reports.sign_off.papers import Drawn, draw, store
from reports.sign_off.warnings import warnings_of
from reports.terms.columns import BASE
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import OfficesOfDay, scope_of_all

logger = logging.getLogger("motcua.papers")

PARTS = ("Q1", "Q2", "6M", "Q3", "9M", "Q4", "")
# Days after the period, where no ReportDeadline says otherwise: communes first, so that the
# level above can look. The dates of TT 01/2020 were not found, so these are the program's own.
USUAL_DEADLINES = {Level.COMMUNE: 5, Level.DISTRICT: 10, Level.PROVINCE: 15}

CHANGED = "Số liệu đã thay đổi sau khi ông/bà mở trang này nên chưa ký. Mời xem lại rồi ký."

Members = dict[str, dict[str, list[int]]]


class CannotSign(Exception):
    """Why this cannot be signed or reopened, as a Vietnamese sentence."""


class TableChanged(CannotSign):
    """The figures are no longer those that stood on the page."""


class CannotDraw(CannotSign):
    """The files of the figures could not be made: nothing is signed, and it may be tried again."""


@dataclass(frozen=True)
class Standing:
    """How an office stands with a period: whether signed, and how late."""

    office: Office
    period: Period
    versions: tuple[Closing, ...]
    due_on: date
    today: date
    stands: bool = True
    """It has a row in the period: it exists at its end, or has no successor."""
    is_empty: bool = False
    """Over, and the office had no dossier in it: nothing is overdue to be signed."""

    @property
    def latest(self) -> Closing | None:
        return self.versions[-1] if self.versions else None

    @property
    def next_version(self) -> int:
        return self.latest.version + 1 if self.latest else 1

    @property
    def is_signed(self) -> bool:
        return self.latest is not None and not self.latest.is_reopened

    @property
    def is_reopened(self) -> bool:
        return self.latest is not None and self.latest.is_reopened

    @property
    def has_ended(self) -> bool:
        return self.period.end < self.today

    @property
    def is_awaited(self) -> bool:
        """The period is over and the office has not signed it, or has to sign again."""
        return self.stands and self.has_ended and not self.is_signed

    @property
    def first_signed_on(self) -> date | None:
        return clock.local(self.versions[0].signed_at).date() if self.versions else None

    @property
    def days_late(self) -> int:
        """Calendar days after the deadline until the first signing, or until today; 0 in time, and
        of a period without a dossier that is not signed."""
        if not self.has_ended or (self.is_empty and not self.versions):
            return 0
        return max(0, ((self.first_signed_on or self.today) - self.due_on).days)

    @property
    def days_left(self) -> int:
        return (self.due_on - self.today).days


def may_sign(staff: Staff, office: Office) -> bool:
    """Only a leader of that very office signs its figures; once it has ended, of who answers for
    it."""
    if not staff.is_active or not staff.has_role(Role.LEADER):
        return False
    return staff.office_id == office.acting.pk


def may_reopen(staff: Staff, office: Office) -> bool:
    """A leader of the office directly above. Where nobody leads one (a district whose province is
    not in the database), an administrator who keeps the office and does not lead it."""
    if not staff.is_active:
        return False
    above = _above(office)
    is_above = above is not None and staff.office_id == above.pk
    if is_above and staff.has_role(Role.LEADER):
        return True
    return (
        not is_led_from_above(office)
        and not may_sign(staff, office)
        and offices_administered_by(staff).filter(pk=office.pk).exists()
    )


def is_led_from_above(office: Office) -> bool:
    """Whether the office directly above has a leader at work, who alone reopens then."""
    above = _above(office)
    return (
        above is not None
        and Staff.objects.filter(office=above, is_leader=True, is_active=True).exists()
    )


def _above(office: Office) -> Office | None:
    """The office directly above who answers for it today."""
    above = office.acting.parent
    return above and above.acting


def remindable(staff: Staff, visible: Iterable[Office]) -> list[Office]:
    """Those of the offices in the person's scope that leaders and overseers above may remind."""
    if not staff.has_role(Role.LEADER, Role.OVERSEER):
        return []
    return [office for office in visible if office.pk != staff.office_id]


def closable(key: str, calendar: str) -> Period:
    """The named period of this key. Raises ValueError for any other, also for free dates."""
    period = parse_period(key, calendar).told_on(clock.today())
    if ".." in period.key:
        raise ValueError("Chỉ chốt số liệu theo tháng, quý, 6 tháng, 9 tháng hoặc năm.")
    return period


def periods_of(year: int, calendar: str) -> list[Period]:
    """The periods of a year that offices sign, in the order in which they end."""
    return [parse_period(f"{year}-{part}".rstrip("-"), calendar) for part in PARTS]


def deadlines_by_level() -> dict[str, int]:
    """Days after the end of a period by which each level signs."""
    kept = dict(ReportDeadline.objects.values_list("level", "days"))
    return {level.value: kept.get(level.value, USUAL_DEADLINES[level]) for level in Level}


def standings(
    offices: Iterable[Office], periods: Iterable[Period]
) -> dict[Office, dict[str, Standing]]:
    """How every office stands with every period, by office and key of the period; a fixed number
    of queries for each period that is over."""
    offices, periods = list(offices), list(periods)
    in_time = OfficesInTime(tuple(offices))
    rows = {period.key: in_time.of(period) for period in periods}
    standing = {
        p.key: {o.pk for o in rows[p.key].rows if not o.ended_before(p.start)} for p in periods
    }
    busy = _busy(rows, periods)
    signed: dict[tuple[int, str, str], list[Closing]] = defaultdict(list)
    found = Closing.objects.filter(
        office__in=offices, period_key__in=[p.key for p in periods]
    ).select_related("reopening", "reopening__reopened_by", "office", "signed_by")
    for closing in found.order_by("version"):
        signed[closing.office_id, closing.period_key, closing.calendar].append(closing)
    days, today = deadlines_by_level(), clock.today()
    return {
        office: {
            p.key: Standing(
                office,
                p,
                tuple(signed[office.pk, p.key, p.calendar]),
                p.end + timedelta(days=days[office.level]),
                today,
                office.pk in standing[p.key],
                p.key in busy and office.pk not in busy[p.key],
            )
            for p in periods
        }
        for office in offices
    }


def _busy(rows: Mapping[str, OfficesOfDay], periods: list[Period]) -> dict[str, set[int]]:
    """Of each period that is over, who of its offices had a dossier in it."""
    today = clock.today()
    scopes = {one.key: scope_of_all(rows[one.key]) for one in periods if one.end < today}
    remainders = remainders_among({pk for scope in scopes.values() for pk in scope.office_ids})
    return {
        one.key: offices_with_dossiers(one, scopes[one.key], remainders)
        for one in periods
        if one.key in scopes
    }


def standing_of(office: Office, period: Period) -> Standing:
    return standings([office], [period])[office][period.key]


def table_now(office: Office, period: Period) -> Table:
    """What the program counts at this moment, by sector."""
    return table(period, scope_of_period(office, period))


def fingerprint(figures: Table) -> str:
    """A short mark of the numbers on a page: what is signed must be what was seen."""
    text = json.dumps([[row.key, row.figures] for row in figures.rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def members_now(office: Office, period: Period) -> Members:
    """Sector -> kept column -> keys of its dossiers in ascending order, counted now."""
    found: Members = defaultdict(dict)
    scope = scope_of_period(office, period)
    for column in BASE:
        behind = dossiers_behind(column, period, scope).order_by("pk")
        for sector, key in behind.values_list("sector__name", "pk"):
            found[sector].setdefault(column, []).append(key)
    return found


def sign(
    office: Office,
    period: Period,
    *,
    by: Staff,
    seen: str,
    note: str = "",
    at: datetime | None = None,
    version: int | None = None,
) -> Closing:
    """Freeze the figures of the period under the name of the person who signs, with their files.

    `seen` is the fingerprint of the table on the page and `version` the one that the page was
    about to make; `at` the moment of a signing in the past, for the demonstration. Raises
    TableChanged when the figures are others by now; CannotSign while the period runs, when it is
    signed already, or was since the page, or when the table does not add up; CannotDraw when a
    file cannot be made. The caller has asked `may_sign`.

    The files are drawn before anything is written; signature, figures and files then come in one
    transaction, so that a cut at any moment leaves all of them or none.
    """
    closing, cells = _freeze(office, period, by=by, seen=seen, note=note, at=at, version=version)
    drawn = _draw(closing, cells)
    with transaction.atomic():
        Office.objects.select_for_update().get(pk=office.pk)
        if fingerprint(table_now(office, period)) != seen:
            raise TableChanged(CHANGED)
        _keep(closing, cells, drawn)
    return closing


@transaction.atomic
def reopen(closing: Closing, *, by: Staff, reason: str) -> Reopening:
    """Let the office sign the period anew; what was signed stays. Raises CannotSign without a
    reason, for one that is too long, or when another version or reopening came first. The caller
    has asked `may_reopen`."""
    if not reason.strip():
        raise CannotSign("Hãy ghi lý do mở lại kỳ.")
    if len(reason) > REMARK_LENGTH:
        raise CannotSign(f"Lý do không quá {REMARK_LENGTH} ký tự (đang có {len(reason)}).")
    Office.objects.select_for_update().get(pk=closing.office_id)
    standing = standing_of(closing.office, closing.period)
    if standing.latest != closing or not standing.is_signed:
        raise CannotSign("Kỳ này vừa có người mở lại hoặc ký lại. Mời xem lại trang.")
    return Reopening.objects.create(
        closing=closing, reopened_by=by, reopened_at=clock.now(), reason=reason.strip()
    )


def _freeze(
    office: Office,
    period: Period,
    *,
    by: Staff,
    seen: str,
    note: str,
    at: datetime | None,
    version: int | None,
) -> tuple[Closing, list[ClosingCell]]:
    """What would be signed at this moment, nothing of it written. Raises as `sign` does."""
    standing = standing_of(office, period)
    if not standing.has_ended:
        raise CannotSign(f"Kỳ này kết thúc ngày {period.end:%d/%m/%Y}, chưa ký được.")
    if standing.is_signed:
        raise CannotSign("Kỳ này đã được ký. Muốn ký lại, cấp trên phải mở lại kỳ.")
    if version not in (None, standing.next_version):
        raise CannotSign("Kỳ này đã được ký rồi mở lại sau khi ông/bà mở trang. Mời xem lại trang.")
    figures = table_now(office, period)
    if not figures.adds_up:
        raise CannotSign("Số liệu không khớp nên không ký được: " + " ".join(figures.problems))
    members = members_now(office, period)
    if fingerprint(figures) != seen or not _same_numbers(figures, members):
        raise TableChanged(CHANGED)
    previous = standing.latest
    closing = Closing(
        office=office,
        period_key=period.key,
        calendar=period.calendar,
        version=standing.next_version,
        starts_on=period.start,
        ends_on=period.end,
        signed_by=by,
        signer_name=by.display_name,
        signer_title=by.title,
        signed_at=at or clock.now(),
        note=note.strip(),
        warnings=[warning.sentence for warning in warnings_of(office, period)],
        previous_digest=previous.digest if previous else "",
    )
    cells = [
        ClosingCell(
            closing=closing,
            sector=row.key,
            column=column,
            value=row.figures[column],
            dossiers=members.get(row.key, {}).get(column, []),
        )
        for row in figures.rows
        for column in BASE
        if row.figures[column] or members.get(row.key, {}).get(column)
    ]
    closing.digest = closing.make_digest(cells)
    return closing, cells


def _draw(closing: Closing, cells: list[ClosingCell]) -> Drawn:
    try:
        return draw(closing, cells, at=closing.signed_at)
    except Exception as error:  # whatever the engine trips over, the leader is told in words
        logger.exception("Không tạo được tệp của số liệu ký chốt")
        raise CannotDraw(
            "Chưa ký được vì chưa tạo được các tệp của số liệu. Số liệu không thay đổi. Mời "
            "ông/bà ký lại sau ít phút; nếu vẫn không được, hãy báo người quản trị."
        ) from error


def _keep(closing: Closing, cells: list[ClosingCell], drawn: Drawn) -> None:
    try:
        with transaction.atomic():
            closing.save()
    except IntegrityError:
        raise CannotSign("Kỳ này vừa được người khác ký.") from None
    ClosingCell.objects.bulk_create(cells)
    store(closing, drawn)


def _same_numbers(figures: Table, members: Members) -> bool:
    """Whether the lists are as long as the table says: an act may fall between the two."""
    counted = {
        row.key: {name: row.figures[name] - row.opening[name] for name in BASE}
        for row in figures.rows
        if row.figures != row.opening
    }
    listed = {
        sector: {name: len(columns.get(name, [])) for name in BASE}
        for sector, columns in members.items()
    }
    return counted == listed
