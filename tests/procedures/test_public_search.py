"""What the public pages answer to a question in people's own words, and where nothing fits."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from motcua.models import Office
from procedures.models import (
    HandledElsewhere,
    LifeEvent,
    LifeEventStep,
    Procedure,
    ProcedureWords,
    RequiredPaper,
    SearchTerm,
    UnansweredQuestion,
)
from procedures.search.lines import PaperCount, place_of
from tests.cast import Cast, make_procedure
from tests.procedures.test_public_catalogue import answering, names, page


@pytest.fixture
def passport(cast: Cast) -> HandledElsewhere:
    matter = HandledElsewhere.objects.create(
        matter="Hộ chiếu",
        words="passport",
        where="Công an tỉnh",
        advice="Có thể nộp trực tuyến.",
    )
    matter.neighbours.set([cast.copy])
    return matter


def search(client: Client, words: str, status: int = 200, **more: object) -> str:
    response = client.get("/thu-tuc/", {"tim": words, **more})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_public_search_the_likeliest_stands_in_a_box_and_the_others_behind_it(
    cast: Cast, client: Client
) -> None:
    ProcedureWords.objects.create(
        procedure=cast.birth, names="làm lại khai sinh", when="Sổ gốc đã mất."
    )
    make_procedure("X903", "Đăng ký khai sinh", "Hộ tịch", "commune", 0, "same_day")

    found = search(client, "khai sinh")

    assert answering(found) == ["X903", "X902"]
    box, _, others = found.partition("Hoặc đúng hơn với việc của ông/bà")
    assert "Đăng ký <mark>khai sinh</mark></a>" in box
    assert "Xem cần mang gì" in box
    assert "Xem cần mang gì" not in others
    assert "Sổ gốc đã mất." in others
    assert "Thường gọi: làm lại khai sinh." in others
    assert "Xếp theo tên" in others


def test_public_search_one_that_is_not_sure_has_no_box(cast: Cast, client: Client) -> None:
    found = search(client, "cấp giấy phép xây dựng nhà heo")

    assert answering(found) == ["H902"]
    assert "chưa có chữ: heo" in found
    assert "Xem cần mang gì" not in found
    assert "Không có thủ tục" not in found


def test_public_search_says_where_to_file_what_to_bring_how_long_and_how_much(
    cast: Cast, client: Client
) -> None:
    version = cast.land.versions.get()
    version.fee_vnd = 15_000
    version.save()
    RequiredPaper.objects.create(version=version, position=3, name="Ủy quyền", is_required=False)

    found = search(client, "đăng ký biến động")

    assert '<span class="place">Nộp ở huyện</span>' in found
    assert "Hạn <b>10 ngày làm việc</b>" in found
    assert "Mang theo <b>2 giấy tờ, thêm 1 nếu có</b>" in found
    assert "Phí, lệ phí: <b>15.000 đ</b>" in found


@pytest.mark.parametrize(
    ("always", "perhaps", "words"),
    [(2, 0, "2 giấy tờ"), (2, 1, "2 giấy tờ, thêm 1 nếu có"), (0, 3, "3 giấy tờ nếu có")],
)
def test_paper_count_says_what_is_always_brought_and_what_perhaps(
    always: int, perhaps: int, words: str
) -> None:
    assert PaperCount(always, perhaps).words == words


def test_place_of_a_procedure_without_districts_is_the_centre_of_the_commune() -> None:
    assert place_of("district", {"district", "commune"}) == "huyện"
    assert place_of("commune", {"district", "commune"}) == "xã, thị trấn"
    assert place_of("province", {"province", "commune"}) == "tỉnh"
    for level in ("district", "commune"):
        assert place_of(level, {"province", "commune"}) == (
            "Trung tâm Phục vụ hành chính công xã, phường"
        )


def test_public_search_tells_how_a_word_was_understood(cast: Cast, client: Client) -> None:
    SearchTerm.objects.create(word="gpxd", means="giấy phép xây dựng")

    found = search(client, "gpxd")

    assert answering(found) == ["H902"]
    assert "“gpxd” được hiểu là <b>giấy phép xây dựng</b>." in found


def test_public_search_marks_no_word_of_another_tone(cast: Cast, client: Client) -> None:
    ProcedureWords.objects.create(procedure=cast.land, names="sang tên sổ đỏ")
    Procedure.objects.filter(pk=cast.land.pk).update(name="Đăng ký do mua bán")

    assert "<mark>" not in search(client, "sang tên sổ đỏ")
    assert "<mark>do</mark>" in search(client, "sang ten so do")


def test_public_search_cuts_a_long_question_and_refuses_none(cast: Cast, client: Client) -> None:
    found = search(client, "giấy phép xây dựng nhà ở " + "cho tôi hỏi với ạ " * 100)

    assert answering(found) == ["H902"]


def test_public_search_what_was_typed_is_never_markup(cast: Cast, client: Client) -> None:
    for words in ("<script>alert(1)</script>", "khai sinh <script>alert(1)</script>"):
        assert "<script>alert" not in search(client, words)


def test_public_search_asks_the_same_for_one_and_for_twenty(cast: Cast, client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            search(client, "cấp bản sao")
        return len(captured)

    make_procedure("H800", "Cấp bản sao trích lục", "Đất đai", "district", 3, "working_day")
    search(client, "cấp bản sao")
    few = statements()
    for number in range(1, 20):
        make_procedure(
            f"H8{number:02}",
            f"Cấp bản sao {number:02}",
            f"Lĩnh vực {number}",
            "district",
            3,
            "month",
        )
    assert len(answering(search(client, "cấp bản sao"))) == 20
    assert statements() == few


def test_public_search_what_another_agency_handles_is_said_with_its_place_and_neighbours(
    passport: HandledElsewhere, client: Client
) -> None:
    found = search(client, "làm hộ chiếu")

    assert "<h1>Hộ chiếu không làm ở đây</h1>" in found
    assert "Nơi làm: Công an tỉnh" in found
    assert "Có thể nộp trực tuyến." in found
    near = found.partition("Gần với việc này, một cửa có làm")[2]
    assert answering(f"<main{near}") == ["X901"]


def test_public_search_nothing_fits_and_what_is_near_is_no_hit(cast: Cast, client: Client) -> None:
    found = search(client, "giấy phép mở quán karaoke")

    assert "<h1>Không có thủ tục nào ở đây về “giấy phép mở quán karaoke”</h1>" in found
    assert "Hoặc đúng hơn" not in found
    assert "Xem cần mang gì" not in found


def test_public_search_says_which_filters_hide_what_would_answer(
    cast: Cast, client: Client
) -> None:
    found = search(client, "khai sinh", cap="district")

    assert "Không có thủ tục nào về “khai sinh” trong phần đã lọc" in found
    assert 'Có <b class="num">1</b> thủ tục nếu bỏ lọc cấp huyện.' in found
    assert '<a href="/thu-tuc/?tim=khai%20sinh">Bỏ lọc và tìm lại</a>' in found
    assert answering(search(client, "khai sinh", cap="commune")) == ["X902"]


def test_public_search_counts_what_was_asked_in_vain_without_filters_on_the_first_page(
    cast: Cast, client: Client
) -> None:
    search(client, "khai sinh")
    search(client, "phi thuyền", cap="district")
    search(client, "phi thuyền", page=2)
    assert not UnansweredQuestion.objects.exists()

    search(client, "phi thuyền")

    assert list(UnansweredQuestion.objects.values_list("words", "times")) == [("phi thuyền", 1)]


def test_public_search_is_printed_in_the_order_of_its_answer(cast: Cast, client: Client) -> None:
    make_procedure("X903", "Đăng ký khai sinh", "Hộ tịch", "commune", 0, "same_day")

    answer = client.get("/thu-tuc/niem-yet-a4.pdf", {"tim": "khai sinh"})

    sheet = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert 0 < sheet.index("X903") < sheet.index("X902")
    assert "H901" not in sheet


def test_office_search_finds_what_this_office_offers_and_names_where_else(
    cast: Cast, client: Client
) -> None:
    here = page(client, "/don-vi/967/?tim=bien+dong")
    elsewhere = page(client, "/don-vi/967/?tim=khai+sinh")

    assert answering(here) == ["H901"]
    assert answering(elsewhere) == []
    assert "<h3>Không có thủ tục nào ở đây về “khai sinh”</h3>" in elsewhere
    assert (
        'Nơi khác nhận: <a href="/thu-tuc/?tim=khai%20sinh"><span class="num">1</span> thủ tục'
        in elsewhere
    )
    assert not UnansweredQuestion.objects.exists()


def test_office_search_tells_what_another_agency_handles(
    passport: HandledElsewhere, client: Client
) -> None:
    found = page(client, "/don-vi/32086/?tim=passport")

    assert "<h3>Hộ chiếu không làm ở đây</h3>" in found
    assert "Nơi làm: Công an tỉnh" in found
    assert "Nơi khác nhận" not in found
    assert answering(found) == ["X901"]


def event_with_steps(cast: Cast) -> LifeEvent:
    event = LifeEvent.objects.create(key="sinh-con", name="Sinh con")
    event.procedures.add(cast.birth, cast.copy)
    second = LifeEventStep.objects.create(
        event=event, position=2, name="Khai sinh", when="Trong 60 ngày"
    )
    second.procedures.add(cast.birth)
    LifeEventStep.objects.create(
        event=event, position=1, name="Chứng sinh", elsewhere="Bệnh viện cấp."
    )
    gone = LifeEventStep.objects.create(event=event, position=3, name="Việc đã bỏ")
    gone.procedures.add(cast.land)
    Procedure.objects.filter(pk=cast.land.pk).update(is_active=False)
    return event


def test_event_of_a_life_shows_its_steps_in_order_and_then_all_its_procedures(
    cast: Cast, client: Client
) -> None:
    event_with_steps(cast)

    found = page(client, "/thu-tuc/?su-kien=sinh-con")

    steps, _, everything = found.partition('<details class="all-of-event"')
    assert 0 < steps.index("<h3>Chứng sinh</h3>") < steps.index("<h3>Khai sinh</h3>")
    assert "Bệnh viện cấp." in steps
    assert "Trong 60 ngày" in steps
    assert answering(steps + "</main>") == ["X902"]
    assert "Việc đã bỏ" not in steps
    assert 'Tất cả <span class="num">2</span> thủ tục của sự kiện này' in everything
    assert sorted(names(everything)) == [
        "Chứng thực bản sao từ bản chính",
        "Đăng ký lại khai sinh",
    ]


def test_event_of_a_life_goes_on_with_words_and_filters(cast: Cast, client: Client) -> None:
    event_with_steps(cast)

    words = search(client, "khai sinh", **{"su-kien": "sinh-con"})
    level = page(client, "/thu-tuc/?su-kien=sinh-con&cap=district")

    assert answering(words) == ["X902"]
    assert "<h3>Chứng sinh</h3>" not in words
    assert "<h3>Chứng sinh</h3>" in level
    assert "<h3>Khai sinh</h3>" not in level


def test_event_of_a_life_asks_the_same_for_one_step_and_for_many(
    cast: Cast, client: Client
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "/thu-tuc/?su-kien=sinh-con")
        return len(captured)

    event = event_with_steps(cast)
    page(client, "/thu-tuc/?su-kien=sinh-con")
    few = statements()
    for number in range(12):
        step = LifeEventStep.objects.create(event=event, name=f"Việc {number}")
        step.procedures.add(cast.birth, cast.copy)

    assert statements() == few


def test_procedure_is_told_at_a_glance_by_its_common_name(cast: Cast, client: Client) -> None:
    ProcedureWords.objects.create(
        procedure=cast.land, names="sang tên sổ đỏ", when="Đã có sổ, nay đổi chủ."
    )
    RequiredPaper.objects.create(
        version=cast.land.versions.get(), position=3, name="Văn bản ủy quyền", is_required=False
    )

    found = page(client, "/thu-tuc/H901/")

    assert "Đã có sổ, nay đổi chủ." in found
    assert "Thường gọi: sang tên sổ đỏ." in found
    glance = found.partition('<dl class="glance">')[2].partition("</dl>")[0]
    assert "10 ngày làm việc" in glance
    assert "<li>Giấy chứng nhận đã cấp (bản gốc)</li>" in glance
    assert "Văn bản ủy quyền" not in glance
    assert 'Thêm <span class="num">1</span> giấy tờ nếu đúng trường hợp' in glance
    assert Office.objects.get(code="967").desk_name in glance


def test_home_asks_by_the_same_words_as_the_catalogue(cast: Cast, client: Client) -> None:
    for address in ("/", "/thu-tuc/", "/don-vi/967/"):
        assert ">Ông/bà cần làm giấy tờ gì?</label>" in page(client, address)
