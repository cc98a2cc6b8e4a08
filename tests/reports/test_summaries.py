"""The sums that every act keeps current are what a recount of the dossiers finds, always."""

import importlib
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.perform import reschedule
from dossiers.models import Dossier, LateCause
from dossiers.rules.states import MoveRefused
from motcua.environment import as_admins
from motcua.models import Office
from procedures.models import CalendarDay
from reports.dashboard.overview import dashboard_data
from reports.figures.recount import recount
from reports.figures.summaries import days_spent, tally
from reports.figures.tables import table
from reports.figures.verify import rebuild, verify
from reports.models import DaysSummary, Summary
from reports.terms.buckets import Grain
from reports.terms.columns import NAMES
from reports.terms.periods import CALENDARS, Period, parse_period
from reports.terms.scopes import scope_of_all, scope_of_office
from tests.cast import Cast, vn
from tests.dossiers.test_replay import Life

pytestmark = pytest.mark.django_db

YEARS = st.sampled_from([2015, 2016, 2019, 2025, 2026])
NAMED = st.builds(
    lambda year, part, calendar: parse_period(f"{year}{part}", calendar),
    YEARS,
    st.sampled_from(["-02", "-Q1", "-Q3", "-6M", "-9M", ""]),
    st.sampled_from(CALENDARS),
)
FREE = st.builds(
    lambda year, day, length: free(date(year, 1, 1) + timedelta(day), length),
    YEARS,
    st.integers(0, 365),
    st.integers(0, 800),
)


def free(start: date, length: int) -> Period:
    return parse_period(f"{start.isoformat()}..{(start + timedelta(length)).isoformat()}")


def everything():
    return scope_of_all(Office.objects.with_desk())


def days_counted(period: Period) -> dict[int, dict[int | None, int]]:
    """Of each procedure, how many resolved dossiers took so many days, one after the other."""
    found: dict[int, dict[int | None, int]] = {}
    for dossier in Dossier.objects.filter(resolved_on__range=(period.start, period.end)):
        of_procedure = found.setdefault(dossier.procedure_id, {})
        of_procedure[dossier.days_spent] = of_procedure.get(dossier.days_spent, 0) + 1
    return found


class CountedLife(Life):
    """The life of `test_replay`, with a calendar that changes, and its figures."""

    @rule()
    def move_the_date(self) -> None:
        due_on = Dossier.objects.get(pk=self.dossier.pk).due_on
        CalendarDay.objects.get_or_create(date=due_on, defaults={"kind": "holiday", "name": "Nghỉ"})
        self.attempt(reschedule, by=self.cast.leader, reason="Công văn 12")

    @rule(period=NAMED | FREE, fields=st.sampled_from(["sector_id", "procedure_id"]))
    def any_period_is_what_the_dossiers_say(self, period: Period, fields: str) -> None:
        keys = ("office_id", fields)
        assert tally(period, everything(), *keys) == recount(period, everything(), *keys)

    @invariant()
    def every_bucket_is_what_the_dossiers_say(self) -> None:
        if self.acts:
            account = verify(tables=False)
            assert (account.dossiers, account.differences) == (1, [])
            assert account.misclassified == []
            dossier = Dossier.objects.get(pk=self.dossier.pk)
            day_after = free(dossier.due_on + timedelta(1), 0)
            assert tally(day_after, everything()) == recount(day_after, everything())
            since_receipt = free(dossier.received_on, 400)
            assert days_spent(since_receipt, everything()) == days_counted(since_receipt)


def test_summaries_after_every_act_of_any_dossier_the_sums_are_what_a_recount_finds(
    cast: Cast,
) -> None:
    CountedLife.cast = cast
    CountedLife.cause = LateCause.objects.create(code="B9", name="Nguyên nhân khác")
    with time_machine.travel(vn("2027-06-01T08:00"), tick=False):
        run_state_machine_as_test(
            CountedLife, settings=settings(max_examples=8, stateful_step_count=16, deadline=None)
        )


def birth(cast: Cast, at: str = "2016-03-07T09:00") -> Dossier:
    return cast.received(at, office=cast.tan_loc, procedure=cast.birth)


def statements(act) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured]


def of_the_sums(sql: list[str]) -> list[str]:
    return [s for s in sql if "reports_summary" in s or "reports_dayssummary" in s]


def test_receipt_costs_one_statement_and_no_reading(cast: Cast) -> None:
    written = of_the_sums(statements(lambda: birth(cast)))
    assert [statement.split()[0] for statement in written] == ["INSERT"]
    before = statements(lambda: cast.received("2016-03-07T09:10"))
    assert len(of_the_sums(before)) == 1
    turns = [s for s in before if s.startswith("SELECT") and "dossiers_pause" in s]
    assert turns == []


