"""What a clerk has typed is kept while she types, for her alone, until the dossier is saved.

Nobody else reads a draft. What was scanned off a card is never in it, and no backup takes it.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from dossiers.lifecycle.acts import begun_before
from dossiers.models import IntakeDraft
from dossiers.rules.cards import is_of_a_card
from motcua import clock
from motcua.models import Staff
from procedures.models import Procedure

MOST = 20
"""Drafts of one clerk; the oldest gives way."""
LONGEST = 20_000
"""Bytes of one draft."""
KEPT_FOR = timedelta(days=1)
# Of the browser, of the form's own working, or never to be kept.
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", "token", "act", "q", "scan", "asked"})
# Where a person types words. All else stands in an empty form too, or is ticked again in a moment.
_TYPED = frozenset(
    {
        *("applicant_name", "applicant_id", "phone", "email", "address"),
        *("submitter_name", "submitter_id", "submitter_phone", "submitter_address"),
        *("authority_paper", "child_name", "child_born", "groom", "bride"),
        *("parcel", "map_sheet", "parcel_place", "deceased_name", "death_day"),
        *("other-name", "subject", "note", "return_address", "guide_reason", "refusal_reason"),
    }
)


class TooLong(Exception):
    """More was typed than a draft holds."""


def fields_of(posted: QueryDict) -> list[tuple[str, str]]:
    """What of a posted form a draft keeps: what was typed, without anything of a card's text.

    >>> fields_of(QueryDict("act=hold&phone=0900000001&note="))
    [('phone', '0900000001')]
    """
    return [
        (name, value)
        for name, values in posted.lists()
        for value in values
        if value and name not in _LEFT_OUT and "password" not in name and not is_of_a_card(value)
    ]


def keep(posted: QueryDict, *, by: Staff, procedure: Procedure, token: UUID) -> IntakeDraft | None:
    """Keep what stands in the form of this token; None where its dossier is saved already, or
    nothing is typed in it (any more).

    A visit has one draft: another one of the clerk whose typed words all stand in this one, begun
    on the page of another procedure or before going back, gives way. Raises TooLong.
    """
    fields = fields_of(posted)
    if len(json.dumps(fields, ensure_ascii=False).encode(errors="replace")) > LONGEST:
        raise TooLong
    words = _typed(fields)
    with transaction.atomic():
        if begun_before(token, by) is not None:
            return None
        if not words:
            drop([token], by=by)
            return None
        draft, _ = IntakeDraft.objects.update_or_create(
            staff=by,
            token=token,
            defaults={"procedure": procedure, "fields": fields, "saved_at": clock.now()},
        )
        others = list(IntakeDraft.objects.filter(staff=by).order_by("-saved_at", "-pk"))
        give_way = [
            other.pk
            for place, other in enumerate(others)
            if other != draft and (place >= MOST or _typed(other.fields) <= words)
        ]
        if give_way:
            IntakeDraft.objects.filter(pk__in=give_way).delete()
    return draft


def _typed(fields: Iterable[Sequence[str]]) -> set[tuple[str, str]]:
    """What a person typed of these fields."""
    return {(name, value.strip()) for name, value in fields if name in _TYPED and value.strip()}


def drafts_of(clerk: Staff) -> list[IntakeDraft]:
    """This clerk's drafts of the last day, the newest first."""
    begins = clock.now() - KEPT_FOR
    mine = IntakeDraft.objects.filter(staff=clerk, saved_at__gt=begins)
    return list(mine.select_related("procedure"))


def draft_of(clerk: Staff, token: str, procedure: Procedure) -> IntakeDraft | None:
    """This clerk's draft of the form of this token; None also where it is no token."""
    try:
        form = UUID(token)
    except ValueError:
        return None
    begins = clock.now() - KEPT_FOR
    mine = IntakeDraft.objects.filter(staff=clerk, saved_at__gt=begins)
    return mine.filter(token=form, procedure=procedure).first()


def as_typed(draft: IntakeDraft) -> QueryDict:
    """What the form said, to be shown in it again."""
    typed = QueryDict(mutable=True)
    for name, value in draft.fields:
        typed.appendlist(name, value)
    return typed


def drop(tokens: Iterable[UUID | None], *, by: Staff) -> int:
    """Forget these of the clerk's drafts; how many there were."""
    known = [token for token in tokens if token]
    return IntakeDraft.objects.filter(staff=by, token__in=known).delete()[0]


def forget_old() -> int:
    """Forget every draft of more than a day; how many there were."""
    return IntakeDraft.objects.filter(saved_at__lte=clock.now() - KEPT_FOR).delete()[0]
