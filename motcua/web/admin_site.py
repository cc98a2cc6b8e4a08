"""The administration at /quan-tri/: who may enter, and how every page of it behaves.

Only administrators enter. An administrator keeps his own office and those below it. What all
offices share (catalogue, calendar, lists) is kept by whoever administers every desk of the
installation; an administrator of less reads it. No dossier is changed here.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import DataError, models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from motcua import clock
from motcua.access import offices_administered_by, staff_of
from motcua.models import Office, Role
from motcua.text import fold, whole_number

if TYPE_CHECKING:  # at run time Django's classes take no parameter
    BaseModelAdmin = admin.options.BaseModelAdmin[Any]
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    BaseModelAdmin = admin.options.BaseModelAdmin
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

HISTORY_PAGE = 30
ALL_PLACES = "tat-ca"
"""In the address of the index: the list itself."""


class DeskAdminSite(admin.AdminSite):
    site_header = "Một cửa - Quản trị"
    site_title = "Một cửa - Quản trị"
    index_title = "Quản trị"
    site_url = None
    enable_nav_sidebar = False
    empty_value_display = "-"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(
            user.is_authenticated
            and user.is_active
            and user.is_staff
            and user.has_role(Role.ADMINISTRATOR)
        )

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Who has no business here is told so at once: a visitor to log in, an officer 403.
        What Django would hand to the database as it came is refused: a NUL in a filter, a chosen
        row that is no number, a number that no column holds."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                return self.login(request)
            if any("\x00" in value for _, values in request.GET.lists() for value in values):
                raise BadRequest("NUL in the query of an address")
            chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
            if any(whole_number(key) is None for key in chosen):
                raise BadRequest("a chosen row that is no number")
            try:
                return guarded(request, *args, **kwargs)
            except (OverflowError, DataError) as error:
                raise BadRequest("a number that no column holds") from error

        return cast(View, asked)  # takes and answers what the view does

    # Django promises a page; this one may lead away.
    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All that is kept here; whoever enters is led first to what `comes_first` says, unless
        the whole list was asked for. What only the keeper of every office may do is offered to
        nobody else."""
        ahead = "" if ALL_PLACES in request.GET else self.comes_first(request)
        if ahead:
            return redirect(ahead)
        keeps = {"keeps_what_is_shared": keeps_what_is_shared(request)}
        return super().index(request, {**keeps, **(extra_context or {})})

    comes_first: Callable[[HttpRequest], str] = staticmethod(lambda request: "")
    """Where an upper app sends an administrator at first; empty for nowhere."""

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one page to log in. Who is logged in and no administrator is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied("Chỉ người quản trị mở được trang này.")
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.get_full_path(), reverse("login"))

    # Django promises a page for these two; here they lead away.
    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("account_password")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("admin:index")


site = DeskAdminSite()


_keeping: WeakKeyDictionary[HttpRequest, bool] = WeakKeyDictionary()
"""Asked many times for one page, so it is kept as long as the request is there."""


def keeps_what_is_shared(request: HttpRequest) -> bool:
    """Whether this administrator keeps every office that has a desk."""
    if request not in _keeping:
        kept = offices_administered_by(staff_of(request))
        others = Office.objects.with_desk().exclude(pk__in=kept.values("pk"))
        _keeping[request] = not others.exists()
    return _keeping[request]


