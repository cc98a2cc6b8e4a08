"""The administration of offices and divisions; staff and log-ins have modules of their own."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from motcua.accounts.admin_logins import LoginEventAdmin
from motcua.accounts.admin_staff import StaffAdmin
from motcua.models import Division, Level, Office
from motcua.operations import renaming
from motcua.web.admin_site import KeptAdmin, OfficeFilter, keeps_what_is_shared, site

__all__ = ["DivisionAdmin", "LoginEventAdmin", "OfficeAdmin", "StaffAdmin"]


if TYPE_CHECKING:  # at run time Django's class takes no parameter
    OfficeModelForm = forms.ModelForm[Office]
else:
    OfficeModelForm = forms.ModelForm


class OfficeForm(OfficeModelForm):
    """An office stands under a higher level, so the tree has no ring; an identity code is one
    office's alone (QĐ 20/2020/QĐ-TTg)."""

    def clean_parent(self) -> Office | None:
        parent: Office | None = self.cleaned_data["parent"]
        level = self.cleaned_data.get("level")
        levels = list(Level.values)
        if parent is not None and level and levels.index(parent.level) >= levels.index(level):
            raise forms.ValidationError("Hãy chọn một đơn vị cấp cao hơn đơn vị này.")
        return parent

    def clean(self) -> None:
        """What was signed keeps the names of its day, so those are stored first."""
        super().clean()
        renamed = [name for name in renaming.NAMES if name in self.changed_data]
        said = renaming.hindrance() if self.instance.pk and renamed else ""
        for name in renamed if said else ():
            self.add_error(name, said)

    def clean_identity_code(self) -> str:
        code: str = self.cleaned_data["identity_code"]
        other = Office.objects.filter(identity_code=code).exclude(pk=self.instance.pk).first()
        if code and other is not None:
            raise forms.ValidationError(f"Mã này là của {other.name}.")
        return code


@admin.register(Office, site=site)
class OfficeAdmin(KeptAdmin):
    """What the papers and the look-up say of an office."""

    form = OfficeForm
    office_path = "pk"
    folded_search = ("code", "name", "identity_code", "address")
    list_display = ("code", "name", "level", "parent", "identity_code", "address", "phone")
    list_display_links = ("code", "name")
    list_filter = ("level", "takes_district_procedures")
    list_select_related = ("parent",)
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "level", "parent")}),
        ("Mã hồ sơ", {"fields": ("identity_code", "takes_district_procedures")}),
        ("Liên hệ, in trên giấy hẹn", {"fields": ("address", "phone", "email", "place")}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and keeps_what_is_shared(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> Any:
        """Where an office stands in the tree decides what its people see."""
        if obj is not None and not keeps_what_is_shared(request):
            return ("code", "level", "parent")
        return ("code",) if obj is not None else ()


@admin.register(Division, site=site)
class DivisionAdmin(KeptAdmin):
    office_path = "office"
    folded_search = ("name", "office__name")
    list_display = ("name", "office", "phone", "is_leaders", "is_active")
    list_filter = ("is_active", "is_leaders", OfficeFilter)
    list_select_related = ("office",)
    fields = ("office", "name", "phone", "is_leaders", "is_active")
