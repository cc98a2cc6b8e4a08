"""What waits for an office: dossiers whose office ended without successor, assigned by the level
above."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.forms.offices.assignment import AssignmentForm
from dossiers.merging import assignment as waiting
from dossiers.models import Dossier
from motcua.access import StaffRequest, role_required
from motcua.models import Office
from motcua.web.sent_twice import token_of, token_of_what_was_typed

PER_PAGE = 50
OLD_PAGE = "Trang đã cũ. Hãy xem lại danh sách rồi bấm lần nữa."


@dataclass(frozen=True)
class WaitingRow:
    """A dossier on the page: for whom, where it would go and why."""

    dossier: Dossier
    chosen: int | None
    why: str
    is_ticked: bool


@role_required(*waiting.READERS)
@require_http_methods(["GET", "POST"])
def assignment(request: StaffRequest) -> HttpResponse:
    """The list; posting `ho-so` (codes), `giao-CODE` (an office's key), number and day of the
    paper and the page's `token` assigns the ticked ones."""
    if request.method == "GET":
        return _page(request, AssignmentForm(), uuid4())
    if not waiting.may_assign(request.user):
        raise PermissionDenied("Việc phân công do lãnh đạo cấp trên làm.")
    form = AssignmentForm(request.POST)
    token, chosen = token_of(request), _chosen(request)
    if token is None:
        form.add_error(None, OLD_PAGE)
    if not request.POST.getlist("ho-so"):
        form.add_error(None, "Hãy chọn ít nhất một hồ sơ.")
    for code in (dossier.code for dossier, office in chosen if office is None):
        form.add_error(None, f"{code}: hãy chọn đơn vị được giao.")
    if token is None or not form.is_valid():
        return _page(request, form, token or uuid4(), status=422)
    given = [(dossier, office) for dossier, office in chosen if office is not None]
    outcome = waiting.assign(
        given,
        by=request.user,
        token=token_of_what_was_typed(request.POST) or token,
        **form.cleaned_data,
    )
    if outcome.done:
        messages.success(
            request, f"Đã phân công {len(outcome.done)} hồ sơ. Mỗi hồ sơ có ghi việc này."
        )
    for dossier, sentence in outcome.refused:
        messages.warning(request, f"{dossier.code}: {sentence}")
    return redirect("assignment")


def _chosen(request: StaffRequest) -> list[tuple[Dossier, Office | None]]:
    """The ticked dossiers of this person's list, each with its office; a code that is not there
    any more is left out, unless this very page has assigned it."""
    offices = {str(office.pk): office for office in waiting.choices_for(request.user)}
    codes = request.POST.getlist("ho-so")[:PER_PAGE]
    visible = Dossier.objects.visible_to(request.user).filter(code__in=codes)
    return [
        (dossier, offices.get(request.POST.get(f"giao-{dossier.code}", "")))
        for dossier in visible.select_related("office").order_by("due_on", "pk")
    ]


def _page(
    request: StaffRequest, form: AssignmentForm, token: UUID, *, status: int = 200
) -> HttpResponse:
    staff = request.user
    found = waiting.in_order(waiting.waiting_for(staff))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    choices = waiting.choices_for(staff)
    context = {
        "page": page,
        "rows": _rows(request, page, choices),
        "choices": choices,
        "form": form,
        "token": token,
        "all_ticked": _ticks_all(request),
        "may_assign": waiting.may_assign(staff),
        "orphans": waiting.orphans_for(staff),
    }
    return render(request, "dossiers/assignment.html", context, status=status)


def _ticks_all(request: StaffRequest) -> bool:
    return request.GET.get("chon") == "tat-ca"


def _rows(request: StaffRequest, page: "Page[Dossier]", choices: list[Office]) -> list[WaitingRow]:
    addresses = waiting.Addresses(choices, request.user.office)
    ticked = set(request.POST.getlist("ho-so"))
    everything = request.method == "GET" and _ticks_all(request)
    rows = []
    for dossier in page:
        proposed = addresses.propose(dossier.address, dossier.received_on)
        typed = request.POST.get(f"giao-{dossier.code}")
        key = proposed.office.pk if proposed.office is not None else None
        if typed is not None:
            key = int(typed) if typed.isdecimal() else None
        rows.append(WaitingRow(dossier, key, proposed.why, everything or dossier.code in ticked))
    return rows
