"""The papers of a dossier's turns. Opening one is printing it, and is recorded."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dossiers.models import Dossier
from dossiers.paper import forms_04_06
from dossiers.views.papers import print_paper, visible_dossier
from motcua.access import StaffRequest, staff_required


@staff_required
@require_GET
def apology(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Form 04, of the n-th apology of this dossier."""
    dossier = visible_dossier(request, code)
    letter = (
        dossier.apologies.filter(is_void=False, number=number).select_related("opened_by").first()
    )
    if letter is None:
        return _absent(request, dossier, f"Hồ sơ này không có phiếu xin lỗi lần {number}.")
    return print_paper(
        request,
        dossier,
        f"apology-{number}",
        f"phieu-xin-loi-{number}",
        lambda copy: forms_04_06.apology(dossier, letter, copy=copy),
    )


@staff_required
@require_GET
def stop_notice(request: StaffRequest, code: str) -> HttpResponse:
    """Form 05, of a dossier that was withdrawn or stopped."""
    dossier = visible_dossier(request, code)
    if not dossier.ended_without_result:
        return _absent(
            request,
            dossier,
            "Thông báo dừng giải quyết chỉ có khi hồ sơ đã rút hoặc đã dừng giải quyết. "
            f"Hồ sơ này {dossier.state_words}.",
        )
    return print_paper(
        request,
        dossier,
        "stop",
        "thong-bao-dung",
        lambda copy: forms_04_06.stop_notice(dossier, copy=copy),
    )


@staff_required
@require_GET
def control_sheet(request: StaffRequest, code: str) -> HttpResponse:
    """The control sheet, of every accepted dossier."""
    dossier = visible_dossier(request, code)
    if not dossier.is_accepted:
        return _absent(request, dossier, "Hồ sơ chưa được tiếp nhận nên chưa có phiếu kiểm soát.")
    return print_paper(
        request,
        dossier,
        "control",
        "phieu-kiem-soat",
        lambda copy: forms_04_06.control_sheet(dossier, copy=copy),
    )


def _absent(request: StaffRequest, dossier: Dossier, sentence: str) -> HttpResponse:
    """This dossier has no such paper, and why."""
    context = {"dossier": dossier, "sentence": sentence}
    return render(request, "paper/absent.html", context, status=404)
