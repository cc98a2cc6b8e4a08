"""Sign-off: what is warned of before signing, and who has not signed."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.desk.later_entries import later_entries_of
from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office, Staff
from reports.models import Reminder, ReportDeadline
from reports.sign_off.warnings import warnings_of
from reports.terms.periods import parse_period
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import text
from tests.reports.test_closing import QUARTER, page_of, press, sign, unlocked


def test_closing_warnings_page_warns_of_late_entries_and_of_results_that_seem_forgotten(
    lived: Cast,
) -> None:
    found = {warning.kind: warning for warning in warnings_of(lived.district, QUARTER)}
    assert found["backdated"].total == 2  # the cast enters acts of 2016 today
    assert "silent" not in found  # entered today, so not silent
    assert "no_due" not in found
    open_one = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    Dossier.objects.filter(pk=open_one.pk).update(due_on=None, due_at=None)
    found = {warning.kind: warning for warning in warnings_of(lived.district, QUARTER)}
    assert found["no_due"].dossiers == [open_one]
    assert found["no_due"].sentence == "1 hồ sơ đang giải quyết không có ngày hẹn trả."


def test_overdue_dossier_without_an_act_for_ten_working_days_is_a_warning(lived: Cast) -> None:
    open_one = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    unlocked("dossiers_event")
    open_one.events.update(recorded_at=vn("2016-03-01T09:00"))
    found = {warning.kind: warning for warning in warnings_of(lived.district, QUARTER)}
    assert found["silent"].dossiers == [open_one]
    perform.record_read(open_one, by=lived.clerk)  # looking at it is no act
    assert "silent" in {warning.kind for warning in warnings_of(lived.district, QUARTER)}


def test_level_above_sees_who_signed_who_did_not_and_how_late(lived: Cast, client: Client) -> None:
    ReportDeadline.objects.create(level="commune", days=3)
    press(client, lived.commune_leader, lived.tan_loc)
    client.force_login(lived.overseer)
    rows = dict(client.get(reverse("closings"), {"nam": "2016"}).context["rows"])
    quarter = {office.code: found[0] for office, found in rows.items()}
    assert quarter["32086"].is_signed
    assert not quarter["32068"].is_signed
    assert quarter["32068"].due_on == date(2016, 4, 3)
    assert not quarter["967"].is_signed
    assert quarter["967"].due_on == date(2016, 4, 10)
    assert quarter["967"].days_late == (clock.today() - date(2016, 4, 10)).days
    assert len(rows) == Office.objects.with_desk().count()


def test_period_without_a_dossier_is_not_overdue_to_be_signed(lived: Cast, client: Client) -> None:
    """Biển Bạch had none in the quarter, nobody any in 2014; it may be signed all the same."""
    client.force_login(lived.overseer)
    page = client.get(reverse("closings"), {"nam": "2016"})
    quarter = {office.code: found[0] for office, found in page.context["rows"]}
    assert (quarter["32068"].is_empty, quarter["32068"].days_late) == (True, 0)
    assert not quarter["32086"].is_empty
    awaited = {period.key: number for period, number in page.context["awaited"]}
    assert awaited["2016-Q1"] == 1  # Tân Lộc; the district is the overseer's own
    assert "không có hồ sơ trong kỳ" in text(page)
    before = client.get(reverse("closings"), {"nam": "2014"})
    assert before.context["awaited"] == []
    assert "quá hạn" not in text(before).partition("Đơn vị")[2]
    leader = make_staff("chu-tich-bb", lived.bien_bach, "leader")
    assert sign(lived.bien_bach, leader).version == 1


def test_closing_warnings_list_no_cause_no_apology_and_later_entries(
    lived: Cast, client: Client
) -> None:
    office = lived.district
    late = lived.received("2016-01-04T10:00")
    perform.resolve(late, by=lived.clerk, at=vn("2016-03-25T09:00"), outcome="approved")
    dated_back = lived.received("2016-01-04T11:00")
    perform.resolve(
        dated_back,
        by=lived.clerk,
        at=vn("2016-01-05T09:00"),
        outcome="approved",
        late_reason="Nhập theo sổ giấy",
    )
    found = {warning.kind: warning for warning in warnings_of(office, QUARTER)}
    assert found["no_cause"].dossiers == [late]
    assert found["no_apology"].total == 1
    assert found["later"].dossiers == [dated_back]
    client.force_login(lived.leader)
    page = client.get(page_of(office))
    for warning, address in page.context["warnings"]:
        assert address in page.content.decode()
        assert client.get(address).context["page"].paginator.count == warning.total
    assert client.get(page_of(office) + "can-xem/khac/").status_code == 404
    closing = sign(office, lived.leader)
    assert "1 hồ sơ có việc nhập muộn làm thay đổi xét hạn." in closing.warnings


@time_machine.travel(vn("2016-10-20T09:00"), tick=False)
def test_closing_warnings_count_an_act_entered_later_in_the_periods_that_it_touches(
    cast: Cast, client: Client
) -> None:
    """Due on 12/10/2016; the result is said to be of 01/10: the third quarter knows nothing of
    it, nor a quarter after the day of typing."""
    dossier = cast.received("2016-09-28T09:00")
    how = {"by": cast.clerk, "late_reason": "Mất mạng"}
    perform.resolve(dossier, at=vn("2016-10-01T09:00"), outcome="approved", **how)

    def counted(key: str) -> list[Dossier]:
        warnings = warnings_of(cast.district, parse_period(key))
        return [one for warning in warnings if warning.kind == "later" for one in warning.dossiers]

    assert (counted("2016-Q3"), counted("2016-Q4")) == ([], [dossier])
    assert (counted("2016-9M"), counted("2016")) == ([], [dossier])
    client.force_login(cast.leader)
    address = reverse("closing_warning", args=["967", "2016-Q4", "later"])
    words = client.get(address).content.decode()
    assert "làm ngày 01/10/2016, nhập ngày 20/10/2016. Lý do: Mất mạng" in words


@time_machine.travel(vn("2016-04-20T09:00"), tick=False)
def test_closing_warnings_count_a_correction_from_the_earlier_due_date_on(cast: Cast) -> None:
    """Received on 28/03/2016, due on 11/04; a correction of 20/04 moves the date."""
    dossier = cast.received("2016-03-28T09:00")
    received = vn("2016-04-06T09:00")
    how = {"by": cast.clerk, "late_reason": ""}
    perform.correct(dossier, received_at=received, reason="Gõ nhầm", **how)
    (entry,) = later_entries_of(dossier)
    assert (entry.since, entry.typed_on) == (date(2016, 4, 11), date(2016, 4, 20))
    assert not entry.touches(date(2016, 1, 1), date(2016, 3, 31))
    assert entry.touches(date(2016, 4, 1), date(2016, 6, 30))


def test_page_of_all_offices_asks_the_same_however_many_there_are(
    lived: Cast, client: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("closings"), {"nam": "2016"}).status_code == 200
        return len(queries)

    client.force_login(lived.leader)
    asked()
    before = asked()
    for number in range(3):
        office = Office.objects.create(
            code=f"9999{number}", name=f"Xã Mới {number}", level="commune", parent=lived.district
        )
        make_staff(f"moi-{number}", office, "clerk")
    asked()  # the names of the desks, which are kept in the process, are asked anew
    assert asked() == before


def test_closing_warnings_bad_year_is_said_at_its_place(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    response = client.get(reverse("closings"), {"nam": "hai nghìn"})
    assert response.status_code == 400
    assert "Năm phải là số, ví dụ 2016." in response.content.decode()


def test_reminders_go_once_a_day_to_who_has_not_signed(lived: Cast, client: Client) -> None:
    Staff.objects.filter(pk=lived.commune_leader.pk).update(email="chutich@tanloc.example")
    make_staff("chu-tich-2", lived.bien_bach, "leader", email="chutich@bienbach.example")
    press(client, lived.commune_leader, lived.tan_loc)
    address, data = reverse("closing_remind"), {"ky": "2016-Q1", "lich": "duong-lich"}
    for who in (lived.clerk, lived.commune_leader):
        client.force_login(who)
        assert client.post(address, data).status_code == 403
    client.force_login(lived.overseer)
    assert client.post(address, data).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["chutich@bienbach.example"]
    assert page_of(lived.bien_bach) in letter.body
    assert "Quý I năm 2016" in letter.subject
    communes = Office.objects.filter(level="commune").count()
    assert Reminder.objects.count() == communes - 1
    assert not Reminder.objects.filter(office__in=[lived.tan_loc, lived.district]).exists()

    client.post(address, data)
    call_command("remind", "2016-Q1", stdout=io.StringIO())
    assert len(mail.outbox) == 1
    assert Reminder.objects.count() == communes  # and the district, which nobody above reminds
    assert client.post(address, {"ky": "2016-Q9"}).status_code == 404


def test_closing_warnings_timer_reminds_of_the_quarter_that_ended_last(lived: Cast) -> None:
    told = io.StringIO()
    call_command("remind", "--before", "90", stdout=told)
    keys = set(Reminder.objects.values_list("period_key", flat=True))
    (key,) = keys
    assert parse_period(key).end < clock.today() <= parse_period(key).end + timedelta(days=92)
    assert "chưa khai thư điện tử" in told.getvalue()
    with pytest.raises(CommandError, match="Chỉ chốt số liệu"):
        call_command("remind", "2016-01-01..2016-01-02")


def test_closing_warnings_nobody_is_reminded_of_a_quarter_before_the_program_came(
    lived: Cast,
) -> None:
    told = io.StringIO()
    call_command("remind", "2015-Q2", stdout=told)
    assert not Reminder.objects.exists()
    assert "Đã nhắc 0 đơn vị" in told.getvalue()


def test_letter_that_cannot_be_sent_is_recorded_and_does_not_stop_the_others(
    lived: Cast, settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    Staff.objects.filter(pk=lived.commune_leader.pk).update(email="chutich@tanloc.example")
    call_command("remind", "2016-Q1", stdout=io.StringIO())
    reminder = Reminder.objects.get(office=lived.tan_loc)
    assert reminder.sent_at is None
    assert "ConnectionRefusedError" in reminder.error
    assert Reminder.objects.count() == Office.objects.with_desk().count()
