"""Opening figures: the entered totals, their history, and the pages to enter and change them."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.models import Office, Role
from reports.figures.opening_figures import remainders_of
from reports.forms.opening import OpeningForm, WithdrawForm
from reports.models import OpeningFigures
from reports.opening.entry import CannotEnter, enter, may_enter, offices_readable_by, withdraw
from reports.terms.columns import NAMES

ROLES = (*READING_ROLES, Role.ADMINISTRATOR)
NO_RIGHT = "Chỉ lãnh đạo của chính đơn vị hoặc người quản trị nhập được số đầu kỳ."
SHOWN = tuple(name for name in NAMES if name != "received")


@role_required(*ROLES)
@require_safe
def openings(request: StaffRequest) -> HttpResponse:
    """Every total that was entered for the offices of the scope, and what became of it."""
    offices = list(offices_readable_by(request.user))
    rows = OpeningFigures.objects.filter(office__in=offices)
    in_force = (
        rows.in_force()
        .select_related("office", "sector")
        .order_by("office__code", "starts_on", "sector__sort_key")
    )
    history = rows.select_related("office", "sector", "entered_by").order_by("-entered_at", "-pk")
    mine = {office.pk for office in offices if may_enter(request.user, office)}
    found = groupby(
        remainders_of(in_force), key=lambda one: (one.entry.office, one.entry.starts_on)
    )
    context = {
        "groups": [(office, list(ones), office.pk in mine) for (office, _), ones in found],
        "history": history,
        "mine": [office for office in offices if office.pk in mine],
    }
    return render(request, "reports/openings.html", context)


@role_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def opening_entry(request: StaffRequest, code: str) -> HttpResponse:
    """Enter the totals of one more sector."""
    return entry_page(request, writable(request, code))


@role_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def opening_change(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """Change totals that were entered: a further version with a reason."""
    office = writable(request, code)
    return entry_page(request, office, entry_of(request, office, pk))


@role_required(*ROLES)
@require_POST
def opening_withdraw(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    office = writable(request, code)
    entry = entry_of(request, office, pk)
    reason = request.POST.get("ly_do_bo", "")
    try:
        withdraw(entry, by=request.user, reason=reason)
    except CannotEnter as refused:
        form = WithdrawForm(request.POST)
        form.add_error("ly_do_bo", str(refused))
        page = OpeningForm(entry=entry)
        return form_page(request, office, page, status=409, withdraw_form=form)
    messages.success(request, f"Đã bỏ số đầu kỳ {entry.sector} của {office.name}.")
    return redirect("openings")


def entry_page(
    request: StaffRequest, office: Office, entry: OpeningFigures | None = None
) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, office, OpeningForm(entry=entry))
    form = OpeningForm(request.POST, entry=entry)
    if not form.is_valid():
        return form_page(request, office, form, status=422)
    try:
        enter(
            office,
            form.sector,
            form.span,
            form.figures,
            by=request.user,
            reason=form.reason,
            seen=entry.version if entry else 0,
        )
    except CannotEnter as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return form_page(request, office, form, status=409)
    messages.success(request, f"Đã lưu số đầu kỳ {form.sector} của {office.name}.")
    if entry is None and "tiep" in request.POST:
        start, end = form.span
        return redirect(f"{reverse('opening_entry', args=[office.code])}?tu={start}&den={end}")
    return redirect("openings")


def form_page(
    request: StaffRequest,
    office: Office,
    form: OpeningForm,
    *,
    status: int = 200,
    **more: WithdrawForm,
) -> HttpResponse:
    if not form.is_bound and form.entry is None:
        form.initial = {name: request.GET.get(name) for name in ("tu", "den")}
    context = {"office": office, "form": form, "entry": form.entry}
    context |= {"withdraw_form": WithdrawForm(), **more}
    return render(request, "reports/opening_entry.html", context, status=status)


def writable(request: StaffRequest, code: str) -> Office:
    """The office of the address, if it exists for this person and the person enters for it."""
    office = get_object_or_404(offices_readable_by(request.user), code=code)
    if not may_enter(request.user, office):
        raise PermissionDenied(NO_RIGHT)
    return office


def entry_of(request: StaffRequest, office: Office, pk: int) -> OpeningFigures:
    """The totals in force; a form that was sent may be about those that it has replaced."""
    rows = OpeningFigures.objects.select_related("office", "sector")
    rows = rows if request.method == "POST" else rows.in_force()
    entry: OpeningFigures = get_object_or_404(rows, office=office, pk=pk)
    return entry
