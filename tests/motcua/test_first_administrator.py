"""The first account of a real desk."""

import io

import pytest
from django.core.management import CommandError, call_command

from motcua.models import Installation, Office, Staff

PASSWORD = "cham-chi-va-lich-su"


@pytest.fixture(autouse=True)
def no_keyboard(monkeypatch, db):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("MOTCUA_ADMIN_PASSWORD", raising=False)


@pytest.fixture
def district():
    return Office.objects.create(code="967", name="Huyện Thới Bình", kind="huyện", level="district")


def test_without_a_keyboard_and_without_options_it_says_what_to_type():
    with pytest.raises(CommandError, match="--username"):
        call_command("first_administrator")
    assert not Staff.objects.exists()


def test_first_administrator_makes_an_administrator_of_the_office(district, monkeypatch):
    monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", PASSWORD)
    call_command("first_administrator", username="quan-tri", full_name="Lê  Thị Út", office="967")
    staff = Staff.objects.get()
    assert (staff.username, staff.full_name, staff.office) == ("quan-tri", "Lê Thị Út", district)
    assert staff.is_administrator
    assert staff.is_staff
    assert staff.check_password(PASSWORD)
    assert Installation.objects.get().is_demo is False


def test_first_administrator_second_run_changes_nothing(monkeypatch, capsys):
    monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", PASSWORD)
    call_command("first_administrator", username="quan-tri", full_name="Lê Thị Út")
    call_command("first_administrator", username="nguoi-khac", full_name="Người khác")
    assert [staff.username for staff in Staff.objects.all()] == ["quan-tri"]
    assert "Đã có người quản trị: quan-tri" in capsys.readouterr().out


@pytest.mark.parametrize("password", [None, "", "12345678", "ngan"])
def test_first_administrator_weak_password_is_refused(password, monkeypatch):
    if password is not None:
        monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match="MOTCUA_ADMIN_PASSWORD"):
        call_command("first_administrator", username="quan-tri", full_name="Lê Thị Út")
    assert not Staff.objects.exists()


def test_refusal_of_a_short_password_is_in_vietnamese(monkeypatch):
    monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", "meo-muop")
    with pytest.raises(CommandError, match="phải có ít nhất 10 ký tự"):
        call_command("first_administrator", username="quan-tri", full_name="Lê Thị Út")


def test_first_administrator_unknown_office_is_refused_with_the_known_ones(district, monkeypatch):
    monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", PASSWORD)
    with pytest.raises(CommandError, match="967"):
        call_command("first_administrator", username="a", full_name="Lê Thị Út", office="999")
    assert not Staff.objects.exists()


def test_demonstration_never_gets_a_real_administrator(monkeypatch):
    monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", PASSWORD)
    Staff.objects.create(username="trinh-dien", is_demo=True)
    with pytest.raises(CommandError, match="trình diễn"):
        call_command("first_administrator", username="quan-tri", full_name="Lê Thị Út")
