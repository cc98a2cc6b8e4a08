"""Many hands on one office at the same moment: no count is lost, nobody waits in a ring.

Real threads, each with a connection of its own, on the database of the run.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from reports.figures.verify import rebuild, verify
from tests.cast import Cast, make_cast, vn
from tests.dossiers.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def receive(cast: Cast, minute: int) -> Callable[[], Any]:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
    at = vn("2016-03-01T09:00") + timedelta(minutes=minute)
    return lambda: perform.register(intake, by=cast.clerk, at=at)


def resolve(cast: Cast, dossier: Dossier, at: str) -> Callable[[], Any]:
    return lambda: perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved")


def test_summaries_at_once_acts_at_once_in_one_office_lose_no_count(cast: Cast) -> None:
    """Received on two days, some overdue, ended on the days on which others were received: the
    same rows in every order."""
    dossiers = [cast.received(f"2016-02-0{1 + n % 2}T09:0{n}") for n in range(6)]
    ends = ("2016-03-01T10:00", "2016-02-02T16:00", "2016-02-23T10:00")
    acts = [resolve(cast, dossier, ends[n % 3]) for n, dossier in enumerate(dossiers)]
    assert at_once(*acts, *(receive(cast, minute) for minute in range(6))) == []
    account = verify()
    assert (account.dossiers, account.differences) == (12, [])


def test_summaries_at_once_sums_are_made_anew_while_people_work(cast: Cast) -> None:
    dossiers = [cast.received(f"2016-02-01T09:0{n}") for n in range(4)]
    acts = [resolve(cast, dossier, "2016-02-02T16:00") for dossier in dossiers]
    assert at_once(*acts, rebuild, receive(cast, 1), rebuild, receive(cast, 2)) == []
    account = verify()
    assert (account.dossiers, account.differences) == (6, [])
