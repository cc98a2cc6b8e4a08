"""The calendar that the project ships, read without Django for the tests of the pure modules."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from procedures.workdays import DayKind, SpecialDay, WorkingCalendar

FILE = Path(__file__).resolve().parents[2] / "procedures" / "data" / "working-calendar.csv"


@cache
def shipped_days() -> dict[date, SpecialDay]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            date.fromisoformat(row["date"]): SpecialDay(
                DayKind(row["kind"]), row["name"], row["source"].startswith("ESTIMATE")
            )
            for row in csv.DictReader(file)
        }


@cache
def shipped_calendar() -> WorkingCalendar:
    """The country's days from 2015 to 2027 and the usual hours."""
    return WorkingCalendar(shipped_days())
