"""A judged list of staff becomes accounts: all of it, or nothing."""

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction

from motcua import clock
from motcua.accounts.first_passwords import PasswordSlip, give
from motcua.accounts.staff_table import StaffLine, StaffList
from motcua.models import Staff
from motcua.tables.problems import WHOLE_FILE, Problem

TAKEN_MEANWHILE = "Vừa có tài khoản trùng tên đăng nhập với một dòng. Hãy kiểm tra lại tệp."


def write(
    found: StaffList,
    hand_out: Callable[[list[PasswordSlip]], None] | None,
    *,
    accept_doubtful: bool,
) -> list[PasswordSlip]:
    """Make the accounts, when the list is acceptable, and count them in its verdict.

    `hand_out` is given the slips before anything is kept: where it fails, no account is made.
    Without it the accounts have no password yet, and nobody logs in to them.
    """
    verdict = found.verdict
    if not verdict.is_acceptable(accept_doubtful=accept_doubtful):
        return []
    try:
        with transaction.atomic():
            slips = _accounts(found.people, with_passwords=hand_out is not None)
            if hand_out is not None:
                hand_out(slips)
    except IntegrityError:  # somebody was quicker
        verdict.refused.append(Problem(WHOLE_FILE, TAKEN_MEANWHILE, column="username"))
        verdict.good = 0
        return []
    verdict.written = len(found.people)
    return slips


def _accounts(people: Sequence[StaffLine], *, with_passwords: bool) -> list[PasswordSlip]:
    slips = []
    for person in people:
        staff: Staff = person.account()
        staff.office_since = clock.today()
        if with_passwords:
            slips.append(give(staff))
        else:
            staff.set_unusable_password()
        staff.save()
    return slips
