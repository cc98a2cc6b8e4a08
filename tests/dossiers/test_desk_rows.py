"""One line of a queue: what it says, which columns a page needs, how a queue is narrowed, and the
acts on ticked rows."""

import doctest
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk import queues
from dossiers.desk.lists import short_words
from dossiers.desk.lists.rows import DeskRow, columns_of, rows_of
from dossiers.lifecycle import perform, steps
from dossiers.models import Dossier, Event
from dossiers.rules.states import MoveRefused, State
from motcua.models import Staff
from tests.cast import Cast, make_procedure, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db

DESK, BUNDLE = "/ban-lam-viec/", "/ban-lam-viec/giao-nhan/"
MONDAY = date(2016, 10, 3)


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(vn("2016-10-03T08:00"), tick=False):
        yield


def queue_of(key: str) -> queues.Queue:
    return next(queue for queue in queues.QUEUES if queue.key == key)


def rows(staff: Staff, key: str) -> list[DeskRow]:
    queue = queue_of(key)
    return rows_of(queues.dossiers_in(queue, staff, MONDAY), staff, queue, MONDAY)


def ready(cast: Cast, at: str = "2016-09-20T09:00", **fields: object) -> Dossier:
    dossier = cast.received("2016-09-19T09:00", **fields)
    perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved")
    return dossier


def press(client: Client, act: str, dossiers: list[Dossier], **more: str) -> object:
    data = {"act": act, "token": str(uuid4()), "ho-so": [each.code for each in dossiers]}
    return client.post(BUNDLE, data | more, follow=True)


def test_short_words_examples_hold():
    assert doctest.testmod(short_words).failed == 0


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("H12.TAM.967-261130-N0021", "261130-N0021"),
        ("so-cu/17", "so-cu/17"),
    ],
)
def test_short_code_is_day_and_serial(whole: str, short: str):
    assert short_words.short_code(whole) == short


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("Phòng Tài chính - Kế hoạch", "Tài chính - Kế hoạch"),
        ("Lãnh đạo ký duyệt", "Lãnh đạo ký duyệt"),
        ("Phòng một cửa", "Một cửa"),
    ],
)
def test_short_place_leaves_out_what_all_divisions_share(whole: str, short: str):
    assert short_words.short_place(whole) == short


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("đến hạn hôm nay", "hôm nay"),
        ("còn 2 ngày làm việc", "còn 2 ngày"),
        ("quá hạn 12 ngày làm việc, đã chờ 3 ngày", "quá 12 ngày"),
        ("chưa tới 1 ngày làm việc", "dưới 1 ngày"),
        ("còn 40 ngày (chưa có lịch làm việc năm 2031)", "còn 40 ngày lịch"),
        ("đã chờ 9 ngày, đúng hạn", "chờ 9 ngày"),
    ],
)
def test_short_time_says_the_days_alone(whole: str, short: str):
    assert short_words.short_time(whole) == short


def test_cut_names_a_short_name_and_one_without_a_sibling_stay_whole():
    alone = "Xác nhận tiếp tục sử dụng đất nông nghiệp của hộ gia đình, cá nhân"
    assert short_words.cut_names(["Tách thửa", alone], ["Tách thửa", alone]) == {
        "Tách thửa": "Tách thửa",
        alone: alone,
    }


def test_row_says_short_code_days_place_and_next_act_and_the_whole_words_beside(
    cast: Cast,
) -> None:
    dossier = cast.received("2016-09-14T09:00")
    perform.forward(dossier, by=cast.clerk, at=vn("2016-09-14T09:30"), division=cast.land_division)
    cast.received("2016-09-14T10:00")
    first = rows(cast.clerk, "qua-han")[0]
    assert first.code == dossier.code.removeprefix("H12.TAM.967-")
    assert (first.due, first.left_short) == ("28/09", "quá 3 ngày")
    assert (first.place_short, first.place) == ("VP Đăng ký đất đai", cast.land_division.name)
    assert first.act is not None
    assert (first.act.short, first.act.words) == ("Ghi kết quả", "Ghi nhận kết quả")
    page = text(logged_in(cast.clerk).get(f"{DESK}?hang-doi=qua-han"))
    assert dossier.code in page
    assert "quá hạn 3 ngày làm việc" in page


def test_row_that_is_handed_on_says_where_it_goes_as_the_act_on_many_does(cast: Cast) -> None:
    nowhere = make_procedure("H903", "Thủ tục lạ", "Khác", "district", 5, "working_day")
    known, unknown = cast.received(), cast.received(procedure=nowhere)
    said = {row.dossier: row.place for row in rows(cast.clerk, "cho-chuyen")}
    assert said == {known: cast.land_division.name, unknown: "nơi chưa rõ"}
    proposed = steps.proposal(Dossier.objects.get(pk=known.pk))
    assert proposed is not None
    assert said[known] == proposed.words


