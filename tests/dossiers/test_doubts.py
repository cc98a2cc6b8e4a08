"""What is asked about once: unlikely numbers, a dossier that seems to be here already. Sent again
it is done; nothing that was typed is lost, nobody is told of another's dossier."""

import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk.same_request import same_requests
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Attachment, Dossier
from dossiers.rules.states import State
from dossiers.views.filing import filings
from tests.cast import Cast, make_staff, vn
from tests.dossiers.counter_pages import page_of, text, typed, value
from tests.dossiers.pages import logged_in, path, send

pytestmark = pytest.mark.django_db
NOW = "2016-02-04T09:05"
CARD, PHONE = "096190000123", "0912000001"


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(vn(NOW), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return logged_in(cast.clerk)


def asked(answer: HttpResponse) -> list[str]:
    return re.findall(r'name="asked" value="([0-9a-f]+)"', answer.content.decode())


def receive(clerk: Client, cast: Cast, **fields: Any) -> HttpResponse:
    return clerk.post(page_of(cast.land), typed(cast.land, **fields))


# Numbers


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"applicant_id": "000000000000"}, "Số 000000000000 có vẻ được ghi cho có."),
        ({"applicant_id": "123456789"}, "Số 123456789 có vẻ được ghi cho có."),
        ({"applicant_id": "003190000123"}, "Ba số đầu 003 không phải mã tỉnh"),
        ({"applicant_id": "096217000123"}, "người này sinh năm 2017"),
        ({"phone": "0900000000"}, "Số điện thoại 0900000000 có vẻ được ghi cho có."),
        ({"submitter_name": "Lê Bé", "submitter_id": "111111111"}, "Số 111111111 có vẻ"),
        (
            {"applicant_kind": "organisation", "applicant_id": "0000000000"},
            "Số 0000000000 có vẻ được ghi cho có.",
        ),
    ],
)
def test_doubts_number_in_doubt_is_asked_about_once_and_taken_when_sent_again(
    clerk: Client, cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    form = typed(cast.land, address="Ấp 5", **fields)
    answer = clerk.post(page_of(cast.land), form)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Chưa lưu, mời xem lại." in text(answer)
    assert value(answer, "address") == "Ấp 5"
    assert value(answer, "token") == form["token"]
    assert not Dossier.objects.exists()
    again = clerk.post(page_of(cast.land), form | {"asked": asked(answer)})
    assert again.status_code == 302, text(again)
    assert Dossier.objects.count() == 1


def test_doubts_number_in_doubt_changed_to_another_is_asked_about_anew(
    clerk: Client, cast: Cast
) -> None:
    first = receive(clerk, cast, applicant_id="000000000000")
    second = receive(clerk, cast, applicant_id="111111111", asked=asked(first))
    assert second.status_code == 422
    assert len(asked(second)) == 2
    wrong = receive(clerk, cast, applicant_id="111111111", sets="0", asked=asked(second))
    assert asked(wrong) == asked(second), "what was asked is not forgotten for another mistake"
    assert receive(clerk, cast, applicant_id="111111111", asked=asked(wrong)).status_code == 302


def test_doubts_ordinary_receipt_is_asked_about_nothing(clerk: Client, cast: Cast) -> None:
    for number in (CARD, "096205000456", "381234567", "N1234567", "2000123456"):
        kind = "organisation" if number == "2000123456" else "person"
        answer = receive(clerk, cast, applicant_kind=kind, applicant_id=number, phone="0912345678")
        assert answer.status_code == 302, text(answer)


def test_correction_asks_about_the_numbers_that_it_changes_alone(cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", applicant_id="000000000000", phone=PHONE)
    clerk = logged_in(cast.clerk)
    changed = {"applicant_name": "Lê Ẩn", "reason": "Nhầm"}
    assert send(clerk, dossier, "correct", **changed).status_code == 302
    answer = send(clerk, dossier, "correct", phone="0999999999", reason="Nhầm")
    assert answer.status_code == 200
    assert "0999999999 có vẻ được ghi cho có" in text(answer)
    dossier.refresh_from_db()
    assert dossier.phone == PHONE
    again = send(clerk, dossier, "correct", phone="0999999999", reason="Nhầm", asked=asked(answer))
    assert again.status_code == 302
    dossier.refresh_from_db()
    assert dossier.phone == "0999999999"


# The same request again, at the counter


def test_same_request_today_is_asked_about_once_with_its_dossier(clerk: Client, cast: Cast) -> None:
    receive(clerk, cast, applicant_id=CARD)
    first = Dossier.objects.get()
    form = typed(cast.land, applicant_id=CARD, note="Thửa thứ hai")
    answer = clerk.post(page_of(cast.land), form)
    assert answer.status_code == 422
    assert f"Người này đã nộp thủ tục này hôm nay: mã {first.code}." in text(answer)
    assert f'href="{path(first)}" target="_blank"' in answer.content.decode()
    assert "Thửa thứ hai" in answer.content.decode()
    confirm = re.search(r"<button[^>]*data-focus autofocus>Vẫn lưu", answer.content.decode())
    assert confirm and 'name="act" value="register"' in confirm[0]
    assert clerk.post(page_of(cast.land), form | {"asked": asked(answer)}).status_code == 302
    assert Dossier.objects.count() == 2


def test_doubts_open_dossier_of_an_earlier_day_is_asked_about_and_an_ended_one_is_not(
    clerk: Client, cast: Cast
) -> None:
    with time_machine.travel(vn("2016-01-20T09:00"), tick=False):
        dossier = cast.received("2016-01-20T09:00", applicant_id=CARD)
    answer = receive(clerk, cast, applicant_id=CARD)
    assert f"chưa xong: mã {dossier.code}, nộp ngày 20/01/2016." in text(answer)
    perform.resolve(dossier, by=cast.specialist, at=vn("2016-02-03T09:00"), outcome="approved")
    assert receive(clerk, cast, applicant_id=CARD).status_code == 302


def test_doubts_another_procedure_office_or_person_is_asked_about_nothing(
    clerk: Client, cast: Cast
) -> None:
    cast.received(NOW, applicant_id=CARD, procedure=cast.building)
    cast.received(NOW, applicant_id=CARD, office=cast.tan_loc)
    cast.received(NOW, applicant_id="096190000456")
    assert receive(clerk, cast, applicant_id=CARD).status_code == 302


def test_doubts_form_02_asks_too_and_form_03_does_not(clerk: Client, cast: Cast) -> None:
    cast.received(NOW, applicant_id=CARD)
    guide = {"act": "guide", "items": "Đơn", "guide_reason": "Thiếu", "applicant_id": CARD}
    answer = receive(clerk, cast, **guide)
    assert answer.status_code == 422
    assert re.search(r'name="act" value="guide"[^>]*autofocus>Vẫn lưu', answer.content.decode())
    assert receive(clerk, cast, **guide, asked=asked(answer)).status_code == 302
    refusal = {"act": "turn_away", "refusal_reason": "Sai nơi", "applicant_id": CARD}
    assert receive(clerk, cast, **refusal).status_code == 302


def test_doubts_same_form_pressed_twice_is_no_question(clerk: Client, cast: Cast) -> None:
    form = typed(cast.land, applicant_id=CARD)
    answers = [clerk.post(page_of(cast.land), form) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize(
    ("here", "typed_now", "same"),
    [
        ({"applicant_id": CARD}, {"applicant_id": CARD}, True),
        ({"applicant_id": CARD, "applicant_name": "Lê Ân"}, {"applicant_id": CARD}, True),
        ({"applicant_id": CARD, "phone": PHONE}, {"phone": PHONE}, True),
        ({"phone": PHONE}, {"phone": PHONE, "applicant_name": "NGUYỄN VĂN  ÂN"}, True),
        ({"address": "Ấp 5"}, {"address": "ấp 5"}, True),
        ({}, {}, True),
        ({"applicant_id": CARD, "phone": PHONE}, {"applicant_id": "381234567", "phone": PHONE}, 0),
        ({"phone": PHONE}, {"phone": PHONE, "applicant_name": "Nguyễn Văn An Bình"}, False),
        ({"phone": PHONE}, {}, False),
        ({"applicant_id": CARD}, {}, False),
        ({"address": "Ấp 5"}, {"address": "Ấp 6"}, False),
    ],
)
def test_same_requests_knows_the_same_person(
    cast: Cast, here: dict[str, str], typed_now: dict[str, str], same: bool
) -> None:
    dossier = cast.received(NOW, **here)
    intake = Intake(cast.district, cast.land, **{"applicant_name": "Nguyễn Văn Ân"} | typed_now)
    found = same_requests(Dossier.objects.all, intake, by=cast.clerk)
    assert found == ([dossier] if same else [])


def test_same_requests_of_names_alone_are_those_of_the_same_officer_today(cast: Cast) -> None:
    intake = Intake(cast.district, cast.land, "Nguyễn Văn Ân")
    cast.received("2016-02-03T09:00")
    assert same_requests(Dossier.objects.all, intake, by=cast.clerk) == []
    other = make_staff("ban-2", cast.district, "clerk")
    cast.received(NOW, by=other)
    assert same_requests(Dossier.objects.all, intake, by=cast.clerk) == []
    assert len(same_requests(Dossier.objects.all, intake, by=other)) == 1


# Online


def test_same_requests_read_what_is_open_and_of_today_by_index(cast: Cast) -> None:
    """Asked with every receipt: it must not grow with all that the office ever received."""
    intake = Intake(office=cast.tan_loc, procedure=cast.birth, applicant_name="Lê Văn Đước")
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        same_requests(Dossier.objects.all, intake)
        (query,) = asked.captured_queries
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(row[-1] for row in cursor.fetchall())
            assert "dossier_open_by_due" in plan
            assert "dossier_receipts" in plan
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = " ".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on dossiers_dossier" not in plan


def file(cast: Cast, client: Client, **more: Any) -> HttpResponse:
    form = {
        "token": uuid4(),
        "office": cast.district.pk,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Thị Thúy Hằng",
        "applicant_id": CARD,
        "phone": PHONE,
        "return_method": "desk",
        "bring": "on",
    }
    return client.post(f"/nop-ho-so/{cast.land.key}/", form | more)


def test_doubts_online_a_number_in_doubt_is_asked_about_and_files_stay(
    cast: Cast, client: Client
) -> None:
    scan = SimpleUploadedFile("don.pdf", b"%PDF-1.7\n%%EOF")
    answer = file(cast, client, applicant_id="000000000000", other=scan)
    assert answer.status_code == 422
    assert "Số 000000000000 có vẻ chưa đúng. Mời ông/bà xem lại trên giấy tờ." in text(answer)
    kept = re.findall(r'name="kept" value="([^"]+)"', answer.content.decode())
    again = file(cast, client, applicant_id="000000000000", kept=kept, asked=asked(answer))
    assert again.status_code == 302
    assert Attachment.objects.get().dossier == Dossier.objects.get()


def test_doubts_name_that_no_paper_can_print_is_asked_about_once_everywhere(
    clerk: Client, cast: Cast, client: Client
) -> None:
    name = "김민수 (Kim Min-su)"
    counter = receive(clerk, cast, applicant_name=name, address="서울")
    assert counter.status_code == 422
    words = (
        "Tên có chữ mà giấy tờ không in được: 김민수. Hãy ghi như trên hộ chiếu, bằng chữ La-tinh."
    )
    assert words in text(counter)
    assert "Có chữ mà giấy tờ không in được: 서울. Hãy ghi bằng chữ La-tinh." in text(counter)
    again = {"applicant_name": name, "address": "서울", "asked": asked(counter)}
    assert receive(clerk, cast, **again).status_code == 302

    online = file(cast, client, applicant_name="王芳")
    assert "không in được: 王芳. Mời ông/bà ghi như trên hộ chiếu" in text(online)
    assert file(cast, client, applicant_name="Thị ស្រី ពៅ", applicant_id="").status_code == 302

    dossier = Dossier.objects.get(applicant_name=name)
    correction = send(clerk, dossier, "correct", submitter_name="สมชาย", reason="Thêm")
    assert "Tên có chữ mà giấy tờ không in được: สมชาย." in text(correction)
    confirmed = {"asked": asked(correction), "reason": "Thêm", "submitter_name": "สมชาย"}
    assert send(clerk, dossier, "correct", **confirmed).status_code == 302


def test_doubts_tax_code_of_a_person_is_refused_with_whose_it_is(
    clerk: Client, cast: Cast, client: Client
) -> None:
    sentence = "Số này có 10 chữ số như mã số thuế, mà mã số thuế chỉ ghi khi người nộp là tổ chức."
    for answer in (
        receive(clerk, cast, applicant_id="2000123456"),
        file(cast, client, applicant_id="2000123456"),
    ):
        assert answer.status_code == 422
        assert sentence in text(answer)
    company = {"applicant_id": "2000123456", "applicant_kind": "organisation"}
    assert receive(clerk, cast, **company).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": "0900000000"}, "0900000000 có vẻ chưa đúng. Mời ông/bà xem lại số đã ghi."),
        ({"applicant_id": "007190000123"}, "Mời ông/bà xem lại số trên thẻ."),
        (
            {"applicant_id": "096190000123", "applicant_id_kind": "passport"},
            "Mời ông/bà xem lại loại giấy tờ.",
        ),
    ],
)
def test_doubts_online_are_in_words_for_a_citizen(
    cast: Cast, client: Client, wrong: dict[str, str], sentence: str
) -> None:
    page = text(file(cast, client, **wrong))
    assert sentence in page
    for of_clerk in ("ghi cho có", "Hãy hỏi", "Hãy xem lại"):
        assert of_clerk not in page


def test_doubts_online_the_same_browser_is_asked_and_shown_what_it_filed(
    cast: Cast, client: Client
) -> None:
    first = file(cast, client, applicant_id="")
    answer = file(cast, client, applicant_id="")
    assert answer.status_code == 422
    assert "hôm nay đã nộp thủ tục này cho người này rồi" in text(answer)
    assert f'href="{first["Location"]}"' in answer.content.decode()
    assert file(cast, client, applicant_id="", asked=asked(answer)).status_code == 302
    assert Dossier.objects.count() == 2
    assert file(cast, client, applicant_id="", applicant_name="Lê Văn Tám").status_code == 302


def test_doubts_online_a_stranger_learns_of_a_dossier_by_name_and_telephone_alone(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received(
        NOW, applicant_name="Nguyễn Thị Thúy Hằng", applicant_id=CARD, phone=PHONE
    )
    for other in (
        {"phone": "0912000009"},
        {"applicant_id": "381234567"},
        {"applicant_name": "Nguyễn Thị Hằng"},
        {"applicant_id": "", "phone": "0912000008"},
    ):
        assert file(cast, Client(), **other).status_code == 302
    answer = file(cast, client)
    assert answer.status_code == 422
    page = text(answer)
    assert "Có vẻ ông/bà đã nộp thủ tục này ở đây rồi." in page
    assert dossier.code not in answer.content.decode()
    assert "04/02/2016" not in page
    assert file(cast, client, asked=asked(answer)).status_code == 302


@pytest.mark.parametrize(("here", "now"), [("", ""), (CARD, ""), ("", CARD), (CARD, CARD)])
def test_doubts_same_name_and_telephone_are_asked_about_without_numbers_too(
    cast: Cast, clerk: Client, here: str, now: str
) -> None:
    assert file(cast, Client(), applicant_id=here).status_code == 302
    online = file(cast, Client(), applicant_id=now)
    assert "Có vẻ ông/bà đã nộp thủ tục này ở đây rồi." in text(online)
    assert file(cast, Client(), applicant_id=now, asked=asked(online)).status_code == 302
    who = {"applicant_name": "Nguyễn Thị Thúy Hằng", "phone": PHONE, "applicant_id": now}
    counter = receive(clerk, cast, **who)
    assert counter.status_code == 422
    assert receive(clerk, cast, **who, asked=asked(counter)).status_code == 302


def test_doubts_online_each_answer_that_there_seems_to_be_a_dossier_counts_as_a_filing(
    cast: Cast, client: Client
) -> None:
    cast.received(NOW, applicant_name="Nguyễn Thị Thúy Hằng", applicant_id=CARD, phone=PHONE)
    answers = [file(cast, client).status_code for _ in range(filings.allowed + 1)]
    assert answers == [422] * filings.allowed + [429]


def test_doubts_online_back_and_sent_again_is_one_filing_and_another_person_typed_over_is_another(
    cast: Cast, client: Client
) -> None:
    token = uuid4()
    first = file(cast, client, token=token)
    again = file(cast, client, token=token)
    assert again["Location"] == first["Location"]
    other = file(cast, client, token=token, applicant_name="Lê Văn Tám", applicant_id="")
    assert other.status_code == 422
    assert "Trang này đã nộp một hồ sơ rồi." in text(other)
    assert value(other, "applicant_name") == "Lê Văn Tám"
    fresh = value(other, "token")
    assert fresh != str(token)
    last = file(cast, client, token=fresh, applicant_name="Lê Văn Tám", applicant_id="")
    assert last.status_code == 302
    assert last["Location"] != first["Location"]
    assert Dossier.objects.filter(state=State.SUBMITTED).count() == 2


def test_doubts_online_a_number_put_right_after_back_is_asked_about_once_and_filed(
    cast: Cast, client: Client
) -> None:
    token = uuid4()
    file(cast, client, token=token)
    answer = file(cast, client, token=token, phone="0912000002")
    assert answer.status_code == 422
    assert "hôm nay đã nộp thủ tục này" in text(answer)
    again = file(
        cast, client, token=value(answer, "token"), phone="0912000002", asked=asked(answer)
    )
    assert again.status_code == 302
    assert set(Dossier.objects.values_list("phone", flat=True)) == {PHONE, "0912000002"}
