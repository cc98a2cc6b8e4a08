"""Reports by period: on screen, as files, and the dossiers behind each number."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers.explanation import tell_margins
from dossiers.models import Dossier, DossierQuerySet
from motcua.access import READING_ROLES, role_required
from reports.columns import BY_NAME, COLUMNS, NAMES, RATES, Column
from reports.exports import check_sentence, dossiers_csv, report_csv, report_xlsx
from reports.figures import dossiers_behind
from reports.forms import ReportForm, current_quarter
from reports.links import cells
from reports.printouts import report_pdf
from reports.scopes import scopes_for
from reports.statistics import By, table

PAGE = 50
FILES = {
    "csv": (report_csv, "text/csv; charset=utf-8"),
    "xlsx": (report_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (report_pdf, "application/pdf"),
}


@role_required(*READING_ROLES)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The table of a period, every number a link, with the choice above it."""
    form = form_of(request)
    if not form.is_valid():
        return unusable(request, form)
    figures = table(form.period, form.chosen_scope, form.by)
    context = {
        "form": form,
        "table": figures,
        "columns": COLUMNS,
        "rows": [
            (row.name, cells(form.query, row.figures, NAMES, row.key)) for row in figures.rows
        ],
        "total": cells(form.query, figures.total, NAMES),
        "rates": [(rate.heading, *rate.of(figures.total)) for rate in RATES],
        "check": check_sentence(figures),
        "files": [(name, file_address(name, form)) for name in FILES],
    }
    return render(request, "reports/report.html", context)


@role_required(*READING_ROLES)
@require_safe
def report_export(request: HttpRequest, format: str) -> HttpResponse:
    """The same table as a file; one that does not add up is not given out."""
    if format not in FILES:
        raise Http404("Không có định dạng này.")
    form = form_of(request)
    if not form.is_valid():
        return unusable(request, form)
    figures = table(form.period, form.chosen_scope, form.by)
    if not figures.adds_up:
        return render(request, "reports/report.html", {"form": form, "table": figures}, status=409)
    make, content_type = FILES[format]
    return download(HttpResponse(make(figures), content_type=content_type), format, form)


@role_required(*READING_ROLES)
@require_safe
def figure_dossiers(request: HttpRequest) -> HttpResponse:
    """The dossiers behind one number: as many as it says; `dang=csv` as a file."""
    form = form_of(request)
    if not form.is_valid():
        return unusable(request, form)
    column = BY_NAME.get(request.GET.get("cot", ""))
    if column is None:
        raise Http404("Không có cột này.")
    found = behind(request, form, column)
    if request.GET.get("dang") == "csv":
        lines = StreamingHttpResponse(
            dossiers_csv(found.iterator(chunk_size=1000)), content_type="text/csv; charset=utf-8"
        )
        return download(lines, "csv", form, f"ho-so-{column.name}")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page.object_list = tell_margins(page.object_list)
    context = {"form": form, "column": column, "group": group_name(request, form.by), "page": page}
    return render(request, "reports/figure_dossiers.html", context)


def form_of(request: HttpRequest) -> ReportForm:
    """The choice in the address. A person without an office has no figures: 403."""
    scopes = scopes_for(request.user)
    if not scopes:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    return ReportForm(request.GET, scopes, period=current_quarter())


def unusable(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """The choice cannot be understood: the form again, with what was entered."""
    return render(request, "reports/report.html", {"form": form}, status=400)


def behind(request: HttpRequest, form: ReportForm, column: Column) -> DossierQuerySet:
    """The dossiers of the column, narrowed to the row that was pressed, that the person may see."""
    group = request.GET.get("nhom")
    return (
        dossiers_behind(
            column.name,
            form.period,
            form.chosen_scope,
            among=Dossier.objects.visible_to(request.user),
            **(form.by.narrow(group) if group else {}),
        )
        .select_related("office", "sector", "procedure")
        .order_by("received_on", "pk")
    )


def file_address(format: str, form: ReportForm) -> str:
    return f"{reverse('report_export', args=[format])}?{form.address}"


def group_name(request: HttpRequest, by: By) -> str:
    """The words for the row that was pressed, as a reader knows it."""
    key = request.GET.get("nhom", "")
    if not key or by is By.SECTOR:
        return key
    model = Dossier._meta.get_field(by.value).related_model
    found = model.objects.filter(**{"code" if by is By.OFFICE else "key": key}).first()
    return str(found) if found else key


def download(
    response: HttpResponse | StreamingHttpResponse,
    format: str,
    form: ReportForm,
    name: str = "bao-cao",
) -> HttpResponse | StreamingHttpResponse:
    """Offer the response as a file named for what it is."""
    words = form.query
    period = words["ky"].replace("..", "_")
    file = f"{name}-{period}-{words['pham-vi']}-{words['theo']}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
