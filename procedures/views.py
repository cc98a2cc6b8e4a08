"""The public catalogue: what may be asked for, what to bring, how long it takes, where to go."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from motcua import clock
from motcua.models import Level, Office
from motcua.public import render_public
from procedures.forms import CatalogueSearch
from procedures.models import Procedure, ProcedureVersion

PAGE = 20


@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    form = CatalogueSearch(request.GET)
    results = form.results(clock.today())
    page = Paginator(results, PAGE).get_page(request.GET.get("page"))
    return render_public(
        request,
        "procedures/list.html",
        {
            "form": form,
            "page": page,
            "searched": any(request.GET.get(name) for name in form.fields),
        },
        status=200 if form.is_valid() else 400,
    )


@require_safe
def procedure_detail(request: HttpRequest, key: str) -> HttpResponse:
    procedure = get_object_or_404(
        Procedure.objects.select_related("sector"), key=key, is_active=True
    )
    today = clock.today()
    version = (
        ProcedureVersion.objects.in_force(today)
        .filter(procedure=procedure)
        .prefetch_related("papers", "steps")
        .first()
    )
    coming = procedure.versions.filter(in_force_from__gt=today).order_by("in_force_from").first()
    context = {
        "procedure": procedure,
        "version": version,
        "coming": coming,
        "doubts_fee": version is not None and version.doubts("phí, lệ phí"),
        "doubts_code": version is not None and version.doubts("mã TTHC"),
        "offices": offices_for(procedure),
    }
    return render_public(request, "procedures/detail.html", context)


def offices_for(procedure: Procedure) -> list[Office]:
    """The desks that receive the procedure: those of its level, and since 01/7/2025 the
    communes that took over the district's procedures."""
    where = Q(level=procedure.level)
    if procedure.level == Level.DISTRICT:
        where |= Q(takes_district_procedures=True)
    return list(Office.objects.filter(where))
