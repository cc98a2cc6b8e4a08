"""Sign-off: what is signed stays, what changes since stands beside it, and who may do what."""

import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office, Staff
from procedures.calendar import calendar_for
from reports.models import Closing, ClosingCell, Reminder, Reopening, ReportDeadline, Summary
from reports.sign_off import changes as closing_changes
from reports.sign_off import closing as rules
from reports.sign_off.changes import Comparison, compare
from reports.sign_off.signed_files import signed_dossiers, signed_table
from reports.sign_off.warnings import warnings_of
from reports.terms.columns import NAMES
from reports.terms.periods import Period, parse_period
from tests.cast import Cast, make_cast, make_staff, vn
from tests.dossiers.pages import text
from tests.reports.by_hand import Life, counted, lives

QUARTER = parse_period("2016-Q1")


def sign(office: Office, by: Staff, period: Period = QUARTER, note: str = "") -> Closing:
    seen = rules.fingerprint(rules.table_now(office, period))
    return rules.sign(office, period, by=by, seen=seen, note=note)


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Of the district: one resolved early, one still open and overdue; Tân Lộc has one open."""
    early = cast.received("2016-01-04T09:00")
    perform.resolve(early, by=cast.clerk, at=vn("2016-01-06T09:00"), outcome="approved")
    cast.received("2016-03-01T09:00", procedure=cast.building)
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth)
    return cast


def page_of(office: Office, key: str = "2016-Q1") -> str:
    return reverse("closing", args=[office.code, key])


def press(client: Client, who: Staff, office: Office, **data: str):
    """Open the page and press "Ký" as this person."""
    client.force_login(who)
    seen = rules.fingerprint(rules.table_now(office, QUARTER))
    return client.post(page_of(office) + "ky/", {"seen": seen, **data})


class SignedFiguresStay(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.calendar = calendar_for(None)

    @given(plans=st.lists(lives, min_size=1, max_size=6), later=st.lists(lives, max_size=3))
    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    def test_nothing_that_happens_later_changes_a_byte_of_what_was_signed(
        self, plans: list[dict], later: list[dict]
    ) -> None:
        district = self.cast.district
        begun = [Life(self.cast, self.calendar, plan) for plan in plans]
        for life in begun:
            life.live_until(QUARTER.end)
        closing = sign(district, self.cast.leader)
        frozen, digest = closing.frozen(), closing.digest
        mine = [life.facts for life in begun if life.facts and life.facts.office == "967"]
        expected = counted(mine, QUARTER.start, QUARTER.end)
        assert total(closing) == expected

        for life in begun:
            life.live_until(date.max)
        assert compare(closing) == Comparison([], [], [], 0)  # honest acts: no drift
        for plan in later:  # and entries that do fall into the signed period
            Life(self.cast, self.calendar, plan).live_until(date.max)

        kept = Closing.objects.get(pk=closing.pk)
        assert kept.frozen() == frozen
        assert kept.digest == digest
        assert kept.is_intact
        assert total(kept) == expected
        for name in NAMES:
            assert len(signed_dossiers(kept, name)) == expected[name]
        now = rules.table_now(district, QUARTER).total
        changed = {line.column.name: line.change for line in compare(kept).totals}
        assert changed == {n: now[n] - expected[n] for n in NAMES if now[n] != expected[n]}


def total(closing: Closing) -> dict[str, int]:
    return signed_table(closing).total


def test_nine_months_of_2016_are_the_same_bytes_after_a_year_of_acts(lived: Cast) -> None:
    nine = parse_period("2016-9M")
    closing = sign(lived.district, lived.leader, nine)
    frozen = closing.frozen()
    still_open = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    perform.resolve(still_open, by=lived.clerk, at=vn("2016-09-30T16:00"), outcome="approved")
    perform.revert(still_open, by=lived.clerk, at=vn("2016-10-03T08:00"), reason="Nhầm hồ sơ")
    day = datetime(2016, 10, 4, 8)
    while day < datetime(2017, 10, 1):
        lived.received(day.isoformat())
        day += timedelta(days=30)
    first = Dossier.objects.filter(office=lived.district).earliest("received_at")
    perform.correct(
        first,
        by=lived.clerk,
        at=vn("2017-09-29T08:00"),
        reason="Ghi sai ngày",
        received_at=vn("2015-12-30T09:00"),
    )
    kept = Closing.objects.get()
    assert kept.frozen() == frozen
    assert kept.is_intact
    assert kept.digest == closing.digest
    changes = {line.column.name: line.change for line in compare(kept).totals}
    assert changes["carried_over"] == 1
    assert changes["received_direct"] == -1
    assert json.loads(frozen)["period"] == ["2016-9M", "calendar", "2016-01-01", "2016-09-30"]


def unlocked(table: str) -> None:
    """Take away what the database itself may have against a change, as an intruder would."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


