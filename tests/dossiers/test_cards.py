"""What a scanner types: identity cards, codes of dossiers, addresses of slips."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.rules.cards import (
    CAPS_LOCK,
    INPUT_METHOD,
    NO_BIRTH,
    Burst,
    Card,
    is_of_a_card,
    read_card,
    what_is,
)

TODAY = date(2026, 11, 30)
ADDRESS = "Ấp 1, Tân Bằng, Thới Bình, Cà Mau"
SEVEN = f"096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|{ADDRESS}|12082021"
MAU = Card(
    "096190000123",
    "381234567",
    "Nguyễn Thị Mẫu",
    date(1990, 3, 5),
    "Nữ",
    "Ấp 1",
    date(2021, 8, 12),
)
OTHER_SEX = "Theo số này thì người này là nữ, khác giới tính đã ghi (nam). Hãy xem lại."
INSURANCE = (
    "GD4960012345678|4e677579e1bb856e20546869204d617575|05/03/1990|2|"
    "e1baa57020312c2054c3a26e2042e1bab16e67|96 - 001|01/01/2026|-|12/08/2021|9600000000|-|4|"
    "01/01/2015|7f1a2b3c4d5e-0000|$"
)


@pytest.mark.parametrize(
    ("typed", "card"),
    [
        (
            SEVEN,
            Card(
                "096190000123",
                "381234567",
                "Nguyễn Thị Mẫu",
                date(1990, 3, 5),
                "Nữ",
                "Ấp 1, Tân Bằng, Thới Bình, Cà Mau",
                date(2021, 8, 12),
            ),
        ),
        (
            "096205000456||Trần Văn Ví Dụ|15072005|Nam|"
            "Khóm 2, TT. Thới Bình, Thới Bình, Cà Mau|20102022",
            Card(
                "096205000456",
                "",
                "Trần Văn Ví Dụ",
                date(2005, 7, 15),
                "Nam",
                "Khóm 2, TT. Thới Bình, Thới Bình, Cà Mau",
                date(2022, 10, 20),
            ),
        ),
        (
            "096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|"
            "Ấp 1, Biển Bạch, Cà Mau|30052025||||",
            Card(
                "096190000123",
                "381234567",
                "Nguyễn Thị Mẫu",
                date(1990, 3, 5),
                "Nữ",
                "Ấp 1, Biển Bạch, Cà Mau",
                date(2025, 5, 30),
            ),
        ),
        ("381234567|096190000123|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021", MAU),
        ("096190000123|381234567|Nguyễn Thị Mẫu|05/03/1990|Nữ|Ấp 1|12/08/2021", MAU),
        (
            "096190000123||Lê Văn Sai|05031990|Nam|Ấp 1|12082021",
            Card(
                "096190000123",
                "",
                "Lê Văn Sai",
                date(1990, 3, 5),
                "Nam",
                "Ấp 1",
                date(2021, 8, 12),
                (OTHER_SEX,),
            ),
        ),
        (
            "096190000123|381234567|Nguyeenx Thij Maaux|05031990|Nữ|Ấp 1|12082021",
            Card(
                "096190000123",
                "381234567",
                "",
                date(1990, 3, 5),
                "Nữ",
                "",
                date(2021, 8, 12),
                (INPUT_METHOD,),
            ),
        ),
    ],
)
def test_read_card_fills_in_what_each_line_of_the_cases_holds(typed, card):
    assert read_card(typed, TODAY) == card


@pytest.mark.parametrize(
    "typed",
    [
        "\ufeff096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021\r\n",
        "CCCD:096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021",
        "Số CCCD: 096190000123|CMND: 381234567|Họ và tên: Nguyễn Thị Mẫu|Ngày sinh: 05/03/1990|"
        "Giới tính: Nữ|Nơi thường trú: Ấp 1|Ngày cấp: 12/08/2021",
        "096190000123|381234567|  Nguyễn  Thị Mẫu |05031990|Nữ|Ấp  1|12082021|cha|mẹ|x|y",
        "096190000123|381234567|Nguyê\u0303n Thi\u0323 Mâ\u0303u|05-03-1990|nữ|Ấp 1|12.08.2021",
    ],
)
def test_read_card_takes_marks_labels_and_decomposed_letters(typed):
    assert read_card(typed, TODAY) == MAU


def test_read_card_of_six_fields_has_no_old_number():
    card = read_card("096190000123|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021")
    assert card is not None
    assert (card.old_number, card.name, card.address) == ("", "Nguyễn Thị Mẫu", "Ấp 1")


@pytest.mark.parametrize(
    ("name", "address", "sentence"),
    [
        ("nGUYỄN tHỊ mẪU", "ấP 1", CAPS_LOCK),
        ("Nguyeenx Thij Maaux", "Aaps 1", INPUT_METHOD),
        ("Tran Vans Tus", "Aps 1", INPUT_METHOD),
        ("Nguye64n Thi5 Ma64u", "A61p 1", INPUT_METHOD),
        ("Nguy?n Th? M?u", "?p 1", INPUT_METHOD),
        ("Le Anh", "Aaps 1, Taan Bawngf", INPUT_METHOD),
    ],
)
def test_read_card_that_the_keyboard_spoiled_leaves_name_and_address_to_the_clerk(
    name, address, sentence
):
    card = read_card(f"096190000123||{name}|05031990|Nữ|{address}|12082021", TODAY)
    assert card == Card(
        "096190000123", "", "", date(1990, 3, 5), "Nữ", "", date(2021, 8, 12), (sentence,)
    )


@pytest.mark.parametrize(
    "name",
    [
        "K'Brếp",
        "Ksor H'Lan",
        "Y Ngôc Êban",
        "Đinh Xoong",
        "NGUYỄN THỊ MẪU",
        "Sơn Sa Rây",
        "Lý A Páo",
    ],
)
def test_read_card_keeps_names_of_every_people(name):
    card = read_card(f"096190000123||{name}|05031990|Nữ|Tòa nhà Sunrise Tower|12082021", TODAY)
    assert card is not None
    assert (card.name, card.address, card.warnings) == (name, "Tòa nhà Sunrise Tower", ())


def test_read_card_of_another_year_of_birth_warns_and_fills_in_all_the_same():
    card = read_card("096190000123||Nguyễn Thị Mẫu|05031991|Nữ|Ấp 1|12082021", TODAY)
    assert card is not None
    assert card.born == date(1991, 3, 5)
    assert card.warnings == (
        "Theo số này thì người này sinh năm 1990, khác năm sinh đã ghi (1991). Hãy xem lại.",
    )


def test_read_card_without_a_day_that_exists_says_so():
    card = read_card("096190000123||Nguyễn Thị Mẫu|31021990|Nữ|Ấp 1|12082021", TODAY)
    assert card is not None
    assert (card.born, card.issued, card.warnings) == (None, date(2021, 8, 12), (NO_BIRTH,))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "096190000123",
        "H12.TAM.967-261130-0001",
        INSURANCE,
        "DN4960012345|4e677579e1bb856e20546869204d617575|05031990|Nữ|Ấp 1|12082021|096190000123",
        "096190000123|4e677579e1bb856e20546869204d617575|05031990|Nữ|Ấp 1|12082021",
        "0961900001234|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021",
        "٠٩٦١٩٠٠٠٠١٢٣||Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1|12082021",
        "a|b|c|d|e|f|g",
        SEVEN + "|" * 5,
        SEVEN + "x" * 1000,
    ],
)
def test_read_card_of_what_is_no_identity_card_is_none(typed):
    assert read_card(typed, TODAY) is None


def test_read_card_keeps_nothing_of_the_unknown_fields():
    card = read_card(SEVEN + "|Nguyễn Văn Cha|Lê Thị Mẹ||")
    assert "Cha" not in repr(card)
    assert "Mẹ" not in repr(card)


@given(st.text())
def test_read_card_takes_any_text(text):
    assert read_card(text, TODAY) is None or "|" in text


@given(st.lists(st.text(st.characters(exclude_characters="|"), max_size=12), max_size=12))
def test_read_card_takes_any_fields_around_a_number(fields):
    typed = "|".join(["096190000123", *fields])
    card = read_card(typed, TODAY)
    assert card is None or card.number == "096190000123"
    what_is(typed)


@given(st.permutations(["096190000123", "381234567", "Nguyễn Thị Mẫu"]))
def test_read_card_finds_the_number_wherever_it_stands(front):
    assert read_card("|".join([*front, "05031990", "Nữ", "Ấp 1", "12082021"]), TODAY) == MAU


@pytest.mark.parametrize(
    ("typed", "burst"),
    [
        (SEVEN, Burst.CARD),
        ("http://127.0.0.1:8000/tra-cuu/?ma=H12.TAM.967-261130-0001", Burst.ADDRESS),
        ("HTTP://127.0.0.1:8000/TRA-CUU/?MA=h12.tam.967-261130-0001\r", Burst.ADDRESS),
        ("H12.TAM.967-261130-0001", Burst.CODE),
        ("h12.tam.967-261130-0001\n", Burst.CODE),
        ("H12.TAM.967-261130-N0001", Burst.CODE),
        ("261130-0001", Burst.CODE),
        ("096190000123", Burst.OTHER),
        ("092601150001", Burst.OTHER),
        ("Nguyễn Thị Mẫu", Burst.OTHER),
        ("0912 345 678", Burst.OTHER),
        (INSURANCE, Burst.OTHER),
        ("", Burst.OTHER),
    ],
)
def test_what_is_tells_cards_codes_and_addresses_apart(typed, burst):
    assert what_is(typed) is burst


@given(st.text())
def test_what_is_takes_any_text(text):
    assert what_is(text) in Burst


def test_is_of_a_card_is_true_of_every_card_also_one_that_is_not_read():
    assert is_of_a_card(SEVEN)
    assert is_of_a_card(INSURANCE)
    assert not is_of_a_card("Nguyễn Thị Mẫu")
