"""An office's week in one form: hours for all ticked days, days with hours of their own, and the
day from which they hold. What held before that day stays as it was.

Made for the administration's page of an office, and to be laid into another page: `WeeklyHoursForm`
with the template `admin/_weekly_hours.html` and the style sheet `css/weekly-hours.css`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BoundField

from motcua import clock
from motcua.form_layout import CrispyForm
from motcua.models import Office
from procedures.calendar import sessions_of
from procedures.models import WorkSession
from procedures.opening import OpenHours, in_words
from procedures.timetable.many_days import date_field
from procedures.workdays import SATURDAY, WEEKDAYS, in_force

Sessions = tuple[tuple[time, time], ...]
Week = dict[int, Sessions]
"""The sessions of each weekday that is worked, 0 for Monday."""

ENDS = ("morning_opens", "morning_closes", "afternoon_opens", "afternoon_closes")
_NAMES = {
    "morning_opens": "sáng, từ",
    "morning_closes": "sáng, đến",
    "afternoon_opens": "chiều, từ",
    "afternoon_closes": "chiều, đến",
}
USUAL = ("07:00", "11:00", "13:00", "17:00")


def time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%Hg%M", "%Hh%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Giờ chưa đúng. Hãy nhập như 07:30."},
    )


@dataclass(frozen=True)
class DayRow:
    """A line of the form: the hours of all days, or of a weekday that has its own."""

    name: str
    fields: list[BoundField]

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in self.fields for error in field.errors]


class WeeklyHoursForm(CrispyForm):
    """Hours of the ticked days, exceptions by weekday, and from when."""

    days = forms.MultipleChoiceField(
        label="Làm việc vào",
        choices=[(str(day), name) for day, name in enumerate(WEEKDAYS)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Không có thứ này trong tuần."},
    )
    valid_from = date_field("Áp dụng từ ngày")

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        self.office = office
        kwargs["initial"] = _initial(hours_on(office, clock.today())) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in _all_names():
            weekday, _, end = name.rpartition("-")
            day = f"{WEEKDAYS[int(weekday)]}, " if weekday else ""
            self.fields[name] = time_field(f"{day}{_NAMES[end]}")
        self.order_fields(["days", *ENDS, *_exceptions(), "valid_from"])

    def form_layout(self) -> Layout:
        return Layout(*self.fields)

    @property
    def common(self) -> DayRow:
        return DayRow("Mọi ngày đã chọn", [self[end] for end in ENDS])

    @property
    def exceptions(self) -> list[DayRow]:
        return [
            DayRow(name[:1].upper() + name[1:], [self[f"{day}-{end}"] for end in ENDS])
            for day, name in enumerate(WEEKDAYS)
        ]

    @property
    def has_exceptions(self) -> bool:
        """Whether the lines of single days are to stand open."""
        return any(field.value() or field.errors for row in self.exceptions for field in row.fields)

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise ValidationError("Giờ đã qua không đổi được. Hãy chọn từ hôm nay trở đi.")
        return day

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        common = self._sessions("")
        self.week: Week = {int(day): common for day in self.cleaned_data.get("days", [])}
        if self.week and not common:
            self._say(ENDS[0], "Hãy nhập giờ của những ngày đã chọn.")
        for weekday in range(len(WEEKDAYS)):
            if own := self._sessions(f"{weekday}-"):
                self.week[weekday] = own
        if not self.errors and not any(day < SATURDAY for day in self.week):
            self._say("days", "Hãy chọn ít nhất một ngày từ thứ Hai đến thứ Sáu.")
        return self.cleaned_data

    def save(self) -> None:
        """Keep the week from its day on."""
        keep_week(self.office, self.week, self.cleaned_data["valid_from"])

    def _sessions(self, prefix: str) -> Sessions:
        """What a line says, morning before afternoon; faults are told at their fields."""
        sessions: list[tuple[time, time]] = []
        for half in ("morning", "afternoon"):
            opens, closes = (
                self.cleaned_data.get(f"{prefix}{half}_{end}") for end in ("opens", "closes")
            )
            if opens is None and closes is None:
                continue
            if opens is None or closes is None:
                missing = "opens" if opens is None else "closes"
                self._say(f"{prefix}{half}_{missing}", "Buổi này còn thiếu một giờ.")
            elif closes <= opens:
                self._say(f"{prefix}{half}_closes", "Giờ kết thúc phải sau giờ bắt đầu.")
            elif sessions and opens < sessions[0][1]:
                self._say(f"{prefix}{half}_opens", "Buổi chiều phải sau buổi sáng.")
            else:
                sessions.append((opens, closes))
        return tuple(sessions)

    def _say(self, field: str, sentence: str) -> None:
        self.add_error(field, sentence)


def hours_on(office: Office, day: date) -> Week:
    """The week that is in force on the day: the office's own, otherwise the usual one."""
    week: dict[int, list[tuple[time, time]]] = {}
    for session in in_force(sessions_of([office.pk])[office.pk], day):
        week.setdefault(session.weekday, []).append((session.opens, session.closes))
    return {weekday: tuple(sorted(sessions)) for weekday, sessions in week.items()}


def week_in_words(week: Mapping[int, Sessions]) -> list[OpenHours]:
    return in_words(dict(week))


@transaction.atomic
def keep_week(office: Office, week: Mapping[int, Sessions], valid_from: date) -> None:
    """The office works so from the day on. Rows in force before end the day before; rows that
    were to begin on the day or later have not held yet and make way."""
    rows = WorkSession.objects.select_for_update().filter(office=office).order_by("pk")
    for row in rows:
        if row.valid_to is not None and row.valid_to < valid_from:
            continue
        if row.valid_from is not None and row.valid_from >= valid_from:
            row.delete()
        else:
            row.valid_to = valid_from - timedelta(days=1)
            row.save(update_fields=["valid_to"])
    for weekday, sessions in sorted(week.items()):
        for opens, closes in sessions:
            WorkSession.objects.create(
                office=office,
                weekday=weekday,
                opens=opens,
                closes=closes,
                valid_from=valid_from,
            )


def _exceptions() -> Iterator[str]:
    return (f"{weekday}-{end}" for weekday in range(len(WEEKDAYS)) for end in ENDS)


def _all_names() -> Iterator[str]:
    yield from ENDS
    yield from _exceptions()


def _initial(week: Week) -> dict[str, Any]:
    """The form as the week stands: the hours that most days share, and the days that differ."""
    common = Counter(_halves(week[day]) for day in sorted(week)).most_common(1)
    shared = common[0][0] if common else USUAL
    initial: dict[str, Any] = dict(zip(ENDS, shared, strict=True))
    initial["days"] = [str(day) for day in sorted(week) if _halves(week[day]) == shared]
    initial["valid_from"] = clock.today()
    for day in sorted(week):
        if _halves(week[day]) != shared:
            halves = zip(ENDS, _halves(week[day]), strict=True)
            initial |= {f"{day}-{end}": at for end, at in halves}
    return initial


NOON = time(12)


def _halves(sessions: Iterable[tuple[time, time]]) -> tuple[Any, Any, Any, Any]:
    """Morning and afternoon of a day. A day of one session has it where it begins; of more than
    two the first and the last are shown."""
    known = list(sessions)
    if len(known) == 1:
        alone = known[0]
        return (*alone, None, None) if alone[0] < NOON else (None, None, *alone)
    return (*known[0], *known[-1])
