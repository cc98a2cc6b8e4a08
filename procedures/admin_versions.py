"""The administration of a procedure's versions: what a dossier was received under never changes.

As long as no dossier uses a version it is simply edited. Once one does, a change asks from which
day it holds and makes a new version; the old one stays as it was for its dossiers.
"""

from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from motcua.days import DayField
from motcua.money import MoneyField
from motcua.text import whole_number
from motcua.web.admin_site import KeptAdmin, KeptInline, site
from procedures.catalogue import is_used, new_version
from procedures.models import Procedure, ProcedureStep, ProcedureVersion, RequiredPaper

# Where a version was read says nothing to a citizen, so it may be put right in place.
ABOUT_THE_SOURCE = frozenset({"source", "confidence", "unverified"})
DATES = ("in_force_from", "in_force_to")


Line = RequiredPaper | ProcedureStep

if TYPE_CHECKING:  # at run time Django's classes take no parameter
    VersionModelForm = forms.ModelForm[ProcedureVersion]
    LineModelForm = forms.ModelForm[Line]
    LineFormSet = BaseInlineFormSet[Line, ProcedureVersion, LineModelForm]
else:
    VersionModelForm = LineModelForm = forms.ModelForm
    LineFormSet = BaseInlineFormSet

_fresh: WeakKeyDictionary[HttpRequest, ProcedureVersion] = WeakKeyDictionary()
"""The new version that a request has made, for the steps of Django's admin that come after."""


