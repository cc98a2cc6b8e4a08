"""A month of an office on one page: on screen, on paper, and the dossiers behind its numbers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from procedures.workdays import NoCalendarData
from reports.forms.calendar_periods import MonthForm
from reports.month_sheet.paper import month_sheet_paper
from reports.month_sheet.sheet import COLUMNS, UNKNOWN, behind, month_sheet_of
from reports.output.drift import drifts
from reports.output.links import month_strip
from reports.output.running import running
from reports.views.files import dossiers_page, file_words, form_of


@role_required(*READING_ROLES)
@require_safe
@from_replica
def month_sheet(request: StaffRequest) -> HttpResponse:
    """The sheet on screen, every number a link."""
    form = form_of(request, MonthForm)
    if not form.is_valid():
        return _page(request, form, status=400)
    return _page(request, form, **_sheet(form))


@role_required(*READING_ROLES)
@require_safe
@from_replica
def month_paper(request: StaffRequest) -> HttpResponse:
    """The sheet as a PDF of one A4 page; one that does not add up is not printed."""
    form = form_of(request, MonthForm)
    if not form.is_valid():
        return _page(request, form, status=400)
    made = _sheet(form)
    if made["sheet"].problems:
        return _page(request, form, status=409, **made)
    response = HttpResponse(month_sheet_paper(made["sheet"]).pdf, content_type="application/pdf")
    name = f"phieu-thang-{file_words(form)}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@role_required(*READING_ROLES)
@require_safe
@from_replica
def month_sheet_dossiers(request: StaffRequest) -> HttpResponseBase:
    """The dossiers behind one number: as many as it says; `dang=csv` as a file."""
    form = form_of(request, MonthForm)
    if not form.is_valid():
        return _page(request, form, status=400)
    column = COLUMNS.get(request.GET.get("cot", ""))
    if column is None:
        raise Http404("Không có cột này.")
    among = Dossier.objects.visible_to(request.user)
    try:
        found = behind(column.name, form.period, form.chosen_scope, among=among)
    except NoCalendarData as missing:
        return _page(request, form, status=409, sentence=str(missing))
    back = f"{reverse('month_sheet')}?{form.address}"
    return dossiers_page(request, form, column, found, row=("", "", ""), back=back)


def _sheet(form: MonthForm) -> dict[str, Any]:
    return {"sheet": month_sheet_of(form.period, form.chosen_scope, form.query)}


def _page(
    request: StaffRequest, form: MonthForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "unknown": UNKNOWN, **more}
    if form.is_valid():
        context |= {
            "strip": month_strip(form.period, form.query),
            "drifts": drifts(form.period, form.chosen_scope),
            "running": running(form.period, form.chosen_scope, form.query),
        }
    return render(request, "reports/month_sheet.html", context, status=status)
