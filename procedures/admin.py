"""The administration of the catalogue and of the calendar."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ManyToManyField, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from motcua import clock
from motcua.admin import FormerDetailsInline, OfficeAdmin, PointInline
from motcua.models import Office
from motcua.tables.blank import CONTENT_TYPES
from motcua.templatetags.motcua_tags import vn_date_short, vnd
from motcua.web.admin_site import KeptAdmin, KeptInline, site
from procedures.admin_search import WordsInline
from procedures.admin_versions import VersionAdmin
from procedures.catalogue_import import page
from procedures.models import (
    CalendarDay,
    DataRule,
    ElsewhereRule,
    OfficeClosure,
    PaperHandOver,
    Procedure,
    ProcedureCode,
    ProcedureVersion,
    Sector,
    WorkSession,
)
from procedures.timetable import pages

__all__ = [
    "DataRuleAdmin",
    "ElsewhereRuleAdmin",
    "OfficeWithHoursAdmin",
    "PaperHandOverAdmin",
    "ProcedureAdmin",
    "SectorAdmin",
    "VersionAdmin",
]


@admin.register(Sector, site=site)
class SectorAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("name",)
    list_display = ("name", "procedure_count")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sector]:
        return super().get_queryset(request).prefetch_related("procedures")

    def save_model(self, request: HttpRequest, obj: Sector, form: Any, change: bool) -> None:
        """Procedures are also found by the name of their sector."""
        super().save_model(request, obj, form, change)
        procedures = list(obj.procedures.select_related("sector").prefetch_related("codes"))
        for procedure in procedures:
            procedure.search_key = procedure.make_search_key()
        Procedure.objects.bulk_update(procedures, ["search_key"])

    @admin.display(description="số thủ tục")
    def procedure_count(self, sector: Sector) -> int:
        return len(sector.procedures.all())


class ConfidenceFilter(admin.SimpleListFilter):
    """How far the version in force today can be trusted."""

    title = "độ tin cậy"
    parameter_name = "tin-cay"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(ProcedureVersion.Confidence.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        in_force = ProcedureVersion.objects.in_force(clock.today()).filter(confidence=self.value())
        return queryset.filter(pk__in=in_force.values("procedure_id"))


class MissingFilter(admin.SimpleListFilter):
    """What an administrator has to complete before a desk can receive the procedure."""

    title = "còn phải bổ sung"
    parameter_name = "thieu"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("thoi-han", "thời hạn")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset & Procedure.objects.to_complete() if self.value() else queryset


class CodeInline(KeptInline):
    """Codes of before and after; a search finds the procedure by each."""

    model = ProcedureCode
    is_shared = True
    extra = 1
    fields = ("code", "in_force_from", "in_force_to", "evidence", "note")


@admin.register(Procedure, site=site)
class ProcedureAdmin(KeptAdmin):
    """The lasting identity of a procedure; limit, fee and papers are in its versions."""

    is_shared = True
    folded_search = ("search_key",)
    list_display = ("key", "name", "sector", "level", "limit", "fee", "confidence", "is_active")
    list_display_links = ("key", "name")
    list_filter = (
        *("catalogue", MissingFilter, "level", "is_active", ConfidenceFilter),
        *("life_events", "sector"),
    )
    change_list_template = "admin/procedure_list.html"
    list_select_related = ("sector",)
    formfield_overrides = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("key", "catalogue", "national_code", "name", "level", "sector"),
                    *("concerns", "is_active", "files_online"),
                )
            },
        ),
        ("Công dân tìm theo sự kiện", {"fields": ("life_events",)}),
        ("Thời hạn, phí, giấy tờ", {"fields": ("version_list",)}),
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("nhap/", view(page.catalogue_import), name="procedures_procedure_import"),
            *(
                path(
                    f"nhap/mau.{kind}",
                    view(page.catalogue_template),
                    {"kind": kind},
                    name=f"procedures_procedure_template_{kind}",
                )
                for kind in CONTENT_TYPES
            ),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Procedure]:
        in_force = ProcedureVersion.objects.in_force(clock.today())
        return (
            super().get_queryset(request).prefetch_related(Prefetch("versions", queryset=in_force))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Procedure | None = None) -> Any:
        return ("version_list",) if obj is None else ("key", "catalogue", "version_list")

    def get_fieldsets(self, request: HttpRequest, obj: Procedure | None = None) -> Any:
        """What somebody adds here belongs to no shipped catalogue, so it is not asked."""
        if obj is not None:
            return self.fieldsets
        (title, first), *rest = self.fieldsets
        names = tuple(name for name in first["fields"] if name != "catalogue")
        return ((title, {"fields": names}), *rest)

    def get_inlines(self, request: HttpRequest, obj: Procedure | None) -> Any:
        """Its words and other codes come after the procedure itself."""
        return () if obj is None else (WordsInline, CodeInline)

    def response_add(
        self, request: HttpRequest, obj: Procedure, post_url_continue: Any = None
    ) -> HttpResponse:
        """A procedure without a version cannot be received, so the version comes next."""
        messages.success(request, f"Đã thêm thủ tục “{obj}”. Mời ghi thời hạn, phí và giấy tờ.")
        return redirect(f"{reverse('admin:procedures_procedureversion_add')}?procedure={obj.pk}")

    @admin.display(description="thời hạn")
    def limit(self, procedure: Procedure) -> str:
        version = self._version(procedure)
        return version.limit_words if version else "chưa áp dụng"

    @admin.display(description="phí, lệ phí")
    def fee(self, procedure: Procedure) -> str:
        version = self._version(procedure)
        return vnd(version.fee_vnd) if version else ""

    @admin.display(description="độ tin cậy")
    def confidence(self, procedure: Procedure) -> str:
        version = self._version(procedure)
        return version.get_confidence_display() if version else ""

    def _version(self, procedure: Procedure) -> ProcedureVersion | None:
        """That of today: `get_queryset` has fetched no other."""
        return next(iter(procedure.versions.all()), None)

    @admin.display(description="các phiên bản")
    def version_list(self, procedure: Procedure) -> str:
        """Each version with its dates, its limit, and where it was read; the newest first."""
        if procedure.pk is None:
            return "Ghi sau khi đã lưu thủ tục."
        versions = ProcedureVersion.objects.filter(procedure=procedure)
        if not versions:
            address = reverse("admin:procedures_procedureversion_add")
            return format_html(
                '<a class="button" href="{}?procedure={}">Ghi thời hạn, phí và giấy tờ</a>',
                address,
                procedure.pk,
            )
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a>: {}; phí, lệ phí: {}; {}{}</li>',
            (
                (
                    reverse("admin:procedures_procedureversion_change", args=[version.pk]),
                    dates_in_words(version),
                    version.limit_words,
                    vnd(version.fee_vnd),
                    version.get_confidence_display(),
                    where_read(version),
                )
                for version in versions
            ),
        )
        return format_html('<ul class="versions">{}</ul>', rows)


def where_read(version: ProcedureVersion) -> str:
    """The source in brackets, with what stands in none."""
    told = [f"nguồn: {version.source}"] if version.source else []
    if version.unverified:
        told.append(f"chưa kiểm chứng: {', '.join(version.unverified.splitlines())}")
    return f" ({'; '.join(told)})" if told else ""


def dates_in_words(version: ProcedureVersion) -> str:
    """ "từ 01/07/2025", "đến hết 30/06/2025", or that it has always been in force."""
    parts = []
    if version.in_force_from:
        parts.append(f"từ {vn_date_short(version.in_force_from)}")
    if version.in_force_to:
        parts.append(f"đến hết {vn_date_short(version.in_force_to)}")
    return " ".join(parts) or "đang áp dụng từ đầu"


@admin.register(DataRule, site=site)
class DataRuleAdmin(KeptAdmin):
    """The rules under which papers are replaced by data, with their days; which papers, each
    version says."""

    is_shared = True
    folded_search = ("name",)
    list_display = ("name", "in_force_from", "in_force_to")


@admin.register(ElsewhereRule, site=site)
class ElsewhereRuleAdmin(KeptAdmin):
    """What the desks of the province may receive for one another, each with its source."""

    is_shared = True
    may_delete = True
    list_display = ("__str__", "source")
    list_select_related = ("sector", "procedure")
    raw_id_fields = ("procedure",)
    fields = ("level", "sector", "procedure", "is_allowed", "since", "source")


@admin.register(PaperHandOver, site=site)
class PaperHandOverAdmin(KeptAdmin):
    """Within how many working days papers follow to the office that solves."""

    is_shared = True
    may_delete = True
    list_display = ("working_days", "since", "source")


@admin.register(CalendarDay, site=site)
class CalendarDayAdmin(KeptAdmin):
    """Days off and make-up days of the country, by the yearly decision."""

    is_shared = True
    may_delete = True
    folded_search = ("name", "source", "date")
    list_display = ("date", "kind", "name", "is_estimate", "source")
    list_filter = ("kind", "is_estimate")
    date_hierarchy = "date"
    change_list_template = "admin/calendar_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("nhieu-ngay/", view(self.holiday_range), name="procedures_calendarday_range"),
            path("uoc-tinh/", view(self.proposed_year), name="procedures_calendarday_proposed"),
        ]
        return [*own, *super().get_urls()]

    def holiday_range(self, request: HttpRequest) -> HttpResponse:
        return pages.holiday_range(request, self.calendar_changed)

    def proposed_year(self, request: HttpRequest) -> HttpResponse:
        return pages.proposed_year(request, self.calendar_changed)

    def calendar_changed(self, request: HttpRequest) -> None:
        """An app above says what the change would move."""


if TYPE_CHECKING:  # at run time Django's class takes no parameter
    SessionFormSet = forms.BaseInlineFormSet[WorkSession, Office, forms.ModelForm[WorkSession]]
else:
    SessionFormSet = forms.BaseInlineFormSet


class SessionLines(SessionFormSet):
    def clean(self) -> None:
        """Two sessions of one weekday, in force at the same time, do not overlap."""
        super().clean()
        lines = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        for at, first in enumerate(lines):
            for second in lines[at + 1 :]:
                if sessions_collide(first, second):
                    raise ValidationError(
                        f"Hai buổi làm việc của {WorkSession.Weekday(first['weekday']).label} "
                        "trùng giờ nhau."
                    )


def sessions_collide(first: dict[str, Any], second: dict[str, Any]) -> bool:
    if any(line.get(name) is None for line in (first, second) for name in ("opens", "closes")):
        return False
    same_hours = first["opens"] < second["closes"] and second["opens"] < first["closes"]
    return first["weekday"] == second["weekday"] and same_hours and same_time(first, second)


def same_time(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether the dates in force of two lines meet; an empty date is no bound."""

    def ends_before(one: dict[str, Any], other: dict[str, Any]) -> bool:
        end, begin = one.get("valid_to"), other.get("valid_from")
        return end is not None and begin is not None and end < begin

    return not ends_before(first, second) and not ends_before(second, first)


