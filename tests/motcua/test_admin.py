"""The administration: who enters, what may be changed, and what keeps its past."""

from datetime import date

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from dossiers.citizens.ratings import load_criteria
from dossiers.desk.reasons import load_reasons
from dossiers.lifecycle import perform
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import (
    Apology,
    Deadline,
    Dossier,
    Event,
    LateCause,
    NoticeTemplate,
    Pause,
    SerialCounter,
    SubmittedPaper,
    SupplementRequest,
    Transfer,
)
from motcua.models import Division, Office, Staff
from motcua.web.admin_site import site
from procedures.life_events import load_life_events
from procedures.models import (
    CalendarDay,
    DataRule,
    ElsewhereRule,
    HandledElsewhere,
    OfficeClosure,
    PaperHandOver,
    Procedure,
    ProcedureVersion,
    ProcedureWords,
    SearchTerm,
    Sector,
    UnansweredQuestion,
    WorkSession,
)
from tests.admin_pages import change, errors, page
from tests.cast import PASSWORD, Cast, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


# Who enters


def test_admin_visitor_is_sent_to_the_one_page_to_log_in(client: Client) -> None:
    response = client.get("/quan-tri/", follow=True)

    assert response.redirect_chain[-1][0] == "/dang-nhap/?next=/quan-tri/"


@pytest.mark.parametrize("who", ["clerk", "specialist", "leader", "overseer"])
def test_admin_only_administrators_enter(cast: Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who))

    response = client.get("/quan-tri/", follow=True)

    assert response.status_code == 403


def test_admin_administrator_whose_account_is_closed_is_out(cast: Cast, admin: Client) -> None:
    Staff.objects.filter(pk=cast.administrator.pk).update(is_active=False)

    assert admin.get("/quan-tri/").status_code == 302


def test_admin_every_page_of_the_administration_opens_in_vietnamese(
    cast: Cast, admin: Client
) -> None:
    load_causes()
    load_reasons()
    load_criteria()
    load_life_events()
    NoticeTemplate.objects.create(kind="resolve", channel="sms", body="Mã {ma}")
    perform.resolve(cast.received(phone="0900000123"), by=cast.clerk, outcome="approved")
    WorkSession.objects.create(office=cast.district, weekday=5, opens="07:00", closes="11:00")
    NoticeTemplate.objects.create(kind="accept", channel="sms", body="Mã {ma}")
    DataRule.objects.create(name="NQ 66.7/2025/NQ-CP", in_force_from=date(2026, 1, 1))
    ElsewhereRule.objects.create(is_allowed=True, source="Quyết định của tỉnh")
    PaperHandOver.objects.create(source="Quyết định của tỉnh")
    SearchTerm.objects.create(word="sổ đỏ", means="giấy chứng nhận quyền sử dụng đất")
    ProcedureWords.objects.create(procedure=cast.land, names="sang tên")
    HandledElsewhere.objects.create(matter="Hộ chiếu", words="hộ chiếu", where="Công an tỉnh")
    UnansweredQuestion.objects.create(
        words="phi thuyền", is_shown=True, last_asked_on=date(2026, 11, 30)
    )
    Client().post("/dang-nhap/", {"username": "mot-cua", "password": PASSWORD})
    for model, kept in site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found = page(admin, reverse(f"{name}_changelist"))
        assert "Một cửa - Quản trị" in found
        first = kept.get_queryset(admin.get("/quan-tri/").wsgi_request).first()
        if first is None:
            assert model.__module__.startswith("reports."), model
            continue
        for words in ("Save", "Delete", "Search", "History", "Home"):
            opened = page(admin, reverse(f"{name}_change", args=[first.pk]))
            assert f">{words}<" not in opened
        assert "Lịch sử" in page(admin, reverse(f"{name}_history", args=[first.pk]))


def test_admin_no_dossier_nor_any_row_of_it_can_be_touched_there(admin: Client) -> None:
    """Only the verbs of `lifecycle` write these."""
    life = {
        *(Dossier, SubmittedPaper, SerialCounter, Event),
        *(Deadline, Pause, SupplementRequest, Apology, Transfer),
    }

    assert life & set(site._registry) == set()
    assert admin.get("/quan-tri/dossiers/dossier/").status_code == 404


