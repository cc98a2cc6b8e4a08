"""The demonstration: its figures counted row by row, its present at odd hours, its refusals."""

import hashlib
from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from dossiers.demo import load as loading
from dossiers.demo.names import POOL, organisation, person
from dossiers.demo.plan import PUBLISHED_COMMUNES, PUBLISHED_DISTRICT, plan, total
from dossiers.demo.staff import PASSWORD
from dossiers.lifecycle.acts import acts_of
from dossiers.lifecycle.changes import plain
from dossiers.models import (
    Dossier,
    Event,
    Notice,
    Pause,
    SubmittedPaper,
    SupplementRequest,
    Transfer,
)
from dossiers.rules.states import State
from motcua import clock
from motcua.models import Installation, Office, Staff
from procedures.calendar import calendar_for
from reports.figures import verify
from reports.sign_off import demonstration
from tests.cast import vn
from tests.dossiers.replay import replay

pytestmark = pytest.mark.django_db

START, END = date(2016, 1, 1), date(2016, 9, 30)
SMALL = 0.01


class Silent:
    """Nobody watches the loading."""

    def begin(self, total: int) -> None:
        pass

    def stage(self, name: str) -> None:
        pass

    def advance(self, count: int) -> None:
        pass


def load_small(at: str = "2026-11-23T09:30", scale: float = SMALL) -> None:
    """Without the signatures: to draw their files takes five times as long as all the rest, and
    the test of the published figures has them."""
    loading.loaded.disconnect(dispatch_uid="reports.demonstration")
    try:
        with time_machine.travel(vn(at), tick=False):
            call_command("load_base", stdout=StringIO())
            loading.load(Silent(), scale=scale)
    finally:
        demonstration.join()


def counted(*offices: str) -> dict[str, int]:
    """The nine months of some desks, counted from the dates alone."""
    figures: Counter[str] = Counter()
    rows = (
        Dossier.objects.accepted()
        .filter(office__code__in=offices)
        .values_list("received_on", "resolved_on", "due_on", "paused_on", "timed_on")
    )
    for received, resolved, due, paused, timed in rows:
        assert paused is None or resolved is None
        if received <= END and (resolved is None or resolved > END):
            figures["pending"] += 1
        if received < START and (resolved is None or resolved >= START):
            figures["carried"] += 1
        if START <= received <= END:
            figures["received"] += 1
        if resolved is not None and START <= resolved <= END:
            figures["early" if timed < due else "late" if timed > due else "on_time"] += 1
    return dict(figures)


def communes() -> list[str]:
    return list(Office.objects.filter(level="commune").values_list("code", flat=True))


def test_figures_of_2016_are_the_published_ones_to_the_unit() -> None:
    told = StringIO()
    with time_machine.travel(vn("2026-11-23T09:30"), tick=False):
        call_command("demo", stdout=told)
    assert counted("967") == {
        "carried": 139,
        "received": 2468,
        "early": 994,
        "on_time": 963,
        "late": 70,
        "pending": 580,
    }
    assert counted(*communes()) == {
        "carried": 412,
        "received": 35826,
        "early": 2555,
        "on_time": 33533,
        "late": 16,
        "pending": 134,
    }
    assert "35.826; giải quyết 36.104, trong đó trước hạn 2.555" in told.getvalue()
    past = Dossier.objects.filter(received_on__lt="2017-01-01")
    assert not past.exclude(resolved_on__lte="2016-12-31").exists()
    assert not past.filter(state=State.RESOLVED).exists(), "every result of 2016 is collected"
    for code in communes():
        assert past.filter(office__code=code, received_on__gte=START).count() > 1500
    used = past.values("procedure").distinct().count()
    assert used > 372 * 0.8, "most procedures of the catalogue appear"


def test_demo_nothing_happens_before_the_receipt_nor_out_of_order() -> None:
    load_small()
    for dossier in Dossier.objects.all():
        acts = list(acts_of(dossier))
        moments = [act.happened_at for act in acts]
        assert moments == sorted(moments)
        assert moments[0] == (dossier.received_at or dossier.submitted_at)
        assert [act.recorded_at for act in acts] == moments
        told = replay(acts)
        assert told == {name: plain(getattr(dossier, name)) for name in told}


