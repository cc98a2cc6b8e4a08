"""A file that is too long to wait for: asked about first, then made as a job."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from motcua.access import StaffRequest
from reports.models import RegisterExport
from reports.register.jobs import Asked, begin

ANOTHER = (
    "Ông/bà đang có một bản khác được làm, mỗi lần chỉ làm một bản. Bản vừa yêu cầu chưa được làm: "
    "mời yêu cầu lại khi bản này xong."
)


def ask_or_begin(request: StaffRequest, asked: Asked, back: str) -> HttpResponse:
    """The page that asks whether to make it (GET), or the page of the job (POST). Who has a job
    under way is led to it, and told when it is another one."""
    export = RegisterExport.objects.of(request.user).running().first()
    if export is None and request.method != "POST":
        context = {"asked": asked, "label": asked.kind.label, "back": back}
        return render(request, "reports/register_long.html", context)
    export = export or begin(request.user, asked)
    if not asked.is_same(export):
        messages.warning(request, ANOTHER)
    return redirect("register_export", pk=export.pk)
