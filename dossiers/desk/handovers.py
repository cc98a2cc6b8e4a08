"""The hand-overs of a dossier as its page tells them: giver, receiver, moments, share of the
time, and whether the step was early, on time or late."""

from dataclasses import dataclass

from dossiers.lifecycle import steps
from dossiers.models import Dossier, Transfer
from dossiers.rules.timeliness import Timeliness, is_overdue
from motcua import clock
from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData


@dataclass(frozen=True)
class HandOverRow:
    transfer: Transfer
    share: str
    """The step's share of the time in words; empty where the version names no step."""
    taken_late: bool
    kind: str
    """One of the look's marks for `words`; empty when the step has no share."""
    words: str


def hand_overs(dossier: Dossier) -> list[HandOverRow]:
    """The hand-overs that stand, in their order. A constant number of queries."""
    rows = list(
        dossier.transfers.filter(is_void=False).select_related(
            "from_office",
            "from_division",
            "to_office",
            "to_division",
            "sent_by",
            "taken_by",
            "step",
        )
    )
    calendars = calendars_for(row.to_office_id for row in rows)
    told = []
    for row in rows:
        try:
            late = steps.taken_late(row, calendars[row.to_office_id])
        except NoCalendarData:
            late = False
        kind, words = _timeliness(row)
        told.append(
            HandOverRow(
                transfer=row,
                share=steps.share_words(row.step) if row.step else "",
                taken_late=late,
                kind=kind,
                words=words,
            )
        )
    return told


def _timeliness(transfer: Transfer) -> tuple[str, str]:
    if transfer.due_at is None:
        return "", ""
    if transfer.timeliness is not None:
        return transfer.timeliness.value, Timeliness(transfer.timeliness).label
    if is_overdue(clock.local(transfer.due_at).date(), clock.today()):
        return "late", "đang quá hạn"
    return "open", "trong hạn"
