"""The administration of staff: accounts are made, moved and closed, and let in again."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from motcua import clock
from motcua.access import staff_of
from motcua.accounts import lockout, second_factor, staff_import_page
from motcua.accounts.first_passwords import give_again
from motcua.models import LoginEvent, Role, Staff
from motcua.tables.blank import CONTENT_TYPES
from motcua.web.admin_site import KeptAdmin, OfficeFilter, site

ROLE_FIELDS = tuple(f"is_{role.value}" for role in Role)
Kind = LoginEvent.Kind

if TYPE_CHECKING:  # at run time Django's classes take no parameter
    StaffModelForm = forms.ModelForm[Staff]
    StaffCreationForm = BaseUserCreationForm[Staff]
    StaffPasswordForm = AdminPasswordChangeForm[Staff]
    StaffModelAdmin = UserAdmin[Staff]
else:
    StaffModelForm, StaffCreationForm = forms.ModelForm, BaseUserCreationForm
    StaffPasswordForm, StaffModelAdmin = AdminPasswordChangeForm, UserAdmin


class StaffRules(StaffModelForm):
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


class NewStaffForm(StaffRules, StaffCreationForm):
    class Meta:
        model = Staff
        fields = ("username", "full_name")


class PasswordForm(StaffPasswordForm):
    """A new first password, told to its owner by word of mouth; accounts without any password
    are not offered, they are closed instead."""

    def __init__(self, user: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True

    def save(self, commit: bool = True) -> Staff:
        self.user.must_change_password = True
        return super().save(commit)


@admin.register(Staff, site=site)
class StaffAdmin(KeptAdmin, StaffModelAdmin):
    """Accounts are made, moved and closed here, never deleted: their names stay in history."""

    office_path = "office"
    folded_search = ("full_name", "username", "title", "phone")
    form = StaffForm
    add_form = NewStaffForm
    add_form_template = None
    change_password_form = PasswordForm
    change_user_password_template = "admin/desk_password.html"  # noqa: S105
    filter_horizontal = ()
    change_list_template = "admin/staff_list.html"
    actions = ("first_passwords",)
    ordering = ("office", "full_name")
    list_display = ("full_name", "username", "title", "office", "division", "role_list", "opens")
    list_filter = ("is_active", OfficeFilter, *ROLE_FIELDS)
    list_select_related = ("office", "division")
    person = ("full_name", "title", "phone", "email")
    doors = ("password_link", "lock", "second_factor_link", "last_login", "log_link")
    add_fieldsets = (
        ("Tài khoản", {"fields": ("username", "password1", "password2")}),
        ("Người dùng", {"fields": person}),
        ("Đơn vị và vai trò", {"fields": ("office", "division", *ROLE_FIELDS)}),
    )
    fieldsets = (
        ("Tài khoản", {"fields": ("username", "is_active", *doors)}),
        ("Người dùng", {"fields": person}),
        ("Đơn vị và vai trò", {"fields": ("office", "office_since", "division", *ROLE_FIELDS)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        """An administrator of everything also sees the accounts that have no office."""
        if staff_of(request).office_id is None:
            return admin.ModelAdmin.get_queryset(self, request)
        return super().get_queryset(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Staff | None = None) -> Any:
        """Nobody closes the door on himself, nor opens another to himself. A name of log-in stays
        for good: what was signed under it says so."""
        own = ("is_active", "office", *ROLE_FIELDS) if obj == request.user else ()
        named = ("username",) if obj else ()
        return (*self.doors, *own, *named)

    def get_form(
        self, request: HttpRequest, obj: Staff | None = None, change: bool = False, **kwargs: Any
    ) -> "type[forms.ModelForm[Staff]]":
        form = super().get_form(request, obj, change=change, **kwargs)
        if "office" in form.base_fields:
            form.base_fields["office"].required = staff_of(request).office_id is not None
        if "is_active" in form.base_fields:
            form.base_fields["is_active"].label = "Được đăng nhập"
            form.base_fields["is_active"].help_text = (
                "Bỏ chọn để đóng tài khoản: người này không đăng nhập được nữa, "
                "tên vẫn còn trong các hồ sơ."
            )
        return form

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        """A new account has its first password from an administrator, so it must change it; a
        closed one leaves no open session; who moves has a date from which."""
        obj.is_staff = obj.is_administrator
        closes_or_opens = change and "is_active" in form.changed_data
        if not change:
            obj.must_change_password = True
        elif closes_or_opens and not obj.is_active:
            obj.end_sessions()
        if "office" in form.changed_data and "office_since" not in form.changed_data:
            obj.office_since = clock.today()
        super().save_model(request, obj, form, change)
        if closes_or_opens:
            kind = Kind.OPENED if obj.is_active else Kind.CLOSED
            lockout.record(request, kind, obj, by=staff_of(request))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            lockout.record(
                request, Kind.PASSWORD_RESET, self.get_object(request, id), by=staff_of(request)
            )
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        self.get_object(request, object_id)  # 404 for an account of another office
        raise PermissionDenied(
            "Tài khoản không xóa được: tên người làm phải còn trong các hồ sơ. Mời mở tài khoản và "
            "bỏ chọn “Được đăng nhập” để đóng."
        )

    @admin.action(description="Cấp mật khẩu tạm và in phiếu (chưa ai đăng nhập)")
    def first_passwords(
        self, request: HttpRequest, queryset: QuerySet[Staff]
    ) -> HttpResponse | None:
        """Slips for accounts made from a list without a sheet, or whose sheet was lost."""
        chosen = list(queryset)
        slips = [] if request.user in chosen else give_again(chosen)
        if slips:
            for staff in chosen:
                lockout.record(request, Kind.PASSWORD_RESET, staff, by=staff_of(request))
            return staff_import_page.slips_page(request, slips)
        self.message_user(
            request,
            "Chưa cấp mật khẩu nào: trong các tài khoản đã chọn có người đã từng đăng nhập hoặc "
            "tài khoản đã đóng. Với họ, mời mở từng tài khoản rồi “Đặt lại mật khẩu”.",
            messages.WARNING,
        )
        return None

    # Letting in again

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<id>/mo-khoa/", view(self.unlock), name="motcua_staff_unlock"),
            path("<id>/bo-xac-thuc/", view(self.factor_off), name="motcua_staff_factor_off"),
            path("nhap/", view(staff_import_page.staff_import), name="motcua_staff_import"),
            *(
                path(
                    f"nhap/mau.{kind}",
                    view(staff_import_page.staff_template),
                    {"kind": kind},
                    name=f"motcua_staff_template_{kind}",
                )
                for kind in CONTENT_TYPES
            ),
        ]
        return [*own, *super().get_urls()]

    def unlock(self, request: HttpRequest, id: str) -> HttpResponse:
        """The account was tried too often; its owner stands beside the administrator."""
        staff = self.get_object(request, id)
        if request.method == "POST":
            lockout.unlock(staff, request)
            return self._back(request, staff, f"Đã mở khóa: {staff} đăng nhập lại được ngay.")
        question = "Cho tài khoản này đăng nhập lại ngay, không phải chờ?"
        return self._ask(request, staff, question, "Mở khóa")

    def factor_off(self, request: HttpRequest, id: str) -> HttpResponse:
        """The telephone is lost, with the codes on paper: only the password is left."""
        staff = self.get_object(request, id)
        if request.method == "POST":
            second_factor.remove(staff)
            staff.end_sessions()
            staff.save(update_fields=["session_round"])
            lockout.record(request, Kind.FACTOR_OFF, staff, by=staff_of(request))
            return self._back(request, staff, f"Đã bỏ xác thực hai lớp của {staff}.")
        question = (
            "Bỏ xác thực hai lớp của tài khoản này? Mọi máy đang mở tài khoản sẽ thoát. Chỉ làm "
            "khi đã gặp đúng người, vì từ đó chỉ cần mật khẩu là vào được."
        )
        return self._ask(request, staff, question, "Bỏ xác thực hai lớp")

    def _ask(self, request: HttpRequest, staff: Staff, question: str, act: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{act}: {staff}",
            "original": staff,
            "opts": self.opts,
            "question": question,
            "act": act,
        }
        return TemplateResponse(request, "admin/desk_confirm.html", context)

    def _back(self, request: HttpRequest, staff: Staff, said: str) -> HttpResponse:
        self.message_user(request, said)
        return redirect("admin:motcua_staff_change", staff.pk)

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

    @admin.display(description="khóa vì sai nhiều lần")
    def lock(self, staff: Staff) -> str:
        seconds = lockout.waits(staff)
        if not seconds:
            return "không"
        until = clock.now() + timedelta(seconds=seconds + 59)
        address = reverse("admin:motcua_staff_unlock", args=[staff.pk])
        return format_html(
            'đến {} <a class="button" href="{}">Mở khóa</a>', f"{until:%H:%M}", address
        )

    @admin.display(description="xác thực hai lớp")
    def second_factor_link(self, staff: Staff) -> str:
        factor = second_factor.factor_of(staff)
        if factor is None:
            required = second_factor.is_required(staff)
            return "chưa bật, sẽ phải bật khi đăng nhập" if required else "chưa bật"
        address = reverse("admin:motcua_staff_factor_off", args=[staff.pk])
        since = f"{clock.local(factor.since):%d/%m/%Y}"
        return format_html('bật từ {} <a class="button" href="{}">Bỏ</a>', since, address)

    @admin.display(description="nhật ký")
    def log_link(self, staff: Staff) -> str:
        address = reverse("admin:motcua_loginevent_changelist")
        return format_html('<a href="{}?tai-khoan={}">Nhật ký đăng nhập</a>', address, staff.pk)
