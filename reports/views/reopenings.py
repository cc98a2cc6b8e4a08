"""Reopening by an administrator, of offices that nobody leads from above."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from motcua.access import StaffRequest, offices_administered_by, role_required
from motcua.models import Role
from motcua.text import whole_number
from motcua.web.sent_twice import same_answer
from reports.forms.sign_off import ReasonForm
from reports.models import Closing
from reports.sign_off.closing import CannotSign, is_led_from_above, may_reopen, reopen


def _first_reopening(request: StaffRequest) -> HttpResponse | None:
    key = whole_number(request.POST.get("ky", "")) or 0
    mine = Closing.objects.filter(pk=key, reopening__reopened_by=request.user)
    closing = mine.select_related("office", "reopening").first()
    if closing is None or closing.reopening.reason != request.POST.get("reason", "").strip():
        return None
    return _reopened(request, closing)


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@same_answer(_first_reopening)
def reopenings(request: StaffRequest) -> HttpResponse:
    """The signed periods that this administrator may reopen, and the form to do it."""
    desks = offices_administered_by(request.user).with_desk().select_related("parent")
    mine = [office for office in desks if may_reopen(request.user, office)]
    rows = Closing.objects.filter(office__in=mine, reopening=None)
    closings = rows.select_related("office").order_by("office__code", "-ends_on")
    led = [office for office in desks if is_led_from_above(office)]
    if request.method != "POST":
        context = {"closings": [(one, ReasonForm.of(one)) for one in closings], "led": led}
        return render(request, "reports/reopenings.html", context)
    closing = get_object_or_404(rows, pk=whole_number(request.POST.get("ky", "")) or 0)
    reason = request.POST.get("reason", "")
    try:
        reopen(closing, by=request.user, reason=reason)
    except CannotSign as refused:
        form = ReasonForm.of(closing, request.POST)
        form.add_error("reason", str(refused))
        asked = [(one, form if one == closing else ReasonForm.of(one)) for one in closings]
        context = {"closings": asked, "led": led, "refused": form}
        return render(request, "reports/reopenings.html", context, status=409)
    return _reopened(request, closing)


def _reopened(request: StaffRequest, closing: Closing) -> HttpResponse:
    messages.success(request, f"Đã mở lại {closing.period.label} của {closing.office.name}.")
    return redirect("reopenings")
