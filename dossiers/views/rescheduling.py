"""Open dossiers whose due date a changed calendar would move; the officer confirms which."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.lifecycle.rescheduling import reschedule, shifts
from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.access import StaffRequest, role_required
from motcua.models import Role
from motcua.text import whole_number
from motcua.web.sent_twice import token_of
from procedures.workdays import NoCalendarData

OLD_PAGE = "Trang đã cũ. Hãy xem lại danh sách rồi bấm lần nữa."


@role_required(Role.LEADER)
@require_http_methods(["GET", "POST"])
def rescheduling(request: StaffRequest) -> HttpResponse:
    """The shifts at the leader's own desk; posting `ho-so` (codes), `reason` and the page's
    `token` moves those."""
    try:
        found = shifts(_own(request).open())
    except NoCalendarData as missing:
        context: dict[str, Any] = {"shifts": [], "missing": str(missing)}
        return render(request, "dossiers/rescheduling.html", context)
    if request.method == "GET":
        context = {"shifts": found, "token": uuid4()}
        return render(request, "dossiers/rescheduling.html", context)
    chosen = request.POST.getlist("ho-so")
    reason = request.POST.get("reason", "").strip()
    token = token_of(request)
    errors = _errors(chosen, reason, token)
    if errors or token is None:
        context = {"shifts": found, "chosen": chosen, "reason": reason, "errors": errors}
        context["token"] = token or uuid4()
        return render(request, "dossiers/rescheduling.html", context, status=422)
    _move(request, _own(request).filter(code__in=chosen), reason, token)
    return redirect("rescheduling")


def _own(request: StaffRequest) -> DossierQuerySet:
    mine = Dossier.objects.visible_to(request.user).filter(office=request.user.office)
    return mine.select_related("office", "version", "procedure")


def _errors(chosen: list[str], reason: str, token: UUID | None) -> dict[str, str]:
    errors = {}
    if token is None:
        errors["token"] = OLD_PAGE
    if not chosen:
        errors["ho-so"] = "Hãy chọn ít nhất một hồ sơ."
    if not reason:
        errors["reason"] = "Hãy ghi lý do dời hạn, ví dụ số quyết định cho nghỉ."
    return errors


def _move(request: StaffRequest, chosen: DossierQuerySet, reason: str, token: UUID) -> None:
    """Move those that still stand as the page showed them, and say what became of the others."""
    moved = 0
    for dossier in chosen:
        try:
            reschedule(
                dossier,
                by=request.user,
                reason=reason,
                token=uuid5(token, dossier.code),
                seen=_seen(request, dossier),
                shown=_shown(request, dossier),
            )
        except MoveRefused as refused:
            messages.warning(request, f"{dossier.code}: {refused}")
            continue
        moved += 1
    if moved:
        messages.success(request, f"Đã dời hạn {moved} hồ sơ. Mỗi hồ sơ có ghi việc này.")


def _seen(request: StaffRequest, dossier: Dossier) -> int | None:
    return whole_number(request.POST.get(f"seen-{dossier.code}", ""))


def _shown(request: StaffRequest, dossier: Dossier) -> datetime | None:
    """The new date that the page showed."""
    try:
        return clock.local(datetime.fromisoformat(request.POST.get(f"shown-{dossier.code}", "")))
    except (ValueError, OverflowError):
        return None
