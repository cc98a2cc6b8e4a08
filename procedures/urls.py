from django.urls import path

from procedures import (
    converters,  # noqa: F401  (registers the key of a procedure)
    office_views,
    views,
)
from procedures.offices import views as offer_views

urlpatterns = [
    path("don-vi/", office_views.office_list, name="office_list"),
    path("don-vi/<slug:code>/", office_views.office_detail, name="office_detail"),
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/niem-yet-<slug:size>.pdf", views.list_paper, name="procedure_list_paper"),
    path("thu-tuc/du-lieu-mo/", views.open_data_page, name="open_data"),
    path("thu-tuc/du-lieu-mo.<slug:format>", views.open_data_file, name="open_data_file"),
    path("thu-tuc/<procedure_key:key>/", views.procedure_detail, name="procedure_detail"),
    path("thu-tuc/<procedure_key:key>/niem-yet.pdf", views.procedure_paper, name="procedure_paper"),
    path("quan-tri/don-vi/<slug:code>/thu-tuc/", offer_views.office_sectors, name="office_sectors"),
    path(
        "quan-tri/don-vi/<slug:code>/thu-tuc/<int:key>/",
        offer_views.office_sector,
        name="office_sector",
    ),
]
