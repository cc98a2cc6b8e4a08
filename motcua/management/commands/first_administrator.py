"""The first account of a real desk: somebody who can make the others."""

import getpass
import os
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from motcua.models import Installation, Office, Staff
from motcua.text import tidy


class Command(BaseCommand):
    help = (
        "Tạo người quản trị đầu tiên: hỏi tên đăng nhập, họ và tên, mã đơn vị và mật khẩu. "
        "Khi không có bàn phím: dùng các tùy chọn và biến môi trường MOTCUA_ADMIN_PASSWORD. "
        "Chạy lại không làm thay đổi gì."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="tên đăng nhập")
        parser.add_argument("--full-name", help="họ và tên")
        parser.add_argument("--office", help="mã đơn vị, ví dụ 967; để trống: quản trị mọi đơn vị")

    def handle(self, *args: Any, **options: Any) -> None:
        if Staff.objects.filter(is_demo=True).exists():
            raise CommandError(
                "Cơ sở dữ liệu này chứa bản trình diễn, không dùng cho công việc thật. Hãy đặt "
                "MOTCUA_VAR hoặc DATABASE_URL trỏ tới nơi mới."
            )
        existing = Staff.objects.filter(is_administrator=True, is_active=True).first()
        if existing:
            self.stdout.write(f"Đã có người quản trị: {existing.username}.")
            return
        # Said before anything is asked: from now on no demonstration may be loaded here.
        if not Installation.objects.exists():
            Installation.objects.create(is_demo=False)
        staff = Staff(
            is_administrator=True,
            is_staff=True,
            username=self.answer("Tên đăng nhập", options["username"], new_username),
            full_name=self.answer("Họ và tên", options["full_name"], some_name),
        )
        staff.office = self.answer(
            "Mã đơn vị (Enter: quản trị mọi đơn vị)", options["office"], office, default=""
        )
        staff.set_password(self.password(staff))
        with transaction.atomic():
            staff.save()
        self.stdout.write(f"Đã tạo người quản trị {staff.username}.")

    def answer(
        self,
        question: str,
        given: str | None,
        read: Callable[[str], Any],
        default: str | None = None,
    ) -> Any:
        """What the option gave or the person types, until it is understood."""
        if given is not None:
            try:
                return read(given)
            except ValidationError as error:
                raise CommandError(f"{question}: {error.messages[0]}") from error
        if not sys.stdin.isatty():
            if default is not None:
                return read(default)
            raise CommandError(
                "Không có bàn phím để hỏi. Hãy chạy: MOTCUA_ADMIN_PASSWORD=... python manage.py "
                "first_administrator --username ... --full-name ... [--office ...]"
            )
        while True:
            try:
                return read(input(f"{question}: "))
            except ValidationError as error:
                self.stderr.write(error.messages[0])

    def password(self, staff: Staff) -> str:
        given = os.environ.get("MOTCUA_ADMIN_PASSWORD")
        if given is not None or not sys.stdin.isatty():
            try:
                validate_password(given or "", staff)
            except ValidationError as error:
                raise CommandError(f"MOTCUA_ADMIN_PASSWORD: {' '.join(error.messages)}") from error
            return given or ""
        while True:
            password = getpass.getpass("Mật khẩu: ")
            try:
                validate_password(password, staff)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                continue
            if getpass.getpass("Nhập lại mật khẩu: ") == password:
                return password
            self.stderr.write("Hai lần nhập không giống nhau.")


def new_username(text: str) -> str:
    username = tidy(text)
    Staff._meta.get_field("username").clean(username, None)
    if Staff.objects.filter(username=username).exists():
        raise ValidationError("Tên đăng nhập này đã có người dùng.")
    return username


def some_name(text: str) -> str:
    return str(Staff._meta.get_field("full_name").clean(tidy(text), None))


def office(text: str) -> Office | None:
    if not text.strip():
        return None
    found = Office.objects.coded(text.strip())
    if found is None:
        codes = ", ".join(f"{o.code} ({o.name})" for o in Office.objects.order_by("code")[:20])
        raise ValidationError(f"Không có đơn vị mã “{text.strip()}”. Các đơn vị: {codes}.")
    return found
