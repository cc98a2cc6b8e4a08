"""Staff from a table, in the administration: upload, look at every line, confirm, and the sheet
of first passwords, which is shown once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from motcua import clock
from motcua.access import offices_administered_by, staff_of
from motcua.accounts.first_passwords import PasswordSlip, give_again
from motcua.accounts.staff_import import write
from motcua.accounts.staff_table import MEANINGS, TEMPLATE, TITLES, StaffList, judge
from motcua.form_layout import model_choice_field
from motcua.models import Office, OfficeQuerySet, Staff
from motcua.tables.blank import CONTENT_TYPES, blank
from motcua.tables.lines import Line, read
from motcua.tables.problems import lines_of
from motcua.tables.sealed import NotLookedAtLately, opened, sealed
from motcua.tables.upload import TableFileForm, table_file
from motcua.web import bodies
from motcua.web.admin_site import site

PURPOSE = "staff"
GONE = "Danh sách xem từ hơn một giờ trước hoặc không phải của ông/bà. Mời tải tệp lên lại."
NOT_ACCEPTED = "Mời đánh dấu đã xem các dòng cần xem lại, hoặc sửa tệp rồi tải lên lại."


class StaffFileForm(TableFileForm):
    """Also the office, when all its lines are of one."""

    too_large = TEMPLATE.too_large
    field_order = ("office", "file", "sheet")

    office = forms.ModelChoiceField(
        Office.objects.none(),
        label="Đơn vị của cả danh sách",
        required=False,
        empty_label="theo cột “Mã đơn vị” của từng dòng",
    )
    file = table_file(
        "Tệp danh sách",
        "CSV (UTF-8) hoặc XLSX, nhiều nhất 2.000 người; dòng đầu là tên các cột.",
    )

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = _offices(by).order_by("level", "name")
        model_choice_field(self, "office").queryset = offices

    def take(self, file: "UploadedFile[bytes]", sheet: str) -> None:
        self.lines = read(file.read(), TEMPLATE, sheet)


@bodies.takes(bodies.LARGEST_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_import(request: HttpRequest) -> HttpResponse:
    """Upload a list; with what the page has sealed, write it."""
    by = staff_of(request)
    if request.method != "POST":
        return _upload_page(request, StaffFileForm(by=by))
    if "danh_sach" in request.POST:
        return _confirmed(request, by)
    later = bodies.files_refused(request)
    form = StaffFileForm(request.POST, request.FILES, by=by)
    if later is not None:
        form.fields["file"].error_messages["required"] = later.sentence
    if not form.is_valid():
        return _upload_page(request, form, status=later.status if later else 422)
    office = form.cleaned_data["office"]
    return _looked_at(request, by, form.lines, judge(form.lines, _offices(by), office), office)


def _confirmed(request: HttpRequest, by: Staff) -> HttpResponse:
    try:
        lines = opened(request.POST["danh_sach"], by.pk, PURPOSE, TEMPLATE)
    except NotLookedAtLately:
        form = StaffFileForm({}, by=by)
        form.add_error(None, GONE)
        form.errors.pop("file", None)
        return _upload_page(request, form, status=409)
    office = _offices(by).filter(code=request.POST.get("don_vi", "")).first()
    found = judge(lines, _offices(by), office)
    accepts = bool(request.POST.get("da_xem"))
    slips = write(found, lambda slips: None, accept_doubtful=accepts)
    if slips:
        return slips_page(request, slips)
    if again := give_again(_of_this_list(lines, by)):
        return slips_page(request, again, is_again=True)
    said = NOT_ACCEPTED if not found.verdict.refused else ""
    return _looked_at(request, by, lines, found, office, said=said)


def _of_this_list(lines: Sequence[Line], by: Staff) -> list[Staff]:
    """The accounts that this very person made of this list a moment ago: the form was sent twice,
    and the browser shows the second answer alone. None where any other line is among them."""
    names = [line.text("username") for line in lines]
    made = Staff.history.filter(history_type="+", history_user=by, username__in=names)
    found = list(
        Staff.objects.filter(pk__in=made.values("id"), office__in=_offices(by)).order_by("pk")
    )
    return found if len(found) == len(names) else []


def _looked_at(
    request: HttpRequest,
    by: Staff,
    lines: Sequence[Line],
    found: StaffList,
    office: Office | None,
    *,
    said: str = "",
) -> HttpResponse:
    """What the list would become: to be mended, to be looked at, or to be confirmed."""
    verdict = found.verdict
    doubtful = lines_of(verdict.doubtful)
    context = {
        "title": "Danh sách có dòng cần sửa" if verdict.refused else "Xem lại trước khi lập",
        "verdict": verdict,
        "people": [(person, person.number in doubtful) for person in found.people],
        "sealed": "" if verdict.refused else sealed(lines, by.pk, PURPOSE),
        "office": office,
        "said": said,
    }
    status = 422 if verdict.refused or said else 200
    return _page(request, "admin/staff_import_preview.html", context, status=status)


def _upload_page(request: HttpRequest, form: StaffFileForm, *, status: int = 200) -> HttpResponse:
    columns = [(titles[0], MEANINGS[column]) for column, titles in TITLES.items()]
    context = {"title": "Lập tài khoản từ danh sách", "form": form, "columns": columns}
    return _page(request, "admin/staff_import.html", context, status=status)


def slips_page(
    request: HttpRequest, slips: Sequence[PasswordSlip], *, is_again: bool = False
) -> HttpResponse:
    """The first passwords, to be printed from here: no page shows them again."""
    context = {
        "title": "Phiếu mật khẩu tạm",
        "slips": slips,
        "address": settings.MOTCUA_BASE_URL,
        "is_again": is_again,
    }
    return _page(request, "admin/password_slips.html", context)


@require_safe
def staff_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty list with the names of the columns, as CSV or as a workbook."""
    content = blank(TEMPLATE, kind, MEANINGS, "Cán bộ")
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="mau-can-bo.{kind}"'
    return response


def _offices(by: Staff) -> OfficeQuerySet:
    """Those that exist today: what has ended takes nobody in."""
    return offices_administered_by(by).existing(clock.today())


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    opts = Staff._meta
    context = {**site.each_context(request), "opts": opts, **context}
    return render(request, template, context, status=status)
