"""Which results does one person collect now, what is owed for them, and who may take them?

Handing over is the verb of `dossiers.lifecycle`; here several of one person are done together,
each in a transaction of its own, and undone by who did it within a few minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Q, When

from dossiers.desk import permissions
from dossiers.desk.bundles import NOT_YOURS, BundleOutcome, each
from dossiers.desk.queues import for_rows, returned_here
from dossiers.lifecycle import perform
from dossiers.models import Dossier, DossierQuerySet, Event
from dossiers.rules.cards import Card
from dossiers.rules.states import ENDED, MoveRefused, State, Verb
from motcua import clock
from motcua.models import Staff
from motcua.templatetags.motcua_tags import vn_moment

MOST = 30
OTHERS = 5
TODAY = 4
FEE_TAKEN = "Thu phí, lệ phí khi trả kết quả"
UNDONE = "Hoàn tác ngay tại quầy trả kết quả"

RETURNED = "Kết quả đã được trả lúc {moment} cho {name}."
NOT_UNDOABLE = (
    "Chỉ hoàn tác được trong 5 phút, bởi chính người đã trả, khi chưa có việc gì khác, chưa in "
    "giấy tờ và chưa báo công dân."
)


@dataclass(frozen=True)
class Collector:
    """Who takes the results, and what was shown for it: "CCCD 096190000123"."""

    name: str
    paper: str = ""


@dataclass(frozen=True)
class Result:
    """One result that lies ready: the thing to hand over, and what is owed for it."""

    dossier: Dossier
    thing: str
    owed: int
    money: str
    apologised: bool = False
    is_ticked: bool = True


def results_of(staff: Staff, dossier: Dossier, ticked: Iterable[str] | None = None) -> list[Result]:
    """What lies ready at this desk for the applicant of the dossier, this one first; of an
    applicant without a number, this one alone. One statement."""
    ready = _ready(staff).filter(Q(pk=dossier.pk) | _same_applicant(dossier))
    rows = sorted(ready[:MOST], key=lambda row: row.pk != dossier.pk)
    chosen = None if ticked is None else set(ticked)
    return [_result(row, is_ticked=chosen is None or row.code in chosen) for row in rows]


def ready_for(staff: Staff, card: Card) -> list[Dossier]:
    """What lies ready for the person of the card: as applicant; where nothing does, as who
    submitted for another."""
    numbers = _numbers(card)
    ready = _ready(staff)
    own = list(ready.filter(applicant_id__in=numbers)[:MOST])
    return own or list(ready.filter(submitter_id__in=numbers)[:MOST])


def of_person(staff: Staff, card: Card) -> DossierQuerySet:
    """All dossiers of the person of the card."""
    is_of = Q(applicant_id__in=_numbers(card)) | Q(submitter_id__in=_numbers(card))
    return Dossier.objects.visible_to(staff).filter(is_of)


def other_dossiers(staff: Staff, dossier: Dossier) -> list[Dossier]:
    """The applicant's dossiers that have no result yet, the soonest due first."""
    ended = [state.value for state in (*ENDED, State.DECLINED)]
    rows = Dossier.objects.visible_to(staff).filter(_same_applicant(dossier))
    return list(rows.exclude(state__in=ended).order_by("due_on", "pk")[:OTHERS])


def is_ready(staff: Staff, dossier: Dossier) -> bool:
    """Whether there is a result that this person may hand over now."""
    may = permissions.may(staff, dossier, Verb.HAND_OVER)
    return dossier.current_state is State.RESOLVED and may


def role_of(card: Card, dossier: Dossier) -> str:
    """What the person of the card is to the dossier: "applicant", "submitter" or nothing."""
    numbers = _numbers(card)
    if dossier.applicant_id in numbers:
        return "applicant"
    return "submitter" if dossier.submitter_id in numbers else ""


def returned_today(staff: Staff) -> tuple[int, list[Dossier]]:
    """How many results this office has handed over today, and the last few of them."""
    begin = clock.aware(datetime.combine(clock.today(), time.min))
    acts = Event.objects.filter(
        kind=Event.Kind.HAND_OVER, office=staff.office_id, happened_at__gte=begin
    )
    rows = Dossier.objects.filter(pk__in=acts.values("dossier"), handed_over_on=clock.today())
    last = rows.select_related("procedure").order_by("-handed_over_at", "-pk")[:TODAY]
    return rows.count(), list(last)


@dataclass(frozen=True)
class FeeTaken:
    """What was taken at the counter with a result, in đồng, and how; `how` is empty where nobody
    said."""

    amount: int
    how: str


def fees_taken(dossiers: Iterable[Dossier]) -> dict[int, FeeTaken]:
    """What was taken with the results that were handed over, by primary key of the dossier."""
    fees = {dossier.pk: dossier.fee_vnd or 0 for dossier in dossiers if dossier.fee_paid}
    acts = Event.objects.filter(dossier__in=fees, kind=Event.Kind.CORRECT, note=FEE_TAKEN)
    ways = dict(acts.order_by("pk").values_list("dossier_id", "details__paid_by"))
    return {
        key: FeeTaken(fees[key], str(Dossier.PaidBy(way).label) if way else "")
        for key, way in ways.items()
    }


