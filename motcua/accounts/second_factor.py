"""The second factor: six digits of a telephone that change every half minute (RFC 6238), and
codes on paper for the day the telephone is lost."""

import secrets

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from motcua import clock
from motcua.models import Role, Staff
from motcua.models.accounts import SecondFactor

STEP = 30  # seconds
NEAR = 2  # steps; a last one farther ahead is of a clock that ran ahead, and shuts nobody out
RECOVERY_CODES = 8
WORDS = {"none": (), "leaders": (Role.ADMINISTRATOR, Role.LEADER), "all": tuple(Role)}
# Without letters and digits that are taken for one another on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def is_required(staff: Staff) -> bool:
    """Whether MOTCUA_SECOND_FACTOR asks it of this person's roles."""
    return staff.has_role(*WORDS[settings.MOTCUA_SECOND_FACTOR])


def factor_of(staff: Staff) -> SecondFactor | None:
    return SecondFactor.objects.filter(staff=staff).first()


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(secret: str, staff: Staff) -> str:
    """What the QR code holds: the telephone shows it under this name."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(
        name=staff.username, issuer_name="Một cửa điện tử"
    )


def matching_step(secret: str, typed: str) -> int | None:
    """The half minute whose code this is: the present one, or one before or after it, since
    clocks of telephones differ."""
    totp = pyotp.TOTP(secret, interval=STEP)
    present = int(clock.now().timestamp()) // STEP
    for step in (present, present - 1, present + 1):
        if constant_time_compare(totp.at(step * STEP), typed):
            return step
    return None


@transaction.atomic
def set_up(staff: Staff, secret: str, typed: str) -> list[str] | None:
    """Keep the secret if the telephone showed `typed`; the recovery codes, told this once. None
    when the code is wrong. What was set up before is replaced."""
    step = matching_step(secret, tidied(typed))
    if step is None:
        return None
    codes = new_codes()
    SecondFactor.objects.update_or_create(
        staff=staff,
        defaults={
            "secret": secret,
            "since": clock.now(),
            "last_step": step,
            "recovery": [digest(code) for code in codes],
        },
    )
    return codes


@transaction.atomic
def take(staff: Staff, typed: str) -> str:
    """How the code was good ("mã trên điện thoại", "mã dự phòng"), or nothing. Each is good
    once: the row is locked, so that the same code sent twice at once comes in once."""
    factor = SecondFactor.objects.select_for_update().filter(staff=staff).first()
    code = tidied(typed)
    if factor is None or not code:
        return ""
    step = matching_step(factor.secret, code)
    if step is not None and (step > factor.last_step or factor.last_step > step + NEAR):
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return "mã trên điện thoại"
    if digest(code) in factor.recovery:
        factor.recovery.remove(digest(code))
        factor.save(update_fields=["recovery"])
        return "mã dự phòng"
    return ""


@transaction.atomic
def renew_codes(staff: Staff) -> list[str]:
    """New recovery codes; those from before are good no more."""
    codes = new_codes()
    SecondFactor.objects.filter(staff=staff).update(recovery=[digest(code) for code in codes])
    return codes


def remove(staff: Staff) -> None:
    SecondFactor.objects.filter(staff=staff).delete()


def new_codes() -> list[str]:
    """Codes of ten letters in two groups, 49 bits each: too many to guess in a lifetime of
    five tries a quarter of an hour."""
    return ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def tidied(typed: str) -> str:
    return "".join(typed.lower().split()).replace("-", "")


def digest(code: str) -> str:
    """What is kept of a recovery code. It is random, so one hash is enough."""
    return salted_hmac("motcua.second_factor", tidied(code), algorithm="sha256").hexdigest()
