"""Finding dossiers: what may be asked of the list, and what each question means."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.text import slugify

from dossiers.desk.finding import exact_name_first, of_code
from dossiers.desk.queues import open_due_on, open_overdue
from dossiers.forms import fields
from dossiers.models import Dossier, DossierQuerySet
from dossiers.rules.codes import LONGEST_TYPED
from dossiers.rules.personal_numbers import (
    IdentityKind,
    NumberRefused,
    read_identity,
    read_telephone,
)
from dossiers.rules.states import STATE_WORDS, WAITING, State
from dossiers.rules.timeliness import Timeliness
from motcua import clock
from motcua.access import offices_visible_to
from motcua.days import DayField
from motcua.form_layout import CrispyForm, Fold, model_choice_field
from motcua.models import Office, Staff
from motcua.text import fold, tidy, whole_number
from procedures.models import Procedure, Sector

_ONLY_DIGITS = re.compile(r"\+?[\d\s.,/\-()]{6,}")
_FROM_HERE = re.compile(r"(?<!\d)00\s*(?=[1-9])")  # dialled before the code of a country
_TAX_LABEL = re.compile(r"(?i)^(?:mst|m[ãa] s[ốo] thu[ếe])\b[\s:.]*")

_GROUPS = {
    "chua-ket-thuc": ("chưa kết thúc", Q(received_on__isnull=False, resolved_on__isnull=True)),
    "cho-cong-dan": ("chờ công dân", Q(state__in=sorted(s.value for s in WAITING))),
}
# Every order ends with the key, so that a page never shows a row twice.
_SORTS: dict[str, tuple[str, ...]] = {
    "nhan": ("received_at",),
    "han": ("due_on", "received_at"),
    "ten": ("search_key",),
    "ma": ("code_key",),
    "trang-thai": ("state", "due_on"),
}
NEWEST_FIRST = "-nhan"


def scanned(staff: Staff, text: str) -> Dossier | None:
    """The dossier whose receipt or submission code was typed or scanned, in whatever way, if it
    exists for this person."""
    return of_code(Dossier.objects.visible_to(staff), text)


def search(dossiers: DossierQuerySet, text: str) -> DossierQuerySet:
    """By code, name, ID number or phone. Numbers may be typed as at the intake, which reads them
    with the same readers: in groups, with +84, behind the name of the paper."""
    typed = tidy(text[:LONGEST_TYPED]).strip("'")
    found = dossiers.search(typed)
    for number in _as_kept(typed):
        found = found | dossiers.filter(search_key__contains=fold(number))
    return found


def _as_kept(typed: str) -> set[str]:
    """The numbers that may have been meant, as dossiers keep them."""
    numbers = {re.sub(r"\D", "", typed)} if _ONLY_DIGITS.fullmatch(typed) else set()
    readers: tuple[Callable[[], str], ...] = (
        lambda: read_identity(typed).value,
        lambda: read_identity(typed, IdentityKind.PERMANENT).value,  # as of all foreigners
        lambda: read_telephone(_FROM_HERE.sub("+", typed, count=1)).value,
        lambda: fields.tax_code(_TAX_LABEL.sub("", typed)),
    )
    for read in readers:
        with suppress(NumberRefused, forms.ValidationError):
            numbers.add(read())
    return numbers - {""}


class QueueFilter(CrispyForm):
    """Words that the dossiers of one queue are narrowed by."""

    marks_optional = False
    q = forms.CharField(
        label="Lọc hàng đợi theo mã, tên người nộp hoặc thủ tục",
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Lọc: tên, mã, thủ tục",
                "spellcheck": "false",
                "aria-keyshortcuts": "f",
            }
        ),
    )


def narrow_queue(dossiers: DossierQuerySet, text: str) -> DossierQuerySet:
    """Those that `search` finds, and those whose procedure has every word in its name."""
    of_procedure = Q()
    for word in fold(text[:LONGEST_TYPED]).split():
        of_procedure &= Q(procedure__search_key__contains=word)
    found = search(dossiers.order_by(), text).values("pk")
    return dossiers.filter(Q(pk__in=found) | of_procedure)


class SearchForm(CrispyForm):
    """The filters of the list. Nothing here is personal: they stand in the address."""

    ADDRESS = {
        "state": "trang-thai",
        "timeliness": "dung-han",
        "office": "don-vi",
        "sector": "linh-vuc",
        "procedure": "thu-tuc",
        "channel": "hinh-thuc",
        "received_from": "nhan-tu",
        "received_to": "nhan-den",
        "due_from": "hen-tu",
        "due_to": "hen-den",
    }
    marks_optional = False
    MORE = ("procedure", "channel", "received_from", "received_to", "due_from", "due_to")

    state = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[
            ("", "tất cả"),
            *((key, words) for key, (words, _) in _GROUPS.items()),
            *((str(state.value), words) for state, words in STATE_WORDS.items()),
        ],
    )
    timeliness = forms.ChoiceField(
        label="Thời hạn",
        required=False,
        choices=[
            ("", "tất cả"),
            ("dang-qua-han", "đang quá hạn"),
            ("den-han-hom-nay", "đến hạn hôm nay"),
            *((t.value, f"đã xong, {t.label}") for t in Timeliness),
        ],
    )
    office = forms.ModelChoiceField(
        Office.objects.none(), label="Nơi tiếp nhận", required=False, empty_label="tất cả"
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(), label="Lĩnh vực", required=False, empty_label="tất cả"
    )
    procedure = forms.ModelChoiceField(
        Procedure.objects.none(), label="Thủ tục", required=False, empty_label="tất cả"
    )
    channel = forms.ChoiceField(
        label="Hình thức nộp", required=False, choices=[("", "tất cả"), *Dossier.Channel.choices]
    )
    received_from = DayField(label="Nhận từ ngày", required=False)
    received_to = DayField(label="đến ngày", required=False)
    due_from = DayField(label="Hẹn trả từ ngày", required=False)
    due_to = DayField(label="đến ngày", required=False)

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = offices_visible_to(staff)
        model_choice_field(self, "office").queryset = offices.with_desk()
        if not staff.is_leader and not staff.is_overseer:
            del self.fields["office"]
        levels = {level for office in offices for level in office.levels_received}
        procedures = Procedure.objects.filter(level__in=levels)
        sector = whole_number(self.data.get(self.ADDRESS["sector"], ""))
        if sector is not None:
            procedures = procedures.filter(sector=sector)
        model_choice_field(self, "procedure").queryset = procedures.order_by("sort_key")

    def add_prefix(self, field_name: str) -> str:
        return self.ADDRESS.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for first, last in (("received_from", "received_to"), ("due_from", "due_to")):
            if cleaned.get(first) and cleaned.get(last) and cleaned[first] > cleaned[last]:
                self.add_error(last, "Ngày cuối phải từ ngày đầu trở đi.")
        return cleaned

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.ADDRESS.values())

    @property
    def file_words(self) -> list[str]:
        """The filters as they stand in the name of a file: "trang-thai-dang-giai-quyet"."""
        self.is_valid()
        chosen = [word for name, word in self.ADDRESS.items() if self.cleaned_data.get(name)]
        return [f"{word}-{slugify(self.data[word])}" for word in chosen]

    def form_layout(self) -> Layout:
        more = Div(*self.MORE, css_class="filters-row")
        return Layout(
            *(name for name in self.fields if name not in self.MORE),
            HTML('{% include "dossiers/_filter_buttons.html" %}'),
            Fold("Lọc thêm", more, css_class="more-filters"),
        )

    def narrow(self, dossiers: DossierQuerySet) -> DossierQuerySet:
        """The dossiers that the filters leave; a wrong filter leaves none out, and says so."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        today = clock.today()
        rules: dict[str, Callable[[Any], Q]] = {
            "state": _state,
            "timeliness": lambda value: _timeliness(value, today),
            "received_from": lambda day: Q(received_on__gte=day),
            "received_to": lambda day: Q(received_on__lte=day),
            "due_from": lambda day: Q(due_on__gte=day),
            "due_to": lambda day: Q(due_on__lte=day),
        }
        for name, value in chosen.items():
            dossiers = dossiers.filter(rules[name](value) if name in rules else Q(**{name: value}))
        return dossiers


