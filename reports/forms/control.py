"""The one control of the leaders' page: which period, of which scope. The named periods of a few
years in one list; any other period is asked for by the whole form."""

from dataclasses import dataclass

from reports.forms.choices import PERIODS, RANGE, WHOLE_YEAR, FiguresForm

NAMED = tuple((word, label) for word, label in PERIODS if word != RANGE)


@dataclass(frozen=True)
class PeriodChoice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    years: list[tuple[int, list[PeriodChoice]]]
    """The periods of each year, the latest first."""
    other: PeriodChoice | None
    """A period between two dates, which is in no list."""
    calendar: str
    """The word of a calendar that is not the usual one."""


def control_of(form: FiguresForm, this_year: int) -> Control:
    """The list for the choice of a valid form: its year, the two beside it, and this year."""
    key = form.period.key
    year = form.cleaned_data["nam"] or form.period.end.year
    years = sorted({year - 1, year, year + 1, this_year}, reverse=True)
    named = ".." not in key
    return Control(
        years=[(each, _choices(each, key)) for each in years],
        other=None if named else PeriodChoice(key, form.period.label, chosen=True),
        calendar=form.query.get("lich", ""),
    )


def _choices(year: int, key: str) -> list[PeriodChoice]:
    choices = []
    for word, label in NAMED:
        value = str(year) if word == WHOLE_YEAR else f"{year}-{word}"
        words = f"Năm {year}" if word == WHOLE_YEAR else f"{label} {year}"
        choices.append(PeriodChoice(value, words, value == key))
    return choices
