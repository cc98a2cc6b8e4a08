"""The papers of the acts on a dossier: to look at, or to print (see `papers`)."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dossiers.lifecycle.supplements import NEW_DATE
from dossiers.models import Dossier
from dossiers.paper import forms_04_06
from dossiers.paper import new_date as new_date_paper
from dossiers.views.papers import paper_answer, visible_dossier
from motcua.access import StaffRequest, staff_required


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_date(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """The date after the n-th supplement; one before the receipt has its date on the slip."""
    dossier = visible_dossier(request, code)
    asked = (
        dossier.supplements.filter(is_void=False, number=number)
        .select_related("closed_by__actor")
        .first()
    )
    if asked is None or not asked.gave_a_date:
        sentence = f"Hồ sơ này không có phiếu hẹn lại sau bổ sung lần {number}."
        return _absent(request, dossier, sentence)
    return paper_answer(
        request,
        dossier,
        f"{NEW_DATE}-{number}",
        f"phieu-hen-lai-{number}",
        lambda copy: new_date_paper.new_date(dossier, asked, copy=copy),
        names=asdict(new_date_paper.new_date_names(dossier, asked)),
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def apology(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Form 04, of the n-th apology of this dossier."""
    dossier = visible_dossier(request, code)
    letter = (
        dossier.apologies.filter(is_void=False, number=number).select_related("opened_by").first()
    )
    if letter is None:
        return _absent(request, dossier, f"Hồ sơ này không có phiếu xin lỗi lần {number}.")
    return paper_answer(
        request,
        dossier,
        f"apology-{number}",
        f"phieu-xin-loi-{number}",
        lambda copy: forms_04_06.apology(dossier, letter, copy=copy),
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
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
    return paper_answer(
        request,
        dossier,
        "stop",
        "thong-bao-dung",
        lambda copy: forms_04_06.stop_notice(dossier, copy=copy),
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def control_sheet(request: StaffRequest, code: str) -> HttpResponse:
    """The control sheet, of every accepted dossier."""
    dossier = visible_dossier(request, code)
    if not dossier.is_accepted:
        return _absent(request, dossier, "Hồ sơ chưa được tiếp nhận nên chưa có phiếu kiểm soát.")
    return paper_answer(
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
