"""The first step of an intake: which procedure."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from dossiers.desk import counter
from dossiers.desk.drafts import drafts_of
from dossiers.desk.elsewhere import offices_with_desks
from dossiers.desk.procedure_search import (
    Found,
    Look,
    find_procedures,
    in_sector,
    look_at,
    most_used,
    note_if_unanswered,
)
from dossiers.forms.procedure_search import ProcedureSearch
from dossiers.rules.codes import LONGEST_TYPED
from motcua import clock
from motcua.access import StaffRequest, role_required
from motcua.models import Office, Role
from motcua.text import whole_number
from procedures.models import Procedure

SECTORS_SHOWN = 6


def choose(request: StaffRequest, office: Office) -> HttpResponse:
    """Search, or what is received most, or the sectors. The one procedure that is clearly meant
    is taken at once."""
    text = request.GET.get("q", "").strip()
    sector = whole_number(request.GET.get("linh-vuc", ""))
    solver = _solver(request, office)
    found = answer_to(request, office, text, solver)
    if found.is_sure and found.first is not None:
        return redirect(_address(found.first.procedure, solver, _like(request)))
    if not text and sector is not None:
        found = in_sector(request.user, office, sector, solver=solver)
    sectors = list(counter.sectors_of(solver or office))
    context = {
        "office": office,
        "solver": solver,
        "others": offices_with_desks(office, clock.today()),
        "found": found,
        "look": _first_look(found, office, solver),
        "search_form": ProcedureSearch(typed=text),
        "drafts": drafts_of(request.user),
        "like": _like(request),
        "most_used": None if solver else most_used(request.user, office),
        "sectors": sorted(sectors, key=lambda one: one.sort_key),
        "largest_sectors": sectors[:SECTORS_SHOWN],
    }
    return render(request, "dossiers/intake_choose.html", context)


@role_required(Role.CLERK)
@require_GET
def intake_procedures(request: StaffRequest) -> HttpResponse:
    """The procedures that answer a few letters, or what there is to know of one (`xem=KEY`), as a
    piece of the page. Nothing is noted of letters on the way, only of a question (`hoi=1`)."""
    office = desk_of(request)
    solver = _solver(request, office)
    if key := request.GET.get("xem", ""):
        offered = Procedure.objects.offered_by(solver or office).select_related("sector")
        procedure = get_object_or_404(offered.filter(key=key).distinct())
        look = {"look": look_at(procedure, office, solver), "solver": solver, "is_sure": False}
        one: dict[str, Any] = look | {"like": _like(request)}
        return render(request, "dossiers/_intake_look.html", one)
    text = request.GET.get("q", "")
    if request.GET.get("hoi"):
        found = answer_to(request, office, text, solver)
    else:
        found = find_procedures(request.user, office, text, solver=solver)
    inside = bool(request.GET.get("trong"))
    context: dict[str, Any] = {
        "office": office,
        "solver": solver,
        "found": found,
        "inside": inside,
        "like": _like(request),
        "look": None if inside else _first_look(found, office, solver),
    }
    return render(request, "dossiers/_intake_found.html", context)


def answer_to(
    request: StaffRequest, office: Office, text: str, solver: Office | None = None
) -> Found:
    """The answer to a question that was asked on purpose."""
    found = find_procedures(request.user, office, text, solver=solver)
    note_if_unanswered(found, request.user)
    return found


def desk_of(request: StaffRequest) -> Office:
    """The clerk's office, with the offices above it, from which its code may derive."""
    clerk = request.user
    if clerk.office is None:
        raise PermissionDenied(
            "Tài khoản của ông/bà chưa thuộc đơn vị nào nên chưa tiếp nhận được."
        )
    if clerk.office.has_ended:
        raise PermissionDenied(
            f"{clerk.office.name} không còn hoạt động từ sau {clerk.office.exists_until:%d/%m/%Y} "
            "nên không tiếp nhận hồ sơ. Nhờ người quản trị chuyển tài khoản sang đơn vị mới."
        )
    return clerk.office


def _first_look(found: Found, office: Office, solver: Office | None) -> Look | None:
    return look_at(found.first.procedure, office, solver) if found.asked and found.first else None


def _solver(request: StaffRequest, office: Office) -> Office | None:
    """The other office for which a procedure is sought; None for the own."""
    key = whole_number(request.GET.get("cho", ""))
    others = offices_with_desks(office, clock.today()) if key is not None else []
    return next((other for other in others if other.pk == key), None)


def _like(request: StaffRequest) -> str:
    """The code of the dossier whose applicant files one more."""
    return request.GET.get("nhu", "")[:LONGEST_TYPED]


def _address(procedure: Procedure, solver: Office | None = None, like: str = "") -> str:
    query = {"thu-tuc": procedure.key}
    if solver is not None:
        query["cho"] = str(solver.pk)
    if like:
        query["nhu"] = like
    return f"{reverse('intake')}?{urlencode(query)}"
