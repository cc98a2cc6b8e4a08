"""Due dates over random receipts, against a count that walks day by day on its own rules."""

from datetime import date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from dossiers.rules.deadlines import Limit, LimitUnit, continued, due
from tests.procedures.shipped_calendar import shipped_calendar, shipped_days

CLOSE = time(17)
moments = st.datetimes(datetime(2015, 1, 1), datetime(2027, 5, 31))


def works(day: date) -> bool:
    special = shipped_days().get(day)
    return special.kind == "makeup_work" if special else day.isoweekday() <= 5


def naive_due_day(received: datetime, value: int, unit: str) -> date:
    """The due date by walking: no calendar object, no explanation."""
    day, hour = received.date(), received.time()
    while not works(day) or hour > CLOSE:
        day, hour = date.fromordinal(day.toordinal() + 1), time(7)
    if unit == "same_day":
        left = 1 if hour > time(15) else 0
    elif unit == "month":
        target = (day.year * 12 + day.month - 1 + value, day.day)
        while ((day.year * 12 + day.month - 1), day.day) < target:
            after = date.fromordinal(day.toordinal() + 1)
            if after.year * 12 + after.month - 1 > target[0]:
                break
            day = after
        left = 0
    else:
        left = value
    while left or not works(day):
        day = date.fromordinal(day.toordinal() + 1)
        if left:
            left -= 1 if unit == "calendar_day" else works(day)
    return day


@given(moments, st.integers(1, 60), st.sampled_from(["working_day", "calendar_day", "same_day"]))
def test_deadlines_properties_days_agree_with_walking(
    received: datetime, value: int, unit: str
) -> None:
    found = due(shipped_calendar(), received, Limit(value, LimitUnit(unit)))
    assert found.due_at == datetime.combine(naive_due_day(received, value, unit), CLOSE)


@given(moments, st.integers(1, 6))
def test_months_agree_with_walking(received: datetime, value: int) -> None:
    found = due(shipped_calendar(), received, Limit(value, LimitUnit.MONTH))
    assert found.due_at == datetime.combine(naive_due_day(received, value, "month"), CLOSE)


@given(
    moments,
    st.sampled_from(list(LimitUnit)).flatmap(
        lambda unit: st.builds(
            Limit, st.integers(1, 6 if unit is LimitUnit.MONTH else 60), st.just(unit)
        )
    ),
)
def test_deadlines_properties_every_due_date_explains_itself_day_by_day(
    received: datetime, limit: Limit
) -> None:
    found = due(shipped_calendar(), received, limit)
    first, last = received.date().toordinal(), found.due_at.date().toordinal()
    assert [line.date.toordinal() for line in found.days] == list(range(first, last + 1))
    assert all(line.why for line in found.days)
    assert received <= found.effective_at <= found.due_at
    assert works(found.due_at.date())
    counted = [line for line in found.days if line.counted]
    if limit.unit in (LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY):
        assert len(counted) == limit.value
    if limit.unit is LimitUnit.WORKING_DAY:
        assert all(works(line.date) for line in counted)
        assert found.days[-1].counted
    if limit.unit is LimitUnit.SAME_DAY:
        assert counted == [found.days[-1]]


@given(moments, st.integers(0, 60 * 24 * 60), st.integers(1, 60))
def test_deadlines_properties_who_comes_later_is_not_due_earlier(
    received: datetime, wait: int, value: int
) -> None:
    later = received + timedelta(minutes=wait)
    assume(later < datetime(2027, 6, 15))
    for unit in LimitUnit:
        limit = Limit(min(value, 6) if unit is LimitUnit.MONTH else value, unit)
        first, second = (due(shipped_calendar(), at, limit).due_at for at in (received, later))
        assert first <= second


@given(moments, st.integers(1, 40), st.integers(0, 60 * 24 * 60), st.sampled_from(list(LimitUnit)))
def test_deadlines_properties_what_was_waited_is_what_is_added(
    asked: datetime, ahead: int, wait: int, unit: LimitUnit
) -> None:
    calendar = shipped_calendar()
    old = datetime.combine(calendar.add_working_days(asked.date(), ahead), CLOSE)
    arrived = asked + timedelta(minutes=wait)
    found = continued(calendar, Limit(5, unit), old, asked, arrived)
    assert found.due_at >= old
    if unit is LimitUnit.WORKING_HOUR:
        waited = calendar.working_time_between(asked, arrived)
        assert calendar.working_time_between(old, found.due_at) == waited
        return
    waited = (arrived.date() - asked.date()).days
    if unit in (LimitUnit.CALENDAR_DAY, LimitUnit.MONTH):
        target = date.fromordinal(old.toordinal() + waited)
        while not works(target):
            target = date.fromordinal(target.toordinal() + 1)
        assert found.due_at.date() == target
        return
    each = [date.fromordinal(asked.toordinal() + i) for i in range(1, waited + 1)]
    after = [date.fromordinal(i) for i in range(old.toordinal() + 1, found.due_at.toordinal() + 1)]
    assert len([d for d in after if works(d)]) == len([d for d in each if works(d)])
    assert works(found.due_at.date())