class VersionForm(VersionModelForm):
    of_procedure: Procedure | None = None
    """Of a new version, known from the address, so that its dates can be checked."""

    apply_from = DayField(
        label="Áp dụng từ ngày",
        required=False,
        help_text=(
            "Phiên bản này đã có hồ sơ dùng. Khi sửa thời hạn, phí hay giấy tờ, chương trình "
            "lập một phiên bản mới áp dụng từ ngày ghi ở đây; hồ sơ đã nhận giữ nguyên bản cũ."
        ),
        error_messages={"invalid": "Ngày chưa đúng. Hãy nhập như 01/07/2025."},
    )

    fee_vnd = MoneyField(
        label="Phí, lệ phí (đồng)", help_text="Ví dụ 15.000; 0 là miễn phí; trống là chưa rõ."
    )

    class Meta:
        model = ProcedureVersion
        fields = ("limit_value", "limit_unit")  # the page names the rest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.of_procedure is not None:
            self.instance.procedure = self.of_procedure

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not is_used(self.instance):
            return data
        apply_from = data.get("apply_from")
        begins = self.instance.in_force_from
        if apply_from and begins and apply_from <= begins:
            self.add_error("apply_from", f"Ngày áp dụng phải sau ngày {begins:%d/%m/%Y}.")
        if self.substance and not apply_from and "apply_from" not in self.errors:
            self.add_error("apply_from", "Hãy ghi ngày bắt đầu áp dụng quy định mới.")
        return data

    @property
    def substance(self) -> dict[str, Any]:
        """The changed fields that a new version takes over."""
        names = [name for name in self.changed_data if name != "apply_from"]
        if set(names) <= ABOUT_THE_SOURCE:
            return {}
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class LineForm(LineModelForm):
    """A line whose place is a number that the administrator writes; the rows are numbered anew."""

    place = forms.IntegerField(label="Thứ tự", required=False, min_value=1, max_value=999)
    field_order = ["place"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs["size"] = 3
        if self.instance.pk:
            self.initial["place"] = self.instance.position


class Lines(LineFormSet):
    """The papers or steps of a version, written anew as a whole."""

    model: type[Line]

    def clean(self) -> None:
        super().clean()
        if self.has_changed() and is_used(self.instance) and not self.data.get("apply_from"):
            raise ValidationError(
                "Phiên bản này đã có hồ sơ dùng. Hãy ghi ngày ở ô “Áp dụng từ ngày” bên trên."
            )

    def write(self, version: ProcedureVersion) -> None:
        """Give the version exactly these lines, numbered from 1 in the order of their places."""
        # What the log of the administration asks of a formset that was saved.
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        if version == self.instance and not self.has_changed():
            return
        self.model._default_manager.filter(version=version).delete()
        kept = [form for form in self.forms if self._is_kept(form)]
        kept.sort(key=lambda form: form.cleaned_data.get("place") or 1000)
        for position, form in enumerate(kept, start=1):
            row = form.instance
            row.pk = None
            row._state.adding = True
            row.version = version
            row.position = position
            row.save()

    def _is_kept(self, form: "LineModelForm") -> bool:
        filled = form.has_changed() or form.instance.pk is not None
        return filled and not form.cleaned_data.get("DELETE")


class LineInline(KeptInline):
    is_shared = True
    formset = Lines
    form = LineForm
    exclude = ("position",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        closed = obj is not None and obj.in_force_to is not None and is_used(obj)
        return super().has_change_permission(request, obj) and not closed

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class PaperInline(LineInline):
    model = RequiredPaper
    fields = ("place", "name", "kind", "copies", "is_required", "data_rule")


class StepInline(LineInline):
    model = ProcedureStep
    extra = 1
    fields = ("place", "level", "department", "task", "share_value", "share_unit")


@admin.register(ProcedureVersion, site=site)
class VersionAdmin(KeptAdmin):
    is_shared = True
    folded_search = ("procedure__search_key",)
    form = VersionForm
    inlines = (PaperInline, StepInline)
    list_display = ("procedure", "in_force_from", "in_force_to", "limit", "confidence", "source")
    list_filter = ("confidence", "limit_unit", "procedure__level")
    list_select_related = ("procedure",)
    limits = ("limit_value", "limit_unit", "limit_note", "fee_vnd", "fee_note")
    clocks = ("supplement_policy", "max_supplements", "payment_stops_clock")

    parts = ("sequence", "ways", "sets", "applicants", "form_names", "conditions")

    def get_fieldsets(self, request: HttpRequest, obj: ProcedureVersion | None = None) -> Any:
        dates = ("apply_from", *DATES) if self._makes_new(obj) else DATES
        head = ("procedure", *dates) if obj else dates
        return (
            (None, {"fields": head}),
            ("Thời hạn và phí", {"fields": self.limits}),
            ("Giải quyết", {"fields": ("department", "result", "legal_basis")}),
            ("Cách tính thời hạn", {"fields": self.clocks}),
            ("Các bộ phận khác, công khai cho công dân", {"fields": self.parts}),
            ("Nguồn", {"fields": ("source", "confidence", "unverified")}),
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ProcedureVersion | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("procedure", *DATES) if is_used(obj) else ("procedure",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version that ended and was used is only read."""
        closed = obj is not None and obj.in_force_to is not None and is_used(obj)
        return super().has_change_permission(request, obj) and not closed

    def _makes_new(self, obj: ProcedureVersion | None) -> bool:
        return obj is not None and obj.in_force_to is None and is_used(obj)

    def get_form(
        self,
        request: HttpRequest,
        obj: ProcedureVersion | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> "type[VersionModelForm]":
        """A new version knows its procedure; Django makes the class for this request alone."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None and issubclass(form, VersionForm):
            key = whole_number(request.GET.get("procedure", "")) or 0
            form.of_procedure = get_object_or_404(Procedure, pk=key)
        return form

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        if not request.GET.get("procedure"):
            messages.info(request, "Mời chọn thủ tục, rồi ghi phiên bản trong trang của thủ tục.")
            return redirect("admin:procedures_procedure_changelist")
        return super().add_view(request, form_url, extra_context)

    def save_model(
        self, request: HttpRequest, obj: ProcedureVersion, form: VersionForm, change: bool
    ) -> None:
        apply_from: date | None = form.cleaned_data.get("apply_from")
        if not (change and apply_from and self._makes_new(obj)):
            super().save_model(request, obj, form, change)
            return
        current = ProcedureVersion.objects.get(pk=obj.pk)
        changes = {
            name: form.cleaned_data[name] for name in form.changed_data if name != "apply_from"
        }
        _fresh[request] = new_version(current, apply_from, **changes)

    def save_related(
        self, request: HttpRequest, form: VersionForm, formsets: list[Lines], change: bool
    ) -> None:
        version = _fresh.get(request, form.instance)
        for lines in formsets:
            lines.write(version)

    def response_change(self, request: HttpRequest, obj: ProcedureVersion) -> HttpResponse:
        fresh = _fresh.get(request)
        if fresh is None:
            return super().response_change(request, obj)
        messages.success(
            request,
            f"Đã lập phiên bản mới, áp dụng từ {fresh.in_force_from:%d/%m/%Y}: "
            f"{fresh.limit_words}. Hồ sơ nhận trước ngày đó giữ phiên bản cũ.",
        )
        return redirect("admin:procedures_procedureversion_change", fresh.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcedureVersion]:
        return super().get_queryset(request).select_related("procedure")

    @admin.display(description="thời hạn")
    def limit(self, version: ProcedureVersion) -> str:
        return version.limit_words
