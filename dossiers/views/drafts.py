"""A clerk's drafts: kept while she types, and thrown away. All of it is posted; an address has the
token of a form at most."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dossiers.desk import drafts
from dossiers.forms.concerns import doubtful_days
from dossiers.views.choosing import desk_of
from motcua import clock
from motcua.access import StaffRequest, role_required
from motcua.models import Role
from motcua.web.sent_twice import token_of
from procedures.models import Procedure

TOO_LONG = "Những gì đã gõ quá dài nên chưa giữ được."


@role_required(Role.CLERK)
@require_POST
def intake_draft(request: StaffRequest) -> JsonResponse:
    """Keep what stands in the form now; `kept` is the time, empty where nothing was to be kept.
    `doubts` is what is unlikely about the days in it, for their fields."""
    desk_of(request)
    procedure = Procedure.objects.filter(key=request.GET.get("thu-tuc", ""), is_active=True).first()
    token = token_of(request)
    if procedure is None or token is None:
        return JsonResponse({"kept": ""}, status=404)
    try:
        draft = drafts.keep(request.POST, by=request.user, procedure=procedure, token=token)
    except drafts.TooLong:
        return JsonResponse({"kept": "", "why": TOO_LONG}, status=413)
    if draft is None:
        return JsonResponse({"kept": ""})
    doubts = [
        {"field": doubt.field, "sentence": doubt.sentence, "key": doubt.key}
        for doubt in doubtful_days(procedure, request.POST)
    ]
    return JsonResponse({"kept": f"{clock.local(draft.saved_at):%H:%M}", "doubts": doubts})


@role_required(Role.CLERK)
@require_POST
def intake_draft_drop(request: StaffRequest) -> HttpResponse:
    """Throw one of the own drafts away, and back to the choice of a procedure."""
    desk_of(request)
    if drafts.drop([token_of(request)], by=request.user):
        messages.success(request, "Đã bỏ bản tạm giữ.")
    return redirect("intake")
