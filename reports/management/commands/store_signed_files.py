"""manage.py store_signed_files: the files of what was signed before files were stored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.sign_off.papers import damaged, store_later, without_files


class Command(BaseCommand):
    help = (
        "Lập và lưu tệp CSV, XLSX, PDF của các kỳ đã ký trước bản nâng cấp này. Chạy sau migrate "
        "và trước khi đổi tên đơn vị; dừng giữa chừng thì chạy lại, phần đã lưu không làm lại."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        stored = sum(store_later(closing) for closing in without_files())
        if stored:
            self.stdout.write(f"Đã lưu tệp của {stored} kỳ đã ký từ trước.")
        broken = damaged()
        if broken:
            names = "; ".join(str(closing) for closing in broken)
            raise CommandError(
                f"Không lưu tệp của {len(broken)} kỳ vì số liệu không còn khớp với chuỗi kiểm tra "
                f"lúc ký: {names}. Có người đã sửa thẳng vào cơ sở dữ liệu."
            )
