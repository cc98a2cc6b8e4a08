"""The product's addresses and, beside them, the bare floors that it is measured against."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from dossiers.models import Dossier, SerialCounter
from motcua.models import Office

PAGE = engines["django"].from_string(
    "<!doctype html><title>{{ d.code }}</title><p>{{ d.code }} {{ d.state }} {{ d.due_on }}</p>"
)


def floor_select(request: HttpRequest) -> HttpResponse:
    """One SELECT by a unique index and a template of one line."""
    dossier = Dossier.objects.only("code", "state", "due_on").get(code_key=request.GET["ma"])
    return HttpResponse(PAGE.render({"d": dossier}))


def floor_insert(request: HttpRequest) -> HttpResponse:
    """One INSERT by a logged-in person, committed."""
    office = Office.objects.only("pk").get(pk=request.user.office_id)
    row = SerialCounter.objects.create(office=office, series=request.POST["series"], last=1)
    return HttpResponse(str(row.pk))


urlpatterns = [
    path("floor/select/", floor_select),
    path("floor/insert/", floor_insert),
    path("", include("motcua.urls")),
]
