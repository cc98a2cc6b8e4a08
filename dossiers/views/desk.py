"""What an officer sees after logging in: the queues of the day, the most urgent on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dossiers.desk import permissions, queues
from dossiers.desk.later_entries import LaterEntry
from dossiers.desk.time_left import TimeLeft, tell_time_left, waited
from dossiers.merging.assignment import waiting_for
from dossiers.models import Dossier
from dossiers.rules.states import Verb
from motcua import clock
from motcua.access import READING_ROLES, StaffRequest, staff_required
from motcua.models import Role, Staff

PER_PAGE = 30


@staff_required
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    staff = request.user
    if not staff.has_role(*READING_ROLES):
        return _without_desk(staff)
    return desk_page(request, request.GET.get("hang-doi", ""))


def desk_page(
    request: StaffRequest, key: str, *, status: int = 200, told: str = ""
) -> HttpResponse:
    """The desk with the queue of this key open; `told` says what was wrong with a bundle."""
    staff = request.user
    today = clock.today()
    every = queues.queues_for(staff)
    counts = queues.counts(staff, every, today)
    mine = [q for q in every if counts[q.key] or q.key == key or not q.hides_when_empty]
    chosen = _chosen(key, mine, counts)
    paginator = Paginator(queues.dossiers_in(chosen, staff, today), PER_PAGE)
    paginator.count = counts[chosen.key]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "today": today,
        "queues": [_count(queue, counts[queue.key]) for queue in mine],
        "chosen": chosen,
        "page": page,
        "lines": _lines(page, staff, chosen),
        "late": counts["qua-han"],
        "due": counts["hom-nay"],
        "to_assign": waiting_for(staff).count(),
        "here": _here(chosen, page),
        **_bundle(request, chosen, told),
    }
    return render(request, "dossiers/desk.html", context, status=status)


def _count(queue: queues.Queue, count: int) -> dict[str, Any]:
    return {"queue": queue, "count": count, "is_late": queue.rule is queues.overdue and count > 0}


def _here(chosen: queues.Queue, page: "Page[Dossier]") -> str:
    """The address of the open queue, to come back to after an act."""
    place = {"hang-doi": chosen.key} | ({"page": page.number} if page.number > 1 else {})
    return f"{reverse('desk')}?{urlencode(place)}"


def _bundle(request: StaffRequest, chosen: queues.Queue, told: str) -> dict[str, Any]:
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


@dataclass(frozen=True)
class DeskLine:
    """A dossier in a queue: how long it still has, whether the citizen was told that it is late,
    how long somebody has waited (or ""), and the one act that comes next."""

    dossier: Dossier
    left: TimeLeft | None
    apologised: bool
    later: Sequence[LaterEntry]
    waited: str
    takes_over: bool
    takes_paper: bool
    next_act: Verb | None


def _lines(page: "Page[Dossier]", staff: Staff, queue: queues.Queue) -> list[DeskLine]:
    takes_over = queue.rule is queues.newly_forwarded
    return [
        DeskLine(
            dossier=line.dossier,
            left=line.left,
            apologised=line.apologised,
            later=line.later,
            waited=_waited(line.dossier),
            takes_over=takes_over,
            takes_paper=queue.rule is queues.awaiting_paper,
            next_act=None if takes_over else _next_act(staff, line.dossier, queue),
        )
        for line in tell_time_left(page)
    ]


def _waited(dossier: Dossier) -> str:
    """Since the moment that the queue names, or since there is a result."""
    since: datetime | None = getattr(dossier, "waiting_since", None)
    day = clock.local(since).date() if since is not None else dossier.resolved_on
    return waited(day, clock.today()) if day is not None else ""


def _next_act(staff: Staff, dossier: Dossier, queue: queues.Queue) -> Verb | None:
    if queue.act is not None:
        return queue.act if permissions.may(staff, dossier, queue.act) else None
    return permissions.likely_next(staff, dossier)
