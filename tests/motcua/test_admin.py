"""The administration: who enters, what may be changed, and what keeps its past."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.causes import load_causes
from dossiers.models import Dossier, LateCause, NoticeTemplate
from motcua.admin_site import site
from motcua.models import Division, Office, Staff
from procedures.models import (
    CalendarDay,
    OfficeClosure,
    Procedure,
    ProcedureVersion,
    RequiredPaper,
    Sector,
    WorkSession,
)
from tests.cast import PASSWORD, Cast, make_staff

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def sent_back(response: object) -> dict[str, str]:
    """What a browser would send if the form on the page were submitted as it is."""
    data: dict[str, str] = {}
    for form in response.context["adminform"], *response.context["inline_admin_formsets"]:
        forms = (
            [form.form]
            if hasattr(form, "form")
            else [form.formset.management_form, *form.formset.forms]
        )
        for one in forms:
            for field in one:
                value = field.value()
                if value is True:
                    data[field.html_name] = "on"
                elif value is not None and value is not False and value != "":
                    data[field.html_name] = str(
                        field.field.widget.format_value(value)
                        if not hasattr(field.field, "choices")
                        else value
                    )
    return data


def change(client: Client, address: str, /, **values: str) -> object:
    data = {**sent_back(client.get(address)), **values}
    response = client.post(
        address, {name: value for name, value in data.items() if value != ""}, follow=True
    )
    return response


def errors(response: object) -> list[str]:
    found = re.findall(
        r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL
    )
    return [re.sub(r"<[^>]+>", " ", item).strip() for item in found]


def version_page(version: ProcedureVersion) -> str:
    return reverse("admin:procedures_procedureversion_change", args=[version.pk])


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


# Who enters


def test_a_visitor_is_sent_to_the_one_page_to_log_in(client: Client) -> None:
    response = client.get("/quan-tri/", follow=True)

    assert response.redirect_chain[-1][0] == "/dang-nhap/?next=/quan-tri/"


@pytest.mark.parametrize("who", ["clerk", "specialist", "leader", "overseer"])
def test_only_administrators_enter(cast: Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who))

    response = client.get("/quan-tri/", follow=True)

    assert response.status_code == 403


def test_an_administrator_whose_account_is_closed_is_out(cast: Cast, admin: Client) -> None:
    Staff.objects.filter(pk=cast.administrator.pk).update(is_active=False)

    assert admin.get("/quan-tri/").status_code == 302


def test_every_page_of_the_administration_opens_in_vietnamese(cast: Cast, admin: Client) -> None:
    load_causes()
    cast.received()
    CalendarDay.objects.first()
    WorkSession.objects.create(office=cast.district, weekday=5, opens="07:00", closes="11:00")
    NoticeTemplate.objects.create(kind="accept", channel="sms", body="Mã {ma}")
    for model, kept in site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found = page(admin, reverse(f"{name}_changelist"))
        assert "Một cửa - Quản trị" in found
        first = kept.get_queryset(admin.get("/quan-tri/").wsgi_request).first()
        assert first is not None, model
        for words in ("Save", "Delete", "Search", "History", "Home"):
            opened = page(admin, reverse(f"{name}_change", args=[first.pk]))
            assert f">{words}<" not in opened
        assert "Lịch sử" in page(admin, reverse(f"{name}_history", args=[first.pk]))


def test_no_dossier_can_be_touched_there(admin: Client) -> None:
    kept = {model._meta.label for model in site._registry}

    assert kept == {
        "motcua.Office",
        "motcua.Division",
        "motcua.Staff",
        "procedures.Sector",
        "procedures.Procedure",
        "procedures.ProcedureVersion",
        "procedures.CalendarDay",
        "dossiers.LateCause",
        "dossiers.NoticeTemplate",
    }
    assert Dossier._meta.label not in kept


@pytest.mark.parametrize("model", ["office", "division", "staff"])
def test_nothing_of_the_organisation_can_be_deleted(cast: Cast, admin: Client, model: str) -> None:
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


def test_procedures_are_filtered_by_confidence(cast: Cast, admin: Client) -> None:
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


def test_a_commune_administrator_sees_only_his_commune(cast: Cast, commune_admin: Client) -> None:
    staff = page(commune_admin, "/quan-tri/motcua/staff/")

    assert "mot-cua-xa" in staff
    assert "mot-cua-khac" not in staff
    other = reverse("admin:motcua_staff_change", args=[cast.other_clerk.pk])
    password = reverse("admin:auth_user_password_change", args=[cast.other_clerk.pk])
    office = reverse("admin:motcua_office_change", args=[cast.bien_bach.pk])
    for address in (other, password, office):
        assert commune_admin.get(address).status_code == 404
    assert "Biển Bạch" not in page(commune_admin, "/quan-tri/motcua/staff/add/")


def test_a_commune_administrator_reads_what_all_share_and_changes_nothing(
    cast: Cast, commune_admin: Client
) -> None:
    address = reverse("admin:procedures_procedure_change", args=[cast.birth.pk])

    assert 'name="_save"' not in page(commune_admin, address)
    assert commune_admin.post(address, {"name": "Khác"}).status_code == 403
    assert commune_admin.get("/quan-tri/procedures/calendarday/add/").status_code == 403
    assert Procedure.objects.get(pk=cast.birth.pk).name == "Đăng ký lại khai sinh"


def test_where_an_office_stands_is_not_for_its_own_administrator(
    cast: Cast, commune_admin: Client
) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    change(commune_admin, address, phone="0290 123", level="district")

    office = Office.objects.get(pk=cast.tan_loc.pk)
    assert (office.phone, office.level) == ("0290 123", "commune")


# Offices and their hours


def test_an_office_gets_its_identity_code_address_and_phone(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    change(admin, address, identity_code="H12.29", address="Ấp 3", phone="0290 111")

    office = Office.objects.get(pk=cast.tan_loc.pk)
    assert (office.identity_code, office.address, office.phone) == ("H12.29", "Ấp 3", "0290 111")
    history = page(admin, reverse("admin:motcua_office_history", args=[office.pk]))
    assert "Mã định danh: (trống) → H12.29" in history
    assert cast.administrator.full_name in history


def test_a_wrong_identity_code_is_refused_with_an_example(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])

    response = change(admin, address, identity_code="h12/29")

    assert any("ví dụ H12.29" in error for error in errors(response))


def test_an_office_keeps_hours_and_closed_days_of_its_own(cast: Cast, admin: Client) -> None:
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


def test_two_sessions_at_the_same_time_are_refused(cast: Cast, admin: Client) -> None:
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


def test_a_new_clerk_can_log_in_with_the_first_password(cast: Cast, admin: Client) -> None:
    admin.post("/quan-tri/motcua/staff/add/", {**NEW, "office": cast.tan_loc.pk, "is_clerk": "on"})

    staff = Staff.objects.get(username="moi")
    assert (staff.office, staff.is_clerk, staff.is_staff) == (cast.tan_loc, True, False)
    assert Client().login(username="moi", password=PASSWORD)


def test_only_the_role_of_an_administrator_opens_this_door(cast: Cast, admin: Client) -> None:
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


def test_an_account_without_office_or_role_or_with_a_weak_password_is_refused(
    cast: Cast, admin: Client
) -> None:
    response = admin.post(
        "/quan-tri/motcua/staff/add/", {**NEW, "password1": "12345678", "password2": "12345678"}
    )

    said = " ".join(errors(response))
    assert "Hãy chọn ít nhất một vai trò cho tài khoản." in said
    assert "Trường này là bắt buộc." in said or "bắt buộc" in said
    assert not Staff.objects.filter(username="moi").exists()


def test_a_division_of_another_office_is_refused(cast: Cast, admin: Client) -> None:
    data = {**NEW, "office": cast.tan_loc.pk, "is_specialist": "on"}

    response = admin.post(
        "/quan-tri/motcua/staff/add/", {**data, "division": cast.land_division.pk}
    )

    assert "Phòng chuyên môn này không thuộc đơn vị đã chọn." in errors(response)


def test_a_closed_account_cannot_log_in_and_keeps_its_name(cast: Cast, admin: Client) -> None:
    dossier = cast.received()

    change(admin, reverse("admin:motcua_staff_change", args=[cast.clerk.pk]), is_active="")

    assert not Client().login(username="mot-cua", password=PASSWORD)
    assert dossier.events.get().actor.full_name == "Trần Thị Mận"


def test_nobody_closes_his_own_account(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_staff_change", args=[cast.administrator.pk])

    change(admin, address, is_active="", is_administrator="", full_name="Tên Mới")

    staff = Staff.objects.get(pk=cast.administrator.pk)
    assert (staff.full_name, staff.is_active, staff.is_administrator) == ("Tên Mới", True, True)


def test_a_password_is_set_anew(cast: Cast, admin: Client) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])
    assert "Đặt lại mật khẩu" in page(admin, address)

    admin.post(address, {"password1": "mat-khau-khac-1", "password2": "mat-khau-khac-1"})

    assert Client().login(username="mot-cua", password="mat-khau-khac-1")


def test_an_empty_new_password_is_refused_and_the_old_one_stays(cast: Cast, admin: Client) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])

    response = admin.post(address, {"password1": "", "password2": ""})

    assert errors(response)
    assert Client().login(username="mot-cua", password=PASSWORD)


def test_the_history_of_an_account_shows_no_password(cast: Cast, admin: Client) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.clerk.pk])
    admin.post(address, {"password1": "mat-khau-khac-1", "password2": "mat-khau-khac-1"})

    shown = page(admin, reverse("admin:motcua_staff_history", args=[cast.clerk.pk]))

    assert "md5" not in shown
    assert "pbkdf2" not in shown


# Procedures and their versions


def test_a_version_that_no_dossier_uses_is_simply_edited(cast: Cast, admin: Client) -> None:
    version = cast.building.versions.get()

    change(
        admin,
        version_page(version),
        **{"limit_value": "20", "papers-0-name": "Đơn theo Mẫu số 01", "papers-1-name": "Bản vẽ"},
    )

    assert cast.building.versions.get().limit_words == "20 ngày"
    assert list(version.papers.values_list("position", "name")) == [
        (1, "Đơn theo Mẫu số 01"),
        (2, "Bản vẽ"),
    ]


def test_a_used_version_asks_from_when_the_change_holds(cast: Cast, admin: Client) -> None:
    cast.received()
    version = cast.land.versions.get()

    response = change(admin, version_page(version), limit_value="7")

    assert "Hãy ghi ngày bắt đầu áp dụng quy định mới." in errors(response)
    assert cast.land.versions.get().limit_value == 10


def test_changing_the_papers_of_a_used_version_asks_too(cast: Cast, admin: Client) -> None:
    cast.received()

    response = change(
        admin, version_page(cast.land.versions.get()), **{"papers-1-name": "Giấy tờ khác"}
    )

    assert any("Áp dụng từ ngày" in error for error in errors(response))
    assert RequiredPaper.objects.filter(name="Giấy tờ khác").count() == 0


def test_a_change_makes_a_new_version_and_the_dossier_keeps_its_own(
    cast: Cast, admin: Client
) -> None:
    dossier = cast.received()
    old = cast.land.versions.get()
    papers = list(old.papers.values_list("pk", "name"))

    response = change(
        admin,
        version_page(old),
        **{
            "apply_from": "2016-07-01",
            "limit_value": "7",
            "fee_vnd": "50000",
            "papers-1-DELETE": "on",
            "papers-2-name": "Bản sao căn cước",
            "papers-2-kind": "copy",
        },
    )

    assert errors(response) == []
    fresh = cast.land.versions.get(in_force_from=date(2016, 7, 1))
    assert (fresh.limit_value, fresh.fee_vnd, fresh.in_force_to) == (7, 50_000, None)
    assert list(fresh.papers.values_list("position", "name", "kind")) == [
        (1, "Đơn đăng ký biến động (01 bản chính)", "original"),
        (2, "Bản sao căn cước", "copy"),
    ]
    old.refresh_from_db()
    assert (old.limit_value, old.fee_vnd, old.in_force_to) == (10, None, date(2016, 6, 30))
    assert list(old.papers.values_list("pk", "name")) == papers
    dossier.refresh_from_db()
    assert dossier.version == old
    assert "áp dụng từ 01/07/2016" in response.content.decode()
    assert cast.received("2016-07-04T09:00").version == fresh


def test_the_source_of_a_used_version_is_put_right_in_place(cast: Cast, admin: Client) -> None:
    cast.received()
    version = cast.land.versions.get()
    papers = list(version.papers.values_list("pk", flat=True))

    change(admin, version_page(version), source="QĐ 12/QĐ-UBND", confidence="decided")

    version = cast.land.versions.get()
    assert (version.source, version.confidence) == ("QĐ 12/QĐ-UBND", "decided")
    assert list(version.papers.values_list("pk", flat=True)) == papers


def test_a_new_version_begins_after_the_one_before(cast: Cast, admin: Client) -> None:
    ProcedureVersion.objects.filter(procedure=cast.land).update(in_force_from=date(2016, 1, 1))
    cast.received()

    response = change(
        admin, version_page(cast.land.versions.get()), apply_from="2015-12-01", limit_value="7"
    )

    assert "Ngày áp dụng phải sau ngày 01/01/2016." in errors(response)


def test_a_version_that_ended_and_was_used_is_only_read(cast: Cast, admin: Client) -> None:
    cast.received()
    old = cast.land.versions.get()
    change(admin, version_page(old), apply_from="2016-07-01", limit_value="7")

    assert 'name="_save"' not in page(admin, version_page(old))
    assert admin.post(version_page(old), {"limit_value": "99"}).status_code == 403


def test_the_page_of_a_procedure_lists_its_versions_with_source_and_confidence(
    cast: Cast, admin: Client
) -> None:
    ProcedureVersion.objects.filter(procedure=cast.land).update(
        source="motcua.daklak.gov.vn", confidence="partly"
    )

    shown = page(admin, reverse("admin:procedures_procedure_change", args=[cast.land.pk]))

    assert "cần kiểm tra lại" in shown
    assert "nguồn: motcua.daklak.gov.vn" in shown
    assert version_page(cast.land.versions.get()) in shown


def test_a_new_procedure_gets_its_first_version_next(cast: Cast, admin: Client) -> None:
    sector = Sector.objects.get(name="Đất đai")
    response = admin.post(
        "/quan-tri/procedures/procedure/add/",
        {
            "key": "H999",
            "name": "Thủ tục mới",
            "level": "district",
            "sector": sector.pk,
            "is_active": "on",
        },
    )
    procedure = Procedure.objects.get(key="H999")
    assert response.headers["Location"].endswith(f"?procedure={procedure.pk}")

    data = {
        **sent_back(admin.get(response.headers["Location"])),
        "limit_value": "5",
        "limit_unit": "working_day",
        "confidence": "decided",
        "papers-0-name": "Đơn",
    }
    admin.post(response.headers["Location"], data)

    assert procedure.versions.get().limit_words == "5 ngày làm việc"
    assert procedure.versions.get().papers.get().name == "Đơn"


def test_a_second_open_version_of_one_procedure_is_refused_with_a_sentence(
    cast: Cast, admin: Client
) -> None:
    address = f"/quan-tri/procedures/procedureversion/add/?procedure={cast.land.pk}"
    data = {
        **sent_back(admin.get(address)),
        "limit_value": "5",
        "limit_unit": "working_day",
        "confidence": "found",
    }

    response = admin.post(address, data)

    assert any("trùng với một phiên bản khác" in error for error in errors(response))


@pytest.mark.parametrize("query", ["", "?procedure=0", "?procedure=x"])
def test_a_version_of_no_procedure_cannot_be_begun(cast: Cast, admin: Client, query: str) -> None:
    response = admin.get(f"/quan-tri/procedures/procedureversion/add/{query}")

    assert response.status_code == (404 if query else 302)


def test_a_sector_renamed_is_found_by_its_new_name(cast: Cast, admin: Client) -> None:
    sector = Sector.objects.get(name="Hộ tịch")

    change(admin, reverse("admin:procedures_sector_change", args=[sector.pk]), name="Tư pháp")

    assert list(Procedure.objects.search("tu phap")) == [cast.birth]


# Calendar and lists


def test_a_day_off_is_added_and_taken_away_and_both_are_remembered(
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


def test_one_date_stands_in_the_calendar_once(cast: Cast, admin: Client) -> None:
    response = admin.post(
        "/quan-tri/procedures/calendarday/add/",
        {"date": "2016-01-01", "kind": "holiday", "name": "Tết Dương lịch"},
    )

    assert errors(response)


def test_a_cause_of_lateness_is_retired_not_deleted(cast: Cast, admin: Client) -> None:
    load_causes()
    cause = LateCause.objects.get(code="B3")

    change(admin, reverse("admin:dossiers_latecause_change", args=[cause.pk]), is_active="")

    assert not LateCause.objects.get(code="B3").is_active
    deletion = reverse("admin:dossiers_latecause_delete", args=[cause.pk])
    assert admin.post(deletion, {"post": "yes"}).status_code == 403


def test_a_division_is_closed_not_deleted(cast: Cast, admin: Client) -> None:
    address = reverse("admin:motcua_division_change", args=[cast.land_division.pk])

    change(admin, address, is_active="")

    assert not Division.objects.get(pk=cast.land_division.pk).is_active
