"""By which words a procedure is found: what people call it, what their words mean, what other
agencies handle; and what was asked in vain."""

from typing import Any
from uuid import UUID, uuid4

from django.core.validators import MaxValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from motcua.text import fold
from procedures.models.catalogue import Procedure


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class SearchTerm(models.Model):
    """Từ đồng nghĩa, chữ viết tắt: a word that people type and the official words it stands for."""

    word = models.CharField("từ người dân dùng", max_length=80, help_text="Ví dụ: sổ đỏ, gpxd.")
    means = models.CharField(
        "nghĩa là",
        max_length=200,
        help_text="Chữ trong tên thủ tục. Ví dụ: giấy chứng nhận quyền sử dụng đất.",
    )
    source = models.CharField(
        "từ đâu", max_length=120, blank=True, help_text="Ví dụ: cách gọi miền Nam, viết tắt."
    )
    search_key = models.TextField(editable=False)

    history = HistoricalRecords(
        verbose_name="lịch sử từ đồng nghĩa", excluded_fields=["search_key"]
    )

    class Meta:
        verbose_name = "từ đồng nghĩa, viết tắt"
        verbose_name_plural = "từ đồng nghĩa, viết tắt"
        ordering = ["search_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["word", "means"],
                name="a_word_means_a_thing_once",
                violation_error_message="Từ này đã có nghĩa ấy.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.means}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_search_key()
        super().save(*args, **kwargs)

    def set_search_key(self) -> None:
        self.search_key = fold(self.word)


class ProcedureWords(models.Model):
    """What people call a procedure, when it is the one to choose, and how often it is filed."""

    procedure = models.OneToOneField(
        Procedure, on_delete=models.CASCADE, related_name="words", verbose_name="thủ tục"
    )
    names = models.TextField(
        "người dân gọi là",
        blank=True,
        help_text="Mỗi cách gọi một dòng; dòng đầu hiện cạnh tên chính thức.",
    )
    when = models.CharField(
        "khi nào chọn",
        max_length=160,
        blank=True,
        help_text="Một câu ngắn giúp chọn đúng. Ví dụ: Chưa có sổ, chưa từng đăng ký.",
    )
    often = models.PositiveSmallIntegerField(
        "hay nộp đến đâu",
        default=0,
        validators=[MaxValueValidator(5)],
        help_text="0: hầu như không; 5: mỗi ngày. Chỉ dùng khi nơi này chưa có đủ số hồ sơ.",
    )
    source = models.CharField("từ đâu", max_length=120, blank=True)

    history = HistoricalRecords(verbose_name="lịch sử cách gọi thủ tục")

    class Meta:
        verbose_name = "cách gọi thủ tục"
        verbose_name_plural = "cách gọi thủ tục"
        ordering = ["procedure"]

    def __str__(self) -> str:
        return self.common_name or str(self.procedure)

    @property
    def all_names(self) -> list[str]:
        return lines_of(self.names)

    @property
    def common_name(self) -> str:
        return next(iter(self.all_names), "")


class HandledElsewhere(models.Model):
    """Việc nơi khác làm: what people bring to the desk though another agency handles it."""

    matter = models.CharField("việc", max_length=80, unique=True)
    words = models.TextField("người dân gọi là", help_text="Mỗi cách gọi một dòng.")
    where = models.CharField("nơi làm", max_length=160)
    advice = models.CharField("lời chỉ dẫn", max_length=300, blank=True)
    neighbours = models.ManyToManyField(
        Procedure, related_name="+", blank=True, verbose_name="thủ tục gần với việc này"
    )
    source = models.CharField("từ đâu", max_length=120, blank=True)

    history = HistoricalRecords(verbose_name="lịch sử việc nơi khác làm")

    class Meta:
        verbose_name = "việc nơi khác làm"
        verbose_name_plural = "việc nơi khác làm"
        ordering = ["matter"]

    def __str__(self) -> str:
        return f"{self.matter}: {self.where}"

    @property
    def all_words(self) -> list[str]:
        return [self.matter, *lines_of(self.words)]


class UnansweredQuestion(models.Model):
    """Words that found nothing, without who asked. An administrator reads those that at least three
    asked; who asked is kept as a number of 0 to 255 that many people share, until three did."""

    words = models.CharField("chữ đã tìm", max_length=80, unique=True)
    askers = models.CharField(max_length=20, blank=True, editable=False)
    times = models.PositiveIntegerField("số lần", default=0)
    is_shown = models.BooleanField(default=False, editable=False)
    last_asked_on = models.DateField("lần cuối")

    class Meta:
        verbose_name = "câu hỏi không tìm thấy"
        verbose_name_plural = "câu hỏi không tìm thấy"
        ordering = ["-times", "words"]
        indexes = [models.Index(fields=["is_shown", "last_asked_on"], name="unanswered_by_day")]

    def __str__(self) -> str:
        return self.words


class CatalogueStamp(models.Model):
    """One row, another value after every change of what a search finds, so that every process of
    the server knows when its index is old."""

    value = models.UUIDField(default=uuid4)

    class Meta:
        verbose_name = "dấu của danh mục"
        verbose_name_plural = "dấu của danh mục"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def renew(cls) -> None:
        """In one statement, for it follows every row that is saved."""
        fresh = uuid4()
        if not cls.objects.filter(pk=1).update(value=fresh):
            cls.objects.update_or_create(pk=1, defaults={"value": fresh})

    @classmethod
    def current(cls) -> UUID | None:
        return cls.objects.filter(pk=1).values_list("value", flat=True).first()
