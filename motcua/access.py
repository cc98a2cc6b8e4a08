"""Who sees what: one scope, used by list, detail, print, export and search alike.

- Clerks and specialists see their own office's desk.
- Leaders and overseers see their office and every office below it.
- Administrators as such see no dossier: they keep offices, staff, catalogue and calendar.

What is outside the scope does not exist for a person (404); what is inside but may not be
done by the person's roles is refused (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from motcua.models import Office, OfficeQuerySet, Role, Staff

View = Callable[..., HttpResponse]

DESK_ROLES = (Role.CLERK, Role.SPECIALIST, Role.LEADER)
READING_ROLES = (*DESK_ROLES, Role.OVERSEER)


def offices_visible_to(staff: Staff) -> OfficeQuerySet:
    """The offices whose dossiers and figures exist for this person."""
    if not staff.is_active or staff.office is None or not staff.has_role(*READING_ROLES):
        return Office.objects.none()
    if staff.has_role(Role.LEADER, Role.OVERSEER):
        return Office.objects.under(staff.office)
    return Office.objects.filter(pk=staff.office_id)


def offices_administered_by(staff: Staff) -> OfficeQuerySet:
    """The offices whose staff, divisions and hours this person keeps."""
    if not staff.is_active or not staff.has_role(Role.ADMINISTRATOR):
        return Office.objects.none()
    if staff.office is None:
        return Office.objects.all()
    return Office.objects.under(staff.office)


def role_required(*roles: Role) -> Callable[[View], View]:
    """A view for people who hold one of the roles; others who are logged in get 403."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise PermissionDenied("Tài khoản của ông/bà không có quyền làm việc này.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
