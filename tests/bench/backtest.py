"""The forecast of every other Monday of the demonstration's 2016, held against what then happened.

The demonstration draws its late dossiers by lot, so there is no slow desk to find in it: what a
rule can know is only that some procedures are late more often than others.
"""

from datetime import date, timedelta

from dossiers.models import Dossier
from reports.dashboard.in_hand import open_dossiers
from reports.forecast import Expected, outlooks
from reports.forecasting import Chance
from reports.terms.scopes import Scope
from reports.terms.verdicts import ENOUGH

FIRST, LAST, STEP = date(2016, 4, 4), date(2016, 12, 5), timedelta(days=14)


def seen_and_came(scope: Scope) -> list[tuple[Expected, bool]]:
    """Every outlook, knowing only what was known that morning, and whether it ended late."""
    late = set(Dossier.objects.filter(timeliness="late").values_list("pk", flat=True))
    found = []
    day = FIRST
    while day < LAST:
        opened = open_dossiers(scope, day - timedelta(days=1))
        found += [
            (e, e.dossier.pk in late) for e in outlooks(opened, scope, day) if e.outlook is not None
        ]
        day += STEP
    return found


def told(scope: Scope) -> str:
    """How many of those that were named ended late, beside as many taken by chance."""
    rows = seen_and_came(scope)
    named = [came for e, came in rows if e.outlook.chance is not Chance.FINE]
    came = sum(came for _, came in rows)
    assert len(rows) > ENOUGH
    assert came
    by_chance = len(named) * came / len(rows)
    return (
        f"forecast: {len(rows)} outlooks, {came} late; named {len(named)}, of those late "
        f"{sum(named)}, by chance {by_chance:.1f}"
    )
