"""A timeline played back: from the events alone to what the dossier is now."""

from collections.abc import Iterable
from typing import Any

from dossiers.models import Event


class BrokenTimeline(Exception):
    """Two events do not fit together: what one left is not what the next one found."""


def replay(events: Iterable[Event]) -> dict[str, Any]:
    """The fields of the dossier as its acts left them, as plain JSON values.

    Raises BrokenTimeline when an act began from a value that no act before it had left.
    """
    fields: dict[str, Any] = {}
    for event in events:
        for name, (before, after) in event.changes.items():
            if name in fields and fields[name] != before:
                raise BrokenTimeline(
                    f"{event.pk} {event.kind}: {name} was {fields[name]!r}, not {before!r}"
                )
            fields[name] = after
    return fields
