"""What a citizen sees with code and four digits; and that a guesser learns nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.citizens import proof
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Dossier, Event, LateCause
from motcua.models import Misses
from tests.cast import Cast, vn

PROVE, OWN = "/tra-cuu/xac-nhan/", "/tra-cuu/ho-so-cua-toi/"
NOW = "2016-02-18T09:00"
CHANGING = ("Content-Length", "X-Request-ID")
NUMBERS = {
    "applicant_id": "096111222333",
    "phone": "0912777888",
    "submitter_name": "Người Nộp Thay",
    "submitter_id": "096000004444",
    "submitter_phone": "0913444555",
}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(vn(NOW), tick=False):
        yield


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    return cast.received(applicant_name="Huỳnh Bí Mật", **NUMBERS)


def prove(client: Client, code: str, digits: str, **extra: Any) -> Any:
    return client.post(PROVE, {"ma": code, "so": digits}, **extra)


def opened(client: Client, dossier: Dossier) -> str:
    assert prove(client, dossier.code, "2333").status_code == 302
    response = client.get(OWN)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("digits", ["2333", "7888", "4444", "4555"])
def test_own_dossier_any_number_given_at_receipt_opens_the_dossier(
    client: Client, dossier: Dossier, digits: str
) -> None:
    answer = prove(client, dossier.code.lower().replace("-", " "), digits)

    assert (answer.status_code, answer["Location"]) == (302, OWN)
    page = client.get(OWN).content.decode()
    assert dossier.code in page
    assert "Bí Mật" not in page


def test_own_dossier_page_shows_what_is_missing_and_the_fee_and_no_name(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=1_500_000)
    perform.ask_supplement(
        dossier,
        by=cast.clerk,
        at=vn("2016-02-15T09:00"),
        items="Đơn có chữ ký\nTrích lục bản đồ",
        reason="Đơn chưa ký",
    )
    page = opened(client, dossier)
    assert "<li>Đơn có chữ ký</li><li>Trích lục bản đồ</li>" in page
    assert "Lý do: Đơn chưa ký" in page
    assert "<b>1.500.000 đ</b>, chưa nộp." in page
    kept = ["Bí Mật", "Nộp Thay", cast.clerk.full_name, *NUMBERS.values()]
    assert [word for word in kept if word in page] == []

    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-02-16T09:00"))
    Dossier.objects.filter(pk=dossier.pk).update(fee_paid=True)
    page = client.get(OWN).content.decode()
    assert "Trích lục bản đồ" not in page
    assert "đã nộp" in page


def test_own_dossier_who_has_withdrawn_is_asked_for_nothing_more(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    at = vn("2016-02-15T09:00")
    perform.ask_supplement(dossier, by=cast.clerk, at=at, items="Đơn có chữ ký", reason="Thiếu")
    assert "Đơn có chữ ký" in opened(client, dossier)
    perform.withdraw(dossier, by=cast.clerk, at=vn("2016-02-16T09:00"), reason="Đổi ý")
    assert "Đơn có chữ ký" not in client.get(OWN).content.decode()


@pytest.mark.parametrize(
    ("fee", "words"), [(None, "Chưa ghi mức thu."), (0, "không phải nộp phí, lệ phí")]
)
def test_own_dossier_fee_that_is_not_known_is_not_shown_as_free(
    client: Client, dossier: Dossier, fee: int | None, words: str
) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=fee)

    assert words in opened(client, dossier)


def test_own_dossier_page_shows_the_apology_until_it_is_undone(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    load_causes()
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn("2016-02-17T09:00"),
        cause=LateCause.objects.get(code="B4"),
        reason="Xác minh thực địa kéo dài",
        new_due_at=vn("2016-03-01T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    page = opened(client, dossier)
    assert "Lý do: Xác minh thực địa kéo dài" in page
    assert "không trả kết quả đúng hẹn thứ Năm 25/02/2016" in page
    assert "Hẹn lại: <b>thứ Ba 01/03/2016 trước 17:00</b>" in page
    assert "Phạm Hoàng Khởi" not in page

    perform.revert(dossier, by=cast.leader, at=vn("2016-02-17T10:00"), reason="Nhầm hồ sơ")
    assert "Xác minh thực địa" not in client.get(OWN).content.decode()


def test_apology_on_the_page_speaks_of_the_future_until_its_date(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn("2016-02-17T09:00"),
        cause=LateCause.objects.create(code="Z", name="Khác"),
        reason="Chờ",
        new_due_at=vn("2016-03-11T17:00"),
        signer="A",
    )
    assert "vì sẽ không trả kết quả đúng hẹn thứ Năm 25/02/2016" in opened(client, dossier)
    with time_machine.travel(vn("2016-02-26T08:00"), tick=False):
        page = opened(client, dossier)
    assert "vì không trả kết quả đúng hẹn thứ Năm 25/02/2016" in page


SCAN = b"%PDF-1.7\n%%EOF"


def test_own_page_takes_papers_of_a_counter_dossier_while_they_are_asked_for(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    assert "Gửi thêm giấy tờ" not in opened(client, dossier)
    asked = {"items": "Đơn có chữ ký", "reason": "Chưa ký"}
    perform.ask_supplement(dossier, by=cast.clerk, at=vn("2016-02-15T09:00"), **asked)
    page = client.get(OWN)
    words = " ".join(page.content.decode().split())
    assert (
        "Mời ông/bà gửi các giấy tờ còn thiếu ngay tại trang này, hoặc mang đến bộ phận một cửa."
        in words
    )
    sent = {"tep": SimpleUploadedFile("đơn.pdf", SCAN), "token": page.context["token"]}
    assert client.post(f"{OWN}gui-them/", sent).status_code == 302
    assert dossier.attachments.get().name == "đơn.pdf"
    clerk = Client()
    clerk.force_login(cast.clerk)
    for address in ("", "viec/receive_supplement/"):
        assert "đơn.pdf" in clerk.get(f"/ho-so/{dossier.code}/{address}").content.decode()
    perform.receive_supplement(dossier, by=cast.clerk)
    assert "Gửi thêm giấy tờ" not in client.get(OWN).content.decode()


def test_own_page_of_a_filing_online_calls_nobody_to_bring_a_paper(
    cast: Cast, client: Client
) -> None:
    intake = Intake(cast.district, cast.land, "Nguyễn Văn Ân", phone="0912777888", source="online")
    dossier = perform.submit(intake, at=vn("2016-02-15T09:00"))
    perform.ask_supplement(dossier, by=cast.clerk, items="Sổ hộ khẩu", reason="Thiếu")
    assert prove(client, dossier.code, "7888").status_code == 302
    page = " ".join(client.get(OWN).content.decode().split())
    assert "Mời ông/bà gửi các giấy tờ còn thiếu ngay tại trang này. Thời hạn" in page
    shown = " ".join(client.get("/tra-cuu/", {"ma": dossier.code}).content.decode().split())
    for words in (page, shown):
        assert "phiếu hướng dẫn" not in words
        assert "phiếu yêu cầu bổ sung" not in words


def attempt(client: Client, code: str, digits: str) -> tuple[int, list[str], str, dict[str, str]]:
    """Status, kinds of statements, the page without what was typed, and the headers."""
    with CaptureQueriesContext(connection) as statements:
        answer = prove(client, code, digits)
    page = re.sub(r'(value|name="csrfmiddlewaretoken" value)="[^"]*"', "", answer.content.decode())
    kinds = [query["sql"].split()[0] for query in statements]
    headers = {name: value for name, value in answer.headers.items() if name not in CHANGING}
    return answer.status_code, kinds, page, headers


def test_own_dossier_wrong_code_wrong_digits_and_no_number_at_all_are_answered_alike(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    bare = cast.received()
    attempt(client, "warm", "0000")
    client.cookies.clear()

    answers = []
    for code in (dossier.code, bare.code, "H12.TAM.967-160204-9999", "<b>", "Ơ" * 99):
        answers.append(attempt(client, code, "0000"))
        client.cookies.clear()

    status, kinds, page, _ = answers[0]
    assert status == 403
    assert kinds == ["SELECT", "INSERT", "INSERT", "INSERT", "SELECT"]
    assert "không khớp với hồ sơ nào" in page
    assert "mời ông/bà đến bộ phận một cửa" in page
    for answer in answers[1:]:
        assert answer == answers[0]
    assert OWN not in page
    assert client.get(OWN).status_code == 403


def test_own_dossier_that_others_have_tried_a_code_today_shows_in_no_statement(
    client: Client, dossier: Dossier
) -> None:
    attempt(client, "warm", "0000")
    client.cookies.clear()
    for digits in ("0000", "2333"):
        prove(Client(), dossier.code, digits, REMOTE_ADDR="203.0.113.9")

    tried = attempt(client, dossier.code, "0000")
    client.cookies.clear()

    assert tried == attempt(client, "H12.TAM.967-160204-9999", "0000")


@pytest.mark.parametrize("had", [True, False])
def test_own_dossier_ten_tries_of_a_code_are_all_in_a_day_from_one_address(
    client: Client, dossier: Dossier, had: bool
) -> None:
    code = dossier.code if had else "H12.TAM.967-160204-9999"
    for _ in range(10):
        assert prove(client, code, "0000").status_code == 403

    answer = prove(client, code.lower(), "2333")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "86400"
    assert "Mời ông/bà thử lại sau 1.440 phút" in answer.content.decode()
    with time_machine.travel(vn("2016-02-19T09:00"), tick=False):
        assert prove(client, code, "2333").status_code == (302 if had else 403)


def test_own_dossier_ten_tries_from_one_address_leave_a_code_open_to_its_owner_elsewhere(
    client: Client, dossier: Dossier
) -> None:
    for _ in range(12):
        prove(client, dossier.code, "0000", REMOTE_ADDR="203.0.113.1")

    assert prove(client, dossier.code, "2333").status_code == 302


@pytest.mark.parametrize("had", [True, False])
def test_own_dossier_hundred_tries_of_a_code_are_all_in_a_day_from_wherever(
    client: Client, dossier: Dossier, had: bool
) -> None:
    code = dossier.code if had else "H12.TAM.967-160204-9999"
    for number in range(100):
        address = f"203.0.113.{number // 10}"
        assert prove(client, code, "0000", REMOTE_ADDR=address).status_code == 403

    answer = prove(client, code, "2333", REMOTE_ADDR="203.0.113.99")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")


def test_address_without_tries_left_raises_no_count_and_adds_no_row(
    client: Client, dossier: Dossier
) -> None:
    """Otherwise one address closes every citizen's page: twelve codes took two seconds."""
    for number in range(20):
        prove(client, f"H12.TAM.967-160101-{number:04}", "0000")
    before = list(Misses.objects.order_by("pk").values_list())

    for number in range(15):
        for code in (dossier.code, f"H12.TAM.967-160102-{number:04}"):
            status, kinds, *_ = attempt(client, code, "0000")
            assert (status, kinds) == (429, ["SELECT"])

    assert list(Misses.objects.order_by("pk").values_list()) == before
    assert prove(client, dossier.code, "2333", REMOTE_ADDR="203.0.113.9").status_code == 302


