"""The yearly reminder: from 1 November administrators are asked for next year's calendar."""

import io
import smtplib
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client

from procedures import calendar_reminder
from procedures.models import CalendarDay
from tests.cast import Cast

MISSING = "Chưa có lịch nghỉ của năm 2027"
ESTIMATE = "Lịch nghỉ của năm 2027 còn là ước tính"


@pytest.fixture(autouse=True)
def _november(db: None) -> Iterator[None]:
    with time_machine.travel("2026-11-01T00:30+07:00"):
        yield


def new_year(**fields: bool) -> CalendarDay:
    return CalendarDay.objects.create(date="2027-01-01", kind="holiday", name="Tết", **fields)


def test_calendar_reminder_is_asked_from_the_first_of_november_until_the_calendar_is_sure() -> None:
    with time_machine.travel("2026-10-31T23:59+07:00"):
        assert calendar_reminder.sentence() == ""
    assert calendar_reminder.sentence().startswith(MISSING)
    day = new_year(is_estimate=True)
    assert calendar_reminder.sentence().startswith(ESTIMATE)
    day.is_estimate = False
    day.save()
    assert calendar_reminder.sentence() == ""


def test_calendar_reminder_administrator_sees_it_on_every_page_and_nobody_else(
    cast: Cast, client: Client
) -> None:
    CalendarDay.objects.filter(date__year=2027).delete()
    cast.administrator.is_leader = True
    cast.administrator.save()
    client.force_login(cast.administrator)
    for page in ("/quan-tri/?tat-ca", "/ho-so/", "/bao-cao/"):
        assert MISSING in client.get(page).content.decode(), page
    client.force_login(cast.leader)
    assert MISSING not in client.get("/ho-so/").content.decode()


def test_calendar_reminder_while_no_administrator_has_an_address_those_told_of_faults_are_reminded(
    cast: Cast, settings: object
) -> None:
    settings.MOTCUA_ADMINS = ["may-chu@thoibinh.example"]
    call_command("remind_calendar", stdout=io.StringIO())
    (letter,) = mail.outbox
    assert letter.bcc == ["may-chu@thoibinh.example"]


def test_letter_goes_to_every_administrator_with_an_address(cast: Cast) -> None:
    cast.administrator.email = "quantri@thoibinh.example"
    cast.administrator.save()
    told = io.StringIO()
    call_command("remind_calendar", stdout=told)
    (letter,) = mail.outbox
    assert letter.bcc == ["quantri@thoibinh.example"]
    assert letter.subject == "Nhắc nhập lịch nghỉ năm 2027"
    assert ESTIMATE in letter.body
    assert "/quan-tri/procedures/calendarday/" in letter.body
    assert "Đã nhắc 1 người quản trị." in told.getvalue()


def test_letter_that_reaches_nobody_is_a_failure_of_the_timer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="Không người quản trị nào có địa chỉ"):
        call_command("remind_calendar", stdout=io.StringIO())

    def refuse(*args: object) -> int:
        raise smtplib.SMTPServerDisconnected("mất kết nối")

    cast.administrator.email = "quantri@thoibinh.example"
    cast.administrator.save()
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(CommandError, match="Thư nhắc chưa gửi được: mất kết nối"):
        call_command("remind_calendar", stdout=io.StringIO())


def test_calendar_reminder_with_nothing_to_remind_of_no_letter_leaves(cast: Cast) -> None:
    CalendarDay.objects.filter(date__year=2027).update(is_estimate=False)
    told = io.StringIO()
    call_command("remind_calendar", stdout=told)
    assert told.getvalue() == "Không có gì phải nhắc về lịch nghỉ.\n"
    assert mail.outbox == []