def sort_key(text: str) -> str:
    """The order that was asked for, or the newest first."""
    return text if text.removeprefix("-") in _SORTS else NEWEST_FIRST


def sort(dossiers: DossierQuerySet, key: str, name: str = "") -> DossierQuerySet:
    """In the order of a column; "-" turns it round. What has no value stands last, or, in the
    order of receipt, first: it is newer than everything received. Those of exactly this `name`,
    if one is given, come before all others."""
    order = _order(key)
    return exact_name_first(dossiers, name, order) if name else dossiers.order_by(*order)


def _order(key: str) -> tuple[str | OrderBy, ...]:
    names = _SORTS[key.removeprefix("-")]
    if key.startswith("-"):
        newest = names[0] == "received_at"
        ends = {"nulls_first": True} if newest else {"nulls_last": True}
        first = F(names[0]).desc(**ends)
        return (first, *(f"-{name}" for name in names[1:]), "-pk")
    return (F(names[0]).asc(nulls_last=True), *names[1:], "pk")


def _state(value: str) -> Q:
    return _GROUPS[value][1] if value in _GROUPS else Q(state=State(int(value)).value)


def _timeliness(value: str, today: date) -> Q:
    if value == "dang-qua-han":
        return open_overdue(today)
    if value == "den-han-hom-nay":
        return open_due_on(today)
    return Q(timeliness=value)
