"""What a change of the calendar would move, said where the calendar is kept. The pages belong to
`procedures`, which knows no dossiers; this app adds the sentence. Nothing moves here."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from dossiers.lifecycle.rescheduling import shifts
from dossiers.models import Dossier
from motcua.access import offices_administered_by, staff_of
from motcua.models import Office
from motcua.web.admin_site import site
from procedures.admin import CalendarDayAdmin, OfficeWithHoursAdmin
from procedures.models import CalendarDay, OfficeClosure, WorkSession
from procedures.workdays import NoCalendarData

site.unregister(CalendarDay)
site.unregister(Office)


def tell_shifts(request: HttpRequest) -> None:
    """Say how many open dossiers of the administered offices have another date by the calendar
    as it is now, and who may move them."""
    dossiers = (
        Dossier.objects.open()
        .filter(office__in=offices_administered_by(staff_of(request)))
        .select_related("version", "office")
    )
    try:
        count = len(shifts(dossiers))
    except NoCalendarData as missing:
        messages.warning(request, str(missing))
        return
    if count:
        messages.warning(
            request,
            f"Theo lịch hiện tại, {count} hồ sơ đang giải quyết sẽ có ngày hẹn khác. Chưa hồ sơ "
            "nào bị dời: lãnh đạo đơn vị mở mục “Dời hạn theo lịch” để xem và xác nhận.",
        )


@admin.register(CalendarDay, site=site)
class CalendarDayTellsAdmin(CalendarDayAdmin):
    """A day off added, changed or taken away."""

    def calendar_changed(self, request: HttpRequest) -> None:
        tell_shifts(request)

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_shifts(request)

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        super().delete_model(request, obj)
        tell_shifts(request)


@admin.register(Office, site=site)
class OfficeTellsAdmin(OfficeWithHoursAdmin):
    """An office whose own hours or closed days change."""

    def calendar_changed(self, request: HttpRequest) -> None:
        tell_shifts(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        hours = (WorkSession, OfficeClosure)
        if any(lines.model in hours and lines.has_changed() for lines in formsets):
            tell_shifts(request)
