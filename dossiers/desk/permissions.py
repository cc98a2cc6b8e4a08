"""Who may do which act on a dossier that exists for them.

Reading follows the scope (`motcua.access`); acting is for the people of the office that
received the dossier or has it now. Overseers and the upper level read.
"""

from dossiers.models import Dossier, Transfer
from dossiers.rules.states import MOVES, State, Verb
from motcua.models import Role, Staff
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


def may(staff: Staff, dossier: Dossier, verb: Verb) -> bool:
    """Whether this person may do the verb on this dossier, as far as roles and office go. The
    successor's people act for an office that has ended; where there is none, its own only read."""
    if not staff.is_active or not staff.has_role(*ROLES[verb]):
        return False
    at_home = staff.office_id in (dossier.office_id, dossier.holder_office_id)
    if not at_home and dossier.office.successor_id is not None:
        at_home = staff.office_id == dossier.office.heir.pk
    return at_home and not (staff.office is not None and staff.office.has_ended)


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
