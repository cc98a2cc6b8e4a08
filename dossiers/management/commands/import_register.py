"""An old paper or Excel register becomes dossiers: all of it, or nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.old_register.importer import Checked, Doubtful, Refused, check, take_in
from dossiers.old_register.lines import LARGEST_FILE, TOO_LARGE, read
from motcua.operations.jobs import without_looking_for_garbage
from motcua.tables.problems import Problem, UnreadableFile, lines_of

REFUSED, DOUBTFUL = 1, 3
"""What the command exits with when nothing was written."""


class Command(BaseCommand):
    help = (
        "Nhập sổ theo dõi cũ từ tệp CSV (UTF-8) hoặc XLSX theo các cột của mẫu. Có một dòng sai "
        "thì không nhập dòng nào (mã thoát 1); chỉ có dòng cần xem lại thì cũng không nhập (mã "
        "thoát 3), trừ khi đã xem và nhận. Mọi dòng như thế đều được báo với số dòng và lý do."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp CSV hoặc XLSX")
        parser.add_argument("--sheet", metavar="NAME", default="", help="tên trang tính cần đọc")
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì vào chương trình"
        )
        parser.add_argument("--json", action="store_true", help="kết quả dạng JSON")
        parser.add_argument(
            "--accept-doubtful", action="store_true", help="nhận cả những dòng cần xem lại"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with without_looking_for_garbage():
            try:
                checked, written = _take(options)
            except UnreadableFile as unreadable:
                self._tell(options, refused=unreadable.problems)
                raise CommandError(str(unreadable), returncode=REFUSED) from unreadable
            except Refused as refused:
                self._tell(options, refused.problems, refused.doubts, good=refused.certain)
                bad = len(lines_of(refused.problems))
                sentence = f"Có {bad} dòng sai, không nhập dòng nào."
                raise CommandError(sentence, returncode=REFUSED) from refused
            except Doubtful as doubtful:
                doubts = doubtful.checked.doubts
                self._tell(options, doubtful=doubts, good=doubtful.checked.certain)
                raise CommandError(_to_look_at(doubts), returncode=DOUBTFUL) from doubtful
            self._tell(options, doubtful=checked.doubts, good=checked.certain, written=written)
            if not options["json"]:
                said = "Sẽ nhập {} Chưa ghi gì." if options["dry_run"] else "Đã nhập {}"
                self.stdout.write(said.format(_counts(checked)))

    def _tell(
        self,
        options: dict[str, Any],
        refused: Sequence[Problem] = (),
        doubtful: Sequence[Problem] = (),
        *,
        good: int = 0,
        written: int = 0,
    ) -> None:
        if options["json"]:
            told = {
                "good": good,
                "refused": [_entry(problem) for problem in refused],
                "doubtful": [_entry(problem) for problem in doubtful],
                "written": written,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for problem in refused:
            self.stderr.write(str(problem))
        for problem in doubtful:
            self.stderr.write(f"{problem} (cần xem lại)")


def _take(options: dict[str, Any]) -> tuple[Checked, int]:
    lines = read(_content(Path(options["file"])), options["sheet"])
    accepts = options["accept_doubtful"]
    if not options["dry_run"]:
        checked = take_in(lines, accept_doubtful=accepts)
        return checked, len(checked.dossiers)
    checked = check(lines)
    checked.demand_acceptable(accept_doubtful=accepts)
    return checked, 0


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(TOO_LARGE)
        return path.read_bytes()
    except (OSError, ValueError) as wrong:
        raise UnreadableFile(f"Không mở được tệp {path}.") from wrong


def _entry(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "column": problem.column, "reason": problem.reason}


def _to_look_at(doubts: Sequence[Problem]) -> str:
    lines = len(lines_of(doubts))
    about = f"{lines} dòng cần xem lại" if lines else "điều cần xem lại về cả tệp"
    return f"Có {about}, không nhập dòng nào. Đã xem và nhận thì thêm --accept-doubtful."


def _counts(checked: Checked) -> str:
    offices = "; ".join(f"{name} {_number(count)}" for name, count in checked.counts("office"))
    return f"{_number(len(checked.dossiers))} hồ sơ: {offices}."


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