@pytest.mark.parametrize("model", ["office", "division", "staff"])
def test_admin_nothing_of_the_organisation_can_be_deleted(
    cast: Cast, admin: Client, model: str
) -> None:
    row = {"office": cast.district, "division": cast.land_division, "staff": cast.clerk}[model]

    response = admin.post(reverse(f"admin:motcua_{model}_delete", args=[row.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


# Search


@pytest.mark.parametrize(
    ("address", "found", "hidden"),
    [
        ("/quan-tri/motcua/staff/?q=pham hoang khoi", "Phạm Hoàng Khởi", "Lê Văn Đời"),
        ("/quan-tri/motcua/office/?q=bien bach", "Xã Biển Bạch", "Xã Tân Lộc"),
        ("/quan-tri/procedures/procedure/?q=cap giay phep", "xây dựng nhà ở", "khai sinh"),
        ("/quan-tri/procedures/sector/?q=dat dai", "Đất đai", "Hộ tịch"),
    ],
)
def test_search_needs_no_diacritics(
    cast: Cast, admin: Client, address: str, found: str, hidden: str
) -> None:
    results = page(admin, address).partition('id="result_list"')[2].partition("</table>")[0]

    assert found in results
    assert hidden not in results


def test_admin_procedures_are_filtered_by_confidence(cast: Cast, admin: Client) -> None:
    ProcedureVersion.objects.filter(procedure=cast.land).update(confidence="partly")

    results = page(admin, "/quan-tri/procedures/procedure/?tin-cay=partly")

    table = results.partition('id="result_list"')[2].partition("</table>")[0]
    assert "Đăng ký biến động" in table
    assert "Đăng ký lại khai sinh" not in table


# Scope


@pytest.fixture
def commune_admin(cast: Cast, client: Client) -> Client:
    staff = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    client.force_login(staff)
    return client


def test_filter_with_a_nul_in_it_is_refused_on_every_database(cast: Cast, admin: Client) -> None:
    address = reverse("admin:procedures_procedureversion_changelist")

    response = admin.get(address, {"confidence__exact": "a\x00b"})

    assert response.status_code == 400
    assert "chưa lưu gì cả" in response.content.decode()


def test_chosen_row_that_is_no_number_is_refused(cast: Cast, admin: Client) -> None:
    address = reverse("admin:dossiers_notice_changelist")
    chosen = {"action": "send_again", "_selected_action": "16office"}

    assert admin.post(address, chosen).status_code == 400


def test_admin_number_that_no_column_holds_is_refused(cast: Cast, admin: Client) -> None:
    address = reverse("admin:procedures_procedure_change", args=[cast.land.pk])
    sent = {"name": "Đất đai", "level": "district", "life_events": str(2**63)}

    # PostgreSQL compares it with its keys and finds none: then the form says so.
    assert admin.post(address, sent).status_code in (200, 400)
    assert not cast.land.life_events.exists()


def test_admin_commune_administrator_sees_only_his_commune(
    cast: Cast, commune_admin: Client
) -> None:
    staff = page(commune_admin, "/quan-tri/motcua/staff/")

    assert "mot-cua-xa" in staff
    assert "mot-cua-khac" not in staff
    other = reverse("admin:motcua_staff_change", args=[cast.other_clerk.pk])
    password = reverse("admin:auth_user_password_change", args=[cast.other_clerk.pk])
    office = reverse("admin:motcua_office_change", args=[cast.bien_bach.pk])
    for address in (other, password, office):
        assert commune_admin.get(address).status_code == 404
    assert "Biển Bạch" not in page(commune_admin, "/quan-tri/motcua/staff/add/")


def test_admin_commune_administrator_reads_what_all_share_and_changes_nothing(
    cast: Cast, commune_admin: Client
) -> None:
    address = reverse("admin:procedures_procedure_change", args=[cast.birth.pk])

    assert 'name="_save"' not in page(commune_admin, address)
    assert commune_admin.post(address, {"name": "Khác"}).status_code == 403
    assert commune_admin.get("/quan-tri/procedures/calendarday/add/").status_code == 403
    assert Procedure.objects.get(pk=cast.birth.pk).name == "Đăng ký lại khai sinh"


def test_admin_where_an_office_stands_is_not_for_its_own_administrator(
    cast: Cast, commune_admin: Client
) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    change(commune_admin, address, phone="0290 123", level="district")

    office = Office.objects.get(pk=cast.tan_loc.pk)
    assert (office.phone, office.level) == ("0290 123", "commune")


# Offices and their hours


def test_office_gets_its_identity_code_address_and_phone(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    change(admin, address, identity_code="H12.29", address="Ấp 3", phone="0290 111")

    office = Office.objects.get(pk=cast.tan_loc.pk)
    assert (office.identity_code, office.address, office.phone) == ("H12.29", "Ấp 3", "0290 111")
    history = page(admin, reverse("admin:motcua_office_history", args=[office.pk]))
    assert "Mã định danh: (trống) → H12.29" in history
    assert cast.administrator.full_name in history


def test_offices_stand_in_no_ring_and_share_no_identity_code(cast: Cast) -> None:
    """Asked of who keeps all offices; the fields of the others are not there."""
    Office.objects.filter(pk=cast.tan_loc.pk).update(identity_code="H12.29")
    keeper = make_staff("quan-tri-tinh", cast.district, "administrator", is_staff=True)
    Staff.objects.filter(pk=keeper.pk).update(office=None)
    client = Client()
    client.force_login(keeper)
    for office, wrong, sentence in (
        (cast.district, {"parent": cast.tan_loc.pk}, "Hãy chọn một đơn vị cấp cao hơn"),
        (cast.bien_bach, {"identity_code": "H12.29"}, "Mã này là của Xã Tân Lộc."),
    ):
        address = reverse("admin:motcua_office_change", args=[office.pk])
        refused = change(client, address, **{name: str(value) for name, value in wrong.items()})
        assert refused.status_code == 200
        assert sentence in refused.content.decode()


def test_sector_that_dossiers_stand_in_keeps_its_name(cast: Cast) -> None:
    """Signed figures stand under the name."""
    kept, free = cast.land.sector, Sector.objects.create(name="Lĩnh vực mới")
    cast.received()
    may_be_renamed = [
        "name" not in site.get_model_admin(Sector).get_readonly_fields(HttpRequest(), sector)
        for sector in (kept, free)
    ]
    assert may_be_renamed == [False, True]


def test_admin_wrong_identity_code_is_refused_with_an_example(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    response = change(admin, address, identity_code="h12/29")

    assert any("ví dụ H12.29" in error for error in errors(response))


def test_office_keeps_hours_and_closed_days_of_its_own(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    change(
        admin,
        address,
        **{
            "sessions-0-weekday": "5",
            "sessions-0-opens": "07:30",
            "sessions-0-closes": "11:00",
            "closures-0-date": "2016-09-15",
            "closures-0-reason": "Đại hội xã",
        },
    )

    session = WorkSession.objects.get(office=cast.tan_loc)
    assert str(session) == "thứ Bảy 07:30 - 11:00"
    assert OfficeClosure.objects.get(office=cast.tan_loc).date == date(2016, 9, 15)


def test_admin_two_sessions_at_the_same_time_are_refused(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])
    lines = {}
    for at, (opens, closes) in enumerate([("07:00", "11:00"), ("10:30", "12:00")]):
        lines |= {
            f"sessions-{at}-weekday": "0",
            f"sessions-{at}-opens": opens,
            f"sessions-{at}-closes": closes,
        }

    response = change(admin, address, **lines)

    assert "Hai buổi làm việc của thứ Hai trùng giờ nhau." in errors(response)
    assert not WorkSession.objects.exists()


# Staff

NEW = {
    "username": "moi",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "full_name": "Người Mới",
}


def test_admin_new_clerk_can_log_in_with_the_first_password(cast: Cast, admin: Client) -> None:
    admin.post("/quan-tri/motcua/staff/add/", {**NEW, "office": cast.tan_loc.pk, "is_clerk": "on"})

    staff = Staff.objects.get(username="moi")
    assert (staff.office, staff.is_clerk, staff.is_staff) == (cast.tan_loc, True, False)
    assert Client().login(username="moi", password=PASSWORD)


def test_admin_only_the_role_of_an_administrator_opens_this_door(cast: Cast, admin: Client) -> None:
    data = {**NEW, "office": cast.tan_loc.pk, "is_administrator": "on", "is_superuser": "on"}

    admin.post("/quan-tri/motcua/staff/add/", data)

    staff = Staff.objects.get(username="moi")
    assert (staff.is_staff, staff.is_superuser) == (True, False)
    change(
        admin,
        reverse("admin:motcua_staff_change", args=[staff.pk]),
        is_administrator="",
        is_clerk="on",
    )
    assert not Staff.objects.get(username="moi").is_staff


def test_account_without_office_or_role_or_with_a_weak_password_is_refused(
    cast: Cast, admin: Client
) -> None:
    response = admin.post(
        "/quan-tri/motcua/staff/add/", {**NEW, "password1": "12345678", "password2": "12345678"}
    )

    said = " ".join(errors(response))
    assert "Hãy chọn ít nhất một vai trò cho tài khoản." in said
    assert "Trường này là bắt buộc." in said or "bắt buộc" in said
    assert not Staff.objects.filter(username="moi").exists()


def test_division_of_another_office_is_refused(cast: Cast, admin: Client) -> None:
    data = {**NEW, "office": cast.tan_loc.pk, "is_specialist": "on"}

    response = admin.post(
        "/quan-tri/motcua/staff/add/", {**data, "division": cast.land_division.pk}
    )

    assert "Phòng chuyên môn này không thuộc đơn vị đã chọn." in errors(response)


def test_admin_closed_account_cannot_log_in_and_keeps_its_name(cast: Cast, admin: Client) -> None:
    dossier = cast.received()

    change(admin, reverse("admin:motcua_staff_change", args=[cast.clerk.pk]), is_active="")

    assert not Client().login(username="mot-cua", password=PASSWORD)
    assert dossier.events.get().actor.full_name == "Trần Thị Mận"


def test_admin_nobody_closes_his_own_account(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_staff_change", args=[cast.administrator.pk])

    change(admin, address, is_active="", is_administrator="", full_name="Tên Mới")

    staff = Staff.objects.get(pk=cast.administrator.pk)
    assert (staff.full_name, staff.is_active, staff.is_administrator) == ("Tên Mới", True, True)


def test_admin_name_of_log_in_stays_for_good(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_staff_change", args=[cast.clerk.pk])
    assert 'name="username"' not in page(admin, address)


def test_password_is_set_anew(cast: Cast, admin: Client) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])
    assert "Đặt lại mật khẩu" in page(admin, address)

    admin.post(address, {"password1": "mat-khau-khac-1", "password2": "mat-khau-khac-1"})

    assert Client().login(username="mot-cua", password="mat-khau-khac-1")


def test_admin_empty_new_password_is_refused_and_the_old_one_stays(
    cast: Cast, admin: Client
) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])

    response = admin.post(address, {"password1": "", "password2": ""})

    assert errors(response)
    assert Client().login(username="mot-cua", password=PASSWORD)


def test_history_of_an_account_shows_no_password(cast: Cast, admin: Client) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])
    admin.post(address, {"password1": "mat-khau-khac-1", "password2": "mat-khau-khac-1"})

    shown = page(admin, reverse("admin:motcua_staff_history", args=[cast.clerk.pk]))

    assert "md5" not in shown
    assert "pbkdf2" not in shown


# Calendar and lists


def test_admin_day_off_is_added_and_taken_away_and_both_are_remembered(
    cast: Cast, admin: Client
) -> None:
    admin.post(
        "/quan-tri/procedures/calendarday/add/",
        {"date": "2027-02-11", "kind": "holiday", "name": "Nghỉ thêm", "is_estimate": "on"},
    )
    day = CalendarDay.objects.get(date=date(2027, 2, 11), name="Nghỉ thêm")

    admin.post(reverse("admin:procedures_calendarday_delete", args=[day.pk]), {"post": "yes"})

    assert not CalendarDay.objects.filter(pk=day.pk).exists()
    assert [r.history_type for r in CalendarDay.history.filter(id=day.pk)] == ["-", "+"]


def test_admin_one_date_stands_in_the_calendar_once(cast: Cast, admin: Client) -> None:
    response = admin.post(
        "/quan-tri/procedures/calendarday/add/",
        {"date": "2016-01-01", "kind": "holiday", "name": "Tết Dương lịch"},
    )

    assert errors(response)


def test_admin_cause_of_lateness_is_retired_not_deleted(cast: Cast, admin: Client) -> None:
    load_causes()
    cause = LateCause.objects.get(code="B3")

    change(admin, reverse("admin:dossiers_latecause_change", args=[cause.pk]), is_active="")

    assert not LateCause.objects.get(code="B3").is_active
    deletion = reverse("admin:dossiers_latecause_delete", args=[cause.pk])
    assert admin.post(deletion, {"post": "yes"}).status_code == 403


def test_division_is_closed_not_deleted(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_division_change", args=[cast.land_division.pk])

    change(admin, address, is_active="")

    assert not Division.objects.get(pk=cast.land_division.pk).is_active


def test_admin_empty_name_of_a_field_in_the_address_changes_nothing(
    cast: Cast, admin: Client
) -> None:
    address = reverse("admin:motcua_division_change", args=[cast.land_division.pk])

    assert admin.get(address, {"_to_field": ""}).status_code == 200
    assert admin.get(address, {"_to_field": "no-such-field"}).status_code == 400