def test_summaries_act_that_moves_no_figure_touches_no_sum(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    how = {"by": cast.clerk}
    acts = (
        lambda: perform.forward(
            dossier, at=vn("2016-03-01T10:00"), division=cast.land_division, **how
        ),
        lambda: perform.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T11:00")),
        lambda: perform.correct(
            dossier, at=vn("2016-03-01T12:00"), reason="Sai tên", applicant_name="Lê Út", **how
        ),
        lambda: perform.record_read(dossier, by=cast.specialist),
    )
    for act in acts:
        assert of_the_sums(statements(act)) == []
    end = {"outcome": "approved", "at": vn("2016-03-02T09:00"), **how}
    assert len(of_the_sums(statements(lambda: perform.resolve(dossier, **end)))) == 2
    hand_over = {"collector_name": "Lê Út", "at": vn("2016-03-02T10:00"), **how}
    assert of_the_sums(statements(lambda: perform.hand_over(dossier, **hand_over))) == []


def test_summaries_submission_is_counted_when_it_is_accepted(cast: Cast) -> None:
    intake = Intake(office=cast.tan_loc, procedure=cast.birth, applicant_name="Nguyễn Văn Ân")
    dossier = perform.guide(
        intake, by=cast.clerk, items="Đơn", reason="Thiếu", at=vn("2016-03-07T09:00")
    )
    assert not Summary.objects.exists()
    perform.accept(dossier, by=cast.clerk, at=vn("2016-03-09T09:00"))
    assert tally(free(date(2016, 3, 9), 0), everything())[()]["received"] == 1
    assert verify().differences == []


def test_summaries_what_is_refused_leaves_the_sums_as_they_were(cast: Cast) -> None:
    dossier = birth(cast)
    before = sorted(Summary.objects.values_list())
    with pytest.raises(MoveRefused):
        perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-08T09:00"), outcome="")
    with pytest.raises(MoveRefused):
        perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-06T09:00"), outcome="approved")
    assert sorted(Summary.objects.values_list()) == before


def test_correction_of_a_dossier_of_last_year_moves_the_figures_of_last_year(cast: Cast) -> None:
    dossier = birth(cast, "2015-12-30T09:00")
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-01-11T09:00"), outcome="approved")
    year, next_year = parse_period("2015"), parse_period("2016")

    def told(period: Period) -> dict[str, int]:
        figures = table(period, scope_of_office(cast.tan_loc)).total
        return {name: number for name, number in figures.items() if number}

    open_at_the_end = {"received_direct": 1, "received": 1, "total_in": 1}
    assert told(year) == open_at_the_end | {"pending_in_time": 1, "pending_total": 1}
    assert told(next_year) == {
        "carried_over": 1,
        "total_in": 1,
        "resolved_late": 1,
        "resolved_total": 1,
    }
    # In truth it came on the 21st, and was due before the year was over.
    perform.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-02-01T09:00"),
        reason="Ghi sai ngày",
        received_at=vn("2015-12-21T09:00"),
    )
    assert told(free(date(2015, 12, 21), 0))["received_direct"] == 1
    assert told(free(date(2015, 12, 30), 0)) == told(free(date(2015, 12, 25), 0))
    assert verify().differences == []


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """One resolved early in March 2016, one open at the year's end."""
    perform.resolve(birth(cast), by=cast.clerk, at=vn("2016-03-09T09:00"), outcome="approved")
    birth(cast, "2016-12-30T09:00")
    return cast


