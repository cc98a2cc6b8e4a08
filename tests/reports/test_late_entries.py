"""An act entered after the figures it reaches into were signed is marked wherever it is shown."""

import pytest
import time_machine

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from reports.lists.late_entries import late_entries_of
from reports.models import Closing
from reports.sign_off import closing as rules
from reports.terms.periods import parse_period
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, text
from tests.reports.test_closing import sign

MARK = "Nhập sau khi số liệu đã ký."


def at(moment: str) -> time_machine.travel:
    return time_machine.travel(vn(moment), tick=False)


@pytest.fixture
def open_one(cast: Cast) -> Dossier:
    """Received on 01/03/2016; Q1 was signed on 05/04 and the half year on 05/07."""
    with at("2016-03-01T09:00"):
        dossier = cast.received("2016-03-01T09:00")
    for moment, key in (("2016-04-05T09:00", "2016-Q1"), ("2016-07-05T09:00", "2016-6M")):
        with at(moment):
            sign(cast.district, cast.leader, parse_period(key))
    return dossier


def marks(dossier: Dossier) -> list[tuple[str, str, int]]:
    entries = late_entries_of([dossier])[dossier.pk]
    return [(e.event.kind, e.closing.period_key, e.others) for e in entries]


def test_result_typed_in_after_the_signing_is_marked_with_every_period_it_reaches(
    cast: Cast, open_one: Dossier
) -> None:
    with at("2016-07-10T09:00"):
        perform.resolve(open_one, by=cast.clerk, at=vn("2016-03-30T16:00"), outcome="approved")
        page = text(logged_in(cast.leader).get(path(open_one)))
        listed = logged_in(cast.leader).get(
            "/bao-cao/ho-so/", {"ky": "2016-Q1", "pham-vi": "967", "cot": "resolved_total"}
        )
    assert marks(open_one) == [("resolve", "2016-Q1", 1)]
    assert MARK in page
    assert (
        "Ghi nhận kết quả ngày 30/03/2016, nhập 09:00 Chủ nhật 10/07/2016; Quý I năm 2016 đã ký "
        "05/04/2016 và 1 kỳ khác." in page
    )
    assert "nhập sau khi ký" in text(listed)


def test_late_entries_what_was_entered_before_the_signing_or_happened_after_the_period_is_not(
    cast: Cast, open_one: Dossier
) -> None:
    with at("2016-07-10T09:00"):
        perform.resolve(open_one, by=cast.clerk, at=vn("2016-07-04T16:00"), outcome="approved")
        page = text(logged_in(cast.leader).get(path(open_one)))
    assert marks(open_one) == []
    assert MARK not in page


def test_correction_is_marked_by_the_date_it_moves_and_not_when_it_moves_no_figure(
    cast: Cast, open_one: Dossier
) -> None:
    with at("2016-07-11T09:00"):
        perform.correct(open_one, by=cast.clerk, reason="Ghi thiếu", phone="0912345678")
        assert marks(open_one) == []
        perform.correct(
            open_one, by=cast.clerk, reason="Nhầm ngày", received_at=vn("2016-04-04T09:00")
        )
    assert marks(open_one) == [("correct", "2016-Q1", 1)]


def test_period_that_was_reopened_or_signed_anew_since_marks_nothing(
    cast: Cast, open_one: Dossier
) -> None:
    with at("2016-07-10T09:00"):
        perform.resolve(open_one, by=cast.clerk, at=vn("2016-06-29T16:00"), outcome="approved")
    assert marks(open_one) == [("resolve", "2016-6M", 0)]
    half = Closing.objects.get(period_key="2016-6M")
    rules.reopen(half, by=cast.leader, reason="Nhập sót")
    assert marks(open_one) == []
    sign(cast.district, cast.leader, parse_period("2016-6M"))
    assert marks(open_one) == []
