"""Handing a dossier on: to a division, back to a desk, or to another office (liên thông)."""

from datetime import datetime
from typing import Any

from django import forms

from dossiers import steps
from dossiers.forms.acts import ActForm, moment_field, text_field
from motcua.models import Division, Office
from procedures.models import division_for

Place = tuple[Office, Division | None]


class Forward(ActForm):
    verb = "forward"
    button = "Chuyển hồ sơ"
    done = "Đã chuyển hồ sơ {code}."
    field_of = {"division": "to", "office": "to"}
    to = forms.ChoiceField(
        label="Chuyển đến", error_messages={"required": "Hãy chọn nơi chuyển đến."}
    )
    note = text_field("Nội dung giao", rows=2, required=False)
    due_at = moment_field(
        label="Hạn của bước này",
        required=False,
        help_text="Để trống: theo quy trình của thủ tục, nếu thủ tục có quy trình.",
    )

    def prepare(self) -> None:
        here = (self.dossier.holder_office_id, self.dossier.holder_division_id)
        self.places: dict[str, Place] = {}
        groups: dict[str, list[tuple[str, str]]] = {}
        for office in self._offices():
            for division in [None, *office.divisions.filter(is_active=True)]:
                if (office.pk, division.pk if division else None) == here:
                    continue
                key = f"d{division.pk}" if division else f"o{office.pk}"
                self.places[key] = (office, division)
                label = division.name if division else office.desk_name
                groups.setdefault(office.name, []).append((key, label))
        self.fields["to"].choices = [("", "Chọn nơi chuyển đến"), *groups.items()]
        self.step = steps.next_step(self.dossier)
        self.fields["to"].initial = self._likely()

    def arguments(self) -> dict[str, Any]:
        office, division = self.places[self.cleaned_data["to"]]
        due_at: datetime | None = self.cleaned_data["due_at"]
        named = self.step and steps.place_of(self.step, self.dossier) == (office, division)
        return {
            "office": office,
            "division": division,
            "step": self.step if named else None,
            "due_at": due_at,
            "note": self.cleaned_data["note"],
        }

    def _offices(self) -> list[Office]:
        """Where it is, where it was received, and the line above: soonest thought of first."""
        offices: dict[int, Office] = {}
        for start in (self.dossier.holder_office, self.dossier.office):
            office: Office | None = start
            while office is not None:
                if office.level != "province" or office == start:
                    offices.setdefault(office.pk, office)
                office = office.parent
        return list(offices.values())

    def _likely(self) -> str:
        """The next step of the procedure; without steps, the division that solves it."""
        wanted: Place | None = None
        if self.step is not None:
            office, division = steps.place_of(self.step, self.dossier)
            wanted = (office, division) if office is not None else None
        if wanted is None:
            solver = division_for(self.dossier.version, self.dossier.holder_office)
            wanted = (self.dossier.holder_office, solver) if solver else None
        return next((key for key, place in self.places.items() if place == wanted), "")
