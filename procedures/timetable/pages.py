"""The administration's pages of many days at once and of an office's week."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from motcua import clock
from motcua.models import Office
from motcua.templatetags.motcua_tags import vn_date_short
from motcua.web.admin_site import keeps_what_is_shared, site
from procedures.models import CalendarDay
from procedures.timetable.many_days import (
    ClosureForm,
    DaysAdded,
    HolidayForm,
    YearForm,
    add_proposed,
)
from procedures.timetable.proposed import proposed
from procedures.timetable.weekly_hours import WeeklyHoursForm, hours_on, week_in_words

Told = Callable[[HttpRequest], None]
"""Says what a change of the calendar would move."""


def holiday_range(request: HttpRequest, changed: Told) -> HttpResponse:
    """Days off of the country, from a day to a day."""
    _demand_shared(request)
    form = HolidayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _tell(request, form.save(), changed)
        return redirect("admin:procedures_calendarday_changelist")
    context = {
        "title": "Thêm nhiều ngày nghỉ",
        "opts": CalendarDay._meta,
        "form": form,
        "back": reverse("admin:procedures_calendarday_changelist"),
        "back_words": CalendarDay._meta.verbose_name_plural,
    }
    return _page(request, "admin/days_off.html", context, form)


def proposed_year(request: HttpRequest, changed: Told) -> HttpResponse:
    """The estimate of a year beside what is kept; the ticked days are added."""
    _demand_shared(request)
    form = YearForm(request.GET if "nam" in request.GET else {"nam": clock.today().year + 1})
    days = proposed(form.year)
    if request.method == "POST":
        done = add_proposed(days, request.POST.getlist("ngay"))
        if done.added or done.there:
            _tell(request, done, changed)
            return redirect(f"{reverse('admin:procedures_calendarday_changelist')}?q={form.year}")
        messages.warning(request, "Chưa chọn ngày nào.")
    context = {
        "title": f"Ngày nghỉ năm {form.year}: ước tính",
        "opts": CalendarDay._meta,
        "form": form,
        "days": days,
        "year": form.year,
        "are_new": any(day.existing is None for day in days),
        "only_here": _only_here(form.year, {day.date for day in days}),
    }
    return _page(request, "admin/proposed_days.html", context, form)


def closure_range(request: HttpRequest, office: Office, changed: Told) -> HttpResponse:
    """An office's own closed days, from a day to a day."""
    form = ClosureForm(request.POST if request.method == "POST" else None)
    back = reverse("admin:motcua_office_change", args=[office.pk])
    if form.is_valid():
        _tell(request, form.save(office), changed)
        return redirect(back)
    context = {
        "title": f"Ngày nghỉ riêng của {office.name}",
        "opts": Office._meta,
        "form": form,
        "back": back,
        "back_words": office.name,
    }
    return _page(request, "admin/days_off.html", context, form)


def weekly_hours(request: HttpRequest, office: Office, changed: Told) -> HttpResponse:
    """An office's hours for all days at once, from a day on."""
    form = WeeklyHoursForm(request.POST if request.method == "POST" else None, office=office)
    if form.is_valid():
        form.save()
        from_day = vn_date_short(form.cleaned_data["valid_from"])
        messages.success(request, f"Đã lưu giờ làm việc của {office.name} từ {from_day}.")
        changed(request)
        return redirect("admin:motcua_office_change", office.pk)
    context = {
        "title": f"Giờ làm việc của {office.name}",
        "opts": Office._meta,
        "office": office,
        "form": form,
        "now": week_in_words(hours_on(office, clock.today())),
    }
    return _page(request, "admin/weekly_hours.html", context, form)


def _only_here(year: int, days: set[Any]) -> list[CalendarDay]:
    """The days that are kept and that the library does not expect."""
    kept = CalendarDay.objects.filter(date__year=year).order_by("date")
    return [day for day in kept if day.date not in days]


def _tell(request: HttpRequest, done: DaysAdded, changed: Told) -> None:
    if done.added:
        messages.success(request, f"Đã thêm {len(done.added)} ngày.")
        changed(request)
    if done.there:
        days = "; ".join(f"{vn_date_short(day)} ({name})" for day, name in done.there)
        messages.warning(request, f"Giữ nguyên {len(done.there)} ngày đã có: {days}.")


def _demand_shared(request: HttpRequest) -> None:
    if not keeps_what_is_shared(request):
        raise PermissionDenied("Lịch chung do người quản trị mọi đơn vị giữ.")


def _page(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**site.each_context(request), **context}, status=status)
