"""What an officer sees after logging in: the queues of the day, the most urgent on top."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from dossiers.desk import queues
from dossiers.desk.lists.empty_queue import day_so_far
from dossiers.desk.lists.rows import columns_of, rows_of
from dossiers.forms.search import QueueFilter, narrow_queue
from dossiers.merging.assignment import waiting_for
from dossiers.models import Dossier
from motcua import clock
from motcua.access import READING_ROLES, StaffRequest, staff_required
from motcua.models import Role, Staff
from motcua.web.kept_words import keep, kept

PER_PAGE = 50
_TICKED = "desk-ticked"
_OPENED = "desk-opened"


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: StaffRequest) -> HttpResponse:
    """A queue; what is typed to narrow it is posted, and the address carries a key to it."""
    staff = request.user
    if not staff.has_role(*READING_ROLES):
        return _without_desk(staff)
    if request.method == "POST":
        form = QueueFilter(request.POST)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        key = request.POST.get("hang-doi", "")[:40]
        return redirect(desk_address(key, keep(request, text) if text else ""))
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
    words_key = (request.POST if request.method == "POST" else request.GET).get("tim", "")
    text = kept(request, words_key) or ""
    found = queues.dossiers_in(chosen, staff, today)
    paginator = Paginator(narrow_queue(found, text) if text else found, PER_PAGE)
    if not text:
        paginator.count = counts[chosen.key]
    page = paginator.get_page(request.GET.get("page"))
    rows = rows_of(page, staff, chosen, today)
    context = {
        "today": today,
        "groups": [
            [_count(queue, counts[queue.key]) for queue in group] for group in queues.grouped(mine)
        ],
        "chosen": chosen,
        "total": counts[chosen.key],
        "filter": QueueFilter(initial={"q": text}),
        "text": text,
        "words_key": words_key if text else "",
        "page": page,
        "lines": rows,
        "columns": columns_of(rows, chosen),
        "late": counts["qua-han"],
        "due": counts["hom-nay"],
        "may_call": staff.has_role(Role.CLERK),
        "to_assign": waiting_for(staff).count(),
        "here": desk_address(chosen.key, words_key if text else "", page.number),
        "day": day_so_far(staff, today) if not counts[chosen.key] else None,
        "fullest": _fullest(mine, chosen, counts),
        **_bundle(request, chosen, told),
    }
    return render(request, "dossiers/desk.html", context, status=status)


def desk_address(key: str, words_key: str = "", page: int = 1) -> str:
    """The address of a queue, narrowed by the words of that key, to come back to after an act."""
    place = {"hang-doi": key, "tim": words_key, "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in place.items() if value})
    return f"{reverse('desk')}?{query}"


def keep_ticked(request: StaffRequest, codes: list[str]) -> None:
    """The rows that the next desk shows ticked: those that an act on many was refused for."""
    request.session[_TICKED] = codes


def queue_of(request: StaffRequest, dossier: Dossier) -> dict[str, Any]:
    """The queue that this dossier was opened from and the dossier that follows in it. It is kept
    until another one is opened, so that it is still known after an act."""
    key = request.GET.get("hang-doi", "")
    if key:
        request.session[_OPENED] = [dossier.pk, key]
    opened, key = request.session.get(_OPENED, (None, ""))
    staff = request.user
    found = [queue for queue in queues.queues_for(staff) if queue.key == key]
    if opened != dossier.pk or not found:
        return {}
    following = queues.next_in(found[0], staff, clock.today(), dossier)
    return {"queue": found[0], "next_dossier": following}


def _count(queue: queues.Queue, count: int) -> dict[str, Any]:
    return {"queue": queue, "count": count, "is_late": queue.rule is queues.overdue and count > 0}


def _fullest(
    mine: list[queues.Queue], chosen: queues.Queue, counts: dict[str, int]
) -> list[dict[str, Any]]:
    """The two fullest other queues, for who has an empty one before them."""
    if counts[chosen.key]:
        return []
    others = [queue for queue in mine if counts[queue.key]]
    others.sort(key=lambda queue: -counts[queue.key])
    return [_count(queue, counts[queue.key]) for queue in others[:2]]


def _bundle(request: StaffRequest, chosen: queues.Queue, told: str) -> dict[str, Any]:
    """What the rows need to be ticked and sent together; nothing on the other queues."""
    if not chosen.bundle or not request.user.has_role(*queues.ACTS_ON_MANY[chosen.bundle]):
        return {"told": told}
    ticked = request.POST.getlist("ho-so") or request.session.pop(_TICKED, [])
    return {
        "bundle": chosen.bundle,
        "also_apologises": chosen.also_apologises
        and request.user.has_role(*queues.ACTS_ON_MANY["apologise"]),
        "bundle_token": uuid4(),
        "all_ticked": request.GET.get("chon") == "tat-ca",
        "ticked": ticked,
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
