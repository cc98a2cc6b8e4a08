"""Numbers of identity papers and telephones: what is kept, what is refused, what is doubted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.rules.personal_numbers import (
    PROVINCES,
    IdentityKind,
    NumberRefused,
    disagreements,
    fits_a_citizen,
    is_foreign_telephone,
    kind_of,
    read_identity,
    read_telephone,
)

TODAY = date(2026, 11, 30)
digits = st.text("0123456789", min_size=1)
separators = st.sampled_from(["", " ", ".", "-", " - "])


@pytest.mark.parametrize(
    ("typed", "kind", "value", "note"),
    [
        ("096190000123", "citizen", "096190000123", ""),
        ("096.190.000.123", "citizen", "096190000123", ""),
        ("CCCD: 096190000123", "citizen", "096190000123", ""),
        ("Số định danh cá nhân 096190000123", "citizen", "096190000123", ""),
        ("381 777 001", "old_id", "381777001", ""),
        ("CMND 381 234 567", "old_id", "381234567", ""),
        ("cmnd381234567", "old_id", "381234567", ""),
        ("CMND số: 381234567", "old_id", "381234567", ""),
        ("381234567 (CA Cà Mau)", "old_id", "381234567", "CA Cà Mau"),
        ("381234567 CA Cà Mau", "old_id", "381234567", "CA Cà Mau"),
        ("381234567.0", "old_id", "381234567", ""),
        ("C1234567", "passport", "C1234567", ""),
        ("c 1234567", "passport", "C1234567", ""),
        ("C01X00T47", "passport", "C01X00T47", ""),
        ("PP1234567", "passport", "PP1234567", ""),
        ("HC: 541234567", "passport", "541234567", ""),
        ("Hộ chiếu 12AB34567", "passport", "12AB34567", ""),
        ("Hộ chiếu số C1234567 (Campuchia)", "passport", "C1234567", "Campuchia"),
        ("thẻ thường trú 1234567", "permanent", "1234567", ""),
        ("Thẻ tạm trú: NN1-123456", "temporary", "NN1123456", ""),
    ],
)
def test_read_identity_knows_each_kind_however_it_is_written(typed, kind, value, note):
    read = read_identity(typed, on=TODAY)
    assert (read.kind, read.value, read.note, read.doubt) == (kind, value, note, "")


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("541234567", "passport", "541234567"),
        ("12AB34567", "passport", "12AB34567"),
        ("12345/2019", "temporary", "123452019"),
        ("PRC 000123", "permanent", "PRC000123"),
    ],
)
def test_read_identity_takes_the_kind_that_was_chosen(typed, kind, value):
    assert (read_identity(typed, kind).kind, read_identity(typed, kind).value) == (kind, value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12345678", "Số này có 8 chữ số."),
        ("96095001234", "Số này có 11 chữ số."),
        ("96095001234.0", "Số này có 11 chữ số."),
        ("9.6095E+10", "chỉ gồm chữ số"),
        ("38123456A", "chỉ gồm chữ số"),
        ("٣٨١٢٣٤٥٦٧", "chỉ gồm chữ số"),
        ("Đ1234567", "chỉ gồm chữ số"),
        ("không có", "chỉ gồm chữ số"),
        ("ABCDEFG", "chỉ gồm chữ số"),
        ("hộ chiếu", "chỉ gồm chữ số"),
        ("hộ chiếu 1", "từ 5 đến 20 ký tự"),
        ("", "chỉ gồm chữ số"),
    ],
)
def test_read_identity_refuses_with_a_sentence(typed, sentence):
    with pytest.raises(NumberRefused, match=sentence):
        read_identity(typed)


def test_read_identity_tells_the_digits_that_were_of_no_length():
    with pytest.raises(NumberRefused) as refused:
        read_identity("96 095 001 234")
    assert (refused.value.code, refused.value.digits) == ("length", "96095001234")


@pytest.mark.parametrize(
    "number",
    [
        *("000000000000", "111111111", "123456789", "012345678", "987654321", "123456789012"),
        *("123123123", "121212121212", "B0000000", "C1111111"),
    ],
)
def test_read_identity_doubts_a_number_that_was_made_up(number):
    assert "ghi cho có" in read_identity(number).doubt


@pytest.mark.parametrize(
    ("number", "doubt"),
    [
        ("096190000123", ""),
        ("096205000456", ""),
        ("196190000123", ""),  # registered abroad
        ("003190000123", "003"),
        ("096299000123", "2099"),
        ("096490000123", "2190"),
        ("096026000123", ""),
        ("096227000123", "2027"),
        ("096100000123", "1900"),  # a hundred and twenty-six years old
    ],
)
def test_read_identity_doubts_a_province_or_a_year_that_cannot_be(number, doubt):
    read = read_identity(number, on=TODAY)
    assert doubt in read.doubt and bool(doubt) == bool(read.doubt)
    assert fits_a_citizen(number, TODAY) == (not doubt)


def test_read_identity_doubts_a_card_number_given_as_a_passport():
    assert "CCCD" in read_identity("096190000123", "passport").doubt
    assert "9 ký tự" in read_identity("AB12345678", "passport").doubt


def test_disagreements_warn_of_sex_and_year_and_of_nothing_else():
    assert disagreements("096190000123", born=1990, sex="Nữ") == []
    assert disagreements("096205000456", born=2005, sex="nam") == []
    (sentence,) = disagreements("096190000123", born=1990, sex="Nam")
    assert "nữ" in sentence and "nam" in sentence
    assert len(disagreements("096190000123", born=1991, sex="Nam")) == 2
    assert disagreements("381234567", born=1991, sex="Nam") == []
    assert disagreements("096190000123", sex="") == []


def test_kind_of_names_the_paper_of_a_kept_number():
    assert kind_of("096190000123") == "CCCD"
    assert kind_of("381234567", IdentityKind.PASSPORT) == "Hộ chiếu"
    assert kind_of("2000123456") == kind_of("") == kind_of("7/QĐ") == ""


def test_personal_numbers_provinces_are_the_63_before_2025():
    assert len(PROVINCES) == 63


@pytest.mark.parametrize(
    ("typed", "value", "note"),
    [
        ("0912 345 678", "0912345678", ""),
        ("+84 912.345.678", "0912345678", ""),
        ("+84 (0)912 345 678", "0912345678", ""),
        ("0084912345678", "0912345678", ""),
        ("84912000001", "0912000001", ""),
        ("842903851234", "02903851234", ""),
        ("(0290) 3860-123", "02903860123", ""),
        ("ĐT: 0912 345 678", "0912345678", ""),
        ("0912.000.001/0913000002", "0912000001", "0913000002"),
        ("0912000001 (anh Ba)", "0912000001", "anh Ba"),
        ("0912000001.0", "0912000001", ""),
        ("+1 (202) 555-0123", "+12025550123", ""),
        ("+855 12 345 678", "+85512345678", ""),
        ("+49 30 901820", "+4930901820", ""),
    ],
)
def test_read_telephone_keeps_a_number_one_way(typed, value, note):
    read = read_telephone(typed)
    assert (read.value, read.note, read.doubt) == (value, note, "")
    assert read.is_foreign == value.startswith("+")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("912345678", "bắt đầu bằng số 0"),
        ("091234567", "10 hoặc 11"),
        ("091234567890", "10 hoặc 11"),
        ("0012025550123", "dấu \\+"),
        ("+0912345678", "7 đến 15"),
        ("+1 23", "7 đến 15"),
        ("+1234567890123456", "7 đến 15"),
        ("+", "chỉ gồm chữ số"),
        ("không có", "chỉ gồm chữ số"),
        ("٠٩١٢٣٤٥٦٧٨", "chỉ gồm chữ số"),
        ("0912abc678", "chỉ gồm chữ số"),
        ("", "chỉ gồm chữ số"),
    ],
)
def test_read_telephone_refuses_with_a_sentence(typed, sentence):
    with pytest.raises(NumberRefused, match=sentence):
        read_telephone(typed)


@pytest.mark.parametrize("number", ["0000000000", "0900000000", "0123456789", "0987654321"])
def test_read_telephone_doubts_a_number_that_was_made_up(number):
    assert "ghi cho có" in read_telephone(number).doubt


@given(st.text("0123456789", min_size=12, max_size=12), separators)
def test_read_identity_reads_what_it_keeps_and_any_grouping_alike(number, between):
    grouped = between.join(number[i : i + 3] for i in range(0, 12, 3))
    assert read_identity(grouped) == read_identity(number)
    assert read_identity(number).value == number


@given(st.text(max_size=40), st.sampled_from(["", *IdentityKind]))
def test_read_identity_keeps_letters_and_digits_or_refuses(text, kind):
    try:
        read = read_identity(text, kind)
    except NumberRefused as refused:
        assert str(refused)
        return
    assert read.value.isascii() and read.value.isalnum() and read.value == read.value.upper()
    assert len(read.value) <= 20
    again = read_identity(read.value, read.kind)
    assert (again.kind, again.value, again.note) == (read.kind, read.value, "")


@given(st.text(max_size=40))
def test_read_telephone_keeps_digits_or_refuses(text):
    try:
        read = read_telephone(text)
    except NumberRefused as refused:
        assert str(refused)
        return
    bare = read.value.removeprefix("+")
    assert bare.isascii() and bare.isdigit() and len(read.value) <= 16
    assert read_telephone(read.value).value == read.value
    assert is_foreign_telephone(read.value) == (not read.value.startswith("0"))


@given(digits)
def test_fits_a_citizen_only_what_read_identity_does_not_doubt(number):
    assert not fits_a_citizen(number) or len(number) == 12
