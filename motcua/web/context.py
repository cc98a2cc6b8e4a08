"""What every page knows: the site's name, its public address, and whether it is a demonstration."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from motcua import clock
from motcua.models import Installation, Office

NAME = "Một cửa điện tử"
KEPT_FOR = 60  # seconds, in the process: asked on every page
_KEPT = "site.names"


@dataclass(frozen=True)
class Desk:
    """The one desk of an installation, as a visitor is told where to ask."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True)
class SiteNames:
    """Whose pages these are. Of several desks there is none to ask, and the name is that of the
    office above all others, if there is one."""

    name: str
    desk: Desk | None = None


def site(request: HttpRequest) -> dict[str, Any]:
    names = cache.get_or_set(_KEPT, site_names, KEPT_FOR) or SiteNames(NAME)
    return {
        "site": {
            "name": names.name,
            "desk": names.desk,
            "base_url": settings.MOTCUA_BASE_URL,
            "is_demo": Installation.is_demonstration(),
        }
    }


def site_names() -> SiteNames:
    """One statement."""
    desks = list(Office.objects.existing(clock.today()).with_desk())
    if len(desks) == 1:
        only = desks[0]
        return SiteNames(only.desk_name, Desk(only.desk_name, only.address, only.phone))
    known = {office.pk for office in desks}
    highest = [office for office in desks if office.parent_id not in known]
    if len(highest) == 1:
        return SiteNames(f"{NAME} {highest[0].name_in_small}")
    return SiteNames(NAME)


@receiver(post_save, sender=Office)
def forget_names(sender: type[Office], **kwargs: Any) -> None:
    """At once in this process; in the others after a minute."""
    cache.delete(_KEPT)
