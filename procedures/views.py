"""The public catalogue: what may be asked for, what to bring, how long it takes, where to go."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from motcua import clock
from motcua.public import render_public
from procedures.forms import CatalogueSearch
from procedures.models import Procedure, ProcedureVersion
from procedures.offering import files_online, offices_for

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
        "files_online": files_online(procedure, version),
    }
    return render_public(request, "procedures/detail.html", context)
