"""Who may do which act on a dossier that exists for them.

Reading follows the scope (`motcua.access`); acting is for the people of the office that solves
the dossier or has it now. What the citizen comes for may be done where it was received too, and
the result is handed over where it is returned. Overseers and the upper level read.
"""

from dossiers.models import Dossier, Transfer
from dossiers.rules.states import MOVES, State, Verb
from motcua.access import DESK_ROLES
from motcua.models import Office, Role, Staff
from procedures.models import ProcedureVersion

ROLES: dict[Verb, tuple[Role, ...]] = {
    Verb.ACCEPT: (Role.CLERK,),
    Verb.DECLINE: (Role.CLERK,),
    Verb.FORWARD: (Role.CLERK, Role.SPECIALIST, Role.LEADER),
    Verb.ASK_SUPPLEMENT: (Role.CLERK, Role.SPECIALIST),
    Verb.RECEIVE_SUPPLEMENT: (Role.CLERK,),
    Verb.ASK_PAYMENT: (Role.CLERK, Role.SPECIALIST),
    Verb.CONFIRM_PAYMENT: (Role.CLERK,),
    Verb.APOLOGISE: (Role.CLERK, Role.LEADER),
    Verb.RESOLVE: (Role.CLERK, Role.SPECIALIST, Role.LEADER),
    Verb.HAND_OVER: (Role.CLERK,),
    Verb.WITHDRAW: (Role.CLERK,),
    Verb.STOP: (Role.CLERK, Role.LEADER),
    Verb.CORRECT: (Role.CLERK,),
    Verb.REVERT: (Role.LEADER,),
}

AT_THE_RECEIVER = frozenset({Verb.ACCEPT, Verb.DECLINE})
AT_EITHER = frozenset(
    {
        Verb.ASK_SUPPLEMENT,
        Verb.RECEIVE_SUPPLEMENT,
        Verb.CONFIRM_PAYMENT,
        Verb.WITHDRAW,
        Verb.CORRECT,
    }
)
"""What the citizen comes to a desk for, or what the desk took down: at the receiver as at the
office that solves."""


def may(staff: Staff, dossier: Dossier, verb: Verb) -> bool:
    """Whether this person may do the verb on this dossier, as far as roles and office go. The
    successor's people act for an office that has ended; where there is none, its own only read."""
    if not staff.has_role(*ROLES[verb]):
        return False
    return _is_of(staff, _offices_of(dossier, verb), dossier.holder_office_id)


def _offices_of(dossier: Dossier, verb: Verb) -> tuple[Office, ...]:
    """Whose people may do the verb, beside those who have the dossier."""
    if verb is Verb.HAND_OVER:
        return (dossier.return_place,)
    if not dossier.is_elsewhere:
        return (dossier.office,)
    if verb in AT_THE_RECEIVER:
        return (dossier.receiver,)
    return (dossier.office, dossier.receiver) if verb in AT_EITHER else (dossier.office,)


def _is_of(staff: Staff, offices: tuple[Office, ...], holder: int | None = None) -> bool:
    """Whether the person is at work in one of the offices, or in one that followed it; or where
    the dossier is."""
    if not staff.is_active or staff.office is None or staff.office.has_ended:
        return False
    if staff.office_id == holder or staff.office_id in {office.pk for office in offices}:
        return True
    ended = (office for office in offices if office.successor_id is not None)
    return any(staff.office_id == office.heir.pk for office in ended)


def may_take_paper(staff: Staff, dossier: Dossier) -> bool:
    """Whether this person may confirm that the papers of a dossier received elsewhere came."""
    return staff.has_role(Role.CLERK, Role.SPECIALIST) and _is_of(staff, (dossier.office,))


def may_note_external(staff: Staff, dossier: Dossier) -> bool:
    """Whether this person may write what another system calls the dossier and says of it."""
    offices = (dossier.office, dossier.receiver)
    return staff.has_role(*DESK_ROLES) and _is_of(staff, offices, dossier.holder_office_id)


def may_take_over(staff: Staff, transfer: Transfer) -> bool:
    """Whether this person is the receiver of the hand-over: of the division it went to, or of
    the desk where it went to none. A leader may confirm for any division of the office; what
    was laid before the leaders to sign is theirs alone."""
    if staff.office_id != transfer.to_office_id or not staff.is_active:
        return False
    if staff.office is not None and staff.office.has_ended:
        return False
    if staff.has_role(Role.LEADER):
        return True
    if transfer.to_division is None:
        return staff.has_role(Role.CLERK)
    if transfer.to_division.is_leaders:
        return False
    return staff.has_role(Role.SPECIALIST) and staff.division_id in (
        None,
        transfer.to_division_id,
    )


def acts_now(staff: Staff, dossier: Dossier) -> list[Verb]:
    """The verbs that this person may do on this dossier in its present state, in the order of
    the table of moves; the likely next one is named by `likely_next`."""
    state = dossier.current_state
    verbs = [verb for verb in MOVES[state] if may(staff, dossier, verb)]
    if may(staff, dossier, Verb.REVERT):
        verbs.append(Verb.REVERT)
    return verbs


def likely_next(staff: Staff, dossier: Dossier) -> Verb | None:
    """The one act that usually comes next, for the filled button."""
    now = acts_now(staff, dossier)
    # What is solved while the citizen waits goes nowhere.
    at_once = dossier.version.limit_unit == ProcedureVersion.Unit.SAME_DAY
    received = dossier.current_state is State.RECEIVED and not at_once
    goes_on = received or dossier.awaits_signature
    order = (
        Verb.HAND_OVER,
        Verb.RECEIVE_SUPPLEMENT,
        Verb.CONFIRM_PAYMENT,
        Verb.ACCEPT,
        Verb.FORWARD if goes_on else Verb.RESOLVE,
        Verb.RESOLVE,
    )
    return next((verb for verb in order if verb in now), None)


def may_see_accesses(staff: Staff) -> bool:
    """Who may ask 'who looked at this dossier'."""
    return staff.has_role(Role.ADMINISTRATOR, Role.LEADER)
