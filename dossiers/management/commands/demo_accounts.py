"""Who may log in to the demonstration, printed by `script/server` when it has started."""

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.demo.staff import PASSWORD
from motcua.models import Staff

HEADINGS = ("Tên đăng nhập", "Vai trò", "Đơn vị")


class Command(BaseCommand):
    help = "In các tài khoản trình diễn và mật khẩu chung; không in gì khi không có tài khoản nào."

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = (
            Staff.objects.filter(is_demo=True, is_active=True)
            .select_related("office", "division")
            .order_by("pk")
        )
        if not accounts:
            return
        rows: list[tuple[str, ...]] = [
            HEADINGS,
            *((a.username, a.role_words, place(a)) for a in accounts),
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        rows.insert(1, tuple("-" * width for width in widths))
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write(f"Mật khẩu chung của các tài khoản trình diễn: {PASSWORD}")


def place(staff: Staff) -> str:
    if staff.office is None:
        return "mọi đơn vị"
    return f"{staff.office.name}, {staff.division.name}" if staff.division else staff.office.name
