"""What a citizen learns from a receipt code, and what not."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.citizens.lookup import PUBLIC_COLUMNS
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.late_causes import load_causes
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Dossier, LateCause
from dossiers.views.lookup import throttle
from tests.cast import Cast, vn

UNKNOWN = "Không tìm thấy hồ sơ có mã này."
NOW = vn("2016-02-18T09:00")


@pytest.fixture(autouse=True)
def _fresh_throttle() -> Iterator[None]:
    throttle.forget()
    yield
    throttle.forget()


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Thursday 18/02/2016, nine working days after Tết began; the land dossier of the cast,
    received on 04/02/2016, is due on Thursday 25/02/2016."""
    with time_machine.travel(NOW, tick=False):
        yield


def answer(client: Client, code: str) -> str:
    response = client.get("/tra-cuu/", {"ma": code})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def steps(page: str) -> str:
    return page.partition('<ol class="steps"')[2].partition("</ol>")[0]


# What was typed


@pytest.mark.parametrize(
    "typed",
    [
        "H12.TAM.967-160204-0001",
        "h12.tam.967-160204-0001",
        "  H12 TAM 967 160204 0001 ",
        "h12tam9671602040001",
        "H12.TAM.967–160204–0001",
        "Hl2.TAM.967-16O204-OOO1",
        "h12 tam 967 160204 1",
        "H12.TAM.967-160204-0001 Nguyễn Văn Ân",
        "H12.TAM.967-160204-0001 - Người Thử 1",
        "H12.TAM.967-160204-0001, Nguyễn Văn Ân, 0912345678",
        "https://may-khac.example/tra-cuu/?ma=H12.TAM.967-160204-0001",
    ],
)
def test_lookup_code_is_understood_however_it_is_typed(
    cast: Cast, client: Client, typed: str
) -> None:
    cast.received()

    assert "H12.TAM.967-160204-0001" in answer(client, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "H12.TAM.967-160204-9999",
        "https://x/?ma=H1-160204-9",
        "abc",
        "<script>",
        "%00\x00",
        "Ơ" * 500,
    ],
)
def test_lookup_wrong_code_gets_the_same_sentence_status_and_statements(
    cast: Cast, client: Client, typed: str
) -> None:
    cast.received()
    client.get("/tra-cuu/", {"ma": "warm"})

    with CaptureQueriesContext(connection) as statements:
        response = client.get("/tra-cuu/", {"ma": typed})

    assert response.status_code == 404
    assert UNKNOWN in response.content.decode()
    assert "<script>" not in response.content.decode().partition("<main")[2]
    kinds = [query["sql"].split()[0] for query in statements]
    assert kinds == ["SELECT", "INSERT"]


def test_without_a_code_there_is_only_the_box(client: Client, db: None) -> None:
    response = client.get("/tra-cuu/")

    assert response.status_code == 200
    assert UNKNOWN not in response.content.decode()
    assert 'name="ma"' in response.content.decode()


def test_lookup_wrong_code_stays_in_the_box_so_that_it_can_be_mended(
    client: Client, db: None
) -> None:
    page = client.get("/tra-cuu/", {"ma": 'H12.TAM.967-1602"04'}).content.decode()

    assert 'value="H12.TAM.967-1602&quot;04"' in page


