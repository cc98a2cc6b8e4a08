"""Offices become others from a day: by a file, all of it or nothing."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.merging import files
from dossiers.merging.merge import MergerRefused, Preview, merge, preview, refuse_future
from dossiers.merging.undoing import UndoRefused, hindrances, undo
from dossiers.merging.words import told
from dossiers.models import Merger
from motcua import clock
from motcua.tables.command import content_of
from motcua.tables.problems import Problem, UnreadableFile

REFUSED = 1


class Command(BaseCommand):
    help = (
        "Sắp xếp đơn vị hành chính theo tệp CSV hoặc XLSX có các cột old_code, old_name, "
        "new_code, new_name, on (có thể thêm act_number, act_date). Cán bộ, phòng chuyên môn, hồ "
        "sơ đang giải quyết về đơn vị kế thừa; mã hồ sơ, giấy đã in, số liệu đã ký giữ nguyên. "
        "Có một dòng sai thì không làm dòng nào (mã thoát 1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", help="tệp CSV hoặc XLSX")
        parser.add_argument("--sheet", metavar="NAME", default="", help="tên trang tính cần đọc")
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ xem sẽ thay đổi gì, không ghi"
        )
        parser.add_argument(
            "--undo",
            action="store_true",
            help="hoàn tác lần sắp xếp sau cùng, khi chưa có việc nào theo sau",
        )
        parser.add_argument("--json", action="store_true", help="kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["undo"]:
            self._undo(options)
            return
        if not options["file"]:
            raise CommandError("Hãy ghi tên tệp.", returncode=REFUSED)
        try:
            content = content_of(Path(options["file"]), files.TEMPLATE)
            file = files.read(content, options["sheet"])
            if options["dry_run"]:
                done, shown = None, preview(file)
            else:
                done, shown = merge(file, by=None)
        except UnreadableFile as wrong:
            self._refuse(wrong.problems, options)
        except MergerRefused as wrong:
            self._refuse(wrong.problems, options)
        else:
            self._tell(shown, done is not None, options)

    def _undo(self, options: dict[str, Any]) -> None:
        last = Merger.objects.filter(undone_at__isnull=True).order_by("pk").last()
        if last is None:
            raise CommandError("Không có lần sắp xếp nào để hoàn tác.", returncode=REFUSED)
        if options["dry_run"]:
            if found := hindrances(last):
                raise CommandError(" ".join(found), returncode=REFUSED)
            self.stdout.write(f"{last}: hoàn tác được. Chưa ghi gì.")
            return
        try:
            undo(last, by=None)
        except UndoRefused as refused:
            raise CommandError(f"Chưa hoàn tác. {refused}", returncode=REFUSED) from refused
        self.stdout.write(f"{last}: đã hoàn tác.")

    def _refuse(self, problems: list[Problem], options: dict[str, Any]) -> None:
        if options["json"]:
            refused = [
                {"line": each.line, "column": each.column, "reason": each.reason}
                for each in problems
            ]
            self.stdout.write(json.dumps({"refused": refused, "written": 0}, ensure_ascii=False))
        else:
            for problem in problems:
                self.stderr.write(str(problem))
        raise CommandError("Không thay đổi gì.", returncode=REFUSED)

    def _tell(self, shown: Preview, done: bool, options: dict[str, Any]) -> None:
        if options["json"]:
            answer = {
                "refused": [],
                "day": shown.plan.day.isoformat(),
                **shown.counts,
                "warnings": shown.plan.warnings,
                "written": int(done),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for sentence in told(shown, done=done):
            self.stdout.write(sentence)
        for warning in shown.plan.warnings:
            self.stderr.write(warning)
        if not done and shown.plan.day > clock.today():
            try:
                refuse_future(shown.plan.day)
            except MergerRefused as later:
                self.stderr.write(str(later))
