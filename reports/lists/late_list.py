"""The list of late dossiers: how late, where each lay when it became late, why, and whether the
citizen has an apology. Everything as it stood at the end of the period."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Unpack

from django.urls import reverse

from dossiers.desk.later_entries import COLUMN as LATER
from dossiers.desk.later_entries import later_entries
from dossiers.models import Apology, Dossier, DossierQuerySet, Transfer
from dossiers.rules.timeliness import overdue_from
from motcua import clock
from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.figures.recount import dossiers_behind
from reports.figures.tables import table
from reports.output.sheets import Sheet, SheetCell, SheetRow, Value
from reports.terms.layouts import ColumnWords, GroupWords, Kind, Layout, LayoutColumn
from reports.terms.periods import Period
from reports.terms.scopes import Scope

SORRY, NOT_SORRY = "đã xin lỗi", "chưa xin lỗi"
NO_CAUSE = "chưa ghi nguyên nhân"
RESOLVED, PENDING = "đã giải quyết", "đang giải quyết"
ONE_DAY = timedelta(days=1)
# Dossiers looked up together: a database takes only so many values in one statement.
TOGETHER = 500
_KEY_AND_DUE = ("pk", "due_then")


@dataclass(frozen=True)
class LateLine:
    """A dossier resolved late in the period, or open and overdue at its end: `until` is the day
    by which it was found late, or the last day of the period."""

    pk: int
    due_on: date
    until: date
    is_resolved: bool

    @property
    def calendar_days(self) -> int:
        return (self.until - self.due_on).days

    @property
    def became_late_at(self) -> datetime:
        """The end of the due day: lateness is found by dates."""
        return start_of(overdue_from(self.due_on))


def start_of(day: date) -> datetime:
    """The first moment of a local day."""
    return clock.aware(datetime.combine(day, time()))


def late_lines(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> list[LateLine]:
    """All late dossiers of the period, the longest past due first."""
    resolved = dossiers_behind("resolved_late", period, scope, among=among).order_by()
    overdue = dossiers_behind("pending_overdue", period, scope, among=among).order_by()
    found = [
        LateLine(pk, due_on, timed_on, True)
        for pk, due_on, timed_on in resolved.values_list("pk", "due_on", "timed_on")
        if due_on and timed_on
    ]
    found += [
        LateLine(pk, due_on, period.as_of, False)
        for pk, due_on in overdue.values_list(*_KEY_AND_DUE)
    ]
    return sorted(found, key=lambda line: (-line.calendar_days, line.pk))


def _text(
    name: str, heading: str, number: int, definition: str, **more: Unpack[ColumnWords]
) -> LayoutColumn:
    words: ColumnWords = {"kind": Kind.TEXT, **more}
    return LayoutColumn(name, heading, definition, number=number, **words)


_WHERE: GroupWords = {"groups": ("Khi bắt đầu trễ",), "short_group": "Khi bắt đầu trễ"}
_HOW_LATE: GroupWords = {"groups": ("Số ngày trễ",), "short_group": "Số ngày trễ"}
NAME = _text("applicant", "Người nộp", 16, "Cá nhân, tổ chức có hồ sơ.")
LAYOUT = Layout(
    name="tre-han",
    code="late",
    label="Hồ sơ trễ hạn",
    title="Danh sách hồ sơ giải quyết trễ hạn và hồ sơ quá hạn chưa giải quyết xong",
    unit="Ngày",
    columns=(
        _text("code", "Mã hồ sơ", 2, "Mã trên giấy tiếp nhận hồ sơ và hẹn trả kết quả."),
        _text("procedure", "Thủ tục", 3, "Thủ tục hành chính của hồ sơ."),
        _text("office", "Đơn vị giải quyết", 4, "Đơn vị giải quyết hồ sơ, có trong số liệu."),
        _text("received_on", "Tiếp nhận", 5, "Ngày tiếp nhận.", kind=Kind.DATE),
        _text(
            "due_on",
            "Hẹn trả",
            6,
            "Ngày hẹn trả dùng để xét hạn, như đã có hiệu lực lúc xét; hẹn lại trong thư xin lỗi "
            "không thay ngày này.",
            kind=Kind.DATE,
        ),
        _text(
            "standing",
            "Tình hình",
            7,
            "Đã giải quyết trễ trong kỳ, hay hết ngày tính số liệu vẫn đang giải quyết.",
        ),
        _text(
            "until",
            "Xét đến ngày",
            8,
            "Ngày có kết quả (nếu kết thúc khi đang chờ công dân thì ngày thời hạn dừng lại); với "
            "hồ sơ đang giải quyết là ngày tính số liệu.",
            kind=Kind.DATE,
        ),
        _text(
            "working_days",
            "Ngày làm việc",
            9,
            "Số ngày làm việc sau ngày hẹn trả đến hết ngày xét, theo lịch của đơn vị tiếp nhận. "
            "Trống khi năm đó chưa có lịch làm việc.",
            kind=Kind.NUMBER,
            **_HOW_LATE,
        ),
        _text(
            "calendar_days",
            "Ngày theo lịch",
            10,
            "Số ngày theo lịch từ ngày hẹn trả đến ngày xét, kể cả ngày nghỉ.",
            formula="(8) − (6)",
            kind=Kind.NUMBER,
            **_HOW_LATE,
        ),
        _text(
            "place",
            "Hồ sơ đang ở",
            11,
            "Phòng, bộ phận đang giữ hồ sơ khi hết ngày hẹn trả, theo các lần giao nhận.",
            **_WHERE,
        ),
        _text(
            "step",
            "Bước",
            12,
            "Bước giải quyết của lần giao nhận đó, nếu thủ tục có chia bước.",
            **_WHERE,
        ),
        _text(
            "cause",
            "Nguyên nhân",
            13,
            "Mã và tên nguyên nhân ghi trong thư xin lỗi gần nhất tính đến ngày tính số liệu.",
        ),
        _text(
            "apology",
            "Xin lỗi",
            14,
            "Đến hết ngày tính số liệu đã có thư xin lỗi hay chưa. Thư xin lỗi không làm hồ sơ trễ "
            "thành đúng hạn.",
        ),
        _text(
            "later",
            LATER,
            15,
            "Đến nay hồ sơ có việc nhập muộn hơn ngày làm, làm thay đổi xét hạn; từng việc với hai "
            "ngày và lý do ở trang hồ sơ.",
        ),
    ),
)


def layout(*, with_names: bool = False, only: str = "") -> Layout:
    """The layout of the list, with the applicants' names as its last column where asked for;
    `only` says which of the late dossiers are listed, when not all are."""
    return replace(
        LAYOUT,
        columns=(*LAYOUT.columns, NAME) if with_names else LAYOUT.columns,
        notes=(f"Chỉ liệt kê: {only[:1].lower()}{only[1:]}.",) if only else (),
    )


def late_sheet(
    period: Period,
    scope: Scope,
    lines: Sequence[LateLine],
    shown: Sequence[LateLine],
    *,
    form: Layout = LAYOUT,
    first: int = 1,
) -> Sheet:
    """The list as a sheet. `lines` are all late dossiers, whose number is checked against the
    figures; `shown` those whose rows are wanted, numbered from `first`."""
    resolved = sum(line.is_resolved for line in lines)
    total = table(period, scope).of_dossiers
    problems = [
        f"danh sách có {listed} hồ sơ {words}, số liệu tổng hợp có {total[name]}."
        for words, listed, name in (
            ("giải quyết trễ", resolved, "resolved_late"),
            ("đang quá hạn", len(lines) - resolved, "pending_overdue"),
        )
        if listed != total[name]
    ]
    return Sheet(
        layout=form,
        period=period,
        scope=scope,
        heading="",
        rows=[
            _row(form, values, order)
            for order, values in enumerate(late_facts(shown, period), start=first)
        ],
        total=None,
        problems=problems,
        checked=(
            f"Đã kiểm tra: {len(lines)} hồ sơ = {resolved} giải quyết trễ + "
            f"{len(lines) - resolved} đang quá hạn, đúng bằng số liệu tổng hợp của kỳ."
        ),
    )


def _row(form: Layout, values: dict[str, Value], order: int) -> SheetRow:
    code = str(values["code"])
    address = reverse("dossier_detail", args=[code])
    cells = tuple(
        SheetCell(column, values[column.name], address if column.name == "code" else "")
        for column in form.columns
    )
    return SheetRow(code, "", str(order), cells)


def late_facts(lines: Sequence[LateLine], period: Period) -> Iterator[dict[str, Value]]:
    """What is said of each line, by the names of the columns; a handful of queries for every
    TOGETHER lines."""
    for at in range(0, len(lines), TOGETHER):
        yield from _facts(lines[at : at + TOGETHER], period)


def _facts(lines: Sequence[LateLine], period: Period) -> Iterator[dict[str, Value]]:
    keys = [line.pk for line in lines]
    dossiers = Dossier.objects.select_related("procedure", "office").in_bulk(keys)
    transfers, apologies = _transfers(keys), _apologies(keys, start_of(period.as_of + ONE_DAY))
    calendars = calendars_for({dossier.office_id for dossier in dossiers.values()})
    later = later_entries(dossiers.values())
    for line in lines:
        dossier, apology = dossiers[line.pk], apologies.get(line.pk)
        held = held_at(transfers[line.pk], line.became_late_at)
        yield {
            "code": dossier.code,
            "procedure": dossier.procedure.name,
            "office": dossier.office.name,
            "received_on": dossier.received_on,
            "due_on": line.due_on,
            "standing": RESOLVED if line.is_resolved else PENDING,
            "until": line.until,
            "working_days": _working_days(line, calendars[dossier.office_id]),
            "calendar_days": line.calendar_days,
            "place": held.receiver if held else dossier.office.desk_name,
            "step": _step(held),
            "cause": str(apology.cause) if apology else NO_CAUSE,
            "apology": _sorry(apology),
            "later": "có" if line.pk in later else "",
            "applicant": dossier.applicant_name,
        }


def _step(held: Transfer | None) -> str:
    if held is None or held.step is None:
        return ""
    return f"{held.step.position}. {held.step.task or held.step.department}"


def _sorry(apology: Apology | None) -> str:
    if apology is None:
        return NOT_SORRY
    return f"{SORRY} {clock.local(apology.apologised_at):%d/%m/%Y}"


def held_at(transfers: Iterable[Transfer], moment: datetime) -> Transfer | None:
    """The hand-over by which the dossier lay where it was at this moment; none at the desk that
    received it."""
    then = [
        transfer
        for transfer in transfers
        if transfer.sent_at < moment and (transfer.ended_at is None or transfer.ended_at >= moment)
    ]
    return then[-1] if then else None


def _transfers(keys: Sequence[int]) -> dict[int, list[Transfer]]:
    found: dict[int, list[Transfer]] = defaultdict(list)
    related = ("to_office", "to_division", "step")
    for transfer in Transfer.objects.filter(dossier__in=keys, is_void=False).select_related(
        *related
    ):
        found[transfer.dossier_id].append(transfer)
    return found


def _apologies(keys: Sequence[int], before: datetime) -> dict[int, Apology]:
    apologies = Apology.objects.filter(
        dossier__in=keys, is_void=False, apologised_at__lt=before
    ).select_related("cause")
    return {apology.dossier_id: apology for apology in apologies.order_by("number")}


def _working_days(line: LateLine, calendar: WorkingCalendar) -> int | None:
    try:
        return calendar.working_days_between(line.due_on, line.until)
    except NoCalendarData:
        return None
