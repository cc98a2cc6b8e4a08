"""Quarters of a district, for the tests of the reports."""

import pytest

from dossiers.lifecycle import perform
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Dossier, LateCause
from tests.cast import Cast, vn


def apologised(cast: Cast, dossier: Dossier, at: str, code: str) -> None:
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn(at),
        cause=LateCause.objects.get(code=code),
        reason="Thiếu người",
        new_due_at=vn("2016-06-30T17:00"),
        signer="Phạm Hoàng Khởi",
    )


@pytest.fixture
def late(cast: Cast) -> Cast:
    """Of the first quarter: a land dossier forwarded and resolved late with an apology (B1), a
    building one late at the desk without, an overdue birth of Tân Lộc whose apology came after
    the quarter, and one in time that came online."""
    load_causes()
    land = cast.received("2016-01-04T09:00", applicant_name="Trần Thị Bé")
    perform.forward(land, by=cast.clerk, at=vn("2016-01-05T08:00"), division=cast.land_division)
    apologised(cast, land, "2016-01-15T09:00", "B1")
    perform.resolve(land, by=cast.clerk, at=vn("2016-01-25T09:00"), outcome="approved")
    building = cast.received("2016-01-04T09:00", procedure=cast.building)
    perform.resolve(building, by=cast.clerk, at=vn("2016-02-25T09:00"), outcome="approved")
    birth = cast.received("2016-03-01T09:00", office=cast.tan_loc, procedure=cast.birth)
    apologised(cast, birth, "2016-04-05T09:00", "B4")
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth, channel="online")
    return cast


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Of the district: one resolved early, one still open and overdue; Tân Lộc has one open."""
    early = cast.received("2016-01-04T09:00")
    perform.resolve(early, by=cast.clerk, at=vn("2016-01-06T09:00"), outcome="approved")
    cast.received("2016-03-01T09:00", procedure=cast.building)
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth)
    return cast
