"""Several days off at once: a range of dates, or the ticked days of a year's estimate. A day that
is there already stays as it is, and is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db import transaction

from motcua import clock
from motcua.days import DayField
from motcua.form_layout import CrispyForm
from motcua.models import Office
from procedures.models import CalendarDay, OfficeClosure
from procedures.timetable.proposed import ProposedDay, source

LONGEST = 31  # days; Tết with its swapped days took 9
YEARS = range(2000, 2100)
SATURDAY = 5


@dataclass
class DaysAdded:
    """What became of the days that were asked for."""

    added: list[date] = field(default_factory=list)
    there: list[tuple[date, str]] = field(default_factory=list)
    """Days that were there already, with what they are called; nothing of them changed."""


def date_field(label: str) -> DayField:
    return DayField(
        label=label,
        error_messages={
            "required": "Hãy nhập ngày.",
            "invalid": "Ngày chưa đúng. Hãy nhập như 30/04/2026.",
        },
    )


class DaysOffForm(CrispyForm):
    """From a day to a day, both off, and why."""

    first = date_field("Nghỉ từ ngày")
    last = date_field("Đến hết ngày")
    reason = forms.CharField(
        label="Lý do",
        max_length=120,
        error_messages={"required": "Hãy ghi lý do, ví dụ “Tết Nguyên đán”."},
    )
    weekends = forms.BooleanField(
        label="Kể cả thứ Bảy, Chủ nhật",
        required=False,
        initial=True,
        help_text="Để quầy thứ Bảy cũng nghỉ những ngày đó.",
    )

    def form_layout(self) -> Layout:
        return Layout(*self.fields)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        for name, day in (("first", first), ("last", last)):
            if day is not None and day.year not in YEARS:
                self.add_error(name, f"Năm {day.year} không thể là năm của lịch.")
        if self.errors or first is None or last is None:
            return self.cleaned_data
        if last < first:
            self.add_error("last", "Ngày cuối phải từ ngày đầu trở đi.")
        elif (last - first).days >= LONGEST:
            self.add_error("last", f"Mỗi lần nhiều nhất {LONGEST} ngày. Hãy chia làm nhiều lần.")
        elif not self.days():
            self.add_error("weekends", "Khoảng này chỉ có thứ Bảy, Chủ nhật.")
        return self.cleaned_data

    def days(self) -> list[date]:
        """The days asked for, in order."""
        typed = self.cleaned_data
        count = (typed["last"] - typed["first"]).days + 1
        days = [typed["first"] + timedelta(days=n) for n in range(count)]
        return [day for day in days if typed["weekends"] or day.weekday() < SATURDAY]


class HolidayForm(DaysOffForm):
    """Days off of the whole country."""

    kind = forms.ChoiceField(
        label="Loại",
        choices=[
            (kind.value, kind.label)
            for kind in (CalendarDay.Kind.HOLIDAY, CalendarDay.Kind.BRIDGE_OFF)
        ],
    )
    source = forms.CharField(
        label="Nguồn",
        max_length=250,
        required=False,
        help_text="Số, ngày của thông báo hoặc văn bản.",
    )
    is_estimate = forms.BooleanField(
        label="Ước tính", required=False, help_text="Chưa có thông báo chính thức của năm đó."
    )

    @transaction.atomic
    def save(self) -> DaysAdded:
        typed = self.cleaned_data
        days = self.days()
        done = DaysAdded()
        kept = CalendarDay.objects.filter(date__in=days)
        names = {day.date: f"{day.get_kind_display()}: {day.name}" for day in kept}
        for day in days:
            if day in names:
                done.there.append((day, names[day]))
                continue
            CalendarDay.objects.create(
                date=day,
                kind=typed["kind"],
                name=typed["reason"],
                source=typed["source"],
                is_estimate=typed["is_estimate"],
            )
            done.added.append(day)
        return done


class ClosureForm(DaysOffForm):
    """Days on which one office is closed, though the country works."""

    @transaction.atomic
    def save(self, office: Office) -> DaysAdded:
        days = self.days()
        done = DaysAdded()
        kept = OfficeClosure.objects.filter(office=office, date__in=days)
        reasons = dict(kept.values_list("date", "reason"))
        for day in days:
            if day in reasons:
                done.there.append((day, reasons[day]))
                continue
            OfficeClosure.objects.create(
                office=office, date=day, reason=self.cleaned_data["reason"]
            )
            done.added.append(day)
        return done


class YearForm(CrispyForm):
    """The year whose days off are to be proposed; next year unless another is asked for."""

    nam = forms.IntegerField(
        label="Năm",
        min_value=YEARS.start,
        max_value=YEARS.stop - 1,
        error_messages={
            "invalid": "Năm chưa đúng. Hãy nhập như 2028.",
            "min_value": "Hãy nhập một năm từ 2000 đến 2099.",
            "max_value": "Hãy nhập một năm từ 2000 đến 2099.",
        },
    )

    @property
    def year(self) -> int:
        return int(self.cleaned_data["nam"]) if self.is_valid() else clock.today().year + 1


@transaction.atomic
def add_proposed(days: Iterable[ProposedDay], ticked: Iterable[str]) -> DaysAdded:
    """Keep the ticked days of the estimate as one, with its source."""
    chosen = set(ticked)
    done = DaysAdded()
    for day in days:
        if day.date.isoformat() not in chosen:
            continue
        if day.existing is not None:
            done.there.append((day.date, day.existing.name))
            continue
        CalendarDay.objects.create(
            date=day.date, kind=day.kind, name=day.name, source=source(), is_estimate=True
        )
        done.added.append(day.date)
    return done
