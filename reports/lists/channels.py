"""Results by channel: how dossiers that came online, over the counter and by post were solved."""

from collections.abc import Mapping

from django.db.models import Count

from dossiers.models import Dossier, DossierQuerySet
from reports.figures.recount import dossiers_behind
from reports.figures.tables import table
from reports.lists.behind import dossiers_of
from reports.output.sheets import Sheet, counted_sheet
from reports.terms.layouts import Layout, Values, standard
from reports.terms.periods import Period
from reports.terms.scopes import Scope

CHANNELS = (Dossier.Channel.ONLINE, Dossier.Channel.DIRECT, Dossier.Channel.POST)
_FORMULAS = {
    "total_in": "(4) + (5)",
    "resolved_total": "(7) + (8) + (9)",
    "pending_total": "(11) + (12)",
}
_ORDER = (
    "total_in",
    "received",
    "carried_over",
    "resolved_total",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "pending_total",
    "pending_in_time",
    "pending_overdue",
)
LAYOUT = Layout(
    name="hinh-thuc",
    code="channels",
    label="Kết quả theo hình thức nộp",
    title="Kết quả giải quyết thủ tục hành chính theo hình thức nộp hồ sơ",
    columns=tuple(
        standard(name, number=number, formula=_FORMULAS.get(name, ""))
        for number, name in enumerate(_ORDER, start=3)
    ),
    sums=(
        ("total_in", ("received", "carried_over")),
        ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
        ("pending_total", ("pending_in_time", "pending_overdue")),
        ("total_in", ("resolved_total", "pending_total")),
    ),
)


def channels_sheet(period: Period, scope: Scope, query: Mapping[str, str] | None = None) -> Sheet:
    """A row for each channel, also with nothing; each column counted by itself and checked
    against the figures of the period."""
    found: dict[str, Values] = {channel: dict.fromkeys(_ORDER, 0) for channel in CHANNELS}
    for name in _ORDER:
        rows = dossiers_behind(name, period, scope).order_by().values("channel")
        for row in rows.annotate(n=Count("*")):
            found[row["channel"]][name] = row["n"]

    return counted_sheet(
        LAYOUT,
        period,
        scope,
        "Hình thức nộp",
        [
            (channel.value, channel.label[:1].upper() + channel.label[1:], found[channel])
            for channel in CHANNELS
        ],
        figures=table(period, scope).of_dossiers,
        compared=_ORDER,
        query=query,
    )


def channels_behind(
    column: str,
    period: Period,
    scope: Scope,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """The dossiers of a number."""
    return dossiers_of((column,), period, scope, among=among, **key)
