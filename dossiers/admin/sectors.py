"""What keeps a sector as it is? The page belongs to `procedures`, which knows no dossiers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dossiers.models import Dossier
from motcua.web.admin_site import site
from procedures.admin import SectorAdmin
from procedures.models import Sector

site.unregister(Sector)


@admin.register(Sector, site=site)
class UsedSectorAdmin(SectorAdmin):
    """A sector that dossiers stand in keeps its name, under which periods were signed."""

    def get_readonly_fields(self, request: HttpRequest, obj: Sector | None = None) -> Any:
        is_used = obj is not None and Dossier.objects.filter(sector=obj.pk).exists()
        return (*super().get_readonly_fields(request, obj), *(("name",) if is_used else ()))
