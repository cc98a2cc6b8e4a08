"""The pages on which an administrator keeps what an office offers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from motcua import clock
from motcua.access import StaffRequest, offices_administered_by, role_required
from motcua.models import Office, Role
from procedures.models import Sector
from procedures.offices.forms import (
    SECTOR_ACTS,
    ExceptionsForm,
    OfferForm,
    SectorSearch,
    SectorsForm,
)
from procedures.offices.lines import procedure_lines, sector_lines

DONE = "Đã ghi. Có hiệu lực với hồ sơ nhận từ bây giờ."


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def office_sectors(request: StaffRequest, code: str) -> HttpResponse:
    """What the office receives by sector; what is ticked is switched or moved in one step."""
    office = _office(request, code)
    if request.method != "POST":
        return _sectors_page(request, office, SectorsForm(office=office), OfferForm(office=office))
    act = request.POST.get("act", "")
    if act == "offer":
        return _keep_offer(request, office)
    form = SectorsForm(request.POST, office=office)
    if act in SECTOR_ACTS and form.is_valid():
        try:
            messages.success(request, SECTOR_ACTS[act](form))
        except ValueError as refused:
            form.add_error("since", str(refused))
        else:
            return redirect(_back(request, office))
    elif act not in SECTOR_ACTS:
        form.add_error(None, "Không rõ ông/bà chọn việc gì. Mời bấm lại một trong các nút.")
    return _sectors_page(request, office, form, OfferForm(office=office), status=422)


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def office_sector(request: StaffRequest, code: str, key: int) -> HttpResponse:
    """The exceptions of one sector, procedure by procedure."""
    office = _office(request, code)
    sector = get_object_or_404(Sector, pk=key)
    posted = request.POST if request.method == "POST" else None
    form = ExceptionsForm(posted, office=office, lines=procedure_lines(office, sector))
    if posted is not None and form.is_valid():
        form.save()
        messages.success(request, DONE)
        return redirect("office_sector", code=office.code, key=sector.pk)
    context = {"office": office, "sector": sector, "form": form}
    status = 422 if posted is not None else 200
    return render(request, "procedures/office_sector.html", context, status=status)


def _office(request: StaffRequest, code: str) -> Office:
    """The office that bears this code today, if this administrator keeps it."""
    office = offices_administered_by(request.user).existing(clock.today()).filter(code=code).first()
    if office is None:
        raise Http404("Ông/bà không quản trị đơn vị nào mang mã này.")
    return office


def _sectors_page(
    request: StaffRequest, office: Office, form: SectorsForm, offer: OfferForm, status: int = 200
) -> HttpResponse:
    search = SectorSearch(request.GET)
    lines = sector_lines(office, search.words)
    context = {
        "office": office,
        "form": form,
        "offer": offer,
        "search": search,
        "lines": lines,
        "received": sum(line.received for line in lines),
        "ticked": set(form["sectors"].value() or ()) if form.is_bound else set(),
    }
    if not search.is_valid():
        status = 400
    return render(request, "procedures/office_sectors.html", context, status=status)


def _keep_offer(request: StaffRequest, office: Office) -> HttpResponse:
    offer = OfferForm(request.POST, office=office)
    if offer.is_valid():
        offer.save()
        messages.success(request, DONE)
        return redirect(_back(request, office))
    return _sectors_page(request, office, SectorsForm(office=office), offer, status=422)


def _back(request: StaffRequest, office: Office) -> str:
    """The page as it was searched."""
    query = request.GET.urlencode()
    address = reverse("office_sectors", args=[office.code])
    return f"{address}?{query}" if query else address
