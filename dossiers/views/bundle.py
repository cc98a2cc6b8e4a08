"""Several ticked dossiers of a queue, handed on or taken over with one press."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dossiers.desk import bundles
from dossiers.desk.queues import QUEUES
from dossiers.models import Dossier, DossierQuerySet
from dossiers.views.desk import desk_address, desk_page, keep_ticked
from motcua.access import DESK_ROLES, StaffRequest, role_required
from motcua.models import Staff
from motcua.web.sent_twice import token_of_what_was_typed

QUEUES_OF = {act: [queue.key for queue in QUEUES if queue.bundle == act] for act in bundles.ACTS}
MOST = 100
SAID = {
    "take_over": "Đã nhận {count} hồ sơ.",
    "resolve": "Đã ghi kết quả {count} hồ sơ.",
    "hand_over": "Đã trả kết quả {count} hồ sơ cho người nộp.",
}


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
    key = _queue(request, act)
    token = token_of_what_was_typed(request.POST) or form.cleaned_data["token"]
    chosen = _chosen(request.user, request.POST.getlist("ho-so"))
    if not chosen:
        return desk_page(request, key, status=422, told="Hãy đánh dấu ít nhất một hồ sơ.")
    outcome = _do(request.user, act, chosen, token)
    _tell(request, act, outcome)
    keep_ticked(request, [dossier.code for dossier, _ in outcome.refused])
    return redirect(desk_address(key, request.POST.get("tim", "")[:20]))


def _queue(request: StaffRequest, act: str) -> str:
    """The key of the queue that the act was done in: the first that has it, if none is named."""
    named = request.POST.get("hang-doi", "")
    return named if named in QUEUES_OF[act] else QUEUES_OF[act][0]


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
    if count and act in SAID:
        messages.success(request, SAID[act].format(count=count))
    elif count:
        done = "ký và chuyển" if act == "sign" else "chuyển"
        where = "; ".join(f"{n} hồ sơ đến {place}" for place, n in outcome.places.items())
        messages.success(request, f"Đã {done} {count} hồ sơ: {where}.")
    for dossier, sentence in outcome.refused:
        messages.warning(request, f"{dossier.code}: {sentence}")
