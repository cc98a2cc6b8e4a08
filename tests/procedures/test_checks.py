"""The system checks of the working calendar."""

import pytest
import time_machine

from procedures import checks
from procedures.models import CalendarDay

pytestmark = pytest.mark.django_db
DEFAULT = {"app_configs": None, "databases": ["default"]}


def ids(messages):
    return [message.id for message in messages]


@time_machine.travel("2026-11-23T09:00+07:00")
def test_calendar_knows_the_year_a_current_year_without_holidays_is_a_warning():
    CalendarDay.objects.create(date="2025-01-01", kind="holiday", name="Tết Dương lịch")
    (warning,) = checks.calendar_knows_the_year(**DEFAULT)
    assert warning.id == "motcua.W008"
    assert "2026" in warning.msg


def test_calendar_knows_the_year_from_november_a_next_year_without_holidays_is_a_warning():
    CalendarDay.objects.create(date="2026-01-01", kind="holiday", name="Tết Dương lịch")
    with time_machine.travel("2026-10-31T23:00+07:00"):
        assert ids(checks.calendar_knows_the_year(**DEFAULT)) == []
    with time_machine.travel("2026-11-01T01:00+07:00"):
        assert ids(checks.calendar_knows_the_year(**DEFAULT)) == ["motcua.W009"]
    CalendarDay.objects.create(date="2027-01-01", kind="holiday", name="Tết Dương lịch")
    with time_machine.travel("2026-11-01T01:00+07:00"):
        assert ids(checks.calendar_knows_the_year(**DEFAULT)) == []