class KeptPermissions(BaseModelAdmin):
    """Who may do what, for pages and for the tables inside them. Nothing is deleted unless the
    page says so: what has been used must stay readable."""

    is_shared = False
    may_delete = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = self.admin_site.has_permission(request)
        return allowed and (not self.is_shared or keeps_what_is_shared(request))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and self.has_change_permission(request)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """No pencil, plus and eye beside a choice: each thing is kept on its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for power in ("add", "change", "delete", "view"):
            if field is not None and hasattr(field.widget, f"can_{power}_related"):
                setattr(field.widget, f"can_{power}_related", False)
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offices, and what belongs to one, are offered where this administrator keeps them."""
        related = db_field.related_model
        if related is Office:
            kwargs["queryset"] = offices_administered_by(staff_of(request))
        elif any(field.name == "office" for field in related._meta.fields):
            kwargs["queryset"] = related._default_manager.filter(
                office__in=offices_administered_by(staff_of(request))
            ).select_related("office")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KeptInline(KeptPermissions, TabularInline):
    """A table inside a page; it works without script, so it brings empty lines along."""

    extra = 2
    may_delete = True

    def formfield_for_dbfield(self, *args: Any, **kwargs: Any) -> Any:
        """An input in a table has its column's name, which Django's table does not tell."""
        field = super().formfield_for_dbfield(*args, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = field.label
        return field

    def get_formset(self, *args: Any, **kwargs: Any) -> Any:
        # Django makes the class at run time, so no type knows it.
        class Lines(super().get_formset(*args, **kwargs)):  # type: ignore[misc]
            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                if "DELETE" in form.fields:
                    form.fields["DELETE"].widget.attrs["aria-label"] = "Xóa dòng này"

        return Lines


class KeptAdmin(KeptPermissions, ModelAdmin):
    """A page of the administration. `office_path` is the way from a row to its office, where
    rows belong to one; `folded_search` names the fields that are searched without diacritics."""

    office_path = ""
    folded_search: tuple[str, ...] = ()
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions: Sequence[str] | None = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if self.office_path:
            return rows.filter(
                **{f"{self.office_path}__in": offices_administered_by(staff_of(request))}
            )
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        # An empty ?_to_field= is no field; Django would look for one of that name.
        found = super().get_object(request, object_id, from_field or None)
        if found is None:
            raise Http404("Không có trang này.")
        return found

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.folded_search or super().get_search_fields(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """These tables are small, so they are folded as they are searched."""
        words = fold(search_term).split()
        if not words or not self.folded_search:
            return queryset, False
        rows = queryset.order_by().values_list("pk", *self.folded_search)
        found = [
            key
            for key, *texts in rows
            if all(word in fold(" ".join(str(text) for text in texts)) for word in words)
        ]
        return queryset.filter(pk__in=found), False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What was changed, from what to what, by whom."""
        kept = self.get_object(request, object_id)
        if not hasattr(kept, "history"):
            return super().history_view(request, object_id, extra_context)
        page = Paginator(kept.history.select_related("history_user"), HISTORY_PAGE).get_page(
            request.GET.get("page")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": f"Lịch sử thay đổi: {kept}",
            "object": kept,
            "opts": self.opts,
            "page": page,
            "entries": [entry(record) for record in page],
        }
        return TemplateResponse(request, "admin/desk_history.html", context)


class OfficeFilter(admin.SimpleListFilter):
    """The offices that this administrator keeps."""

    title = "đơn vị"
    parameter_name = "don-vi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(office.code, office.name) for office in offices_administered_by(staff_of(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(office__code=self.value()) if self.value() else queryset


HISTORY_WORDS = {"+": "tạo mới", "~": "sửa", "-": "xóa"}


def entry(record: Any) -> dict[str, Any]:
    """A record of the history: when, who, what, and the fields that changed."""
    before = record.prev_record if record.history_type == "~" else None
    changes = []
    if before is not None:
        delta = record.diff_against(before, foreign_keys_are_objs=True)
        model = record.instance_type
        changes = [
            {
                "name": model._meta.get_field(change.field).verbose_name,
                "old": shown(model, change.field, change.old),
                "new": shown(model, change.field, change.new),
            }
            for change in delta.changes
        ]
    return {
        "at": record.history_date,
        "who": record.history_user,
        "what": HISTORY_WORDS[record.history_type],
        "changes": changes,
    }


def shown(model: type[models.Model], name: str, value: Any) -> str:
    """A field's value as a person reads it."""
    field = model._meta.get_field(name)
    choices = dict(field.flatchoices or ()) if isinstance(field, models.Field) else {}
    if value in choices:
        return str(choices[value])
    if value is None or value == "":
        return "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    if hasattr(value, "strftime"):
        moment = clock.local(value) if getattr(value, "tzinfo", None) else value
        return f"{moment:%d/%m/%Y}"
    return str(value)
