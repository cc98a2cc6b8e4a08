"""The office's own reckoning of the national index (QĐ 766/QĐ-TTg), and the dossiers behind it."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from reports.forms.calendar_periods import CalendarForm
from reports.index.page import COLUMNS, index_behind, index_csv, index_page
from reports.output.csv_files import about
from reports.output.links import calendar_strip
from reports.views.files import as_download, dossiers_page, file_words, form_of


@role_required(*READING_ROLES)
@require_safe
@from_replica
def national_index(request: StaffRequest) -> HttpResponseBase:
    """The index of a month, quarter or year, estimated; `dang=csv` as a file."""
    form = form_of(request, CalendarForm)
    if not form.is_valid():
        return _unusable(request, form)
    if request.GET.get("dang") == "csv":
        lines = index_csv(form.period, form.chosen_scope, about(form.period, form.chosen_scope))
        file = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        return as_download(file, f"chi-so-{file_words(form)}.csv")
    context = {
        "form": form,
        "strip": calendar_strip(form.period, form.query),
        **index_page(form.period, form.chosen_scope, form.query),
    }
    return render(request, "reports/national_index.html", context)


@role_required(*READING_ROLES)
@require_safe
@from_replica
def national_index_dossiers(request: StaffRequest) -> HttpResponseBase:
    """The dossiers behind one number of the index: as many as it says; `dang=csv` as a file."""
    form = form_of(request, CalendarForm)
    if not form.is_valid():
        return _unusable(request, form)
    column = COLUMNS.get(request.GET.get("cot", ""))
    if column is None:
        raise Http404("Không có cột này.")
    among = Dossier.objects.visible_to(request.user)
    return dossiers_page(
        request,
        form,
        column,
        index_behind(column.name, form.period, form.chosen_scope, among=among),
        row=("", "", ""),
        back=f"{reverse('national_index')}?{form.address}",
    )


def _unusable(request: StaffRequest, form: CalendarForm) -> HttpResponse:
    return render(request, "reports/national_index.html", {"form": form}, status=400)
