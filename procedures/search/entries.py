"""What can be found, and what was: entries with their texts, hits. Pure: no database."""

from dataclasses import dataclass
from enum import Enum


class TextKind(Enum):
    """What a text is of a procedure, and what a hit in it counts."""

    NAME = 1.0
    COMMON_NAME = 1.02
    RESULT = 0.8
    SECTOR = 0.62
    LIFE_EVENT = 0.6
    ELSEWHERE = 1.01


@dataclass(frozen=True)
class Entry:
    """What can be found: a procedure, or a matter that another agency handles."""

    key: int
    texts: tuple[tuple[TextKind, str], ...]
    often: float = 0.0
    """How often it is filed, 0 to 1."""

    @property
    def is_elsewhere(self) -> bool:
        """A matter that another agency handles."""
        return self.texts[0][0] is TextKind.ELSEWHERE


@dataclass(frozen=True)
class Hit:
    key: int
    fit: float = 0.0
    """How well it answers, about 0 to 1."""
    score: float = 0.0
    """The same with what makes it first among equals: how often it is filed, whose it is."""
    matched: frozenset[str] = frozenset()
    """The plain words of the question, as it was understood, that stand somewhere in it."""
    missing: tuple[str, ...] = ()
    """The words of the question, as typed, that stand nowhere in it."""
    common_name: str = ""
    """The common name by which it was found."""
    understood: tuple[tuple[str, str], ...] = ()
    is_whole: bool = False
    """Enough of its name was asked for to leave no doubt."""


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...]
    """The best first; none where nothing fits."""
    near: tuple[Hit, ...] = ()
    """What comes nearest where nothing fits."""
    elsewhere: int | None = None
    """The matter that another agency handles, where the question is about one."""
    is_sure: bool = False
    """The first is clearly first, and has every word."""
