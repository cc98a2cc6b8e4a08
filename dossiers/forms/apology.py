"""The letter of apology (form 04): why, the new date, who signs, how the citizen was told."""

from datetime import datetime

from django import forms

from dossiers.forms.acts import ActForm, text_field
from dossiers.forms.fields import offer_reasons
from dossiers.lifecycle import allowances, perform
from dossiers.models import LateCause, ReasonTemplate
from motcua import clock
from motcua.days import DayField
from motcua.form_layout import model_choice_field
from procedures.calendar import calendar_for
from procedures.workdays import NoCalendarData

WAYS = ("điện thoại", "tin nhắn", "thư điện tử", "trực tiếp", "bằng văn bản")


class Apologise(ActForm):
    verb = "apologise"
    act = staticmethod(perform.apologise)
    button = "Xin lỗi và hẹn lại"
    done = "Đã ghi việc xin lỗi và hẹn lại hồ sơ {code}."
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

    def prepare(self) -> None:
        model_choice_field(self, "cause").queryset = LateCause.objects.filter(is_active=True)
        offer_reasons(self, "reason", ReasonTemplate.Kind.APOLOGY, self.staff.office)
        leader = self.dossier.office.heir.staff.filter(is_leader=True, is_active=True).first()
        if leader is not None:
            self.fields["signer"].initial = leader.display_name
            self.fields["signer_title"].initial = leader.title

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
        day = self.cleaned_data["new_due_at"]
        calendar = calendar_for(self.dossier.office)
        try:
            if not calendar.is_working(day):
                raise forms.ValidationError(
                    f"Ngày {day:%d/%m/%Y} không làm việc ({calendar.why(day)}). Hãy chọn ngày khác."
                )
        except NoCalendarData as missing:
            raise forms.ValidationError(str(missing)) from missing
        return clock.aware(datetime.combine(day, calendar.closing(day)))
