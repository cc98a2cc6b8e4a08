"""The register from before, on screen: upload, look at every problem, confirm, see the result."""

import csv
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.forms.register_import import RegisterUploadForm
from dossiers.old_register.files import WRITE, Finding, NoSuchUpload, NotLookedAt, Upload
from dossiers.old_register.importer import offices_importable_by
from dossiers.old_register.lines import COLUMNS, MEANINGS
from motcua.access import StaffRequest, staff_required
from motcua.text import whole_number
from motcua.web import bodies

PAGE = 100
GONE = "Tệp này không còn nữa. Hãy tải lên lại."
SECONDS_BETWEEN_LOOKS = 2


@bodies.takes(bodies.LARGEST_REQUEST)
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_import(request: StaffRequest) -> HttpResponse:
    """Upload a register; nothing is written yet."""
    offices = _offices(request)
    if request.method != "POST":
        return _upload_page(request, RegisterUploadForm(staff=request.user), offices)
    later = bodies.files_refused(request)
    form = RegisterUploadForm(request.POST, request.FILES, staff=request.user, later=later)
    if form.is_valid():
        return redirect("register_import_file", digest=form.digest)
    if later is not None:
        return later.told(_upload_page(request, form, offices, status=later.status))
    return _upload_page(request, form, offices, status=422)


def _upload_page(
    request: StaffRequest, form: RegisterUploadForm, offices: list[str], *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "offices": offices, "columns": MEANINGS}
    return render(request, "dossiers/register_import.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_import_file(request: StaffRequest, digest: str) -> HttpResponse:
    """What was found in the uploaded file; posting writes exactly this file, of its doubtful lines
    all or those that were chosen."""
    _offices(request)
    not_looked_at = ""
    try:
        upload = Upload(request.user, digest)
        if request.method == "POST":
            try:
                upload.confirm(_taken(request))
            except NotLookedAt as refused:
                not_looked_at = str(refused)
        is_at_work, finding = upload.is_at_work, upload.finding()
    except NoSuchUpload:
        raise Http404(GONE) from None
    if request.method == "POST" and (finding.written or finding.asked or is_at_work):
        return redirect("register_import_file", digest=digest)
    if is_at_work or finding.asked:
        return _while_at_work(request, finding, is_at_work=is_at_work)
    context = {
        "digest": digest,
        "finding": finding,
        "page": Paginator(_listed(finding), PAGE).get_page(request.GET.get("page")),
        "not_looked_at": not_looked_at,
        "chosen": _chosen(request),
    }
    status = (422 if not_looked_at else 409) if request.method == "POST" else 200
    return render(request, "dossiers/register_import_file.html", context, status=status)


def _listed(finding: Finding) -> list[Any]:
    """Doubtful lines to choose from; where lines are refused, every problem with its kind."""
    if not finding.problems:
        return finding.doubtful_lines
    refused = [(problem, False) for problem in finding.problems]
    return refused + [(doubt, True) for doubt in finding.doubts]


def _taken(request: StaffRequest) -> set[int] | None:
    return None if request.POST.get("nhan") == "tat-ca" else _chosen(request)


def _chosen(request: StaffRequest) -> set[int]:
    numbers = map(whole_number, request.POST.getlist("dong"))
    return {number for number in numbers if number is not None}


@staff_required
@require_safe
def register_import_left(request: StaffRequest, digest: str) -> HttpResponse:
    """The doubtful lines that were not taken, to be mended and sent again."""
    _offices(request)
    try:
        lines = Upload(request.user, digest).left_out()
    except NoSuchUpload:
        raise Http404(GONE) from None
    response = _csv_file("so-cu-dong-con-lai.csv")
    response.write(lines)
    return response


def _while_at_work(request: StaffRequest, finding: Finding, *, is_at_work: bool) -> HttpResponse:
    """A long file is being checked or written, or what did so has died."""
    context = {"finding": finding, "is_at_work": is_at_work, "is_writing": finding.asked == WRITE}
    response = render(request, "dossiers/register_import_work.html", context)
    if is_at_work:
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@staff_required
@require_safe
def register_import_template(request: StaffRequest) -> HttpResponse:
    """An empty register with the names of the columns."""
    _offices(request)
    response = _csv_file("mau-so-cu.csv")
    csv.writer(response).writerow(COLUMNS)
    return response


def _csv_file(name: str) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _offices(request: StaffRequest) -> list[str]:
    offices = offices_importable_by(request.user).with_desk().order_by("-level", "code")
    names = [office.name for office in offices]
    if not names:
        raise PermissionDenied("Tài khoản của ông/bà không có quyền nhập sổ cũ.")
    return names