def test_answer_takes_two_statements_and_no_session(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    client.force_login(cast.clerk)
    client.get("/tra-cuu/", {"ma": dossier.code})

    with CaptureQueriesContext(connection) as statements:
        client.get("/tra-cuu/", {"ma": dossier.code})

    assert len(statements) == 2
    assert not any("django_session" in query["sql"] for query in statements)


def test_lookup_only_reading_is_possible(client: Client, db: None) -> None:
    assert client.post("/tra-cuu/", {"ma": "x"}).status_code == 405


# What is kept from everybody


def test_lookup_nothing_personal_leaves_the_database(cast: Cast, client: Client) -> None:
    secrets = {
        "applicant_name": "Huỳnh Bí Mật",
        "applicant_id": "096111222333",
        "phone": "0912777888",
        "email": "bi.mat@example.vn",
        "address": "Ấp Riêng Tư",
        "submitter_name": "Người Nộp Thay",
        "submitter_phone": "0913444555",
        "authority_paper": "Giấy ủy quyền số kín",
        "subject": "Chuyện riêng của gia đình",
        "concerns": "Huỳnh Thị Sơ Sinh, nữ, sinh 05/03/2016",
        "note": "Ghi chú nội bộ",
        "return_address": "Nhà cuối hẻm",
    }
    paper = Paper("Giấy khai rất riêng")
    told = "Lý do không được nói ra"
    dossier = cast.received(**secrets, papers=(paper,))
    kept = [*secrets.values(), paper.name, told, cast.clerk.full_name, cast.land_division.name]

    def look() -> None:
        with CaptureQueriesContext(connection) as statements:
            page = answer(client, dossier.code)
        assert [word for word in kept if word in page] == []
        sql = " ".join(query["sql"] for query in statements)
        private = (
            *("applicant", "submitter", "d.phone", "d.email", "d.address"),
            *("subject", "concerns", "note"),
        )
        assert [column for column in private if column in sql] == []

    look()
    perform.forward(
        dossier, by=cast.clerk, at=vn("2016-02-15T08:00"), division=cast.land_division, note=told
    )
    look()
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-02-15T09:00"), items=paper.name, reason=told
    )
    look()
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-02-16T09:00"))
    perform.resolve(
        dossier, by=cast.clerk, at=vn("2016-02-17T09:00"), outcome="refused", result_note=told
    )
    look()
    assert "từ chối" not in answer(client, dossier.code)
    perform.hand_over(
        dossier, by=cast.clerk, at=vn("2016-02-17T10:00"), collector_name=secrets["applicant_name"]
    )
    look()


