"""The page of the first hour: its steps as pure functions, its forms, the slip to try."""

from datetime import time
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from dossiers.first_hour import trial
from dossiers.first_hour.facts import Machine, SetupFacts, facts_of, offices_to_begin
from dossiers.first_hour.steps import SetupStep, StandingKind, steps_of
from dossiers.models import Dossier, Event, SerialCounter
from dossiers.paper import forms_01_03
from motcua.models import Division, Office, Role, Staff
from motcua.operations.base_data import load_offices
from procedures.models import OfficeOffer, WorkSession
from procedures.offices.templates import NewOffice, begin_shipped_offices, choose_office
from procedures.opening import OpenHours
from tests.cast import Cast, make_cast, make_procedure, make_staff, vn
from tests.dossiers.printed import words_of

ADDRESS = "/quan-tri/bat-dau/"


def step(key: str, **told: Any) -> SetupStep:
    facts = SetupFacts(told.pop("machine", Machine()), **told)
    return next(one for one in steps_of(facts).steps if one.key == key)


def ward() -> Office:
    return Office(code="32065", name="Xã Thới Bình", kind="xã", level="commune")


@pytest.mark.pure
def test_steps_of_nothing_told_wait_for_the_office_first() -> None:
    steps = steps_of(SetupFacts(Machine(qr_opens_this_machine=True)))
    assert steps.done == 0
    assert steps.first_missing == "don-vi"
    assert steps.missing == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.pure
def test_steps_heading_with_a_provisional_code_is_not_done() -> None:
    office = ward()
    assert step("ten", office=office, code_prefix="H12.TAM.32.065").standing.word == "còn mã tạm"
    assert step("ten", office=office, code_prefix="H12.32").is_done


@pytest.mark.pure
def test_steps_contact_is_done_with_address_and_telephone() -> None:
    office = ward()
    office.address = "Ấp 1"
    assert step("dia-chi", office=office).standing.word == "còn thiếu"
    office.phone = "0290 000 0000"
    done = step("dia-chi", office=office)
    assert done.is_done
    assert done.standing.value == "Ấp 1; 0290 000 0000"


@pytest.mark.pure
def test_steps_hours_are_done_once_somebody_confirmed_them() -> None:
    usual = [OpenHours("thứ Hai - thứ Sáu", "07:00 - 11:00")]
    assert not step("gio", office=ward(), hours=usual).is_done
    assert step("gio", office=ward(), hours=usual, has_own_hours=True).is_done


@pytest.mark.pure
def test_steps_staff_needs_a_clerk_and_a_leader() -> None:
    alone = step("can-bo", office=ward(), staff=1, people={Role.CLERK: 1})
    assert alone.standing.value == "1 người; chưa ai giữ vai lãnh đạo"
    assert step("can-bo", staff=2, people={Role.CLERK: 1, Role.LEADER: 1}).is_done


@pytest.mark.pure
def test_steps_public_address_of_this_machine_is_wrong_and_said_in_red() -> None:
    machine = Machine(base_url="http://127.0.0.1:8000", qr_opens_this_machine=True)
    standing = step("dia-chi-cong-khai", machine=machine).standing
    assert standing.kind is StandingKind.WRONG
    assert "127.0.0.1:8000" in standing.value
    assert step("dia-chi-cong-khai", machine=Machine(base_url="https://motcua.vn")).is_done


@pytest.fixture
def everywhere(db: None) -> Staff:
    """The first administrator of an installation that has only its base data."""
    load_offices()
    begin_shipped_offices()
    return make_staff("quan-tri-moi", None, "administrator", is_staff=True)


@pytest.fixture
def client_of(everywhere: Staff) -> Client:
    client = Client()
    client.force_login(everywhere)
    return client


