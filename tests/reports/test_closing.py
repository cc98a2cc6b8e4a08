"""Sign-off: what is signed stays, what changes since stands beside it, and who may do what."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua import clock
from motcua.models import Office, Staff
from procedures.calendar import calendar_for
from reports.models import Closing, ClosingCell, Reopening, Summary
from reports.sign_off import changes as closing_changes
from reports.sign_off import closing as rules
from reports.sign_off.changes import Comparison, compare
from reports.sign_off.signed_files import signed_dossiers, signed_table
from reports.terms.columns import NAMES
from reports.terms.periods import Period, parse_period
from tests.cast import Cast, make_cast, vn
from tests.dossiers.pages import text
from tests.reports.by_hand import Life, counted, lives

QUARTER = parse_period("2016-Q1")


def sign(office: Office, by: Staff, period: Period = QUARTER, note: str = "") -> Closing:
    seen = rules.fingerprint(rules.table_now(office, period))
    return rules.sign(office, period, by=by, seen=seen, note=note)


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
    def test_closing_nothing_that_happens_later_changes_a_byte_of_what_was_signed(
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


def test_closing_nine_months_of_2016_are_the_same_bytes_after_a_year_of_acts(lived: Cast) -> None:
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
def test_closing_row_changed_behind_the_program_is_seen(
    lived: Cast, client: Client, what: str
) -> None:
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


def test_later_entry_stands_beside_the_signed_number_with_its_dossier(
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


def test_closing_two_dossiers_that_change_places_are_a_difference_of_nothing_that_is_shown(
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


def test_closing_every_signed_number_opens_the_dossiers_of_that_moment(
    lived: Cast, client: Client
) -> None:
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
def test_closing_only_a_leader_of_the_office_itself_signs(
    lived: Cast, client: Client, who: str
) -> None:
    assert press(client, getattr(lived, who), lived.district).status_code in (403, 404)
    assert not Closing.objects.exists()


def test_closing_leader_above_does_not_sign_for_an_office_below(
    lived: Cast, client: Client
) -> None:
    assert press(client, lived.leader, lived.tan_loc).status_code == 403
    assert press(client, lived.commune_leader, lived.tan_loc).status_code == 302
    assert Closing.objects.get().signer_name == "Cán bộ chu-tich-xa"


def test_closing_only_a_leader_of_the_office_above_reopens_and_only_with_a_reason(
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


def test_period_is_not_signed_twice(lived: Cast, client: Client) -> None:
    press(client, lived.leader, lived.district)
    assert press(client, lived.leader, lived.district).status_code == 409
    assert Closing.objects.count() == 1


def test_table_that_changed_after_it_was_seen_is_shown_again_and_not_signed(
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


def test_running_period_and_free_dates_are_not_signed(lived: Cast, client: Client) -> None:
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


def test_table_that_does_not_add_up_cannot_be_signed(unchecked: Cast, client: Client) -> None:
    client.force_login(unchecked.leader)
    page = client.get(page_of(unchecked.district))
    assert not page.context["table"].adds_up
    assert not page.context["may_sign"]
    assert "Số liệu này không khớp" in page.content.decode()
    refused = press(client, unchecked.leader, unchecked.district)
    assert refused.status_code == 409
    assert "Số liệu không khớp nên không ký được" in refused.content.decode()
    assert not Closing.objects.exists()


def test_closing_what_lies_outside_the_scope_does_not_exist(lived: Cast, client: Client) -> None:
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
