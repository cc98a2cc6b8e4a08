"""What a supplement asked for and what of it came, at once or in several acts.

Each arrival is an event that names what came. An act from before this was kept, or of an old
register, names nothing: all of it came. The list of the papers that came with the dossier stays
as it is, since the slip bears it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossiers.models import Event, SupplementRequest
from dossiers.rules.states import MoveRefused

BROUGHT = "brought"
"""In the details of an event: the request's number, what came, what else came, what did not. The
receipt of a submission names the last request, and answers all those before it too."""
NEW_DATE = "new_date"
"""The paper with the date after a request, printed as `new_date-<n>`, n the request's number."""


@dataclass(frozen=True)
class Arrival:
    """What came at once: lines of the request, and papers that nobody had asked for."""

    at: datetime
    came: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def papers(self) -> list[str]:
        return [*self.came, *self.others]

    @property
    def words(self) -> str:
        return "; ".join(self.papers)


def asked_lines(request: SupplementRequest) -> list[str]:
    """Each line of the request once: what is to be brought."""
    return list(dict.fromkeys(request.item_lines))


def arrivals(request: SupplementRequest, acts: Iterable[Event]) -> list[Arrival]:
    """The acts of this request that name what came; `acts` are those that stand."""
    named = [(act, act.details[BROUGHT]) for act in acts if BROUGHT in act.details]
    if request.before_acceptance:
        lines = asked_lines(request)
        return [
            Arrival(act.happened_at, tuple(line for line in it["came"] if line in lines), ())
            for act, it in named
            if act.kind == Event.Kind.ACCEPT
        ]
    return [
        Arrival(act.happened_at, tuple(it["came"]), tuple(it["others"]))
        for act, it in named
        if it["supplement"] == request.number
    ]


def missing(request: SupplementRequest, came: Sequence[Arrival]) -> list[str]:
    """The lines that have not come in any of these arrivals."""
    there = {line for arrival in came for line in arrival.came}
    return [line for line in asked_lines(request) if line not in there]


def not_brought(request: SupplementRequest, came: Sequence[Arrival]) -> list[str]:
    """What a request that is over went on without; nothing where no act names what came."""
    return missing(request, came) if came else []


def brought(
    request: SupplementRequest,
    acts: Iterable[Event],
    came: Iterable[str],
    others: Iterable[str],
    *,
    waits: bool,
) -> dict[str, Any]:
    """The details of an arrival. Raises MoveRefused where nothing came, or where a dossier from
    which nothing is missing is to go on waiting."""
    before = missing(request, arrivals(request, acts))
    given = set(came)
    now = [line for line in before if line in given]
    others = list(others)
    if not now and not others:
        raise MoveRefused("Hãy đánh dấu giấy tờ đã nhận.", "came")
    still = [line for line in before if line not in given]
    if waits and not still:
        raise MoveRefused("Đã nhận đủ giấy tờ nên hồ sơ không còn chờ gì.", "waits")
    return {"supplement": request.number, "came": now, "others": others, "missing": still}


def brought_at_receipt(
    requests: Sequence[SupplementRequest], came: Iterable[str]
) -> dict[str, Any]:
    """The details of a receipt, where these requests were made before it: unlike later, nothing
    may have come of them, since a submission is received once the papers that the procedure
    demands are there."""
    given = set(came)
    lines = asked_before_receipt(requests)
    return {
        "supplement": requests[-1].number,
        "came": [line for line in lines if line in given],
        "others": [],
        "missing": [line for line in lines if line not in given],
    }


def asked_before_receipt(requests: Iterable[SupplementRequest]) -> list[str]:
    """Each line of these requests once: what is missing may have been said again."""
    return list(dict.fromkeys(line for request in requests for line in asked_lines(request)))


def arrival_words(arrival: dict[str, Any]) -> str:
    """What came at once, for a reader."""
    return "; ".join([*arrival["came"], *arrival["others"]])