def test_first_hour_stands_before_the_bare_list_until_the_first_dossier(client_of: Client) -> None:
    answer = client_of.get("/quan-tri/")
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    assert client_of.get("/quan-tri/?tat-ca").status_code == 200
    page = client_of.get(ADDRESS).content.decode()
    assert "Còn việc 1, 2, 3, 4, 5, 6, 7" in page
    assert "Xã, phường từ 01/7/2025" in page


def test_begin_form_makes_an_office_that_is_not_shipped_and_says_what_is_missing(
    client_of: Client,
) -> None:
    typed = {"viec": "don-vi", "template": "commune-2016", "name": "Xã Thới Bình"}
    refused = client_of.post(ADDRESS, typed)
    assert refused.status_code == 422
    assert "Hãy ghi mã đơn vị." in refused.content.decode()
    assert 'value="Xã Thới Bình"' in refused.content.decode()
    typed |= {"code": "32065", "superior_code": "96", "superior_name": "Tỉnh Cà Mau"}
    assert client_of.post(ADDRESS, typed)["Location"] == f"{ADDRESS}?chon=32065"
    office = Office.objects.get(code="32065", is_hidden=False)
    assert (office.name, office.kind, office.parent.code) == ("Xã Thới Bình", "xã", "96")
    assert OfficeOffer.objects.get(office=office).template == "commune-2016"
    page = client_of.get(ADDRESS).content.decode()
    assert "Xã Thới Bình; mẫu xã, phường, thị trấn trước 01/7/2025" in page


def test_begin_form_refuses_a_template_of_another_level(client_of: Client) -> None:
    district = Office.objects.get(code="967")
    typed = {"viec": "don-vi", "template": "commune-2016", "office": district.pk}
    answer = client_of.post(ADDRESS, typed)
    assert answer.status_code == 422
    assert "Huyện Thới Bình thì không phải" in answer.content.decode()
    assert not OfficeOffer.objects.exists()


def test_begin_form_makes_a_province_with_its_communes(client_of: Client) -> None:
    typed = {
        "viec": "don-vi",
        "template": "province",
        "office": Office.objects.get(code="96").pk,
        "below": "32065 Xã Thới Bình\n32071, Xã Trí Phải\n",
    }
    assert client_of.post(ADDRESS, typed).status_code == 302
    seen = Office.objects.filter(is_hidden=False).values_list("code", "name")
    assert set(seen) == {
        ("96", "Tỉnh Cà Mau"),
        ("32065", "Xã Thới Bình"),
        ("32071", "Xã Trí Phải"),
    }
    assert "Dòng 1" in client_of.post(ADDRESS, typed | {"below": "Xã"}).content.decode()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def commune(cast: Cast) -> Office:
    make_procedure("X905", "Đăng ký khai tử", "Hộ tịch", "commune", 3, "working_day")
    office = Office.objects.get(code="32086")
    return choose_office(office, "commune-2016")


@pytest.fixture
def keeper(commune: Office) -> Client:
    client = Client()
    client.force_login(make_staff("xa-quan-tri", commune, "administrator", is_staff=True))
    return client


def test_first_hour_keeps_heading_contact_hours_and_divisions(
    commune: Office, keeper: Client
) -> None:
    told = {"viec": "ten", "identity_code": "H12.29", "place": "Tân Lộc"}
    assert keeper.post(ADDRESS, told).status_code == 302
    told = {"viec": "dia-chi", "address": "Ấp 1, xã Tân Lộc", "phone": "0290 000 0000"}
    assert keeper.post(ADDRESS, told).status_code == 302
    commune.refresh_from_db()
    assert (commune.identity_code, commune.address) == ("H12.29", "Ấp 1, xã Tân Lộc")
    assert not commune.former.exists()
    assert keeper.post(ADDRESS, {"viec": "phong", "name": "Quân sự"}).status_code == 302
    assert Division.objects.filter(office=commune, name="Quân sự").exists()
    assert keeper.post(ADDRESS, {"viec": "phong", "name": ""}).status_code == 422
    hours = {"viec": "gio", "days": ["0", "1"], "valid_from": "2030-01-02"}
    hours |= {"morning_opens": "07:30", "morning_closes": "11:30"}
    assert keeper.post(ADDRESS, hours).status_code == 302
    assert WorkSession.objects.filter(office=commune).count() == 2


