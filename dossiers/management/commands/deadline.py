"""python manage.py deadline RECEIVED VALUE UNIT: a due date, with every day explained."""

import json
import re
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.rules.deadlines import LONGEST_LIMIT, Due, Limit, LimitUnit, due
from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.workdays import NoCalendarData


class Command(BaseCommand):
    help = (
        "Tính ngày hẹn trả: dòng đầu là hạn trả, sau đó mỗi ngày một dòng, được tính (counted) "
        "hay bỏ qua (skipped) và vì sao."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        # Taken as text: what is wrong with one is said in Vietnamese, which argparse cannot.
        parser.add_argument(
            "received", metavar="RECEIVED", help="lúc nhận, giờ Việt Nam, như 2016-02-04T09:00"
        )
        parser.add_argument("value", metavar="VALUE", help="thời hạn, như 15; same_day thì ghi 0")
        parser.add_argument("unit", metavar="UNIT", help=", ".join(LimitUnit))
        parser.add_argument("--office", metavar="CODE", help="theo giờ làm việc của đơn vị này")
        parser.add_argument("--json", action="store_true", help="kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        received_at = read_moment(options["received"])
        limit = read_limit(options["value"], options["unit"])
        office = read_office(options["office"], received_at.date())
        try:
            answer = due(calendar_for(office), received_at, limit)
        except NoCalendarData as missing:
            raise CommandError(str(missing)) from missing
        self.stdout.write(as_json(answer) if options["json"] else as_lines(answer))
        if answer.estimated:
            self.stderr.write("Lưu ý: có ngày nghỉ mới là ước tính, chưa có thông báo chính thức.")


def read_moment(text: str) -> datetime:
    """A local moment with its hour; seconds may follow. Raises CommandError."""
    for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - local time is what is asked
        except ValueError:
            continue
    raise CommandError(
        f"Không hiểu lúc nhận “{text}”. Hãy ghi cả ngày và giờ Việt Nam, không kèm múi giờ, "
        "như 2016-02-04T09:00."
    )


def read_limit(value: str, unit: str) -> Limit:
    """Raises CommandError for an unknown unit or a value that is no length of time."""
    if unit not in list(LimitUnit):
        raise CommandError(f"Không có đơn vị tính “{unit}”. Hãy dùng: {', '.join(LimitUnit)}.")
    # Not int() alone: it takes 1_000 and digits of other scripts, and says no in English.
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise CommandError(f"Thời hạn “{value}” phải là số nguyên từ 1 đến {LONGEST_LIMIT}.")
    try:
        return Limit(int(value), LimitUnit(unit))
    except ValueError as error:
        raise CommandError(str(error)) from error


def read_office(code: str | None, day: date) -> Office | None:
    """Who bears the code on the day, none where none is asked for. Raises CommandError."""
    if code is None:
        return None
    office = Office.objects.coded(code, day)
    if office is None:
        raise CommandError(f"Ngày {day:%d/%m/%Y} không có đơn vị nào mang mã {code}.")
    return office


def as_lines(answer: Due) -> str:
    lines = [to_the_minute(answer.due_at)]
    for day in answer.days:
        lines.append(f"{day.date}  {'counted' if day.counted else 'skipped'}  {day.why}")
    return "\n".join(lines)


def as_json(answer: Due) -> str:
    """{"received_at", "due_at", "days": [{"date", "counted", "why"}]}"""
    content = {
        "received_at": to_the_minute(answer.received_at),
        "due_at": to_the_minute(answer.due_at),
        "days": [
            {"date": day.date.isoformat(), "counted": day.counted, "why": day.why}
            for day in answer.days
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def to_the_minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
