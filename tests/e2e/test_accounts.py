"""An account from its first day to its last, at two keyboards: the administrator's and the
person's."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from dossiers.lifecycle import perform
from motcua.models import Staff
from tests.cast import PASSWORD, Cast
from tests.e2e.conftest import LogIn

OWN = "cây cầu ván đóng đinh"


def test_account_is_made_moved_and_closed(
    cast: Cast, log_in: LogIn, computer: Callable[..., Page]
) -> None:
    admin = log_in(cast.administrator)
    admin.goto("/quan-tri/motcua/staff/add/")
    admin.fill("[name=username]", "moi")
    admin.fill("[name=full_name]", "Lê Thị Mới")
    admin.fill("[name=password1]", PASSWORD)
    admin.fill("[name=password2]", PASSWORD)
    admin.select_option("[name=office]", str(cast.district.pk))
    admin.check("[name=is_clerk]")
    with admin.expect_navigation():
        admin.click("[name=_save]")
    made = Staff.objects.get(username="moi")

    person = computer()
    person.goto("/dang-nhap/")
    person.fill("[name=username]", "moi")
    person.fill("[name=password]", PASSWORD)
    person.keyboard.press("Enter")
    person.wait_for_url("**/dang-nhap/mat-khau-moi/")
    person.goto("/ban-lam-viec/")
    assert "/dang-nhap/" in person.url
    person.goto("/dang-nhap/mat-khau-moi/")
    person.fill("[name=new_password1]", OWN)
    person.fill("[name=new_password2]", OWN)
    person.keyboard.press("Enter")
    person.wait_for_url("**/ban-lam-viec/")
    dossier = cast.received("2016-02-01T09:00")
    perform.forward(dossier, by=made, division=cast.land_division)

    change = f"/quan-tri/motcua/staff/{made.pk}/change/"
    admin.goto(change)
    admin.select_option("[name=division]", str(cast.land_division.pk))
    with admin.expect_navigation():
        admin.click("[name=_save]")
    made.refresh_from_db()
    assert made.division == cast.land_division
    admin.goto(change)
    admin.uncheck("[name=is_active]")
    with admin.expect_navigation():
        admin.click("[name=_save]")

    person.goto("/ban-lam-viec/")
    assert "/dang-nhap/" in person.url
    reader = log_in(cast.leader)
    reader.goto(f"/ho-so/{dossier.code}/")
    history = reader.get_by_role("region", name="Quá trình giải quyết")
    expect(history).to_contain_text("Lê Thị Mới, Huyện Thới Bình")
