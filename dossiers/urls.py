from django.urls import path, register_converter
from django.views.generic import TemplateView

from dossiers.converters import CodeConverter
from dossiers.lifecycle.steps import LATE_HAND_OVER
from dossiers.rules.deadlines import SAME_DAY_CUT_OFF
from dossiers.views import (
    accesses,
    act_papers,
    assignment,
    bundle,
    choosing,
    desk,
    dossier,
    drafts,
    filing,
    first_hour,
    handed_lists,
    intake,
    lookup,
    merging,
    own,
    papers,
    register_import,
    rescheduling,
    returning,
    search,
)
from motcua.accounts import lockout
from procedures import converters  # noqa: F401  (registers the key of a procedure)

register_converter(CodeConverter, "code")

LIMITS_IN_HELP = {
    "same_day_cut_off": SAME_DAY_CUT_OFF,
    "late_hand_over": LATE_HAND_OVER,
    "tries": lockout.HERE.allowed,
    "tries_minutes": lockout.SECONDS // 60,
}
urlpatterns = [
    path(
        "tro-giup/",
        TemplateView.as_view(template_name="motcua/help.html", extra_context=LIMITS_IN_HELP),
        name="help",
    ),
    path("", lookup.home, name="home"),
    path("tra-cuu/", lookup.lookup, name="lookup"),
    path("tra-cuu/xac-nhan/", own.own_prove, name="own_prove"),
    path("tra-cuu/ho-so-cua-toi/", own.own_page, name="own_dossier"),
    path("tra-cuu/ho-so-cua-toi/danh-gia/", own.own_rate, name="own_rate"),
    path("tra-cuu/ho-so-cua-toi/gui-them/", own.own_attach, name="own_attach"),
    path("tra-cuu/ho-so-cua-toi/dong/", own.own_close, name="own_close"),
    path("nop-ho-so/da-nop/<str:receipt>/", filing.filed, name="filed"),
    path("nop-ho-so/<procedure_key:key>/", filing.file_online, name="file_online"),
    path("ban-lam-viec/", desk.desk, name="desk"),
    path("ban-lam-viec/giao-nhan/", bundle.bundle, name="bundle"),
    path("ban-lam-viec/xin-loi/", bundle.apologise, name="apologise_many"),
    path("ho-so/", search.dossier_list, name="dossier_list"),
    path("ho-so/danh-sach.csv", search.dossier_export, name="dossier_export"),
    path("ho-so/tiep-nhan/", intake.intake, name="intake"),
    path("ho-so/tiep-nhan/tam-giu/", drafts.intake_draft, name="intake_draft"),
    path("ho-so/tiep-nhan/tam-giu/bo/", drafts.intake_draft_drop, name="intake_draft_drop"),
    path("ho-so/tiep-nhan/thu-tuc/", choosing.intake_procedures, name="intake_procedures"),
    path("ho-so/tiep-nhan/ngay-hen/", intake.intake_due, name="intake_due"),
    path("ho-so/tiep-nhan/nguoi-nop/", intake.intake_applicant, name="intake_applicant"),
    path("ho-so/the/", returning.card, name="card"),
    path("tra-ket-qua/", returning.return_counter, name="return_counter"),
    path("tra-ket-qua/hoan-tac/", returning.return_undo, name="return_undo"),
    path("tra-ket-qua/ky-nhan.pdf", returning.return_receipt, name="return_receipt"),
    path("ho-so/giao-nhan/", handed_lists.handed_lists, name="handed_lists"),
    path("ho-so/giao-nhan/danh-sach.pdf", handed_lists.handed_list, name="handed_list"),
    path("ho-so/can-goi.pdf", handed_lists.call_list, name="call_list"),
    path("ho-so/doi-han/", rescheduling.rescheduling, name="rescheduling"),
    path("quan-tri/bat-dau/", first_hour.first_hour, name="first_hour"),
    path("quan-tri/bat-dau/<str:code>/phieu-thu.pdf", first_hour.trial_slip, name="trial_slip"),
    path("quan-tri/sap-xep-don-vi/", merging.merging, name="merging"),
    path("quan-tri/sap-xep-don-vi/mau.csv", merging.merging_template, name="merging_template"),
    path("quan-tri/sap-xep-don-vi/lam/", merging.merging_confirm, name="merging_confirm"),
    path("quan-tri/sap-xep-don-vi/<int:pk>/", merging.merging_done, name="merging_done"),
    path("quan-tri/sap-xep-don-vi/<int:pk>/hoan-tac/", merging.merging_undo, name="merging_undo"),
    path("ho-so/cho-phan-cong/", assignment.assignment, name="assignment"),
    path("ho-so/ai-da-xem/", accesses.find_accesses, name="find_accesses"),
    path("ho-so/<code:code>/ai-da-xem/", accesses.accesses, name="dossier_accesses"),
    path("ho-so/<code:code>/", dossier.dossier_detail, name="dossier_detail"),
    path("ho-so/<code:code>/da-tiep-nhan/", intake.intake_done, name="intake_done"),
    path(
        "ho-so/<code:code>/thu-tuc-khac/",
        dossier.dossier_procedures,
        name="dossier_procedures",
    ),
    path("ho-so/<code:code>/viec/<str:verb>/", dossier.dossier_act, name="dossier_act"),
    path("ho-so/<code:code>/tep/<int:number>/", filing.attachment, name="dossier_attachment"),
    path("ho-so/<code:code>/phieu-hen.pdf", papers.slip, name="dossier_slip"),
    path("ho-so/<code:code>/phieu-tu-choi.pdf", papers.refusal, name="dossier_refusal"),
    path(
        "ho-so/<code:code>/phieu-bo-sung-<int:number>.pdf",
        papers.supplement_form,
        name="dossier_supplement",
    ),
    path(
        "ho-so/<code:code>/phieu-hen-lai-<int:number>.pdf",
        act_papers.new_date,
        name="dossier_new_date",
    ),
    path(
        "ho-so/<code:code>/phieu-xin-loi-<int:number>.pdf",
        act_papers.apology,
        name="dossier_apology",
    ),
    path("ho-so/<code:code>/thong-bao-dung.pdf", act_papers.stop_notice, name="dossier_stop"),
    path("ho-so/<code:code>/phieu-kiem-soat.pdf", act_papers.control_sheet, name="dossier_control"),
    path("so-theo-doi/nhap-so-cu/", register_import.register_import, name="register_import"),
    path(
        "so-theo-doi/nhap-so-cu/mau.csv",
        register_import.register_import_template,
        name="register_import_template",
    ),
    path(
        "so-theo-doi/nhap-so-cu/<str:digest>/",
        register_import.register_import_file,
        name="register_import_file",
    ),
    path(
        "so-theo-doi/nhap-so-cu/<str:digest>/con-lai.csv",
        register_import.register_import_left,
        name="register_import_left",
    ),
]
