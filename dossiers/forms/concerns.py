"""Whom or what the result concerns, asked in one to three labelled lines and kept as one.

`IntakeForm` takes the lines of all kinds; `ask_concerns` leaves those of the procedure.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from crispy_forms.layout import Div
from crispy_forms.layout import Fieldset as Part
from django import forms

from dossiers.forms import fields
from dossiers.forms.doubts import Doubt
from motcua import clock
from motcua.days import DayField, read_day
from motcua.form_layout import CrispyForm
from motcua.text import tidy
from procedures.models import Concerns, Procedure

NOT_YET = "Ngày {:%d/%m/%Y} chưa tới."
GROWN = "Con sinh năm {}, đã {} tuổi: mời xem lại."
NO_CHILD_FROM = 16
"""Years: trẻ em are younger (Luật Trẻ em 2016, Điều 1)."""
_DAYS = ("child_born", "death_day")
# Here it is grown people of whom a birth is registered.
_OF_GROWN = re.compile(r"đăng ký lại|đã có hồ sơ|đã có giấy tờ", re.IGNORECASE)
LINES: dict[str, tuple[str, ...]] = {
    Concerns.CHILD: ("child_name", "child_sex", "child_born"),
    Concerns.SPOUSES: ("groom", "bride"),
    Concerns.PARCEL: ("parcel", "map_sheet", "parcel_place"),
    Concerns.DECEASED: ("deceased_name", "death_day"),
}
_FIRST_WORDS = {
    "child_born": "sinh {}",
    "death_day": "chết ngày {}",
    "parcel": "thửa {}",
    "map_sheet": "tờ bản đồ {}",
}
# As `concerns_words` joins them, to be taken apart again.
_DAY_WRITTEN = r"\d\d/\d\d/\d{4}"
_JOINED = {
    Concerns.CHILD: r"(?P<child_name>[^,]+)(?:, (?P<child_sex>nam|nữ))?"
    rf"(?:, sinh (?P<child_born>{_DAY_WRITTEN}))?",
    Concerns.SPOUSES: r"(?P<groom>.+) và (?P<bride>.+)",
    Concerns.PARCEL: r"Thửa (?P<parcel>[^,]+)(?:, tờ bản đồ (?P<map_sheet>[^,]+))?"
    r"(?:, (?P<parcel_place>.+))?",
    Concerns.DECEASED: rf"(?P<deceased_name>[^,]+)(?:, chết ngày (?P<death_day>{_DAY_WRITTEN}))?",
}
# Without this one the others say nothing of anybody.
_NEEDED: dict[str, tuple[str, str]] = {
    Concerns.CHILD: ("child_name", "Hãy ghi họ tên trẻ."),
    Concerns.PARCEL: ("parcel", "Hãy ghi số thửa đất."),
    Concerns.DECEASED: ("deceased_name", "Hãy ghi họ tên người chết."),
}


def _line(label: str, most: int, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    messages = fields.MESSAGES
    return forms.CharField(
        label=label, max_length=most, required=False, error_messages=messages, widget=widget
    )


def doubtful_days(procedure: Procedure, data: Mapping[str, Any]) -> list[Doubt]:
    """What is unlikely about the days, read or as they were typed; it is asked and blocks nothing.
    That a day is still to come is said here while it is typed; such a form is not saved."""
    today, found = clock.today(), []
    for name in LINES.get(procedure.concerns, ()):
        day = _day(data.get(name)) if name in _DAYS else None
        if day is not None and day > today:
            found.append(Doubt(NOT_YET.format(day), name))
        elif day is not None and name == "child_born" and not _OF_GROWN.search(procedure.name):
            age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
            if age >= NO_CHILD_FROM:
                found.append(Doubt(GROWN.format(day.year, age), name))
    return found


def concerns_words(kind: str, data: Mapping[str, Any]) -> str:
    """The lines of this kind as they are kept: "Nguyễn Thị Na, nữ, sinh 05/03/2016"."""
    words = [_words(name, data.get(name)) for name in LINES.get(kind, ())]
    joined = (" và " if kind == Concerns.SPOUSES else ", ").join(filter(None, words))
    return joined[:1].upper() + joined[1:]


def lines_of(kind: str, kept: str) -> dict[str, str] | None:
    """What is kept, taken apart into its lines; None where it was not written by them, or they
    cannot be told apart: then it is corrected as one line.

    >>> lines_of("parcel", "Thửa 123, tờ bản đồ 4")
    {'parcel': '123', 'map_sheet': '4'}
    """
    if kind not in LINES:
        return None
    if not kept:
        return {}
    found = re.fullmatch(_JOINED[Concerns(kind)], kept)
    lines = {name: value for name, value in found.groupdict().items() if value} if found else {}
    is_single = kind != Concerns.SPOUSES or kept.count(" và ") == 1
    return lines if is_single and concerns_words(kind, lines) == kept else None


def wrong_lines(kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of this kind that may not stay so, with a sentence."""
    for name in LINES.get(kind, ()):
        day = data.get(name) if name in _DAYS else None
        if day is not None and day > clock.today():
            yield name, NOT_YET.format(day)
    name, sentence = _NEEDED.get(kind, ("", ""))
    if name and not data.get(name) and concerns_words(kind, data):
        yield name, sentence


