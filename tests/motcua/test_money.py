"""Amounts of money as people type them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from motcua.money import LARGEST_AMOUNT, MoneyField, read_amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("700.000", 700_000),
        ("700.000,00", 700_000),
        ("1500000", 1_500_000),
        ("1 500 000", 1_500_000),
        ("1.500", 1500),
        ("15.000 đ", 15_000),
        ("15.000đồng", 15_000),
        ("15000 VND", 15_000),
        ("0", 0),
        ("000", 0),
        ("2.000.000.000", LARGEST_AMOUNT),
    ],
)
def test_read_amount_knows_groups_of_three_and_empty_parts(typed, amount):
    assert read_amount(typed) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("700,000", "Dấu phẩy"),
        ("1,500,000", "Dấu phẩy"),
        ("700.000,", "Dấu phẩy"),
        ("1500000,50", "không có phần lẻ"),
        ("1.500.000,5", "không có phần lẻ"),
        ("1.50.000", "ba chữ số"),
        ("0.5", "ba chữ số"),
        ("1500.000", "ba chữ số"),
        ("700000.00", "ba chữ số"),
        ("1.500 000", "ba chữ số"),
        ("-5", "không âm"),
        ("-5000", "không âm"),
        ("mười nghìn", "bằng chữ số"),
        ("15k", "bằng chữ số"),
        ("1e6", "bằng chữ số"),
        ("٥٠٠٠", "bằng chữ số"),
        ("đ", "bằng chữ số"),
        ("2.000.000.001", "lớn quá"),
        ("99999999999999999999", "lớn quá"),
    ],
)
def test_read_amount_refuses_and_says_how_to_write_it(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        read_amount(typed)
    assert sentence in refused.value.messages[0]


@given(st.integers(0, LARGEST_AMOUNT))
def test_read_amount_reads_what_the_program_shows(amount):
    assert read_amount(f"{amount:,} đ".replace(",", ".")) == amount
    assert read_amount(str(amount)) == amount


@given(st.text(max_size=20))
def test_read_amount_reads_or_refuses_whatever_is_typed(text):
    try:
        assert 0 <= read_amount(text) <= LARGEST_AMOUNT
    except ValidationError as refused:
        assert refused.messages[0]


def test_money_field_is_empty_when_not_known_and_shows_dots():
    assert MoneyField().clean("") is None
    assert MoneyField().clean("0") == 0
    assert MoneyField().prepare_value(1500000) == "1.500.000"


def test_money_field_is_unchanged_when_it_is_written_another_way():
    assert not MoneyField().has_changed(15000, "15.000")
    assert not MoneyField().has_changed(None, "")
    assert MoneyField().has_changed(15000, "16.000")
    assert MoneyField().has_changed(15000, "mười")
