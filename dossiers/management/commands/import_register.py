"""An old paper or Excel register becomes dossiers: all of it, or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.old_register.importer import Checked, Refused, check, take_in
from dossiers.old_register.lines import LARGEST_FILE, TOO_LARGE, UnreadableFile, read
from motcua.operations.jobs import without_looking_for_garbage


class Command(BaseCommand):
    help = (
        "Nhập sổ theo dõi cũ từ tệp CSV (UTF-8) hoặc XLSX theo các cột của mẫu. Có một dòng sai "
        "thì không nhập dòng nào; mọi dòng sai đều được báo với số dòng và lý do."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp CSV hoặc XLSX")
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì vào chương trình"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with without_looking_for_garbage():
            self._take(options)

    def _take(self, options: dict[str, Any]) -> None:
        try:
            lines = read(_content(Path(options["file"])))
        except UnreadableFile as unreadable:
            raise CommandError(str(unreadable)) from unreadable
        try:
            if options["dry_run"]:
                checked = check(lines)
                if checked.problems:
                    raise Refused(checked.problems)
                self.stdout.write(f"Sẽ nhập {_counts(checked)} Chưa ghi gì.")
            else:
                self.stdout.write(f"Đã nhập {_counts(take_in(lines))}")
        except Refused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            bad = len({problem.line for problem in refused.problems})
            raise CommandError(f"Có {bad} dòng sai, không nhập dòng nào.") from refused


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CommandError(TOO_LARGE)
        return path.read_bytes()
    except (OSError, ValueError) as wrong:
        raise CommandError(f"Không mở được tệp {path}.") from wrong


def _counts(checked: Checked) -> str:
    offices = "; ".join(f"{name} {_number(count)}" for name, count in checked.counts("office"))
    return f"{_number(len(checked.lives))} hồ sơ: {offices}."


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
