"""python manage.py tell_administrators UNIT: a timed job failed; for OnFailure of systemd."""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import mail_admins
from django.core.management.base import BaseCommand, CommandError, CommandParser

SIGNED = "Thư này do chương trình Một cửa điện tử gửi, xin không trả lời."


class Command(BaseCommand):
    help = "Gửi thư cho người quản trị máy chủ (MOTCUA_ADMINS) rằng một việc tự động đã hỏng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("unit", metavar="UNIT", help="như motcua-backup.service")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = options["unit"]
        told = tell(
            f"việc tự động {unit} không chạy được",
            f"Máy chủ vừa chạy {unit} nhưng không xong.\n\n"
            f"Xem lý do trên máy chủ bằng lệnh: journalctl -u {unit} -n 50",
        )
        self.stdout.write(told)


def tell(subject: str, body: str) -> str:
    """Mail the administrators of the server; the sentence that says so. Raises CommandError when
    there is nobody to tell, or the mail server does not take it."""
    if not settings.ADMINS:
        raise CommandError("Chưa đặt MOTCUA_ADMINS nên không báo được cho ai.")
    try:
        mail_admins(subject, f"{body}\n\n{SIGNED}\n")
    except (OSError, smtplib.SMTPException) as error:
        raise CommandError(f"Thư báo chưa gửi được: {error}") from None
    return f"Đã báo {len(settings.ADMINS)} người quản trị."
