"""The queues of the desk: each is one named rule, a word for it, and a sentence for when it is
empty. The same rule counts and lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from dossiers.models import (
    AWAITS_PAPER,
    ELSEWHERE,
    Apology,
    Dossier,
    DossierQuerySet,
    Event,
    Transfer,
)
from dossiers.rules.regimes import REGIMES
from dossiers.rules.states import OPEN, WAITING, State, Verb
from dossiers.rules.timeliness import overdue_sql
from motcua.access import DESK_ROLES, READING_ROLES
from motcua.models import Division, Office, Role, Staff
from procedures.calendar import calendar_for
from procedures.models import ProcedureVersion
from procedures.workdays import NoCalendarData

# Who may do the act on many of a queue; who reads it only sees no ticks.
ACTS_ON_MANY = {
    "take_over": DESK_ROLES,
    "forward": (Role.CLERK,),
    "sign": (Role.LEADER,),
    "resolve": (Role.CLERK, Role.SPECIALIST, Role.LEADER),
    "hand_over": (Role.CLERK,),
    "apologise": (Role.CLERK, Role.LEADER),
}
SOON = timedelta(days=3)
LONG_UNCOLLECTED = timedelta(days=30)
# Received from this day on, a dossier is apologised for before its deadline passes.
_APOLOGY_AHEAD_SINCE = min(regime.since for regime in REGIMES if regime.apology_lead_days)
_OPEN = sorted(state.value for state in OPEN)
_WAITING = sorted(state.value for state in WAITING)
_LIVING = [State.SUBMITTED.value, *_OPEN, State.RESOLVED.value]

# The clock of these runs: accepted, not ended, not waiting for the citizen.
_RUNNING = Q(state__in=_OPEN, paused_on__isnull=True)


class QueueGroup(IntEnum):
    """What stands together in the list of queues, in this order."""

    MINE = 1
    TIME = 2
    MOVING = 3
    CITIZEN = 4


@dataclass(frozen=True)
class Queue:
    """A queue of the desk, for people who hold one of its roles."""

    key: str
    label: str
    empty: str
    rule: Callable[[Staff, date], Q]
    roles: tuple[Role, ...]
    order: tuple[str, ...] = ("due_on", "received_at", "pk")
    act: Verb | None = None
    """The act that this queue is for, where it is not simply the next one."""
    hides_when_empty: bool = False
    """Whether only those see it who have something in it."""
    bundle: str = ""
    """The act that may be done on several ticked dossiers at once; see `dossiers.desk.bundles`."""
    also_apologises: bool = False
    """Whether the ticked ones may be apologised for together, beside the act of the bundle."""
    group: QueueGroup = QueueGroup.TIME
    calls: bool = False
    """Whether its citizens are called: a row then shows the telephone and the last call."""


def open_overdue(today: date) -> Q:
    """Open and overdue today."""
    return Q(state__in=_OPEN) & overdue_sql(today)


def open_due_on(today: date) -> Q:
    """Due today, and the clock runs."""
    return _RUNNING & Q(due_on=today)


def at_home(staff: Staff) -> Q:
    """Solved by the person's office or by one that it followed, or with it now."""
    return _own(staff, "office") | Q(holder_office=staff.office_id)


def _own(staff: Staff, link: str) -> Q:
    """Of the person's office by this link, or of one that it followed."""
    if staff.office is None:
        return Q(**{link: staff.office_id})
    return Q(**{f"{link}__in": Office.objects.followed_by(staff.office)})


def received_here(staff: Staff) -> Q:
    """Received at the person's desk for another office."""
    return ELSEWHERE & _own(staff, "receiver")


def returned_here(staff: Staff) -> Q:
    """The result is handed over at the person's desk."""
    here = _own(staff, "return_office") | Q(return_office=None) & _own(staff, "receiver")
    return here | Q(holder_office=staff.office_id)


def in_my_hands(staff: Staff) -> Q:
    """With the person's division; with the office, where the person has no division."""
    if staff.division_id is None:
        return Q(holder_office=staff.office_id)
    return Q(holder_division=staff.division_id)


