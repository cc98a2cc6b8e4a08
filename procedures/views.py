"""The public catalogue: what may be asked for, what to bring, how long it takes, where to go; as
pages, as papers for the notice board, and as open data."""

from collections.abc import Callable
from datetime import date
from operator import itemgetter
from threading import Lock
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from motcua import clock
from motcua.web.public_pages import render_public
from motcua.web.throttle import Throttle, address_of
from motcua.web.told_later import told_later
from procedures import open_data
from procedures.forms import CatalogueSearch, DayForm
from procedures.models import Procedure, ProcedureVersion
from procedures.offering import (
    ProcedureOnDay,
    filed_online_at,
    files_online,
    offices_for,
    with_versions,
)
from procedures.offices.solving import solved_at
from procedures.parts import code_of, other_codes, papers_on, parts_of
from procedures.printouts import SIZES, list_board, procedure_board
from procedures.search.answers import results
from procedures.search.lines import lines_of, steps_of
from procedures.search.unanswered import note_unanswered

PAGE = 20
LONGEST_BOARD = 150
FILES: dict[str, tuple[Callable[[date], str], str]] = {
    "json": (open_data.as_json, "application/json; charset=utf-8"),
    "csv": (open_data.as_csv, "text/csv; charset=utf-8"),
}
# Drawing a paper costs the server more than anything else that a stranger may ask for.
papers = Throttle(burst=20, per_minute=10)
# A file of open data reads the whole catalogue: nobody else waits for more than one of them.
files = Throttle(burst=20, per_minute=10)
_file_in_hand = Lock()
SECONDS_FOR_A_FILE = 5


@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    """The catalogue; with words, what answers them, and where such a matter goes if nothing does;
    with an event of a life alone, its steps first."""
    form = CatalogueSearch(request.GET)
    day = form.asked_day or clock.today()
    answer = form.answer()
    number = request.GET.get("page")
    context: dict[str, Any] = {"form": form, "day": form.asked_day, "answer": answer}
    if answer is not None:
        hits = Paginator(answer.hits, PAGE).get_page(number)
        lines = lines_of(hits or answer.near, day, form.desk_levels, answer.asked)
        context |= {"page": hits, "lines": lines}
        if not answer.hits:
            context |= {"hidden": form.hidden(), "cases": form.filters}
            if not form.filters and number in (None, "1"):
                note_unanswered(answer.asked, address_of(request))
        count = len(answer.hits)
    else:
        page = Paginator(form.narrowed(), PAGE).get_page(number)
        context |= {"page": page, "found": with_versions(page, day), "cases": form.filters}
        if form.event is not None:
            among = form.narrowed(by_event=False)
            context["steps"] = steps_of(form.event, among, day, form.desk_levels)
        count = page.paginator.count
    context["sizes"] = SIZES.items() if 0 < count <= LONGEST_BOARD else ()
    status = 200 if form.is_valid() else 400
    return render_public(request, "procedures/list.html", context, status=status)


@require_safe
def procedure_detail(request: HttpRequest, key: str) -> HttpResponse:
    procedure, day = _asked(request, key)
    version = _version_on(procedure, day)
    versions = list(procedure.versions.all())
    solved = solved_at(procedure, version, offices_for(procedure), day)
    parts = parts_of(procedure, version, solved) if version is not None else ()
    may_file = day == clock.today() and files_online(procedure, version)
    filed_at = set(filed_online_at(procedure).values_list("pk", flat=True)) if may_file else set()
    coming = [(v.in_force_from, v) for v in versions if v.in_force_from and v.in_force_from > day]
    papers = papers_on(version, day) if version else []
    context = {
        "procedure": procedure,
        "words": getattr(procedure, "words", None),
        "version": version,
        "parts": {part.key: part for part in parts},
        "coming": min(coming, key=itemgetter(0), default=(None, None))[1],
        "versions": versions if len(versions) > 1 else (),
        "day": day if day != clock.today() else None,
        "doubts_fee": version is not None and version.doubts("phí, lệ phí"),
        "code": code_of(procedure, version, day),
        "other_codes": other_codes(procedure, day),
        "papers": papers,
        "to_bring": [one.paper for one in papers if one.paper.is_asked_on(day)],
        "perhaps": sum(not one.paper.is_required and not one.is_replaced for one in papers),
        "solved": solved,
        "files_online": bool(filed_at),
        "filed_at": filed_at,
    }
    return render_public(request, "procedures/detail.html", context)


