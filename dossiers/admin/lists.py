"""The administration of the lists that dossiers use. Dossiers themselves are not changed here:
only the verbs of `lifecycle` write them."""

from django.contrib import admin
from django.http import HttpRequest

from dossiers.admin.calendar import CalendarDayTellsAdmin, OfficeTellsAdmin
from dossiers.admin.notices import NoticeAdmin, NoticeTemplateAdmin
from dossiers.models import LateCause, RatingCriterion, ReasonTemplate
from motcua.web.admin_site import KeptAdmin, site

__all__ = [
    "CalendarDayTellsAdmin",
    "LateCauseAdmin",
    "NoticeAdmin",
    "NoticeTemplateAdmin",
    "OfficeTellsAdmin",
    "RatingCriterionAdmin",
    "ReasonTemplateAdmin",
]


@admin.register(LateCause, site=site)
class LateCauseAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("code", "name")
    list_display = ("code", "name", "is_active")
    list_display_links = ("code", "name")
    list_filter = ("is_active",)


@admin.register(ReasonTemplate, site=site)
class ReasonTemplateAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("text",)
    list_display = ("text", "kind", "office", "position", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("office",)
    fields = ("kind", "text", "office", "position", "is_active")


@admin.register(RatingCriterion, site=site)
class RatingCriterionAdmin(KeptAdmin):
    """What citizens are asked. A question that was answered is switched off, never reworded into
    another: its answers stay what they were about."""

    is_shared = True
    folded_search = ("code", "question")
    list_display = ("question", "words_2", "words_1", "words_0", "source", "position", "is_active")
    list_filter = ("is_active",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: RatingCriterion | None = None
    ) -> tuple[str, ...]:
        if obj is not None and obj.scores.exists():
            return ("code", "question", "words_2", "words_1", "words_0")
        return ()
