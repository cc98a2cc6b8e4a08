"""The citizen's look-up: a receipt code in, the degree of completion out; and the front page.

No account, no session, no script. The pages touch neither `request.user` nor the session, so
a look-up costs one or two statements.
"""

from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dossiers.progress import find
from motcua import clock
from motcua.public import render_public
from motcua.throttle import Throttle, address_of
from procedures.models import Sector
from procedures.opening import hours_on_the_board

throttle = Throttle(burst=30, per_minute=settings.MOTCUA_LOOKUPS_PER_MINUTE)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    sectors = (
        Sector.objects.annotate(active=Count("procedures", filter=Q(procedures__is_active=True)))
        .filter(active__gt=0)
        .order_by("name")
    )
    return render_public(request, "dossiers/home.html", {"sectors": sectors})


@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Degree of completion for `?ma=`; a code that nobody has is 404, whatever is wrong with it."""
    typed = request.GET.get("ma")
    if typed is None:
        return _page(request, {}, status=200)
    wait = throttle.wait_for(address_of(request))
    if wait:
        response = _page(request, {"typed": typed, "wait": wait}, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    progress = find(typed)
    if progress is None:
        return _page(request, {"typed": typed, "unknown": True}, status=404)
    hours = hours_on_the_board(progress.office, clock.today())
    return _page(
        request, {"typed": progress.code, "progress": progress, "hours": hours}, status=200
    )


def _page(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The page, kept out of search engines, of caches, and of other sites' logs."""
    response = render_public(request, "dossiers/lookup.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
