"""Accepting a submission: the papers are complete now, so it becomes a received dossier."""

from typing import Any

from django import forms

from dossiers.forms.acts import ActForm
from dossiers.lifecycle import due_dates, perform
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import SubmittedPaper
from dossiers.rules.deadlines import Due
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.form_layout import model_choice_field
from procedures.models import RequiredPaper
from procedures.workdays import NoCalendarData


class Accept(ActForm):
    verb = "accept"
    act = staticmethod(perform.accept)
    button = "Tiếp nhận"
    done = "Đã tiếp nhận hồ sơ {code}."
    papers = forms.ModelMultipleChoiceField(
        RequiredPaper.objects.none(),
        label="Giấy tờ đã có",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        self.version = self.dossier.procedure.version_on(clock.today()) or self.dossier.version
        self.brought: list[SubmittedPaper] = list(self.dossier.papers.all())
        field = model_choice_field(self, "papers")
        field.queryset = self.version.papers.all()
        # Django's own place for the words of a row; a class of fields for it would be longer.
        field.label_from_instance = _label  # type: ignore[method-assign, assignment]
        field.required = any(paper.is_required for paper in field.queryset or ())
        field.error_messages["required"] = "Hãy đánh dấu giấy tờ đã có."
        field.initial = [paper.required_id for paper in self.brought if paper.required_id]

    def clean_papers(self) -> list[RequiredPaper]:
        ticked = list(self.cleaned_data["papers"])
        missing = [p for p in self.version.papers.all() if p.is_required and p not in ticked]
        if missing:
            names = "; ".join(paper.name for paper in missing)
            raise forms.ValidationError(f"Còn thiếu: {names}. Hồ sơ đủ giấy tờ mới tiếp nhận được.")
        return ticked

    def arguments(self) -> dict[str, Any]:
        """What was brought earlier keeps its kind and count; papers outside the list stay."""
        earlier = {paper.required_id: paper for paper in self.brought}
        papers = [
            Paper(
                name=required.name,
                kind=earlier[required.pk].kind if required.pk in earlier else required.kind,
                copies=earlier[required.pk].copies if required.pk in earlier else required.copies,
                required=required,
            )
            for required in self.cleaned_data["papers"]
        ]
        papers += [
            Paper(name=paper.name, kind=paper.kind, copies=paper.copies)
            for paper in self.brought
            if paper.required_id is None
        ]
        return {"papers": tuple(papers)}

    def new_due(self) -> Due | None:
        at = self._at()
        version = self.dossier.procedure.version_on(clock.local(at).date())
        try:
            return due_dates.reckon(self.dossier.office, version, at) if version else None
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing


def _label(paper: RequiredPaper) -> str:
    words = f"{paper.name} ({paper.copies} {paper.get_kind_display()})"
    return words if paper.is_required else f"{words}, nếu có"
