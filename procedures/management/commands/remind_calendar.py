"""python manage.py remind_calendar: from 1 November, ask for the coming year's calendar."""

import smtplib
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procedures import calendar_reminder


class Command(BaseCommand):
    help = (
        "Từ 1/11, gửi thư nhắc người quản trị khi lịch nghỉ năm sau chưa có hoặc còn là ước tính. "
        "Mỗi lần chạy gửi một thư: đặt lịch chạy mỗi tuần một lần."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        told = calendar_reminder.sentence()
        if not told:
            self.stdout.write("Không có gì phải nhắc về lịch nghỉ.")
            return
        try:
            addresses = calendar_reminder.remind()
        except (OSError, smtplib.SMTPException) as error:
            raise CommandError(f"{told} Thư nhắc chưa gửi được: {error}") from None
        self.stdout.write(told)
        if not addresses:
            raise CommandError("Không người quản trị nào có địa chỉ thư điện tử để nhắc.")
        self.stdout.write(f"Đã nhắc {len(addresses)} người quản trị.")
