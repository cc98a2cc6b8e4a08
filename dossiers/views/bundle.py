"""Several ticked dossiers of a queue, handed on or taken over with one press."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dossiers.desk import bundles
from dossiers.desk.queues import QUEUES
from dossiers.models import Dossier, DossierQuerySet
from dossiers.views.desk import desk_page
from motcua.access import DESK_ROLES, StaffRequest, role_required
from motcua.models import Staff
from motcua.web.sent_twice import token_of_what_was_typed

QUEUE_OF = {queue.bundle: queue.key for queue in QUEUES if queue.bundle}
MOST = 100


class BundleForm(forms.Form):
    """Which act, and the token that makes a double press one act."""

    act = forms.ChoiceField(choices=[(act, act) for act in bundles.ACTS])
    token = forms.UUIDField()


@role_required(*DESK_ROLES)
@require_POST
def bundle(request: StaffRequest) -> HttpResponse:
    form = BundleForm(request.POST)
    if not form.is_valid():
        return desk_page(request, "", status=422, told="Trang đã cũ. Hãy chọn lại rồi bấm lần nữa.")
    act = form.cleaned_data["act"]
    token = token_of_what_was_typed(request.POST) or form.cleaned_data["token"]
    chosen = _chosen(request.user, request.POST.getlist("ho-so"))
    if not chosen:
        return desk_page(request, QUEUE_OF[act], status=422, told="Hãy đánh dấu ít nhất một hồ sơ.")
    _tell(request, act, _do(request.user, act, chosen, token))
    return redirect(f"{reverse('desk')}?hang-doi={QUEUE_OF[act]}")


def _chosen(staff: Staff, codes: list[str]) -> DossierQuerySet:
    """The ticked dossiers that exist for this person."""
    return (
        Dossier.objects.visible_to(staff)
        .filter(code__in=codes[:MOST])
        .select_related(
            *("office", "receiver", "return_office", "version", "procedure"),
            *("holder_office", "holder_division"),
        )
        .order_by("due_on", "pk")
    )


def _do(staff: Staff, act: str, chosen: DossierQuerySet, token: UUID) -> bundles.BundleOutcome:
    return bundles.ACTS[act](chosen, by=staff, token=token)


def _tell(request: StaffRequest, act: str, outcome: bundles.BundleOutcome) -> None:
    """What was done in one sentence; what was refused, one sentence each."""
    count = len(outcome.done)
    if count and act == "take_over":
        messages.success(request, f"Đã nhận {count} hồ sơ.")
    elif count:
        done = "ký và chuyển" if act == "sign" else "chuyển"
        where = "; ".join(f"{n} hồ sơ đến {place}" for place, n in outcome.places.items())
        messages.success(request, f"Đã {done} {count} hồ sơ: {where}.")
    for dossier, sentence in outcome.refused:
        messages.warning(request, f"{dossier.code}: {sentence}")
