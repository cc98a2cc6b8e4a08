"""How an amount of money was typed: one reader for every place where money is written."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from motcua.text import tidy

LARGEST_AMOUNT = 2_000_000_000
TOO_LONG = "Hãy ghi ngắn lại, không quá %(limit_value)d ký tự."

NO_AMOUNT = "Hãy ghi số tiền bằng chữ số, ví dụ 15.000."
NEGATIVE = "Số tiền không âm. Hãy ghi như 15.000."
TOO_MUCH = "Số tiền lớn quá. Hãy ghi bằng đồng, ví dụ 15.000."
NO_PARTS = "Tiền đồng không có phần lẻ. Hãy ghi số tròn, ví dụ 1.500.000."
GROUPS = "Dấu chấm tách từng ba chữ số, ví dụ 1.500.000. Hãy ghi lại số tiền."
COMMA = "Dấu phẩy ở đây không rõ là hàng nghìn hay phần lẻ. Hãy ghi như 700.000 hoặc 700000."

_CURRENCY = re.compile(r"\s*(?:đồng|đ|vnđ|vnd)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+")


def read_amount(text: str) -> int:
    """The amount in đồng, groups of three parted by dots or spaces, with or without "đ".

    Raises ValidationError with a Vietnamese sentence that says how to write it.

    >>> read_amount("700.000,00 đ"), read_amount("1 500 000")
    (700000, 1500000)
    """
    written = _CURRENCY.sub("", tidy(text))
    if re.match(r"[-−–]\s*[0-9]", written):
        raise ValidationError(NEGATIVE, code="amount")
    if not re.fullmatch(r"[0-9][0-9., ]*", written):
        raise ValidationError(NO_AMOUNT, code="amount")
    whole, comma, parts = written.partition(",")
    if comma and not re.fullmatch("[0-9]{1,2}", parts):
        raise ValidationError(COMMA, code="amount")
    if not _GROUPED.fullmatch(whole):
        raise ValidationError(GROUPS, code="amount")
    if parts.strip("0"):
        raise ValidationError(NO_PARTS, code="amount")
    digits = re.sub(r"[^0-9]", "", whole).lstrip("0") or "0"
    if len(digits) > 10 or int(digits) > LARGEST_AMOUNT:
        raise ValidationError(TOO_MUCH, code="amount")
    return int(digits)


class MoneyField(forms.CharField):
    """An amount in đồng; empty is None, "not known"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        messages = {"max_length": TOO_LONG}
        super().__init__(max_length=30, required=False, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        return read_amount(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Written another way it is the same amount."""
        try:
            return bool(initial != self.clean(data))
        except ValidationError:
            return True