def test_columns_that_say_the_same_in_every_row_are_not_there(cast: Cast) -> None:
    for _ in range(2):
        perform.forward(cast.received(), by=cast.clerk, division=cast.land_division)
    mine = queue_of("o-phong")
    assert columns_of(rows(cast.specialist, "o-phong"), mine).place == ""
    late = queue_of("qua-han")
    cast.received()
    assert columns_of(rows(cast.clerk, "qua-han"), late).place == "Đang ở"
    to_go = columns_of(rows(cast.clerk, "cho-chuyen"), queue_of("cho-chuyen"))
    assert (to_go.place, to_go.act) == ("Chuyển đến", False)


def test_filter_keeps_typed_words_out_of_the_address_and_finds_name_code_and_procedure(
    cast: Cast,
) -> None:
    an = cast.received(applicant_name="Nguyễn Văn Ân")
    buoi = cast.received(applicant_name="Trần Thị Bưởi", procedure=cast.building)
    client = logged_in(cast.clerk)
    short = an.code.removeprefix("H12.TAM.967-")
    for typed, found in (
        ("tran thi buoi", buoi),
        (short, an),
        ("xay dung nha", buoi),
        ("Đăng ký biến động", an),
    ):
        answer = client.post(DESK, {"hang-doi": "cho-chuyen", "q": typed})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/ban-lam-viec/?hang-doi=cho-chuyen&tim=")
        assert typed.split()[0] not in answer["Location"]
        page = client.get(answer["Location"])
        assert list(page.context["page"].object_list) == [found], typed
        assert "1 / 2 hồ sơ" in text(page)


def test_filter_that_finds_nothing_says_what_was_typed_and_an_empty_one_shows_all(
    cast: Cast,
) -> None:
    cast.received()
    client = logged_in(cast.clerk)
    none = client.post(DESK, {"hang-doi": "cho-chuyen", "q": "<b>Không ai</b>"}, follow=True)
    assert "Không có hồ sơ nào của hàng đợi này khớp “&lt;b&gt;Không ai&lt;/b&gt;”" in text(none)
    empty = client.post(DESK, {"hang-doi": "cho-chuyen", "q": "  "})
    assert empty["Location"] == "/ban-lam-viec/?hang-doi=cho-chuyen"
    long = client.post(DESK, {"hang-doi": "cho-chuyen", "q": "a" * 400})
    assert long["Location"] == "/ban-lam-viec/?hang-doi=cho-chuyen"


def test_filter_is_kept_by_paging_and_by_the_act_on_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dossiers.views.desk.PER_PAGE", 2)
    three = [cast.received(applicant_name="Trần Thị Bưởi") for _ in range(3)]
    client = logged_in(cast.clerk)
    address = client.post(DESK, {"hang-doi": "cho-chuyen", "q": "buoi"})["Location"]
    key = address.partition("tim=")[2]
    assert f"tim={key}&amp;page=2" in client.get(address).content.decode()
    done = press(client, "forward", three[:1], **{"hang-doi": "cho-chuyen", "tim": key})
    assert done.redirect_chain[0][0] == address
    assert "2 / 2 hồ sơ" in text(done)


