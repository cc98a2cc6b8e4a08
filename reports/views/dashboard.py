"""The leaders' page on screen, on a wall and on paper, its tables, and the days used."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua import clock
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from reports.dashboard.board import board_of
from reports.dashboard.durations import durations
from reports.dashboard.durations_page import days_used_csv, days_used_page
from reports.dashboard.meeting import meeting_paper
from reports.dashboard.overview import dashboard_data, default_period
from reports.dashboard.page import page_of
from reports.dashboard.ranking import known_order
from reports.figures.offices import offices_for
from reports.forms.choices import FiguresForm
from reports.forms.control import control_of
from reports.leaders.facts import LeaderFacts
from reports.leaders.reading import leader_facts
from reports.output.csv_files import about
from reports.output.drift import drifts
from reports.output.links import period_strip
from reports.output.running import Running, running
from reports.views.files import file_words

WALL_RENEWED_AFTER = 300  # seconds
OFFICES_ON_A_PAGE = 50


def form_of(request: StaffRequest) -> FiguresForm:
    """The choice in the address. A person without an office has no figures: 403."""
    offices = offices_for(request.user)
    if not offices:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    return FiguresForm(request.GET, offices, period=default_period(offices))


def facts_of(request: StaffRequest, form: FiguresForm) -> LeaderFacts:
    """The facts of the choice; `cung-ngay=bo` leaves what is answered on the same day out of the
    comparison of units."""
    return leader_facts(
        form.period,
        form.chosen_scope,
        request.user,
        clock.today(),
        without_same_day=request.GET.get("cung-ngay") == "bo",
    )


@role_required(*READING_ROLES)
@require_safe
@from_replica
def dashboard(request: StaffRequest) -> HttpResponse:
    """What is wrong, where, since when, with whom; `man-hinh=lon` for a wall, which asks for it
    anew by itself."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/dashboard.html", {"form": form}, status=400)
    facts = facts_of(request, form)
    context = {"form": form, **_board_context(form, facts)}
    if request.GET.get("man-hinh") == "lon" and not facts.problems:
        wall = render(request, "reports/wall.html", {**context, "plain": True})
        wall["Refresh"] = str(WALL_RENEWED_AFTER)
        return wall
    return render(request, "reports/dashboard.html", context)


def _board_context(form: FiguresForm, facts: LeaderFacts) -> dict[str, Any]:
    """What the page and the wall show."""
    told = None
    if form.period.so_far:
        forecast = facts.forecast
        told = Running(
            form.period,
            forecast.total if forecast else 0,
            forecast.address if forecast else "",
        )
    return {
        **board_of(facts),
        "control": control_of(form, facts.today.year),
        "running": told,
        "drifts": drifts(form.period, form.chosen_scope),
        "tables_address": f"{reverse('dashboard_tables')}?{form.address}",
        "leave": f"{reverse('dashboard')}?{form.address}",
        "now": clock.now(),
    }


@role_required(*READING_ROLES)
@require_safe
@from_replica
def tables(request: StaffRequest) -> HttpResponse:
    """The figures of a period for a person's scope, in tables: every number opens its list."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/tables.html", {"form": form}, status=400)
    data = dashboard_data(form.period, form.chosen_scope)
    context = page_of(data, form.query, known_order(request.GET.get("xep", "")))
    offices = Paginator(context["offices"], OFFICES_ON_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "form": form,
        "strip": period_strip(form.period, form.query),
        "drifts": drifts(form.period, form.chosen_scope),
        "running": running(form.period, form.chosen_scope, form.query),
        "offices_page": offices,
    }
    return render(request, "reports/tables.html", context)


@role_required(*READING_ROLES)
@require_safe
@from_replica
def meeting(request: StaffRequest) -> HttpResponse:
    """The leaders' page on two A4 pages; one whose figures do not add up is not printed."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/dashboard.html", {"form": form}, status=400)
    facts = facts_of(request, form)
    if facts.problems:
        context = {"form": form, **_board_context(form, facts)}
        return render(request, "reports/dashboard.html", context, status=409)
    paper = meeting_paper(facts, form.chosen_scope)
    response = HttpResponse(paper.pdf, content_type="application/pdf")
    name = f"thong-ke-{file_words(form)}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@role_required(*READING_ROLES)
@require_safe
@from_replica
def days_used(request: StaffRequest) -> HttpResponseBase:
    """Working days used against the limit, procedure by procedure; `dang=csv` as a file."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/days_used.html", {"form": form}, status=400)
    found = durations(form.period, form.chosen_scope)
    if request.GET.get("dang") == "csv":
        lines = days_used_csv(found, about(form.period, form.chosen_scope))
        file = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = f"thoi-gian-{file_words(form)}.csv"
        file["Content-Disposition"] = f'attachment; filename="{name}"'
        return file
    context = {
        "form": form,
        "strip": period_strip(form.period, form.query),
        **days_used_page(found, form.query),
    }
    return render(request, "reports/days_used.html", context)
