from django.urls import path, register_converter

from reports.converters import FurtherConverter
from reports.views import (
    closing,
    dashboard,
    further,
    insight,
    mailing,
    month_sheet,
    national_index,
    opening,
    register,
    reopenings,
    report,
    results,
)

register_converter(FurtherConverter, "further")

urlpatterns = [
    path("so-theo-doi/", register.register_book, name="register_book"),
    path("so-theo-doi/so-theo-doi.xlsx", register.register_xlsx, name="register_xlsx"),
    path("so-theo-doi/so-theo-doi.pdf", register.register_pdf, name="register_pdf"),
    path("so-theo-doi/ban-in/<int:pk>/", register.register_export, name="register_export"),
    path("ket-qua/", results.published_results, name="published_results"),
    path("bao-cao/danh-gia/", results.ratings, name="ratings"),
    path("thong-ke/", dashboard.dashboard, name="dashboard"),
    path("thong-ke/bang-so-lieu/", dashboard.tables, name="dashboard_tables"),
    path("thong-ke/hop.pdf", dashboard.meeting, name="meeting_paper"),
    path("thong-ke/gui-thu/", mailing.paper_by_mail, name="paper_by_mail"),
    path("thong-ke/thoi-gian/", dashboard.days_used, name="days_used"),
    path("thong-ke/dang-giu/", insight.workload, name="workload"),
    path("thong-ke/dang-giu/ho-so/", insight.held_dossiers, name="held_dossiers"),
    path("thong-ke/chi-so/", national_index.national_index, name="national_index"),
    path(
        "thong-ke/chi-so/ho-so/",
        national_index.national_index_dossiers,
        name="national_index_dossiers",
    ),
    path("thong-ke/phieu-thang/", month_sheet.month_sheet, name="month_sheet"),
    path("thong-ke/phieu-thang/phieu-thang.pdf", month_sheet.month_paper, name="month_paper"),
    path(
        "thong-ke/phieu-thang/ho-so/",
        month_sheet.month_sheet_dossiers,
        name="month_sheet_dossiers",
    ),
    path("bao-cao/", report.report, name="report"),
    path("bao-cao/bao-cao.<str:format>", report.report_export, name="report_export"),
    path("bao-cao/ho-so/", report.figure_dossiers, name="figure_dossiers"),
    path("bao-cao/so-dau-ky/", opening.openings, name="openings"),
    path("bao-cao/so-dau-ky/<str:code>/nhap/", opening.opening_entry, name="opening_entry"),
    path(
        "bao-cao/so-dau-ky/<str:code>/<int:pk>/sua/", opening.opening_change, name="opening_change"
    ),
    path(
        "bao-cao/so-dau-ky/<str:code>/<int:pk>/bo/",
        opening.opening_withdraw,
        name="opening_withdraw",
    ),
    path("bao-cao/chot/", closing.closings, name="closings"),
    path("bao-cao/chot/mo-lai/", reopenings.reopenings, name="reopenings"),
    path("bao-cao/chot/nhac/", closing.closing_remind, name="closing_remind"),
    path("bao-cao/chot/<str:code>/<str:key>/", closing.closing, name="closing"),
    path(
        "bao-cao/chot/<str:code>/<str:key>/can-xem/<str:kind>/",
        closing.closing_warning,
        name="closing_warning",
    ),
    path("bao-cao/chot/<str:code>/<str:key>/ky/", closing.closing_sign, name="closing_sign"),
    path(
        "bao-cao/chot/<str:code>/<str:key>/mo-lai/", closing.closing_reopen, name="closing_reopen"
    ),
    path(
        "bao-cao/chot/<str:code>/<str:key>/lan-<int:version>/",
        closing.closing_dossiers,
        name="closing_dossiers",
    ),
    path(
        "bao-cao/chot/<str:code>/<str:key>/lan-<int:version>/so-lieu.<str:format>",
        closing.closing_export,
        name="closing_export",
    ),
    path("bao-cao/<further:word>/", further.further_report, name="further_report"),
    path("bao-cao/<further:word>/ho-so/", further.further_dossiers, name="further_dossiers"),
    path("bao-cao/<further:word>/tep.<str:format>", further.further_export, name="further_export"),
]