class SessionInline(KeptInline):
    model = WorkSession
    formset = SessionLines
    verbose_name_plural = (
        "Giờ làm việc riêng (để trống: thứ Hai đến thứ Sáu, 07:00 - 11:00 và 13:00 - 17:00)"
    )


class ClosureInline(KeptInline):
    model = OfficeClosure


site.unregister(Office)


@admin.register(Office, site=site)
class OfficeWithHoursAdmin(OfficeAdmin):
    """An office with what this app keeps of it: its hours and its own closed days."""

    inlines = (PointInline, SessionInline, ClosureInline, FormerDetailsInline)
    change_form_template = "admin/office_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<id>/nghi-rieng/", view(self.closure_range), name="motcua_office_closures"),
            path("<id>/gio-lam-viec/", view(self.weekly_hours), name="motcua_office_hours"),
        ]
        return [*own, *super().get_urls()]

    def closure_range(self, request: HttpRequest, id: str) -> HttpResponse:
        return pages.closure_range(request, self.get_object(request, id), self.calendar_changed)

    def weekly_hours(self, request: HttpRequest, id: str) -> HttpResponse:
        return pages.weekly_hours(request, self.get_object(request, id), self.calendar_changed)

    def calendar_changed(self, request: HttpRequest) -> None:
        """An app above says what the change would move."""