@require_safe
def procedure_paper(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure for the notice board, A4."""
    procedure, day = _asked(request, key)
    version = _version_on(procedure, day)
    if version is None:
        raise Http404("Thủ tục này không có quy định nào áp dụng ngày đó.")
    return _paper(
        request,
        f"niem-yet-{procedure.key}",
        lambda: procedure_board(
            procedure, version, solved_at(procedure, version, offices_for(procedure), day)
        ),
    )


@require_safe
def list_paper(request: HttpRequest, size: str) -> HttpResponse:
    """The list that a search finds, for the notice board: A4 or A3. Whole catalogues are too
    long for a stranger to have drawn; a sector, a level or an event makes them short."""
    form = CatalogueSearch(request.GET)
    today = clock.today()
    answer = form.answer()
    if answer is None:
        found = with_versions(form.narrowed()[: LONGEST_BOARD + 1], form.asked_day or today)
    else:
        answering = results(answer.hits, form.asked_day or today)
        found = [ProcedureOnDay(one.procedure, one.version) for one in answering]
    if size not in SIZES or not 0 < len(found) <= LONGEST_BOARD:
        raise Http404("Danh sách này trống hoặc quá dài. Mời chọn một lĩnh vực, một cấp.")
    return _paper(
        request, f"niem-yet-danh-muc-{size}", lambda: list_board(found, form.heading, size)
    )


@require_safe
def open_data_page(request: HttpRequest) -> HttpResponse:
    """Where the open data is, under which conditions, and what its fields mean."""
    context = {"licence": open_data.LICENCE, "fields": open_data.FIELDS.items()}
    return render_public(request, "procedures/open_data.html", context)


@require_safe
def open_data_file(request: HttpRequest, format: str) -> HttpResponse:
    if format not in FILES:
        raise Http404("Không có định dạng này.")
    make, content_type = FILES[format]
    day = _day(request)
    wait = files.wait_for(address_of(request))
    if wait:
        return _later(request, wait, status=429, is_data=True)
    if not _file_in_hand.acquire(blocking=False):
        return _later(request, SECONDS_FOR_A_FILE, status=503, is_data=True)
    try:
        made = make(day)
    finally:
        _file_in_hand.release()
    response = HttpResponse(made, content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="thu-tuc-hanh-chinh.{format}"'
    # A program on any page may read it: there is nothing in it but what is public.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "all"
    return response


def _asked(request: HttpRequest, key: str) -> tuple[Procedure, date]:
    procedure = get_object_or_404(
        Procedure.objects.select_related("sector", "words").prefetch_related("codes"),
        key=key,
        is_active=True,
    )
    return procedure, _day(request)


def _day(request: HttpRequest) -> date:
    """The day in `ngay`; today without one. A day that is none has no page."""
    form = DayForm(request.GET)
    if not form.is_valid():
        raise Http404("Không có ngày này.")
    return form.cleaned_data["ngay"] or clock.today()


def _version_on(procedure: Procedure, day: date) -> ProcedureVersion | None:
    return (
        ProcedureVersion.objects.in_force(day)
        .filter(procedure=procedure)
        .prefetch_related("papers__data_rule", "steps")
        .first()
    )


def _paper(request: HttpRequest, name: str, draw: Callable[[], bytes]) -> HttpResponse:
    wait = papers.wait_for(address_of(request))
    if wait:
        return _later(request, wait, status=429)
    response = HttpResponse(draw(), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _later(request: HttpRequest, wait: int, *, status: int, is_data: bool = False) -> HttpResponse:
    """Too much was asked for from this address (429), or by everybody at this moment (503)."""
    context = {"wait": wait, "is_data": is_data, "is_busy": status == 503}
    response = render_public(request, "procedures/paper_later.html", context, status=status)
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    return told_later(request, response)
