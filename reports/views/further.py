"""The further reports: late dossiers, backlog by age, causes of lateness, results by channel,
receipts by receiver."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.desk.readings import record_taken_out
from dossiers.models import Dossier
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from procedures.workdays import NoCalendarData
from reports.converters import FURTHER
from reports.forms.choices import FiguresForm, RowsForm
from reports.forms.further import LateForm, ReceiversForm
from reports.lists import late_list
from reports.lists.channels import CHANNELS
from reports.output.links import dossiers_address
from reports.output.sheets import Sheet
from reports.register.report_request import REPORTS, Counted, What, late_lines_of, late_sheet_of
from reports.views.files import (
    FILES,
    PAGE,
    around,
    dossiers_page,
    file_links,
    file_words,
    form_of,
    goes_to_job,
    sheet_file,
)
from reports.views.report import group_name

LATE = late_list.LAYOUT.name
# A table of 2,000 rows lifts the PDF engine's process by half a gigabyte.
MOST_ON_PAPER = 1000


@role_required(*READING_ROLES)
@require_safe
@from_replica
def further_report(request: StaffRequest, word: str) -> HttpResponse:
    """The report on screen, with its choice above it."""
    if word == LATE:
        return _late(request)
    report = _report(word)
    form = form_of(request, report.form)
    if not form.is_valid():
        return _page(request, word, form, status=400)
    try:
        sheet = report.sheet(form)
    except NoCalendarData as missing:
        return _page(request, word, form, sentence=_no_calendar(missing), status=409)
    return _page(request, word, form, sheet=sheet, empty=report.empty)


@role_required(*READING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@from_replica
def further_export(request: StaffRequest, word: str, format: str) -> HttpResponse:
    """The report as a file; one that does not add up is not given out."""
    if format not in FILES:
        raise Http404("Không có định dạng này.")
    if word == LATE:
        return _late_file(request, format)
    report = _report(word)
    form = form_of(request, report.form)
    if not form.is_valid():
        return _page(request, word, form, status=400)
    try:
        sheet = report.sheet(form)
    except NoCalendarData as missing:
        return _page(request, word, form, sentence=_no_calendar(missing), status=409)
    if not sheet.adds_up:
        return _page(request, word, form, sheet=sheet, status=409)
    return sheet_file(request, sheet, format, word, form, What(word))


@role_required(*READING_ROLES)
@require_safe
@from_replica
def further_dossiers(request: StaffRequest, word: str) -> HttpResponseBase:
    """The dossiers behind one number of a report: as many as it says."""
    report = _report(word)
    form = form_of(request, report.form)
    if not form.is_valid():
        return _page(request, word, form, status=400)
    column = report.layout(form).column(request.GET.get("cot", ""))
    if column is None:
        raise Http404("Không có cột này.")
    group = request.GET.get("nhom", "")
    among = Dossier.objects.visible_to(request.user)
    try:
        found = report.behind(form, column.name, among=among, **_narrow(form, group))
    except NoCalendarData as missing:
        return _page(request, word, form, sentence=_no_calendar(missing), status=409)
    back = f"{reverse('further_report', args=[word])}?{form.address}"
    return dossiers_page(request, form, column, found, row=_row(form, group), back=back)


def _late(request: StaffRequest) -> HttpResponse:
    form = form_of(request, LateForm)
    if not form.is_valid():
        return _page(request, LATE, form, status=400)
    lines = late_lines_of(form, request.user)
    page = Paginator(form.narrowed(lines), PAGE).get_page(request.GET.get("page"))
    sheet = late_sheet_of(form, lines, list(page), first=max(page.start_index(), 1))
    resolved = sum(line.is_resolved for line in lines)
    more: dict[str, Any] = {
        "sheet": sheet,
        "page": page,
        "resolved_number": resolved,
        "overdue_number": len(lines) - resolved,
        "resolved_address": dossiers_address(form.query, "resolved_late"),
        "overdue_address": dossiers_address(form.query, "pending_overdue"),
        "empty": "Trong kỳ này không có hồ sơ nào như vậy.",
    }
    return _page(request, LATE, form, **more)


def _late_file(request: StaffRequest, format: str) -> HttpResponse:
    form = form_of(request, LateForm)
    if not form.is_valid():
        return _page(request, LATE, form, status=400)
    lines = late_lines_of(form, request.user)
    wanted = form.narrowed(lines)
    if format == "pdf" and len(wanted) > MOST_ON_PAPER:
        sentence = (
            f"Danh sách có {len(wanted)} dòng, bản in PDF chỉ làm được đến {MOST_ON_PAPER} dòng. "
            "Hãy chọn một đơn vị hoặc kỳ ngắn hơn, hoặc tải bảng tính XLSX rồi in."
        )
        return _page(request, LATE, form, sentence=sentence, status=409)
    sheet = late_sheet_of(form, lines, wanted)
    if not sheet.adds_up:
        return _page(request, LATE, form, sheet=sheet, status=409)
    if form.with_names and not goes_to_job(sheet, format):
        name = f"{LATE}-{file_words(form)}.{format}"
        record_taken_out([line.pk for line in wanted], by=request.user, file=name)
    return sheet_file(request, sheet, format, LATE, form, What.LATE)


def _report(word: str) -> Counted:
    if word not in REPORTS:  # the list of late dossiers has no numbers to open
        raise Http404("Báo cáo này không có số nào để mở.")
    return REPORTS[word]


def _page(
    request: StaffRequest, word: str, form: FiguresForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    sheet: Sheet | None = more.get("sheet")
    files = file_links("further_export", form, word) if sheet and sheet.adds_up else []
    context = {**around(form, word), "title": FURTHER[word], "files": files, **more}
    name = "late.html" if word == LATE else "further.html"
    return render(request, f"reports/{name}", context, status=status)


def _no_calendar(missing: NoCalendarData) -> str:
    return f"{missing} Tuổi hồ sơ bằng ngày làm việc chưa tính được; hãy chọn ngày theo lịch."


def _narrow(form: FiguresForm, group: str) -> dict[str, str]:
    """The filter that a row's key stands for; where it is one of the offices, the form's scope is
    that office alone from here on."""
    if not group:
        return {}
    if not isinstance(form, RowsForm | ReceiversForm):
        return {"channel": group}
    form.chosen_scope, key = form.by.narrow(form.chosen_scope, group)
    return key


def _row(form: FiguresForm, group: str) -> tuple[str, str, str]:
    """The heading, the key and the name of the row that was pressed."""
    if isinstance(form, RowsForm | ReceiversForm):
        return form.by.heading, group, group_name(group, form.by, form.chosen_scope)
    names = {channel.value: channel.label for channel in CHANNELS}
    return "Hình thức nộp", group, names.get(group, "")
