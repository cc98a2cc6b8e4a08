"""The leaders' dashboard."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.access import READING_ROLES, role_required
from reports.dashboard import dashboard_data, default_period
from reports.dashboard_page import page_of
from reports.forms import FiguresForm
from reports.links import period_strip
from reports.ranking import known_order
from reports.scopes import scopes_for


@role_required(*READING_ROLES)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of a period for a person's scope, in a sentence, tables and charts."""
    scopes = scopes_for(request.user)
    if not scopes:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    form = FiguresForm(request.GET, scopes, period=default_period(scopes[0]))
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
