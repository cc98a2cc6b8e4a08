"""The administration of the lists that dossiers use. Dossiers themselves are not changed here:
only the verbs of `lifecycle` write them."""

from django.contrib import admin

from dossiers.models import LateCause, NoticeTemplate
from motcua.admin_site import KeptAdmin, site


@admin.register(LateCause, site=site)
class LateCauseAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("code", "name")
    list_display = ("code", "name", "is_active")
    list_display_links = ("code", "name")
    list_filter = ("is_active",)


@admin.register(NoticeTemplate, site=site)
class NoticeTemplateAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("subject", "body")
    list_display = ("kind", "channel", "subject", "is_active")
    list_display_links = ("kind", "channel")
    list_filter = ("channel", "is_active")
