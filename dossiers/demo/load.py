"""The whole demonstration, loaded in one transaction and counted at the end."""

from collections import Counter as Tally
from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count
from django.dispatch import Signal

from dossiers.demo import further_acts
from dossiers.demo.counter import Counter
from dossiers.demo.current_quarter import Quarter
from dossiers.demo.history import History
from dossiers.demo.plan import COMMUNES, END, START, OfficePlan, plan
from dossiers.demo.staff import load_staff
from dossiers.lifecycle import bulk
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from motcua.models import Installation, Office, Staff

SEED = "một cửa 2016"
PART = 6_000  # dossiers in memory at a time


loaded = Signal()
"""Sent when the demonstration has been loaded, inside its transaction: upper apps add what they
know of."""


class WrongFigures(Exception):
    """What was loaded is not what the plan says; nothing of it is kept."""


class Reporter(Protocol):
    """Whoever is told how far the loading is."""

    def begin(self, total: int) -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> object: ...


def refusal() -> str:
    """Why the demonstration may not be loaded into this database; empty when it may."""
    if Installation.objects.filter(is_demo=False).exists():
        return "Cơ sở dữ liệu này là bản chính thức, không nạp dữ liệu trình diễn vào được."
    if Dossier.objects.exists():
        return "Cơ sở dữ liệu này đã có hồ sơ thật, không nạp dữ liệu trình diễn vào được."
    if Staff.objects.filter(is_demo=False).exists():
        return "Cơ sở dữ liệu này đã có tài khoản thật, không nạp dữ liệu trình diễn vào được."
    return ""


@transaction.atomic
def load(reporter: Reporter, *, scale: float = 1, seed: str = SEED) -> list[OfficePlan]:
    """Staff, the nine months of 2016 and the current quarter, on base data already loaded.

    `scale` shrinks the past. Deterministic in it, seed and, for the current quarter, the hour.
    Raises WrongFigures when the rows in the database do not have the planned figures.
    """
    staff = load_staff()
    offices = {office.code: office for office in Office.objects.select_related("parent__parent")}
    communes = [offices[code] for code in COMMUNES]
    desks = Desks()
    plans = plan(scale)
    counters = {p.code: Counter(desks, offices[p.code], staff, communes) for p in plans}
    reporter.begin(sum(p.carried + p.counts.received + p.current for p in plans))
    for office_plan in plans:
        counter = counters[office_plan.code]
        reporter.stage(counter.office.name)
        history = History(counter, office_plan, seed)
        for part in _parts(history.dossiers()):
            bulk.write(part, progress=reporter.advance)
    check(plans)
    reporter.stage("Quý hiện tại")
    for office_plan in plans:
        quarter = Quarter(counters[office_plan.code], office_plan.current, seed)
        bulk.write(quarter.dossiers(), progress=reporter.advance)
        further_acts.take(counters[office_plan.code], seed)
    _gather_statistics()
    loaded.send(load)
    Installation.objects.update_or_create(defaults={"is_demo": True})
    transaction.on_commit(lambda: cache.delete("installation.is_demo"))
    return plans


def _gather_statistics() -> None:
    """PostgreSQL plans by statistics, which it gathers by itself only of what is committed: to sign
    the figures of so many new dossiers would take minutes without them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def check(plans: list[OfficePlan]) -> None:
    """Count the nine months by the dates of every row and the definitions alone; raise
    WrongFigures unless every desk has what its plan says."""
    found: dict[str, Tally[str]] = {p.code: Tally() for p in plans}
    rows = Dossier.objects.accepted().values_list(
        "office__code", "received_on", "resolved_on", "timeliness"
    )
    alike = rows.order_by().annotate(rows_alike=Count("*"))
    for code, received_on, resolved_on, timeliness, count in alike.iterator():
        of_office = found[code]
        is_open_before = resolved_on is None or resolved_on >= START
        if START <= received_on <= END:
            of_office["received"] += count
        if received_on < START and is_open_before:
            of_office["carried"] += count
        if resolved_on is not None and START <= resolved_on <= END:
            of_office[timeliness] += count
        elif received_on <= END and is_open_before:
            of_office["pending"] += count
    for office_plan in plans:
        counts = office_plan.counts
        expected = {
            "carried": office_plan.carried,
            "received": counts.received,
            "early": counts.early,
            "on_time": counts.on_time,
            "late": counts.late,
            "pending": office_plan.pending,
        }
        counted = {name: found[office_plan.code][name] for name in expected}
        if counted != expected:
            raise WrongFigures(f"{office_plan.code}: {counted}, đúng ra là {expected}.")


def _parts(dossiers: Iterator[UnsavedDossier]) -> Iterator[list[UnsavedDossier]]:
    while part := list(islice(dossiers, PART)):
        yield part
