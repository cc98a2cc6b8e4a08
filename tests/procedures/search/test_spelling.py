"""One word however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.search.spelling import by_ear, from_keyboard, likeness, word, words_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("huỷ", "hủy"), ("kỹ", "kĩ"), ("lý", "lí"), ("SINH", "sinh")],
)
def test_word_is_one_wherever_its_tone_and_i_or_y_are_written(one: str, other: str) -> None:
    a, b = word(one.lower()), word(other.lower())

    assert (a.plain, a.shape, a.tone) == (b.plain, b.shape, b.tone)


def test_word_keeps_the_y_that_makes_another_word() -> None:
    assert word("tay").plain != word("tai").plain
    assert word("thuý").plain == "thuy"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Khai-sinh, KẾT HÔN!", ["khai", "sinh", "kết", "hôn"]),
        ("mã 1.013225 (mới)", ["mã", "1.013225", "mới"]),
        ("Giấy phép – nhà ở", ["giấy", "phép", "nhà", "ở"]),
        ("  …?!  ", []),
        ("khai\u200bsinh", ["khaisinh"]),
    ],
)
def test_words_of_a_text_are_parted_by_signs_but_in_a_code(text: str, words: list[str]) -> None:
    assert [each.written for each in words_of(text)] == words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays", "giấy"),
        ("soor", "sổ"),
        ("ddor", "đỏ"),
        ("hooj", "hộ"),
        ("ddaats", "đất"),
        ("giuwowngf", "giường"),
        ("so63", "sổ"),
        ("d9o3", "đỏ"),
        ("gia6y1", "giấy"),
    ],
)
def test_from_keyboard_reads_the_keys_of_telex_and_vni(typed: str, meant: str) -> None:
    read = from_keyboard(typed)

    assert read is not None
    assert (read.shape, read.tone) == (word(meant).shape, word(meant).tone)


@pytest.mark.parametrize("typed", ["khai", "2016", "h233", "đất", ""])
def test_from_keyboard_leaves_what_no_keyboard_spoiled(typed: str) -> None:
    read = from_keyboard(typed)

    assert read is None or read.plain not in {"khai", "2016"}


@pytest.mark.parametrize(
    ("written", "said"),
    [("xinh", "sinh"), ("chanh", "tranh"), ("dợ", "vợ"), ("giợ", "vợ"), ("khiến", "khiếng")],
)
def test_by_ear_is_one_for_words_that_are_spoken_alike(written: str, said: str) -> None:
    assert by_ear(word(written).plain) == by_ear(word(said).plain)


def test_by_ear_parts_what_is_spoken_apart() -> None:
    assert by_ear("sinh") != by_ear("sanh")
    assert by_ear("nha") != by_ear("na")


def test_likeness_counts_tones_when_they_were_typed() -> None:
    chung = word("chứng")

    assert likeness(word("chứng"), chung) == 1.0
    assert likeness(word("thữa"), word("thửa")) == 0.9
    assert likeness(word("đât"), word("đất")) == 0.8
    assert likeness(word("chừng"), chung) == 0.5
    assert likeness(word("chung"), chung) == 0.7


@given(st.text(max_size=60))
def test_words_of_reads_every_text_and_spells_no_word_with_capitals(text: str) -> None:
    for each in words_of(text):
        assert each.written == each.written.lower()
        assert 0 <= each.tone <= 5
