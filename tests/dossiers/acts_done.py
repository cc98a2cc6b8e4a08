"""Dossiers in the middle of their lives, for the tests of the verbs."""

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from tests.cast import Cast, vn

REASON = "Thiếu giấy chứng nhận"


def forwarded(cast: Cast, at: str = "2016-03-01T09:00") -> Dossier:
    """A land dossier of ten working days, received on a Tuesday: due on 15/03/2016."""
    dossier = cast.received(at)
    perform.forward(dossier, by=cast.clerk, at=vn(f"{at[:10]}T10:00"), division=cast.land_division)
    return dossier


def waiting(cast: Cast, received: str, asked: str) -> Dossier:
    dossier = cast.received(received)
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn(asked), items="Giấy chứng nhận", reason=REASON
    )
    return dossier
