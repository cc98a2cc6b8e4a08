"""The letter of apology (form 04): why, the new date, who signs, how the citizen was told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.forms import BoundField

from dossiers.forms.acts import ActForm, text_field
from dossiers.forms.fields import offer_reasons
from dossiers.lifecycle import allowances, perform
from dossiers.models import Dossier, LateCause, ReasonTemplate
from motcua import clock
from motcua.days import DayField, DayInput
from motcua.form_layout import CrispyForm, model_choice_field
from motcua.models import Office, Staff
from procedures.calendar import calendar_for
from procedures.workdays import NoCalendarData

WAYS = ("điện thoại", "tin nhắn", "thư điện tử", "trực tiếp", "bằng văn bản")
DAY_OF_ALL = "Hãy ghi ngày hẹn lại cho mọi hồ sơ, hoặc ngày riêng của từng hồ sơ."


class ApologyWords(CrispyForm):
    """What every letter of apology says, of one dossier or of many."""

    cause = forms.ModelChoiceField(
        LateCause.objects.none(),
        label="Nguyên nhân",
        empty_label="Chọn nguyên nhân",
        error_messages={"required": "Hãy chọn nguyên nhân."},
    )
    reason = text_field(
        "Lý do ghi trong phiếu xin lỗi",
        rows=3,
        error_messages={"required": "Hãy ghi lý do xin lỗi."},
    )
    new_due_at = DayField(label="Hẹn lại ngày", help_text="Hẹn trả vào cuối giờ làm việc ngày đó.")
    signer = text_field("Người ký", most=80)
    signer_title = text_field("Chức vụ người ký", most=80, required=False)
    told_how = forms.ChoiceField(
        label="Đã báo cho công dân bằng", choices=[(way, way) for way in WAYS]
    )

    def offer(self, staff: Staff, office: Office) -> None:
        """Choices and first values: the causes, the ready reasons, the leader of the office."""
        model_choice_field(self, "cause").queryset = LateCause.objects.filter(is_active=True)
        offer_reasons(self, "reason", ReasonTemplate.Kind.APOLOGY, staff.office)
        leader = office.heir.staff.filter(is_leader=True, is_active=True).first()
        if leader is not None:
            self.fields["signer"].initial = leader.display_name
            self.fields["signer_title"].initial = leader.title


class Apologise(ApologyWords, ActForm):
    verb = "apologise"
    act = staticmethod(perform.apologise)
    button = "Xin lỗi và hẹn lại"
    done = "Đã ghi việc xin lỗi và hẹn lại hồ sơ {code}."

    def prepare(self) -> None:
        self.offer(self.staff, self.dossier.office)

    @property
    def remarks(self) -> list[str]:
        if not allowances.apologises_late(self.dossier, clock.today()):
            return []
        regime = self.dossier.regime
        return [
            f"Xin lỗi muộn: {regime.apology_article} yêu cầu xin lỗi chậm nhất "
            f"{regime.apology_lead_days} ngày trước khi hết hạn. Phiếu vẫn lập được và sẽ được "
            "ghi là xin lỗi muộn."
        ]

    def clean_new_due_at(self) -> datetime:
        return end_of_day(self.cleaned_data["new_due_at"], self.dossier.office)


class ApologiseMany(ApologyWords):
    """The same words for several dossiers; one new day for all, or a day of its own for each."""

    marks_optional = False

    token = forms.UUIDField(widget=forms.HiddenInput)
    new_due_at = DayField(
        label="Hẹn lại ngày, cho mọi hồ sơ",
        required=False,
        help_text="Hẹn trả vào cuối giờ làm việc ngày đó. Hồ sơ nào hẹn ngày khác thì ghi ở dưới.",
    )

    def __init__(self, *args: Any, staff: Staff, dossiers: Sequence[Dossier], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.dossiers = dossiers
        self.fields["token"].initial = uuid4
        self.offer(staff, dossiers[0].office)
        for dossier in dossiers:
            self.fields[_own(dossier)] = DayField(
                label=dossier.code,
                required=False,
                widget=DayInput(**{"aria-label": f"Ngày hẹn lại riêng của {dossier.code}"}),
            )
        self.days: dict[str, datetime] = {}
        """The new moment of each dossier, by code, of a form that is valid."""

    def form_layout(self) -> Layout:
        return Layout("token", Div(*ApologyWords.base_fields, css_class="act-fields two"))

    def own_day(self, dossier: Dossier) -> BoundField:
        return self[_own(dossier)]

    def words(self) -> dict[str, Any]:
        """What the verb is told of every dossier, beside its day."""
        return {n: self.cleaned_data[n] for n in ApologyWords.base_fields if n != "new_due_at"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for dossier in self.dossiers:
            own = "" if cleaned.get(_own(dossier)) is None else _own(dossier)
            day = cleaned.get(own or "new_due_at")
            if day is None:
                if not {"new_due_at", _own(dossier)} & set(self.errors):
                    self.add_error("new_due_at", DAY_OF_ALL)
                continue
            try:
                self.days[dossier.code] = end_of_day(day, dossier.office)
            except forms.ValidationError as wrong:
                if (own or "new_due_at") not in self.errors:
                    self.add_error(own or "new_due_at", wrong)
        return cleaned


def end_of_day(day: date, office: Office) -> datetime:
    """The end of work on that day; ValidationError where the office does not work on it."""
    calendar = calendar_for(office)
    try:
        if not calendar.is_working(day):
            raise forms.ValidationError(
                f"Ngày {day:%d/%m/%Y} không làm việc ({calendar.why(day)}). Hãy chọn ngày khác."
            )
    except NoCalendarData as missing:
        raise forms.ValidationError(str(missing)) from missing
    return clock.aware(datetime.combine(day, calendar.closing(day)))


def _own(dossier: Dossier) -> str:
    return f"ngay-{dossier.code}"
