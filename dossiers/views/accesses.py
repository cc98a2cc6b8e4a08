"""Who looked at this dossier, who printed what of it."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from dossiers.desk.finding import of_code
from dossiers.desk.permissions import may_see_accesses
from dossiers.desk.timeline import access_words
from dossiers.models import Dossier, DossierQuerySet, Event
from motcua.access import StaffRequest, offices_administered_by, role_required
from motcua.form_layout import CrispyForm
from motcua.models import Role, Staff

UNKNOWN = "Không có hồ sơ mã “{code}” trong phạm vi của ông/bà. Hãy kiểm tra lại mã trên phiếu hẹn."


class FindForm(CrispyForm):
    """The receipt code of the dossier whose readers are asked for."""

    ma = forms.CharField(
        label="Mã hồ sơ", widget=forms.TextInput(attrs={"id": "ma", "spellcheck": "false"})
    )


@dataclass(frozen=True)
class AccessLine:
    """A reading or a printing, with what was done in words."""

    event: Event
    words: str


@role_required(Role.LEADER, Role.ADMINISTRATOR)
@require_safe
def accesses(request: StaffRequest, code: str) -> HttpResponse:
    """The readings and printings of one dossier, newest first: code and people, no contents."""
    if not may_see_accesses(request.user):
        raise PermissionDenied
    dossier = get_object_or_404(_within_reach(request.user), code=code)
    events = (
        dossier.events.filter(kind__in=Event.LOOKS)
        .select_related("actor", "office")
        .order_by("-pk")
    )
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    lines = [AccessLine(event, access_words(event)) for event in page]
    context = {"dossier": dossier, "page": page, "lines": lines}
    return render(request, "dossiers/accesses.html", context)


@role_required(Role.LEADER, Role.ADMINISTRATOR)
@require_safe
def find_accesses(request: StaffRequest) -> HttpResponse:
    """Asks for the receipt code (`ma`, however typed) and goes to the page of that dossier."""
    typed = request.GET.get("ma", "").strip()[:60]
    if not typed:
        return render(request, "dossiers/find_accesses.html", {"form": FindForm()})
    dossier = of_code(_within_reach(request.user), typed)
    if dossier is not None:
        return redirect("dossier_accesses", code=dossier.code)
    form = FindForm({"ma": typed})
    form.add_error("ma", UNKNOWN.format(code=typed))
    return render(request, "dossiers/find_accesses.html", {"form": form}, status=404)


def _within_reach(staff: Staff) -> DossierQuerySet:
    """A leader's scope; for an administrator, the offices whose staff the person keeps; both for
    who is both."""
    found = Dossier.objects.none()
    if staff.has_role(Role.LEADER):
        found |= Dossier.objects.visible_to(staff)
    if staff.has_role(Role.ADMINISTRATOR):
        found |= Dossier.objects.filter(office__in=offices_administered_by(staff))
    return found
