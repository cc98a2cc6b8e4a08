from django.urls import path

from procedures import views

urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/<slug:key>/", views.procedure_detail, name="procedure_detail"),
]
