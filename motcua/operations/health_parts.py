"""What do the upper apps add to the page of health? They register it here when they start."""

from collections.abc import Callable
from typing import Any

Part = dict[str, Any]
"""What the page says of one part: `ok`, and figures that explain it. No secrets, no persons."""

_registered: dict[str, Callable[[], Part]] = {}


def register(name: str, part: Callable[[], Part]) -> None:
    """Ask `part` at every call of the page, which shows the answer under `name`. It reads the
    database; one that is not `ok` is a warning."""
    _registered[name] = part


def asked() -> dict[str, Part]:
    """The answers of all registered parts, in the order of their registration.

    Raises DatabaseError when the database is away.
    """
    return {name: part() for name, part in _registered.items()}