def test_results_come_on_working_days_and_in_office_hours() -> None:
    load_small()
    calendar = calendar_for(None)
    for kind, at in Event.objects.values_list("kind", "happened_at"):
        moment = clock.naive_local(at)
        if kind in ("resolve", "hand_over", "ask_supplement", "withdraw"):
            assert calendar.is_working(moment.date()), (kind, moment)
            assert 7 <= moment.hour < 18, (kind, moment)


def test_codes_and_book_numbers_follow_the_order_of_receipt() -> None:
    load_small()
    for office in Office.objects.all():
        rows = Dossier.objects.filter(office=office).order_by("received_at", "book_number")
        for year in (2015, 2016, 2026):
            of_year = rows.filter(received_on__year=year)
            numbers = list(of_year.values_list("book_number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            codes = [(d.received_on, d.code[-4:]) for d in of_year]
            assert codes == sorted(codes)


def test_demo_same_plan_gives_the_same_dossiers_and_figures_in_another_database() -> None:
    told = []
    for _ in range(2):
        with transaction.atomic():
            load_small()
            told.append(digest())
            assert verify.verify().differences == []
            transaction.set_rollback(True)
    assert told[0] == told[1]


def digest() -> str:
    rows = Dossier.objects.order_by("code").values_list(
        "code", "procedure__key", "applicant_name", "received_at", "due_at", "resolved_at", "state"
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-23T02:30",  # a working day, at night
        "2026-11-23T07:21",  # the office has just opened
        "2026-11-23T12:10",  # the noon break
        "2026-11-24T10:00",  # a holiday
        "2026-11-29T15:00",  # a Sunday
        "2026-12-31T23:59",
        "2027-01-01T08:00",  # a holiday, the first of a year
        "2027-02-08T09:00",  # in the Tết holidays
    ],
)
def test_demo_desk_is_alive_at_any_hour_and_nothing_lies_in_the_future(moment: str) -> None:
    load_small(moment)
    now, today = vn(moment), vn(moment).date()
    assert not Event.objects.filter(happened_at__gt=now).exists()
    assert not Transfer.objects.filter(taken_at__gt=now).exists()
    current = Dossier.objects.filter(received_on__gte="2026-01-01")
    assert current.count() == sum(p.current for p in plan(SMALL))
    guided = Dossier.objects.filter(state=State.SUBMITTED)
    for code in ("967", *communes()):
        desk = current.filter(office__code=code)
        running = desk.open().filter(paused_on__isnull=True)
        assert running.filter(due_on__lt=today).exists(), "overdue"
        next_working_day = calendar_for(None).working_day_on_or_after(today)
        assert running.filter(due_on=next_working_day).exists(), "due today"
        assert running.filter(due_on__gt=next_working_day).exists(), "due later"
        assert desk.filter(state=State.RECEIVED).exists(), "just received"
        assert desk.filter(state=State.AWAITING_SUPPLEMENT).exists(), "waiting for papers"
        assert desk.filter(state=State.RESOLVED).exists(), "ready to hand over"
        assert desk.filter(transfers__taken_at__isnull=True, state=State.PROCESSING).exists()
        assert desk.filter(holder_division__is_leaders=True).exists(), "waiting for a signature"
        assert desk.filter(apologies__isnull=False).exists(), "apologised for"
        assert guided.filter(office__code=code).exists(), "came without its papers"


def test_current_quarter_keeps_the_rules_of_2025() -> None:
    load_small()
    current = Dossier.objects.filter(received_on__gte="2026-01-01")
    for request in SupplementRequest.objects.filter(dossier__in=current):
        assert request.number == 1
        assert not request.asked_late
    restarted = current.filter(due_since__isnull=False)
    assert restarted
    for dossier in restarted:
        first, second = dossier.deadlines.filter(counts=True)
        assert (first.until_on, second.from_on) == (dossier.due_since, dossier.due_since)
    assert Pause.objects.filter(dossier__in=current, kind="payment").exists()
    for dossier in current:
        assert SubmittedPaper.objects.filter(dossier=dossier).exists() or not (
            dossier.version.papers.filter(is_required=True).exists()
        )


def test_demo_year_without_calendar_leaves_the_present_empty_and_keeps_2016() -> None:
    load_small("2031-05-06T09:00")
    assert not Dossier.objects.filter(received_on__gte="2017-01-01").exists()
    assert Dossier.objects.exists()


def test_demo_nobody_can_be_taken_for_a_real_person() -> None:
    load_small()
    for dossier in Dossier.objects.all():
        number = dossier.applicant_id
        is_person = dossier.applicant_kind == "person"
        assert number.startswith("000" if is_person else "00")
        assert len(number) in ((9, 12) if is_person else (10,))
        assert dossier.phone == "" or dossier.phone.startswith("090000")
        assert dossier.email == "" or dossier.email.endswith("@vidu.invalid")
        assert dossier.source == Dossier.Source.DEMO
    assert {notice.state for notice in Notice.objects.all()} <= {Notice.State.DROPPED}
    phones = {person(i).phone for i in range(POOL)} | {organisation(i).phone for i in range(240)}
    assert len(phones) == POOL + 240
    assert {len(phone) for phone in phones} == {10}


def test_demo_second_load_changes_nothing_and_is_no_error() -> None:
    load_small()
    before = (Dossier.objects.count(), Event.objects.count(), Staff.objects.count())
    told = StringIO()
    call_command("demo", stdout=told)
    assert told.getvalue() == "Bản trình diễn đã được nạp từ trước, không nạp lại.\n"
    assert (Dossier.objects.count(), Event.objects.count(), Staff.objects.count()) == before


def test_demo_real_dossiers_are_never_mixed_with_the_demonstration(cast: Any) -> None:
    cast.received()
    with pytest.raises(CommandError, match="đã có hồ sơ thật"):
        call_command("demo", stdout=StringIO())
    assert Dossier.objects.count() == 1
    assert not Installation.objects.exists()


def test_demo_real_desk_without_dossiers_is_refused_too(cast: Any) -> None:
    with pytest.raises(CommandError, match="đã có tài khoản thật"):
        call_command("demo", stdout=StringIO())
    Installation.objects.create(is_demo=False)
    with pytest.raises(CommandError, match="là bản chính thức"):
        call_command("demo", stdout=StringIO())


def test_demo_figure_that_differs_from_the_plan_is_noticed_and_its_office_named() -> None:
    load_small()
    loading.check(plan(SMALL))
    some = Dossier.objects.filter(timed_on__lte=END, timeliness="late").earliest("received_at")
    Dossier.objects.filter(pk=some.pk).update(timeliness="on_time")
    with pytest.raises(loading.WrongFigures, match=some.office.code):
        loading.check(plan(SMALL))


@pytest.mark.parametrize("scale", [0.01, 0.02, 1 / 3, 1, 2, 10])
def test_demo_plan_adds_up_at_any_scale(scale: float) -> None:
    plans = plan(scale)
    for of_office in plans:
        assert min(of_office.pending, of_office.counts.on_time, of_office.carried) >= 0
    for totals, published in (
        (total(plans[:1]), PUBLISHED_DISTRICT),
        (total(plans[1:]), PUBLISHED_COMMUNES),
    ):
        for name in ("received", "early", "on_time", "late"):
            assert abs(getattr(totals, name) - getattr(published, name) * scale) <= 1.5


def test_accounts_are_printed_with_role_office_and_password() -> None:
    load_small()
    told = StringIO()
    call_command("demo_accounts", stdout=told)
    lines = told.getvalue().splitlines()
    assert lines[0].split("  ")[0] == "Tên đăng nhập"
    assert lines[2].split() == ["canbo.967", "cán", "bộ", "một", "cửa", "Huyện", "Thới", "Bình"]
    assert any(
        line.startswith("canbo.32086 ") and "cán bộ một cửa, chuyên viên" in line for line in lines
    )
    assert lines[-1] == f"Mật khẩu chung của các tài khoản trình diễn: {PASSWORD}"
    assert len(lines) == 2 + 7 + 24 + 1
    clerk = Staff.objects.get(username="canbo.967")
    assert clerk.check_password(PASSWORD)
    assert (clerk.is_demo, clerk.is_staff, clerk.is_superuser) == (True, False, False)
    assert Staff.objects.get(username="quantri").is_superuser
    assert Staff.objects.filter(is_demo=False).count() == 0


def test_demo_real_desk_has_no_demonstration_accounts_to_print(cast: Any) -> None:
    told = StringIO()
    call_command("demo_accounts", stdout=told)
    assert told.getvalue() == ""
