"""python manage.py unlock USER: an account that was tried too often may log in again at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.accounts import lockout
from motcua.models import Staff


class Command(BaseCommand):
    help = (
        "Mở khóa đăng nhập của một tài khoản bị tạm khóa vì sai nhiều lần, ở mọi địa chỉ và mọi "
        "trình duyệt, để đăng nhập lại được ngay; mật khẩu và xác thực hai lớp giữ nguyên. Dùng "
        "khi người quản trị cũng bị khóa. Ghi một dòng vào nhật ký đăng nhập. Tài khoản không có: "
        "kết thúc với mã 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USER", help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"].strip()
        # No name has halves of letters, nor could the database be asked for them.
        staff = Staff.objects.filter(username=username).first() if username.isprintable() else None
        if staff is None:
            raise CommandError(f"Không có tài khoản “{username}”. Chưa mở khóa tài khoản nào.")
        was_locked = bool(lockout.waits(staff))
        lockout.unlock(staff, note="lệnh unlock trên máy chủ")
        self.stdout.write(_told(staff, was_locked))


def _told(staff: Staff, was_locked: bool) -> str:
    account = f"{staff.username} ({staff})"
    if not staff.is_active:
        return (
            f"Đã xóa các lần sai của {account}, nhưng tài khoản này đã đóng nên vẫn chưa đăng "
            "nhập được. Mời người quản trị mở lại."
        )
    if was_locked:
        return f"Đã mở khóa: {account} đăng nhập lại được ngay."
    return (
        f"Tài khoản {account} không bị khóa; đã xóa các lần sai còn được đếm. Nếu vẫn không vào "
        "được vì địa chỉ mạng đã sai quá nhiều lần, mời chờ 15 phút hoặc dùng máy khác."
    )
