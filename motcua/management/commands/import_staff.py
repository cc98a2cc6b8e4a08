"""A list of staff becomes accounts: all of it, or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from motcua import clock
from motcua.accounts.first_passwords import SheetRefused, sheet_file, write_sheet
from motcua.accounts.staff_import import write
from motcua.accounts.staff_table import TEMPLATE, judge
from motcua.models import Office
from motcua.tables.command import TableCommand
from motcua.tables.lines import read
from motcua.tables.problems import Reason, UnreadableFile
from motcua.tables.verdict import Verdict


class Command(TableCommand):
    help = (
        "Lập tài khoản cán bộ từ tệp CSV (UTF-8) hoặc XLSX theo các cột của mẫu. Có một dòng sai "
        "thì không lập tài khoản nào (mã thoát 1); chỉ có dòng cần xem lại thì cũng không lập (mã "
        "thoát 3), trừ khi đã xem và nhận. Mật khẩu tạm chỉ ghi vào tệp của --sheet-out."
    )
    template = TEMPLATE

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--office", metavar="CODE", help="mã đơn vị của mọi dòng; để trống: theo từng dòng"
        )
        parser.add_argument(
            "--sheet-out",
            metavar="FILE",
            help="tệp mới, chỉ chủ máy đọc được, nhận các mật khẩu tạm: .pdf để in và cắt, còn lại "
            "là CSV; để trống thì tài khoản chưa có mật khẩu",
        )

    def take(self, content: bytes, options: dict[str, Any]) -> Verdict:
        office = _office(options["office"])
        lines = read(content, TEMPLATE, options["sheet"])
        found = judge(lines, Office.objects.existing(clock.today()), office)
        accepts = options["accept_doubtful"]
        if options["dry_run"] or not found.verdict.is_acceptable(accept_doubtful=accepts):
            return found.verdict
        if options["sheet_out"] is None:
            write(found, None, accept_doubtful=accepts)
            return found.verdict
        path = Path(options["sheet_out"])
        try:
            with sheet_file(path) as file:
                write(found, lambda slips: write_sheet(file, path, slips), accept_doubtful=accepts)
        except SheetRefused as refused:
            raise UnreadableFile(str(refused)) from refused
        return found.verdict

    def sentence(self, verdict: Verdict, options: dict[str, Any]) -> str:
        if options["dry_run"]:
            count = verdict.good + verdict.doubtful_lines
            return f"Sẽ lập {count} tài khoản. Chưa ghi gì."
        made = f"Đã lập {verdict.written} tài khoản."
        if options["sheet_out"] is None:
            return (
                f"{made} Chưa ai có mật khẩu: người quản trị chọn các tài khoản này ở trang Cán "
                "bộ, công chức rồi cấp mật khẩu tạm."
            )
        return f"{made} Mật khẩu tạm ở {options['sheet_out']}: in, phát tận tay, rồi xóa tệp."


def _office(code: str | None) -> Office | None:
    if code is None:
        return None
    office = Office.objects.coded(code.strip())
    if office is None:
        reason = Reason("office_code", f"Không có đơn vị nào mang mã {code}.")
        raise UnreadableFile(reason)
    return office
