"""Receiving a dossier at the counter: one page, one form, several things to do with it.

The procedure stands in the address (`?thu-tuc=KEY`), everything personal in the posted form:
no ID number reaches an address or a log.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from dossiers.desk import counter, drafts
from dossiers.desk.applicants import applicant_fields
from dossiers.desk.elsewhere import offices_received_for
from dossiers.desk.same_request import came_in_today, same_requests
from dossiers.forms.concerns import doubtful_days
from dossiers.forms.doubts import Doubt, asked_before, typed_doubts, unanswered
from dossiers.forms.intake import IntakeForm, IntakeSheet, limit_doubt
from dossiers.forms.procedure_search import ProcedureSearch
from dossiers.lifecycle import perform
from dossiers.lifecycle.acts import begun_before
from dossiers.models import Dossier, Event, IntakeDraft
from dossiers.rules.cards import LONGEST_CARD, read_card
from dossiers.rules.states import MoveRefused, State
from dossiers.views.applicants import LIKE, earlier_of, people_of, told_of
from dossiers.views.choosing import answer_to, choose, desk_of
from motcua import clock
from motcua.access import StaffRequest, role_required
from motcua.models import Office, Role
from motcua.web.headers import with_a_frame
from motcua.web.sent_twice import same_answer, token_of
from procedures.models import Procedure

TODAY = "Người này đã nộp thủ tục này hôm nay: mã {code}. Vẫn tiếp nhận thêm?"
OPEN = (
    "Người này đang có hồ sơ thủ tục này chưa xong: mã {code}, nộp ngày {day}. Vẫn tiếp nhận thêm?"
)
NO_DRAFT = "Bản tạm giữ này không còn: đã lưu thành hồ sơ, đã bỏ, hoặc quá một ngày."


def _first_receipt(request: StaffRequest) -> HttpResponse | None:
    """The page of the dossier that this form has begun already; not for the next citizen, typed
    over the last one."""
    dossier = begun_before(token_of(request), request.user) if _asked(request) in _ACTS else None
    if dossier is None:
        return None
    form = IntakeForm(request.POST)
    form.is_valid()
    same = _is_of(dossier, request.GET.get("thu-tuc", "").strip(), form)
    return redirect("intake_done", code=dossier.code) if same else None


@role_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@same_answer(_first_receipt)
def intake(request: StaffRequest) -> HttpResponse:
    """Choose a procedure; then its papers, its promise, the applicant; then one of the acts."""
    office = desk_of(request)
    key = request.GET.get("thu-tuc", "").strip()
    if not key:
        return choose(request, office)
    sheet = _sheet_for(request, office, key)
    if request.method != "POST":
        return _begun(request, sheet)
    if _asked(request) == "hold":
        return _hold(request, sheet(request.POST, check=False))
    act = _ACTS.get(_asked(request))
    if act is not None:
        return act(request, sheet(request.POST, check=True))
    return _look_again(request, sheet(request.POST, check=False))


def _begun(request: StaffRequest, sheet: Callable[..., IntakeSheet]) -> HttpResponse:
    """The form: empty, as a draft was left (`giu`), or for the applicant of another dossier
    (`nhu`), which is recorded as a reading."""
    held, like = request.GET.get("giu", ""), request.GET.get("nhu", "")
    page = sheet(check=False)
    if held:
        draft = drafts.draft_of(request.user, held, page.procedure)
        if draft is None:
            return _page(request, page, status=404, told=NO_DRAFT)
        shown = sheet(drafts.as_typed(draft), check=False)
        return _page(request, shown, token=draft.token, told=_held(draft))
    if like:
        earlier = earlier_of(request, like)
        if earlier is None:
            return _page(request, page, status=404, told="Không thấy hồ sơ trước.")
        page.form.initial.update(applicant_fields(earlier))
        return _page(request, page, told=told_of(earlier), at_papers=True)
    return _page(request, page)


def _hold(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse:
    """Keep what was typed, and on to the next citizen."""
    token = token_of(request) or uuid4()
    try:
        kept = drafts.keep(request.POST, by=request.user, procedure=sheet.procedure, token=token)
    except drafts.TooLong:
        return _page(request, sheet, status=422, told="Quá dài nên chưa giữ được.")
    if kept is None:
        messages.info(request, "Không có gì để giữ: chưa gõ gì, hoặc đã lưu thành hồ sơ.")
    else:
        messages.success(request, "Đã tạm giữ. Mở lại ở mục “Đang giữ”.")
    return redirect("intake")


@role_required(Role.CLERK)
@require_GET
def intake_due(request: StaffRequest) -> HttpResponse:
    """When a dossier received at `luc` (now, if empty) is due, and why: a piece of the page."""
    office = desk_of(request)
    sheet = _sheet_for(request, office, request.GET.get("thu-tuc", ""))
    typed = request.GET.copy()
    typed["received_at"] = request.GET.get("luc", "")
    typed["solver"] = request.GET.get("cho", "")
    return render(request, "dossiers/_intake_due.html", _promise(sheet(typed, check=False)))


@role_required(Role.CLERK)
@require_GET
def intake_done(request: StaffRequest, code: str) -> HttpResponse:
    """The new code, and what to print; without personal data, for the next in the queue sees
    the screen."""
    dossier = get_object_or_404(
        Dossier.objects.visible_to(request.user).select_related(
            *("procedure", "version", "office", "receiver", "return_office", "point"),
        ),
        code=code,
    )
    context = {
        "dossier": dossier,
        "guided": dossier.current_state is State.SUBMITTED,
        "declined": dossier.current_state is State.DECLINED,
        "same_day": dossier.version.limit_unit == "same_day",
        "supplement": dossier.supplements.filter(is_void=False).last(),
        "token": uuid4(),
        # Once: who comes back to this page later has the button.
        "prints_itself": not dossier.events.filter(kind=Event.Kind.PRINT).exists(),
    }
    return with_a_frame(render(request, "dossiers/intake_done.html", context))


# The acts of the page


def _register(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse:
    valid, missing = sheet.is_valid(), sheet.refuse_missing_papers()
    if missing or not valid:
        return _page(request, sheet, status=422)
    return _asks(request, sheet) or _begin(request, sheet, perform.register)


def _guide(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse:
    sheet.is_valid()
    form = sheet.form
    form.demand("guide_reason", "Phiếu yêu cầu bổ sung phải ghi lý do.")
    if not sheet.items:
        form.add_error("items", "Hãy ghi những gì cần bổ sung.")
    if not sheet.is_valid():
        return _page(request, sheet, status=422, fold="guide")
    clerk = request.user
    return _asks(request, sheet) or _begin(
        request,
        sheet,
        perform.guide,
        items=sheet.items,
        reason=form.cleaned_data["guide_reason"].strip(),
        contact_name=clerk.display_name,
        contact_phone=clerk.phone or sheet.office.phone,
    )


def _turn_away(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse:
    sheet.is_valid()
    sheet.form.demand("refusal_reason", "Từ chối tiếp nhận phải ghi rõ lý do.")
    if not sheet.is_valid():
        return _page(request, sheet, status=422, fold="turn_away")
    reason = sheet.form.cleaned_data["refusal_reason"].strip()
    return _begin(request, sheet, perform.turn_away, reason=reason)


_ACTS: dict[str, Callable[[StaffRequest, IntakeSheet], HttpResponse]] = {
    "register": _register,
    "guide": _guide,
    "turn_away": _turn_away,
}


def _asks(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse | None:
    """The page again, once, with what is doubtful; None where nothing is, or it was asked."""
    typed = sheet.form.cleaned_data
    doubts = typed_doubts(typed) + doubtful_days(sheet.procedure, typed)
    seen = partial(Dossier.objects.visible_to, request.user)
    doubts += [_seems_here(d) for d in same_requests(seen, sheet.intake(), by=request.user)[:1]]
    new = unanswered(doubts, request.POST)
    if not new:
        return None
    asked = [*asked_before(request.POST), *(doubt.key for doubt in new)]
    for doubt in new:
        if doubt.field in sheet.form.fields:
            marks = {"data-doubted": "yes", "aria-describedby": "can-xem-lai"}
            sheet.form.fields[doubt.field].widget.attrs.update(marks)
    act = _asked(request)
    fold = "guide" if act == "guide" else ""
    return _page(request, sheet, status=422, doubts=new, asked=asked, act=act, fold=fold)


def _seems_here(dossier: Dossier) -> Doubt:
    words = TODAY if came_in_today(dossier) else OPEN
    day = clock.local(dossier.submitted_at)
    return Doubt(
        words.format(code=dossier.code, day=f"{day:%d/%m/%Y}"),
        link=reverse("dossier_detail", args=[dossier.code]),
        link_words="Xem hồ sơ đó",
    )


def _begin(
    request: StaffRequest, sheet: IntakeSheet, begin: Callable[..., Dossier], **words: str
) -> HttpResponse:
    """Do the act once for this form, and go to the page of the new code."""
    token = token_of(request) or uuid4()
    try:
        with transaction.atomic():
            intake = sheet.intake()
            dossier = begin(intake, by=request.user, at=sheet.received_at, token=token, **words)
            drafts.drop([token], by=request.user)
    except MoveRefused as refused:
        field = "received_at" if refused.field == "at" else None
        sheet.form.add_error(field, str(refused))
        return _page(request, sheet, status=422)
    if not _is_of(dossier, sheet.procedure.key, sheet.form):
        sheet.form.add_error(None, _used_before(dossier))
        return _page(request, sheet, status=422, token=uuid4())
    return redirect("intake_done", code=dossier.code)


def _look_again(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse:
    """Not an act: the page again, all that was typed in it, with what was asked for added."""
    asked = _asked(request)
    if asked == "search":
        text = request.POST.get("q", "")
        found = answer_to(request, sheet.office, text)
        return _page(request, sheet, found=found, searched=text, inside=True)
    if asked == "scan":
        return _scanned(request, sheet)
    if asked == "fill" or asked.startswith(LIKE):
        return _filled(request, sheet, asked.removeprefix(LIKE) if asked != "fill" else "")
    return _page(request, sheet)


def _filled(request: StaffRequest, sheet: IntakeSheet, like: str) -> HttpResponse:
    """Without a script: who was here before fills what is empty, found by number; by telephone and
    name there may be several to choose from. A chosen one's name stands for the letters typed."""
    earlier = earlier_of(request, like)
    if earlier is None:
        people = people_of(request)
        told = "" if people.people else "Chưa có hồ sơ nào của người này."
        return _page(request, sheet, told=told, known=people)
    known = applicant_fields(earlier)
    over = {"applicant_kind", "applicant_name"} if like else {"applicant_kind"}
    kept = {name for name in known.keys() - over if request.POST.get(name)}
    sheet.form.initial.update({name: known[name] for name in known.keys() - kept})
    return _page(request, sheet, told=told_of(earlier))


