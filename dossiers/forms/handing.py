"""Handing a dossier on: to a division, back to a desk, or to another office (liên thông); and the
day of which the hand-overs are listed."""

from datetime import date, datetime
from typing import Any

from django import forms

from dossiers.desk.bundles import SIGNED
from dossiers.forms.acts import ActForm, text_field
from dossiers.lifecycle import perform, steps
from motcua import clock
from motcua.days import DayField, MomentField
from motcua.form_layout import CrispyForm, choice_field
from motcua.models import Division, Office, Role
from procedures.workdays import NoCalendarData

Place = tuple[Office, Division | None]
EARLIEST = date(2000, 1, 1)  # no desk is older


class HandedDay(CrispyForm):
    """The day of which the hand-overs are listed; today without one."""

    marks_optional = False
    ngay = DayField(label="Ngày giao nhận", required=False)

    def clean_ngay(self) -> date | None:
        day: date | None = self.cleaned_data["ngay"]
        if day is not None and not EARLIEST <= day <= clock.today():
            raise forms.ValidationError(f"Hãy chọn một ngày từ {EARLIEST:%d/%m/%Y} đến hôm nay.")
        return day


class NoteCall(ActForm):
    verb = "call"
    act = staticmethod(perform.note_call)
    button = "Ghi đã gọi"
    done = "Đã ghi: đã gọi báo người nộp hồ sơ {code}."

    @property
    def title(self) -> str:
        return "Đã gọi báo công dân"


class Forward(ActForm):
    verb = "forward"
    act = staticmethod(perform.forward)
    button = "Chuyển hồ sơ"
    done = "Đã chuyển hồ sơ {code}."
    field_of = {"division": "to", "office": "to"}
    to = forms.ChoiceField(
        label="Chuyển đến", error_messages={"required": "Hãy chọn nơi chuyển đến."}
    )
    note = text_field("Nội dung giao", rows=2, required=False)
    due_at = MomentField(
        label="Hạn của bước này",
        required=False,
        help_text="Để trống: theo quy trình của thủ tục, nếu thủ tục có quy trình.",
    )

    def prepare(self) -> None:
        at = (self.dossier.holder_office_id, self.dossier.holder_division_id)
        self.places: dict[str, Place] = {}
        groups: dict[str, list[tuple[str, str]]] = {}
        for office in self._offices():
            for division in [None, *office.divisions.filter(is_active=True)]:
                if (office.pk, division.pk if division else None) == at:
                    continue
                key = f"d{division.pk}" if division else f"o{office.pk}"
                self.places[key] = (office, division)
                label = division.name if division else office.desk_name
                groups.setdefault(office.name, []).append((key, label))
        choices = [("", "Chọn nơi chuyển đến"), *groups.items()]
        choice_field(self, "to").choices = choices
        self.proposal = steps.proposal(self.dossier)
        self.share: dict[str, Any] = {}
        self._show_share()
        self.fields["to"].initial = self._likely()
        if self.dossier.awaits_signature and self.staff.has_role(Role.LEADER):
            self.fields["note"].initial = SIGNED

    def arguments(self) -> dict[str, Any]:
        office, division = self.places[self.cleaned_data["to"]]
        due_at: datetime | None = self.cleaned_data["due_at"]
        proposed = self.proposal
        here = (office, division)
        named = proposed is not None and (proposed.office, proposed.division) == here
        return {
            "office": office,
            "division": division,
            "step": proposed.step if proposed and named else None,
            "due_at": due_at,
            "note": self.cleaned_data["note"],
        }

    def _offices(self) -> list[Office]:
        """Where it is, where it was received, and the line above: soonest thought of first."""
        offices: dict[int, Office] = {}
        for start in (self.dossier.holder_office, self.dossier.office.heir):
            office: Office | None = start
            while office is not None:
                if office.level != "province" or office == start:
                    offices.setdefault(office.pk, office)
                office = office.parent
        return list(offices.values())

    def _show_share(self) -> None:
        """The proposed step with its share of the time, reckoned as if it were handed on now."""
        step = self.proposal.step if self.proposal else None
        if self.proposal is None or step is None:
            return
        try:
            due_at = steps.step_due(step, self.proposal.office, clock.now())
        except NoCalendarData:
            due_at = None
        self.share = {"step": step, "words": steps.share_words(step), "due_at": due_at}

    def _likely(self) -> str:
        if self.proposal is None:
            return ""
        wanted = (self.proposal.office, self.proposal.division)
        return next((key for key, place in self.places.items() if place == wanted), "")