@pytest.mark.parametrize("key", [queue.key for queue in queues.QUEUES])
def test_desk_rows_ask_the_same_number_of_statements_for_one_and_for_twenty(
    cast: Cast, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the queue: its rule is replaced by one that holds all."""
    queue = queue_of(key)
    monkeypatch.setitem(vars(queue), "rule", lambda staff, today: queues.at_home(staff))
    everybody = Staff.objects.filter(pk=cast.clerk.pk)
    everybody.update(is_specialist=True, is_leader=True)
    client = logged_in(cast.clerk)

    def statements() -> int:
        client.get(f"{DESK}?hang-doi={key}")
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"{DESK}?hang-doi={key}")
        assert page.context["chosen"].key == key
        return len(captured)

    cast.received(phone="0912777888")
    one = statements()
    for number in range(19):
        cast.received(applicant_name=f"Người thứ {number}", phone="0912777888")
    assert statements() == one


def test_refused_ones_stay_ticked_and_each_says_why(cast: Cast) -> None:
    person, debtor, company, by_post = (
        ready(cast),
        ready(cast, fee_vnd=50_000),
        ready(cast, applicant_name="Công ty Cá Trê", applicant_kind="organisation"),
        ready(cast, return_method="post", return_address="Ấp 3"),
    )
    client = logged_in(cast.clerk)
    page = press(client, "hand_over", [person, debtor, company, by_post])
    said = text(page)
    assert "Đã trả kết quả 1 hồ sơ cho người nộp." in said
    assert f"{debtor.code}: Còn phải thu 50.000 đ. Hãy mở hồ sơ để thu rồi trả." in said
    assert f"{company.code}: Người nộp là tổ chức. Hãy mở hồ sơ để ghi tên người đến nhận." in said
    assert f"{by_post.code}: Kết quả trả qua bưu chính. Hãy mở hồ sơ để ghi cách trả." in said
    assert page.context["chosen"].key == "tra-ket-qua"
    assert page.content.decode().count(" checked>") == 3
    assert client.get(f"{DESK}?hang-doi=tra-ket-qua").content.decode().count(" checked>") == 0
    person.refresh_from_db()
    assert (person.collector_name, person.current_state) == ("Nguyễn Văn Ân", State.HANDED_OVER)


def test_results_of_many_are_entered_by_their_division_and_by_nobody_elses(cast: Cast) -> None:
    mine = [cast.received() for _ in range(2)]
    for dossier in mine:
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    assert "Đã ghi kết quả 2 hồ sơ." in text(press(logged_in(cast.specialist), "resolve", mine))
    assert {each.outcome for each in Dossier.objects.all()} == {"approved"}
    other = cast.received()
    assert press(logged_in(cast.other_clerk), "resolve", [other]).status_code == 422
    assert 'name="ho-so"' not in (
        logged_in(cast.overseer).get(f"{DESK}?hang-doi=tra-ket-qua").content.decode()
    )


def test_call_is_written_with_who_and_when_and_the_row_shows_it(cast: Cast) -> None:
    dossier = ready(cast, phone="0912777888")
    client = logged_in(cast.clerk)
    queue = f"{DESK}?hang-doi=tra-ket-qua"
    before = text(client.get(queue))
    assert "0912777888" in before
    assert "Đã gọi" in before
    with time_machine.travel(vn("2016-10-03T09:12"), tick=False):
        done = send(client, dossier, "call", next=queue)
        assert done["Location"] == queue
        page = client.get(queue)
        assert "đã gọi 09:12" in text(page)
        assert "Đã gọi lúc 09:12 thứ Hai 03/10/2016" in page.content.decode()
    with time_machine.travel(vn("2016-10-04T08:00"), tick=False):
        client = logged_in(cast.clerk)
        assert "đã gọi 03/10" in text(client.get(queue))
        assert "gọi báo công dân có kết quả" in text(client.get(path(dossier))).lower()
    event = dossier.events.get(kind=Event.Kind.CALL)
    assert (event.actor, event.happened_at) == (cast.clerk, vn("2016-10-03T09:12"))


def test_call_without_a_result_is_refused_and_undoes_nothing(cast: Cast) -> None:
    dossier = cast.received()
    answer = logged_in(cast.clerk).get(path(dossier, "call"))
    assert answer.status_code == 409
    assert "Hồ sơ này không có kết quả đang chờ trả nên không cần gọi." in text(answer)
    with pytest.raises(MoveRefused):
        perform.note_call(dossier, by=cast.clerk)
    done = ready(cast)
    perform.note_call(done, by=cast.clerk)
    undone = perform.revertible(done)
    assert undone is not None
    assert undone.kind == Event.Kind.RESOLVE


def test_dossier_opened_from_a_queue_leads_to_the_next_also_after_an_act(cast: Cast) -> None:
    first, second = cast.received("2016-02-04T09:00"), cast.received("2016-02-05T09:00")
    client = logged_in(cast.clerk)
    following = f"{path(second)}?hang-doi=cho-chuyen"
    opened = client.get(f"{path(first)}?hang-doi=cho-chuyen")
    assert following in opened.content.decode()
    send(client, first, "forward", to=f"d{cast.land_division.pk}")
    assert following in client.get(path(first)).content.decode()
    last = client.get(following).content.decode()
    assert "Hàng đợi “Đã nhận, chờ chuyển”" in last
    assert "hồ sơ tiếp theo của hàng đợi" not in last
    assert "Hàng đợi “" not in client.get(path(first)).content.decode()
    assert "Hàng đợi “" not in client.get(f"{path(first)}?hang-doi=cho-ky").content.decode()


def test_empty_queue_says_what_was_done_what_comes_and_where_work_is(cast: Cast) -> None:
    ready(cast, at="2016-10-03T07:30")
    cast.received("2016-09-20T09:00")  # due on Tuesday
    page = logged_in(cast.clerk).get(f"{DESK}?hang-doi=hom-nay")
    said = text(page)
    assert "Hôm nay đã có 1 kết quả, kết quả cuối lúc 07:30." in said
    assert "Ngày làm việc tới, thứ Ba 04/10/2016: 1 hồ sơ đến hạn." in said
    fullest = [row["queue"].key for row in page.context["fullest"]]
    assert len(fullest) == 2
    assert f'{DESK}?hang-doi={fullest[0]}"' in page.content.decode()


def test_queues_of_a_group_stand_together(cast: Cast) -> None:
    groups = logged_in(cast.clerk).get(DESK).context["groups"]
    assert [[row["queue"].key for row in group] for group in groups] == [
        ["qua-han", "hom-nay", "sap-den-han", "can-xin-loi"],
        ["moi-chuyen", "cho-chuyen", "moi-nop"],
        ["tra-ket-qua", "chua-nhan", "cho-cong-dan"],
    ]
