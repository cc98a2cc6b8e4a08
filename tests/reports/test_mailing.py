"""The meeting paper by mail: whom, when, once, and what stands in it."""

import io
import smtplib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test import Client

from dossiers.lifecycle import perform
from motcua.models import Staff
from reports.models import PaperChoice, PaperMail
from reports.terms.mailing import Every, due_day, month_before
from tests.cast import Cast, vn

PAGE = "/thong-ke/gui-thu/"


@pytest.mark.parametrize(
    ("every", "today", "due"),
    [
        (Every.WEEK, "2016-10-03", "2016-10-03"),  # a Monday
        (Every.WEEK, "2016-10-09", "2016-10-03"),
        (Every.WEEK, "2016-10-10", "2016-10-10"),
        (Every.MONTH, "2016-10-01", "2016-10-01"),
        (Every.MONTH, "2016-10-07", "2016-10-01"),
        (Every.MONTH, "2016-10-08", None),
        (Every.MONTH, "2016-10-31", None),
    ],
)
def test_due_day_is_the_last_one_and_not_a_week_ago(
    every: Every, today: str, due: str | None
) -> None:
    found = due_day(every, date.fromisoformat(today))
    assert found == (date.fromisoformat(due) if due else None)


def test_month_before_the_first_of_january_is_december() -> None:
    assert month_before(date(2017, 1, 1)).key == "2016-12"


# Below: the first of October 2016, a Saturday; the third is a Monday.


@pytest.fixture
def traveller(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(vn("2016-10-01T06:30"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def month(cast: Cast, traveller: time_machine.Traveller) -> Cast:
    """September, with one resolved late for an applicant with a name; both leaders have an
    address, and chose to have each month's paper."""
    late = cast.received("2016-09-01T09:00", applicant_name="Trần Thị Bé", procedure=cast.building)
    perform.resolve(late, by=cast.clerk, at=vn("2016-09-29T09:00"), outcome="approved")
    for leader in (cast.leader, cast.commune_leader):
        address_of(leader)
        PaperChoice.objects.create(staff=leader, every="month", chosen_at=vn("2016-09-20T08:00"))
    return cast


def address_of(staff: Staff) -> str:
    staff.email = f"{staff.username}@example.vn"
    staff.save()
    return staff.email


def run() -> str:
    told = io.StringIO()
    call_command("send_papers", stdout=told)
    return told.getvalue().strip()


def to() -> list[str]:
    return [letter.to[0] for letter in mail.outbox]


def test_mailing_paper_of_the_month_goes_once_to_each_who_chose_it(
    month: Cast, traveller: time_machine.Traveller
) -> None:
    assert run() == "Đã gửi 2, chưa gửi được 0."
    traveller.move_to(vn("2016-10-02T06:30"))
    assert run() == "Đã gửi 0, chưa gửi được 0."
    assert to() == ["chu-tich@example.vn", "chu-tich-xa@example.vn"]
    letter = mail.outbox[0]
    assert "tháng 9 năm 2016" in letter.subject
    assert "Ở đâu: 1 hồ sơ trễ hoặc quá hạn" in letter.body
    assert "/thong-ke/?ky=2016-09&pham-vi=" in letter.body
    assert "Trần Thị Bé" not in letter.subject + letter.body
    assert [(name, content[:4]) for name, content, _ in letter.attachments] == [
        ("thong-ke-2016-09-tat-ca.pdf", b"%PDF")
    ]
    assert {m.due_on for m in PaperMail.objects.all()} == {date(2016, 10, 1)}


def test_mailing_refused_mail_stops_no_other_and_is_sent_by_the_next_run(
    month: Cast, traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = EmailBackend.send_messages

    def refused(self: EmailBackend, messages: list[EmailMessage]) -> int:
        if messages[0].to == ["chu-tich@example.vn"]:
            raise smtplib.SMTPRecipientsRefused({})
        return send(self, messages)

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refused)
        assert run() == "Đã gửi 1, chưa gửi được 1."
    assert to() == ["chu-tich-xa@example.vn"]
    assert "SMTPRecipientsRefused" in PaperMail.objects.get(staff=month.leader).error
    traveller.move_to(vn("2016-10-02T06:30"))
    assert run() == "Đã gửi 1, chưa gửi được 0."
    assert to() == ["chu-tich-xa@example.vn", "chu-tich@example.vn"]
    assert PaperMail.objects.get(staff=month.leader).error == ""


def test_mailing_unclear_answer_is_not_followed_by_a_second_mail(
    month: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: EmailBackend, messages: list[EmailMessage]) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as gone:
        gone.setattr(EmailBackend, "send_messages", broken)
        assert run() == "Đã gửi 0, chưa gửi được 2."
    assert run() == "Đã gửi 0, chưa gửi được 0."
    assert to() == []


def test_mailing_who_is_no_leader_any_more_or_has_no_address_gets_nothing(month: Cast) -> None:
    month.leader.is_leader = False
    month.leader.save()
    month.commune_leader.email = ""
    month.commune_leader.save()
    assert run() == "Đã gửi 0, chưa gửi được 0."
    assert not PaperMail.objects.exists()


def test_mailing_choice_made_after_the_day_begins_with_the_next(
    month: Cast, traveller: time_machine.Traveller
) -> None:
    PaperChoice.objects.update(every="week", chosen_at=vn("2016-09-30T08:00"))
    assert run() == "Đã gửi 0, chưa gửi được 0."
    traveller.move_to(vn("2016-10-03T06:30"))
    assert run() == "Đã gửi 2, chưa gửi được 0."
    assert "9 tháng năm 2016" in mail.outbox[0].subject


def test_mailing_leader_chooses_and_gives_up(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    refused = client.post(PAGE, {"every": "week"})
    assert refused.status_code == 422
    assert "Tài khoản chưa có thư điện tử" in refused.content.decode()
    address_of(cast.leader)
    client.force_login(cast.leader)
    for _ in range(2):
        done = client.post(PAGE, {"every": "month"}, follow=True).content.decode()
        assert "Đã ghi: bản in họp gửi tới chu-tich@example.vn." in done
    assert PaperChoice.objects.get().every == "month"
    assert client.post(PAGE, {"every": "year"}).status_code == 422
    client.post(PAGE, {"every": "never"})
    assert not PaperChoice.objects.exists()


def test_mailing_without_a_mail_server_nothing_counts_as_sent(month: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert run().startswith("Chưa gửi thư nào: chưa khai máy chủ gửi thư")
    assert not PaperMail.objects.exists()
