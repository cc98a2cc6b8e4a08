"""Sign-off: which office signed which period, the page to look and sign, and what changed since."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from dossiers.desk.later_entries import later_entries
from dossiers.models import Dossier
from motcua import clock
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.models import Level, Office
from motcua.text import whole_number
from motcua.web.sent_twice import same_answer
from procedures.workdays import NoCalendarData
from reports.figures.offices import OfficesInTime, offices_for
from reports.forms.sign_off import ClosingYearForm, NoteForm, ReasonForm
from reports.models import Closing, Reminder
from reports.output.links import (
    CALENDAR_WORD,
    CALENDARS,
    Cell,
    calendar_query,
    cells,
    closing_address,
    period_line,
)
from reports.sign_off import closing as rules
from reports.sign_off.changes import compare
from reports.sign_off.papers import file_name, signed_file
from reports.sign_off.reminders import remind
from reports.sign_off.signed_files import signed_dossiers
from reports.sign_off.signed_files import signed_table as table_of
from reports.sign_off.warnings import (
    LATER,
    WORDS,
    changes_since_last_look,
    dossiers_of_warning,
    warnings_of,
)
from reports.terms.columns import BY_NAME, NAMES, Figures
from reports.terms.layouts import FULL
from reports.terms.periods import Period
from reports.terms.scopes import desks_in_order
from reports.views.files import FILES, as_download

PAGE = 50
CHANGED_FILE = (
    "Tệp lưu trong máy không còn khớp với chuỗi kiểm tra lúc lưu: có người đã sửa thẳng vào cơ sở "
    "dữ liệu. Tệp này không được tải xuống; số liệu đã ký ở dưới vẫn giữ nguyên. Mời báo cho người "
    "quản trị."
)


@role_required(*READING_ROLES)
@require_safe
def closings(request: StaffRequest) -> HttpResponse:
    """Offices by periods of a year: signed, late, awaited."""
    offices = visible_desks(request)
    form = ClosingYearForm(request.GET, year=clock.today().year)
    if not form.is_valid():
        return render(request, "reports/closings.html", {"form": form}, status=400)
    periods = rules.periods_of(form.year, form.calendar)
    found = rules.standings(offices, periods)
    below = rules.remindable(request.user, offices)
    awaited = [
        (period, sum(_is_missed(found[office][period.key]) for office in below))
        for period in periods
    ]
    context = {
        "form": form,
        "periods": periods,
        "rows": [
            (office, list(of_office.values()))
            for office, of_office in found.items()
            if any(standing.stands for standing in of_office.values())
        ],
        "awaited": [(period, number) for period, number in awaited if number],
        "levels": _deadlines_in_words(found),
        "calendar_word": CALENDAR_WORD[form.calendar],
    }
    return render(request, "reports/closings.html", context)


def _deadlines_in_words(offices: Iterable[Office]) -> list[tuple[str, int]]:
    """Until when each level that is there signs; the lowest first."""
    levels = {office.level for office in offices}
    days = rules.deadlines_by_level()
    return [(str(level.label), days[level]) for level in reversed(Level) if level in levels]


def _is_missed(standing: rules.Standing) -> bool:
    return standing.is_awaited and not standing.is_empty


@role_required(*READING_ROLES)
@require_safe
def closing(request: StaffRequest, code: str, key: str) -> HttpResponse:
    """The page to look and sign, or what was signed with what changed since."""
    return page(request, *choice(request, code, key))


def _first_signature(request: StaffRequest, code: str, key: str) -> HttpResponse | None:
    signed = _version_of(request, *choice(request, code, key), signed_by=request.user)
    if signed is None or signed.note != request.POST.get("note", "").strip():
        return None
    return _signed(request, signed)


@role_required(*READING_ROLES)
@require_POST
@same_answer(_first_signature)
def closing_sign(request: StaffRequest, code: str, key: str) -> HttpResponse:
    office, period = choice(request, code, key)
    if not rules.may_sign(request.user, office):
        raise PermissionDenied("Chỉ lãnh đạo của chính đơn vị này ký được số liệu.")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page(request, office, period, status=400, note_form=form)
    note = form.cleaned_data["note"]
    seen, version = request.POST.get("seen", ""), whole_number(request.POST.get("version", ""))
    try:
        signed = rules.sign(office, period, by=request.user, seen=seen, note=note, version=version)
    except rules.CannotSign as refused:
        status = 503 if isinstance(refused, rules.CannotDraw) else 409
        return page(request, office, period, status=status, error=str(refused), note_form=form)
    return _signed(request, signed)


def _signed(request: StaffRequest, signed: Closing) -> HttpResponse:
    messages.success(request, f"Đã ký số liệu {signed.period.label} của {signed.office.name}.")
    return redirect(closing_address(signed.office, signed.period))


def _first_reopening(request: StaffRequest, code: str, key: str) -> HttpResponse | None:
    signed = _version_of(request, *choice(request, code, key), reopening__reopened_by=request.user)
    if signed is None or signed.reopening.reason != request.POST.get("reason", "").strip():
        return None
    return _reopened(request, signed)


@role_required(*READING_ROLES)
@require_POST
@same_answer(_first_reopening)
def closing_reopen(request: StaffRequest, code: str, key: str) -> HttpResponse:
    office, period = choice(request, code, key)
    if not rules.may_reopen(request.user, office):
        raise PermissionDenied(
            "Chỉ lãnh đạo cấp trên trực tiếp mở lại được kỳ đã ký; nơi nào không có lãnh đạo cấp "
            "trên trong chương trình thì người quản trị mở lại."
        )
    latest = rules.standing_of(office, period).latest
    reason = request.POST.get("reason", "")
    try:
        if latest is None or str(latest.version) != request.POST.get("version"):
            raise rules.CannotSign("Kỳ này vừa được ký lại. Mời xem lại trang.")
        rules.reopen(latest, by=request.user, reason=reason)
    except rules.CannotSign as refused:
        form = ReasonForm(request.POST)
        form.add_error("reason", str(refused))
        return page(request, office, period, status=409, reason_form=form)
    return _reopened(request, latest)


def _reopened(request: StaffRequest, signed: Closing) -> HttpResponse:
    messages.success(request, f"Đã mở lại {signed.period.label} của {signed.office.name}.")
    return redirect(closing_address(signed.office, signed.period))


def _version_of(
    request: StaffRequest, office: Office, period: Period, **done: Any
) -> Closing | None:
    """The version that the form is about, if it is there and this was done with it."""
    version = whole_number(request.POST.get("version", "")) or 0
    return (
        Closing.objects.filter(version=version, office=office, period_key=period.key)
        .filter(calendar=period.calendar, **done)
        .select_related("office", "reopening")
        .first()
    )


@role_required(*READING_ROLES)
@require_POST
def closing_remind(request: StaffRequest) -> HttpResponse:
    """Remind every office below that has not signed the period."""
    period = closable(request.POST.get("ky", ""), request.POST.get("lich", ""))
    offices = rules.remindable(request.user, visible_desks(request))
    if not offices:
        raise PermissionDenied("Chỉ lãnh đạo hoặc người giám sát của cấp trên nhắc được đơn vị.")
    found = rules.standings(offices, [period])
    outcome = remind((found[office][period.key] for office in offices), by=request.user)
    messages.success(request, f"{period.label}: {outcome.sentence}")
    query = {"nam": period.key[:4], "lich": CALENDAR_WORD[period.calendar]}
    return redirect(f"{reverse('closings')}?{urlencode(query)}")


@role_required(*READING_ROLES)
@require_safe
def closing_dossiers(request: StaffRequest, code: str, key: str, version: int) -> HttpResponse:
    """The dossiers behind a signed number, as they were listed when it was signed."""
    signed = signed_version(*choice(request, code, key), version)
    column = BY_NAME.get(request.GET.get("cot", ""))
    if column is None:
        raise Http404("Không có cột này.")
    sector = request.GET.get("nhom")
    keys = signed_dossiers(signed, column.name, sector)
    page_of_keys = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    visible = Dossier.objects.visible_to(request.user).select_related("procedure")
    dossiers = visible.filter(pk__in=page_of_keys.object_list).order_by("received_on", "pk")
    context = {
        "closing": signed,
        "column": column,
        "sector": sector,
        "page": page_of_keys,
        "dossiers": dossiers,
        "later": later_entries(dossiers),
        "back": closing_address(signed.office, signed.period),
    }
    return render(request, "reports/closing_dossiers.html", context)


@role_required(*READING_ROLES)
@require_safe
def closing_warning(request: StaffRequest, code: str, key: str, kind: str) -> HttpResponse:
    """The dossiers that a warning before signing counts, as many as it says."""
    office, period = choice(request, code, key)
    try:
        found = dossiers_of_warning(kind, office, period)
    except (KeyError, NoCalendarData):
        raise Http404("Không có danh sách này.") from None
    visible = Dossier.objects.visible_to(request.user).filter(pk__in=found.order_by().values("pk"))
    rows = visible.select_related("office", "procedure").order_by("received_on", "pk")
    page_of_rows = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    later = later_entries(page_of_rows)
    context = {
        "office": office,
        "period_line": period_line(period),
        "words": WORDS[kind],
        "page": page_of_rows,
        "rows": [(dossier, later.get(dossier.pk, ())) for dossier in page_of_rows],
        "shows_acts": kind == LATER,
        "back": closing_address(office, period),
    }
    return render(request, "reports/closing_warning.html", context)


@role_required(*READING_ROLES)
@require_safe
def closing_export(
    request: StaffRequest, code: str, key: str, version: int, format: str
) -> HttpResponse:
    """A file of a signed table, as it was stored; one that no longer fits its digest, or whose
    figures do not fit theirs, is not given out."""
    if format not in FILES:
        raise Http404("Không có định dạng này.")
    office, period = choice(request, code, key)
    signed = signed_version(office, period, version)
    if not signed.is_intact:
        return page(request, office, period, status=409)
    file = signed_file(signed, format)
    if not file.is_intact:
        return page(request, office, period, status=409, error=CHANGED_FILE)
    response = HttpResponse(bytes(file.content), content_type=FILES[format][1])
    return as_download(response, file_name(signed, format))


def signed_version(office: Office, period: Period, version: int) -> Closing:
    found: Closing = get_object_or_404(
        Closing.objects.select_related("office", "signed_by"),
        office=office,
        period_key=period.key,
        calendar=period.calendar,
        version=version,
    )
    return found


def page(
    request: StaffRequest, office: Office, period: Period, *, status: int = 200, **said: Any
) -> HttpResponse:
    standing = rules.standing_of(office, period)
    signed = standing.latest if standing.is_signed else None
    reminders = Reminder.objects.filter(
        office=office, period_key=period.key, calendar=period.calendar
    )
    context = {
        "office": office,
        "period": period,
        "period_line": period_line(period),
        "standing": standing,
        "columns": FULL.columns,
        "may_reopen": standing.is_signed and rules.may_reopen(request.user, office),
        "is_led_from_above": rules.is_led_from_above(office),
        "reminders": reminders[:5],
        "actions": {
            name: closing_address(office, period, f"closing_{name}") for name in ("sign", "reopen")
        },
        "back": list_address(period),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "comparison": compare(standing.latest) if standing.latest else None,
        **(signed_table(signed, period) if signed else open_table(request, standing)),
        **said,
    }
    return render(request, "reports/closing.html", context, status=status)


def signed_table(signed: Closing, period: Period) -> dict[str, object]:
    """The frozen numbers, each leading to the dossiers that were behind it."""
    table = table_of(signed)
    base = reverse("closing_dossiers", args=[signed.office.code, signed.period_key, signed.version])

    def line(figures: Figures, opening: Figures, sector: str | None = None) -> list[Cell]:
        extra = {**calendar_query(period), **({"nhom": sector} if sector else {})}
        return [
            Cell(
                BY_NAME[name],
                figures[name],
                f"{base}?{urlencode({**extra, 'cot': name})}"
                if figures[name] != opening[name]
                else "",
                opening[name],
            )
            for name in NAMES
        ]

    return {
        "files": [(format, file_address(signed, format)) for format in FILES],
        "rows": [(row.name, line(row.figures, row.opening, row.key)) for row in table.rows],
        "total": line(table.total, table.opening),
        "is_intact": signed.is_intact,
    }


def open_table(request: StaffRequest, standing: rules.Standing) -> dict[str, object]:
    """What is counted now, with every warning: what may be signed."""
    office, period = standing.office, standing.period
    figures = rules.table_now(office, period)
    query = {"ky": period.key, "pham-vi": office.code, **calendar_query(period)}
    return {
        "table": figures,
        "rows": [
            (row.name, cells(query, row.figures, NAMES, row.key, row.opening))
            for row in figures.rows
        ],
        "total": cells(query, figures.total, NAMES, opening=figures.opening),
        "warnings": [
            (each, closing_address(office, period, "closing_warning", each.kind))
            for each in warnings_of(office, period)
        ],
        "changes": changes_since_last_look(request.user, office, figures),
        "seen": rules.fingerprint(figures),
        "may_sign": standing.has_ended and figures.adds_up and rules.may_sign(request.user, office),
    }


def visible_desks(request: StaffRequest) -> list[Office]:
    return desks_in_order(offices_for(request.user).offices)


def choice(request: StaffRequest, code: str, key: str) -> tuple[Office, Period]:
    """The office and period of the address; what lies outside the scope does not exist. The code
    is that of the period's last day."""
    period = closable(key, request.GET.get("lich", ""))
    bearers = [office for office in visible_desks(request) if office.code == code]
    rows = OfficesInTime(tuple(bearers)).of(period).rows
    of_period = {office.pk for office in rows if not office.ended_before(period.start)}
    office = next((office for office in bearers if office.pk in of_period), None)
    if office is None:
        raise Http404("Không có đơn vị này trong kỳ.")
    return office, period


def closable(key: str, word: str) -> Period:
    try:
        return rules.closable(key, CALENDARS[word or "duong-lich"])
    except (KeyError, ValueError):
        raise Http404("Không có kỳ này.") from None


def file_address(signed: Closing, format: str) -> str:
    words = [signed.office.code, signed.period_key, signed.version, format]
    query = urlencode(calendar_query(signed.period))
    return reverse("closing_export", args=words) + (f"?{query}" if query else "")


def list_address(period: Period) -> str:
    return f"{reverse('closings')}?{urlencode({'nam': period.key[:4], **calendar_query(period)})}"
