"""What is left of a sentence: the words that are asked for, mended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.search.questions import LONGEST, MOST_WORDS, read, readings, vocabulary
from procedures.search.spelling import words_of

pytestmark = pytest.mark.pure

KNOWN = vocabulary(
    words_of(text)
    for text in (
        "Đăng ký khai sinh",
        "Đăng ký kết hôn",
        "Chứng thực bản sao từ bản chính",
        "sao y bản chính",
        "Tách thửa đất",
        "Đăng ký thành lập hộ kinh doanh",
        "Giải quyết khiếu nại lần đầu",
        "Giải quyết tranh chấp đất đai",
        "cấp lại danh hiệu",
        "sổ đỏ",
        "giấy phép xây dựng nhà ở",
        "Chuyển nhượng đất",
    )
)


def asked(text: str) -> list[str]:
    return [each.plain for each in read(text, KNOWN).words]


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("Tôi muốn đăng ký kết hôn", ["dang", "ki", "ket", "hon"]),
        ("cho tui hỏi tách thửa đất thì cần những giấy tờ gì ạ", ["tach", "thua", "dat"]),
        ("xin phép xây nhà ở hết bao nhiêu tiền", ["phep", "xay", "nha"]),
        ("lam giay khai sinh", ["giay", "khai", "sinh"]),
        ("sao y", ["sao", "i"]),
        ("tôi muốn", []),
        ("1", []),
    ],
)
def test_read_drops_fillers_and_asks_for_nothing_where_there_are_only_such(
    sentence: str, left: list[str]
) -> None:
    assert asked(sentence) == left


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khai xinh", "khai sinh"),
        ("xao y bản chính", "sao y bản chính"),
        ("chanh chấp đất đai", "tranh chấp đất đai"),
        ("khiếu lại", "khiếu nại"),
        ("hộ kinh danh", "hộ kinh doanh"),
        ("khai sinhh", "khai sinh"),
        ("giaays phép", "giấy phép"),
        ("so63 d9o3", "sổ đỏ"),
        ("chuyển nhựơng đất", "chuyển nhượng đất"),
    ],
)
def test_read_mends_one_letter_spelling_by_ear_and_what_a_keyboard_left(
    typed: str, meant: str
) -> None:
    assert asked(typed) == [each.plain for each in words_of(meant)]


def test_read_changes_no_word_that_goes_with_its_neighbours() -> None:
    assert asked("cấp lại danh hiệu") == ["cap", "lai", "danh", "hieu"]


def test_read_leaves_a_word_that_may_be_begun() -> None:
    question = read("khai si", KNOWN)

    assert [each.plain for each in question.words] == ["khai", "si"]
    assert question.may_go_on


def test_read_does_not_take_the_last_word_for_begun_when_fillers_followed() -> None:
    assert not read("khai sinh ở đâu", KNOWN).may_go_on


def test_read_cuts_a_long_question_between_two_words() -> None:
    question = read("khai sinh " * 100, KNOWN)

    assert len(question.words) == MOST_WORDS
    assert {each.plain for each in question.words} == {"khai", "sinh"}
    assert read("a" * (LONGEST + 50), KNOWN).words[0].written == "a" * LONGEST


TERMS = {
    "so": (
        (words_of("sổ đỏ"), ("giấy chứng nhận quyền sử dụng đất",)),
        (words_of("sổ"), ("giấy",)),
    ),
    "hd": ((words_of("hđ"), ("hợp đồng", "hoạt động")),),
}


def test_readings_puts_official_words_in_place_the_longest_term_and_first_meaning_first() -> None:
    first = readings(read("làm sổ đỏ hđ", KNOWN), TERMS, KNOWN)[0]

    assert " ".join(each.written for each in first.words) == (
        "giấy chứng nhận quyền sử dụng đất hợp đồng"
    )
    assert first.understood == (
        ("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"),
        ("hđ", "hợp đồng"),
    )


def test_readings_trusts_a_second_meaning_less() -> None:
    found = readings(read("hđ", KNOWN), TERMS, KNOWN)

    assert [reading.understood[0][1] for reading in found] == ["hợp đồng", "hoạt động"]
    assert 1 > found[0].trust > found[1].trust


def test_readings_needs_the_tones_that_were_typed() -> None:
    assert readings(read("sò đó", KNOWN), TERMS, KNOWN) == []
    assert readings(read("so do", KNOWN), TERMS, KNOWN)[0].understood[0][0] == "so do"


@given(st.text(max_size=300))
def test_read_bears_every_text(text: str) -> None:
    question = read(text, KNOWN)

    assert len(question.words) <= MOST_WORDS
    readings(question, TERMS, KNOWN)
