"""How many dossiers of which class at which office: the figures that a Cà Mau newspaper gave for
huyện Thới Bình in the first nine months of 2016, shared out over the offices. Pure Python.

The communes resolved 278 more than they received, so work was carried over from 2015; how much
was, the report does not say: `CARRIED_DISTRICT` and its fellow of the communes are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

START, END = date(2016, 1, 1), date(2016, 9, 30)
DISTRICT = "967"


@dataclass(frozen=True)
class Counts:
    """Received in the period and resolved in it, early, on time and late."""

    received: int
    early: int
    on_time: int
    late: int

    @property
    def resolved(self) -> int:
        return self.early + self.on_time + self.late


PUBLISHED_DISTRICT = Counts(received=2468, early=994, on_time=963, late=70)
PUBLISHED_COMMUNES = Counts(received=35826, early=2555, on_time=33533, late=16)
CARRIED_DISTRICT, CARRIED_COMMUNES = 139, 412
CURRENT_DISTRICT, CURRENT_COMMUNE = 120, 25

# Code of the commune: size, and how its share of the early and of the late ones differs from it.
COMMUNES: dict[str, tuple[int, float, int]] = {
    "32065": (17, 0.7, 3),
    "32068": (6, 1.3, 0),
    "32069": (7, 1.0, 1),
    "32071": (9, 0.9, 3),
    "32072": (5, 1.2, 0),
    "32074": (8, 1.4, 1),
    "32077": (9, 0.8, 2),
    "32080": (9, 1.1, 0),
    "32083": (6, 1.3, 0),
    "32086": (8, 1.2, 1),
    "32089": (6, 0.6, 3),
    "32092": (10, 0.9, 2),
}


@dataclass(frozen=True)
class OfficePlan:
    """What one desk is to have: carried over from 2015, the counts of the nine months, and how
    many dossiers of the current quarter."""

    code: str
    carried: int
    counts: Counts
    current: int

    @property
    def pending(self) -> int:
        """Open at the end of the nine months."""
        return self.carried + self.counts.received - self.counts.resolved


def plan(scale: float = 1) -> list[OfficePlan]:
    """The plan of every desk; at scale 1 its sums are the published figures."""
    district = _scaled(PUBLISHED_DISTRICT, scale)
    communes = _scaled(PUBLISHED_COMMUNES, scale)
    carried = round(CARRIED_COMMUNES * scale)
    sizes = {code: float(size) for code, (size, _, _) in COMMUNES.items()}
    shares = {
        "carried": apportion(carried, sizes),
        "received": apportion(communes.received, sizes),
        "pending": apportion(carried + communes.received - communes.resolved, sizes),
        "early": apportion(communes.early, {c: s * e for c, (s, e, _) in COMMUNES.items()}),
        "late": apportion(communes.late, {c: float(late) for c, (_, _, late) in COMMUNES.items()}),
    }
    plans = [
        OfficePlan(
            DISTRICT, round(CARRIED_DISTRICT * scale), district, _current(CURRENT_DISTRICT, scale)
        )
    ]
    for code in COMMUNES:
        of = {name: share[code] for name, share in shares.items()}
        on_time = of["carried"] + of["received"] - of["pending"] - of["early"] - of["late"]
        plans.append(
            OfficePlan(
                code,
                of["carried"],
                Counts(of["received"], of["early"], on_time, of["late"]),
                _current(CURRENT_COMMUNE, scale),
            )
        )
    return plans


def total(plans: list[OfficePlan]) -> Counts:
    """The counts of several desks together."""
    return Counts(
        *(
            sum(getattr(p.counts, name) for p in plans)
            for name in ("received", "early", "on_time", "late")
        )
    )


def _scaled(counts: Counts, scale: float) -> Counts:
    return Counts(
        round(counts.received * scale),
        round(counts.early * scale),
        round(counts.on_time * scale),
        round(counts.late * scale),
    )


def _current(count: int, scale: float) -> int:
    # A desk is as busy today whatever the past: more would only make its queues unreadable, and
    # half of it still fills each of them.
    return count if scale >= 1 else count // 2


def apportion(count: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Whole shares that add up to the count, by largest remainder."""
    whole = sum(weights.values())
    exact = {key: count * weight / whole for key, weight in weights.items()}
    shares = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (shares[key] - exact[key], key))
    for key in by_remainder[: count - sum(shares.values())]:
        shares[key] += 1
    return shares