def minded_by(staff: Staff) -> Q:
    """What the person answers for: a specialist for what is in the division's hands, everybody
    else for what the office received or has."""
    if staff.has_role(Role.CLERK, Role.LEADER, Role.OVERSEER):
        return at_home(staff)
    return in_my_hands(staff)


def overdue(staff: Staff, today: date) -> Q:
    """The day of the promise has passed and the clock runs."""
    return minded_by(staff) & open_overdue(today)


def due_today(staff: Staff, today: date) -> Q:
    return minded_by(staff) & open_due_on(today)


def due_soon(staff: Staff, today: date) -> Q:
    """Due in the next three days, days off included."""
    return minded_by(staff) & _RUNNING & Q(due_on__gt=today, due_on__lte=today + SOON)


def needs_apology(staff: Staff, today: date) -> Q:
    """The clock runs out and nobody has apologised: overdue; or due today, or, since 2018, on
    the next working day, so that the letter still goes out a day before.

    What is solved within hours is apologised for once it is late, not on every morning.
    """
    at_work = Q(state__in=[State.RECEIVED.value, State.PROCESSING.value], paused_on__isnull=True)
    in_days = ~Q(
        version__limit_unit__in=[
            ProcedureVersion.Unit.SAME_DAY.value,
            ProcedureVersion.Unit.WORKING_HOUR.value,
        ]
    )
    ahead = Q(due_on__lte=next_working_day(staff, today), received_on__gte=_APOLOGY_AHEAD_SINCE)
    soon = overdue_sql(today) | in_days & (Q(due_on=today) | ahead)
    told = Apology.objects.filter(dossier=OuterRef("pk"), is_void=False)
    return minded_by(staff) & at_work & soon & Q(~Exists(told))


def next_working_day(staff: Staff, today: date) -> date:
    """Of the person's office; the next day where the year has no calendar."""
    try:
        return calendar_for(staff.office).next_working_day(today)
    except NoCalendarData:
        return today + timedelta(days=1)


def to_hand_on(staff: Staff, today: date) -> Q:
    """Received at the person's desk and not handed to a division yet; what is solved while the
    citizen waits goes nowhere."""
    return Q(
        state=State.RECEIVED.value,
        holder_office=staff.office_id,
        holder_division__isnull=True,
    ) & ~Q(version__limit_unit=ProcedureVersion.Unit.SAME_DAY.value)


def newly_forwarded(staff: Staff, today: date) -> Q:
    """Handed to the person's desk or division and not confirmed yet."""
    to_me = Q(to_office=staff.office_id)
    if not staff.has_role(Role.LEADER):
        mine = Q(pk__in=[])
        if staff.has_role(Role.CLERK):
            mine |= Q(to_division__isnull=True)
        if staff.has_role(Role.SPECIALIST):
            mine |= (
                Q(to_division__is_leaders=False)
                if staff.division_id is None
                else Q(to_division=staff.division_id)
            )
        to_me &= mine
    open_transfers = Transfer.objects.filter(
        to_me, taken_at__isnull=True, ended_at__isnull=True, is_void=False
    )
    return Q(pk__in=open_transfers.values("dossier_id"))


def new_submissions(staff: Staff, today: date) -> Q:
    """Submitted online, or guided at the counter (form 02), and not received yet."""
    here = _own(staff, "receiver") | Q(holder_office=staff.office_id)
    return here & Q(state=State.SUBMITTED.value)


def ready(staff: Staff, today: date) -> Q:
    """The result is at the desk, the citizen has not collected it."""
    return returned_here(staff) & Q(state=State.RESOLVED.value)


def uncollected(staff: Staff, today: date) -> Q:
    """The result has been at the desk for 30 days and more."""
    return ready(staff, today) & Q(resolved_on__lte=today - LONG_UNCOLLECTED)


def waiting(staff: Staff, today: date) -> Q:
    """The citizen must act: bring papers, or pay."""
    return (minded_by(staff) | received_here(staff)) & Q(state__in=_WAITING)


def awaiting_paper(staff: Staff, today: date) -> Q:
    """Another desk received it for the person's office, and its papers have not come."""
    return AWAITS_PAPER & _own(staff, "office") & Q(state__in=_OPEN)


