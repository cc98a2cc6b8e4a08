"""The order of a Vietnamese dictionary."""

import re
import unicodedata

import pytest
from django.core.management import call_command

from motcua.text import alphabetical, whole_number
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
def test_words_stand_as_in_a_dictionary(in_order):
    assert sorted(set(in_order), key=alphabetical) == in_order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa giải", "Hoà giải"),
        ("ĐẤT ĐAI", "đất  đai"),
        ("Đất đai", unicodedata.normalize("NFD", "Đất đai")),
        ("Thành lập (hộ kinh doanh)", "Thành lập - hộ kinh doanh"),
    ],
)
def test_case_signs_and_ways_of_writing_do_not_count(one, other):
    assert alphabetical(one) == alphabetical(other)


@pytest.mark.parametrize("text", ["", "\u0301", "\u0302a", "—", "数"])
def test_any_text_has_a_place(text):
    assert re.fullmatch("[a-z0-9]*", alphabetical(text))


@pytest.mark.django_db
def test_the_database_has_the_same_order():
    call_command("load_base", verbosity=0)
    names = list(Sector.objects.values_list("name", flat=True))
    assert names == sorted(names, key=alphabetical)
    assert names.index("Đất đai") < names.index("Giáo dục và Đào tạo")


def test_a_number_is_of_plain_digits_and_fits_a_column() -> None:
    assert [whole_number(text) for text in ("0", "0967", "9" * 9)] == [0, 967, 10**9 - 1]
    for text in ("", "-1", "+1", " 1", "1.0", "²", "٣", "１", "9" * 10, "9" * 5_000, "a"):
        assert whole_number(text) is None, text
