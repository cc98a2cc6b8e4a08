"""What administrators keep of the search."""

from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procedures.models import (
    HandledElsewhere,
    LifeEvent,
    LifeEventStep,
    Procedure,
    ProcedureWords,
    SearchTerm,
    UnansweredQuestion,
)
from procedures.search.answers import search
from tests.admin_pages import change, errors, page
from tests.cast import Cast, make_staff

pytestmark = pytest.mark.django_db

TERMS = reverse("admin:procedures_searchterm_changelist")
NEW_TERM = reverse("admin:procedures_searchterm_add")
WORDS = reverse("admin:procedures_procedurewords_changelist")
NEW_MATTER = reverse("admin:procedures_handledelsewhere_add")
QUESTIONS = reverse("admin:procedures_unansweredquestion_changelist")


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    """Of who administers every desk."""
    client.force_login(cast.administrator)
    return client


def procedure_page(procedure: Procedure) -> str:
    return reverse("admin:procedures_procedure_change", args=[procedure.pk])


def question(words: str, *, times: int = 3, is_shown: bool = True) -> UnansweredQuestion:
    return UnansweredQuestion.objects.create(
        words=words, times=times, is_shown=is_shown, last_asked_on=date(2026, 3, 2)
    )


# Words and what they mean


def test_admin_search_new_term_finds_at_once(cast: Cast, admin: Client) -> None:
    change(admin, NEW_TERM, word="  zzkhai ", means="đăng ký lại  khai sinh", source="miền Nam")

    term = SearchTerm.objects.get()
    assert (term.word, term.means, term.source) == ("zzkhai", "đăng ký lại khai sinh", "miền Nam")
    hits = search("zzkhai", Procedure.objects.all()).hits
    assert [hit.key for hit in hits] == [cast.birth.pk]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"word": "SỔ ĐỎ", "means": "giấy chứng nhận"},
            "Từ này đã có, với nghĩa “giấy chứng nhận”.",
        ),
        (
            {"word": "làm ở đâu", "means": "giấy chứng nhận"},
            "Những từ như “làm”, “xin”, “ở đâu” được bỏ qua khi tìm, nên không đặt nghĩa riêng "
            "được.",
        ),
        (
            {"word": "lam the nao", "means": "giấy chứng nhận"},
            "Những từ như “làm”, “xin”, “ở đâu” được bỏ qua khi tìm, nên không đặt nghĩa riêng "
            "được.",
        ),
        ({"word": "?!", "means": "giấy chứng nhận"}, "Hãy ghi ít nhất một từ."),
        ({"word": "sổ hồng", "means": "..."}, "Hãy ghi ít nhất một từ."),
    ],
)
def test_admin_search_term_that_says_nothing_new_is_refused_at_its_field(
    admin: Client, typed: dict[str, str], told: str
) -> None:
    SearchTerm.objects.create(word="sổ đỏ", means="giấy chứng nhận")

    response = change(admin, NEW_TERM, **typed)

    assert errors(response) == [told]
    assert f'value="{typed["word"]}"' in response.content.decode()
    assert SearchTerm.objects.count() == 1


def test_admin_search_term_longer_than_eighty_is_refused_at_its_field(admin: Client) -> None:
    response = change(admin, NEW_TERM, word="sổ" * 41, means="giấy chứng nhận")

    assert len(errors(response)) == 1
    assert "80" in errors(response)[0]
    assert not SearchTerm.objects.exists()


def test_admin_search_same_word_may_mean_another_thing(admin: Client) -> None:
    SearchTerm.objects.create(word="sổ đỏ", means="giấy chứng nhận")

    assert errors(change(admin, NEW_TERM, word="sổ đỏ", means="quyền sử dụng đất")) == []

    assert SearchTerm.objects.count() == 2


def test_admin_search_terms_are_searched_without_diacritics(admin: Client) -> None:
    SearchTerm.objects.create(word="sổ đỏ", means="giấy chứng nhận")
    SearchTerm.objects.create(word="gpxd", means="giấy phép xây dựng")

    text = page(admin, f"{TERMS}?q=so+do")

    assert "sổ đỏ" in text
    assert "gpxd" not in text


def test_admin_search_history_tells_who_changed_a_term(admin: Client) -> None:
    change(admin, NEW_TERM, word="sổ đỏ", means="giấy chứng nhận")
    key = SearchTerm.objects.get().pk
    change(admin, reverse("admin:procedures_searchterm_change", args=[key]), means="giấy đất")

    text = page(admin, reverse("admin:procedures_searchterm_history", args=[key]))

    assert "Nghĩa là: giấy chứng nhận → giấy đất" in text
    assert "Cán bộ quan-tri" in text


