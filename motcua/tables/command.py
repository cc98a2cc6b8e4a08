"""How do the commands behave that take a table in: options, what they tell, how they end?"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.tables.lines import LARGEST_FILE, Template
from motcua.tables.problems import WHOLE_FILE, Problem, UnreadableFile, lines_of
from motcua.tables.verdict import Verdict

REFUSED, DOUBTFUL = 1, 3
"""What such a command exits with when nothing was written."""


class TableCommand(BaseCommand):
    """All of a table or nothing: any refused line ends it with 1, doubtful ones that were not
    accepted with 3. `template` and `take` are the command's own."""

    template: Template

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

    def take(self, content: bytes, options: dict[str, Any]) -> Verdict:
        """Judge the table, and write it unless it is a dry run or not acceptable. Raises
        UnreadableFile."""
        raise NotImplementedError

    def sentence(self, verdict: Verdict, options: dict[str, Any]) -> str:
        """What is said of a table that was taken."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verdict = self.take(content_of(Path(options["file"]), self.template), options)
        except UnreadableFile as wrong:
            verdict = Verdict(refused=wrong.problems)
        self._tell(options, verdict)
        if verdict.refused:
            raise CommandError(_to_mend(verdict.refused), returncode=REFUSED)
        if not verdict.is_acceptable(accept_doubtful=options["accept_doubtful"]):
            raise CommandError(_to_look_at(verdict), returncode=DOUBTFUL)
        if not options["json"]:
            self.stdout.write(self.sentence(verdict, options))

    def _tell(self, options: dict[str, Any], verdict: Verdict) -> None:
        if options["json"]:
            told = {
                "good": verdict.good,
                "refused": [_entry(problem) for problem in verdict.refused],
                "doubtful": [_entry(problem) for problem in verdict.doubtful],
                "written": verdict.written,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for problem in verdict.refused:
            self.stderr.write(str(problem))
        for problem in verdict.doubtful:
            self.stderr.write(f"{problem} (cần xem lại)")


def content_of(path: Path, template: Template) -> bytes:
    """The file, which is no larger than a table may be. Raises UnreadableFile."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(template.too_large)
        return path.read_bytes()
    except (OSError, ValueError) as wrong:
        raise UnreadableFile(f"Không mở được tệp {path}.") from wrong


def _entry(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "column": problem.column, "reason": problem.reason}


def _to_mend(refused: Sequence[Problem]) -> str:
    whole = [problem.reason for problem in refused if problem.line == WHOLE_FILE]
    return " ".join(whole) or f"Có {len(lines_of(refused))} dòng sai, không nhập dòng nào."


def _to_look_at(verdict: Verdict) -> str:
    lines = verdict.doubtful_lines
    about = f"{lines} dòng cần xem lại" if lines else "điều cần xem lại về cả tệp"
    return f"Có {about}, không nhập dòng nào. Đã xem và nhận thì thêm --accept-doubtful."
