"""What citizens think of each office: the sums behind every average, and never a clerk.

TT 01/2018/TT-VPCP Điều 15: the value of an index is the sum of the scores divided by the number
of those who answered, to one decimal; an index without answers is left out. Of fewer
answers than LEAST_OF_A_RATE none is published: it would tell of those few.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, QuerySet, Sum

from dossiers.models import Rating, RatingCriterion, RatingScore
from motcua.models import Office
from motcua.templatetags.motcua_tags import LEAST_OF_A_RATE
from reports.terms.periods import Period

BEST = 2


@dataclass(frozen=True)
class Mark:
    """The answers to one question: how many, and the sum of their scores (2, 1 or 0 each)."""

    criterion: RatingCriterion
    answers: int
    total: int

    @property
    def average(self) -> Decimal | None:
        """To one decimal, halves upwards; None when nobody answered."""
        if not self.answers:
            return None
        exact = Decimal(self.total) / self.answers
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def words(self) -> str:
        """ "1,8 / 2 (32 trả lời)", or that there is none, or too few."""
        if self.average is None:
            return "chưa có"
        if self.answers < LEAST_OF_A_RATE:
            return f"{self.answers} trả lời, chưa đủ {LEAST_OF_A_RATE} để tính điểm"
        return f"{self.average}".replace(".", ",") + f" / {BEST} ({self.answers} trả lời)"


@dataclass(frozen=True)
class OfficeRatings:
    office: Office
    ratings: int
    marks: tuple[Mark, ...]


def ratings_of(period: Period, offices: Iterable[Office]) -> list[OfficeRatings]:
    """Each office with its number of ratings given in the period and a mark for each question
    that is asked, or was answered; three queries."""
    offices = list(offices)
    given = _given(period, offices)
    counts = dict(given.order_by().values_list("office").annotate(n=Count("pk")))
    sums: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for office, criterion, answers, total in (
        RatingScore.objects.filter(rating__in=given)
        .order_by()
        .values_list("rating__office", "criterion")
        .annotate(n=Count("pk"), total=Sum("score"))
    ):
        sums[office][criterion] = (answers, total)
    answered = {criterion for of_office in sums.values() for criterion in of_office}
    criteria = [c for c in RatingCriterion.objects.all() if c.is_active or c.pk in answered]
    return [
        OfficeRatings(
            office,
            counts.get(office.pk, 0),
            tuple(Mark(c, *sums[office.pk].get(c.pk, (0, 0))) for c in criteria),
        )
        for office in offices
    ]


def comments_of(period: Period, offices: Iterable[Office]) -> QuerySet[Rating]:
    """The ratings with a comment, the newest first. For leaders only."""
    return _given(period, offices).exclude(comment="").select_related("office")


def _given(period: Period, offices: Iterable[Office]) -> QuerySet[Rating]:
    return Rating.objects.filter(
        rated_on__range=(period.start, period.end), office__in=list(offices)
    )
