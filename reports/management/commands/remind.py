"""python manage.py remind [PERIOD]: remind the offices that have not signed; for a timer."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua import clock
from reports.figures.offices import every_office
from reports.sign_off.closing import closable, standings
from reports.sign_off.reminders import remind
from reports.terms.periods import CALENDARS, Period, Span, containing

STARTS_BEFORE = 3


class Command(BaseCommand):
    help = (
        "Nhắc các đơn vị chưa ký số liệu của kỳ, mỗi đơn vị mỗi kỳ nhiều nhất một lần một ngày. "
        "Không ghi kỳ: quý vừa qua."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", metavar="PERIOD", nargs="?", help="như 2016-Q3, 2016-9M")
        parser.add_argument("--calendar", choices=CALENDARS, default="calendar")
        parser.add_argument(
            "--before",
            type=int,
            default=STARTS_BEFORE,
            metavar="DAYS",
            help="bắt đầu nhắc trước hạn gửi mấy ngày (mặc định 3)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        period = _period(options["period"], options["calendar"])
        found = standings(every_office().offices, [period]).values()
        of_period = [by_period[period.key] for by_period in found]
        due = [each for each in of_period if each.days_left <= options["before"]]
        self.stdout.write(f"{period.label}: {remind(due).sentence}")


def _period(key: str | None, calendar: str) -> Period:
    """The period asked for, or the quarter that ended last."""
    if key is None:
        running = containing(clock.today(), Span.QUARTER, calendar)
        return containing(running.start - timedelta(days=1), Span.QUARTER, calendar)
    try:
        return closable(key, calendar)
    except ValueError as error:
        raise CommandError(str(error)) from None
