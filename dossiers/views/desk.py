"""What an officer sees after logging in: the queues of the day, the most urgent on top."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dossiers import permissions, queues
from dossiers.models import Dossier
from dossiers.time_left import tell_time_left, waited
from motcua import clock
from motcua.access import READING_ROLES
from motcua.models import Role, Staff

PER_PAGE = 30


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    staff = request.user
    if not staff.has_role(*READING_ROLES):
        return _without_desk(staff)
    today = clock.today()
    mine = queues.queues_for(staff)
    counts = queues.counts(staff, mine, today)
    chosen = _chosen(request.GET.get("hang-doi", ""), mine, counts)
    found = queues.dossiers_in(chosen, staff, today)
    paginator = Paginator(found, PER_PAGE)
    paginator.count = counts[chosen.key]
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = _rows(page, staff, chosen)
    context = {
        "today": today,
        "queues": [{"queue": queue, "count": counts[queue.key]} for queue in mine],
        "chosen": chosen,
        "page": page,
        "late": counts["qua-han"],
        "due": counts["hom-nay"],
        "here": request.get_full_path(),
    }
    return render(request, "dossiers/desk.html", context)


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
        dossier.next_act = None if dossier.takes_over else permissions.likely_next(staff, dossier)
        since = getattr(dossier, "waiting_since", None)
        if since is not None:
            dossier.waited = waited(clock.local(since).date(), clock.today())
        elif dossier.resolved_on is not None:
            dossier.waited = waited(dossier.resolved_on, clock.today())
    return rows
