"""Reorganising offices on screen: upload, look, confirm, see what was done; undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.forms.offices.merging import MergerConfirmForm, MergerUploadForm
from dossiers.merging import files
from dossiers.merging.files import MergerFile
from dossiers.merging.merge import MergerRefused, merge, preview
from dossiers.merging.planning import NOT_YET
from dossiers.merging.undoing import UndoRefused, hindrances, undo
from dossiers.merging.words import NOTHING
from dossiers.models import Merger
from motcua import clock
from motcua.access import StaffRequest, staff_required
from motcua.web import bodies
from motcua.web.admin_site import keeps_what_is_shared, site


def _guard(request: StaffRequest) -> None:
    if not site.has_permission(request) or not keeps_what_is_shared(request):
        raise PermissionDenied("Việc này do người quản trị mọi đơn vị của hệ thống làm.")


@bodies.takes(bodies.LARGEST_REQUEST)
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: StaffRequest) -> HttpResponse:
    """Upload the list of a merger and look at what it would do; nothing is written yet."""
    _guard(request)
    if request.method != "POST":
        return _start(request, MergerUploadForm())
    later = bodies.files_refused(request)
    form = MergerUploadForm(request.POST, request.FILES)
    if later is not None:
        return later.told(_start(request, form, status=later.status))
    if not form.is_valid():
        return _start(request, form, status=422)
    confirm = MergerConfirmForm(initial={"lines": files.as_csv(form.read)})
    return _preview(request, form.read, confirm)


def _start(request: StaffRequest, form: MergerUploadForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "columns": files.MEANINGS, "mergers": Merger.objects.all()}
    return render(request, "dossiers/merging.html", context, status=status)


def _preview(
    request: StaffRequest, file: MergerFile, form: MergerConfirmForm, *, status: int = 200
) -> HttpResponse:
    try:
        shown = preview(file)
    except MergerRefused as refused:
        return _refused(request, refused)
    plan = shown.plan
    is_ahead = plan.day > clock.today()
    context = {
        "plan": plan,
        "numbers": shown.counts,
        "act": file,
        "form": form,
        "nothing": NOTHING if plan.changes_nothing else "",
        "not_yet": NOT_YET.format(day=plan.day) if is_ahead else "",
    }
    return render(request, "dossiers/merging_preview.html", context, status=status)


def _refused(request: StaffRequest, refused: MergerRefused) -> HttpResponse:
    context = {"problems": refused.problems}
    return render(request, "dossiers/merging_preview.html", context, status=422)


@staff_required
@require_POST
def merging_confirm(request: StaffRequest) -> HttpResponse:
    """Carry out the list that was looked at. Sent twice it leads to what was done."""
    _guard(request)
    form = MergerConfirmForm(request.POST)
    if not form.is_valid():
        if "lines" in form.errors or not hasattr(form, "read"):
            return _start(request, MergerUploadForm(), status=422)
        return _preview(request, form.read, form, status=422)
    try:
        done, _ = merge(form.read, by=request.user)
    except MergerRefused as refused:
        return _refused(request, refused)
    if done is None:
        messages.info(request, NOTHING)
        day = form.cleaned_data["day"]
        known = Merger.objects.filter(day=day, undone_at__isnull=True).first()
        return redirect("merging_done", known.pk) if known else redirect("merging")
    messages.success(request, f"Đã sắp xếp đơn vị từ ngày {done.day:%d/%m/%Y}.")
    return redirect("merging_done", done.pk)


@staff_required
@require_safe
def merging_done(request: StaffRequest, pk: int) -> HttpResponse:
    """What a merger did, and whether it can still be undone."""
    _guard(request)
    merger = get_object_or_404(Merger.objects.select_related("made_by", "undone_by"), pk=pk)
    context = {
        "merger": merger,
        "lines": merger.lines.select_related("old_office", "new_office"),
        "hindrances": hindrances(merger),
    }
    return render(request, "dossiers/merging_done.html", context)


@staff_required
@require_POST
def merging_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Put everything back as it was."""
    _guard(request)
    merger = get_object_or_404(Merger, pk=pk)
    if merger.undone_at is None:
        try:
            undo(merger, by=request.user)
        except UndoRefused as refused:
            messages.error(request, f"Chưa hoàn tác. {refused}")
            return redirect("merging_done", pk)
    messages.success(request, "Đã hoàn tác. Các đơn vị cũ làm việc như trước.")
    return redirect("merging_done", pk)


@staff_required
@require_safe
def merging_template(request: StaffRequest) -> HttpResponse:
    """The real list of Huyện Thới Bình of 1/7/2025, as an example to write over."""
    _guard(request)
    response = HttpResponse(files.EXAMPLE.read_bytes(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mau-sap-xep-don-vi.csv"'
    return response
