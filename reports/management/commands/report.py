"""python manage.py report PERIOD: the figures of a period, for people and for programs."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.models import Level, Office
from reports.columns import NAMES
from reports.exports import report_csv, report_xlsx
from reports.periods import parse_period
from reports.printouts import report_pdf
from reports.scopes import Scope, scope_of_all, scope_of_level, scope_of_office
from reports.statistics import By, Table, table


class Command(BaseCommand):
    help = (
        "Số liệu của một kỳ báo cáo. Kỳ: 2016-Q1, 2016-6M, 2016-9M, 2016 hoặc "
        "2016-01-01..2016-09-30."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD", help="kỳ báo cáo")
        parser.add_argument("--office", metavar="CODE", help="chỉ bộ phận một cửa của đơn vị này")
        parser.add_argument("--level", help="district (cấp huyện) hoặc commune (cấp xã)")
        parser.add_argument(
            "--calendar",
            default="calendar",
            help="calendar (dương lịch, mặc định) hoặc nd09 (NĐ 09/2019, từ 15/12 năm trước)",
        )
        parser.add_argument(
            "--by", default="sector", help="sector (mặc định), office hoặc procedure"
        )
        parser.add_argument("--format", default="json", help="json (mặc định), csv, xlsx hoặc pdf")
        parser.add_argument("--output", metavar="FILE", help="ghi ra tệp này")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, allowed in ALLOWED.items():
            value = options[name]
            if value is not None and value not in allowed:
                raise CommandError(
                    f"--{name} {value}: không có lựa chọn này, hãy dùng {', '.join(allowed)}."
                )
        if options["format"] in ("xlsx", "pdf") and not options["output"]:
            raise CommandError(
                f"Định dạng {options['format']} cần nơi ghi: thêm --output TỆP.{options['format']}."
            )
        try:
            period = parse_period(options["period"], options["calendar"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        figures = table(period, scope_of(options), By(options["by"]))
        if not figures.adds_up:
            raise CommandError("Số liệu không khớp: " + " ".join(figures.problems))
        self.deliver(FORMATS[options["format"]](figures), options["output"])

    def deliver(self, content: str | bytes, output: str | None) -> None:
        if output is None:
            self.stdout.write(str(content), ending="")
            return
        data = content.encode() if isinstance(content, str) else content
        try:
            Path(output).write_bytes(data)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror}.") from error


def scope_of(options: dict[str, Any]) -> Scope:
    """The scope that the options name; all desks without any. Raises CommandError."""
    if options["office"] and options["level"]:
        raise CommandError("Chỉ dùng một trong hai: --office hoặc --level.")
    if options["office"]:
        office = Office.objects.filter(code=options["office"]).first()
        if office is None:
            raise CommandError(f"Không có đơn vị mang mã {options['office']}.")
        return scope_of_office(office)
    desks = Office.objects.with_desk()
    if options["level"]:
        return scope_of_level(Level(options["level"]), desks)
    return scope_of_all(desks)


def as_json(figures: Table) -> str:
    """{"period", "scope", "rows", "total"}: numbers under the names of design section 5."""
    period = figures.period
    content = {
        "period": {"from": period.start.isoformat(), "to": period.end.isoformat()},
        "scope": figures.scope.code,
        "rows": [
            {"key": row.key, "name": row.name, **{name: row.figures[name] for name in NAMES}}
            for row in figures.rows
        ],
        "total": {name: figures.total[name] for name in NAMES},
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


FORMATS = {"json": as_json, "csv": report_csv, "xlsx": report_xlsx, "pdf": report_pdf}
ALLOWED = {
    "level": ("district", "commune"),
    "calendar": ("calendar", "nd09"),
    "by": tuple(by.value for by in By),
    "format": tuple(FORMATS),
}
