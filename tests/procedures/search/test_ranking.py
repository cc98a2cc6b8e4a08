"""Which procedure answers, and which first: rules on a small catalogue."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.search.entries import Entry, Found, TextKind
from procedures.search.ranking import MOST_HITS, Index

pytestmark = pytest.mark.pure

BIRTH, AGAIN, MOBILE, ABROAD, WEDDING, COPY, LAND, BUSINESS, ENDS, PERMIT = range(1, 11)
PASSPORT = 101


def entry(
    key: int, name: str, *common: str, often: float = 0.0, result: str = "", sector: str = "Hộ tịch"
) -> Entry:
    texts = [(TextKind.NAME, name), *((TextKind.COMMON_NAME, one) for one in common)]
    texts += [(TextKind.RESULT, result)] if result else []
    return Entry(key, (*texts, (TextKind.SECTOR, sector)), often)


INDEX = Index(
    [
        entry(BIRTH, "Đăng ký khai sinh", "khai sinh", "làm giấy khai sinh", often=1.0),
        entry(AGAIN, "Đăng ký lại khai sinh", "mất giấy khai sinh gốc"),
        entry(MOBILE, "Đăng ký khai sinh lưu động"),
        entry(ABROAD, "Đăng ký khai sinh có yếu tố nước ngoài"),
        entry(WEDDING, "Đăng ký kết hôn", "giấy hôn thú", often=0.6),
        entry(COPY, "Cấp bản sao trích lục hộ tịch", result="Bản sao giấy khai sinh"),
        entry(
            LAND,
            "Đăng ký và cấp Giấy chứng nhận quyền sử dụng đất lần đầu",
            sector="Đất đai",
            often=0.8,
        ),
        entry(BUSINESS, "Đăng ký thành lập hộ kinh doanh", "mở quán", sector="Kinh doanh"),
        entry(ENDS, "Chấm dứt hoạt động hộ kinh doanh", "nghỉ bán", sector="Kinh doanh"),
        entry(PERMIT, "Cấp giấy phép xây dựng nhà ở riêng lẻ", "cất nhà", sector="Xây dựng"),
        Entry(PASSPORT, ((TextKind.ELSEWHERE, "hộ chiếu"), (TextKind.ELSEWHERE, "làm passport"))),
    ],
    [("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"), ("khai sanh", "khai sinh")],
)
ALL = frozenset(range(1, 11))


def ask(text: str, favoured: Mapping[int, float] | None = None) -> Found:
    return INDEX.ask(text, ALL, favoured)


def keys(text: str) -> list[int]:
    return [hit.key for hit in ask(text).hits]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("khai sinh", BIRTH),
        ("khai sinh lưu động", MOBILE),
        ("khai sinh có yếu tố nước ngoài", ABROAD),
        ("đăng ký lại khai sinh", AGAIN),
        ("tôi muốn làm giấy khai sinh", BIRTH),
        ("khai sanh", BIRTH),
        ("hon thu", WEDDING),
        ("hôn kết", WEDDING),
        ("kết h", WEDDING),
        ("làm sổ đỏ", LAND),
        ("so do", LAND),
        ("hộ kinh doanh", BUSINESS),
        ("chấm dứt hộ kinh doanh", ENDS),
        ("xin phép cất nhà", PERMIT),
        ("xay nha", PERMIT),
        ("trích lục", COPY),
        ("ks", BIRTH),
    ],
)
def test_ask_puts_first_what_was_meant(question: str, first: int) -> None:
    assert keys(question)[0] == first


def test_ask_puts_behind_what_is_done_again_elsewhere_or_abroad_unless_asked_for() -> None:
    assert keys("đăng ký khai sinh")[0] == BIRTH
    assert keys("đăng ký khai sinh lưu động")[0] == MOBILE


def test_ask_puts_a_name_before_a_result_before_a_sector() -> None:
    index = Index(
        [
            entry(1, "Việc khác", sector="Hàng hải"),
            entry(2, "Việc nọ", result="Giấy hàng hải"),
            entry(3, "Cấp giấy hàng hải"),
            entry(4, "Không can hệ"),
        ]
    )

    assert [hit.key for hit in index.ask("hàng hải", {1, 2, 3, 4}).hits] == [3, 2, 1]


def test_ask_puts_first_among_equals_what_is_filed_more_and_the_clerks_own_before_all() -> None:
    index = Index(
        [entry(1, "Cấp giấy phép"), entry(2, "Cấp giấy phép", often=0.9), entry(3, "Khác")]
    )

    assert [hit.key for hit in index.ask("giấy phép", {1, 2}).hits] == [2, 1]
    assert [hit.key for hit in index.ask("giấy phép", {1, 2}, {1: 1.0}).hits] == [1, 2]


def test_ask_finds_only_what_it_may() -> None:
    assert [hit.key for hit in INDEX.ask("khai sinh", {ABROAD}).hits] == [ABROAD]
    assert INDEX.ask("khai sinh", set()).hits == ()


@pytest.mark.parametrize("nothing", ["", "   ", "?!", "phi thuyền không gian", "zzz"])
def test_ask_finds_nothing_where_nothing_fits(nothing: str) -> None:
    found = ask(nothing)

    assert found.hits == ()
    assert not found.is_sure


@pytest.mark.parametrize("question", ["hộ chiếu", "làm hộ chiếu", "passport", "ho chieu"])
def test_ask_says_that_another_agency_handles_it(question: str) -> None:
    found = ask(question)

    assert (found.hits, found.elsewhere) == ((), PASSPORT)


def test_ask_prefers_a_procedure_to_a_matter_of_another_agency() -> None:
    index = Index(
        [
            entry(1, "Gia hạn hộ chiếu"),
            Entry(9, ((TextKind.ELSEWHERE, "hộ chiếu"),)),
            entry(3, "Khác"),
        ]
    )

    assert [hit.key for hit in index.ask("gia hạn hộ chiếu", {1, 3}).hits] == [1]


def test_ask_is_sure_only_of_one_that_has_every_word_and_stands_clearly_before_the_others() -> None:
    assert ask("làm sổ đỏ").is_sure
    assert not ask("đăng ký").is_sure
    assert not ask("kết hôn ngoài hành tinh").is_sure


def test_ask_says_which_words_a_hit_lacks_and_how_it_was_understood() -> None:
    hit = ask("đăng ký khai sanh gác").hits[0]

    assert hit.missing == ("gác",)
    assert ask("làm sổ đỏ").hits[0].understood == (("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"),)


def test_ask_tells_the_common_name_by_which_it_was_found() -> None:
    assert ask("giấy hôn thú").hits[0].common_name == "giấy hôn thú"
    assert ask("thành lập hộ kinh doanh").hits[0].common_name == ""


def test_ask_answers_alike_in_any_order_of_entries() -> None:
    turned = Index(
        list(reversed(INDEX.entries)),
        [("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"), ("khai sanh", "khai sinh")],
    )

    for question in ("khai sinh", "hộ kinh doanh", "giấy", "làm sổ đỏ"):
        assert [hit.key for hit in turned.ask(question, ALL).hits] == keys(question)


def test_ask_gives_no_more_hits_than_a_person_reads() -> None:
    index = Index([entry(n, f"Cấp giấy phép số {n}") for n in range(200)])

    assert len(index.ask("giấy phép", set(range(200))).hits) == MOST_HITS


@given(st.text(max_size=120))
def test_ask_bears_every_text_and_orders_by_score(text: str) -> None:
    found = ask(text)
    scores = [hit.score for hit in found.hits]

    assert scores == sorted(scores, reverse=True)
    assert not (found.hits and found.near)
