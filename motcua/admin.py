"""The administration of offices, divisions and staff."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from motcua.access import offices_administered_by
from motcua.admin_site import KeptAdmin, keeps_what_is_shared, site
from motcua.models import Division, Office, Role, Staff

ROLE_FIELDS = tuple(f"is_{role.value}" for role in Role)


class OfficeFilter(admin.SimpleListFilter):
    """The offices that this administrator keeps."""

    title = "đơn vị"
    parameter_name = "don-vi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(office.code, office.name) for office in offices_administered_by(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(office__code=self.value()) if self.value() else queryset


@admin.register(Office, site=site)
class OfficeAdmin(KeptAdmin):
    """What the papers and the look-up say of an office."""

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


class StaffRules(forms.ModelForm):
    """What holds for an account, new or old."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        office, division = data.get("office"), data.get("division")
        if division is not None and division.office_id != getattr(office, "pk", None):
            self.add_error("division", "Phòng chuyên môn này không thuộc đơn vị đã chọn.")
        roles = [self._value(data, name) for name in ROLE_FIELDS]
        if self._value(data, "is_active") and not any(roles):
            raise ValidationError("Hãy chọn ít nhất một vai trò cho tài khoản.")
        return data

    def _value(self, data: dict[str, Any], name: str) -> bool:
        """A box that this person may not tick keeps what the account has."""
        return bool(data[name] if name in data else getattr(self.instance, name))


class StaffForm(StaffRules):
    class Meta:
        model = Staff
        fields = ("username", "full_name", "office", "division", "is_active", *ROLE_FIELDS)


class NewStaffForm(StaffRules, BaseUserCreationForm):
    class Meta:
        model = Staff
        fields = ("username", "full_name")


class PasswordForm(AdminPasswordChangeForm):
    """A new first password, told to its owner by word of mouth; accounts without any password
    are not offered, they are closed instead."""

    def __init__(self, user: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True


@admin.register(Staff, site=site)
class StaffAdmin(KeptAdmin, UserAdmin):
    """Accounts are made, moved and closed here, never deleted: their names stay in history."""

    office_path = "office"
    folded_search = ("full_name", "username", "title", "phone")
    form = StaffForm
    add_form = NewStaffForm
    add_form_template = None
    change_password_form = PasswordForm
    change_user_password_template = "admin/desk_password.html"  # noqa: S105
    filter_horizontal = ()
    ordering = ("office", "full_name")
    list_display = ("full_name", "username", "title", "office", "division", "role_list", "opens")
    list_filter = ("is_active", OfficeFilter, *ROLE_FIELDS)
    list_select_related = ("office", "division")
    person = ("full_name", "title", "phone", "email")
    add_fieldsets = (
        ("Tài khoản", {"fields": ("username", "password1", "password2")}),
        ("Người dùng", {"fields": person}),
        ("Đơn vị và vai trò", {"fields": ("office", "division", *ROLE_FIELDS)}),
    )
    fieldsets = (
        ("Tài khoản", {"fields": ("username", "password_link", "is_active", "last_login")}),
        ("Người dùng", {"fields": person}),
        ("Đơn vị và vai trò", {"fields": ("office", "division", *ROLE_FIELDS)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        """An administrator of everything also sees the accounts that have no office."""
        if request.user.office_id is None:
            return admin.ModelAdmin.get_queryset(self, request)
        return super().get_queryset(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Staff | None = None) -> Any:
        """Nobody closes the door on himself."""
        own = ("is_active", "is_administrator", "office") if obj == request.user else ()
        return ("password_link", "last_login", *own)

    def get_form(self, request: HttpRequest, obj: Staff | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if "office" in form.base_fields:
            form.base_fields["office"].required = request.user.office_id is not None
        if "is_active" in form.base_fields:
            form.base_fields["is_active"].label = "Được đăng nhập"
            form.base_fields["is_active"].help_text = (
                "Bỏ chọn để đóng tài khoản: người này không đăng nhập được nữa, "
                "tên vẫn còn trong các hồ sơ."
            )
        return form

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        obj.is_staff = obj.is_administrator
        super().save_model(request, obj, form, change)

    @admin.display(description="vai trò")
    def role_list(self, staff: Staff) -> str:
        return staff.role_words

    @admin.display(description="được đăng nhập", boolean=True, ordering="is_active")
    def opens(self, staff: Staff) -> bool:
        return staff.is_active

    @admin.display(description="mật khẩu")
    def password_link(self, staff: Staff) -> str:
        address = reverse("admin:auth_user_password_change", args=[staff.pk])
        return format_html('<a class="button" href="{}">Đặt lại mật khẩu</a>', address)
