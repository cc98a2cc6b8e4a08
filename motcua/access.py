"""Who sees what: one scope, used by list, detail, print, export and search alike.

- Clerks and specialists see their own office's desk, and those that it has followed.
- Leaders and overseers see their office and every office below it, and what these have followed.
- Administrators as such see no dossier: they keep offices, staff, catalogue and calendar.

What is outside the scope does not exist for a person (404); what is inside but may not be
done by the person's roles is refused (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from motcua.models import Office, OfficeQuerySet, Role, Staff


class StaffRequest(HttpRequest):
    """What the views behind `staff_required` and `role_required` take: somebody is logged in. A
    type only, no request is ever made of it."""

    user: Staff


P = ParamSpec("P")
Request = TypeVar("Request", bound=HttpRequest)
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[Request, P], Answer]
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
AnyonesView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

DESK_ROLES = (Role.CLERK, Role.SPECIALIST, Role.LEADER)
READING_ROLES = (*DESK_ROLES, Role.OVERSEER)


def offices_visible_to(staff: Staff) -> OfficeQuerySet:
    """The offices whose dossiers and figures exist for this person."""
    if not staff.is_active or staff.office is None or not staff.has_role(*READING_ROLES):
        return Office.objects.none()
    if staff.has_role(Role.LEADER, Role.OVERSEER):
        return Office.objects.under(staff.office)
    return Office.objects.followed_by(staff.office)


def offices_administered_by(staff: Staff) -> OfficeQuerySet:
    """The offices whose staff, divisions and hours this person keeps."""
    if not staff.is_active or not staff.has_role(Role.ADMINISTRATOR):
        return Office.objects.none()
    if staff.office is None:
        return Office.objects.all()
    return Office.objects.under(staff.office)


def staff_of(request: HttpRequest) -> Staff:
    """Who is logged in, where Django hands over a plain request: administration and forms of
    one's own account. PermissionDenied for a visitor."""
    if not isinstance(request.user, Staff):
        raise PermissionDenied("Mời đăng nhập.")
    return request.user


def staff_required(view: StaffView[P]) -> AnyonesView[P]:
    """A view for who is logged in; a visitor is sent to the log-in page."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        # The one place where a request becomes one of staff: login_required let nobody else by.
        return view(cast(StaffRequest, request), *args, **kwargs)

    return guarded


def role_required(*roles: Role) -> Callable[[StaffView[P]], AnyonesView[P]]:
    """A view for people who hold one of the roles; others who are logged in get 403."""

    def decorate(view: StaffView[P]) -> AnyonesView[P]:
        @staff_required
        @wraps(view)
        def guarded(
            request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.has_role(*roles):
                raise PermissionDenied("Tài khoản của ông/bà không có quyền làm việc này.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