def _scanned(request: StaffRequest, sheet: IntakeSheet) -> HttpResponse:
    """Without a script: the card that was scanned fills number, name and address."""
    card = read_card(request.POST.get("scan", "")[: LONGEST_CARD + 1], clock.today())
    if card is None:
        return _page(request, sheet, told="Đây không phải mã trên thẻ căn cước.")
    told = {"applicant_id": card.number, "applicant_name": card.name, "address": card.address}
    sheet.form.initial.update({name: value for name, value in told.items() if value})
    sheet.form.initial.update(applicant_kind=Dossier.ApplicantKind.PERSON, applicant_id_kind="")
    return _page(request, sheet, told="Đã điền từ thẻ.", warnings=card.warnings)


# The page


def _page(
    request: StaffRequest,
    sheet: IntakeSheet,
    *,
    status: int = 200,
    token: UUID | None = None,
    **context: Any,
) -> HttpResponse:
    if status == 200 and "searched" not in context and "at_papers" not in context:
        sheet.form.fields["scan"].widget.attrs["autofocus"] = True
    token = token or token_of(request) or uuid4()
    if sheet.form.is_bound:
        sheet.propose_items()
    context = _promise(sheet) | {
        "sheet": sheet,
        "form": sheet.form,
        "papers": sheet.papers,
        "asked": asked_before(request.POST),
        "missing": sheet.papers.missing if sheet.form.is_bound else [],
        "token": token,
        "search_form": ProcedureSearch(typed=context.get("searched", ""), inside=True),
        "solving_division": counter.solved_by(sheet.procedure, sheet.solver, sheet.office),
        "drafts": [draft for draft in drafts.drafts_of(request.user) if draft.token != token],
        "contact_phone": request.user.phone or sheet.office.phone,
        **context,
    }
    return render(request, "dossiers/intake.html", context, status=status)


