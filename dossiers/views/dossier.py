"""One dossier: its facts, its timeline, and the acts on it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.desk import permissions
from dossiers.desk.bundles import TAKEN
from dossiers.desk.explanation import explanation_of
from dossiers.desk.handovers import hand_overs
from dossiers.desk.later_entries import later_entries_of
from dossiers.desk.procedure_search import note_if_unanswered
from dossiers.desk.remarks import remarks_on
from dossiers.desk.supplements import asked_of, untold_date
from dossiers.desk.time_left import TimeLeft, time_left
from dossiers.desk.timeline import Entry, timeline
from dossiers.forms.acts import ActForm
from dossiers.forms.correction import Correct
from dossiers.forms.verbs import FORMS
from dossiers.lifecycle import allowances, perform
from dossiers.lifecycle.acts import done_before
from dossiers.lifecycle.verbs import NOTHING_TO_COLLECT
from dossiers.models import Attachment, Dossier, Event, receiver_of
from dossiers.rules.codes import code_key
from dossiers.rules.states import MoveRefused, State, Verb, may_move, refusal
from dossiers.views.desk import queue_of
from motcua import clock
from motcua.access import DESK_ROLES, StaffRequest, staff_required
from motcua.models import Staff
from motcua.web.sent_twice import same_answer, token_of_what_was_typed
from procedures.calendar import calendar_for

NO_RIGHT = "Tài khoản của ông/bà được xem hồ sơ này nhưng không có quyền làm việc này."
NO_PAPER = "Hồ sơ này không chờ bản giấy nào nữa."
RARE = (Verb.WITHDRAW, Verb.STOP, Verb.CORRECT, Verb.DECLINE, Verb.REVERT)


@staff_required
@require_safe
def dossier_detail(request: StaffRequest, code: str) -> HttpResponse:
    staff = request.user
    dossier = _visible(staff, code)
    perform.record_read(dossier, by=staff)
    asked = asked_of(dossier)
    entries = timeline(dossier)
    context = {
        "dossier": dossier,
        "receiving_clerk": receiver_of(dossier),
        **queue_of(request, dossier),
        **_acts(staff, dossier),
        **_promises(dossier),
        "papers": dossier.papers.all(),
        "attachments": _attachments(dossier),
        "supplements": asked,
        "new_date": untold_date(dossier, asked),
        "apologies": list(dossier.apologies.filter(is_void=False)),
        "hand_overs": hand_overs(dossier),
        "timeline": entries,
        "undoable": _undoable(staff, dossier, entries),
        "remarks": remarks_on(dossier),
        "later": later_entries_of(dossier),
        "token": uuid4(),
        "sees_accesses": permissions.may_see_accesses(staff),
    }
    return render(request, "dossiers/dossier_detail.html", context)


def _first_act(request: StaffRequest, code: str, verb: str) -> HttpResponse | None:
    """What this form was answered when it did the act, under whatever code by now."""
    event = done_before(token_of_what_was_typed(request.POST), request.user)
    form = FORMS.get(verb)
    if event is None or form is None or event.kind != (form.recorded_as or verb):
        return None
    dossier = event.dossier
    if code_key(code) not in (dossier.code_key, dossier.submission_key):
        return None
    return _done(request, dossier, form)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@same_answer(_first_act)
def dossier_act(request: StaffRequest, code: str, verb: str) -> HttpResponse:
    staff = request.user
    if verb not in FORMS:
        raise Http404("Không có việc này.")
    dossier = _visible(staff, code)
    if not _may(staff, dossier, verb):
        raise PermissionDenied(NO_RIGHT)
    form_of = FORMS[verb]
    if request.method != "POST":
        perform.record_read(dossier, by=staff)
        form = form_of(dossier=dossier, staff=staff)
        sentence = _impossible(staff, dossier, verb)
        return _act_page(request, form, status=409 if sentence else 200, sentence=sentence)
    if form_of.only_looks(request.POST):
        return _looked_page(request, form_of(initial=request.POST, dossier=dossier, staff=staff))
    form = form_of(request.POST, dossier=dossier, staff=staff)
    if not form.is_valid():
        form.say_what_changed()
        return _act_page(request, form, status=422)
    return _do(request, form)


def _looked_page(request: StaffRequest, form: ActForm) -> HttpResponse:
    """Nothing is done: the page again, with the procedures that answer what was typed."""
    if isinstance(form, Correct):
        note_if_unanswered(form.found, request.user)
    return _act_page(request, form, status=200)


@staff_required
@require_safe
def dossier_procedures(request: StaffRequest, code: str) -> HttpResponse:
    """What a correction may take instead of the written procedure, as a piece of its page; noted
    is only a question (`hoi=1`), not letters on the way to one."""
    dossier = _visible(request.user, code)
    if not _may(request.user, dossier, Verb.CORRECT):
        raise PermissionDenied(NO_RIGHT)
    typed = {name: request.GET[name] for name in ("q", "procedure") if name in request.GET}
    form = Correct(initial=typed, dossier=dossier, staff=request.user)
    if request.GET.get("hoi"):
        note_if_unanswered(form.found, request.user)
    context = {"form": form, "field": form["procedure"]}
    return render(request, "dossiers/_correct_procedures.html", context)


def _do(request: StaffRequest, form: ActForm) -> HttpResponse:
    """The act, or the page again: with the new due date to confirm, or with what refused it."""
    dossier = form.dossier
    try:
        if not form.is_confirmed():
            return _act_page(request, form, status=200)
        form.perform()
    except MoveRefused as refused:
        if not form.errors:
            form.refuse(refused)
        return _act_page(request, form, status=409)
    return _done(request, dossier, type(form))


def _done(request: StaffRequest, dossier: Dossier, form: type[ActForm]) -> HttpResponse:
    messages.success(request, form.done_words(dossier))
    if form.verb == Verb.ACCEPT:
        return redirect("intake_done", code=dossier.code)
    # After papers came their new date is printed from the dossier's page.
    stays = form.verb == Verb.RECEIVE_SUPPLEMENT and dossier.paused_on is None
    back = "" if stays else _next(request)
    return redirect(back) if back else redirect("dossier_detail", code=dossier.code)


def _act_page(
    request: StaffRequest,
    form: ActForm,
    *,
    status: int,
    sentence: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "dossier": form.dossier,
        "attachments": _attachments(form.dossier),
        "sentence": sentence,
        "next": _next(request),
        "left": _left(form.dossier, apologised=False),
    }
    return render(request, "dossiers/act.html", context, status=status)


def _attachments(dossier: Dossier) -> list[Attachment]:
    """The scans that the citizen sent, at the filing or when papers were asked for."""
    return list(dossier.attachments.select_related("required"))


def _visible(staff: Staff, code: str) -> Dossier:
    """The dossier, if it exists for this person."""
    rows = Dossier.objects.visible_to(staff).select_related(
        "office",
        "receiver",
        "point",
        "return_office",
        "return_point",
        "procedure",
        "version",
        "sector",
        "holder_office",
        "holder_division",
        "created_by",
    )
    return get_object_or_404(rows, code=code)


def _may(staff: Staff, dossier: Dossier, verb: str) -> bool:
    if verb == "take_paper":
        return permissions.may_take_paper(staff, dossier)
    if verb in ("external", "undo", "note"):
        return permissions.may_note_external(staff, dossier)
    if verb == "call":
        return permissions.may(staff, dossier, Verb.HAND_OVER)
    if verb != "take_over":
        return permissions.may(staff, dossier, Verb(verb))
    transfer = perform.untaken_transfer(dossier)
    if transfer is not None:
        return permissions.may_take_over(staff, transfer)
    return staff.office_id == dossier.holder_office_id and staff.has_role(*DESK_ROLES)


def _impossible(staff: Staff, dossier: Dossier, verb: str) -> str:
    """Why the act cannot be done in the present state, said before anything is typed."""
    if verb == "take_over":
        return "" if perform.untaken_transfer(dossier) else TAKEN
    if verb == "take_paper":
        return "" if dossier.awaits_paper else NO_PAPER
    if verb in ("external", "note"):
        return ""
    if verb == "call":
        return "" if dossier.current_state is State.RESOLVED else NOTHING_TO_COLLECT
    if verb == "undo":
        return "" if perform.undoable(dossier, by=staff) else perform.not_own()
    if verb == Verb.REVERT:
        return "" if perform.revertible(dossier) else "Không còn việc nào hoàn tác được."
    state = dossier.current_state
    if not may_move(state, Verb(verb)):
        return refusal(state, Verb(verb))
    return allowances.refusal(dossier, Verb(verb))


def _acts(staff: Staff, dossier: Dossier) -> dict[str, Any]:
    """The acts allowed now: the likely one, the usual ones, the rare ones."""
    now = permissions.acts_now(staff, dossier)
    if Verb.REVERT in now and perform.revertible(dossier) is None:
        now.remove(Verb.REVERT)
    likely = permissions.likely_next(staff, dossier)
    transfer = perform.untaken_transfer(dossier)
    return {
        "likely": likely,
        "usual": sorted(
            (verb for verb in now if verb != likely and verb not in RARE),
            key=lambda verb: verb != Verb.RESOLVE,
        ),
        "rare": [verb for verb in now if verb != likely and verb in RARE],
        "takes_paper": dossier.awaits_paper and permissions.may_take_paper(staff, dossier),
        "notes_external": permissions.may_note_external(staff, dossier),
        "takes_over": transfer is not None and permissions.may_take_over(staff, transfer),
        "transfer": dossier.transfers.filter(ended_at__isnull=True, is_void=False)
        .select_related("taken_by", "from_office", "from_division")
        .last(),
    }


def _undoable(staff: Staff, dossier: Dossier, entries: list[Entry]) -> Event | None:
    """What this person has just done here and may undo; asked only where the timeline, which the
    page has read already, shows something that may be it."""
    acts = (entry.event for entry in entries if entry.event.kind not in Event.ACCESS)
    last = next(acts, None)
    if last is None or last.actor_id != staff.pk or not perform.may_be_recent(last):
        return None
    return perform.undoable(dossier, by=staff)


def _promises(dossier: Dossier) -> dict[str, Any]:
    """What was promised and when, what is left, and the days that explain it."""
    deadlines = list(dossier.deadlines.filter(is_void=False))
    apologised = any(not deadline.counts for deadline in deadlines)
    return {
        "deadlines": deadlines,
        "apologised": apologised,
        "left": _left(dossier, apologised=apologised),
        "explanation": explanation_of(dossier, deadlines),
    }


def _left(dossier: Dossier, *, apologised: bool) -> TimeLeft | None:
    calendar = calendar_for(dossier.office)
    return time_left(dossier, calendar, clock.today(), apologised=apologised)


def _next(request: StaffRequest) -> str:
    """Where the person came from, if that is a page of this site."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if is_ours else ""
