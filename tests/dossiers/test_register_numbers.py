"""Numbers of an old register: what spreadsheets did to them is mended, the rest is asked about."""

from datetime import date

import pytest

from dossiers.demo import names
from dossiers.old_register.numbers import (
    EIGHT_DIGITS,
    LIKE_A_TELEPHONE,
    TEN_DIGITS,
    Number,
    Shortened,
    identity,
    telephone,
)
from motcua.tables.letters import broken_words

pytestmark = pytest.mark.pure

DAY = date(2016, 1, 5)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("381234567", "381234567"),
        ("381 234 567", "381234567"),
        ("096095001234", "096095001234"),
        ("000000001234", "000000001234"),  # no province: only a warning at the counter
        ("96095001234", "096095001234"),
        ("96095001234.0", "096095001234"),
        ("96095001234,00", "096095001234"),
        ("CCCD 096095001234", "096095001234"),
        ("0100109106", "0100109106"),  # a tax code by its last digit, no card without province
        ("0100109106-001", "0100109106-001"),
        ("0900108849", "0900108849"),  # of Hưng Yên, by its last digit
        ("01095001234", "001095001234"),
        ("'096095001234", "096095001234"),
        ("'96095001234", "096095001234"),
        ("0305123456", "0305123456"),  # a spreadsheet would have left no zero
        *(
            (nothing, "")
            for nothing in ("", "không có", "Không", "-", "...", "0", "KHÔNG CÓ.", "x")
        ),
    ],
)
def test_identity_number_is_read_as_it_was_before_the_spreadsheet(cell: str, kept: str) -> None:
    assert identity(cell, DAY) == Number(kept)


@pytest.mark.parametrize("cell", ["C1234567", "HC: C1234567", "hộ chiếu C 1234567"])
def test_register_numbers_passport_is_read_as_at_the_counter(cell: str) -> None:
    assert identity(cell, DAY) == Number("C1234567", kind="passport")


@pytest.mark.parametrize(
    ("cell", "kept", "doubt"),
    [
        ("1095001234", "1095001234", TEN_DIGITS),  # Hà Nội, born 1995, or a tax code
        ("9995001234", "9995001234", TEN_DIGITS),  # neither
        ("12345678", "12345678", EIGHT_DIGITS),
        ("0381234567", "0381234567", LIKE_A_TELEPHONE),
        ("0912.345.678", "0912345678", LIKE_A_TELEPHONE),
        ("02903851234", "02903851234", LIKE_A_TELEPHONE),
    ],
)
def test_identity_number_of_ten_or_eight_digits_is_doubtful(
    cell: str, kept: str, doubt: str
) -> None:
    assert identity(cell, DAY) == Number(kept, doubt=doubt)


@pytest.mark.parametrize("cell", ["12345", "chưa rõ số", "000000000", "111111111111", "Ông Tư"])
def test_register_numbers_what_is_no_identity_number_is_doubtful_and_kept(cell: str) -> None:
    read = identity(cell, DAY)
    assert read.value == cell
    assert read.doubt


@pytest.mark.parametrize("cell", ["9.6095E+10", "9,6095E+10", "9.6E10", "3.81E+08"])
def test_register_numbers_number_that_a_spreadsheet_has_shortened_is_refused(cell: str) -> None:
    for read in (identity, telephone):
        with pytest.raises(Shortened):
            read(cell)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("0912000001", "0912000001"),
        ("912000001", "0912000001"),
        ("912 000 001", "0912000001"),
        ("912000001.0", "0912000001"),
        ("84912000001", "0912000001"),
        ("+84912777002", "0912777002"),
        ("02903851234", "02903851234"),
        ("2903851234", "02903851234"),
        ("1683000123", "01683000123"),  # eleven digits until 2018
        ("+12025550123", "+12025550123"),
        ("không có", ""),
    ],
)
def test_telephone_gets_the_zero_that_a_spreadsheet_dropped(cell: str, kept: str) -> None:
    assert telephone(cell) == Number(kept)


def test_register_numbers_first_of_two_telephones_is_kept_and_the_cell_goes_to_the_note() -> None:
    both = "0912.000.001/0913000002"
    assert telephone(both) == Number("0912000001", both)
    for two in ("0912000001 - 0913000002", "0912000001 0913000002", "0912000001-0913000002"):
        assert telephone(two) == Number("0912000001", two)
    assert telephone("0912000001 (con trai)") == Number("0912000001", "0912000001 (con trai)")


def test_people_of_the_demonstration_raise_no_doubt() -> None:
    people = [names.person(at, digits=9 + 3 * (at % 2)) for at in range(names.POOL)]
    people += [names.organisation(at) for at in range(names.ORGANISATIONS)]
    for one in people:
        assert identity(one.number, DAY) == Number(one.number)
        assert telephone(one.phone) == Number(one.phone)
        assert broken_words(one.name, is_name=True) == []


def test_register_numbers_what_is_no_telephone_is_doubtful_and_kept() -> None:
    read = telephone("hỏi hàng xóm")
    assert (read.value, bool(read.doubt)) == ("hỏi hàng xóm", True)