def _promise(sheet: IntakeSheet) -> dict[str, Any]:
    """What the slip on the right shows."""
    return {
        "procedure": sheet.procedure,
        "version": sheet.version,
        "moment": sheet.moment,
        "is_now": sheet.received_at is None,
        "due": sheet.due,
        "due_problem": sheet.due_problem,
        "doubt": limit_doubt(sheet.version),
    }


# What is asked of a request


def _sheet_for(request: StaffRequest, office: Office, key: str) -> Callable[..., IntakeSheet]:
    """The intake of the procedure of this key, if this desk offers it, or receives it for another
    office."""
    solver = request.GET.get("cho", "").strip()
    offered = Procedure.objects.offered_by(office).filter(key=key).order_by("pk").first()
    procedure = offered or Procedure.objects.filter(key=key, is_active=True).first()
    if procedure is None or (offered is None and not _received_for_others(office, procedure)):
        raise Http404("Đơn vị này không tiếp nhận thủ tục đó.")
    return partial(
        IntakeSheet,
        office,
        procedure,
        clerk=request.user,
        offered_here=offered is not None,
        solver=solver,
    )


def _received_for_others(office: Office, procedure: Procedure) -> bool:
    today = clock.today()
    return bool(offices_received_for(procedure, procedure.version_on(today), office, today))


def _asked(request: StaffRequest) -> str:
    """The button that was pressed. Enter in a field receives the dossier, but in the field that
    seeks another procedure it searches."""
    asked = request.POST.get("act", "register")
    if asked == "enter":
        if request.POST.get("scan", "").strip():
            return "scan"
        return "search" if request.POST.get("q", "").strip() else "register"
    return asked


def _held(draft: IntakeDraft) -> str:
    return f"Bản tạm giữ lúc {clock.local(draft.saved_at):%H:%M}."


def _is_of(dossier: Dossier, key: str, form: IntakeForm) -> bool:
    """Whether the dossier that the token led to is the one that this form asks for."""
    return dossier.procedure.key == key and all(
        getattr(dossier, name) == form.cleaned_data.get(name)
        for name in ("applicant_name", "applicant_id", "phone")
    )


def _used_before(dossier: Dossier) -> str:
    """Somebody went back in the browser and typed the next citizen over the last one."""
    return (
        f"Trang này đã lập hồ sơ {dossier.code} rồi. Những gì vừa nhập là hồ sơ khác và chưa được "
        "lưu. Nếu đúng là hồ sơ mới, mời bấm lưu lần nữa."
    )
