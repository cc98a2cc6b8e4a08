"""The administration of offices and divisions; staff and log-ins have modules of their own."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from motcua import clock
from motcua.accounts.admin_logins import LoginEventAdmin
from motcua.accounts.admin_staff import StaffAdmin
from motcua.models import Division, FormerDetails, Level, Office, ReceptionPoint
from motcua.operations import renaming
from motcua.web.admin_site import KeptAdmin, KeptInline, OfficeFilter, keeps_what_is_shared, site

__all__ = ["DivisionAdmin", "LoginEventAdmin", "OfficeAdmin", "StaffAdmin"]


if TYPE_CHECKING:  # at run time Django's class takes no parameter
    OfficeModelForm = forms.ModelForm[Office]
else:
    OfficeModelForm = forms.ModelForm


class OfficeForm(OfficeModelForm):
    """An office stands under a higher level, so the tree has no ring; an identity code is one
    office's alone (QĐ 20/2020/QĐ-TTg). What changes does so from a day on; without a day it is a
    correction, as if it had always been so."""

    since = forms.DateField(
        label="Thay đổi áp dụng từ ngày",
        required=False,
        initial=clock.today,
        help_text="Giấy tờ và số liệu của những ngày trước vẫn mang tên, địa chỉ cũ. Để trống khi "
        "chỉ sửa lỗi gõ: coi như từ trước tới nay vẫn vậy.",
    )

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
        since = self.cleaned_data.get("since")
        changes = self.instance.pk and self.changes_details
        why = renaming.why_not_from(self.instance, since) if changes and since else ""
        if why:
            self.add_error("since", why)
        renamed = [name for name in renaming.NAMES if name in self.changed_data]
        said = renaming.hindrance() if self.instance.pk and renamed else ""
        for name in renamed if said else ():
            self.add_error(name, said)

    @property
    def changes_details(self) -> bool:
        return any(name in renaming.DATED for name in self.changed_data)

    def clean_identity_code(self) -> str:
        code: str = self.cleaned_data["identity_code"]
        others = Office.objects.existing(clock.today()).filter(identity_code=code)
        other = others.exclude(pk=self.instance.pk).first()
        if code and other is not None:
            raise forms.ValidationError(f"Mã này là của {other.name}.")
        return code


class FormerDetailsInline(KeptInline):
    """What the office was called and where it was until a day; written by a change alone."""

    model = FormerDetails
    fk_name = "office"
    extra = 0
    fields = ("last_day", "name", "address", "phone", "header_above", "header", "leader_title")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PointInline(KeptInline):
    """Where the office receives besides its own desk; one that is not used any more gets a last
    day, since old slips name it."""

    model = ReceptionPoint
    extra = 1
    may_delete = False
    fields = ("name", "address", "phone", "open_from", "open_until")


@admin.register(Office, site=site)
class OfficeAdmin(KeptAdmin):
    """What the papers and the look-up say of an office."""

    form = OfficeForm
    office_path = "pk"
    folded_search = ("code", "name", "identity_code", "address")
    list_display = ("code", "name", "level", "parent", "identity_code", "address", "phone")
    list_display_links = ("code", "name")
    list_filter = ("level", "takes_district_procedures", "is_hidden")
    list_select_related = ("parent",)
    inlines: ClassVar[tuple[type[KeptInline], ...]] = (PointInline, FormerDetailsInline)
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "level", "parent", "exists_from", "days")}),
        (
            "Liên hệ, in trên giấy hẹn",
            {"fields": ("address", "phone", "email", "place", "days_on_slip")},
        ),
        ("Tiêu đề và chữ ký", {"fields": ("header_above", "header", "leader_title")}),
        (
            "Mã hồ sơ, tiếp nhận",
            {"fields": ("identity_code", "has_desk", "takes_district_procedures", "is_hidden")},
        ),
        ("Thay đổi từ ngày", {"fields": ("since",)}),
    )

    @admin.display(description="còn hoạt động")
    def days(self, office: Office) -> str:
        if office.exists_until is None:
            return "đang hoạt động"
        after = f"; kế thừa: {office.successor}" if office.successor else ""
        return f"đến hết {office.exists_until:%d/%m/%Y}{after}"

    def save_model(self, request: HttpRequest, obj: Office, form: Any, change: bool) -> None:
        since = form.cleaned_data.get("since")
        if change and since and form.changes_details:
            renaming.keep_former(obj, since)
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and keeps_what_is_shared(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> Any:
        """Where an office stands in the tree decides what its people see."""
        if obj is not None and not keeps_what_is_shared(request):
            return ("code", "level", "parent", "exists_from", "days", "has_desk", "is_hidden")
        return ("code", "days") if obj is not None else ("days",)


@admin.register(Division, site=site)
class DivisionAdmin(KeptAdmin):
    office_path = "office"
    folded_search = ("name", "office__name")
    list_display = ("name", "office", "phone", "is_leaders", "is_active")
    list_filter = ("is_active", "is_leaders", OfficeFilter)
    list_select_related = ("office",)
    fields = ("office", "name", "phone", "is_leaders", "is_active")
