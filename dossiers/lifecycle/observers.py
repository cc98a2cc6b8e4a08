"""Who keeps an account of the dossiers and must hear of every change in its own transaction.

Imports point one way: the apps above that keep figures register here when the program starts. What
an observer writes is written with the act or not at all, and what it raises refuses the act.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from dossiers.models import Dossier

if TYPE_CHECKING:
    from dossiers.lifecycle.unsaved import UnsavedDossier

Afterwards = Callable[[], None]


class Observer(Protocol):
    def changing(self, dossier: Dossier, before: Mapping[str, Any]) -> Afterwards | None:
        """The locked dossier has its new values and is about to be saved.

        `before` are its values until now, by attribute; its deadlines and pauses are still as
        they were, since every row names the event that opened or closed it. What is
        returned is called when the act and its rows are written; None when the change does not
        matter to the observer.
        """

    def begun(self, dossier: Dossier) -> None:
        """A dossier was received and saved; it has its first due date and no other row."""

    def written(self, dossiers: Sequence["UnsavedDossier"]) -> None:
        """Dossiers with all that happened to them were written at once."""


_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    _observers.append(observer)


def changing(dossier: Dossier, before: Mapping[str, Any]) -> list[Afterwards]:
    waiting = [observer.changing(dossier, before) for observer in _observers]
    return [afterwards for afterwards in waiting if afterwards is not None]


def begun(dossier: Dossier) -> None:
    for observer in _observers:
        observer.begun(dossier)


def written(dossiers: Sequence["UnsavedDossier"]) -> None:
    for observer in _observers:
        observer.written(dossiers)
