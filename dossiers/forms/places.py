"""The places of one intake: for which office, at which point, and where the result is returned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from dossiers.desk.elsewhere import last_point, offices_received_for, points_of
from motcua.form_layout import choice_field
from motcua.models import Office, ReceptionPoint, Staff
from procedures.models import Procedure, ProcedureVersion

AT_DESK, AT_SOLVER = "desk", "solver"
NOT_FOR_THIS = (
    "Đơn vị này không nhận thủ tục này, hoặc thủ tục này không nhận thay được. Mời chọn lại."
)


def place_field(label: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        help_text=hint,
        error_messages={"invalid_choice": NOT_FOR_THIS, "required": "Hãy chọn đơn vị giải quyết."},
    )


@dataclass(frozen=True)
class Chosen:
    """What of an `Intake` follows from the places."""

    office: Office
    receiver: Office
    point: ReceptionPoint | None
    return_office: Office | None
    return_point: ReceptionPoint | None


class Places:
    """What may be chosen at this desk for this procedure on a day. `offered_here`: whether the
    desk receives the procedure for itself too."""

    def __init__(
        self,
        desk: Office,
        procedure: Procedure,
        version: ProcedureVersion | None,
        day: Any,
        *,
        clerk: Staff | None = None,
        offered_here: bool = True,
    ) -> None:
        self.desk = desk
        self.offered_here = offered_here
        self.others = offices_received_for(procedure, version, desk, day)
        self.points = points_of(desk, day)
        self.last = last_point(clerk, self.points) if clerk is not None else None

    def fill(self, form: forms.Form, typed: Mapping[str, Any]) -> None:
        """Give the form its choices; what offers none is left out."""
        own = [("", f"{self.desk.name} (không nhận thay)")] if self.offered_here else []
        if self.others or typed.get("solver"):
            choices = own + [(str(office.pk), office.name) for office in self.others]
            choice_field(form, "solver").choices = choices
            form.fields["solver"].required = not self.offered_here
            # Drawn beside the procedure, where no layout dresses it.
            form.fields["solver"].widget.attrs["class"] = "form-select"
        else:
            del form.fields["solver"]
        points = [(str(point.pk), f"{point.name}, {point.address}") for point in self.points]
        at_desk = f"Trụ sở{f', {self.desk.address}' if self.desk.address else ''}"
        if points:
            choice_field(form, "at_point").choices = [("", at_desk), *points]
            form.fields["at_point"].initial = str(self.last.pk) if self.last else ""
        else:
            del form.fields["at_point"]
        returns = [(AT_DESK, at_desk), *points] if points else []
        returns += [(AT_SOLVER, "Cơ quan giải quyết")] if self.others else []
        if returns:
            choice_field(form, "return_at").choices = [("", "Nơi tiếp nhận hồ sơ"), *returns]
        else:
            del form.fields["return_at"]

    def solver(self, key: Any) -> Office:
        """The office of this key that is offered; otherwise the desk's own."""
        return next((office for office in self.others if str(office.pk) == str(key)), self.desk)

    def chosen(self, data: Mapping[str, Any]) -> Chosen:
        """By what a valid form holds. The result is returned where the dossier was received,
        unless the form says otherwise."""
        solver, returned = self.solver(data.get("solver")), data.get("return_at", "")
        points = {str(point.pk): point for point in self.points}
        point = points.get(data.get("at_point", ""))
        return Chosen(
            office=solver,
            receiver=self.desk,
            point=point,
            return_office=solver if returned == AT_SOLVER else None,
            return_point=points.get(returned) if returned else point,
        )
