"""Numbers that people dictate at a counter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from dossiers.forms import fields
from dossiers.forms.fields import PhoneField
from dossiers.forms.intake import IntakeForm
from dossiers.forms.verbs import FORMS
from tests.cast import Cast


def identity(text: str) -> str:
    return fields.identity(text).value


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (identity, "381 234 567", "381234567"),
        (identity, "096.012.345.678", "096012345678"),
        (fields.tax_code, "2000 123456", "2000123456"),
        (fields.tax_code, "2000123456-001", "2000123456-001"),
        (fields.tax_code, "2000123456001", "2000123456-001"),
        (fields.phone, "0912 345 678", "0912345678"),
        (fields.phone, "+84 912.345.678", "0912345678"),
        (fields.phone, "0084912345678", "0912345678"),
        (fields.phone, "(0290) 3860-123", "02903860123"),
    ],
)
def test_fields_number_is_kept_one_way_however_it_is_written(
    read: Callable[[str], Any], typed: str, kept: Any
) -> None:
    assert read(typed) == kept


@pytest.mark.parametrize(
    ("read", "typed", "sentence"),
    [
        (identity, "12345678", "Số này có 8 chữ số."),
        (identity, "1234567890", "Số này có 10 chữ số như mã số thuế"),
        (identity, "38123456A", "chỉ gồm chữ số"),
        (identity, "381234567 (CA Cà Mau)", "chỉ ghi một số"),
        (identity, "٣٨١٢٣٤٥٦٧", "chỉ gồm chữ số"),
        (fields.tax_code, "123456789", "Số này có 9 chữ số."),
        (fields.tax_code, "200012345600", "Số này có 12 chữ số."),
        (fields.tax_code, "MST2000123", "chỉ gồm chữ số"),
        (fields.phone, "912345678", "bắt đầu bằng số 0"),
        (fields.phone, "091234567", "10 hoặc 11 chữ số"),
        (fields.phone, "091234567890", "10 hoặc 11 chữ số"),
        (fields.phone, "không có", "chỉ gồm chữ số"),
        (fields.phone, "0912000001/0913000002", "chỉ ghi một số"),
    ],
)
def test_fields_number_that_cannot_be_right_is_refused_with_a_sentence(
    read: Callable[[str], Any], typed: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(typed)
    assert sentence in refused.value.messages[0]


def test_fields_empty_answer_is_allowed() -> None:
    assert PhoneField().clean("") == ""


@pytest.mark.parametrize(
    "text", ["096190000123||Lê Văn Sai|05031990|Nam|Ấp 1|12082021", "DN4123|c1|x", "a|b|c"]
)
def test_no_card_keeps_what_was_scanned_out_of_fields_of_words(text: str) -> None:
    with pytest.raises(ValidationError, match="chữ quét từ thẻ"):
        fields.no_card(text)


@pytest.mark.parametrize("text", ["", "Nguyễn Văn Ân", "cha | mẹ", "C1234567"])
def test_no_card_lets_words_be(text: str) -> None:
    fields.no_card(text)


def test_no_card_is_asked_of_notes_of_the_intake_and_of_acts(cast: Cast) -> None:
    card = "096190000123||Lê Văn Sai|05031990|Nam|Ấp 1|12082021"

    assert "chữ quét từ thẻ" in str(IntakeForm({"note": card}).errors["note"])
    note = FORMS["note"]({"text": card}, dossier=cast.received(), staff=cast.clerk)
    assert "chữ quét từ thẻ" in str(note.errors["text"])
