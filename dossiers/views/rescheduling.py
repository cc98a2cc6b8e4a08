"""Open dossiers whose due date a changed calendar would move; the officer confirms which."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.models import Dossier
from dossiers.rescheduling import Shift, reschedule, shifts
from dossiers.states import MoveRefused
from motcua.access import role_required
from motcua.models import Role
from procedures.workdays import NoCalendarData


@role_required(Role.LEADER)
@require_http_methods(["GET", "POST"])
def rescheduling(request: HttpRequest) -> HttpResponse:
    """The shifts at the leader's own desk; posting `ho-so` (codes) and `reason` moves those."""
    try:
        found = shifts(_own_open(request))
    except NoCalendarData as missing:
        context = {"shifts": [], "missing": str(missing)}
        return render(request, "dossiers/rescheduling.html", context)
    if request.method == "GET":
        return render(request, "dossiers/rescheduling.html", {"shifts": found})
    chosen = set(request.POST.getlist("ho-so"))
    reason = request.POST.get("reason", "").strip()
    errors = _errors(chosen, reason)
    if errors:
        context = {"shifts": found, "chosen": chosen, "reason": reason, "errors": errors}
        return render(request, "dossiers/rescheduling.html", context, status=422)
    moved = _move([shift for shift in found if shift.dossier.code in chosen], request, reason)
    messages.success(request, f"Đã dời hạn {moved} hồ sơ. Mỗi hồ sơ có ghi việc này.")
    return redirect("rescheduling")


def _own_open(request: HttpRequest) -> list[Dossier]:
    mine = Dossier.objects.visible_to(request.user).open().filter(office=request.user.office)
    return list(mine.select_related("office", "version", "procedure"))


def _errors(chosen: set[str], reason: str) -> dict[str, str]:
    errors = {}
    if not chosen:
        errors["ho-so"] = "Hãy chọn ít nhất một hồ sơ."
    if not reason:
        errors["reason"] = "Hãy ghi lý do dời hạn, ví dụ số quyết định cho nghỉ."
    return errors


def _move(chosen: list[Shift], request: HttpRequest, reason: str) -> int:
    moved = 0
    for shift in chosen:
        try:
            reschedule(shift.dossier, by=request.user, reason=reason)
        except MoveRefused:
            continue  # somebody was quicker: the dossier ended or has the new date already
        moved += 1
    return moved
