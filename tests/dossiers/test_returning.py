"""The return counter: what is scanned, what lies ready, who takes it, what is said where nothing
does."""

import logging
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from dossiers.rules.states import State
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import logged_in, text
from tests.dossiers.printed import looked_at, printed
from tests.dossiers.return_pages import (
    CARD,
    MAU,
    NUMBER,
    OTHER,
    RETURN,
    SEARCH,
    UNDO,
    form_of,
    press,
    ready,
    received,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False) as traveller:
        yield traveller


def test_return_counter_hands_over_to_the_applicant_with_enter_alone(cast: Cast) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    scanned = client.post(RETURN, {"q": dossier.code.lower(), "token": str(uuid4())})
    assert scanned["Location"] == f"{RETURN}?ma={dossier.code}"
    page = client.get(scanned["Location"])
    assert "Nguyễn Thị Mẫu, chủ hồ sơ" in text(page)
    done = press(client, page)
    assert done["Location"] == f"{RETURN}?xong={dossier.code}"
    dossier.refresh_from_db()
    assert dossier.current_state is State.HANDED_OVER
    assert (dossier.collector_name, dossier.collector_paper) == ("Nguyễn Thị Mẫu", "")
    assert dossier.handed_over_by == "desk"
    told = text(client.get(done["Location"]))
    assert "Đã trả 1 kết quả cho Nguyễn Thị Mẫu" in told
    assert "Đã trả hôm nay: 1 kết quả" in told


@pytest.mark.parametrize(
    "typed", ["http://127.0.0.1:8000/tra-cuu/?ma={}", "  {}\r\n", "Nguyen Thi Mau", NUMBER]
)
def test_return_counter_finds_what_was_scanned_or_typed(cast: Cast, typed: str) -> None:
    dossier = ready(cast)
    client = logged_in(cast.clerk)
    page = client.post(RETURN, {"q": typed.format(dossier.code)}, follow=True)
    assert page.context["person"] == dossier


def test_return_counter_shows_all_that_lies_ready_for_the_person_and_what_is_owed(
    cast: Cast,
) -> None:
    paid = ready(cast, fee_vnd=50000, fee_paid=True)
    owed = ready(cast, fee_vnd=75000)
    received(cast, applicant_id="096205000456", applicant_name="Trần Văn Ví Dụ")
    coming = received(cast)
    client = logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": owed.code})
    assert [(r.dossier.code, r.owed, r.money) for r in page.context["results"]] == [
        (owed.code, 75000, "phí, lệ phí chưa thu"),
        (paid.code, 0, "đã thu"),
    ]
    assert page.context["others"] == [coming]
    assert "Thu tiền, trả 2 kết quả" in text(page)
    assert press(client, page)["Location"] == f"{RETURN}?xong={paid.code}&xong={owed.code}"
    kinds = list(owed.events.exclude(kind="read").values_list("kind", flat=True))
    assert kinds[-2:] == ["correct", "hand_over"]
    owed.refresh_from_db()
    assert owed.fee_paid
    assert owed.events.filter(kind="correct").get().note == "Thu phí, lệ phí khi trả kết quả"


def test_return_counter_hands_over_only_what_is_ticked(cast: Cast) -> None:
    first, second = ready(cast), ready(cast)
    client = logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": first.code})
    press(client, page, **{"ho-so": [second.code]})
    assert [Dossier.objects.get(pk=d.pk).state for d in (first, second)] == [9, 10]
    none = press(client, client.get(RETURN, {"ma": first.code}), **{"ho-so": []})
    assert none.status_code == 422
    assert "Hãy đánh dấu ít nhất một kết quả." in text(none)


def test_return_counter_other_person_needs_a_name_and_nothing_typed_is_lost(cast: Cast) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": dossier.code})
    again = press(client, page, collector="other", name="", paper="Giấy giới thiệu")
    assert again.status_code == 422
    assert "Hãy ghi họ tên người nhận" in text(again)
    assert again.context["form"]["paper"].value() == "Giấy giới thiệu"
    press(client, again, collector="other", name="Lê Văn Rạch")
    dossier.refresh_from_db()
    assert (dossier.collector_name, dossier.collector_paper) == ("Lê Văn Rạch", "Giấy giới thiệu")


