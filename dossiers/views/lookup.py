"""The citizen's look-up: a receipt code in, the degree of completion out; and the front page.

No account, no session, no script. The pages touch neither `request.user` nor the session, so
a look-up costs two statements.
"""

from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dossiers.citizens.lookup import find, key_of
from dossiers.forms.own import OF_A_TRIAL, UNKNOWN, LookupForm, ProofForm
from dossiers.rules.codes import is_of_a_trial
from dossiers.views import own
from motcua import clock
from motcua.operations.replica import from_replica
from motcua.web.public_pages import kept_by_nobody, render_public
from motcua.web.throttle import DailyBudget, MissLimit, Throttle, address_of, is_hall
from procedures.forms import NameSearch
from procedures.models import LifeEvent, Sector
from procedures.offering import offered_somewhere
from procedures.opening import hours_on_the_board

throttle = Throttle(burst=30, per_minute=settings.MOTCUA_LOOKUPS_PER_MINUTE)
# A queue of people behind one office's address mistypes now and then; a guesser only misses.
misses = MissLimit("look-up", allowed=30, seconds=10 * 60)
# Codes of a day follow each other without a gap, so reading all dossiers takes no guess.
codes = DailyBudget(settings.MOTCUA_LOOKUP_CODES_PER_DAY)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    offered = offered_somewhere().procedures.order_by().values("pk")
    sectors = (
        Sector.objects.annotate(active=Count("procedures", filter=Q(procedures__in=offered)))
        .filter(active__gt=0)
        .order_by("sort_key")
    )
    events = LifeEvent.objects.filter(procedures__in=offered).distinct()
    context = {"form": LookupForm(), "name_form": NameSearch(), "sectors": sectors}
    context |= {"events": events}
    return render_public(request, "dossiers/home.html", context)


@require_safe
@from_replica
def lookup(request: HttpRequest) -> HttpResponse:
    """Degree of completion for `?ma=`; a code that nobody has is 404, whatever is wrong with it.

    An address that was told of as many dossiers as it may in a day is asked for the second proof
    before anything is looked for, so that it does not learn which codes there are.
    """
    typed = request.GET.get("ma")
    if typed is None:
        return _page(request, {"form": LookupForm()}, status=200)
    address = address_of(request)
    wait = throttle.wait_for(address)
    if wait:
        return _too_often(request, typed, wait)
    key = key_of(typed)
    if not is_hall(request) and not codes.allows(address, key):
        return own.door(request, ProofForm(initial={"ma": typed}), many_codes=True)
    progress = find(typed)
    wait = misses.wait_for(address) if progress else misses.count(address)
    if wait:
        return _too_often(request, typed, wait)
    if progress is None:
        form = LookupForm({"ma": typed})
        if form.is_valid():
            form.add_error("ma", OF_A_TRIAL if is_of_a_trial(typed) else UNKNOWN)
        return _page(request, {"form": form}, status=404)
    codes.spend(address, key)
    hours = hours_on_the_board(progress.office, clock.today())
    return _page(request, {"progress": progress, "hours": hours}, status=200)


def _too_often(request: HttpRequest, typed: str, wait: int) -> HttpResponse:
    context = {"form": LookupForm(initial={"ma": typed}), "wait": wait}
    response = _page(request, context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _page(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    return kept_by_nobody(render_public(request, "dossiers/lookup.html", context, status=status))
