"""What lies where now and how long each place takes: pages beside the dashboard, each number with
the list behind it."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from dossiers.desk.readings import record_taken_out
from dossiers.desk.time_left import tell_time_left
from dossiers.models import Dossier, DossierQuerySet
from motcua import clock
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from motcua.text import fold
from motcua.web.paging import in_portions
from reports.dashboard.workload import Pile, Place, left_place, loads, names_of, paces
from reports.dashboard.workload_page import LEFT, place_of, workload_page
from reports.forms.choices import FiguresForm
from reports.output.csv_files import dossiers_csv
from reports.output.links import period_strip
from reports.views.dashboard import form_of
from reports.views.files import as_download, file_words

PAGE = 50


@role_required(*READING_ROLES)
@require_safe
@from_replica
def workload(request: StaffRequest) -> HttpResponse:
    """Who holds how many open dossiers now, and how long each place took in the period."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/workload.html", {"form": form}, status=400)
    scope = form.chosen_scope
    held = loads(scope, request.user, clock.today())
    context = {
        "form": form,
        "strip": period_strip(form.period, form.query),
        **workload_page(scope, held, paces(form.period, scope), form.query),
    }
    return render(request, "reports/workload.html", context)


@role_required(*READING_ROLES)
@require_safe
@from_replica
def held_dossiers(request: StaffRequest) -> HttpResponseBase:
    """The dossiers behind one number of the workload: as many as it says; `dang=csv` as a file."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/workload.html", {"form": form}, status=400)
    place = place_of(request.GET.get("noi", ""), form.chosen_scope)
    if place is None:
        raise Http404("Không có nơi này.")
    column = request.GET.get("cot", "")
    found = _behind(request, form, place, column).select_related(
        "office", "receiver", "sector", "procedure"
    )
    if request.GET.get("dang") == "csv":
        words = file_words(
            form, slugify(fold(request.GET.get("noi", ""))), f"{clock.today():%Y%m%d}"
        )
        return _csv(request, found, f"ho-so-{column}-{words}.csv")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": tell_time_left(page),
        "heading": "Đã chuyển đi trong kỳ" if column == LEFT else Pile(column).heading,
        "place": names_of([place], form.chosen_scope)[place],
        "in_period": column == LEFT,
    }
    return render(request, "reports/held_dossiers.html", context)


def _behind(request: StaffRequest, form: FiguresForm, place: Place, column: str) -> DossierQuerySet:
    """The dossiers of a pile, or those that left the place in the period."""
    scope = form.chosen_scope
    among = Dossier.objects.visible_to(request.user)
    if column == LEFT:
        # A dossier that was here is seen by whoever sees here.
        left = left_place(form.period, scope, place).order_by()
        found = among.filter(pk__in=left.values("dossier_id"))
    elif column in list(Pile):
        held = loads(scope, request.user, clock.today()).get(place)
        found = among.filter(pk__in=held.piles[Pile(column)] if held is not None else [])
    else:
        raise Http404("Không có cột này.")
    return found.annotate(due_then=F("due_on")).order_by("due_on", "pk")


def _csv(request: StaffRequest, found: DossierQuerySet, name: str) -> StreamingHttpResponse:
    """The list with applicants' names as a file, which is recorded."""
    record_taken_out(found.values_list("pk", flat=True), by=request.user, file=name)
    lines = dossiers_csv(in_portions(found))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return as_download(response, name)
