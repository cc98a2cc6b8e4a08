"""The page of the first hour: what an office still needs before its first slip, one step open in
place, and a slip to try."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.first_hour import trial
from dossiers.first_hour.facts import SetupFacts, facts_of, offices_to_begin
from dossiers.first_hour.steps import SetupStep, SetupSteps, steps_of
from dossiers.forms.offices.first_hour import BeginForm, ContactForm, DivisionForm, HeadingForm
from dossiers.models import Dossier
from motcua.access import StaffRequest, role_required, staff_of
from motcua.models import Division, Installation, Office, Role
from procedures.offices.lines import sector_lines
from procedures.timetable.weekly_hours import WeeklyHoursForm

TRIED = "first-hour-tried"
"""A key of the session: the offices whose trial slip was printed."""
StepForm = BeginForm | HeadingForm | ContactForm | WeeklyHoursForm | DivisionForm
BEGIN = "don-vi"
CHOSEN = "chon"


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def first_hour(request: StaffRequest) -> HttpResponse:
    """The steps of one office, done and missing; `?viec=` opens one, `?chon=` names the office."""
    offices = offices_to_begin(request.user)
    office = _chosen(request, offices)
    facts = facts_of(office, has_tried=_has_tried(request, office))
    steps = steps_of(facts)
    if request.method != "POST":
        key = request.GET.get("viec", "") or steps.first_missing
        form = _form(request, facts, key, bound=False)
        return _page(request, offices, facts, steps, key, form)
    key = request.POST.get("viec", "")
    form = _form(request, facts, key, bound=True)
    if form is None:
        messages.error(request, "Không rõ ông/bà lưu việc nào. Mời mở lại việc đó rồi lưu.")
    elif form.is_valid():
        try:
            kept = _save(facts, form)
        except ValueError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã lưu.")
            return redirect(_address(kept))
    return _page(request, offices, facts, steps, key, form, status=422)


@role_required(Role.ADMINISTRATOR)
@require_safe
def trial_slip(request: StaffRequest, code: str) -> HttpResponse:
    """The slip of an invented applicant. Nothing is stored and no number taken."""
    office = next((one for one in offices_to_begin(request.user) if one.code == code), None)
    if office is None:
        raise Http404("Ông/bà không quản trị đơn vị nào mang mã này.")
    pdf = trial.slip(office, request.user)
    if pdf is None:
        messages.warning(request, trial.NOTHING_OFFERED)
        return redirect(_address(office))
    tried = {*request.session.get(TRIED, []), office.pk}
    request.session[TRIED] = sorted(tried)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="phieu-thu-{office.code}.pdf"'
    return response


def comes_first(request: HttpRequest) -> str:
    """Where the bare list of the administration leads instead, as long as a real desk has had no
    dossier and something is missing; empty when nowhere."""
    if Installation.is_demonstration() or Dossier.objects.exists():
        return ""
    offices = offices_to_begin(staff_of(request))
    facts = facts_of(offices[0] if offices else None, has_tried=False)
    return reverse("first_hour") if steps_of(facts).missing else ""


def _chosen(request: StaffRequest, offices: list[Office]) -> Office | None:
    code = request.GET.get(CHOSEN, "")
    if not code:
        return offices[0] if offices else None
    office = next((one for one in offices if one.code == code), None)
    if office is None:
        raise Http404("Ông/bà không quản trị đơn vị nào mang mã này.")
    return office


def _has_tried(request: StaffRequest, office: Office | None) -> bool:
    return office is not None and office.pk in request.session.get(TRIED, [])


def _form(request: StaffRequest, facts: SetupFacts, key: str, *, bound: bool) -> StepForm | None:
    """The form of the step; None for one that has none, or that waits for an office."""
    data = request.POST if bound else None
    if key == BEGIN:
        begun = {"template": facts.template_key, "office": facts.office} if facts.has_begun else {}
        return BeginForm(data, staff=request.user, initial=begun)
    office = facts.office
    if office is None or not facts.has_begun:
        return None
    if key == "ten":
        return HeadingForm(data, instance=office)
    if key == "dia-chi":
        return ContactForm(data, instance=office)
    if key == "gio":
        return WeeklyHoursForm(data, office=office)
    if key == "phong":
        return DivisionForm(data, instance=Division(office=office))
    return None


def _save(facts: SetupFacts, form: StepForm) -> Office | None:
    """Store what the step says; the office that the page goes on with. Raises ValueError in words
    for the administrator."""
    if isinstance(form, BeginForm):
        return form.save()
    form.save()
    return facts.office


def _address(office: Office | None) -> str:
    query = f"?{urlencode({CHOSEN: office.code})}" if office is not None else ""
    return f"{reverse('first_hour')}{query}"


def _page(
    request: StaffRequest,
    offices: list[Office],
    facts: SetupFacts,
    steps: SetupSteps,
    key: str,
    form: StepForm | None,
    status: int = 200,
) -> HttpResponse:
    office = facts.office
    step: SetupStep | None = next((one for one in steps.steps if one.key == key), None)
    later = [n for n in steps.missing if step is not None and n != steps.number(key)]
    context: dict[str, Any] = {
        "office": office,
        "offices": offices,
        "facts": facts,
        "steps": steps,
        "open_key": key if step is not None else "",
        "form": form,
        "next_number": later[0] if later else None,
        "sectors": sector_lines(office) if office is not None and key == "thu-tuc" else [],
        "divisions": (
            Division.objects.filter(office=office, is_active=True) if office is not None else []
        ),
        "preview": trial.preview(office) if office is not None else None,
    }
    return render(request, "dossiers/first_hour.html", context, status=status)
