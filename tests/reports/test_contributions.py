"""What a dossier adds to the figures, with literal dates."""

from datetime import date
from typing import Any

from reports.terms.buckets import Grain
from reports.terms.contributions import MEASURES, Detail, Facts, SummaryRow, contributions, sums_of


def day(text: str) -> date:
    return date.fromisoformat(f"2016-{text}")


def facts(**given: Any) -> Facts:
    """A dossier of ten days, received on 01/03 and due on 15/03."""
    known: dict[str, Any] = {
        "office_id": 1,
        "sector_id": 2,
        "procedure_id": 3,
        "channel": "direct",
        "received_on": day("03-01"),
        "resolved_on": None,
        "timeliness": "",
        "outcome": "",
        "due_on": day("03-15"),
        "due_since": None,
    }
    return Facts(**{**known, **given})


def told(of: Facts) -> list[tuple[str, str, int]]:
    """The contributions in order, those of nothing left out."""
    return sorted((d.isoformat()[5:], m, n) for (d, m), n in contributions(of).items() if n)


def test_contributions_open_dossier_becomes_overdue_on_the_day_after_its_due_date() -> None:
    assert told(facts()) == [
        ("03-01", "pending_running", 1),
        ("03-01", "received_direct", 1),
        ("03-16", "pending_overdue", 1),
        ("03-16", "pending_running", -1),
    ]


def test_contributions_who_is_resolved_in_time_was_never_overdue() -> None:
    ended = facts(resolved_on=day("03-15"), timeliness="on_time", outcome="refused")
    assert told(ended) == [
        ("03-01", "pending_running", 1),
        ("03-01", "received_direct", 1),
        ("03-15", "ended_refused", 1),
        ("03-15", "pending_running", -1),
        ("03-15", "resolved_on_time", 1),
    ]


def test_contributions_who_is_received_and_resolved_on_one_day_is_never_pending() -> None:
    at_once = facts(
        channel="online", resolved_on=day("03-01"), timeliness="early", outcome="approved"
    )
    assert told(at_once) == [("03-01", "received_online", 1), ("03-01", "resolved_early", 1)]


def test_clock_that_stands_still_leaves_the_overdue_until_it_goes_on() -> None:
    """Asked on 17/03, two days past the date; the papers came on 25/03 and gave until 04/04."""
    waited = facts(
        due_on=day("04-04"),
        due_since=day("03-25"),
        promises=((day("03-15"), day("03-25")), (day("04-04"), None)),
        pauses=((day("03-17"), day("03-25")),),
    )
    assert told(waited) == [
        ("03-01", "pending_running", 1),
        ("03-01", "received_direct", 1),
        ("03-16", "pending_overdue", 1),
        ("03-16", "pending_running", -1),
        ("03-17", "pending_overdue", -1),
        ("03-17", "pending_waiting", 1),
        ("03-25", "pending_running", 1),
        ("03-25", "pending_waiting", -1),
        ("04-05", "pending_overdue", 1),
        ("04-05", "pending_running", -1),
    ]


def test_contributions_date_that_is_moved_later_excuses_no_day_before() -> None:
    moved = facts(
        due_on=day("03-31"),
        due_since=day("03-18"),
        promises=((day("03-15"), day("03-18")), (day("03-31"), None)),
    )
    assert [line for line in told(moved) if line[1] == "pending_overdue"] == [
        ("03-16", "pending_overdue", 1),
        ("03-18", "pending_overdue", -1),
        ("04-01", "pending_overdue", 1),
    ]


def test_contributions_submission_adds_nothing() -> None:
    assert told(facts(received_on=None, due_on=None)) == []


def test_without_a_due_date_nobody_is_late() -> None:
    assert told(facts(due_on=None)) == [
        ("03-01", "pending_running", 1),
        ("03-01", "received_direct", 1),
    ]


def test_change_that_moves_no_figure_has_no_rows() -> None:
    assert sums_of([(facts(), -1), (facts(), 1)]) == {}


def test_change_has_only_the_rows_that_differ_in_order() -> None:
    """Corrected from the first half of March to the second: days and halves, not the year."""
    later = facts(received_on=day("03-15"), due_on=day("03-15"))
    sums = sums_of([(facts(), -1), (later, 1)])
    assert list(sums) == sorted(sums)
    assert [(row.grain, row.detail, row.start) for row in sums] == [
        (Grain.DAY, Detail.PROCEDURE, day("03-01")),
        (Grain.DAY, Detail.PROCEDURE, day("03-15")),
        (Grain.HALF_MONTH, Detail.SECTOR, day("03-01")),
        (Grain.HALF_MONTH, Detail.SECTOR, day("03-15")),
        (Grain.HALF_MONTH, Detail.PROCEDURE, day("03-01")),
        (Grain.HALF_MONTH, Detail.PROCEDURE, day("03-15")),
    ]
    half = sums[SummaryRow(Grain.HALF_MONTH, Detail.SECTOR, day("03-15"), 1, 2, 0)]
    assert dict(zip(MEASURES, half, strict=True))["received_direct"] == 1
