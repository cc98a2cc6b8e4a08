"""Who keeps an account of the dossiers and must hear of every change in its own transaction.

Imports point one way: the rooms above that keep figures lay themselves down here when the
program starts. What a follower writes is written with the act or not at all, and what it raises
refuses the act.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from dossiers.models import Dossier

if TYPE_CHECKING:
    from dossiers.lifecycle.unsaved import UnsavedDossier

Afterwards = Callable[[], None]


class Follower(Protocol):
    def changing(self, dossier: Dossier, before: Mapping[str, Any]) -> Afterwards | None:
        """The locked dossier has its new values and is about to be saved.

        `before` are its values until now, by attribute; its deadlines and pauses are still as
        they were, since every row of a turn names the event that opened or closed it. What is
        returned is called when the act is done, turns and all; None when the change does not
        matter to the follower.
        """

    def begun(self, dossier: Dossier) -> None:
        """A dossier was received and saved; it has its first promise and no other turn."""

    def written(self, dossiers: Sequence["UnsavedDossier"]) -> None:
        """Dossiers with all that happened to them were written at once."""


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    _followers.append(follower)


def changing(dossier: Dossier, before: Mapping[str, Any]) -> list[Afterwards]:
    waiting = [follower.changing(dossier, before) for follower in _followers]
    return [afterwards for afterwards in waiting if afterwards is not None]


def begun(dossier: Dossier) -> None:
    for follower in _followers:
        follower.begun(dossier)


def written(dossiers: Sequence["UnsavedDossier"]) -> None:
    for follower in _followers:
        follower.written(dossiers)
