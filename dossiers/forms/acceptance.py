"""Accepting a submission: the papers are complete now, so it becomes a received dossier."""

from functools import partial
from typing import Any

from django import forms

from dossiers.forms.acts import ActForm
from dossiers.forms.doubts import Doubt
from dossiers.lifecycle import due_dates, perform, supplements
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import SubmittedPaper
from dossiers.models.submitted import without_count
from dossiers.rules.deadlines import Due
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.form_layout import choice_field, model_choice_field
from motcua.text import fold
from procedures.models import RequiredPaper
from procedures.workdays import NoCalendarData

WITHOUT = (
    "Chưa đánh dấu nội dung đã yêu cầu bổ sung: {missing}. Vẫn tiếp nhận thì hồ sơ ghi những nội "
    "dung này là không nộp."
)


class Accept(ActForm):
    marks_optional = False  # what was asked for and did not come is asked about
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
    came = forms.MultipleChoiceField(
        label="Nội dung đã yêu cầu bổ sung, nay đã có",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        self.version = self.dossier.procedure.version_on(clock.today()) or self.dossier.version
        self.brought: list[SubmittedPaper] = list(self.dossier.papers.all())
        field = model_choice_field(self, "papers")
        listed = RequiredPaper.objects.of(self.version)
        field.queryset = listed
        self.asked_lines = supplements.asked_before_receipt(
            self.dossier.supplements.filter(is_void=False, arrived_at__isnull=True)
        )
        named = {_key(line): line for line in self.asked_lines}
        # A line that names a paper of the list is ticked with that paper.
        self.line_of = {p.pk: named[_key(p.name)] for p in listed if _key(p.name) in named}
        # Django's own place for the words of a row; a class of fields for it would be longer.
        words = partial(_label, asked=self.line_of)
        field.label_from_instance = words  # type: ignore[method-assign]
        field.required = any(paper.is_asked_on(clock.today()) for paper in listed)
        field.error_messages["required"] = "Hãy đánh dấu giấy tờ đã có."
        field.initial = [
            paper.required_id
            for paper in self.brought
            if paper.required_id and paper.required_id not in self.line_of
        ]
        of_papers = set(self.line_of.values())
        rest = [(str(n), line) for n, line in enumerate(self.asked_lines) if line not in of_papers]
        if rest:
            choice_field(self, "came").choices = rest
        else:
            del self.fields["came"]

    def came_lines(self) -> list[str]:
        """What was asked for and is there, by the ticks of both lists."""
        ticked = [self.asked_lines[int(n)] for n in self.cleaned_data.get("came", ())]
        papers = self.cleaned_data["papers"]
        return ticked + [self.line_of[paper.pk] for paper in papers if paper.pk in self.line_of]

    def doubted(self) -> list[Doubt]:
        came = self.came_lines()
        missing = "; ".join(line for line in self.asked_lines if line not in came)
        field = "came" if "came" in self.fields else "papers"
        return [Doubt(WITHOUT.format(missing=missing), field)] if missing else []

    def clean_papers(self) -> list[RequiredPaper]:
        ticked = list(self.cleaned_data["papers"])
        listed, today = RequiredPaper.objects.of(self.version), clock.today()
        missing = [p for p in listed if p.is_asked_on(today) and p not in ticked]
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
        return {"papers": tuple(papers), "came": self.came_lines()}

    def new_due(self) -> Due | None:
        at = self._at()
        version = self.dossier.procedure.version_on(clock.local(at).date())
        try:
            if version is None:
                return None
            dossier = self.dossier
            return due_dates.reckon(dossier.office, version, at, desk=dossier.receiver)
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing


def _key(name: str) -> str:
    return fold(without_count(name))


def _label(paper: RequiredPaper, asked: dict[int, str]) -> str:
    words = f"{without_count(paper.name)} ({paper.copies} {paper.get_kind_display()})"
    if paper.is_replaced_on(clock.today()):
        words = f"{words}, không yêu cầu nộp ({paper.data_rule})"
    elif not paper.is_required:
        words = f"{words}, nếu có"
    return f"{words}, đã yêu cầu bổ sung" if paper.pk in asked else words