def test_own_dossier_twenty_tries_from_an_address_are_all_in_an_hour_for_whatever_code(
    client: Client, dossier: Dossier
) -> None:
    for number in range(20):
        assert prove(client, f"H12.TAM.967-160101-{number:04}", "0000").status_code == 403

    answer = prove(client, dossier.code, "2333")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "Mời ông/bà thử lại sau 60 phút" in answer.content.decode()


def test_own_dossier_who_knows_the_digits_may_come_back_as_often_as_he_likes(
    client: Client, dossier: Dossier
) -> None:
    for _ in range(25):
        assert prove(client, dossier.code, "2333").status_code == 302


@pytest.mark.parametrize("digits", ["", "233", "23333", "23 3", "２３３３", "abcd"])
def test_own_dossier_digits_that_are_not_four_are_explained_and_cost_no_try(
    client: Client, dossier: Dossier, digits: str
) -> None:
    answer = prove(client, dossier.code, digits)

    assert answer.status_code == 400
    assert "Hãy nhập đúng bốn chữ số cuối." in answer.content.decode()
    assert f'value="{dossier.code}"' in answer.content.decode()
    assert not Misses.objects.exists()


def test_own_dossier_door_asks_the_database_nothing(client: Client, dossier: Dossier) -> None:
    client.get("/")
    with CaptureQueriesContext(connection) as statements:
        page = client.get(PROVE, {"ma": dossier.code}).content.decode()

    assert f'value="{dossier.code}"' in page
    assert len(statements) == 0


