"""What a password must be, in sentences; Django's Vietnamese leaves some of its own in English."""

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
)
from django.core.exceptions import ValidationError

from motcua.text import fold

# What people at a one-stop shop think of first, and what the demonstration prints.
HERE_COMMON = {"matkhau", "motcua", "motcuadientu", "motcuatrinhdien", "thoibinh", "camau"}
SHORTEST_NAME = 4


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Mật khẩu phải có ít nhất {self.min_length} ký tự."

    get_help_text = get_error_message


class NotOnesOwnName:
    """No user name, name, phone or e-mail inside the password, however it is written."""

    def validate(self, password: str, user: Any = None) -> None:
        typed = letters(password)
        for name in ("username", "full_name", "phone", "email"):
            own = letters(str(getattr(user, name, "") or "").partition("@")[0])
            if len(own) >= SHORTEST_NAME and own in typed:
                raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return "Mật khẩu không được chứa tên đăng nhập, họ tên, số điện thoại của chính mình."


class NotCommon(CommonPasswordValidator):
    def validate(self, password: str, user: Any = None) -> None:
        if letters(password).rstrip("0123456789") in HERE_COMMON:
            raise ValidationError(self.get_error_message())
        super().validate(password, user)

    def get_error_message(self) -> str:
        return "Mật khẩu này quá quen thuộc, ai cũng đoán được. Mời chọn mật khẩu khác."

    def get_help_text(self) -> str:
        return "Mật khẩu không được là một trong những mật khẩu hay gặp nhất."


class NotDigitsAlone(NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "Mật khẩu không được chỉ gồm chữ số."

    get_help_text = get_error_message


def letters(text: str) -> str:
    """Letters and digits alone, without case and diacritics: "Nguyễn Ân" is "nguyenan"."""
    return "".join(c for c in fold(text) if c.isalnum())
