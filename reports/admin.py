"""The administration of what reports use: by when each level signs its figures, and
what it should reach."""

from django.contrib import admin

from motcua.web.admin_site import KeptAdmin, site
from reports.models import ReportDeadline, Target


@admin.register(ReportDeadline, site=site)
class ReportDeadlineAdmin(KeptAdmin):
    is_shared = True
    may_delete = True
    list_display = ("level", "days")


@admin.register(Target, site=site)
class TargetAdmin(KeptAdmin):
    is_shared = True
    may_delete = True
    list_display = ("measure", "level", "value", "from_on", "until_on", "source")
    list_filter = ("measure", "level")
