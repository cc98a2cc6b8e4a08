"""python manage.py report PERIOD: the figures of a period, for people and for programs."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua import clock
from motcua.models import Level, Office
from reports.figures.offices import every_office
from reports.figures.tables import By, Table, table
from reports.output.csv_files import sheet_csv
from reports.output.drift import drifts, sentence
from reports.output.pdf import sheet_pdf
from reports.output.sheets import Sheet, figures_sheet
from reports.output.xlsx import sheet_xlsx
from reports.register.report_request import with_remarks
from reports.terms.columns import NAMES
from reports.terms.layouts import BY_CODE, FULL, II_06A
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import OfficesOfDay, Scope, scope_of_all, scope_of_level, scope_of_office


class Command(BaseCommand):
    help = (
        "Số liệu của một kỳ báo cáo. Kỳ: 2016-Q1, 2016-6M, 2016-9M, 2016 hoặc "
        "2016-01-01..2016-09-30."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD", help="kỳ báo cáo")
        parser.add_argument("--office", metavar="CODE", help="chỉ bộ phận một cửa của đơn vị này")
        parser.add_argument("--level", help="province (cấp tỉnh), district hoặc commune (cấp xã)")
        parser.add_argument(
            "--calendar",
            default="calendar",
            help="calendar (dương lịch, mặc định) hoặc nd09 (NĐ 09/2019, từ 15/12 năm trước)",
        )
        parser.add_argument(
            "--by", default="sector", help="sector (mặc định), office hoặc procedure"
        )
        parser.add_argument(
            "--layout",
            help=f"mẫu: {', '.join(BY_CODE)}; không ghi thì đủ các số, riêng PDF là II.06a",
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
            period = period.told_on(clock.today())
        except ValueError as error:
            raise CommandError(str(error)) from error
        scope = scope_of(options, period)
        if not scope.offices and options["format"] != "json":
            raise CommandError(
                "Chưa có đơn vị nào có bộ phận một cửa nên không lập được biểu. Hãy nạp danh mục "
                "đơn vị trước."
            )
        figures = table(period, scope, By(options["by"]))
        if not figures.adds_up:
            raise CommandError("Số liệu không khớp: " + " ".join(figures.problems))
        if said := sentence(drifts(period, scope)):
            self.stderr.write(said)
        self.deliver(content_of(figures, options["format"], options["layout"]), options["output"])

    def deliver(self, content: str | bytes, output: str | None) -> None:
        if output is None:
            self.stdout.write(str(content), ending="")
            return
        data = content.encode() if isinstance(content, str) else content
        try:
            Path(output).write_bytes(data)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror}.") from error


def scope_of(options: dict[str, Any], period: Period) -> Scope:
    """The scope that the options name, of the offices at the end of the period; all desks without
    any. Raises CommandError."""
    desks = every_office().of(period)
    if options["office"] is not None and options["level"]:
        raise CommandError("Chỉ dùng một trong hai: --office hoặc --level.")
    if options["office"] is not None:
        return _scope_of_code(options["office"], period, desks)
    if options["level"]:
        return scope_of_level(Level(options["level"]), desks)
    return scope_of_all(desks)


def _scope_of_code(code: str, period: Period, desks: OfficesOfDay) -> Scope:
    """The office that bears the code at the end of the period, also one without a desk; one that
    has ended without a successor while its row stands. Raises CommandError."""
    rows = (office for office in desks.rows if not office.ended_before(period.start))
    row = next((office for office in rows if office.code == code), None)
    if row is not None:
        return scope_of_office(row, desks)
    office = Office.objects.coded(code, period.as_of)
    if office is None:
        said = code or "trống"
        raise CommandError(f"Ngày {period.as_of:%d/%m/%Y} không có đơn vị nào mang mã {said}.")
    return scope_of_office(office.on(period.as_of))


def content_of(figures: Table, format: str, code: str | None) -> str | bytes:
    """The figures in the format and in the layout of this code. Without a code: everything, and
    on paper Biểu II.06a. Raises CommandError when the layout does not add up."""
    if code is None and format == "json":
        return as_json(figures, NAMES, [row.figures for row in figures.rows], figures.total)
    layout = BY_CODE[code] if code else II_06A if format == "pdf" else FULL
    sheet = with_remarks(figures_sheet(figures, layout))
    if not sheet.adds_up:
        raise CommandError("Số liệu không khớp: " + " ".join(sheet.problems))
    if format != "json":
        return FORMATS[format](sheet)
    names = [column.name for column in layout.columns]
    values = [layout.values(row.figures) for row in figures.rows]
    return as_json(figures, names, values, layout.values(figures.total), layout=layout.code)


def as_json(
    figures: Table,
    names: Sequence[str],
    values: Sequence[Mapping[str, int]],
    total: Mapping[str, int],
    **more: str,
) -> str:
    """{"period", "scope", "rows", "total"}: numbers under the names of docs/domain.md, or
    under those of the layout's columns."""
    period = figures.period
    content = {
        "period": {
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "as_of": period.as_of.isoformat(),
        },
        "scope": figures.scope.code,
        **more,
        "rows": [
            {"key": row.key, "name": row.name, **{name: of[name] for name in names}}
            for row, of in zip(figures.rows, values, strict=True)
        ],
        "total": {name: total[name] for name in names},
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Sheet], str | bytes]] = {
    "csv": sheet_csv,
    "xlsx": sheet_xlsx,
    "pdf": sheet_pdf,
}
ALLOWED = {
    "level": tuple(Level.values),
    "calendar": ("calendar", "nd09"),
    "by": tuple(by.value for by in By),
    "layout": tuple(BY_CODE),
    "format": ("json", *FORMATS),
}