def test_return_counter_proposes_who_filed_for_an_organisation(cast: Cast) -> None:
    dossier = ready(
        cast,
        applicant_kind="organisation",
        applicant_name="Công ty Mẫu",
        applicant_id="2000123456",
        submitter_name="Lê Văn Rạch",
        authority_paper="giấy ủy quyền ngày 01/03/2016",
    )
    client = logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": dossier.code})
    assert page.context["form"]["collector"].value() == "submitter"
    press(client, page)
    dossier.refresh_from_db()
    assert dossier.collector_name == "Lê Văn Rạch"
    assert dossier.collector_paper == "giấy ủy quyền ngày 01/03/2016"


# Cards


def test_return_counter_card_of_the_applicant_opens_what_lies_ready(cast: Cast) -> None:
    dossier = ready(cast)
    page = logged_in(cast.clerk).post(RETURN, {"q": MAU})
    assert page.context["person"] == dossier
    assert page.context["form"]["paper"].value() == f"CCCD {NUMBER}"


def test_return_counter_card_of_the_applicant_hands_over_what_is_shown(cast: Cast) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": dossier.code})
    done = press(client, page, q=MAU)
    assert done["Location"] == f"{RETURN}?xong={dossier.code}"
    dossier.refresh_from_db()
    assert (dossier.collector_name, dossier.collector_paper) == (
        "Nguyễn Thị Mẫu",
        f"CCCD {NUMBER}",
    )


def test_return_counter_card_only_chooses_the_collector_while_something_is_owed(
    cast: Cast,
) -> None:
    dossier, client = ready(cast, fee_vnd=75000), logged_in(cast.clerk)
    page = press(client, client.get(RETURN, {"ma": dossier.code}), q=MAU)
    assert page.status_code == 200
    assert page.context["form"]["paper"].value() == f"CCCD {NUMBER}"
    press(client, page)
    assert Dossier.objects.get(pk=dossier.pk).handed_over_on is not None


def test_return_counter_card_of_somebody_else_is_filled_in_and_enter_hands_over(
    cast: Cast,
) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    page = press(client, client.get(RETURN, {"ma": dossier.code}), q=OTHER)
    form = page.context["form"]
    assert [form[name].value() for name in ("collector", "name", "paper")] == [
        "other",
        "Trần Văn Ví Dụ",
        "CCCD 096205000456",
    ]
    press(client, page)
    assert Dossier.objects.get(pk=dossier.pk).collector_name == "Trần Văn Ví Dụ"


def test_return_counter_card_of_the_next_citizen_shows_that_ones_results(cast: Cast) -> None:
    first = ready(cast)
    second = ready(cast, applicant_name="Trần Văn Ví Dụ", applicant_id="096205000456")
    client = logged_in(cast.clerk)
    page = press(client, client.get(RETURN, {"ma": first.code}), q=OTHER)
    assert page.context["person"] == second
    assert Dossier.objects.get(pk=first.pk).handed_over_on is None


def test_return_counter_card_stands_in_no_address_session_event_or_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    ready(cast)
    client = logged_in(cast.clerk)
    with caplog.at_level(logging.DEBUG):
        page = client.post(RETURN, {"q": MAU})
        done = press(client, page, q=MAU)
        client.post(RETURN, {"q": "GD4960012345678|4e677579|05/03/1990|2||" + "x|" * 5})
        client.post(CARD, {"text": MAU})
        search = client.post(SEARCH, {"q": MAU})
    assert "|" not in done["Location"] + search["Location"]
    assert all("Ấp 1|" not in str(s.get_decoded()) for s in Session.objects.all())
    assert "05031990" not in str(list(Event.objects.values_list("note", "details", "changes")))
    ours = [r for r in caplog.records if not r.name.startswith("django.db")]
    assert not [r for r in ours if "05031990" in r.getMessage()]


def test_return_counter_card_scanned_after_the_session_ended_is_scanned_again(cast: Cast) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": dossier.code})
    sent = form_of(page, q=OTHER)
    Session.objects.all().delete()
    login = client.post(RETURN, sent)
    assert login.status_code == 401
    assert "15072005" not in login.content.decode()
    client.force_login(cast.clerk)
    again = client.post(RETURN, {name: value for name, value in sent.items() if name != "q"})
    assert again.status_code == 422
    assert "Mời quét lại." in text(again)
    assert Dossier.objects.get(pk=dossier.pk).handed_over_on is None


