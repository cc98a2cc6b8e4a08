"""Reports by period: on screen, as files, and the dossiers behind each number."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.models import Dossier
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from procedures.models import Procedure
from reports.figures.tables import By, table
from reports.forms.choices import ReportForm
from reports.lists.behind import dossiers_of
from reports.output.running import AT_ITS_END
from reports.output.sheets import figures_sheet
from reports.sign_off.status import with_status
from reports.terms.columns import BY_NAME, RATES
from reports.terms.layouts import FULL, standard
from reports.terms.scopes import Scope
from reports.views.files import FILES, What, around, dossiers_page, file_links, form_of, sheet_file

HERE = "bieu"


@role_required(*READING_ROLES)
@require_safe
@from_replica
def report(request: StaffRequest) -> HttpResponse:
    """The table of a period in a layout, every number a link, with the choice above it."""
    form = form_of(request, ReportForm)
    if not form.is_valid():
        return unusable(request, form)
    figures = table(form.period, form.chosen_scope, form.by)
    sheet = with_status(figures_sheet(figures, form.layout, form.query))
    context = {
        **around(form, HERE),
        "table": figures,
        "sheet": sheet,
        "rates": [(rate.heading, *rate.of(figures.total)) for rate in RATES],
        "shares": [rate.of(figures.total) for rate in RATES],
        "files": file_links("report_export", form) if sheet.adds_up else [],
    }
    return render(request, "reports/report.html", context)


@role_required(*READING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@from_replica
def report_export(request: StaffRequest, format: str) -> HttpResponse:
    """The same table as a file; one that does not add up is not given out."""
    if format not in FILES:
        raise Http404("Không có định dạng này.")
    form = form_of(request, ReportForm)
    if not form.is_valid():
        return unusable(request, form)
    figures = table(form.period, form.chosen_scope, form.by)
    sheet = figures_sheet(figures, form.layout)
    if not sheet.adds_up:
        context = {**around(form, HERE), "table": figures, "sheet": sheet}
        return render(request, "reports/report.html", context, status=409)
    name = "bao-cao" if form.layout is FULL else f"bao-cao-{form.layout.name}"
    return sheet_file(request, sheet, format, name, form, What.FIGURES)


@role_required(*READING_ROLES)
@require_safe
@from_replica
def figure_dossiers(request: StaffRequest) -> HttpResponseBase:
    """The dossiers behind one number: as many as it says; `dang=csv` as a file.
    `tinh-den=cuoi-ky`: of a running period, as they will stand at its end."""
    form = form_of(request, ReportForm)
    if not form.is_valid():
        return unusable(request, form)
    if request.GET.get("tinh-den") == AT_ITS_END:
        form.period = form.period.whole
    name = request.GET.get("cot", "")
    column = form.layout.column(name) or (standard(name) if name in BY_NAME else None)
    if column is None:
        raise Http404("Không có cột này.")
    group = request.GET.get("nhom")
    scope, key = form.by.narrow(form.chosen_scope, group) if group else (form.chosen_scope, {})
    among = Dossier.objects.visible_to(request.user)
    found = dossiers_of(column.parts, form.period, scope, among=among, **key)
    return dossiers_page(
        request,
        form,
        column,
        found,
        row=(form.by.heading, group or "", group_name(group or "", form.by, form.chosen_scope)),
        back=f"{reverse('report')}?{form.address}",
    )


def unusable(request: StaffRequest, form: ReportForm) -> HttpResponse:
    """The choice cannot be understood: the form again, with what was entered."""
    return render(request, "reports/report.html", around(form, HERE), status=400)


def group_name(key: str, by: By, scope: Scope) -> str:
    """The words for the row that was pressed, as a reader knows it."""
    if not key or by is By.SECTOR:
        return key
    if by is By.OFFICE:
        return next((office.name for office in scope.row(key).offices), key)
    procedure = Procedure.objects.filter(key=key).first()
    return str(procedure) if procedure else key
