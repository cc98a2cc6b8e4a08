"""Search keys, names as they are stored, and the order of a Vietnamese dictionary."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from motcua.text import alphabetical, fold, in_small, tidy, whole_number
from procedures.models import Sector


@pytest.mark.parametrize(
    "in_order",
    [
        ["An toàn", "Ăn uống", "Ấn phẩm", "Bảo trợ xã hội"],
        ["Dân số", "Dược", "Đăng ký", "Đất đai", "Đường bộ", "Em"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai"],
        ["Hoa", "Hoà giải", "Hỏa", "Hoá", "Hoạt động", "Hộ tịch"],
        ["Thư viện", "Thực phẩm", "Tin học", "Tổ chức", "Tờ khai"],
        ["Mẫu 1", "Mẫu 2", "Mẫu a"],
        ["Công", "Công an", "Công chứng", "Cộng"],
    ],
)
def test_text_words_stand_as_in_a_dictionary(in_order):
    assert sorted(set(in_order), key=alphabetical) == in_order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa giải", "Hoà giải"),
        ("ĐẤT ĐAI", "đất  đai"),
        ("Đất đai", unicodedata.normalize("NFD", "Đất đai")),
        ("Đất đai", "\u00d0ất \u0189ai"),
        ("K'Brếp", "K\u02bcBrếp"),
        ("Thành lập (hộ kinh doanh)", "Thành lập - hộ kinh doanh"),
    ],
)
def test_text_case_signs_and_ways_of_writing_do_not_count(one, other):
    assert alphabetical(one) == alphabetical(other)


@pytest.mark.parametrize("text", ["", "\u0301", "\u0302a", "—", "数"])
def test_text_any_text_has_a_place(text):
    assert re.fullmatch("[a-z0-9]*", alphabetical(text))


@pytest.mark.django_db
def test_database_has_the_same_order():
    call_command("load_base", verbosity=0)
    names = list(Sector.objects.values_list("name", flat=True))
    assert names == sorted(names, key=alphabetical)
    assert names.index("Đất đai") < names.index("Giáo dục và Đào tạo")


def test_text_number_is_of_plain_digits_and_fits_a_column() -> None:
    assert [whole_number(text) for text in ("0", "0967", "9" * 9)] == [0, 967, 10**9 - 1]
    for text in ("", "-1", "+1", " 1", "1.0", "²", "٣", "１", "9" * 10, "9" * 5_000, "a"):
        assert whole_number(text) is None, text


# As old registers, telephones and word processors write them; the first is the plain spelling.
SPELLINGS = [
    ["Đỗ Văn Đức", "\u00d0ỗ Văn \u00d0ức", "\u0189ỗ Văn \u0189ức"],
    ["đăng", "\u00f0ăng", "\u0256ăng"],
    ["K'Brếp", *(f"K{c}Brếp" for c in "\u2019\u2018\u201b\u02bc\u02b9\u02bb\u2032`\u00b4\uff07")],
    [
        "Nguyễn Văn Ân",
        "Nguyễn\u200b Văn\u00a0Ân\u200e",
        "Nguye\u0302\u0303n Va\u0306n A\u0302n\u00ad",
    ],
    [
        "Nguyễn Văn Ân",
        "\ufeffNguyễn \u202eVăn\u202c \u2067Ân\u2069",
        "Ng\u2060uyễn Văn \u200d\u00c2n\ufe0f",
    ],
    ["Nguyễn Ân", "Nguyễn \u200b Ân"],
]


@pytest.mark.parametrize("ways", SPELLINGS, ids=lambda ways: ways[0])
def test_text_tidy_and_fold_know_one_spelling_of_a_name(ways: list[str]) -> None:
    assert {tidy(way) for way in ways} == {ways[0]}
    assert {fold(way) for way in ways} == {fold(ways[0])}
    assert {alphabetical(way) for way in ways} == {alphabetical(ways[0])}


def test_text_fold_leaves_plain_letters() -> None:
    assert fold("\u00d0ỗ \u2019Mông ĐỨC\u200b") == "do 'mong duc"
    assert fold("ឡុង សុភា") == fold("ឡុង\u200bសុភា".replace("\u200b", " "))  # Khmer letters stay


@given(st.text())
def test_text_tidy_and_fold_change_nothing_when_done_again(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(fold(text)) == fold(text)
    assert fold(tidy(text)) == fold(text)


VIETNAMESE = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"


def _letter_by_letter(text: str) -> str:
    """What `fold` promises, asked of every character."""
    unseen = {"\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", *map(chr, range(0xFE00, 0xFE10))}
    seen = [c for c in text if unicodedata.category(c) != "Cf" and c not in unseen]
    alike = (
        dict.fromkeys("`´‘’‛′‵＇｀ꞌʹʻʼʽʾʿˈˊˋ", "'")
        | dict.fromkeys("ÐƉ", "Đ")
        | {"ð": "đ", "ɖ": "đ"}
    )
    one_way = unicodedata.normalize("NFC", "".join(seen)).translate(str.maketrans(alike))
    plain = unicodedata.normalize("NFD", one_way.lower().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@given(
    st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + "az AZ09\t\n\x1f`'’_ðÐ\u0301\u200b"))
)
def test_text_fold_of_ordinary_text_is_that_of_every_character(text: str) -> None:
    assert fold(text) == _letter_by_letter(text)


@given(st.text())
def test_text_fold_of_any_text_is_that_of_every_character(text: str) -> None:
    assert fold(text) == _letter_by_letter(text)


def test_text_fold_of_each_letter_alone_is_that_of_every_character() -> None:
    letters = [chr(code) for code in range(0x3000)]
    assert [c for c in letters if fold(f"a{c}b") != _letter_by_letter(f"a{c}b")] == []


CATALOGUE = Path(__file__).parents[2] / "procedures" / "data"


def test_text_every_procedure_of_the_catalogue_begins_in_small_inside_a_sentence() -> None:
    names = {
        row["name"]
        for file in CATALOGUE.glob("catalogue_*.csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines(keepends=True))
        if "name" in row
    }
    assert len(names) > 300
    assert [name for name in names if in_small(name)[:1] != name[:1].lower()] == []
    assert [name for name in names if in_small(name)[1:] != name[1:]] == [], "no name inside it"


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("Cấp Giấy phép bán lẻ rượu", "cấp Giấy phép bán lẻ rượu"),
        ("Cấp GCN quyền sử dụng đất", "cấp GCN quyền sử dụng đất"),
        ("Cấp đổi Giấy chứng nhận", "cấp đổi Giấy chứng nhận"),
        *((name, name) for name in ("Cà Mau", "Lê Thị Lan", "Thu Hà", "UBND xã", "CẤP GIẤY")),
    ],
)
def test_text_in_small_leaves_names_and_abbreviations(words: str, seen: str) -> None:
    assert in_small(words) == seen
