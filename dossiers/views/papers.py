"""The papers of a dossier as PDF. Opening one is printing it, and is recorded."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from dossiers.paper import forms_01_03
from motcua.access import StaffRequest, staff_required
from motcua.printing.pdf import PrintingBusy

logger = logging.getLogger("motcua.papers")

_RELATED = ("office", "procedure", "version", "created_by")


@staff_required
@require_GET
def slip(request: StaffRequest, code: str) -> HttpResponse:
    """Form 01; `?kho=a4` gives two copies on one A4 landscape."""
    dossier = visible_dossier(request, code)
    if not dossier.is_accepted:
        raise Http404("Hồ sơ chưa được tiếp nhận nên chưa có giấy hẹn.")
    two = request.GET.get("kho") == "a4"
    return print_paper(
        request,
        dossier,
        "slip",
        "phieu-hen",
        lambda copy: forms_01_03.slip(dossier, copy=copy, two_copies=two),
        names=asdict(forms_01_03.slip_names(dossier)),
    )


@staff_required
@require_GET
def refusal(request: StaffRequest, code: str) -> HttpResponse:
    """Form 03, of a dossier turned away at the counter or refused after appraisal."""
    dossier = visible_dossier(request, code)
    if not dossier.is_refused:
        raise Http404("Hồ sơ này không bị từ chối.")
    return print_paper(
        request,
        dossier,
        "refusal",
        "phieu-tu-choi",
        lambda copy: forms_01_03.refusal(dossier, copy=copy),
    )


@staff_required
@require_GET
def supplement_form(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Form 02, of the n-th request of this dossier."""
    dossier = visible_dossier(request, code)
    asked = get_object_or_404(
        dossier.supplements.filter(is_void=False).select_related("opened_by__actor"), number=number
    )
    return print_paper(
        request,
        dossier,
        f"supplement-{number}",
        f"phieu-bo-sung-{number}",
        lambda copy: forms_01_03.supplement(dossier, asked, copy=copy),
    )


def visible_dossier(request: StaffRequest, code: str) -> Dossier:
    """The dossier, if it exists for this person; everybody else gets 404."""
    return get_object_or_404(
        Dossier.objects.visible_to(request.user).select_related(*_RELATED), code=code
    )


def print_paper(
    request: StaffRequest,
    dossier: Dossier,
    paper: str,
    name: str,
    draw: Callable[[int], bytes],
    names: dict[str, Any] | None = None,
) -> HttpResponse:
    """Draw the paper, then record the printing: what failed to print was not printed. `names`
    are those that a later print has to bear."""
    earlier = dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper).count()
    try:
        pdf = draw(earlier + 1)
    except PrintingBusy:
        raise
    except Exception:  # whatever the engine trips over, the clerk needs a page that says so
        logger.exception("Không in được %s", name)
        return render(request, "paper/failed.html", {"dossier": dossier}, status=503)
    printed = perform.record_print(dossier, by=request.user, paper=paper, names=names)
    if printed.details["copy"] != earlier + 1:  # somebody printed meanwhile
        pdf = draw(printed.details["copy"])
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{dossier.code}.pdf"'
    return response
