"""The desks in public: where each is, when it is open, what it takes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from motcua import clock
from motcua.models import Office
from motcua.web.public_pages import render_public
from procedures.calendar import calendar_for, calendars_for
from procedures.forms import NameSearch
from procedures.models import Procedure
from procedures.offering import offered_somewhere, with_versions
from procedures.offices.lines import counter_lines
from procedures.opening import OpenNow, days_off, days_shut, open_now, opening_hours
from procedures.search.answers import search
from procedures.search.lines import lines_of
from procedures.workdays import NoCalendarData, WorkingCalendar

PAGE = 20
OFFICES = 50
DAYS_OFF = 3


@require_safe
def office_list(request: HttpRequest) -> HttpResponse:
    offices = Office.objects.existing(clock.today()).with_desk().order_by("-level", "name")
    page = Paginator(offices, OFFICES).get_page(request.GET.get("page"))
    calendars = calendars_for(office.pk for office in page)
    lines = [(office, _open_now(calendars[office.pk])) for office in page]
    return render_public(request, "procedures/offices.html", {"lines": lines, "page": page})


@require_safe
def office_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The desk of the office that bears this code today."""
    office = Office.objects.with_desk().coded(code)
    if office is None:
        raise Http404("Không có đơn vị nào mang mã này.")
    form = NameSearch(request.GET)
    taken = Procedure.objects.offered_by(office)
    today, calendar = clock.today(), calendar_for(office)
    number = request.GET.get("page")
    hours = opening_hours(office, today)
    context: dict[str, Any] = {
        "office": office,
        "now": _open_now(calendar),
        "moment": clock.now(),
        "hours": hours,
        "days_shut": days_shut(hours),
        "points": office.points.open_on(today),
        "days_off": days_off(calendar, today)[:DAYS_OFF],
        "form": form,
        "taken": taken.count(),
        "counters": counter_lines(office),
    }
    if form.words:
        answer = search(form.words, taken)
        hits = Paginator(answer.hits, PAGE).get_page(number)
        lines = lines_of(hits or answer.near, today, (), answer.asked)
        context |= {"answer": answer, "page": hits, "lines": lines}
        if not answer.hits:
            context["elsewhere"] = len(search(form.words, offered_somewhere().procedures).hits)
    else:
        page = Paginator(taken.select_related("sector"), PAGE).get_page(number)
        context |= {"page": page, "found": with_versions(page, today)}
    status = 200 if form.is_valid() else 400
    return render_public(request, "procedures/office.html", context, status=status)


def _open_now(calendar: WorkingCalendar) -> OpenNow | None:
    """Whether it is open; None where the calendar of the year has not come."""
    try:
        return open_now(calendar, clock.naive_local(clock.now()))
    except NoCalendarData:
        return None