# What people call a procedure


def test_admin_search_names_are_kept_on_the_page_of_the_procedure(
    cast: Cast, admin: Client
) -> None:
    names = " làm lại khai sinh \r\n\r\nLÀM LẠI KHAI SINH\r\nmất giấy  khai sinh\r\n"
    change(
        admin,
        procedure_page(cast.birth),
        life_events="",
        **{"words-0-names": names, "words-0-when": "Đã mất bản chính.", "words-0-often": "4"},
    )

    words = ProcedureWords.objects.get()
    assert words.names == "làm lại khai sinh\nmất giấy khai sinh"
    assert (words.procedure, words.when, words.often) == (cast.birth, "Đã mất bản chính.", 4)
    assert words.history.count() == 1


def test_admin_search_page_of_a_procedure_saved_as_it_is_makes_no_words(
    cast: Cast, admin: Client
) -> None:
    assert errors(change(admin, procedure_page(cast.birth), life_events="")) == []

    assert not ProcedureWords.objects.exists()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            "\n".join(f"cách gọi {number}" for number in range(31)),
            "Có 31 cách gọi; chỉ ghi được 30.",
        ),
        (
            "a" * 81,
            "Cách gọi “aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…” dài 81 ký tự; chỉ ghi được 80.",
        ),
        ("làm lại khai sinh\n???", "Cách gọi “???” không có chữ nào."),
    ],
)
def test_admin_search_too_many_or_too_long_names_are_refused_at_their_field(
    cast: Cast, admin: Client, names: str, told: str
) -> None:
    response = change(
        admin, procedure_page(cast.birth), **{"life_events": "", "words-0-names": names}
    )

    assert errors(response) == [told]
    assert names.splitlines()[0] in response.content.decode()
    assert not ProcedureWords.objects.exists()


def test_admin_search_list_of_names_is_searched_without_diacritics_and_adds_nothing(
    cast: Cast, admin: Client
) -> None:
    ProcedureWords.objects.create(procedure=cast.birth, names="làm lại khai sinh")
    ProcedureWords.objects.create(procedure=cast.land, names="sang tên sổ đỏ")

    text = page(admin, f"{WORDS}?q=sang+ten")

    assert "sang tên sổ đỏ" in text
    assert "làm lại khai sinh" not in text
    assert admin.get(reverse("admin:procedures_procedurewords_add")).status_code == 403


def test_admin_search_names_are_changed_in_their_own_list_too(cast: Cast, admin: Client) -> None:
    words = ProcedureWords.objects.create(procedure=cast.birth, names="làm lại khai sinh")
    address = reverse("admin:procedures_procedurewords_change", args=[words.pk])

    change(admin, address, names="mất khai sinh\nmất khai sinh")

    words.refresh_from_db()
    assert (words.names, words.procedure) == ("mất khai sinh", cast.birth)


# Other agencies, events


def test_admin_search_matter_names_its_neighbours_by_their_keys(cast: Cast, admin: Client) -> None:
    change(
        admin,
        NEW_MATTER,
        matter="Hộ chiếu",
        words="passport\npassport",
        where="Phòng Quản lý xuất nhập cảnh, Công an tỉnh",
        neighbours=" X902, H901 ",
    )

    matter = HandledElsewhere.objects.get()
    assert matter.words == "passport"
    assert set(matter.neighbours.all()) == {cast.birth, cast.land}
    address = reverse("admin:procedures_handledelsewhere_change", args=[matter.pk])
    assert "X902: Đăng ký lại khai sinh" in page(admin, address)


def test_admin_search_matter_with_an_unknown_key_is_told_and_loses_nothing(
    cast: Cast, admin: Client
) -> None:
    response = change(
        admin, NEW_MATTER, matter="Hộ chiếu", words="passport", where="Công an", neighbours="X9"
    )

    assert errors(response) == ["Không có thủ tục nào mang mã “X9”."]
    assert 'value="X9"' in response.content.decode()
    assert not HandledElsewhere.objects.exists()


def test_admin_search_steps_are_kept_with_their_event(cast: Cast, admin: Client) -> None:
    event = LifeEvent.objects.create(key="sinh-con", name="Sinh con")
    address = reverse("admin:procedures_lifeevent_change", args=[event.pk])

    change(
        admin,
        address,
        **{
            "steps-0-position": "1",
            "steps-0-name": "Khai sinh",
            "steps-0-when": "Trong 60 ngày",
            "steps-0-procedures": "X902",
        },
    )

    step = LifeEventStep.objects.get()
    assert (step.event, step.name, step.when) == (event, "Khai sinh", "Trong 60 ngày")
    assert list(step.procedures.all()) == [cast.birth]
    assert errors(change(admin, address, **{"steps-0-procedures": "X902"})) == []
    assert list(step.procedures.all()) == [cast.birth]


