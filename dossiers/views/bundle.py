"""Several ticked dossiers of a queue: an act on all of them with one press, or, where words are
needed first, with one form."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dossiers.desk import bundles
from dossiers.desk.queues import ACTS_ON_MANY, QUEUES
from dossiers.desk.readings import record_looks
from dossiers.desk.time_left import tell_time_left
from dossiers.forms.apology import ApologiseMany
from dossiers.lifecycle import allowances
from dossiers.models import Dossier, DossierQuerySet
from dossiers.views.desk import desk_address, desk_page, keep_ticked
from motcua import clock
from motcua.access import DESK_ROLES, StaffRequest, role_required
from motcua.models import Staff
from motcua.web.sent_twice import token_of_what_was_typed

QUEUES_OF = {act: [queue.key for queue in QUEUES if queue.bundle == act] for act in bundles.ACTS}
APOLOGISED_IN = [q.key for q in QUEUES if q.bundle == "apologise" or q.also_apologises]
MOST = 100
OLD_PAGE = "Trang đã cũ. Hãy chọn lại rồi bấm lần nữa."
NONE_TICKED = "Hãy đánh dấu ít nhất một hồ sơ."
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
        return desk_page(request, "", status=422, told=OLD_PAGE)
    act = form.cleaned_data["act"]
    key = _queue(request, QUEUES_OF[act])
    token = token_of_what_was_typed(request.POST) or form.cleaned_data["token"]
    chosen = _chosen(request.user, request.POST.getlist("ho-so"))
    if not chosen:
        return desk_page(request, key, status=422, told=NONE_TICKED)
    outcome = _do(request.user, act, chosen, token)
    _tell(request, act, outcome)
    keep_ticked(request, [dossier.code for dossier, _ in outcome.refused])
    return redirect(desk_address(key, request.POST.get("tim", "")[:20]))


@role_required(*ACTS_ON_MANY["apologise"])
@require_POST
def apologise(request: StaffRequest) -> HttpResponse:
    """The ticked dossiers of the desk are apologised for in the same words. What is refused stays
    on the page with its sentence and all that was typed; the others are done."""
    key = _queue(request, APOLOGISED_IN)
    chosen = list(_chosen(request.user, request.POST.getlist("ho-so")))
    if not chosen:
        return desk_page(request, key, status=422, told=NONE_TICKED)
    keep_ticked(request, [dossier.code for dossier in chosen])
    if "reason" not in request.POST:  # from the desk: nothing is written yet
        form = ApologiseMany(staff=request.user, dossiers=chosen)
        return _apologies(request, form, key)
    form = ApologiseMany(request.POST, staff=request.user, dossiers=chosen)
    token = token_of_what_was_typed(request.POST)
    if token is None or not form.is_valid():
        return _apologies(request, form, key, status=422)
    outcome = bundles.apologise(
        chosen, by=request.user, token=token, days=form.days, **form.words()
    )
    if outcome.done:
        messages.success(request, f"Đã xin lỗi và hẹn lại {len(outcome.done)} hồ sơ.")
    keep_ticked(request, [dossier.code for dossier, _ in outcome.refused])
    if not outcome.refused:
        return redirect(desk_address(key, request.POST.get("tim", "")[:20]))
    left = [dossier for dossier, _ in outcome.refused]
    form = ApologiseMany(request.POST, staff=request.user, dossiers=left)
    form.full_clean()
    for dossier, sentence in outcome.refused:
        form.add_error(form.own_day(dossier).name, sentence)
    return _apologies(request, form, key, status=409)


def _apologies(
    request: StaffRequest, form: ApologiseMany, key: str, *, status: int = 200
) -> HttpResponse:
    record_looks([dossier.pk for dossier in form.dossiers], by=request.user)
    today = clock.today()
    lines = [
        {
            "dossier": line.dossier,
            "left": line.left,
            "is_late": allowances.apologises_late(line.dossier, today),
            "field": form.own_day(line.dossier),
        }
        for line in tell_time_left(form.dossiers, today)
    ]
    words_key = request.POST.get("tim", "")[:20]
    context = {
        "form": form,
        "lines": lines,
        "key": key,
        "words_key": words_key,
        "back": desk_address(key, words_key),
    }
    return render(request, "dossiers/apologies.html", context, status=status)


def _queue(request: StaffRequest, keys: list[str]) -> str:
    """The key of the queue that the act was done in: the first that has it, if none is named."""
    named = request.POST.get("hang-doi", "")
    return named if named in keys else keys[0]


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
