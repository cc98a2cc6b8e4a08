"""A bundle: several dossiers handed on or taken over with one press.

Each dossier is an act and an event of its own. Those that cannot be done are named with their
sentence, the others are done. The same bundle sent again (a double press, a browser that
retries) does nothing twice: each act has a token made of the bundle's and the dossier's code.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from dossiers.desk import permissions
from dossiers.lifecycle import perform, steps
from dossiers.lifecycle.acts import done_before
from dossiers.models import Dossier
from dossiers.rules.states import MoveRefused, Verb
from motcua.models import Role, Staff
from motcua.templatetags.motcua_tags import vnd

NOT_YOURS = "Tài khoản của ông/bà không được làm việc này với hồ sơ này."
TAKEN = "Hồ sơ này đã được nhận rồi."
GONE = "Hồ sơ không còn ở bộ phận một cửa của ông/bà mà đang ở {place}."
NOT_TO_SIGN = "Hồ sơ không còn chờ ký mà đang ở {place}."
TO_BE_PAID = "Còn phải thu {amount}. Hãy mở hồ sơ để thu rồi trả."
TO_AN_ORGANISATION = "Người nộp là tổ chức. Hãy mở hồ sơ để ghi tên người đến nhận."
BY_POST = "Kết quả trả qua bưu chính. Hãy mở hồ sơ để ghi cách trả."
SIGNED = "Lãnh đạo đã ký"
NOWHERE = "Chưa biết chuyển đến đâu: thủ tục này chưa ghi bộ phận giải quyết. Hãy chuyển riêng."


@dataclass
class BundleOutcome:
    """What a bundle did: the dossiers that are done, where they went, and who was refused why."""

    done: list[Dossier] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[Dossier, str]] = field(default_factory=list)


def take_over(dossiers: Iterable[Dossier], *, by: Staff, token: UUID) -> BundleOutcome:
    """The receiver confirms the hand-overs of the bundle."""
    return each(dossiers, by, token, _take_over)


def forward(dossiers: Iterable[Dossier], *, by: Staff, token: UUID) -> BundleOutcome:
    """Each dossier leaves the desk for its own next step, or for the division that solves its
    procedure."""
    return each(dossiers, by, token, _forward)


def sign(dossiers: Iterable[Dossier], *, by: Staff, token: UUID) -> BundleOutcome:
    """Each dossier that lies before the leaders is signed: it goes on to its next step, or back
    to the desk that received it."""
    return each(dossiers, by, token, _sign)


def resolve(dossiers: Iterable[Dossier], *, by: Staff, token: UUID) -> BundleOutcome:
    """Each dossier has its result, as it was asked for; a refusal has its reason and is told on
    the dossier's own page."""
    return each(dossiers, by, token, _resolve)


def hand_over(dossiers: Iterable[Dossier], *, by: Staff, token: UUID) -> BundleOutcome:
    """The applicant of each dossier takes the result at the desk. Who owes something, an
    organisation, whose collector has a name, and a result that goes by post are refused."""
    return each(dossiers, by, token, _hand_over)


def apologise(
    dossiers: Iterable[Dossier],
    *,
    by: Staff,
    token: UUID,
    days: Mapping[str, datetime],
    **words: Any,
) -> BundleOutcome:
    """Each dossier is apologised for in the same words, with its own new moment (`days`, by code);
    `words` are those of the verb."""

    def act(dossier: Dossier, by: Staff, token: UUID) -> None:
        if not permissions.may(by, dossier, Verb.APOLOGISE):
            raise MoveRefused(NOT_YOURS)
        perform.apologise(
            dossier,
            by=by,
            token=token,
            seen=dossier.revision,
            new_due_at=days[dossier.code],
            **words,
        )

    return each(dossiers, by, token, act)


ACTS: dict[str, Callable[..., BundleOutcome]] = {
    "take_over": take_over,
    "forward": forward,
    "sign": sign,
    "resolve": resolve,
    "hand_over": hand_over,
}
"""Those that ask for nothing but the ticks; `apologise` asks for words and days first."""


def each(
    dossiers: Iterable[Dossier],
    by: Staff,
    bundle: UUID,
    act: Callable[[Dossier, Staff, UUID], None],
) -> BundleOutcome:
    """Do the act to each dossier, once for this bundle's token."""
    outcome = BundleOutcome()
    for dossier in dossiers:
        token = uuid5(bundle, dossier.code)
        try:
            if done_before(token, by) is None:
                act(dossier, by, token)
        except MoveRefused as refused:
            # Refused, it may be, by this bundle's own act, which came in between.
            if done_before(token, by) is None:
                outcome.refused.append((dossier, str(refused)))
                continue
        outcome.done.append(dossier)
        outcome.places[dossier.holder_words] += 1
    return outcome


def _take_over(dossier: Dossier, by: Staff, token: UUID) -> None:
    transfer = perform.untaken_transfer(dossier)
    if transfer is None:
        raise MoveRefused(TAKEN)
    if not permissions.may_take_over(by, transfer):
        raise MoveRefused(NOT_YOURS)
    if perform.take_over(dossier, by=by, token=token) is None:
        raise MoveRefused(TAKEN)


def _forward(dossier: Dossier, by: Staff, token: UUID) -> None:
    if (dossier.holder_office_id, dossier.holder_division_id) != (by.office_id, None):
        raise MoveRefused(GONE.format(place=dossier.holder_words))
    _to_next(dossier, by, token)


def _sign(dossier: Dossier, by: Staff, token: UUID) -> None:
    if not dossier.awaits_signature or dossier.holder_office_id != by.office_id:
        raise MoveRefused(NOT_TO_SIGN.format(place=dossier.holder_words))
    if not by.has_role(Role.LEADER):
        raise MoveRefused(NOT_YOURS)
    # Who signs has it in hand: what was not confirmed yet is confirmed now, with the signature or
    # not at all. Another leader's signature meanwhile makes this look a stale one.
    with transaction.atomic():
        perform.take_over(dossier, by=by, seen=dossier.revision)
        _to_next(dossier, by, token, note=SIGNED)


def _resolve(dossier: Dossier, by: Staff, token: UUID) -> None:
    if not permissions.may(by, dossier, Verb.RESOLVE):
        raise MoveRefused(NOT_YOURS)
    outcome = Dossier.Outcome.APPROVED.value
    perform.resolve(dossier, by=by, token=token, seen=dossier.revision, outcome=outcome)


def _hand_over(dossier: Dossier, by: Staff, token: UUID) -> None:
    if not permissions.may(by, dossier, Verb.HAND_OVER):
        raise MoveRefused(NOT_YOURS)
    if dossier.fee_vnd and not dossier.fee_paid:
        raise MoveRefused(TO_BE_PAID.format(amount=vnd(dossier.fee_vnd)))
    if dossier.applicant_kind != Dossier.ApplicantKind.PERSON:
        raise MoveRefused(TO_AN_ORGANISATION)
    if dossier.return_method == Dossier.ReturnMethod.POST:
        raise MoveRefused(BY_POST)
    name = dossier.applicant_name
    perform.hand_over(dossier, by=by, token=token, seen=dossier.revision, collector_name=name)


def _to_next(dossier: Dossier, by: Staff, token: UUID, note: str = "") -> None:
    if not permissions.may(by, dossier, Verb.FORWARD):
        raise MoveRefused(NOT_YOURS)
    place = steps.proposal(dossier)
    if place is None:
        raise MoveRefused(NOWHERE)
    perform.forward(
        dossier,
        by=by,
        token=token,
        seen=dossier.revision,
        office=place.office,
        division=place.division,
        step=place.step,
        note=note,
    )