def test_return_counter_health_insurance_card_is_not_taken_for_a_card(cast: Cast) -> None:
    insured = "GD4960012345678|4e677579e1bb856e|05/03/1990|2|4e67|96 - 001|01/01/2026|-"
    page = logged_in(cast.clerk).post(RETURN, {"q": insured})
    assert page.status_code == 422
    assert "Đây không phải mã trên thẻ căn cước" in text(page)
    assert "4e677579" not in page.content.decode()


def test_card_answers_its_fields_and_warnings(cast: Cast) -> None:
    client = logged_in(cast.clerk)
    assert client.post(CARD, {"text": MAU}).json() == {
        "found": True,
        "fields": {
            "number": NUMBER,
            "old_number": "381234567",
            "name": "Nguyễn Thị Mẫu",
            "born": "05/03/1990",
            "sex": "Nữ",
            "address": "Ấp 1",
            "issued": "12/08/2021",
        },
        "warnings": [],
    }
    assert client.post(CARD, {"text": "Nguyễn Thị Mẫu"}).json() == {"found": False}
    assert client.post(CARD).json() == {"found": False}


def test_dossier_list_takes_a_card_as_its_number(cast: Cast) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    assert client.post(SEARCH, {"q": MAU})["Location"] == f"/ho-so/{dossier.code}/"
    unread = client.post(SEARCH, {"q": MAU[1:]}, follow=True)
    assert "Không đọc được thẻ vừa quét." in text(unread)


# Nothing to hand over


def test_return_counter_not_ready_says_when_why_and_what_to_say(cast: Cast) -> None:
    dossier = received(cast)
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    page = logged_in(cast.clerk).get(RETURN, {"ma": dossier.code})
    why = page.context["why"]
    assert why.heading == "Chưa có kết quả để trả"
    assert why.when == "17:00 thứ Ba 15/03/2016"
    assert why.left.words == "còn 4 ngày làm việc"
    assert why.why == "Chi nhánh Văn phòng Đăng ký đất đai huyện đang giải quyết."
    assert why.say == (
        "Hồ sơ của ông/bà hẹn trả 17:00 thứ Ba 15/03/2016. Có kết quả, chúng tôi gọi số 0900000456."
    )
    assert "Lê Văn Đời" not in text(page)


def test_return_counter_not_ready_waiting_for_papers_names_them(cast: Cast) -> None:
    dossier = received(cast)
    perform.ask_supplement(dossier, by=cast.clerk, items="Trích lục bản đồ\nĐơn", reason="Thiếu")
    why = logged_in(cast.clerk).get(RETURN, {"ma": dossier.code}).context["why"]
    assert (why.heading, why.bring, why.when) == (
        "Hồ sơ đang chờ bổ sung giấy tờ",
        ("Trích lục bản đồ", "Đơn"),
        "",
    )


def test_return_counter_already_returned_says_when_and_to_whom(cast: Cast) -> None:
    dossier = ready(cast)
    perform.hand_over(dossier, by=cast.clerk, collector_name="Lê Văn Rạch")
    why = logged_in(cast.clerk).get(RETURN, {"ma": dossier.code}).context["why"]
    assert why.why == "Kết quả đã được trả lúc 10:00 thứ Tư 09/03/2016 cho Lê Văn Rạch."


def test_return_counter_second_clerk_is_told_who_has_it_already(cast: Cast) -> None:
    dossier = ready(cast)
    first, second = logged_in(cast.clerk), logged_in(make_staff("quay-2", cast.district, "clerk"))
    pages = [client.get(RETURN, {"ma": dossier.code}) for client in (first, second)]
    assert press(first, pages[0]).status_code == 302
    refused = press(second, pages[1])
    assert refused.status_code == 409
    assert "Kết quả đã được trả lúc 10:00 thứ Tư 09/03/2016 cho Nguyễn Thị Mẫu." in text(refused)
    assert dossier.events.filter(kind="hand_over").count() == 1


def test_return_counter_of_several_names_each_refusal_and_does_the_rest(cast: Cast) -> None:
    first, second = ready(cast), ready(cast)
    client = logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": first.code})
    perform.hand_over(second, by=cast.leader, collector_name="Lê Văn Rạch")
    done = client.post(RETURN, form_of(page), follow=True)
    assert done.context["done"] == [first]
    assert f"{second.code}: Kết quả đã được trả" in text(done)


# Scope


