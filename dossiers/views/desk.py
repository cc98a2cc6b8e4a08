"""What an officer sees after logging in: the queues of the day, the most urgent on top."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dossiers.desk import permissions, queues
from dossiers.desk.time_left import tell_time_left, waited
from dossiers.models import Dossier
from dossiers.rules.states import Verb
from motcua import clock
from motcua.access import READING_ROLES
from motcua.models import Role, Staff

PER_PAGE = 30


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    staff = request.user
    if not staff.has_role(*READING_ROLES):
        return _without_desk(staff)
    return desk_page(request, request.GET.get("hang-doi", ""))


def desk_page(request: HttpRequest, key: str, *, status: int = 200, told: str = "") -> HttpResponse:
    """The desk with the queue of this key open; `told` says what was wrong with a bundle."""
    staff = request.user
    today = clock.today()
    mine = queues.queues_for(staff)
    counts = queues.counts(staff, mine, today)
    chosen = _chosen(key, mine, counts)
    paginator = Paginator(queues.dossiers_in(chosen, staff, today), PER_PAGE)
    paginator.count = counts[chosen.key]
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = _rows(page, staff, chosen)
    context = {
        "today": today,
        "queues": [_count(queue, counts[queue.key]) for queue in mine],
        "chosen": chosen,
        "page": page,
        "late": counts["qua-han"],
        "due": counts["hom-nay"],
        "here": _here(chosen, page),
        **_bundle(request, chosen, told),
    }
    return render(request, "dossiers/desk.html", context, status=status)


def _count(queue: queues.Queue, count: int) -> dict[str, Any]:
    return {"queue": queue, "count": count, "is_late": queue.rule is queues.overdue and count > 0}


def _here(chosen: queues.Queue, page: Page) -> str:
    """The address of the open queue, to come back to after an act."""
    place = {"hang-doi": chosen.key} | ({"page": page.number} if page.number > 1 else {})
    return f"{reverse('desk')}?{urlencode(place)}"


def _bundle(request: HttpRequest, chosen: queues.Queue, told: str) -> dict[str, Any]:
    """What the rows need to be ticked and sent together; nothing on the other queues."""
    if not chosen.bundle:
        return {"told": told}
    return {
        "bundle": chosen.bundle,
        "bundle_token": uuid4(),
        "all_ticked": request.GET.get("chon") == "tat-ca",
        "told": told,
    }


def _without_desk(staff: Staff) -> HttpResponse:
    """An administrator keeps offices, staff and catalogue, and has no dossiers."""
    if staff.has_role(Role.ADMINISTRATOR):
        return redirect("admin:index")
    raise PermissionDenied("Tài khoản này chưa có vai trò ở bộ phận một cửa.")


def _chosen(key: str, mine: list[queues.Queue], counts: dict[str, int]) -> queues.Queue:
    """The queue that was asked for, else the most urgent one that is not empty."""
    for queue in mine:
        if queue.key == key:
            return queue
    return next((queue for queue in mine if counts[queue.key]), mine[0])


def _rows(page: Page, staff: Staff, queue: queues.Queue) -> list[Dossier]:
    """Each dossier with what its row says and the one act that comes next."""
    rows = tell_time_left(page.object_list)
    for dossier in rows:
        dossier.takes_over = queue.rule is queues.newly_forwarded
        dossier.next_act = None if dossier.takes_over else _next_act(staff, dossier, queue)
        since = getattr(dossier, "waiting_since", None)
        if since is not None:
            dossier.waited = waited(clock.local(since).date(), clock.today())
        elif dossier.resolved_on is not None:
            dossier.waited = waited(dossier.resolved_on, clock.today())
    return rows


def _next_act(staff: Staff, dossier: Dossier, queue: queues.Queue) -> Verb | None:
    if queue.act is not None:
        return queue.act if permissions.may(staff, dossier, queue.act) else None
    return permissions.likely_next(staff, dossier)