def test_first_hour_details_of_an_office_in_use_change_from_a_day(
    cast: Cast, commune: Office, keeper: Client
) -> None:
    cast.received(office=commune, procedure=cast.birth, by=cast.commune_clerk)
    told = {"viec": "dia-chi", "address": "Ấp 2", "phone": "0290", "since": "2026-11-02"}
    assert keeper.post(ADDRESS, told).status_code == 302
    assert commune.former.count() == 1


def test_trial_slip_is_marked_and_leaves_no_trace(commune: Office, keeper: Client) -> None:
    Office.objects.filter(pk=commune.pk).update(address="Ấp 1, xã Tân Lộc", identity_code="H12.29")
    counters = SerialCounter.objects.count()
    answer = keeper.get(f"{ADDRESS}32086/phieu-thu.pdf")
    words = words_of(answer.content)
    assert "PHIẾU THỬ" in words
    assert "Ấp 1, xã Tân Lộc" in words
    assert "H12.29-" in words
    assert "-0000" in words
    assert not Dossier.objects.exists()
    assert not Event.objects.exists()
    assert SerialCounter.objects.count() == counters
    assert "đã in trong lần làm việc này" in keeper.get(ADDRESS).content.decode()


def test_trial_slip_of_an_office_that_offers_nothing_is_said(db: None) -> None:
    office = choose_office(NewOffice("1", "Tỉnh Mẫu", "tỉnh", "province"), "province")
    staff = make_staff("tinh-quan-tri", office, "administrator", is_staff=True)
    assert trial.slip(office, staff) is None
    assert not steps_of(facts_of(office, has_tried=False)).steps[6].is_done
    assert offices_to_begin(staff) == [office]


def test_lookup_of_a_trial_slip_says_that_its_square_code_works(
    commune: Office, client: Client
) -> None:
    answer = client.get("/tra-cuu/", {"ma": trial.trial_code(commune)})
    assert answer.status_code == 404
    assert "Đây là mã của phiếu thử" in answer.content.decode()


def test_slip_printed_again_keeps_the_address_and_hours_of_its_first_print(
    cast: Cast, client: Client
) -> None:
    Office.objects.filter(pk=cast.district.pk).update(address="Khóm 1")
    dossier = cast.received()
    client.force_login(cast.clerk)
    client.post(f"/ho-so/{dossier.code}/phieu-hen.pdf")
    Office.objects.filter(pk=cast.district.pk).update(address="Khóm 9")
    WorkSession.objects.create(
        office=cast.district, weekday=0, opens=time(8), closes=time(10), valid_from=None
    )
    words = words_of(client.post(f"/ho-so/{dossier.code}/phieu-hen.pdf").content)
    assert "Địa chỉ cơ quan tiếp nhận: Khóm 1" in words
    assert "thứ Hai - thứ Sáu 07:00 - 11:00, 13:00 - 17:00" in words


@pytest.mark.parametrize("at", ["2016-02-04T09:00", "2019-02-14T09:00", "2026-01-05T09:00"])
def test_slip_of_each_regime_names_where_the_desk_is_and_stays_one_page(
    cast: Cast, at: str
) -> None:
    cast.district.address = "Khóm 1, thị trấn Thới Bình, huyện Thới Bình, tỉnh Cà Mau"
    cast.district.save()
    with time_machine.travel(vn("2026-01-05T10:00"), tick=False):
        pdf = forms_01_03.slip(cast.received(at), two_copies=True)
    assert words_of(pdf).count("Địa chỉ cơ quan tiếp nhận: Khóm 1") == 2
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