@pytest.mark.parametrize("what", ["value", "dossiers", "sector", "signer", "new row"])
def test_a_row_changed_behind_the_program_is_seen(lived: Cast, client: Client, what: str) -> None:
    closing = sign(lived.district, lived.leader)
    for table in ("reports_closing", "reports_closingcell"):
        unlocked(table)
    cells = models.QuerySet(ClosingCell).filter(column="resolved_early")
    if what == "value":
        cells.update(value=2)
    elif what == "dossiers":
        cells.update(dossiers=[1, 2])
    elif what == "sector":
        cells.update(sector="Hộ tịch")
    elif what == "signer":
        models.QuerySet(Closing).update(signer_name="Người khác")
    else:
        ClosingCell.objects.create(
            closing=closing, sector="Hộ tịch", column="carried_over", value=0, dossiers=[]
        )
    assert not Closing.objects.get().is_intact
    client.force_login(lived.leader)
    page = client.get(page_of(lived.district)).content.decode()
    assert "không còn khớp với chuỗi kiểm tra" in page


def test_signed_rows_refuse_to_be_changed_or_deleted(lived: Cast) -> None:
    closing = sign(lived.district, lived.leader)
    reopening = rules.reopen(closing, by=lived.leader, reason="Thử")
    for row in (closing, closing.cells.first(), reopening):
        with pytest.raises(TypeError):
            row.save()
        with pytest.raises(TypeError):
            row.delete()
    for model in (Closing, ClosingCell, Reopening):
        with pytest.raises(TypeError):
            model.objects.all().delete()
        with pytest.raises(TypeError):
            model.objects.update(pk=1)


def test_a_later_entry_stands_beside_the_signed_number_with_its_dossier(
    lived: Cast, client: Client
) -> None:
    closing = sign(lived.district, lived.leader)
    late = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    perform.resolve(late, by=lived.clerk, at=vn("2016-03-30T16:00"), outcome="approved")
    found = compare(closing)
    lines = [(d.sector, d.column.name, d.signed, d.now) for d in found.lines]
    assert lines == [
        ("Hoạt động xây dựng", "resolved_late", 0, 1),
        ("Hoạt động xây dựng", "pending_overdue", 1, 0),
    ]
    (moved,) = found.moved
    assert moved.dossier == late
    assert moved.left == ["Hoạt động xây dựng, đang giải quyết: quá hạn"]
    assert moved.came == ["Hoạt động xây dựng, đã giải quyết: quá hạn"]
    assert moved.act.kind == "resolve"

    client.force_login(lived.leader)
    response = client.get(page_of(lived.district))
    page = response.content.decode()
    assert "Khác với số đã ký" in page
    assert late.code in page
    shown = {cell.column.name: cell.value for cell in response.context["total"]}
    assert (shown["resolved_late"], shown["pending_overdue"]) == (0, 1)


