"""Open dossiers whose due date a changed calendar would move; the officer confirms which."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.lifecycle.perform import reschedule
from dossiers.lifecycle.rescheduling import shifts
from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.access import StaffRequest, role_required
from motcua.form_layout import CrispyForm
from motcua.models import Role
from motcua.text import whole_number
from motcua.web.sent_twice import token_of, token_of_what_was_typed
from procedures.workdays import NoCalendarData

OLD_PAGE = "Trang đã cũ. Hãy xem lại danh sách rồi bấm lần nữa."


class ReasonForm(CrispyForm):
    """Why due dates follow a changed calendar."""

    reason = forms.CharField(
        label="Lý do",
        max_length=250,
        widget=forms.TextInput(attrs={"id": "reason"}),
        error_messages={
            "required": "Hãy ghi lý do dời hạn, ví dụ số quyết định cho nghỉ.",
            "max_length": "Hãy ghi lý do ngắn lại, không quá 250 ký tự.",
        },
    )


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
        context = {"shifts": found, "token": uuid4(), "form": ReasonForm()}
        return render(request, "dossiers/rescheduling.html", context)
    chosen = request.POST.getlist("ho-so")
    form = ReasonForm(request.POST)
    token = token_of(request)
    if token is None:
        form.add_error(None, OLD_PAGE)
    if not chosen:
        form.add_error(None, "Hãy chọn ít nhất một hồ sơ.")
    if token is None or not form.is_valid():
        context = {"shifts": found, "chosen": chosen, "form": form, "token": token or uuid4()}
        return render(request, "dossiers/rescheduling.html", context, status=422)
    reason = form.cleaned_data["reason"]
    _move(request, _own(request).filter(code__in=chosen), reason, token)
    return redirect("rescheduling")


def _own(request: StaffRequest) -> DossierQuerySet:
    mine = Dossier.objects.visible_to(request.user).filter(office=request.user.office)
    return mine.select_related("office", "version", "procedure")


def _move(request: StaffRequest, chosen: DossierQuerySet, reason: str, token: UUID) -> None:
    """Move those that still stand as the page showed them, and say what became of the others."""
    moved = 0
    for dossier in chosen:
        try:
            reschedule(
                dossier,
                by=request.user,
                reason=reason,
                token=_token(request, dossier, token),
                seen=_seen(request, dossier),
                shown=_shown(request, dossier),
            )
        except MoveRefused as refused:
            messages.warning(request, f"{dossier.code}: {refused}")
            continue
        moved += 1
    if moved:
        messages.success(request, f"Đã dời hạn {moved} hồ sơ. Mỗi hồ sơ có ghi việc này.")


def _token(request: StaffRequest, dossier: Dossier, token: UUID) -> UUID | None:
    """Of what this page says of this dossier: another reason, or another date, is not what was
    done already."""
    names = ("reason", f"seen-{dossier.code}", f"shown-{dossier.code}")
    typed = {name: request.POST.get(name, "") for name in names}
    return token_of_what_was_typed({"token": token, **typed})


def _seen(request: StaffRequest, dossier: Dossier) -> int | None:
    return whole_number(request.POST.get(f"seen-{dossier.code}", ""))


def _shown(request: StaffRequest, dossier: Dossier) -> datetime | None:
    """The new date that the page showed."""
    try:
        return clock.local(datetime.fromisoformat(request.POST.get(f"shown-{dossier.code}", "")))
    except (ValueError, OverflowError):
        return None
