"""Numbers that people dictate at a counter, read however they are written and kept one way; and
reasons in ready words.

Each function takes what was typed and returns the number as it is stored; it raises
ValidationError with a Vietnamese sentence. The fields around them allow an empty answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dossiers.models import Dossier, ReasonTemplate
from dossiers.rules import personal_numbers
from dossiers.rules.cards import is_of_a_card
from motcua import clock
from motcua.models import Office
from motcua.text import tidy

P = ParamSpec("P")
R = TypeVar("R")
_SEPARATORS = re.compile(r"[\s.\-]+")
MOST_SETS = 99
ONE_NUMBER = "Ô này chỉ ghi một số. Phần “{}” mời ghi ở ghi chú."
WHO_SUBMITS = "Hãy ghi họ tên người nộp thay."
PAID_HOW_MUCH = "Đã thu thì hãy ghi số tiền. Nếu miễn phí thì ghi 0."
CHOICE = {"invalid_choice": "Hãy chọn một trong các mục."}
# At the input of a name: one in small letters is offered with capitals (static/js/names.js).
OFFERS_CAPITALS = {"data-name": "yes"}
MESSAGES = {"max_length": "Hãy ghi ngắn lại, không quá %(limit_value)d ký tự."}


def name(text: str) -> str:
    """The name of a person or an organisation: it has letters."""
    tidied = tidy(text)
    if not any(c.isalpha() for c in tidied):
        raise ValidationError("Họ tên, tên tổ chức phải có chữ.")
    return tidied


def lacks_submitter(data: Mapping[str, Any]) -> bool:
    """Whether something is told of who submits for another, but no name."""
    told = ("submitter_id", "submitter_phone", "submitter_address")
    return not data.get("submitter_name") and any(data.get(field) for field in told)


def identity(text: str, kind: str = "") -> personal_numbers.ReadNumber:
    """The number of an identity card, a passport or a residence card; see `read_identity`."""
    read = _read(personal_numbers.read_identity, text, kind, clock.today())
    if read.note:
        raise ValidationError(ONE_NUMBER.format(read.note), code="note")
    return read


def tax_code(text: str) -> str:
    """A tax code of 10 digits, or of 13 written as 10, a dash, and the branch's 3.

    >>> tax_code("2000 123 456 001")
    '2000123456-001'
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_digits(digits):
        raise ValidationError("Mã số thuế chỉ gồm chữ số.", code="characters")
    if len(digits) not in personal_numbers.TAX_CODE_LENGTHS:
        raise ValidationError(
            f"Số này có {len(digits)} chữ số. Mã số thuế có 10 chữ số, của chi nhánh có 13.",
            code="length",
        )
    return digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"


def phone(text: str) -> str:
    """A telephone number, Vietnamese or foreign; see `read_telephone`.

    >>> phone("+84 912.345.678")
    '0912345678'
    """
    read = _read(personal_numbers.read_telephone, text)
    if read.note:
        raise ValidationError(ONE_NUMBER.format(read.note), code="note")
    return read.value


def paid_without_amount(data: Mapping[str, Any]) -> bool:
    """Whether a fee is said to be paid, but not how much. Zero is an amount: free of charge."""
    return bool(data.get("fee_paid")) and data.get("fee_vnd") is None


class PhoneField(forms.CharField):
    """A phone number, stored as digits from its 0 on."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(max_length=30, required=False, error_messages=MESSAGES, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return phone(text) if text else ""


class IdentityKindField(forms.ChoiceField):
    """What paper a number is of, where the number itself does not tell."""

    def __init__(self, *, otherwise: str = "CCCD, CMND", **kwargs: Any) -> None:
        choices = [("", otherwise), *Dossier.IDENTITY_KINDS]
        super().__init__(choices=choices, required=False, error_messages=CHOICE, **kwargs)


def with_template(data: Mapping[str, Any], name: str) -> str | None:
    """The reason that was typed, led by the template that was chosen beside it."""
    typed, chosen = data.get(name), data.get(f"{name}-mau")
    if not chosen or chosen in (typed or ""):
        return typed
    return "\n".join(filter(None, [chosen, (typed or "").strip()]))


class ReasonInput(forms.Textarea):
    """Own words below a choice of ready ones. What is chosen leads what is typed, without a
    script too; shown again, both stand in the words."""

    def __init__(self, reasons: Sequence[str], attrs: dict[str, Any]) -> None:
        super().__init__(attrs)
        self.reasons = reasons

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        words = super().render(name, value, *args, **kwargs)
        if not self.reasons:
            return words
        choices = [("", "Chọn mẫu lý do"), *((reason, reason) for reason in self.reasons)]
        looks = {"class": "form-select", "aria-label": "Mẫu lý do", "autocomplete": "off"}
        choose = forms.Select(looks, choices).render(f"{name}-mau", "")
        return format_html('<div class="reason">{}{}</div>', choose, words)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return with_template(data, name)


def offer_reasons(form: forms.BaseForm, name: str, kind: str, office: Office | None) -> None:
    """Offer the reasons that an administrator keeps at the field of this name."""
    field = form.fields[name]
    reasons = [reason.text for reason in ReasonTemplate.objects.offered(kind, office)]
    field.widget = ReasonInput(reasons, field.widget.attrs)
    field.widget.is_required = field.required and not reasons


def _read(read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What a reader of numbers answers, its refusal as one of a form."""
    try:
        return read(*args, **kwargs)
    except personal_numbers.NumberRefused as refused:
        raise ValidationError(str(refused), code=refused.code) from refused


def _is_digits(text: str) -> bool:
    """Only 0-9: str.isdigit also takes digits of other scripts."""
    return text.isascii() and text.isdigit()


def no_card(text: str) -> None:
    """Validator: what a scanner read from a card is kept in no field of words. Raises
    ValidationError."""
    if is_of_a_card(text):
        raise ValidationError(
            "Ô này đang có chữ quét từ thẻ. Mời xóa chữ đó, rồi quét thẻ vào ô quét."
        )
