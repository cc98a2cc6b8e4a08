"""The leaders' dashboard, and the pages beside it: days used."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.access import READING_ROLES, role_required
from reports.dashboard import dashboard_data, default_period
from reports.dashboard_page import page_of
from reports.durations import durations
from reports.durations_page import days_used_csv, days_used_page
from reports.forms import FiguresForm
from reports.links import period_strip
from reports.ranking import known_order
from reports.scopes import scopes_for


def form_of(request: HttpRequest) -> FiguresForm:
    """The choice in the address. A person without an office has no figures: 403."""
    scopes = scopes_for(request.user)
    if not scopes:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    return FiguresForm(request.GET, scopes, period=default_period(scopes[0]))


@role_required(*READING_ROLES)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of a period for a person's scope, in a sentence, tables and charts."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/dashboard.html", {"form": form}, status=400)
    data = dashboard_data(form.period, form.chosen_scope)
    order = known_order(request.GET.get("xep", ""))
    context = {
        "form": form,
        "strip": period_strip(form.period, form.query),
        **page_of(data, form.query, order),
    }
    return render(request, "reports/dashboard.html", context)


@role_required(*READING_ROLES)
@require_safe
def days_used(request: HttpRequest) -> HttpResponse:
    """Working days used against the limit, procedure by procedure; `dang=csv` as a file."""
    form = form_of(request)
    if not form.is_valid():
        return render(request, "reports/days_used.html", {"form": form}, status=400)
    found = durations(form.period, form.chosen_scope)
    if request.GET.get("dang") == "csv":
        lines = days_used_csv(found)
        file = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = f"thoi-gian-{form.period.key}-{form.chosen_scope.key}.csv"
        file["Content-Disposition"] = f'attachment; filename="{name}"'
        return file
    context = {
        "form": form,
        "strip": period_strip(form.period, form.query),
        **days_used_page(found, form.query),
    }
    return render(request, "reports/days_used.html", context)
