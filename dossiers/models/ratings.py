"""What citizens think of the service, once their dossier has ended."""

from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from motcua.models import Office


class RatingCriterion(models.Model):
    """A question to the citizen, answered with 2, 1 or 0 as TT 01/2018/TT-VPCP Điều 14 scores.

    The law leaves the form to each province (Điều 12 khoản 4): an administrator keeps the list.
    """

    code = models.SlugField("mã", max_length=20, unique=True)
    question = models.CharField("câu hỏi", max_length=200)
    words_2 = models.CharField("trả lời được 2 điểm", max_length=100)
    words_1 = models.CharField("trả lời được 1 điểm", max_length=100)
    words_0 = models.CharField("trả lời được 0 điểm", max_length=100)
    source = models.CharField("căn cứ", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=100)
    is_active = models.BooleanField("đang hỏi", default=True)

    class Meta:
        verbose_name = "tiêu chí đánh giá"
        verbose_name_plural = "tiêu chí đánh giá"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.question

    @property
    def answers(self) -> list[tuple[int, str]]:
        return [(2, self.words_2), (1, self.words_1), (0, self.words_0)]


class Rating(models.Model):
    """A citizen's opinion of one dossier, given once. Who handled the dossier is not in it."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="rating")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="ratings")
    rated_at = models.DateTimeField("đánh giá lúc")
    rated_on = models.DateField("ngày đánh giá")
    changed_at = models.DateTimeField("sửa lúc", null=True)
    comment = models.TextField("góp ý", blank=True)

    class Meta:
        verbose_name = "đánh giá"
        verbose_name_plural = "đánh giá"
        ordering = ["-rated_at"]
        indexes = [models.Index(fields=["rated_on", "office"], name="rating_by_day")]

    def __str__(self) -> str:
        return f"{self.office}, {self.rated_on:%d/%m/%Y}"


class RatingScore(models.Model):
    """The answer to one question: 2, 1 or 0. A question left open has no row."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(RatingCriterion, on_delete=models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField("điểm")

    class Meta:
        verbose_name = "điểm đánh giá"
        verbose_name_plural = "điểm đánh giá"
        constraints = [
            models.UniqueConstraint(fields=["rating", "criterion"], name="one_score_per_question"),
            models.CheckConstraint(condition=Q(score__lte=2), name="score_is_2_1_or_0"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.score}"
