"""The one classifier, and what is overdue: in Python and in the database, which agree."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from dossiers.desk.queues import open_overdue
from dossiers.models import Dossier, Pause
from dossiers.rules.states import ENDED, OPEN, WAITING, State
from dossiers.rules.timeliness import (
    Timeliness,
    classify,
    classify_sql,
    is_overdue,
    overdue_from,
    overdue_sql,
)
from reports.figures.recount import dossiers_behind
from reports.terms.contributions import OVERDUE, Facts, contributions
from reports.terms.periods import parse_period
from tests.cast import Cast
from tests.reports.scopes import scopes_for

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


def test_database_classifies_as_python_does(cast: Cast) -> None:
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
def test_timeliness_open_dossier_is_overdue_after_its_day_unless_its_clock_stands(
    as_of: date, stopped: bool, overdue: bool
) -> None:
    assert is_overdue(DUE, as_of, clock_stopped=stopped) is overdue
    assert not is_overdue(None, as_of, clock_stopped=stopped)


def test_overdue_from_is_the_first_day_on_which_it_is_overdue() -> None:
    assert is_overdue(DUE, overdue_from(DUE))
    assert not is_overdue(DUE, overdue_from(DUE) - timedelta(1))


DAYS = [DUE + timedelta(step) for step in range(-3, 4)]


@pytest.fixture
def random_dossiers(cast: Cast) -> list[Dossier]:
    """Received before DAYS; due on one of them or never; open, waiting for the citizen, or ended
    on one of them."""
    template, draw = cast.received(), Random("overdue")
    event = template.events.get()
    for number in range(400):
        _vary(template, number, draw)
        template.save(force_insert=True)
        if template.paused_on:
            Pause.objects.create(
                dossier=template,
                opened_by=event,
                kind=Pause.Kind.SUPPLEMENT,
                from_at=template.received_at,
                from_on=template.paused_on,
            )
    return list(Dossier.objects.order_by("pk"))


def _vary(dossier: Dossier, number: int, draw: Random) -> None:
    dossier.pk, dossier.code, dossier.code_key = None, f"R{number}", f"R{number}"
    dossier.book_number = 1000 + number
    state = draw.choice(sorted(OPEN | {State.RESOLVED}))
    dossier.state = state.value
    dossier.due_on = draw.choice([*DAYS, None])
    dossier.paused_on = draw.choice(DAYS) if state in WAITING else None
    dossier.resolved_on = dossier.timed_on = draw.choice(DAYS) if state in ENDED else None
    dossier.timeliness = ""
    if dossier.timed_on:
        dossier.timeliness = classify(dossier.timed_on, dossier.due_on).value


def test_overdue_sql_finds_today_the_dossiers_that_is_overdue_does(
    random_dossiers: list[Dossier],
) -> None:
    for today in DAYS:
        expected = {
            d.pk
            for d in random_dossiers
            if d.is_open and is_overdue(d.due_on, today, clock_stopped=d.paused_on is not None)
        }
        found = Dossier.objects.filter(open_overdue(today))
        assert set(found.values_list("pk", flat=True)) == expected
        by_dates = Dossier.objects.open().filter(overdue_sql(today))
        assert set(by_dates.values_list("pk", flat=True)) == expected
    assert expected
    assert any(d.due_on == today and d.pk not in expected for d in random_dossiers if d.is_open)


def test_overdue_sql_and_the_sums_agree_on_every_day_of_the_past(
    cast: Cast, random_dossiers: list[Dossier]
) -> None:
    scope = scopes_for(cast.leader)[0]
    for day in DAYS:
        period = parse_period(f"{day}..{day}")
        found = dossiers_behind("pending_overdue", period, scope)
        expected = {d.pk for d in random_dossiers if _was_overdue(d, day)}
        assert set(found.values_list("pk", flat=True)) == expected
        counted = sum(n for d in random_dossiers for n in _overdue_changes(d, day))
        assert counted == len(expected)
    assert expected


def _was_overdue(dossier: Dossier, day: date) -> bool:
    is_open = dossier.resolved_on is None or dossier.resolved_on > day
    stopped = dossier.paused_on is not None and dossier.paused_on <= day
    return is_open and is_overdue(dossier.due_on, day, clock_stopped=stopped)


def _overdue_changes(dossier: Dossier, day: date) -> Iterator[int]:
    own = [name for name in Facts._fields if name not in ("promises", "pauses")]
    pauses = ((dossier.paused_on, None),) if dossier.paused_on else ()
    facts = Facts(*(getattr(dossier, name) for name in own), pauses=pauses)
    for (changed_on, measure), count in contributions(facts).items():
        if measure == OVERDUE and changed_on <= day:
            yield count
