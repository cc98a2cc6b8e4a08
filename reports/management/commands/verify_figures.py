"""python manage.py verify_figures: whether the figures are what the dossiers say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.management.commands.tell_administrators import tell
from motcua.templatetags.motcua_tags import vn_number
from reports.figures.verify import Account, rebuild, verify, words_of

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Đếm lại mọi số liệu từ hồ sơ và so với các số cộng sẵn mà trang thống kê đọc. Khớp: nói "
        "là khớp; không khớp: nêu từng chỗ, mã thoát 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="lập lại toàn bộ số cộng sẵn từ hồ sơ rồi đếm lại"
        )

        parser.add_argument(
            "--mail",
            action="store_true",
            help="không khớp thì gửi thư cho MOTCUA_ADMINS; gửi được thì mã thoát 0",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            rows = rebuild()
            self.stdout.write(f"Đã lập lại {vn_number(rows)} dòng số cộng sẵn từ hồ sơ.")
        account = verify()
        found = "\n".join([*told(account), *told_of_classes(account)])
        if found and not options["mail"]:
            raise CommandError(found)
        self.stdout.write(found or agreement(account))
        if found:
            body = "\n".join([*told(account), *told_of_classes(account, with_codes=False)])
            self.stdout.write(tell("số liệu không khớp với hồ sơ", body))


def agreement(account: Account) -> str:
    """That nothing differs, and how much was counted."""
    return (
        f"Đã đếm lại {vn_number(account.dossiers)} hồ sơ, {vn_number(account.rows)} dòng số cộng "
        "sẵn: hai bên khớp nhau; xếp loại sớm, đúng, trễ của mọi hồ sơ đúng với ngày."
    )


def told(account: Account) -> list[str]:
    """Which numbers differ, the first ones by name, and what to do."""
    found = account.differences
    if not found:
        return []
    lines = [words_of(difference) for difference in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"… và {vn_number(len(found) - SHOWN)} chỗ khác.")
    return [
        f"Số cộng sẵn khác số đếm lại từ hồ sơ ở {vn_number(len(found))} chỗ:",
        *lines,
        "Hồ sơ không bị ảnh hưởng. Chạy lại với --repair để lập lại số cộng sẵn từ hồ sơ.",
    ]


def told_of_classes(account: Account, *, with_codes: bool = True) -> list[str]:
    """Which dossiers are classified otherwise than by their dates, the first ones by code; how
    many, where the words go by mail."""
    found = account.misclassified
    if not found:
        return []
    codes = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    which = codes if with_codes else "mã hồ sơ ghi trong nhật ký của máy chủ."
    return [
        f"Xếp loại không đúng với ngày ở {vn_number(len(found))} hồ sơ: {which}",
        "Việc làm trong chương trình không để lại hồ sơ như vậy: có người đã sửa thẳng vào cơ sở "
        "dữ liệu. Hãy sửa lại thông tin tiếp nhận của từng hồ sơ để chương trình xếp loại lại.",
    ]