def checked(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_figures", *arguments, stdout=out)
    return out.getvalue()


def test_summaries_both_agree_and_it_is_said(lived: Cast) -> None:
    assert checked() == (
        "Đã đếm lại 2 hồ sơ, 15 dòng số cộng sẵn: hai bên khớp nhau; xếp loại sớm, đúng, trễ của "
        "mọi hồ sơ đúng với ngày.\n"
    )


def test_verify_figures_mails_administrators_what_differs_and_no_code(
    lived: Cast, settings: object
) -> None:
    assert "khớp nhau" in checked("--mail")
    assert not mail.outbox
    Summary.objects.filter(grain=Grain.YEAR).delete()
    dossier = Dossier.objects.get(resolved_on__isnull=False)
    Dossier.objects.filter(pk=dossier.pk).update(timeliness="late")
    with pytest.raises(CommandError, match="MOTCUA_ADMINS"):
        checked("--mail")
    settings.ADMINS = as_admins(["quantri@thoibinh.example"])
    assert dossier.code in checked("--mail")
    (letter,) = mail.outbox
    assert letter.to == ["quantri@thoibinh.example"]
    assert letter.subject == "[Một cửa] số liệu không khớp với hồ sơ"
    assert "Số cộng sẵn khác số đếm lại từ hồ sơ ở " in letter.body
    assert "Xếp loại không đúng với ngày ở 1 hồ sơ" in letter.body
    assert dossier.code not in letter.body


def test_summaries_wrong_sum_is_caught_named_and_repaired(lived: Cast) -> None:
    march = Summary.objects.filter(
        grain=Grain.HALF_MONTH, start="2016-03-01", procedure_id=lived.birth.pk
    )
    assert march.update(resolved_early=F("resolved_early") + 6) == 1
    Summary.objects.filter(grain=Grain.YEAR).delete()
    with pytest.raises(CommandError) as refused:
        checked()
    sentences = str(refused.value).splitlines()
    assert sentences[0].startswith("Số cộng sẵn khác số đếm lại từ hồ sơ ở ")
    assert (
        f"Nửa tháng từ 01/03/2016, đơn vị số {lived.tan_loc.pk}, lĩnh vực số "
        f"{lived.birth.sector_id}, thủ tục số {lived.birth.pk}, resolved_early: đang ghi 7, đếm "
        "lại 1."
    ) in sentences
    assert sentences[-1].endswith("Chạy lại với --repair để lập lại số cộng sẵn từ hồ sơ.")
    assert "hai bên khớp nhau" in checked("--repair")
    assert march.get().resolved_early == 1


def test_summaries_wrong_sum_of_a_sector_is_told_on_the_page_itself(lived: Cast) -> None:
    sums = Summary.objects.filter(start="2016-03-01", procedure_id=0)
    sums.update(received_direct=F("received_direct") + 1)
    found = table(parse_period("2016-Q1"), everything())
    assert found.problems[0] == (
        "Hộ tịch: tiếp nhận: tổng số (2) khác đã giải quyết: tổng số (1) + đang giải quyết: "
        "tổng số (0)."
    )


def test_tables_of_the_years_are_counted_a_second_way(lived: Cast) -> None:
    """Were the rules of the sums themselves wrong, both counts by them would agree."""
    Dossier.objects.filter(resolved_on__isnull=False).update(timeliness="late")
    told = [d.where[1] for d in verify().differences if isinstance(d.where[0], Period)]
    sector, procedure = lived.birth.sector_id, lived.birth.pk
    words = (f"lĩnh vực số {sector}", f"thủ tục số {procedure}")
    assert told == [f"Xã Tân Lộc, {word}" for word in words for _ in ("early", "late")]


def test_summaries_class_that_is_not_that_of_the_dates_is_told_by_its_code(lived: Cast) -> None:
    ended = Dossier.objects.filter(resolved_on__isnull=False)
    ended.update(timeliness="late")
    rebuild()
    with pytest.raises(CommandError) as refused:
        checked()
    (code,) = ended.values_list("code", flat=True)
    assert f"Xếp loại không đúng với ngày ở 1 hồ sơ: {code}\n" in str(refused.value)


def test_database_from_before_gets_its_sums_from_its_dossiers(lived: Cast) -> None:
    from django.apps import apps

    for sums in (Summary, DaysSummary):
        sums.objects.all().delete()
        assert verify().differences
    for name in ("0003_summaries", "0005_spent_days_summary"):
        importlib.import_module(f"reports.migrations.{name}").fill(apps, None)
    assert Summary.objects.exists()
    assert verify().differences == []


@pytest.mark.parametrize("calendar", CALENDARS)
def test_months_of_the_dashboard_are_those_of_the_dossiers(lived: Cast, calendar: str) -> None:
    birth(lived, "2016-02-14T09:00")
    birth(lived, "2016-02-15T09:00")
    for period in (
        parse_period("2016", calendar),
        parse_period("2016-02-03..2016-12-30", calendar),
    ):
        months = dashboard_data(period, everything()).months
        for month in months:
            (counted,) = recount(month.period, everything()).values() or [dict.fromkeys(NAMES, 0)]
            assert month.figures == {name: counted[name] for name in month.figures}
        assert sum(month.figures["received"] for month in months) >= 3


def test_days_spent_are_those_of_the_dossiers_for_any_range(lived: Cast) -> None:
    for start, length, expected in (
        (date(2016, 3, 9), 0, {2: 1}),  # a day alone
        (date(2016, 3, 1), 30, {2: 1}),  # whole halves
        (date(2016, 2, 27), 40, {2: 1}),  # halves and days at both edges
        (date(2016, 3, 10), 40, {}),
    ):
        assert days_spent(free(start, length), everything()).get(lived.birth.pk, {}) == expected


def test_summaries_wrong_number_of_days_is_caught_too(lived: Cast) -> None:
    DaysSummary.objects.update(count=4)
    with pytest.raises(CommandError, match="2 ngày, count: đang ghi 4, đếm lại 1"):
        checked()
