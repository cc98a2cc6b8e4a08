"""python manage.py prune_questions: questions that found nothing and that fewer than three asked
within a month are forgotten; for a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from motcua import clock
from procedures.search.unanswered import forget_unanswered


class Command(BaseCommand):
    help = "Bỏ những câu hỏi không tìm thấy mà trong một tháng chưa đủ ba người hỏi."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = forget_unanswered(clock.today())
        self.stdout.write(f"Đã bỏ {gone} câu hỏi ít người hỏi.")
