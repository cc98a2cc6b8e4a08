"""The papers of a dossier as PDF. Opening one is looking at it: it says "BẢN XEM", and the look is
recorded. Printing one is a form that was sent: it records copy n, and gives that copy."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from dossiers.desk.readings import copy_of, record_prints, record_taken_out
from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from dossiers.paper import forms_01_03
from motcua.access import StaffRequest, staff_required
from motcua.printing.pdf import PrintingBusy
from motcua.web.headers import may_stand_in_a_frame
from motcua.web.sent_twice import own_token, token_of

logger = logging.getLogger("motcua.papers")

_RELATED = ("office", "receiver", "procedure", "version", "created_by")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: StaffRequest, code: str) -> HttpResponse:
    """Form 01; `?kho=a4` gives two copies on one A4 landscape."""
    dossier = visible_dossier(request, code)
    if not dossier.is_accepted:
        raise Http404("Hồ sơ chưa được tiếp nhận nên chưa có giấy hẹn.")
    two = request.GET.get("kho") == "a4"
    return paper_answer(
        request,
        dossier,
        "slip",
        "phieu-hen",
        lambda copy: forms_01_03.slip(dossier, copy=copy, two_copies=two),
        names=asdict(forms_01_03.slip_names(dossier)),
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def refusal(request: StaffRequest, code: str) -> HttpResponse:
    """Form 03, of a dossier turned away at the counter or refused after appraisal."""
    dossier = visible_dossier(request, code)
    if not dossier.is_refused:
        raise Http404("Hồ sơ này không bị từ chối.")
    return paper_answer(
        request,
        dossier,
        "refusal",
        "phieu-tu-choi",
        lambda copy: forms_01_03.refusal(dossier, copy=copy),
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def supplement_form(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Form 02, of the n-th request of this dossier."""
    dossier = visible_dossier(request, code)
    asked = get_object_or_404(
        dossier.supplements.filter(is_void=False).select_related("opened_by__actor"), number=number
    )
    return paper_answer(
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


def paper_answer(
    request: StaffRequest,
    dossier: Dossier,
    paper: str,
    name: str,
    draw: Callable[[int], bytes],
    names: dict[str, Any] | None = None,
) -> HttpResponse:
    """The paper to look at, or the copy that a form asked for. It is drawn first, then recorded:
    what failed to print was not printed. `names` are those that a later print has to bear.

    The same form sent again, with the same token, gets the same copy: a double press, a reloaded
    page and the "save" of a browser's viewer are no further copies.
    """
    try:
        if request.method == "POST":
            may_stand_in_a_frame(request)
            pdf = _print(request, dossier, paper, draw, names)
        else:
            pdf = draw(forms_01_03.LOOK)
            perform.record_read(dossier, by=request.user, paper=paper)
    except PrintingBusy:
        raise
    except Exception:  # whatever the engine trips over, the clerk needs a page that says so
        logger.exception("Không in được %s", name)
        context = {"dossier": dossier, "token": token_of(request) or uuid4()}
        return render(request, "paper/failed.html", context, status=503)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{dossier.code}.pdf"'
    return response


def paper_of_many(
    request: StaffRequest,
    dossiers: Iterable[Dossier],
    paper: str,
    name: str,
    draw: Callable[[int], bytes],
    *,
    of: str = "",
) -> HttpResponse:
    """A paper that tells of several dossiers, to look at, which is recorded as taken out for each,
    or the copy that a form asked for; as `paper_answer` does it for one. `of` tells apart papers
    of one name."""
    keys, by, file = [dossier.pk for dossier in dossiers], request.user, f"{name}.pdf"
    if request.method == "POST":
        may_stand_in_a_frame(request)
        token = token_of(request)
        told: dict[str, Any] = {"by": by, "paper": paper, "token": token, "of": of}
        copy, is_known = copy_of(keys, **told)
        pdf = draw(copy)
        printed = copy if is_known else record_prints(keys, **told)
        if printed != copy:  # somebody printed meanwhile
            pdf = draw(printed)
    else:
        pdf = draw(forms_01_03.LOOK)
        record_taken_out(keys, by=by, file=file)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def _print(
    request: StaffRequest,
    dossier: Dossier,
    paper: str,
    draw: Callable[[int], bytes],
    names: dict[str, Any] | None,
) -> bytes:
    token = _token(request, dossier, paper)
    known = perform.printed_before(token)
    if known is not None:
        return draw(known.details["copy"])
    copy = dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper).count() + 1
    pdf = draw(copy)
    printed = perform.record_print(dossier, by=request.user, paper=paper, names=names, token=token)
    if printed.details["copy"] != copy:  # somebody printed meanwhile
        pdf = draw(printed.details["copy"])
    return pdf


def _token(request: StaffRequest, dossier: Dossier, paper: str) -> UUID | None:
    """One page has one token and several buttons; each button is a printing of its own."""
    token = token_of(request)
    if token is None:
        return None
    button = f"{dossier.pk} {paper} {request.GET.get('kho', '')}"
    return own_token(uuid5(token, button), request.user)
