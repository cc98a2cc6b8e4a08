"""The results that everybody may read, and what citizens wrote, which only leaders read."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.access import StaffRequest, role_required
from motcua.models import Role
from motcua.operations.replica import from_replica
from motcua.web.public_pages import render_public
from reports.figures.offices import offices_for
from reports.forms.choices import FiguresForm, current_quarter
from reports.output.links import report_places
from reports.public.ratings import comments_of, ratings_of
from reports.public.results import latest, quarters, results_of

PAGE = 20


@require_safe
@from_replica
def published_results(request: HttpRequest) -> HttpResponse:
    """The quarter in `ky`, or the last one that is over: sums of each office, for everybody."""
    periods = quarters()
    key = request.GET.get("ky")
    chosen = latest(periods)
    if key is not None:
        chosen = next((period for period in periods if period.key == key), None)
        if chosen is None:
            raise Http404("Không có kết quả của quý này.")
    context = {"periods": periods, "results": results_of(chosen) if chosen else None}
    return render_public(request, "reports/results.html", context)


@role_required(Role.LEADER, Role.OVERSEER)
@require_safe
@from_replica
def ratings(request: StaffRequest) -> HttpResponse:
    """Averages for each office of the scope, with the number of answers; leaders also read the
    comments. Neither a clerk nor a dossier is named."""
    offices = offices_for(request.user)
    if not offices:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    form = FiguresForm(request.GET, offices, period=current_quarter())
    if not form.is_valid():
        return render(request, "reports/ratings.html", {"form": form}, status=400)
    shown = form.chosen_scope.offices
    comments = None
    if request.user.has_role(Role.LEADER):
        comments = Paginator(comments_of(form.period, shown), PAGE).get_page(
            request.GET.get("page")
        )
    context = {
        "form": form,
        "places": report_places(form.query),
        "rows": ratings_of(form.period, shown),
        "page": comments,
    }
    return render(request, "reports/ratings.html", context)
