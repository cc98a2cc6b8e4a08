"""What was asked and not found, so that the words by which one searches grow.

Words alone are kept, never an address: who asked is one of 256 numbers that many people share, and
even that only until three have asked. What fewer asked is seen by nobody and goes after a month;
digits may be somebody's number, and long sentences somebody's story: neither is kept.
"""

import hashlib
import hmac
from datetime import date, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction

from motcua import clock
from motcua.text import tidy
from motcua.web.throttle import Throttle
from procedures.models import UnansweredQuestion

ENOUGH = 3
"""From so many askers on, an administrator reads it."""
LONGEST = 60
MOST_DIGITS = 3
MOST_UNSHOWN = 2_000
KEPT_DAYS = 31
# A stranger who asks nonsense in a loop writes no more than this.
notes = Throttle(burst=20, per_minute=5)


def note_unanswered(words: str, asker: str) -> None:
    """Count a question that found nothing; `asker`: an address or an account, which is not kept.

    A database that cannot be written to, or is busy, costs the page nothing but the count.
    """
    asked = tidy(words).lower()
    digits = sum(map(str.isdigit, asked))
    if not 2 <= len(asked) <= LONGEST or digits > MOST_DIGITS or notes.wait_for(asker):
        return
    try:
        with transaction.atomic():
            _count(asked, _one_of_256(asked, asker), clock.today())
    except DatabaseError:
        return


def forget_unanswered(today: date) -> int:
    """Drop what fewer than three asked within a month; how many."""
    old = UnansweredQuestion.objects.filter(
        is_shown=False, last_asked_on__lt=today - timedelta(days=KEPT_DAYS)
    )
    return old.delete()[0]


def _count(asked: str, asker: str, today: date) -> None:
    row = UnansweredQuestion.objects.select_for_update().filter(words=asked).first()
    if row is None:
        _make_room(today)
        row = UnansweredQuestion(words=asked)
    row.times += 1
    row.last_asked_on = today
    if not row.is_shown:
        askers = {*row.askers.split(), asker}
        row.is_shown = len(askers) >= ENOUGH
        row.askers = "" if row.is_shown else " ".join(sorted(askers))
    row.save()


def _make_room(today: date) -> None:
    """In a full table the expired go; where none are, the oldest tenth."""
    unshown = UnansweredQuestion.objects.filter(is_shown=False)
    if unshown.count() < MOST_UNSHOWN or forget_unanswered(today):
        return
    oldest = unshown.order_by("last_asked_on", "pk").values_list("pk", flat=True)
    UnansweredQuestion.objects.filter(pk__in=list(oldest[: MOST_UNSHOWN // 10])).delete()


def _one_of_256(asked: str, asker: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"unanswered|{asked}|{asker}".encode(), hashlib.sha256).hexdigest()[:2]
