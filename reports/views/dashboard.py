"""The leaders' dashboard on screen, on a wall and on paper, and the days used."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from reports.dashboard.durations import durations
from reports.dashboard.durations_page import days_used_csv, days_used_page
from reports.dashboard.meeting import meeting_paper
from reports.dashboard.overview import dashboard_data, default_period
from reports.dashboard.page import page_of
from reports.dashboard.ranking import known_order
from reports.figures.offices import offices_for
from reports.forms.choices import FiguresForm
from reports.output.csv_files import about
from reports.output.drift import drifts
from reports.output.links import period_strip
from reports.output.running import running
from reports.views.files import file_words


def form_of(request: StaffRequest) -> FiguresForm:
    """The choice in the address. A person without an office has no figures: 403."""
    offices = offices_for(request.user)
    if not offices:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    return FiguresForm(request.GET, offices, period=default_period(offices))


@role_required(*READING_ROLES)
@require_safe
@from_replica
def dashboard(request: StaffRequest) -> HttpResponse:
    """The figures of a period for a person's scope, in a sentence, tables and charts."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/dashboard.html", {"form": form}, status=400)
    data = dashboard_data(form.period, form.chosen_scope)
    order = known_order(request.GET.get("xep", ""))
    context = {
        "form": form,
        "strip": period_strip(form.period, form.query),
        "drifts": drifts(form.period, form.chosen_scope),
        "running": running(form.period, form.chosen_scope, form.query),
        **page_of(data, form.query, order),
    }
    if request.GET.get("man-hinh") == "lon" and not data.problems:
        return render(request, "reports/wall.html", context | wall_of(context, form))
    return render(request, "reports/dashboard.html", context)


def wall_of(context: dict[str, Any], form: FiguresForm) -> dict[str, Any]:
    """What the wall shows of the page: the whole, in big figures, and a few columns of offices."""
    return {
        "total": context["levels"][-1],
        "big": ("received", "resolved_total", "resolved_late", "pending_total", "pending_overdue"),
        "side_by_side": ("resolved_late", "resolved_total", "pending_overdue"),
        "leave": f"{reverse('dashboard')}?{form.address}",
    }


@role_required(*READING_ROLES)
@require_safe
@from_replica
def meeting(request: StaffRequest) -> HttpResponse:
    """The dashboard on two A4 pages; one whose figures do not add up is not printed."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/dashboard.html", {"form": form}, status=400)
    data = dashboard_data(form.period, form.chosen_scope)
    if data.problems:
        context = {"form": form, **page_of(data, form.query)}
        return render(request, "reports/dashboard.html", context, status=409)
    response = HttpResponse(
        meeting_paper(data, form.query, request.user).pdf, content_type="application/pdf"
    )
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
