"""The log of log-ins, to be read by the administrators of the office where it happened."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from motcua.models import LoginEvent, Staff
from motcua.text import fold, whole_number
from motcua.web.admin_site import KeptAdmin, OfficeFilter, keeps_what_is_shared, site


class AccountFilter(admin.SimpleListFilter):
    """One account, as the link on its page asks for it."""

    title = "tài khoản"
    parameter_name = "tai-khoan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = self.value()
        return [(chosen, "đang chọn")] if chosen else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if not chosen:
            return queryset
        staff = whole_number(chosen)
        return queryset.none() if staff is None else queryset.filter(staff_id=staff)


@admin.register(LoginEvent, site=site)
class LoginEventAdmin(KeptAdmin):
    """Read, never written: lines come from the log-in itself."""

    office_path = "office"
    search_fields = ("address",)
    search_help_text = "Họ tên, tên đăng nhập hoặc địa chỉ mạng"
    list_display = ("at", "kind", "staff", "office", "address", "by", "note")
    list_display_links = None
    list_filter = ("kind", ("at", admin.DateFieldListFilter), OfficeFilter, AccountFilter)
    list_select_related = ("staff", "office", "by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LoginEvent]:
        """Tries on accounts that do not exist belong to no office: whoever administers every
        desk reads them."""
        if keeps_what_is_shared(request):
            return admin.ModelAdmin.get_queryset(self, request)
        return super().get_queryset(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The log is long and the list of staff short: people are searched, then their lines."""
        words = fold(search_term).split()
        if not words:
            return queryset, False
        people = Staff.objects.values_list("pk", "full_name", "username")
        found = [
            key for key, *names in people if all(word in fold(" ".join(names)) for word in words)
        ]
        return queryset.filter(Q(staff__in=found) | Q(address=search_term.strip())), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
