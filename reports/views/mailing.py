"""A leader's choice to have the meeting paper by mail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from motcua import clock
from motcua.access import StaffRequest, role_required
from reports.dashboard.mailing import ROLES
from reports.forms.mailing import NEVER, PaperByMailForm
from reports.models import PaperChoice

LATELY = 5


@role_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_by_mail(request: StaffRequest) -> HttpResponse:
    """Choose the day of the mail, and see what was sent lately."""
    staff = request.user
    choice = PaperChoice.objects.filter(staff=staff).first()
    chosen = choice.every if choice else NEVER
    sent = request.POST if request.method == "POST" else None
    form = PaperByMailForm(sent, initial={"every": chosen})
    if form.is_valid():
        every = form.cleaned_data["every"]
        if every == NEVER:
            PaperChoice.objects.filter(staff=staff).delete()
            messages.success(request, "Đã ghi: không gửi bản in họp qua thư.")
            return redirect("paper_by_mail")
        if staff.email:
            if every != chosen:
                PaperChoice.objects.update_or_create(
                    staff=staff, defaults={"every": every, "chosen_at": clock.now()}
                )
            messages.success(request, f"Đã ghi: bản in họp gửi tới {staff.email}.")
            return redirect("paper_by_mail")
        form.add_error(
            "every", "Tài khoản chưa có thư điện tử. Mời nhờ người quản trị của đơn vị khai trước."
        )
    context = {"form": form, "mails": staff.paper_mails.all()[:LATELY]}
    status = 422 if form.errors else 200
    return render(request, "reports/paper_by_mail.html", context, status=status)
