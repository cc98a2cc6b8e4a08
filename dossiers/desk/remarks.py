"""What do the apps above say about a dossier on its page? They add their remarks at the start, so
that this app names none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dossiers.models import Dossier


@dataclass(frozen=True)
class Remark:
    """A template of the app above, and what it is given as `about`."""

    template: str
    about: Any


Source = Callable[[Dossier], Remark | None]

_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Ask `source` about every received dossier whose page is shown, from now on."""
    if source not in _sources:
        _sources.append(source)


def remarks_on(dossier: Dossier) -> list[Remark]:
    """The remarks on a dossier; none on a submission, which is in no figure."""
    if dossier.received_on is None:
        return []
    return [remark for source in _sources if (remark := source(dossier)) is not None]