def _words(name: str, value: Any) -> str:
    said = f"{value:%d/%m/%Y}" if isinstance(value, date) else tidy(value or "")
    pattern = _FIRST_WORDS.get(name, "{}")
    first = pattern.partition(" ")[0]
    if not said or said.casefold().startswith(f"{first.casefold()} "):
        return said
    return pattern.format(said)


def _day(value: Any) -> date | None:
    return read_day(value) if isinstance(value, str) else value


class ConcernsForm(CrispyForm):
    """The lines about whom or what the result concerns; all may be left empty."""

    # The longest of a kind, joined, still fit into the dossier's 200 letters.
    child_name = _line("Họ tên trẻ", 100, **fields.OFFERS_CAPITALS)
    child_sex = forms.ChoiceField(
        label="Giới tính",
        choices=[("", "chưa ghi"), ("nam", "nam"), ("nữ", "nữ")],
        required=False,
        error_messages=fields.CHOICE,
    )
    child_born = DayField(label="Ngày sinh", required=False)
    groom = _line("Bên nam: họ tên, số giấy tờ", 95, **fields.OFFERS_CAPITALS)
    bride = _line("Bên nữ: họ tên, số giấy tờ", 95, **fields.OFFERS_CAPITALS)
    parcel = _line("Thửa đất số", 40)
    map_sheet = _line("Tờ bản đồ số", 20)
    parcel_place = _line("Địa chỉ thửa đất", 120)
    deceased_name = _line("Họ tên người chết", 100, **fields.OFFERS_CAPITALS)
    death_day = DayField(label="Ngày chết", required=False)

    concerns_kind = ""

    def ask_concerns(self, procedure: Procedure) -> None:
        """Ask only what belongs to this procedure."""
        self.concerns_kind = procedure.concerns
        asked = LINES.get(self.concerns_kind, ())
        for name in ConcernsForm.base_fields:
            if name not in asked:
                del self.fields[name]

    def concerns_part(self) -> list[Any]:
        """The part of the form for the lines that are asked; nothing where none are."""
        asked = [name for name in ConcernsForm.base_fields if name in self.fields]
        if not self.concerns_kind or not asked:
            return []
        lines = Div(Div(*asked, css_class="field-row"), css_class="part-fields")
        legend = f"Kết quả về {Concerns(self.concerns_kind).label}"
        return [Part(legend, lines, css_id="ket-qua-ve", css_class="part")]

    @property
    def concerns(self) -> str:
        """One line of what was typed: "Nguyễn Thị Na, nữ, sinh 05/03/2016"."""
        return concerns_words(self.concerns_kind, self.cleaned_data)

    @property
    def typed_days(self) -> list[tuple[forms.BoundField, date | None]]:
        """The days that are asked, each with what was typed, for the slip at the side."""
        asked = [self[name] for name in _DAYS if name in self.fields]
        return [(field, _day(field.value())) for field in asked]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sentence in wrong_lines(self.concerns_kind, data):
            if name not in self.errors:
                self.add_error(name, sentence)
        return data
