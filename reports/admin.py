"""The administration of what reports use: by when each level signs its figures."""

from django.contrib import admin

from motcua.web.admin_site import KeptAdmin, site
from reports.models import ReportDeadline


@admin.register(ReportDeadline, site=site)
class ReportDeadlineAdmin(KeptAdmin):
    is_shared = True
    may_delete = True
    list_display = ("level", "days")