def test_return_counter_another_offices_dossier_is_as_unknown_as_none(cast: Cast) -> None:
    theirs = ready(cast, office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk)
    client = logged_in(cast.other_clerk)
    none = f"{theirs.code[:-4]}9999"  # of the same desk, and nobody's
    by_code = [
        client.get(RETURN, {"ma": theirs.code}),
        client.post(RETURN, {"q": theirs.code}),
        client.get(RETURN, {"ma": none}),
        client.post(RETURN, {"q": none}),
    ]
    by_person = [client.post(RETURN, {"q": q}) for q in (MAU, OTHER)]
    assert {page.status_code for page in by_code + by_person} == {404}
    assert [len({text(page) for page in pages}) for pages in (by_code, by_person)] == [1, 1]
    sent = {"q": "", "ma": theirs.code, "ho-so": [theirs.code], "collector": "applicant"}
    assert client.post(RETURN, {**sent, "token": str(uuid4())}).status_code == 404
    assert Dossier.objects.get(pk=theirs.pk).handed_over_on is None


def test_return_counter_asks_as_many_statements_for_one_result_as_for_many(cast: Cast) -> None:
    client, counts = logged_in(cast.clerk), []
    first = ready(cast)
    client.get(RETURN)  # the calendar, the office: known from the first page on
    for more in (0, 5):
        for _ in range(more):
            ready(cast, fee_vnd=1000)
        with CaptureQueriesContext(connection) as asked:
            client.get(RETURN, {"ma": first.code})
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Event.objects.filter(kind="read", actor=cast.clerk).count() == 6


def test_return_counter_asks_as_many_statements_after_one_was_handed_over_as_after_many(
    cast: Cast,
) -> None:
    client, counts = logged_in(cast.clerk), []
    for many in (1, 5):
        given = [ready(cast, fee_vnd=1000) for _ in range(many)]
        done = press(client, client.get(RETURN, {"ma": given[0].code}))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(done["Location"])
        counts.append(len(asked))
        assert page.context["undoable"] == given
        assert page.context["taken"] == 1000 * many
    assert counts[0] == counts[1]


def test_return_counter_offers_what_lies_ready_first(cast: Cast) -> None:
    given = ready(cast)
    perform.hand_over(given, by=cast.clerk, collector_name="Lê Văn Rạch")
    lies_ready, coming = ready(cast), received(cast)
    page = logged_in(cast.clerk).post(RETURN, {"q": "nguyễn thị mẫu"})
    assert page.context["hits"] == [lies_ready, coming, given]


# Undone at once


def undo(client: Client, *dossiers: Dossier) -> object:
    codes = [dossier.code for dossier in dossiers]
    return client.post(UNDO, {"token": str(uuid4()), "ho-so": codes})


def test_return_undo_within_five_minutes_takes_back_result_and_money(
    cast: Cast, on_a_wednesday: time_machine.Traveller
) -> None:
    dossier, client = ready(cast, fee_vnd=75000), logged_in(cast.clerk)
    press(client, client.get(RETURN, {"ma": dossier.code}))
    on_a_wednesday.shift(299)
    assert client.get(RETURN, {"xong": dossier.code}).context["undoable"] == [dossier]
    assert undo(client, dossier)["Location"] == f"{RETURN}?ma={dossier.code}"
    dossier.refresh_from_db()
    assert (dossier.current_state, dossier.fee_paid) == (State.RESOLVED, False)
    assert dossier.collector_name == ""


@pytest.mark.parametrize("why", ["later", "somebody else", "printed"])
def test_return_undo_is_refused_later_to_others_and_after_a_print(
    cast: Cast, on_a_wednesday: time_machine.Traveller, why: str
) -> None:
    dossier, client = ready(cast), logged_in(cast.clerk)
    press(client, client.get(RETURN, {"ma": dossier.code}))
    if why == "later":
        on_a_wednesday.shift(301)
    elif why == "printed":
        perform.record_print(dossier, by=cast.clerk, paper="control")
    else:
        client = logged_in(make_staff("quay-2", cast.district, "clerk"))
    assert client.get(RETURN, {"xong": dossier.code}).context["undoable"] == []
    refused = undo(client, dossier)
    assert refused.status_code == 409
    assert Dossier.objects.get(pk=dossier.pk).current_state is State.HANDED_OVER


# Money, and the paper to sign


