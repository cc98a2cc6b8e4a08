"""What was asked of the citizen, what of it came, and which new date still has to be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from dossiers.lifecycle import supplements
from dossiers.lifecycle.acts import standing_acts
from dossiers.lifecycle.supplements import NEW_DATE, Arrival
from dossiers.models import Dossier, Event, SupplementRequest


@dataclass(frozen=True)
class Asked:
    """A request with what came; `missing` is still awaited, or was gone on without."""

    request: SupplementRequest
    arrivals: list[Arrival]
    missing: list[str]


def asked_of(dossier: Dossier) -> list[Asked]:
    """The requests that stand, in their order. Asks the database."""
    requests = list(dossier.supplements.filter(is_void=False))
    acts = standing_acts(dossier) if requests else []
    return [_asked(request, acts) for request in requests]


def untold_date(dossier: Dossier, asked: Sequence[Asked]) -> SupplementRequest | None:
    """The last request whose new date no paper has told yet, while the dossier is worked on."""
    given = [each.request for each in asked if each.request.gave_a_date]
    if not given or not dossier.is_open:
        return None
    paper = f"{NEW_DATE}-{given[-1].number}"
    told = dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper).exists()
    return None if told else given[-1]


def _asked(request: SupplementRequest, acts: Sequence[Event]) -> Asked:
    arrivals = supplements.arrivals(request, acts)
    waits = request.arrived_at is None
    missing = supplements.missing if waits else supplements.not_brought
    return Asked(request, arrivals, missing(request, arrivals))
