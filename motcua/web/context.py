"""What every page knows: the site's name, its public address, and whether it is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from motcua.models import Installation


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site": {
            "name": "Một cửa điện tử",
            "base_url": settings.MOTCUA_BASE_URL,
            "is_demo": Installation.is_demonstration(),
        }
    }
