"""Lists on paper of what goes from hand to hand: dossiers handed over on a day, to look at or to
print; and results to call for, where opening is printing. Both are recorded for each dossier."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from dossiers.desk import queues
from dossiers.desk.handed_lists import MOST, handed_lines, handed_rows
from dossiers.desk.readings import record_taken_out
from dossiers.forms.handing import HandedDay
from dossiers.models import Dossier
from dossiers.paper import lists
from dossiers.views.papers import paper_of_many
from motcua import clock
from motcua.access import DESK_ROLES, StaffRequest, role_required
from motcua.web.headers import with_a_frame

TO_CALL = next(queue for queue in queues.QUEUES if queue.rule is queues.ready)


@role_required(*DESK_ROLES)
@require_safe
def handed_lists(request: StaffRequest) -> HttpResponse:
    """Who handed how many dossiers to whom on a day, each with its list to print."""
    today = clock.today()
    form = HandedDay(request.GET if "ngay" in request.GET else None, initial={"ngay": today})
    is_wrong = form.is_bound and not form.is_valid()
    day = _day_of(form) or today
    context = {
        "form": form,
        "day": day,
        "nothing": f"Ngày {day:%d/%m/%Y} không có hồ sơ nào được giao nhận.",
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "lines": [] if is_wrong else handed_lines(request.user, day),
        "is_wrong": is_wrong,
        "most": MOST,
        "token": uuid4(),
    }
    status = 422 if is_wrong else 200
    return with_a_frame(render(request, "dossiers/handed_lists.html", context, status=status))


@role_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def handed_list(request: StaffRequest) -> HttpResponse:
    """The list of one day (`ngay`) from one place (`tu`) to another (`den`); see `Place.key`."""
    day = _day_of(HandedDay(request.GET))
    if day is None:
        raise Http404("Không có ngày này.")
    wanted = (request.GET.get("tu"), request.GET.get("den"))
    lines = handed_lines(request.user, day)
    line = next((one for one in lines if (one.giver.key, one.receiver.key) == wanted), None)
    if line is None:
        raise Http404("Ngày này hai nơi không giao nhận hồ sơ nào.")
    rows = handed_rows(request.user, line)
    return paper_of_many(
        request,
        [row.dossier for row in rows],
        "handed_list",
        f"giao-nhan-{day:%Y%m%d}",
        lambda copy: lists.handed_list(line, rows, by=request.user, copy=copy),
        of=f"{day:%Y%m%d} {line.giver.key} {line.receiver.key}",
    )


@role_required(*TO_CALL.roles)
@require_GET
def call_list(request: StaffRequest) -> HttpResponse:
    """Who is to be told that the result is ready."""
    staff = request.user
    found = queues.dossiers_in(TO_CALL, staff, clock.today())
    dossiers = list(found[:MOST])
    if staff.office is None or not dossiers:
        raise Http404(TO_CALL.empty)
    total = len(dossiers) if len(dossiers) < MOST else found.count()
    pdf = lists.call_list(staff.office, dossiers, total=total, by=staff)
    return _taken_out(request, pdf, f"can-goi-{clock.today():%Y%m%d}", dossiers)


def _day_of(form: HandedDay) -> date | None:
    """The day that was asked for; None where none was, or none that exists."""
    day: date | None = form.cleaned_data["ngay"] if form.is_valid() else None
    return day


def _taken_out(
    request: StaffRequest, pdf: bytes, name: str, dossiers: Iterable[Dossier]
) -> HttpResponse:
    """The paper; what could not be drawn was taken out by nobody."""
    file = f"{name}.pdf"
    record_taken_out({dossier.pk for dossier in dossiers}, by=request.user, file=file)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file}"'
    return response