def received_for_others(staff: Staff, today: date) -> Q:
    """The person's desk received it for another office, which still solves it."""
    return received_here(staff) & Q(state__in=_OPEN)


def to_sign(staff: Staff, today: date) -> Q:
    """Laid before the leaders of the person's office, and not signed yet."""
    places = Division.objects.to_sign_at(staff.office_id or 0)
    return Q(holder_division__in=places, state__in=_OPEN)


def with_my_division(staff: Staff, today: date) -> Q:
    return in_my_hands(staff) & Q(state__in=_OPEN)


def with_the_office(staff: Staff, today: date) -> Q:
    return Q(holder_office=staff.office_id, state__in=_OPEN)


def overdue_below(staff: Staff, today: date) -> Q:
    """Overdue at the offices below the person's own."""
    return ~at_home(staff) & open_overdue(today)


QUEUES = (
    Queue(
        "qua-han",
        "Quá hạn",
        "Không có hồ sơ nào quá hạn.",
        overdue,
        READING_ROLES,
        bundle="resolve",
        also_apologises=True,
    ),
    Queue(
        "hom-nay",
        "Đến hạn hôm nay",
        "Hôm nay không có hồ sơ nào đến hạn.",
        due_today,
        READING_ROLES,
        bundle="resolve",
    ),
    Queue(
        "sap-den-han",
        "Đến hạn 3 ngày tới",
        "Ba ngày tới không có hồ sơ nào đến hạn.",
        due_soon,
        READING_ROLES,
        bundle="resolve",
    ),
    Queue(
        "can-xin-loi",
        "Cần xin lỗi",
        "Không có hồ sơ nào cần xin lỗi.",
        needs_apology,
        (Role.CLERK, Role.LEADER),
        act=Verb.APOLOGISE,
        bundle="apologise",
    ),
    Queue(
        "moi-chuyen",
        "Mới chuyển đến",
        "Không có hồ sơ nào mới chuyển đến.",
        newly_forwarded,
        DESK_ROLES,
        bundle="take_over",
        group=QueueGroup.MOVING,
    ),
    Queue(
        "cho-ban-giay",
        "Nơi khác nhận, chờ giấy",
        "Không có hồ sơ nào do nơi khác nhận mà bản giấy chưa đến.",
        awaiting_paper,
        (Role.CLERK, Role.SPECIALIST),
        ("paper_due_at", "pk"),
        hides_when_empty=True,
        group=QueueGroup.MOVING,
    ),
    Queue(
        "nhan-thay",
        "Nhận thay nơi khác",
        "Không có hồ sơ nào nhận thay đang được giải quyết.",
        received_for_others,
        (Role.CLERK,),
        hides_when_empty=True,
        group=QueueGroup.MOVING,
    ),
    Queue(
        "cho-chuyen",
        "Đã nhận, chờ chuyển",
        "Không có hồ sơ nào chờ chuyển đi giải quyết.",
        to_hand_on,
        (Role.CLERK,),
        bundle="forward",
        group=QueueGroup.MOVING,
    ),
    Queue(
        "moi-nop",
        "Mới nộp, chờ nhận",
        "Không có hồ sơ nào đang chờ tiếp nhận.",
        new_submissions,
        (Role.CLERK, Role.LEADER, Role.OVERSEER),
        ("submitted_at", "pk"),
        group=QueueGroup.MOVING,
    ),
    Queue(
        "tra-ket-qua",
        "Có kết quả, chờ trả",
        "Không có kết quả nào đang chờ trả.",
        ready,
        (Role.CLERK, Role.LEADER, Role.OVERSEER),
        ("resolved_at", "pk"),
        bundle="hand_over",
        group=QueueGroup.CITIZEN,
        calls=True,
    ),
    Queue(
        "chua-nhan",
        "Chưa nhận quá 30 ngày",
        "Không có kết quả nào để quá 30 ngày.",
        uncollected,
        (Role.CLERK, Role.LEADER, Role.OVERSEER),
        ("resolved_at", "pk"),
        bundle="hand_over",
        group=QueueGroup.CITIZEN,
        calls=True,
    ),
    Queue(
        "cho-cong-dan",
        "Chờ công dân",
        "Không có hồ sơ nào đang chờ công dân.",
        waiting,
        READING_ROLES,
        ("waiting_since", "pk"),
        group=QueueGroup.CITIZEN,
    ),
    Queue(
        "cho-ky",
        "Chờ lãnh đạo ký",
        "Không có hồ sơ nào chờ ký.",
        to_sign,
        (Role.LEADER,),
        bundle="sign",
        group=QueueGroup.MINE,
    ),
    Queue(
        "o-phong",
        "Đang ở phòng tôi",
        "Phòng của ông/bà không giữ hồ sơ nào.",
        with_my_division,
        (Role.SPECIALIST,),
        bundle="resolve",
        group=QueueGroup.MINE,
    ),
    Queue(
        "o-don-vi",
        "Đang ở đơn vị",
        "Đơn vị không giữ hồ sơ nào đang giải quyết.",
        with_the_office,
        (Role.LEADER, Role.OVERSEER),
        group=QueueGroup.MINE,
    ),
    Queue(
        "cap-duoi-qua-han",
        "Quá hạn ở cấp dưới",
        "Các đơn vị cấp dưới không có hồ sơ nào quá hạn.",
        overdue_below,
        (Role.LEADER, Role.OVERSEER),
    ),
)