def test_two_dossiers_that_change_places_are_a_difference_of_nothing_that_is_shown(
    lived: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = sign(lived.district, lived.leader)
    first, second = Dossier.objects.filter(office=lived.district).order_by("received_at")
    perform.correct(
        first, by=lived.clerk, reason="Nhầm", at=vn("2016-04-05T08:00"), procedure=lived.building
    )
    perform.correct(
        second, by=lived.clerk, reason="Nhầm", at=vn("2016-04-05T08:00"), procedure=lived.land
    )
    found = compare(closing)
    received = [line for line in found.lines if line.column.name == "received_direct"]
    assert [(line.signed, line.now) for line in received] == [(1, 1), (1, 1)]
    assert {moved.dossier for moved in found.moved} == {first, second}

    monkeypatch.setattr(closing_changes, "SHOWN", 1)  # an old register can bring thousands
    client.force_login(lived.leader)
    page = text(client.get(page_of(lived.district)))
    assert "Các hồ sơ làm nên chênh lệch: 2, dưới đây là 1 hồ sơ" in page
    assert (first.code in page, second.code in page) == (True, False)


def test_every_signed_number_opens_the_dossiers_of_that_moment(lived: Cast, client: Client) -> None:
    sign(lived.district, lived.leader)
    late = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    perform.resolve(late, by=lived.clerk, at=vn("2016-03-30T16:00"), outcome="approved")
    client.force_login(lived.leader)
    context = client.get(page_of(lived.district)).context
    seen = 0
    for _, line in [*context["rows"], ("", context["total"])]:
        for cell in line:
            if cell.value:
                behind = client.get(cell.address)
                assert behind.status_code == 200
                assert behind.context["page"].paginator.count == cell.value
                assert len(behind.context["dossiers"]) == cell.value
                seen += 1
    assert seen > 10
    assert client.get(page_of(lived.district) + "lan-1/?cot=khong").status_code == 404
    assert client.get(page_of(lived.district) + "lan-2/?cot=received").status_code == 404


@pytest.mark.parametrize(
    "who", ["clerk", "specialist", "overseer", "administrator", "commune_leader"]
)
def test_only_a_leader_of_the_office_itself_signs(lived: Cast, client: Client, who: str) -> None:
    assert press(client, getattr(lived, who), lived.district).status_code in (403, 404)
    assert not Closing.objects.exists()


def test_the_leader_above_does_not_sign_for_an_office_below(lived: Cast, client: Client) -> None:
    assert press(client, lived.leader, lived.tan_loc).status_code == 403
    assert press(client, lived.commune_leader, lived.tan_loc).status_code == 302
    assert Closing.objects.get().signer_name == "Cán bộ chu-tich-xa"


def test_only_a_leader_of_the_office_above_reopens_and_only_with_a_reason(
    lived: Cast, client: Client
) -> None:
    press(client, lived.commune_leader, lived.tan_loc)
    address = page_of(lived.tan_loc) + "mo-lai/"
    data = {"version": "1", "reason": "Nhập sót hồ sơ"}
    for who in (lived.commune_leader, lived.commune_clerk, lived.overseer):
        client.force_login(who)
        assert client.post(address, data).status_code == 403
    client.force_login(lived.leader)
    empty = client.post(address, {"version": "1", "reason": "  "})
    assert empty.status_code == 409
    assert "Hãy ghi lý do mở lại kỳ." in empty.content.decode()
    assert client.post(address, {**data, "version": "2"}).status_code == 409
    assert client.post(address, data).status_code == 302
    assert client.post(address, {**data, "reason": "Nhập sót nữa"}).status_code == 409
    assert Reopening.objects.count() == 1

    again = press(client, lived.commune_leader, lived.tan_loc, note="Đã bổ sung")
    assert again.status_code == 302
    first, second = Closing.objects.order_by("version")
    assert (second.version, second.previous_digest) == (2, first.digest)
    assert first.reopening.reason == "Nhập sót hồ sơ"
    assert not second.is_reopened
    page = client.get(page_of(lived.tan_loc)).content.decode()
    assert "Nhập sót hồ sơ" in page
    assert first.digest in page


def test_a_period_is_not_signed_twice(lived: Cast, client: Client) -> None:
    press(client, lived.leader, lived.district)
    assert press(client, lived.leader, lived.district).status_code == 409
    assert Closing.objects.count() == 1


def test_a_table_that_changed_after_it_was_seen_is_shown_again_and_not_signed(
    lived: Cast, client: Client
) -> None:
    client.force_login(lived.leader)
    seen = client.get(page_of(lived.district)).context["seen"]
    lived.received("2016-03-31T10:00")
    data = {"seen": seen, "note": "Đã xem"}
    response = client.post(page_of(lived.district) + "ky/", data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Số liệu đã thay đổi sau khi ông/bà mở trang này" in page
    assert "Đất đai, tiếp nhận: trực tiếp, bưu chính: 1 → 2" in page
    assert "Đã xem</textarea>" in page
    assert not Closing.objects.exists()


def test_a_running_period_and_free_dates_are_not_signed(lived: Cast, client: Client) -> None:
    running = f"{clock.today().year + 1}"
    client.force_login(lived.leader)
    page = client.get(page_of(lived.district, running))
    assert not page.context["may_sign"]
    response = client.post(page_of(lived.district, running) + "ky/", {"seen": page.context["seen"]})
    assert response.status_code == 409
    for key in ("2016-01-01..2016-03-31", "2016-Q5", "quy-1"):
        assert client.get(page_of(lived.district, key)).status_code == 404
    assert client.get(page_of(lived.district) + "?lich=khac").status_code == 404


@pytest.fixture
def unchecked(lived: Cast) -> Cast:
    """The same, with one sum too many resolved, which no act has entered."""
    Summary.objects.filter(office_id=lived.district.pk, resolved_early=1).update(resolved_early=2)
    return lived


def test_a_table_that_does_not_add_up_cannot_be_signed(unchecked: Cast, client: Client) -> None:
    client.force_login(unchecked.leader)
    page = client.get(page_of(unchecked.district))
    assert not page.context["table"].adds_up
    assert not page.context["may_sign"]
    assert "Số liệu này không khớp" in page.content.decode()
    refused = press(client, unchecked.leader, unchecked.district)
    assert refused.status_code == 409
    assert "Số liệu không khớp nên không ký được" in refused.content.decode()
    assert not Closing.objects.exists()


def test_what_lies_outside_the_scope_does_not_exist(lived: Cast, client: Client) -> None:
    for who, office in ((lived.commune_leader, lived.bien_bach), (lived.clerk, lived.tan_loc)):
        client.force_login(who)
        for action in ("", "lan-1/?cot=received"):
            assert client.get(page_of(office) + action).status_code == 404
        for action in ("ky/", "mo-lai/"):
            assert client.post(page_of(office) + action).status_code == 404
    client.force_login(lived.commune_leader)
    listed = [office for office, _ in client.get(reverse("closings")).context["rows"]]
    assert listed == [lived.tan_loc]
    client.force_login(lived.administrator)
    assert client.get(reverse("closings")).status_code == 403


def test_the_page_warns_of_late_entries_and_of_results_that_seem_forgotten(lived: Cast) -> None:
    found = {warning.kind: warning for warning in warnings_of(lived.district, QUARTER)}
    assert found["backdated"].total == 2  # the cast enters acts of 2016 today
    assert "silent" not in found  # entered today, so not silent
    assert "no_due" not in found
    open_one = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    Dossier.objects.filter(pk=open_one.pk).update(due_on=None, due_at=None)
    found = {warning.kind: warning for warning in warnings_of(lived.district, QUARTER)}
    assert found["no_due"].dossiers == [open_one]
    assert found["no_due"].sentence == "1 hồ sơ đang giải quyết không có ngày hẹn trả."


def test_an_overdue_dossier_without_an_act_for_ten_working_days_is_a_warning(lived: Cast) -> None:
    open_one = Dossier.objects.get(office=lived.district, resolved_on__isnull=True)
    unlocked("dossiers_event")
    open_one.events.update(recorded_at=vn("2016-03-01T09:00"))
    found = {warning.kind: warning for warning in warnings_of(lived.district, QUARTER)}
    assert found["silent"].dossiers == [open_one]
    perform.record_read(open_one, by=lived.clerk)  # looking at it is no act
    assert "silent" in {warning.kind for warning in warnings_of(lived.district, QUARTER)}


def test_the_level_above_sees_who_signed_who_did_not_and_how_late(
    lived: Cast, client: Client
) -> None:
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


def test_a_period_without_a_dossier_is_not_overdue_to_be_signed(
    lived: Cast, client: Client
) -> None:
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


def test_before_signing_late_ones_without_a_cause_or_apology_and_later_entries_are_listed(
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


def test_the_page_of_all_offices_asks_the_same_however_many_there_are(
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
    assert asked() == before


def test_a_bad_year_is_said_at_its_place(cast: Cast, client: Client) -> None:
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


def test_the_timer_reminds_of_the_quarter_that_ended_last(lived: Cast) -> None:
    told = io.StringIO()
    call_command("remind", "--before", "90", stdout=told)
    keys = set(Reminder.objects.values_list("period_key", flat=True))
    (key,) = keys
    assert parse_period(key).end < clock.today() <= parse_period(key).end + timedelta(days=92)
    assert "chưa khai thư điện tử" in told.getvalue()
    with pytest.raises(CommandError, match="Chỉ chốt số liệu"):
        call_command("remind", "2016-01-01..2016-01-02")


def test_nobody_is_reminded_of_a_quarter_before_the_program_came(lived: Cast) -> None:
    told = io.StringIO()
    call_command("remind", "2015-Q2", stdout=told)
    assert not Reminder.objects.exists()
    assert "Đã nhắc 0 đơn vị" in told.getvalue()


def test_a_letter_that_cannot_be_sent_is_recorded_and_does_not_stop_the_others(
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
