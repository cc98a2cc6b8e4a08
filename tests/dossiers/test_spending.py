"""Working days that a dossier took of its office: by the pure rule, and as the acts keep them."""

from datetime import date, datetime
from importlib import import_module

import pytest
from django.apps import apps

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event
from dossiers.rules import deadlines
from dossiers.rules.days_spent import days_spent
from dossiers.rules.deadlines import Limit, LimitUnit
from procedures.models import CalendarDay
from procedures.workdays import NoCalendarData
from tests.cast import Cast, vn
from tests.dossiers.acts_done import forwarded, waiting
from tests.procedures.shipped_calendar import shipped_calendar

CALENDAR = shipped_calendar()


def spent(start: str, end: str, *pauses: tuple[str, str | None]) -> int:
    day = date.fromisoformat
    return days_spent(
        CALENDAR,
        day(start),
        day(end),
        [(day(since), day(until) if until else None) for since, until in pauses],
    )


@pytest.mark.parametrize("limit", [1, 3, 10, 30])
@pytest.mark.parametrize("received", ["2016-02-04T09:00", "2016-03-01T16:59", "2016-04-28T17:30"])
def test_resolved_on_the_due_day_a_limit_of_n_days_has_spent_n(received: str, limit: int) -> None:
    due = deadlines.due(
        CALENDAR, datetime.fromisoformat(received), Limit(limit, LimitUnit.WORKING_DAY)
    )
    assert days_spent(CALENDAR, due.effective_at.date(), due.due_at.date()) == limit


def test_spending_day_of_receipt_is_not_counted_and_days_off_are_not() -> None:
    assert spent("2016-03-01", "2016-03-01") == 0
    assert spent("2016-03-01", "2016-03-02") == 1
    assert spent("2016-03-04", "2016-03-07") == 1  # Friday to Monday
    assert spent("2016-02-04", "2016-02-16") == 3  # across Tết


def test_spending_citizens_time_is_left_out() -> None:
    # Tuesday to Tuesday are ten working days; asked on Thursday, brought on the next Tuesday.
    assert spent("2016-03-01", "2016-03-15") == 10
    assert spent("2016-03-01", "2016-03-15", ("2016-03-03", "2016-03-08")) == 7
    assert (
        spent(
            "2016-03-01", "2016-03-15", ("2016-03-03", "2016-03-04"), ("2016-03-04", "2016-03-08")
        )
        == 7
    )
    # Who ends while waiting is classified by the day of the request, nothing after it counts.
    assert spent("2016-03-01", "2016-03-03", ("2016-03-03", None)) == 2
    # Brought on a Saturday: Friday was waited, the next Monday is the office's again.
    assert spent("2016-03-01", "2016-03-07", ("2016-03-03", "2016-03-05")) == 3
    # Asked before the effective receipt: what lies before that was never counted.
    assert spent("2016-03-07", "2016-03-10", ("2016-03-05", "2016-03-08")) == 2


def test_spending_year_without_calendar_is_no_guess() -> None:
    with pytest.raises(NoCalendarData):
        spent("2013-12-30", "2014-01-03")


def kept(dossier: Dossier) -> int | None:
    return Dossier.objects.get(pk=dossier.pk).days_spent


def approve(dossier: Dossier, cast: Cast, at: str) -> Event:
    return perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved")


def test_spending_end_keeps_the_days_and_its_undoing_takes_them_away(cast: Cast) -> None:
    dossier = forwarded(cast, "2016-03-01T09:00")
    assert kept(dossier) is None
    approve(dossier, cast, "2016-03-10T09:00")
    assert kept(dossier) == 7
    perform.revert(dossier, by=cast.leader, reason="Bấm nhầm")
    assert kept(dossier) is None


def test_spending_end_from_before_the_days_were_kept_is_undone_too(cast: Cast) -> None:
    dossier = forwarded(cast, "2016-03-01T09:00")
    dossier.days_spent = 7  # as the migration filled it in; the event of the end will not say so
    dossier.save()
    approve(dossier, cast, "2016-03-10T09:00")
    assert "days_spent" not in dossier.events.get(kind=Event.Kind.RESOLVE).changes
    perform.revert(dossier, by=cast.leader, reason="Bấm nhầm")
    assert kept(dossier) is None


def test_waiting_is_not_counted_whoever_ends_it(cast: Cast) -> None:
    back = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    perform.receive_supplement(back, by=cast.clerk, at=vn("2016-03-08T09:00"))
    approve(back, cast, "2016-03-15T09:00")
    assert kept(back) == 7
    gone = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    perform.withdraw(gone, by=cast.clerk, at=vn("2016-03-20T09:00"), reason="Xin rút")
    assert kept(gone) == 2


def test_spending_corrected_receipt_counts_the_days_anew(cast: Cast) -> None:
    dossier = cast.received("2016-03-02T09:00")
    approve(dossier, cast, "2016-03-10T09:00")
    assert kept(dossier) == 6
    perform.correct(
        dossier, by=cast.leader, received_at=vn("2016-03-01T09:00"), reason="Ghi nhầm ngày"
    )
    assert kept(dossier) == 7
    perform.revert(dossier, by=cast.leader, reason="Không nhầm")
    assert kept(dossier) == 6


def test_without_calendar_an_end_is_kept_and_its_days_are_empty(cast: Cast) -> None:
    dossier = cast.received("2016-12-29T09:00", procedure=cast.copy, office=cast.tan_loc)
    CalendarDay.objects.filter(date__year=2017).delete()
    approve(dossier, cast, "2017-01-04T09:00")
    assert Dossier.objects.get(pk=dossier.pk).timeliness == "late"
    assert kept(dossier) is None


def test_spending_migration_fills_in_what_the_acts_would_have_kept(cast: Cast) -> None:
    back = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    perform.receive_supplement(back, by=cast.clerk, at=vn("2016-03-08T09:00"))
    approve(back, cast, "2016-03-15T09:00")
    copy = cast.received("2016-03-01T09:00", procedure=cast.copy, office=cast.tan_loc)
    approve(copy, cast, "2016-03-01T10:00")
    still_open = cast.received("2016-03-01T09:00")
    Dossier.objects.update(days_spent=None)
    import_module("dossiers.migrations.0005_working_days_spent").fill(apps, None)
    assert [kept(dossier) for dossier in (back, copy, still_open)] == [7, 0, None]
