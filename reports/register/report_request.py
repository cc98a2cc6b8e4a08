"""The reports by their words: how each is made from its choice, for a page, a file or a job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from dossiers.desk.readings import record_taken_out
from dossiers.models import Dossier, DossierQuerySet
from motcua.models import Staff
from reports.figures.offices import offices_for
from reports.figures.tables import table
from reports.forms.choices import FiguresForm, ReportForm, RowsForm, current_quarter
from reports.forms.further import AgesForm, LateForm, ReceiversForm
from reports.lists import ages, channels, late_causes, late_list, receivers
from reports.lists.ages import ages_behind, ages_sheet
from reports.lists.channels import channels_behind, channels_sheet
from reports.lists.late_causes import causes_behind, causes_sheet
from reports.lists.late_list import LateLine, late_lines, late_sheet
from reports.lists.receivers import receivers_behind, receivers_sheet
from reports.models import RegisterExport
from reports.output.drift import with_drifts
from reports.output.running import running
from reports.output.sheets import Sheet, figures_sheet
from reports.sign_off.status import with_status
from reports.terms.layouts import Layout

What = RegisterExport.What


@dataclass(frozen=True)
class Counted:
    """A report whose every number opens its dossiers."""

    form: type[FiguresForm]
    layout: Callable[[Any], Layout]
    sheet: Callable[[Any], Sheet]
    behind: Callable[..., DossierQuerySet]
    empty: str


REPORTS = {
    "ton-dong": Counted(
        AgesForm,
        lambda form: ages.layout(form.days),
        lambda form: ages_sheet(form.period, form.chosen_scope, form.by, form.days, form.query),
        lambda form, column, **more: ages_behind(
            column, form.period, form.chosen_scope, form.days, **more
        ),
        "Hết kỳ này không còn hồ sơ nào đang giải quyết.",
    ),
    "nguyen-nhan": Counted(
        RowsForm,
        lambda form: late_causes.layout(),
        lambda form: causes_sheet(form.period, form.chosen_scope, form.by, form.query),
        lambda form, column, **more: causes_behind(column, form.period, form.chosen_scope, **more),
        "Trong kỳ này không có hồ sơ nào trễ hạn.",
    ),
    "hinh-thuc": Counted(
        FiguresForm,
        lambda form: channels.LAYOUT,
        lambda form: channels_sheet(form.period, form.chosen_scope, form.query),
        lambda form, column, **more: channels_behind(
            column, form.period, form.chosen_scope, **more
        ),
        "",
    ),
    receivers.LAYOUT.name: Counted(
        ReceiversForm,
        lambda form: receivers.LAYOUT,
        lambda form: receivers_sheet(form.period, form.chosen_scope, form.query),
        lambda form, column, **more: receivers_behind(
            column, form.period, form.chosen_scope, **more
        ),
        "",
    ),
}


def late_sheet_of(
    form: LateForm, lines: list[LateLine], shown: Sequence[LateLine], first: int = 1
) -> Sheet:
    printed = late_list.layout(with_names=form.with_names, only=form.only)
    return late_sheet(form.period, form.chosen_scope, lines, shown, form=printed, first=first)


def late_lines_of(form: LateForm, staff: Staff) -> list[LateLine]:
    among = Dossier.objects.visible_to(staff)
    return late_lines(form.period, form.chosen_scope, among=among)


def with_remarks(sheet: Sheet) -> Sheet:
    """The sheet as it leaves the program: it says to which day its figures go while the period
    runs, what will be overdue by its end, who signed it, and where signed figures are others."""
    said = running(sheet.period, sheet.scope)
    if said:
        sheet = replace(sheet, remarks=(*sheet.remarks, said.sentence, said.line))
    return with_drifts(with_status(sheet))


def sheet_of_job(export: RegisterExport) -> Sheet:
    """The report that was asked for, as its maker may see it now. Raises ValueError when the
    choice cannot be read any more, or the report does not add up."""
    query = QueryDict(mutable=True)
    query.update(export.selection)
    form = _form(What(export.what), query, export.made_by)
    sheet = _sheet(form, export)
    if not sheet.adds_up:
        raise ValueError(f"Số liệu không khớp: {' '.join(sheet.problems)}")
    return with_remarks(sheet)


def _form(what: What, query: QueryDict, staff: Staff) -> Any:
    kinds = {What.FIGURES: ReportForm, What.LATE: LateForm}
    kind = kinds.get(what) or REPORTS[what].form
    form = kind(query, offices_for(staff), period=current_quarter())
    if not form.is_valid():
        raise ValueError(f"Lựa chọn không còn đọc được: {form.errors.as_json()}")
    return form


def _sheet(form: Any, export: RegisterExport) -> Sheet:
    if export.what == What.FIGURES:
        return figures_sheet(table(form.period, form.chosen_scope, form.by), form.layout)
    if export.what != What.LATE:
        return REPORTS[export.what].sheet(form)
    lines = late_lines_of(form, export.made_by)
    wanted = form.narrowed(lines)
    if form.with_names:
        keys = [line.pk for line in wanted]
        record_taken_out(keys, by=export.made_by, file=export.path.name)
    return late_sheet_of(form, lines, wanted)