def ways_of(taken: Iterable[FeeTaken]) -> str:
    """How the fees were taken: "tiền mặt", or both ways."""
    return ", ".join(dict.fromkeys(fee.how for fee in taken if fee.how))


def likely_first(dossiers: DossierQuerySet) -> DossierQuerySet:
    """In the order in which they are probably meant: with a result, open, ended; the newest
    first."""
    at = Case(
        When(state=State.RESOLVED.value, then=0),
        When(resolved_on__isnull=True, then=1),
        default=2,
    )
    return for_rows(dossiers).order_by(at, "-pk")


# Acts


def hand_over(
    dossiers: Iterable[Dossier], collector: Collector, *, by: Staff, token: UUID, paid_by: str = ""
) -> BundleOutcome:
    """Each result goes to the collector; what is owed for it is taken in the same transaction, in
    the way that `paid_by` (`Dossier.PaidBy`) says."""
    return each(dossiers, by, token, partial(_hand_over, collector, paid_by))


def _hand_over(
    collector: Collector, paid_by: str, dossier: Dossier, by: Staff, token: UUID
) -> None:
    if dossier.current_state is State.HANDED_OVER:
        raise MoveRefused(returned_words(dossier))
    if not permissions.may(by, dossier, Verb.HAND_OVER):
        raise MoveRefused(NOT_YOURS)
    seen = dossier.revision
    with transaction.atomic():
        if owed(dossier):
            told = {"reason": FEE_TAKEN, "fee_paid": True, "paid_by": paid_by}
            perform.correct(dossier, by=by, seen=seen, **told)
            seen = dossier.revision
        perform.hand_over(
            dossier,
            by=by,
            token=token,
            seen=seen,
            collector_name=collector.name,
            collector_paper=collector.paper,
            method=Dossier.ReturnMethod.DESK.value,
        )


def undoable(dossiers: Iterable[Dossier], by: Staff) -> list[Dossier]:
    """Those whose handing over this person may take back. A constant number of statements."""
    rows = list(dossiers)
    acts = perform.undoable_of(rows, by=by)
    return [row for row in rows if row.pk in acts and acts[row.pk].kind == Event.Kind.HAND_OVER]


def undo(dossiers: Iterable[Dossier], *, by: Staff, token: UUID) -> BundleOutcome:
    """Take the handing over back, and the money that was taken with it."""
    return each(dossiers, by, token, _undo)


def _undo(dossier: Dossier, by: Staff, token: UUID) -> None:
    with transaction.atomic():
        if not undoable([dossier], by):
            raise MoveRefused(NOT_UNDOABLE)
        perform.undo_own(dossier, by=by, token=token, seen=dossier.revision)
        last = perform.revertible(dossier)
        if last is not None and last.kind == Event.Kind.CORRECT and last.note == FEE_TAKEN:
            perform.revert(dossier, by=by, seen=dossier.revision, reason=UNDONE)


# Words


def returned_words(dossier: Dossier) -> str:
    """When the result was handed over, and to whom."""
    moment = vn_moment(dossier.handed_over_at)
    return RETURNED.format(moment=moment, name=dossier.collector_name)


def owed(dossier: Dossier) -> int:
    """What is still to be paid, in đồng, as far as the program knows."""
    return 0 if dossier.fee_paid else dossier.fee_vnd or 0


def paper_of(card: Card) -> str:
    """The card as what the collector has shown."""
    return f"CCCD {card.number}"


def thing_of(dossier: Dossier) -> str:
    """What is handed over, in the words of the procedure: "Giấy khai sinh"."""
    if dossier.outcome == Dossier.Outcome.REFUSED:
        return "Thông báo từ chối giải quyết hồ sơ"
    return dossier.version.result.strip().partition("\n")[0] or dossier.procedure.name


def _result(dossier: Dossier, *, is_ticked: bool) -> Result:
    apologised: bool = vars(dossier).get("apologised", False)
    return Result(
        dossier=dossier,
        thing=thing_of(dossier),
        owed=owed(dossier),
        money=_money(dossier),
        apologised=apologised,
        is_ticked=is_ticked,
    )


def _money(dossier: Dossier) -> str:
    if dossier.fee_vnd is None:
        return "chưa ghi mức thu"
    if not dossier.fee_vnd:
        return "không thu"
    return "đã thu" if dossier.fee_paid else "phí, lệ phí chưa thu"


def _ready(staff: Staff) -> DossierQuerySet:
    rows = Dossier.objects.visible_to(staff).filter(returned_here(staff))
    return for_rows(rows.filter(state=State.RESOLVED.value)).order_by("resolved_at", "pk")


def _same_applicant(dossier: Dossier) -> Q:
    if not dossier.applicant_id:
        return Q(pk__in=[])
    return Q(applicant_id=dossier.applicant_id, applicant_id_kind=dossier.applicant_id_kind)


def _numbers(card: Card) -> list[str]:
    return [number for number in (card.number, card.old_number) if number]