def test_lookup_no_search_engine_cache_or_other_site_learns_the_code(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received()

    response = client.get("/tra-cuu/", {"ma": dossier.code})

    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


# The degree of completion


def test_received_dossier_says_when_to_come_back(cast: Cast, client: Client) -> None:
    page = answer(client, cast.received().code)

    assert "Hồ sơ đã được tiếp nhận từ thứ Năm 04/02/2016" in page
    assert "Thủ tục: Đăng ký biến động quyền sử dụng đất" in page
    assert "Hẹn trả kết quả: <b>thứ Năm 25/02/2016 trước 17:00</b>" in page
    assert "Ông/bà chưa cần làm gì." in page
    assert "mang theo" not in page.partition("<article")[2].partition("</article>")[0]


def test_lookup_forwarded_dossier_is_being_processed(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    perform.forward(dossier, by=cast.clerk, at=vn("2016-02-05T08:00"), division=cast.land_division)

    page = answer(client, dossier.code)

    assert "Hồ sơ đang được giải quyết từ thứ Sáu 05/02/2016" in page
    assert steps(page).count('class="done"') == 1
    assert steps(page).count('aria-current="step"') == 1


def test_lookup_act_that_was_undone_never_happened(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    at = vn("2016-02-05T08:00")
    perform.forward(dossier, by=cast.clerk, at=at, division=cast.land_division)
    perform.revert(dossier, by=cast.leader, at=vn("2016-02-05T09:00"), reason="Nhầm phòng")

    page = answer(client, dossier.code)

    assert "Hồ sơ đã được tiếp nhận từ thứ Năm 04/02/2016" in page
    assert "05/02/2016" not in page
    assert "Nhầm phòng" not in page


def test_dossier_that_waits_for_papers_asks_for_them_and_makes_no_promise(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received()
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-02-15T09:00"), items="Đơn", reason="Thiếu"
    )

    page = answer(client, dossier.code)

    assert "Hồ sơ đang chờ ông/bà bổ sung giấy tờ từ thứ Hai 15/02/2016" in page
    assert "Thời hạn giải quyết đang tạm dừng" in page
    assert "Hẹn trả kết quả:" not in page
    assert (
        "để xem cần bổ sung gì rồi gửi ngay tại đó, hoặc mang giấy tờ đến bộ phận một cửa." in page
    )


def test_dossier_that_waits_for_payment_says_so(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2016-02-16T09:00"))

    page = answer(client, dossier.code)

    assert "đang chờ ông/bà thực hiện nghĩa vụ tài chính từ thứ Ba 16/02/2016" in page
    assert "Mời ông/bà nộp tiền theo thông báo đã nhận" in page


def test_lookup_payment_that_does_not_stop_the_clock_leaves_the_promise(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received(procedure=cast.building)
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2016-02-16T09:00"))

    assert "Hẹn trả kết quả: <b>thứ Sáu 19/02/2016 trước 17:00</b>" in answer(client, dossier.code)


def test_result_that_is_ready_says_since_when_and_what_to_bring(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-02-17T09:00"), outcome="approved")

    page = answer(client, dossier.code)

    assert "Hồ sơ đã có kết quả từ thứ Tư 17/02/2016" in page
    assert "Mời ông/bà đến bộ phận một cửa nhận kết quả." in page
    assert "<li>giấy tờ tùy thân;</li>" in page
    assert "Hẹn trả kết quả:" not in page


def test_result_in_the_citizens_hand_ends_the_steps(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-02-16T09:00"), outcome="approved")
    perform.hand_over(dossier, by=cast.clerk, at=vn("2016-02-17T09:00"), collector_name="Ân")

    page = answer(client, dossier.code)

    assert "Kết quả đã được trả ngày thứ Tư 17/02/2016" in page
    assert steps(page).count('class="done"') == 4


def test_withdrawn_and_stopped_dossiers_say_so(cast: Cast, client: Client) -> None:
    withdrawn, stopped = cast.received(), cast.received()
    perform.withdraw(withdrawn, by=cast.clerk, at=vn("2016-02-16T09:00"), reason="Đổi ý")
    perform.stop(stopped, by=cast.clerk, at=vn("2016-02-17T09:00"), reason="Tranh chấp")

    assert "Hồ sơ đã được rút theo yêu cầu ngày thứ Ba 16/02/2016" in answer(client, withdrawn.code)
    assert "Hồ sơ đã dừng giải quyết từ thứ Tư 17/02/2016" in answer(client, stopped.code)


def intake(cast: Cast) -> Intake:
    return Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")


def test_dossier_turned_away_at_the_counter_was_not_received(cast: Cast, client: Client) -> None:
    dossier = perform.turn_away(
        intake(cast), by=cast.clerk, reason="Sai nơi", at=vn("2016-02-16T09:00")
    )

    page = answer(client, dossier.code)

    assert "Hồ sơ không được tiếp nhận ngày thứ Ba 16/02/2016" in page
    assert "Sai nơi" not in page


def test_lookup_one_that_is_turned_away_later_says_on_which_day(cast: Cast, client: Client) -> None:
    dossier = perform.guide(
        intake(cast), by=cast.clerk, items="Đơn", reason="Thiếu", at=vn("2016-02-15T09:00")
    )
    perform.decline(dossier, by=cast.clerk, reason="Sai nơi", at=vn("2016-02-17T09:00"))

    page = answer(client, dossier.code)

    assert "Hồ sơ không được tiếp nhận ngày thứ Tư 17/02/2016" in page
    assert '<time datetime="2016-02-17">' in steps(page)


def test_lookup_guidance_before_receipt_waits_for_the_citizen_and_its_code_lives_on(
    cast: Cast, client: Client
) -> None:
    dossier = perform.guide(
        intake(cast), by=cast.clerk, items="Đơn", reason="Thiếu", at=vn("2016-02-16T09:00")
    )
    submission = dossier.code
    assert "Hồ sơ chưa được tiếp nhận, đang chờ ông/bà bổ sung giấy tờ" in answer(
        client, submission
    )

    perform.accept(dossier, by=cast.clerk, at=vn("2016-02-17T09:00"))

    assert dossier.code != submission
    typed_otherwise = submission.lower().replace(".", " ").replace("-", "–")
    for code in (dossier.code, submission, typed_otherwise):
        assert "Hồ sơ đã được tiếp nhận từ thứ Tư 17/02/2016" in answer(client, code)


# Late


def test_lookup_due_day_itself_is_not_late(cast: Cast, client: Client) -> None:
    dossier = cast.received()

    with time_machine.travel(vn("2016-02-25T18:00"), tick=False):
        assert "Hẹn trả kết quả: <b>thứ Năm 25/02/2016" in answer(client, dossier.code)


def test_overdue_dossier_says_so_plainly_and_apologises(cast: Cast, client: Client) -> None:
    dossier = cast.received()

    with time_machine.travel(vn("2016-02-26T07:00"), tick=False):
        page = answer(client, dossier.code)

    assert "Đã quá ngày hẹn trả:</span> <b>thứ Năm 25/02/2016 trước 17:00</b>" in page
    assert "Chúng tôi xin lỗi ông/bà vì sự chậm trễ này." in page


def test_lookup_after_an_apology_the_new_promise_is_shown(cast: Cast, client: Client) -> None:
    load_causes()
    dossier = cast.received()
    with time_machine.travel(vn("2016-02-26T07:00"), tick=False):
        perform.apologise(
            dossier,
            by=cast.clerk,
            at=vn("2016-02-24T09:00"),
            cause=LateCause.objects.get(code="B4"),
            reason="Xác minh thực địa kéo dài",
            new_due_at=vn("2016-03-01T17:00"),
            signer="Phạm Hoàng Khởi",
        )
        page = answer(client, dossier.code)

    assert "Đã hẹn lại, trả kết quả: <b>thứ Ba 01/03/2016 trước 17:00</b>" in page
    assert "Xác minh thực địa" not in page


def test_lookup_new_date_is_told_as_new_before_the_first_one_has_passed(
    cast: Cast, client: Client
) -> None:
    load_causes()
    early, supplemented = cast.received(), cast.received()
    assert "Hẹn trả kết quả: <b>thứ Năm 25/02/2016" in answer(client, early.code)
    perform.apologise(
        early,
        by=cast.clerk,
        at=vn("2016-02-17T09:00"),
        cause=LateCause.objects.get(code="B4"),
        reason="Xác minh thực địa kéo dài",
        new_due_at=vn("2016-03-01T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    assert "Đã hẹn lại, trả kết quả: <b>thứ Ba 01/03/2016" in answer(client, early.code)
    how = {"by": cast.clerk}
    at = vn("2016-02-15T09:00")
    perform.ask_supplement(supplemented, at=at, items="Sơ đồ", reason="Thiếu", **how)
    assert "Đã hẹn lại" not in answer(client, supplemented.code)
    perform.receive_supplement(supplemented, at=vn("2016-02-17T09:00"), **how)
    assert "Đã hẹn lại, trả kết quả: <b>" in answer(client, supplemented.code)


# Where to go


# The front page


def test_lookup_no_dossier_was_written_by_looking(cast: Cast, client: Client) -> None:
    dossier = cast.received()
    before = dossier.events.count()

    answer(client, dossier.code)

    assert dossier.events.count() == before
    assert Dossier.objects.get(pk=dossier.pk).revision == dossier.revision


def test_answer_is_found_by_index_and_not_by_reading_every_dossier(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {PUBLIC_COLUMNS}", [*"ABCDEF"])
            assert not [row for row in cursor.fetchall() if "SCAN" in row[-1]]
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {PUBLIC_COLUMNS}", [*"ABCDEF"])
            assert not [row for row in cursor.fetchall() if "Seq Scan on dossiers" in row[0]]