def test_admin_search_page_of_an_event_asks_the_same_for_one_and_many_steps(
    cast: Cast, admin: Client
) -> None:
    def asked(event: LifeEvent) -> int:
        address = reverse("admin:procedures_lifeevent_change", args=[event.pk])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(admin, address)
        return len(queries)

    one = LifeEvent.objects.create(key="mot", name="Một")
    many = LifeEvent.objects.create(key="nhieu", name="Nhiều")
    for event, count in ((one, 1), (many, 6)):
        for number in range(count):
            step = LifeEventStep.objects.create(event=event, name=f"Bước {number}")
            step.procedures.add(cast.birth, cast.copy)

    asked(one)
    assert asked(one) == asked(many)


# What was asked in vain


def test_admin_search_questions_that_three_asked_are_read_with_what_to_do(admin: Client) -> None:
    shown = question("nuôi cá sấu", times=7)
    question("tên tôi", times=2, is_shown=False)

    text = page(admin, QUESTIONS)

    assert "nuôi cá sấu" in text
    assert "tên tôi" not in text
    assert f'href="{NEW_TERM}?word={quote("nuôi cá sấu").replace("%20", "+")}"' in text
    delete = reverse("admin:procedures_unansweredquestion_delete", args=[shown.pk])
    assert f'href="{delete}"' in text


def test_admin_search_question_fills_the_page_of_a_new_term(admin: Client) -> None:
    assert 'value="nuôi cá sấu"' in page(admin, f"{NEW_TERM}?word=nu%C3%B4i+c%C3%A1+s%E1%BA%A5u")


def test_admin_search_question_is_deleted_after_it_was_confirmed(admin: Client) -> None:
    shown = question("nuôi cá sấu")
    delete = reverse("admin:procedures_unansweredquestion_delete", args=[shown.pk])

    page(admin, delete)
    assert UnansweredQuestion.objects.exists()

    admin.post(delete, {"post": "yes"})
    assert not UnansweredQuestion.objects.exists()


def test_admin_search_question_is_neither_added_nor_changed(admin: Client) -> None:
    shown = question("nuôi cá sấu")

    assert admin.get(reverse("admin:procedures_unansweredquestion_add")).status_code == 403
    address = reverse("admin:procedures_unansweredquestion_change", args=[shown.pk])
    assert admin.post(address, {"words": "khác"}).status_code == 403
    shown.refresh_from_db()
    assert shown.words == "nuôi cá sấu"


def test_admin_search_question_that_few_asked_is_not_there(admin: Client) -> None:
    hidden = question("tên tôi", times=2, is_shown=False)

    for name in ("change", "delete"):
        address = reverse(f"admin:procedures_unansweredquestion_{name}", args=[hidden.pk])
        assert admin.get(address).status_code == 404
    chosen = {"action": "delete_selected", "_selected_action": hidden.pk, "post": "yes"}
    admin.post(QUESTIONS, chosen)
    assert UnansweredQuestion.objects.filter(pk=hidden.pk).exists()


def test_admin_search_administrator_of_one_commune_reads_and_is_offered_nothing(
    cast: Cast, client: Client
) -> None:
    client.force_login(make_staff("xa", cast.tan_loc, "administrator", is_staff=True))
    question("nuôi cá sấu")

    text = page(client, QUESTIONS)

    assert "nuôi cá sấu" in text
    assert "Thêm từ đồng nghĩa" not in text


@pytest.mark.parametrize("address", [TERMS, WORDS, QUESTIONS])
def test_admin_search_lists_ask_the_same_for_one_and_many_rows(
    cast: Cast, admin: Client, address: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(admin, address)
        return len(queries)

    SearchTerm.objects.create(word="sổ đỏ", means="giấy chứng nhận")
    ProcedureWords.objects.create(procedure=cast.birth)
    question("nuôi cá sấu")
    asked()
    few = asked()
    for number, procedure in enumerate((cast.land, cast.building, cast.copy)):
        SearchTerm.objects.create(word=f"từ {number}", means="giấy chứng nhận")
        ProcedureWords.objects.create(procedure=procedure, names="tên khác")
        question(f"câu {number}")

    assert asked() == few
