"""What the views of reports share: the choice, the files, the list behind a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from dossiers.desk.explanation import margins_of
from dossiers.desk.later_entries import LaterEntry, later_entries
from dossiers.desk.readings import record_taken_out
from dossiers.models import Dossier, DossierQuerySet
from motcua.access import Answer, StaffRequest
from motcua.text import fold
from motcua.web.paging import in_portions
from reports.figures.offices import offices_for
from reports.figures.recount import due_then
from reports.forms.choices import FiguresForm, current_quarter
from reports.lists.late_entries import late_entries_of
from reports.models import RegisterExport
from reports.output.csv_files import dossiers_csv, sheet_csv
from reports.output.drift import drifts
from reports.output.links import period_strip, report_address, report_places
from reports.output.pdf import is_short, sheet_pdf
from reports.output.running import running
from reports.output.sheets import Sheet
from reports.output.xlsx import sheet_xlsx
from reports.register.jobs import Asked
from reports.register.report_request import with_remarks
from reports.terms.layouts import LayoutColumn
from reports.views.exports import ask_or_begin

PAGE = 50
What = RegisterExport.What
Kind = RegisterExport.Kind
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: dict[str, tuple[Callable[[Sheet], str | bytes], str]] = {
    "csv": (sheet_csv, "text/csv; charset=utf-8"),
    "xlsx": (sheet_xlsx, XLSX),
    "pdf": (sheet_pdf, "application/pdf"),
}
Form = TypeVar("Form", bound=FiguresForm)


def form_of(request: StaffRequest, kind: type[Form]) -> Form:
    """The choice in the address. A person without an office has no figures: 403."""
    offices = offices_for(request.user)
    if not offices:
        raise PermissionDenied("Tài khoản của ông/bà chưa gắn với đơn vị nào có số liệu.")
    return kind(request.GET, offices, period=current_quarter())


def around(form: FiguresForm, here: str) -> dict[str, object]:
    """What every page of the reports shows around its table: the other reports and other periods
    with the same choice, as far as the choice is one, and who signed other figures."""
    words = form.query if form.is_valid() else {}
    return {
        "form": form,
        "current": here,
        "places": report_places(words),
        "strip": period_strip(form.period, words) if words else [],
        "drifts": drifts(form.period, form.chosen_scope) if words else [],
        "running": running(form.period, form.chosen_scope, words) if words else None,
    }


def sheet_file(
    request: StaffRequest, sheet: Sheet, format: str, name: str, form: FiguresForm, what: What
) -> HttpResponse:
    """The report as a file; what takes more than about three pages is made as a job."""
    if goes_to_job(sheet, format):
        words = (sheet.layout.title, sheet.period.label, sheet.scope.name)
        asked = Asked(what, Kind.PDF, form.query, ", ".join(words), len(sheet.rows))
        return ask_or_begin(request, asked, report_address(what, form.query))
    make, content_type = FILES[format]
    sheet = with_remarks(sheet)
    response = HttpResponse(make(sheet), content_type=content_type)
    state = ("da-ky" if sheet.is_signed else "nhap") if sheet.status else ""
    return as_download(response, f"{name}-{file_words(form, state)}.{format}")


def goes_to_job(sheet: Sheet, format: str) -> bool:
    """Whether this file is too long for a worker of the server to draw."""
    return format == "pdf" and not is_short(sheet)


@dataclass(frozen=True)
class BehindLine:
    """A dossier behind a number."""

    dossier: Dossier
    due_then: date | None
    margin: str
    """By how much it was early or late; empty while it is open."""
    has_late_entries: bool
    """Whether any act on it came after a signing that it reaches back into."""
    later: Sequence[LaterEntry]


def _lines(dossiers: list[Dossier]) -> list[BehindLine]:
    margins, entries = margins_of(dossiers), late_entries_of(dossiers)
    later = later_entries(dossiers)
    return [
        BehindLine(d, due_then(d), margins[d.pk], bool(entries[d.pk]), later.get(d.pk, ()))
        for d in dossiers
    ]


def dossiers_page(
    request: StaffRequest,
    form: FiguresForm,
    column: LayoutColumn,
    found: DossierQuerySet,
    *,
    row: tuple[str, str, str],
    back: str,
) -> HttpResponseBase:
    """The list behind a number; `dang=csv` as a file, which is recorded, since it holds names.

    `row` is the heading, the key and the name of the row that was pressed, if one was; `back` the
    address of the report.
    """
    heading, key, group = row
    found = found.select_related("office", "receiver", "sector", "procedure").order_by(
        "received_on", "pk"
    )
    if request.GET.get("dang") == "csv":
        name = f"ho-so-{column.name}-{file_words(form, _row_words(key, group))}.csv"
        keys = found.order_by().values_list("pk", flat=True)
        record_taken_out(keys, by=request.user, file=name)
        lines = dossiers_csv(in_portions(found))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        return as_download(response, name)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "column": column,
        "row_heading": heading,
        "group": group,
        "page": page,
        "lines": _lines(list(page)),
        "back": back,
    }
    return render(request, "reports/figure_dossiers.html", context)


def _row_words(key: str, name: str) -> str:
    """The row in the name of a file: the key whole, since long names differ at their ends alone."""
    whole, words = slugify(fold(key)), slugify(fold(name))
    return whole if words.startswith(whole) else f"{whole}-{words[:40]}"


def file_words(form: FiguresForm, *more: str) -> str:
    """The choice as it stands in the name of a file: no two choices have the same; of a running
    period also the day to which it is told."""
    words = {key: word for key, word in form.query.items() if key not in ("mau", "ten")}
    period = form.period
    until = f"den-{period.as_of:%Y%m%d}" if period.so_far else ""
    names = "co-ten" if form.query.get("ten") else ""
    return "-".join(
        filter(None, (words.pop("ky").replace("..", "_"), until, *words.values(), names, *more))
    )


def file_links(view: str, form: FiguresForm, *arguments: str) -> list[tuple[str, str]]:
    """The formats with the address of each."""
    return [
        (format, f"{reverse(view, args=[*arguments, format])}?{form.address}") for format in FILES
    ]


def as_download(response: Answer, file: str) -> Answer:
    """Offer the response as a file that no cache keeps."""
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "private, no-store"
    return response