def test_own_dossier_page_closes_after_twenty_minutes_and_says_so(
    client: Client, dossier: Dossier
) -> None:
    opened(client, dossier)

    with time_machine.travel(vn("2016-02-18T09:19:59"), tick=False):
        assert client.get(OWN).status_code == 200
    with time_machine.travel(vn("2016-02-18T09:20"), tick=False):
        answer = client.get(OWN)
        assert answer.status_code == 403
        assert "Trang hồ sơ chỉ mở trong 20 phút" in answer.content.decode()
        assert dossier.code not in answer.content.decode()


def test_own_dossier_can_be_closed_on_a_phone_that_is_somebody_elses(
    client: Client, dossier: Dossier
) -> None:
    opened(client, dossier)

    assert client.post(f"{OWN}dong/")["Location"] == "/tra-cuu/"
    assert client.get(OWN).status_code == 403


def test_own_dossier_one_dossier_is_open_at_a_time_and_another_browser_sees_none(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    other = cast.received(phone="0987000111")
    opened(client, dossier)
    prove(client, other.code, "0111")

    page = client.get(OWN).content.decode()
    assert other.code in page
    assert dossier.code not in page
    assert Client().get(OWN).status_code == 403


def test_own_dossier_no_cache_engine_or_log_keeps_the_page(
    client: Client, dossier: Dossier
) -> None:
    opened(client, dossier)

    for address in (OWN, PROVE):
        headers = client.get(address).headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["Cache-Control"] == "no-store"


def test_own_dossier_look_of_a_citizen_is_recorded_once_and_read_by_a_leader(
    cast: Cast, client: Client, dossier: Dossier
) -> None:
    opened(client, dossier)
    client.get(OWN)

    event = Event.objects.get(dossier=dossier, kind=Event.Kind.READ)
    assert (event.actor, event.office) == (None, None)
    client.force_login(cast.leader)
    page = client.get(f"/ho-so/{dossier.code}/ai-da-xem/").content.decode()
    assert "người dân, bằng mã và bốn số cuối" in page


def test_proof_is_found_by_index(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {proof.PROOF_COLUMNS}", [*"ABCDEF"])
            assert not [row for row in cursor.fetchall() if "SCAN" in row[-1]]
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {proof.PROOF_COLUMNS}", [*"ABCDEF"])
            assert not [row for row in cursor.fetchall() if "Seq Scan on dossiers" in row[0]]


def test_prove_counts_all_ways_of_writing_one_code_together(
    client: Client, dossier: Dossier
) -> None:
    """Or a guesser would try on under another spelling."""
    zeros = dossier.code.replace("0001", "OOO1")
    written = [dossier.code, dossier.code.lower(), zeros, f"{dossier.code} Nguyễn Văn Ân"]
    written += [f"https://x.vn/?ma={dossier.code}", dossier.code.replace("-0001", "-1")]
    for code in written:
        assert prove(client, code, "0000").status_code == 403
    kept = Misses.objects.get(pk=proof.by_code.key_of("H12TAM9671602040001"))
    assert kept.count == len(written)
    assert prove(client, f"{zeros} Huỳnh", "2333").status_code == 302


@pytest.mark.parametrize(
    ("number", "digits"),
    [("0912.777 888", "7888"), ("2000123456-001", "6001"), ("1234", "none"), ("", "none")],
)
def test_own_dossier_last_four_digits_of_a_number(number: str, digits: str) -> None:
    assert proof.ending(number) == digits


@pytest.mark.parametrize(("method", "told"), [("desk", False), ("post", False), ("online", True)])
def test_own_dossier_speaks_of_an_electronic_copy_only_where_it_was_asked_for(
    cast: Cast, client: Client, method: str, told: bool
) -> None:
    dossier = cast.received(return_method=method, **NUMBERS)
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-02-17T09:00"), outcome="approved")
    public = client.get("/tra-cuu/", {"ma": dossier.code}).content.decode()
    assert "Nếu đã đăng ký nhận qua bưu chính thì ông/bà không cần đến." in public
    assert "bản điện tử" not in public
    assert ("bản điện tử" in opened(client, dossier)) is told
