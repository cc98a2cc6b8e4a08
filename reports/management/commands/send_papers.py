"""Mail the verdict and the meeting paper to the leaders who chose it; for a timer, safe to run
twice at once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dossiers.first_hour.facts import CONSOLE
from reports.dashboard.mailing import send_due_papers


class Command(BaseCommand):
    help = (
        "Gửi câu tóm tắt và bản in họp cho lãnh đạo đã chọn nhận: thứ Hai hằng tuần hoặc ngày 01 "
        "hằng tháng, mỗi người mỗi kỳ một thư. Thư chưa gửi được thì lần sau gửi lại."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMAIL_BACKEND == CONSOLE:
            self.stdout.write("Chưa gửi thư nào: chưa khai máy chủ gửi thư (MOTCUA_EMAIL_URL).")
            return
        outcome = send_due_papers()
        self.stdout.write(f"Đã gửi {outcome.sent}, chưa gửi được {outcome.failed}.")
