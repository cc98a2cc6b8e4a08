"""The counter where results are handed over: scan, see, hand over, next.

What is scanned or typed is posted. A receipt code goes on to the address; a card's text and a
name are answered at once and stand in no address, session or log.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.desk.bundles import BundleOutcome
from dossiers.desk.queues import for_rows
from dossiers.desk.readings import record_looks
from dossiers.desk.returns import returning
from dossiers.desk.returns.not_ready import not_ready
from dossiers.forms.returning import OTHER, CollectorForm
from dossiers.forms.search import scanned, search
from dossiers.lifecycle.codes import office_of_code
from dossiers.models import Dossier
from dossiers.paper import result_receipt
from dossiers.rules.cards import LONGEST_CARD, Card, is_of_a_card, read_card
from dossiers.views.papers import paper_of_many
from motcua import clock
from motcua.access import StaffRequest, role_required, staff_required
from motcua.models import Role
from motcua.web.headers import with_a_frame
from motcua.web.sent_twice import token_of_what_was_typed

HITS = 12
SCAN_FIRST = "Mời quét phiếu hẹn hoặc thẻ; cũng có thể gõ mã, tên, số điện thoại."
NOT_READ = (
    "Đây không phải mã trên thẻ căn cước, hoặc máy quét đọc chưa hết. Mời quét lại, hoặc gõ số."
)
OF_ANOTHER_DESK = (
    "Mã này do {desk} cấp, hồ sơ không trả ở đây. Mời người dân đến đó; nếu cần biết đến bước nào, "
    "mời tra cứu bằng mã ở trang tra cứu."
)
NOT_FOUND = "Không tìm thấy hồ sơ nào. Mời xem lại mã, hoặc tìm bằng tên, số giấy tờ, điện thoại."
NONE_TICKED = "Hãy đánh dấu ít nhất một kết quả."
OLD_PAGE = "Trang đã cũ. Mời quét lại."


@role_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def return_counter(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _asked_by_address(request)
    typed = request.POST.get("q", "")[: LONGEST_CARD + 1]
    if not typed.strip():
        return _hand_over(request)
    card = read_card(typed, clock.today())
    if card is not None:
        return _card(request, card)
    if is_of_a_card(typed):
        return _page(request, status=422, told=NOT_READ)
    return _look_for(request, typed.strip())


@role_required(Role.CLERK)
@require_POST
def return_undo(request: StaffRequest) -> HttpResponse:
    """What this clerk has just handed over lies ready again."""
    token = token_of_what_was_typed(request.POST)
    chosen = _chosen(request)
    if token is None or not chosen:
        return _page(request, status=422, told=OLD_PAGE)
    outcome = returning.undo(chosen, by=request.user, token=token)
    _tell_refused(request, outcome)
    if not outcome.done:
        return _page(request, status=409)
    messages.success(request, f"Đã hoàn tác, {len(outcome.done)} kết quả lại chờ trả.")
    return redirect(_address(ma=outcome.done[0].code))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def return_receipt(request: StaffRequest) -> HttpResponse:
    """The paper on which the collector signs for the results (`ho-so`, codes) that were handed
    over together."""
    codes = request.GET.getlist("ho-so")[: returning.MOST]
    rows = Dossier.objects.visible_to(request.user).filter(code__in=codes)
    given = list(for_rows(rows.filter(handed_over_on__isnull=False)).order_by("pk"))
    if len({(row.collector_name, row.collector_paper, row.handed_over_on) for row in given}) != 1:
        raise Http404("Các kết quả này không được trả cho một người trong một ngày.")
    return paper_of_many(
        request,
        given,
        "receipt",
        f"ky-nhan-{given[0].code}",
        lambda copy: result_receipt.receipt(given, by=request.user, copy=copy),
    )


@role_required(Role.CLERK)
@require_POST
def card(request: StaffRequest) -> JsonResponse:
    """What stands on a scanned card, for a form to fill in. Nothing of it is kept."""
    found = read_card(request.POST.get("text", "")[: LONGEST_CARD + 1], clock.today())
    if found is None:
        return JsonResponse({"found": False})
    told = asdict(found)
    warnings = told.pop("warnings")
    for name, day in (("born", found.born), ("issued", found.issued)):
        told[name] = f"{day:%d/%m/%Y}" if day else ""
    return JsonResponse({"found": True, "fields": told, "warnings": warnings})


# What is scanned or typed


def _asked_by_address(request: StaffRequest) -> HttpResponse:
    """By a receipt code: one to hand over, or those that were just handed over."""
    done = request.GET.getlist("xong")[: returning.MOST]
    if done:
        rows = for_rows(Dossier.objects.visible_to(request.user).filter(code__in=done))
        given = [row for row in rows.order_by("pk") if row.handed_over_on is not None]
        undoable = returning.undoable(given, request.user)
        fees = returning.fees_taken(given).values()
        told: dict[str, Any] = {
            "taken": sum(fee.amount for fee in fees),
            "taken_how": returning.ways_of(fees),
            "receipt_query": urlencode({"ho-so": [row.code for row in given]}, doseq=True),
        }
        return with_a_frame(_page(request, done=given, undoable=undoable, **told))
    code = request.GET.get("ma", "")
    if not code:
        return _page(request)
    dossier = scanned(request.user, code)
    if dossier is None:
        return _page(request, status=404, told=_not_found(request, code))
    return _of_dossier(request, _row(dossier))


def _look_for(request: StaffRequest, text: str) -> HttpResponse:
    dossier = scanned(request.user, text)
    if dossier is not None:
        return redirect(_address(ma=dossier.code))
    found = list(
        returning.likely_first(search(Dossier.objects.visible_to(request.user), text))[: HITS + 1]
    )
    if not found:
        return _page(request, status=404, told=_not_found(request, text))
    return _hits(request, found)


def _not_found(request: StaffRequest, text: str) -> str:
    """Nothing of it exists for this person. The code itself bears the identity of the desk that
    issues it: that is said, whether such a dossier exists or not."""
    office = office_of_code(text)
    if office is None or office.pk == request.user.office_id:
        return NOT_FOUND
    return OF_ANOTHER_DESK.format(desk=office.desk_name)


def _card(request: StaffRequest, card: Card) -> HttpResponse:
    """A card is that of the next citizen; while results are shown, that of who takes them."""
    ready = returning.ready_for(request.user, card)
    shown = _shown(request)
    if shown is not None:
        role = returning.role_of(card, shown)
        if role or not ready:
            return _taken_with_card(request, shown, card, role or OTHER)
    if ready:
        people = {(row.applicant_id, row.applicant_name) for row in ready}
        if len(people) > 1:
            return _hits(request, ready)
        return _of_dossier(request, ready[0], card=card, chosen=returning.role_of(card, ready[0]))
    found = returning.likely_first(returning.of_person(request.user, card))[: HITS + 1]
    return _hits(request, list(found), warnings=card.warnings)


def _taken_with_card(request: StaffRequest, shown: Dossier, card: Card, role: str) -> HttpResponse:
    """The card of one of the dossier's people hands over at once, where nothing is to be paid; any
    other is filled in as that of the collector, and Enter hands over."""
    given, token = _chosen(request), token_of_what_was_typed(request.POST)
    pays = _pays(given)
    if role == OTHER or pays or not given or token is None:
        ticked = request.POST.getlist("ho-so")
        return _of_dossier(request, shown, card=card, chosen=role, ticked=ticked)
    name = shown.applicant_name if role == "applicant" else shown.submitter_name
    for warning in card.warnings:
        messages.warning(request, warning)
    return _do(request, given, returning.Collector(name, returning.paper_of(card)), token)


def _hits(
    request: StaffRequest, found: Sequence[Dossier], warnings: Sequence[str] = ()
) -> HttpResponse:
    """One dossier is shown at once, several to choose from; none is said to be none."""
    if not found:
        return _page(request, status=404, told=NOT_FOUND, warnings=warnings)
    if len(found) == 1:
        return _of_dossier(request, found[0])
    return _page(request, hits=found[:HITS], has_more=len(found) > HITS, warnings=warnings)


# The act


def _hand_over(request: StaffRequest) -> HttpResponse:
    if "ma" not in request.POST:
        return _page(request, status=422, told=SCAN_FIRST)
    if (
        "q" not in request.POST
    ):  # what was scanned went with the session; see motcua.accounts.resend
        return _page(request, status=422, told=OLD_PAGE)
    chosen, token = _chosen(request), token_of_what_was_typed(request.POST)
    shown = _shown(request)
    if shown is None or token is None:
        return _page(request, status=404 if shown is None else 422, told=OLD_PAGE)
    form = CollectorForm(request.POST, dossier=shown, pays=_pays(chosen))
    if not chosen or not form.is_valid():
        told = "" if chosen else NONE_TICKED
        ticked = request.POST.getlist("ho-so")
        return _of_dossier(request, shown, form=form, ticked=ticked, told=told, status=422)
    return _do(request, chosen, form.taken_by(), token, form.paid())


def _pays(dossiers: Sequence[Dossier]) -> bool:
    return any(returning.owed(dossier) for dossier in dossiers)


def _do(
    request: StaffRequest,
    chosen: list[Dossier],
    collector: returning.Collector,
    token: UUID,
    paid_by: str = "",
) -> HttpResponse:
    outcome = returning.hand_over(chosen, collector, by=request.user, token=token, paid_by=paid_by)
    if not outcome.done:
        told = [f"{dossier.code}: {sentence}" for dossier, sentence in outcome.refused]
        return _page(request, status=409, refused=told)
    _tell_refused(request, outcome)
    return redirect(_address(xong=[dossier.code for dossier in outcome.done]))


def _tell_refused(request: StaffRequest, outcome: BundleOutcome) -> None:
    for dossier, sentence in outcome.refused:
        messages.warning(request, f"{dossier.code}: {sentence}")


def _chosen(request: StaffRequest) -> list[Dossier]:
    """The ticked dossiers that exist for this person, as their page showed them."""
    codes = request.POST.getlist("ho-so")[: returning.MOST]
    rows = Dossier.objects.visible_to(request.user).filter(code__in=codes)
    return list(for_rows(rows).order_by("pk"))


def _shown(request: StaffRequest) -> Dossier | None:
    """The dossier whose results the page showed."""
    rows = Dossier.objects.visible_to(request.user).filter(code=request.POST.get("ma", ""))
    return for_rows(rows).first()


# The page


def _of_dossier(
    request: StaffRequest,
    dossier: Dossier,
    *,
    form: CollectorForm | None = None,
    card: Card | None = None,
    chosen: str = "",
    ticked: Sequence[str] | None = None,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """The results of the person, or why there is none."""
    told_of = {"told": told, "scanned": dossier.code, "warnings": card.warnings if card else ()}
    why = not_ready(request.user, dossier)
    if why is not None:
        record_looks([dossier.pk], by=request.user)
        return _page(request, status=status, why=why, **told_of)
    results = returning.results_of(request.user, dossier, ticked)
    record_looks([result.dossier.pk for result in results], by=request.user)
    given = [result for result in results if result.is_ticked]
    pays = _pays([result.dossier for result in results])
    if form is None:
        form = CollectorForm(dossier=dossier, card=card, chosen=chosen, pays=pays)
        if pays and request.POST.get("paid_by") in Dossier.PaidBy.values:  # the card came after
            form.fields["paid_by"].initial = request.POST["paid_by"]
    return _page(
        request,
        status=status,
        person=dossier,
        results=results,
        count=len(given),
        owed=sum(result.owed for result in given),
        others=returning.other_dossiers(request.user, dossier),
        form=form,
        **told_of,
    )


def _page(request: StaffRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    count, last = returning.returned_today(request.user)
    context = {"token": uuid4(), "today": count, "last": last, **context}
    return render(request, "dossiers/return.html", context, status=status)


def _row(dossier: Dossier) -> Dossier:
    """With everything that the page shows of it."""
    return for_rows(Dossier.objects.filter(pk=dossier.pk)).get()


def _address(**query: Any) -> str:
    return f"{reverse('return_counter')}?{urlencode(query, doseq=True)}"
