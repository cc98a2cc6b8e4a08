"""Whom the intake asks for: applicants who were here before. All of it is posted, so that neither
a number nor a name reaches an address or a log; every answer is recorded as a reading."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from dossiers.desk import applicants
from dossiers.forms import fields
from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua import clock
from motcua.access import StaffRequest, role_required
from motcua.models import Role

LIKE = "like-"
"""Before the code of the dossier, in the button of somebody who was found."""
_FOREIGN = dict(Dossier.IDENTITY_KINDS)


@role_required(Role.CLERK)
@require_POST
def intake_applicant(request: StaffRequest) -> JsonResponse:
    """The applicant with the posted ID number, or of the posted dossier (`like`)."""
    earlier = earlier_of(request, request.POST.get("like", ""))
    if earlier is None:
        return JsonResponse({"found": False})
    known = applicants.applicant_fields(earlier)
    return JsonResponse({"found": True, "told": told_of(earlier), "fields": known})


@role_required(Role.CLERK)
@require_POST
def intake_people(request: StaffRequest) -> HttpResponse:
    """The people with the posted telephone, or whose name begins with the posted letters: a piece
    of the page."""
    return render(request, "dossiers/_intake_people.html", {"known": people_of(request)})


def earlier_of(request: StaffRequest, like: str) -> Dossier | None:
    """The earlier dossier that the form means, by its code or by the applicant's number; that it
    was read is recorded."""
    clerk = request.user
    if like:
        earlier = applicants.dossier_of(clerk, like)
    else:
        earlier = applicants.earlier_dossier(clerk, _number(request))
    if earlier is not None:
        perform.record_read(earlier, by=clerk)
    return earlier


def people_of(request: StaffRequest) -> applicants.KnownPeople:
    """Who may be meant by the posted telephone, otherwise by the posted name."""
    phone, name = request.POST.get("phone", ""), request.POST.get("applicant_name", "")
    if phone.strip():
        return applicants.people_with_telephone(request.user, phone)
    return applicants.people_named(request.user, name)


def told_of(earlier: Dossier) -> str:
    """What the page says when it has filled in who it is."""
    day = clock.local(earlier.submitted_at)
    return f"Đã điền theo hồ sơ {earlier.code} nộp ngày {day:%d/%m/%Y}. Mời kiểm tra lại."


def _number(request: StaffRequest) -> str:
    """The posted ID number or tax code as it is stored; empty when it is neither."""
    typed, kind = request.POST.get("applicant_id", ""), request.POST.get("applicant_id_kind", "")
    with suppress(ValidationError):
        return fields.identity(typed, kind if kind in _FOREIGN else "").value
    with suppress(ValidationError):
        return fields.tax_code(typed)
    return ""
