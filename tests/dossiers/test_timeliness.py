"""The one classifier: in Python and in the database, which agree."""

from datetime import date, timedelta

import pytest

from dossiers.models import Dossier
from dossiers.rules.timeliness import Timeliness, classify, classify_sql, is_overdue
from tests.cast import Cast

DUE = date(2016, 2, 25)


@pytest.mark.parametrize(
    ("timed_on", "due_on", "kind"),
    [
        (date(2016, 2, 24), DUE, "early"),
        (date(2016, 2, 25), DUE, "on_time"),
        (date(2016, 2, 26), DUE, "late"),
        (date(2015, 12, 31), date(2016, 1, 1), "early"),
        (date(2016, 3, 1), date(2016, 2, 29), "late"),
        (date(2016, 2, 26), None, "on_time"),
    ],
)
def test_dates_are_compared_with_dates(timed_on: date, due_on: date | None, kind: str) -> None:
    assert classify(timed_on, due_on) == kind


def test_the_database_classifies_as_python_does(cast: Cast) -> None:
    """Over every pair of three days and none; the columns are two that no rule ties together."""
    dossier = cast.received()
    days = [DUE + timedelta(step) for step in (-1, 0, 1)]
    found = []
    for timed_on in days:
        for due_on in (*days, None):
            rows = Dossier.objects.filter(pk=dossier.pk)
            rows.update(due_on=due_on, due_since=timed_on)
            by_database = rows.annotate(kind=classify_sql("due_since")).get().kind
            assert by_database == classify(timed_on, due_on)
            found.append(by_database)
    assert set(found) == set(Timeliness)


@pytest.mark.parametrize(
    ("as_of", "stopped", "overdue"),
    [
        (date(2016, 2, 24), False, False),
        (date(2016, 2, 25), False, False),
        (date(2016, 2, 26), False, True),
        (date(2016, 2, 26), True, False),
    ],
)
def test_an_open_dossier_is_overdue_after_its_day_unless_its_clock_stands(
    as_of: date, stopped: bool, overdue: bool
) -> None:
    assert is_overdue(DUE, as_of, clock_stopped=stopped) is overdue
    assert not is_overdue(None, as_of, clock_stopped=stopped)
