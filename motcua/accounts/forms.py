"""What a person types to come in, and to keep the own account."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from motcua import clock
from motcua.access import staff_of
from motcua.accounts import lockout
from motcua.form_layout import CrispyForm, CrispyMixin
from motcua.models import LoginEvent, Staff

if TYPE_CHECKING:  # at run time Django's class takes no parameter
    StaffSetPasswordForm = SetPasswordForm[Staff]
else:
    StaffSetPasswordForm = SetPasswordForm


def locked(seconds: int) -> ValidationError:
    """The same words whether the account exists or not."""
    again = clock.now() + timedelta(seconds=seconds + 59)  # the whole minute, never too early
    return ValidationError(
        f"Đã nhập sai nhiều lần nên tạm dừng đăng nhập. Mời thử lại từ {again:%H:%M}. Nếu cần "
        "ngay, mời nhờ người quản trị của đơn vị mở khóa.",
        code="locked",
    )


class LoginForm(CrispyMixin, AuthenticationForm):
    """User name and password; a try that comes too often is not looked at."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu chưa đúng. Mời nhập lại.",
        "inactive": "Tên đăng nhập hoặc mật khẩu chưa đúng. Mời nhập lại.",
    }
    request: HttpRequest  # the log-in page always gives it
    wait = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        self.wait = lockout.attempt(self.request, username)
        if self.wait:
            raise locked(self.wait)
        try:
            cleaned = super().clean()
        except ValidationError:
            staff = Staff.objects.filter(username=username).first()
            kind = LoginEvent.Kind.WRONG_PASSWORD
            self.wait = lockout.failed(self.request, username, kind, staff)
            if self.wait:
                raise locked(self.wait) from None
            raise
        lockout.passed(self.request, self.get_user())
        return cleaned


class OwnPassword(CrispyMixin, StaffSetPasswordForm):
    """A new password is one that was not there before. What is wrong with it is said where it
    was typed first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "old_password" in self.fields:
            self.fields["old_password"].label = "Mật khẩu đang dùng"
        for name, label in (("1", "Mật khẩu mới"), ("2", "Nhập lại mật khẩu mới")):
            self.fields[f"new_password{name}"].label = label
            self.fields[f"new_password{name}"].help_text = ""  # the page lists the rules

    def validate_password_for_user(self, user: Staff, password_field_name: str = "") -> None:
        super().validate_password_for_user(user, "new_password1")

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("Đây là mật khẩu đang dùng. Mời đặt mật khẩu khác.")
        return password

    def save(self, commit: bool = True) -> Staff:
        self.user.must_change_password = False
        return super().save(commit)


class FirstPasswordForm(OwnPassword):
    """In place of the password that an administrator gave."""


class ChangePasswordForm(OwnPassword, PasswordChangeForm):
    """A new password by the one in use, asked first: what is said of the new one would else tell
    whether a guess was right."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.user, *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        return password_in_use(self.request, self.cleaned_data["old_password"])

    def clean_new_password1(self) -> str:
        if "old_password" not in self.cleaned_data:
            password: str = self.cleaned_data["new_password1"]
            return password
        return super().clean_new_password1()


class CodeForm(CrispyForm):
    """Six digits from the telephone, or a recovery code from paper."""

    code = forms.CharField(
        label="Mã xác thực",
        help_text="Không có điện thoại: nhập một mã dự phòng.",
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}
        ),
    )


class FirstCodeForm(CodeForm):
    """The first code of a telephone that was just set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Sáu chữ số trên điện thoại"
        self.fields["code"].help_text = ""


class PasswordAgainForm(CrispyForm):
    """Before what weakens an account: whoever finds the screen open does not know this."""

    password = forms.CharField(
        label="Mật khẩu đang dùng",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        return password_in_use(self.request, self.cleaned_data["password"])


class FactorOnForm(PasswordAgainForm, FirstCodeForm):
    """The second factor switched on at an open screen: whoever passes by would otherwise bind the
    account to a telephone of his own."""

    field_order = ("password", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]  # the password comes first


WRONG = "Mật khẩu đang dùng chưa đúng. Chưa có gì thay đổi, mời nhập lại."


def password_in_use(request: HttpRequest, password: str) -> str:
    """The password, if it is the one of who is logged in; otherwise ValidationError. Counted with
    the tries to log in: an open screen is no place to guess at leisure."""
    staff = staff_of(request)
    wait = lockout.attempt(request, staff.username)
    if not wait and not staff.check_password(password):
        wait = lockout.failed(request, staff.username, LoginEvent.Kind.WRONG_PASSWORD, staff)
        if not wait:
            raise ValidationError(WRONG)
    if wait:
        raise locked(wait)
    lockout.passed(request, staff)
    return password
