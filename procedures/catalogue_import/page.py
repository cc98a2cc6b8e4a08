"""The catalogue from a table, in the administration: upload, look at every difference, confirm."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from motcua.access import staff_of
from motcua.tables.blank import CONTENT_TYPES, blank
from motcua.tables.lines import Line, read
from motcua.tables.problems import lines_of
from motcua.tables.sealed import NotLookedAtLately, opened, sealed
from motcua.tables.upload import TableFileForm, table_file
from motcua.web import bodies
from motcua.web.admin_site import keeps_what_is_shared, site
from procedures.catalogue_import.changes import CatalogueTable, Kind
from procedures.catalogue_import.importer import take_in
from procedures.catalogue_import.table import MEANINGS, TEMPLATE, TITLES
from procedures.models import Procedure

LARGEST = 2 * 1024 * 1024
PURPOSE = "catalogue"
TOO_LARGE = "Tệp lớn hơn 2 MB. Hãy chia danh mục thành nhiều tệp, ví dụ mỗi lĩnh vực một tệp."
GONE = "Danh mục xem từ hơn một giờ trước hoặc không phải của ông/bà. Mời tải tệp lên lại."
CHANGED = "Danh mục vừa được thay đổi từ lúc ông/bà xem. Mời xem lại các điểm khác dưới đây."
NOT_ACCEPTED = "Mời đánh dấu đã xem các dòng cần xem lại, hoặc sửa tệp rồi tải lên lại."
NOT_ALLOWED = "Danh mục dùng chung cho mọi đơn vị, chỉ người quản trị tất cả các đơn vị thay được."


class CatalogueFileForm(TableFileForm):
    largest, too_large = LARGEST, TOO_LARGE

    file = table_file(
        "Tệp danh mục",
        "CSV (UTF-8) hoặc XLSX, nhiều nhất 2 MB và 3.000 dòng; dòng đầu là tên các cột.",
    )

    def take(self, file: "UploadedFile[bytes]", sheet: str) -> None:
        self.lines = read(file.read(), TEMPLATE, sheet)


@bodies.takes(bodies.LARGEST_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def catalogue_import(request: HttpRequest) -> HttpResponse:
    """Upload a table; with what the page has sealed, write it."""
    if not keeps_what_is_shared(request):
        raise PermissionDenied(NOT_ALLOWED)
    if request.method != "POST":
        return _upload_page(request, CatalogueFileForm())
    if "danh_muc" in request.POST:
        return _confirmed(request)
    later = bodies.files_refused(request)
    form = CatalogueFileForm(request.POST, request.FILES)
    if later is not None:
        form.fields["file"].error_messages["required"] = later.sentence
    if not form.is_valid():
        return _upload_page(request, form, status=later.status if later else 422)
    table = take_in(form.lines, accept_doubtful=False, dry_run=True)
    return _looked_at(request, form.lines, table)


@require_safe
def catalogue_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the names of the columns, as CSV or as a workbook."""
    content = blank(TEMPLATE, kind, MEANINGS, "Danh mục")
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="mau-danh-muc.{kind}"'
    return response


def _confirmed(request: HttpRequest) -> HttpResponse:
    """Write exactly what was looked at, judged anew beside the catalogue as it is now."""
    try:
        lines = opened(request.POST["danh_muc"], staff_of(request).pk, PURPOSE, TEMPLATE)
    except NotLookedAtLately:
        form = CatalogueFileForm({})
        form.add_error(None, GONE)
        form.errors.pop("file", None)
        return _upload_page(request, form, status=409)
    table = take_in(lines, accept_doubtful=False, dry_run=True)
    is_done = not any(change.kind is not Kind.SAME for change in table.changes)
    if not is_done and request.POST.get("da_thay") != _seen(table):
        return _looked_at(request, lines, table, said=CHANGED)
    table = take_in(lines, accept_doubtful=bool(request.POST.get("da_xem")))
    if not table.verdict.written and not is_done:
        said = "" if table.verdict.refused else NOT_ACCEPTED
        return _looked_at(request, lines, table, said=said)
    counts = ", ".join(f"{count} {kind}" for kind, count in table.counts())
    messages.success(request, f"Đã nhập danh mục: {counts}.")
    return redirect("admin:procedures_procedure_changelist")


def _seen(table: CatalogueTable) -> str:
    """A mark of what the page showed: it is another when the catalogue has changed since."""
    shown = [
        (change.number, change.kind.value, change.current and change.current.pk, change.differences)
        for change in table.changes
    ]
    return hashlib.sha256(repr((shown, table.verdict)).encode()).hexdigest()


def _looked_at(
    request: HttpRequest, lines: Sequence[Line], table: CatalogueTable, *, said: str = ""
) -> HttpResponse:
    """What the table would do: to be mended, to be looked at, or to be confirmed."""
    verdict = table.verdict
    doubtful = lines_of(verdict.doubtful)
    context = {
        "title": "Danh mục có dòng cần sửa" if verdict.refused else "Xem lại trước khi nhập",
        "verdict": verdict,
        "counts": table.counts(),
        "changes": [
            (change, change.number in doubtful)
            for change in table.changes
            if change.kind is not Kind.SAME
        ],
        "sealed": "" if verdict.refused else sealed(lines, staff_of(request).pk, PURPOSE),
        "seen": _seen(table),
        "said": said,
    }
    status = 422 if verdict.refused or said else 200
    return _page(request, "admin/catalogue_import_preview.html", context, status=status)


def _upload_page(
    request: HttpRequest, form: CatalogueFileForm, *, status: int = 200
) -> HttpResponse:
    columns = [(titles[0], MEANINGS[column]) for column, titles in TITLES.items()]
    context = {"title": "Nhập danh mục từ bảng tính", "form": form, "columns": columns}
    return _page(request, "admin/catalogue_import.html", context, status=status)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {**site.each_context(request), "opts": Procedure._meta, **context}
    return render(request, template, context, status=status)
