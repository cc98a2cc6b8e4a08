"""What a citizen with the second proof sees besides the degree of completion: what is missing,
the apology, the fee. No name of anybody, also not of an officer."""

from dataclasses import dataclass

from dossiers.citizens.lookup import Progress, find
from dossiers.citizens.ratings import may_be_rated, rating_of
from dossiers.lifecycle import supplements
from dossiers.lifecycle.acts import standing_acts
from dossiers.models import Apology, Dossier, Rating, SupplementRequest
from dossiers.rules.states import TAKES_FILES, State


@dataclass(frozen=True)
class OwnDossier:
    dossier: Dossier
    progress: Progress
    supplement: SupplementRequest | None
    missing: list[str]
    """What of it has not come yet."""
    renewed: SupplementRequest | None
    """The last request whose papers came, while the date that followed is in force."""
    apology: Apology | None
    rating: Rating | None

    @property
    def may_be_rated(self) -> bool:
        return may_be_rated(self.dossier)

    @property
    def takes_files(self) -> bool:
        """It was filed online, and the desk still waits for papers."""
        online = self.dossier.source == Dossier.Source.ONLINE
        return online and self.dossier.current_state in TAKES_FILES


def own_dossier(pk: int) -> OwnDossier | None:
    """The dossier as its citizen may see it; None when it is no more."""
    dossier = (
        Dossier.objects.only("code", "state", "fee_vnd", "fee_paid", "office_id", "source")
        .filter(pk=pk)
        .first()
    )
    progress = find(dossier.code) if dossier is not None else None
    if dossier is None or progress is None:
        return None
    awaited = _awaited(dossier)
    return OwnDossier(
        dossier=dossier,
        progress=progress,
        supplement=awaited,
        missing=_missing(dossier, awaited) if awaited else [],
        renewed=_renewed(dossier),
        apology=dossier.apologies.filter(is_void=False).last(),
        rating=rating_of(dossier),
    )


def _awaited(dossier: Dossier) -> SupplementRequest | None:
    """What the citizen is asked for, while the desk waits for it."""
    if dossier.current_state not in (State.SUBMITTED, State.AWAITING_SUPPLEMENT):
        return None
    return dossier.supplements.filter(is_void=False, arrived_at__isnull=True).last()


def _missing(dossier: Dossier, asked: SupplementRequest) -> list[str]:
    return supplements.missing(asked, supplements.arrivals(asked, standing_acts(dossier)))


def _renewed(dossier: Dossier) -> SupplementRequest | None:
    if dossier.current_state not in (State.RECEIVED, State.PROCESSING):
        return None
    asked = dossier.supplements.filter(is_void=False).last()
    return asked if asked is not None and asked.gave_a_date else None