@pytest.mark.parametrize(("way", "words"), [("cash", "tiền mặt"), ("transfer", "chuyển khoản")])
def test_return_counter_keeps_how_the_fee_was_paid(cast: Cast, way: str, words: str) -> None:
    owed, free = ready(cast, fee_vnd=75000), ready(cast)
    client = logged_in(cast.clerk)
    page = client.get(RETURN, {"ma": owed.code})
    assert page.context["form"]["paid_by"].value() == "cash"
    done = press(client, page, paid_by=way)
    assert f"đã thu 75.000 đ ({words})" in text(client.get(done["Location"]))
    (taken,) = Event.objects.filter(kind="correct")
    assert (taken.dossier, taken.details) == (owed, {"paid_by": way})
    assert f"(thu {words})" in text(client.get(f"/ho-so/{owed.code}/"))
    other = ready(cast, applicant_id="096205000456")
    assert "paid_by" not in client.get(RETURN, {"ma": other.code}).context["form"].fields
    assert not free.events.filter(kind="correct").exists()


def test_return_counter_asks_how_it_was_paid_where_nobody_said(cast: Cast) -> None:
    owed, client = ready(cast, fee_vnd=75000), logged_in(cast.clerk)
    again = press(client, client.get(RETURN, {"ma": owed.code}), paid_by="")
    assert again.status_code == 422
    assert "Hãy chọn thu bằng tiền mặt hay chuyển khoản." in text(again)
    assert not owed.events.filter(kind__in=["correct", "hand_over"]).exists()


def test_return_counter_receipt_is_printed_for_who_takes_the_results(
    cast: Cast, tmp_path: Path
) -> None:
    owed, free = ready(cast, fee_vnd=75000, address="Ấp 1"), ready(cast)
    client = logged_in(cast.clerk)
    done = press(client, client.get(RETURN, {"ma": owed.code}), paid_by="transfer")
    page = client.get(done["Location"])
    where = f"{RETURN}ky-nhan.pdf?ho-so={owed.code}&ho-so={free.code}"
    assert where.replace("&", "&amp;") in page.content.decode()
    assert "BẢN XEM" in looked_at(client, where, tmp_path)
    words = printed(client, where, tmp_path, rows=True)
    for each in (
        "GIẤY KÝ NHẬN KẾT QUẢ",
        "đã trả kết quả cho: Nguyễn Thị Mẫu",
        "Thời gian trả: 10 giờ 00 phút, ngày 09 tháng 3 năm 2016",
        "Phương thức nhận: nhận tại bộ phận một cửa",
        owed.code,
        free.code,
        "75.000 đ",
        "chuyển khoản",
        "Tổng số: 2 kết quả (bằng chữ: hai).",
        "NGƯỜI NHẬN KẾT QUẢ",
        "Trần Thị Mận",
    ):
        assert each in words, words
    assert "BẢN IN LẠI LẦN 1" in printed(client, where, tmp_path)
    prints = Event.objects.filter(kind="print", details__paper="receipt")
    assert sorted(prints.values_list("dossier", "details__copy")) == [
        (d.pk, n) for d in (owed, free) for n in (1, 2)
    ]
    assert client.get(done["Location"]).context["undoable"] == []


def test_return_counter_receipt_is_of_one_person_and_of_the_own_scope(cast: Cast) -> None:
    given, other, waits = (ready(cast) for _ in range(3))
    perform.hand_over(given, by=cast.clerk, collector_name="Nguyễn Thị Mẫu")
    perform.hand_over(other, by=cast.clerk, collector_name="Lê Văn Rạch")
    address = f"{RETURN}ky-nhan.pdf"
    client = logged_in(cast.clerk)
    assert client.get(address, {"ho-so": [given.code, other.code]}).status_code == 404
    assert client.get(address, {"ho-so": [waits.code]}).status_code == 404
    stranger = logged_in(cast.other_clerk)
    assert stranger.get(address, {"ho-so": [given.code]}).status_code == 404


def test_return_counter_names_the_desk_of_a_code_whether_the_dossier_exists_or_not(
    cast: Cast,
) -> None:
    there = cast.received(
        "2016-03-01T09:00", office=cast.bien_bach, procedure=cast.birth, by=cast.other_clerk
    )
    client = logged_in(cast.commune_clerk)
    said = []
    for code in (there.code, there.code[:-4] + "0999"):
        answer = client.post(RETURN, {"q": code})
        assert answer.status_code == 404
        said.append(text(answer).partition("Mã này")[2].partition(" Đã trả")[0])
    assert said[0] == said[1]
    assert said[0].startswith(" do Bộ phận Tiếp nhận và Trả kết quả xã Biển Bạch cấp")
    assert "Không tìm thấy hồ sơ nào." in text(client.post(RETURN, {"q": "H99.1-160301-0001"}))
