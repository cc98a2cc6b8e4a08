"""The administration of the lists that dossiers use. Dossiers themselves are not changed here:
only the verbs of `lifecycle` write them."""

from django.contrib import admin

from dossiers.admin_calendar import CalendarDayTellsAdmin, OfficeTellsAdmin
from dossiers.admin_notices import NoticeAdmin, NoticeTemplateAdmin
from dossiers.models import LateCause
from motcua.admin_site import KeptAdmin, site

__all__ = [
    "CalendarDayTellsAdmin",
    "LateCauseAdmin",
    "NoticeAdmin",
    "NoticeTemplateAdmin",
    "OfficeTellsAdmin",
]


@admin.register(LateCause, site=site)
class LateCauseAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("code", "name")
    list_display = ("code", "name", "is_active")
    list_display_links = ("code", "name")
    list_filter = ("is_active",)
