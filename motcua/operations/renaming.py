"""What must be done before an office may bear another name: upper apps say so here."""

from django.dispatch import Signal

asked = Signal()
"""Sent before an office gets another name, place or superior; a receiver answers with a
Vietnamese sentence that says why not yet and what to do, or with an empty one."""

NAMES = ("name", "place", "parent")
"""The fields of an office that are printed on what it signs."""


def hindrance() -> str:
    """Why no office may be renamed now, as a sentence; empty when it may."""
    return " ".join(said for _, said in asked.send(None) if said)
