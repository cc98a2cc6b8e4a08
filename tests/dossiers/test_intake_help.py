"""What the intake does for a clerk before she saves: procedure, promise, known applicant."""

import json
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk.applicants import people_named, people_with_telephone
from dossiers.models import Dossier, Event
from procedures.models import CalendarDay
from tests.cast import Cast, make_procedure, vn
from tests.dossiers.counter_pages import PAGE, page_of, text, typed, value


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Thursday morning before Tết 2016."""
    with time_machine.travel(vn("2016-02-04T09:05"), tick=False):
        yield


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.clerk)
    return client


# Choosing the procedure


def test_intake_help_few_letters_without_diacritics_find_the_procedure(
    clerk: Client, cast: Cast
) -> None:
    response = clerk.get(f"{PAGE}thu-tuc/", {"q": "dat dai"})
    assert cast.land.name in text(response)
    assert cast.building.name not in text(response)
    assert cast.birth.name not in text(clerk.get(f"{PAGE}thu-tuc/", {"q": "khai sinh"}))


def test_intake_help_name_that_begins_with_the_letters_comes_first(
    clerk: Client, cast: Cast
) -> None:
    make_procedure("H903", "Cấp lại giấy đăng ký", "Đất đai", "district", 5, "working_day")
    response = clerk.get(f"{PAGE}thu-tuc/", {"q": "dang ky"})
    assert text(response).index(cast.land.name) < text(response).index("Cấp lại giấy đăng ký")


def test_without_a_script_one_answer_is_taken_at_once(clerk: Client, cast: Cast) -> None:
    response = clerk.get(PAGE, {"q": "giay phep xay dung"})
    assert response.status_code == 302
    assert response["Location"] == page_of(cast.building)


def test_sectors_and_the_most_used_procedures_are_offered(clerk: Client, cast: Cast) -> None:
    cast.received("2016-02-03T09:00", procedure=cast.building)
    cast.received("2016-02-03T09:10", procedure=cast.building)
    cast.received("2016-02-03T09:20", procedure=cast.land)
    page = text(clerk.get(PAGE))
    assert page.index("Hay nhận nhất của tôi, 30 ngày qua") < page.index(cast.building.name)
    assert page.index(cast.building.name) < page.index(cast.land.name)
    assert f"{cast.building.name} 2 {cast.land.name} 1" in page
    assert "Hoạt động xây dựng 1" in page
    sector = cast.building.sector
    assert cast.building.name in text(clerk.get(PAGE, {"linh-vuc": sector.pk}))
    assert clerk.get(PAGE, {"linh-vuc": "không"}).status_code == 200


def test_search_without_answer_says_so(clerk: Client) -> None:
    assert "Không có thủ tục nào" in text(clerk.get(PAGE, {"q": "xyz"}))
    assert "Không có thủ tục nào" in text(clerk.get(f"{PAGE}thu-tuc/", {"q": "xyz"}))


# The promise before saving


def test_intake_help_due_date_and_every_day_of_it_show_before_saving(
    clerk: Client, cast: Cast
) -> None:
    page = text(clerk.get(page_of(cast.land)))
    assert "thứ Năm 25/02/2016" in page
    assert "thứ Hai 08/02/2016 không tính: nghỉ: Tết Nguyên đán (mùng 1)" in page
    assert "thứ Năm 25/02/2016 tính: ngày làm việc thứ 10" in page


def test_promise_follows_the_moment_of_receipt(clerk: Client, cast: Cast) -> None:
    page = text(clerk.get(f"{PAGE}ngay-hen/", {"thu-tuc": "H901", "luc": "2016-02-03T17:30"}))
    assert "Tính thời hạn từ 07:00 thứ Năm 04/02/2016" in page
    assert "thứ Năm 25/02/2016" in page


def test_intake_help_year_without_a_calendar_is_said_and_nothing_is_received(
    clerk: Client, cast: Cast
) -> None:
    CalendarDay.objects.filter(date__year=2016).delete()
    assert "Chưa có lịch nghỉ, làm bù của năm 2016." in text(clerk.get(page_of(cast.land)))
    response = clerk.post(page_of(cast.land), typed(cast.land))
    assert response.status_code == 422
    assert "Chưa có lịch nghỉ, làm bù của năm 2016." in text(response)
    assert not Dossier.objects.exists()


def test_intake_help_uncertain_limit_and_an_estimated_calendar_are_marked(
    clerk: Client, cast: Cast
) -> None:
    cast.land.versions.update(confidence="partly")
    CalendarDay.objects.filter(date="2016-02-08").update(is_estimate=True)
    page = text(clerk.get(page_of(cast.land)))
    assert "chưa đối chiếu được với văn bản" in page
    assert "lịch nghỉ mới là ước tính" in page


# Without a script: changing the procedure, filling from before


def test_intake_help_another_procedure_is_sought_and_chosen_without_losing_the_applicant(
    clerk: Client, cast: Cast
) -> None:
    cast.building.versions.update(fee_vnd=75000)
    form = typed(cast.land, act="search", q="giay phep", phone="0900000001")
    found = clerk.post(page_of(cast.land), form)
    assert found.status_code == 200
    assert cast.building.name in text(found)
    assert value(found, "applicant_name") == "Nguyễn Văn Ân"
    form["act"] = "change"
    changed = clerk.post(page_of(cast.building), form)
    assert changed.status_code == 200
    assert "Cấp giấy phép xây dựng" in text(changed)
    assert value(changed, "applicant_name") == "Nguyễn Văn Ân"
    assert value(changed, "phone") == "0900000001"
    assert value(changed, "fee_vnd") == "75.000"
    assert not Dossier.objects.exists()


def test_enter_in_the_search_for_another_procedure_receives_nothing(
    clerk: Client, cast: Cast
) -> None:
    response = clerk.post(page_of(cast.land), typed(cast.land, act="enter", q="giay phep"))
    assert response.status_code == 200
    assert not Dossier.objects.exists()
    clerk.post(page_of(cast.land), typed(cast.land, act="enter"))
    assert Dossier.objects.count() == 1


KNOWN = {
    "applicant_id": "096012345678",
    "applicant_name": "Võ Thị Đào",
    "phone": "0900000009",
    "address": "Ấp 9, xã Trí Phải",
}


def test_known_number_gives_the_applicant_and_the_reading_is_kept(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    response = clerk.post(f"{PAGE}nguoi-nop/", {"applicant_id": "096 012 345 678"})
    answer = json.loads(response.content)
    assert answer["found"] is True
    assert answer["fields"]["applicant_name"] == "Võ Thị Đào"
    assert answer["fields"]["address"] == "Ấp 9, xã Trí Phải"
    assert dossier.code in answer["told"]
    read = dossier.events.get(kind=Event.Kind.READ)
    assert read.actor == cast.clerk


def test_without_a_script_a_button_fills_what_is_empty(clerk: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    form = typed(cast.land, act="fill", applicant_id="096012345678", applicant_name="", phone="12")
    response = clerk.post(page_of(cast.land), form)
    assert response.status_code == 200
    assert value(response, "applicant_name") == "Võ Thị Đào"
    assert value(response, "phone") == "12"
    assert dossier.events.filter(kind=Event.Kind.READ).count() == 1


def test_applicant_of_another_office_is_not_known_here(client: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    client.force_login(cast.other_clerk)
    response = client.post(f"{PAGE}nguoi-nop/", {"applicant_id": "096012345678"})
    assert json.loads(response.content) == {"found": False}
    form = typed(cast.birth, act="fill", applicant_id="096012345678", applicant_name="")
    page = client.post(page_of(cast.birth), form)
    assert "Võ Thị Đào" not in page.content.decode()
    assert not dossier.events.filter(kind=Event.Kind.READ).exists()


def test_intake_help_number_of_an_applicant_is_only_ever_posted(clerk: Client, cast: Cast) -> None:
    cast.received("2016-02-03T09:00", **KNOWN)
    assert clerk.get(f"{PAGE}nguoi-nop/?applicant_id=096012345678").status_code == 405
    empty = clerk.post(f"{PAGE}nguoi-nop/", {"applicant_id": ""})
    assert json.loads(empty.content) == {"found": False}


def test_intake_help_letters_that_no_database_keeps_part_words(clerk: Client, cast: Cast) -> None:
    """A NUL ended PostgreSQL's statement in an error; between words it is a space."""
    found = clerk.get("/ho-so/tiep-nhan/thu-tuc/", {"q": f"{cast.birth.name}\0"})
    assert found.status_code == 200
    taken = clerk.get("/ho-so/tiep-nhan/", {"q": f"{cast.birth.name}\0"}, follow=True)
    assert cast.birth.name in taken.content.decode()