def queues_for(staff: Staff) -> list[Queue]:
    return [queue for queue in QUEUES if staff.has_role(*queue.roles)]


def grouped(queues: list[Queue]) -> list[list[Queue]]:
    """As the list of queues shows them: those of a group together, each group in its order."""
    ordered = sorted(queues, key=lambda queue: queue.group)
    return [list(group) for _, group in groupby(ordered, key=lambda queue: queue.group)]


def living(staff: Staff) -> DossierQuerySet:
    """The visible dossiers that a queue can hold: not handed over, not closed for good."""
    return Dossier.objects.visible_to(staff).filter(handed_over_on__isnull=True, state__in=_LIVING)


def counts(staff: Staff, queues: list[Queue], today: date) -> dict[str, int]:
    """How many dossiers each queue holds, in one query."""
    found = living(staff).aggregate(
        **{f"q{i}": Count("pk", filter=queue.rule(staff, today)) for i, queue in enumerate(queues)}
    )
    return {queue.key: found[f"q{i}"] for i, queue in enumerate(queues)}


def dossiers_in(queue: Queue, staff: Staff, today: date) -> DossierQuerySet:
    """The dossiers of the queue, the most urgent first, with all that a row shows."""
    rows = for_rows(living(staff).filter(queue.rule(staff, today)))
    if "waiting_since" in queue.order:
        asked = Event.objects.filter(
            dossier=OuterRef("pk"),
            kind__in=[Event.Kind.ASK_SUPPLEMENT, Event.Kind.ASK_PAYMENT],
        )
        rows = rows.annotate(
            waiting_since=Subquery(asked.order_by("-pk").values("happened_at")[:1])
        )
    if queue.calls:
        calls = Event.objects.filter(dossier=OuterRef("pk"), kind=Event.Kind.CALL)
        rows = rows.annotate(called_at=Subquery(calls.order_by("-pk").values("happened_at")[:1]))
    first, *others = queue.order
    return rows.order_by(F(first).asc(nulls_last=True), *others)


def next_in(queue: Queue, staff: Staff, today: date, dossier: Dossier) -> Dossier | None:
    """The dossier that follows this one in the queue; the first, where this one has left it."""
    keys = list(dossiers_in(queue, staff, today).values_list("pk", flat=True))
    place = keys.index(dossier.pk) + 1 if dossier.pk in keys else 0
    return Dossier.objects.only("code").get(pk=keys[place]) if place < len(keys) else None


def for_rows(dossiers: DossierQuerySet) -> DossierQuerySet:
    """With everything that a row of dossiers shows, so that no row asks again."""
    return dossiers.select_related(
        *("procedure", "version", "office", "receiver", "return_office"),
        *("holder_office", "holder_division"),
    ).annotate(apologised=Exists(Apology.objects.filter(dossier=OuterRef("pk"), is_void=False)))
