"""The administration's page of a staff list: looked at, confirmed, first passwords shown once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from motcua.accounts.staff_table import TEMPLATE
from motcua.models import LoginEvent, Staff
from motcua.tables.lines import read
from motcua.tables.problems import UnreadableFile
from tests.cast import Cast, make_staff
from tests.motcua.test_import_staff import csv_of

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/motcua/staff/nhap/"


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def upload(client: Client, content: bytes, **fields: str) -> HttpResponse:
    return client.post(PAGE, {"file": SimpleUploadedFile("can-bo.csv", content), **fields})


def hidden(response: HttpResponse) -> dict[str, str]:
    return dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    )


def passwords(response: HttpResponse) -> list[str]:
    return re.findall(r"<code>([a-z2-9-]+)</code>", response.content.decode())


def test_staff_import_page_shows_the_list_then_makes_it_and_prints_slips(
    cast: Cast, admin: Client
) -> None:
    seen = upload(admin, csv_of({}, {"username": "b.32086", "full_name": "Lê Thị Bưởi"}))
    assert seen.status_code == 200
    assert "Lập 2 tài khoản" in seen.content.decode()
    assert not Staff.objects.filter(username="an.32086").exists()

    made = admin.post(PAGE, hidden(seen))
    assert "no-store" in made.headers["Cache-Control"]
    first, second = passwords(made)
    staff = Staff.objects.get(username="an.32086")
    assert staff.check_password(first) and staff.must_change_password
    assert staff.history.get().history_user == cast.administrator
    assert Staff.objects.get(username="b.32086").check_password(second)


def test_staff_import_page_sent_twice_shows_passwords_that_work(cast: Cast, admin: Client) -> None:
    seen = hidden(upload(admin, csv_of({})))
    lost = passwords(admin.post(PAGE, seen))
    again = admin.post(PAGE, seen)
    assert again.status_code == 200 and "vừa được gửi hai lần" in again.content.decode()
    staff = Staff.objects.get(username="an.32086")
    assert staff.check_password(passwords(again)[0])
    assert not staff.check_password(lost[0])

    Staff.objects.filter(pk=staff.pk).update(last_login="2016-02-04T02:00:00Z")
    refused = admin.post(PAGE, seen)
    assert (refused.status_code, passwords(refused)) == (422, [])
    assert "đã có người dùng" in refused.content.decode()


def test_staff_import_page_doubtful_lines_are_ticked_first(cast: Cast, admin: Client) -> None:
    seen = upload(admin, csv_of({"username": "motcuaxa"}))
    assert seen.status_code == 200 and "rất giống" in seen.content.decode()
    refused = admin.post(PAGE, hidden(seen))
    assert refused.status_code == 422
    assert not Staff.objects.filter(username="motcuaxa").exists()
    assert passwords(admin.post(PAGE, hidden(refused) | {"da_xem": "1"}))


def test_staff_import_page_lines_to_be_mended_cannot_be_confirmed(
    cast: Cast, admin: Client
) -> None:
    refused = upload(admin, csv_of({"roles": "trưởng phòng"}))
    assert refused.status_code == 422
    assert "danh_sach" not in hidden(refused)
    nothing = upload(admin, b"abc")
    assert nothing.status_code == 422 and "Thiếu cột" in nothing.content.decode()


def test_staff_import_page_takes_the_offices_of_this_administrator_alone(
    cast: Cast, client: Client
) -> None:
    client.force_login(make_staff("qt-xa", cast.tan_loc, "administrator", is_staff=True))
    refused = upload(client, csv_of({"office_code": "967"}))
    assert refused.status_code == 422
    assert "trong các đơn vị ông/bà quản trị" in refused.content.decode()
    foreign = upload(client, csv_of({}), office=str(cast.district.pk))
    assert foreign.status_code == 422


def test_staff_import_page_list_of_somebody_else_or_an_altered_one_is_not_taken(
    cast: Cast, admin: Client, client: Client
) -> None:
    seen = hidden(upload(admin, csv_of({})))
    assert admin.post(PAGE, {"danh_sach": seen["danh_sach"] + "x"}).status_code == 409
    admin.force_login(make_staff("qt-khac", cast.district, "administrator", is_staff=True))
    assert admin.post(PAGE, seen).status_code == 409
    assert not Staff.objects.filter(username="an.32086").exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_staff_template_has_the_columns_that_are_read(admin: Client, kind: str) -> None:
    content = admin.get(f"{PAGE}mau.{kind}").content
    with pytest.raises(UnreadableFile, match="chưa có dòng nào"):
        read(content, TEMPLATE)


def test_first_passwords_are_given_again_only_where_nobody_has_logged_in(
    cast: Cast, admin: Client
) -> None:
    new = make_staff("moi.32086", cast.tan_loc, "clerk")
    action = {"action": "first_passwords", "_selected_action": [new.pk]}
    slips = admin.post(reverse("admin:motcua_staff_changelist"), action)
    new.refresh_from_db()
    assert new.check_password(passwords(slips)[0]) and new.must_change_password
    assert LoginEvent.objects.filter(staff=new, kind="password_reset").exists()

    Staff.objects.filter(pk=new.pk).update(last_login="2016-02-04T02:00:00Z")
    refused = admin.post(reverse("admin:motcua_staff_changelist"), action, follow=True)
    assert passwords(refused) == []
    assert "đã từng đăng nhập" in refused.content.decode()