# Who was here before, by telephone and by name

PEOPLE = f"{PAGE}da-tung-nop/"


def test_intake_people_by_telephone_hide_the_number_and_are_recorded(
    clerk: Client, cast: Cast
) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    cast.received("2016-02-03T09:10", applicant_name="Lê Văn Sáu", phone="0900000009")
    said = text(clerk.post(PEOPLE, {"phone": "+84 900 000 009"}))
    assert "Võ Thị Đào CCCD 09601234•••• Ấp 9, xã Trí Phải nộp 03/02/2016" in said
    assert "Lê Văn Sáu không ghi số giấy tờ" in said
    assert "096012345678" not in said
    assert dossier.events.get(kind=Event.Kind.READ).actor == cast.clerk
    assert text(clerk.post(PEOPLE, {"phone": "0900000008"})) == ""


def test_intake_people_by_first_letters_each_once_and_five_at_most(
    clerk: Client, cast: Cast
) -> None:
    cast.received("2016-02-02T09:00", **KNOWN)
    newer = cast.received("2016-02-03T09:00", **KNOWN)
    said = text(clerk.post(PEOPLE, {"applicant_name": "vo thi d"}))
    assert said.count("Võ Thị Đào") == 1
    assert newer.code in clerk.post(PEOPLE, {"applicant_name": "VÕ THỊ Đ"}).content.decode()
    assert text(clerk.post(PEOPLE, {"applicant_name": "vo"})) == ""
    for number in range(6):
        cast.received("2016-02-03T10:00", applicant_name="Võ Thị Đen", phone=f"091234500{number}")
    said = text(clerk.post(PEOPLE, {"applicant_name": "vo thi"}))
    assert (said.count("Võ Thị"), "còn người khác: mời gõ thêm" in said) == (5, True)


