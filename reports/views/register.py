"""The register book: on screen, as PDF, as XLSX."""

from contextlib import suppress

from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.desk.later_entries import with_later_entries
from dossiers.models import Dossier
from motcua.access import READING_ROLES, StaffRequest, role_required
from motcua.operations.replica import from_replica
from reports.figures.offices import offices_for
from reports.models import RegisterExport
from reports.output.links import report_address
from reports.register.book import COLUMNS, RETURN, Book
from reports.register.form import RegisterForm
from reports.register.jobs import AT_ONCE, MOST, Asked, record, remove_expired, write_now
from reports.views.exports import ask_or_begin

PAGE = 50
PDF = RegisterExport.Kind.PDF
SECONDS_BETWEEN_LOOKS = 3
CONTENT_TYPES = {
    RegisterExport.Kind.PDF: "application/pdf",
    RegisterExport.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@role_required(*READING_ROLES)
@require_safe
@from_replica
def register_book(request: StaffRequest) -> HttpResponse:
    form = RegisterForm(request.GET, offices_for(request.user), request.user)
    context = {"form": form, "columns": COLUMNS, "group": RETURN}
    if not form.is_valid():
        return render(request, "reports/register.html", context, status=400)
    book = form.book()
    page = page_of(book, request.GET.get("page"))
    shown = Dossier.objects.filter(pk__in=list(page.object_list))
    context |= {
        "book": book,
        "page": page,
        "lines": book.lines_of(page.object_list),
        "later": set(with_later_entries(shown).values_list("code", flat=True)),
        "exports": RegisterExport.objects.of(request.user).exclude(file="")[:5],
        "running": RegisterExport.objects.of(request.user).running().first(),
    }
    return render(request, "reports/register.html", context)


def page_of(book: Book, number: str | None) -> "Page[int]":
    # Keys counts and gives slices, which is all that a paginator asks of it.
    pages: Paginator[int] = Paginator(book.keys(), PAGE)  # type: ignore[arg-type]
    return pages.get_page(number)


@role_required(*READING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def register_xlsx(request: StaffRequest) -> HttpResponseBase:
    return take_out(request, RegisterExport.Kind.XLSX)


@role_required(*READING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def register_pdf(request: StaffRequest) -> HttpResponseBase:
    return take_out(request, RegisterExport.Kind.PDF)


def take_out(request: StaffRequest, kind: RegisterExport.Kind) -> HttpResponseBase:
    """A short part comes at once. A long one is asked about first, and made when that is sent.
    What is too long for paper is not made: it is said how to get at it."""
    form = RegisterForm(request.GET, offices_for(request.user), request.user)
    if not form.is_valid():
        context = {"form": form, "columns": COLUMNS, "group": RETURN}
        return render(request, "reports/register.html", context, status=400)
    book = form.book()
    total = book.dossiers().count()
    if total <= AT_ONCE[kind]:
        return send_now(request, book, kind, total)
    if total > MOST[kind]:
        context = {"book": book, "total": total, "most": MOST[kind], "is_pdf": kind == PDF}
        return render(request, "reports/register_too_long.html", context, status=422)
    asked = Asked(RegisterExport.What.REGISTER, kind, book.selection, book.title, total)
    return ask_or_begin(request, asked, f"{reverse('register_book')}?{book.address}")


def send_now(
    request: StaffRequest, book: Book, kind: RegisterExport.Kind, total: int
) -> HttpResponseBase:
    export = record(book, kind, total, request.user)
    write_now(export, book)
    try:
        file = export.path.open("rb")
    except FileNotFoundError:  # another installation's sweep, where two share a folder
        return redirect("register_export", pk=export.pk)
    export.path.unlink(missing_ok=True)  # the open file can still be read; nothing is left behind
    return as_file(file, book.file_name, kind)


@role_required(*READING_ROLES)
@require_safe
def register_export(request: StaffRequest, pk: int) -> HttpResponseBase:
    """How far a job has come, and with `?tai=1` its file; where there is none, the page says so.
    It belongs to its maker."""
    remove_expired()
    export = get_object_or_404(RegisterExport.objects.of(request.user), pk=pk)
    is_asked_for = "tai" in request.GET
    if is_asked_for and export.is_ready:
        with suppress(FileNotFoundError):  # the sweep of old files came between
            file = export.path.open("rb")
            return as_file(file, export.path.stem, RegisterExport.Kind(export.kind))
    context = {"export": export, "back": back_from(export)}
    status = 404 if is_asked_for else 200
    response = render(request, "reports/register_export.html", context, status=status)
    unfinished = export.state in (RegisterExport.State.QUEUED, RegisterExport.State.RUNNING)
    if unfinished and not export.is_interrupted:
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


def back_from(export: RegisterExport) -> str:
    if export.is_of_register:
        return reverse("register_book")
    return report_address(export.what, export.selection)


def as_file(file: object, name: str, kind: RegisterExport.Kind) -> FileResponse:
    response = FileResponse(
        file, as_attachment=True, filename=f"{name}.{kind.value}", content_type=CONTENT_TYPES[kind]
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