def test_intake_people_of_another_office_are_not_offered(client: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    client.force_login(cast.other_clerk)
    for asked in ({"phone": "0900000009"}, {"applicant_name": "vo thi dao"}):
        assert text(client.post(PEOPLE, asked)) == ""
    other = client.post(f"{PAGE}nguoi-nop/", {"like": dossier.code})
    assert json.loads(other.content) == {"found": False}
    assert not dossier.events.filter(kind=Event.Kind.READ).exists()


def test_intake_people_without_a_script_are_buttons_that_fill(clerk: Client, cast: Cast) -> None:
    dossier = cast.received("2016-02-03T09:00", **KNOWN)
    form = typed(cast.land, act="fill", applicant_name="vo thi", address="Ấp 2")
    page = clerk.post(page_of(cast.land), form)
    assert f'value="like-{dossier.code}"' in page.content.decode()
    filled = clerk.post(page_of(cast.land), form | {"act": f"like-{dossier.code}"})
    names = ("applicant_id", "applicant_name", "phone", "address")
    assert [value(filled, name) for name in names] == [
        *("096012345678", "Võ Thị Đào", "0900000009", "Ấp 2"),
    ]


def test_intake_people_are_found_without_reading_every_dossier(cast: Cast) -> None:
    """Few of 380,000: by an index of telephones and one of names in an office."""
    if connection.vendor != "sqlite":
        return
    for find, asked in ((people_with_telephone, "0900000009"), (people_named, "vo thi")):
        with CaptureQueriesContext(connection) as queries:
            find(cast.clerk, asked)
        sent = [
            q["sql"] for q in queries if '"search_key" >=' in q["sql"] or '"phone" =' in q["sql"]
        ]
        assert sent
        for sql in sent:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN")], plan
