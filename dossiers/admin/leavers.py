"""What waits where nobody works any more: told when an account is closed or moved, and handed on
by a page of the division. The pages belong to `motcua`, which knows no dossiers.

An administrator sees of these dossiers what has to be handed on (code, procedure, date), nothing of
a citizen; each hand-over is an event with the administrator's name.
"""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from dossiers.desk import leavers
from motcua.access import staff_of
from motcua.accounts.admin_staff import StaffAdmin
from motcua.admin import DivisionAdmin
from motcua.form_layout import choice_field
from motcua.models import Division, Staff
from motcua.web.admin_site import site
from motcua.web.sent_twice import token_of

MOST_SHOWN = 200
OLD_PAGE = "Trang đã cũ. Hãy xem lại danh sách rồi bấm lần nữa."

site.unregister(Division)
site.unregister(Staff)


class HandOnForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(
        label="Giao cho",
        error_messages={
            "required": "Hãy chọn nơi hoặc người nhận.",
            "invalid_choice": "Nơi hoặc người nhận này không còn. Hãy chọn lại.",
        },
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=leavers.LONGEST_REASON,
        help_text="Ghi vào từng hồ sơ được chuyển, ví dụ “Anh A nghỉ hưu từ 01/12/2026”.",
        error_messages={"required": "Hãy ghi lý do."},
    )

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = leavers.divisions_to_take(division)
        self.divisions = {f"division-{other.pk}": other for other, _ in offered}
        self.colleagues = {
            f"staff-{each.pk}": each for each in leavers.colleagues_to_take(division)
        }
        choice_field(self, "to").choices = [
            ("", "---------"),
            *(
                (f"division-{other.pk}", f"{other.name} ({leavers.named(people)})")
                for other, people in offered
            ),
            *(
                (key, f"{each.display_name}, làm thay ở {division.name}")
                for key, each in self.colleagues.items()
            ),
        ]


@admin.register(Division, site=site)
class DivisionHandsOnAdmin(DivisionAdmin):
    """A division with what waits in it."""

    change_form_template = "admin/division_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [path("<id>/ban-giao/", view(self.hand_on), name="motcua_division_hand_on")]
        return [*own, *super().get_urls()]

    def hand_on(self, request: HttpRequest, id: str) -> HttpResponse:
        """What waits in the division, who works there, and to whom it can be handed."""
        division: Division = self.get_object(request, id)
        form = HandOnForm(request.POST if request.method == "POST" else None, division=division)
        token = token_of(request)
        if request.method == "POST" and token is None:
            form.add_error(None, OLD_PAGE)
        if form.is_valid() and token is not None:
            self._hand_on(request, division, form, token)
            return redirect("admin:motcua_division_hand_on", division.pk)
        at_work = leavers.at_work_in(division).select_related("procedure").order_by("due_at")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Bàn giao hồ sơ ở {division.name}",
            "opts": self.opts,
            "division": division,
            "people": leavers.people_of(division),
            "dossiers": at_work[:MOST_SHOWN],
            "count": at_work.count(),
            "waiting": leavers.waiting_in(division).count(),
            "form": form,
            "token": token or uuid4(),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/hand_on.html", context, status=status)

    def _hand_on(
        self, request: HttpRequest, division: Division, form: HandOnForm, token: Any
    ) -> None:
        to = form.cleaned_data["to"]
        if to in form.colleagues:
            colleague = form.colleagues[to]
            leavers.take_division_over(colleague, division, form.cleaned_data["reason"])
            said = f"{colleague} làm việc ở {division.name} từ bây giờ; hồ sơ ở yên chỗ cũ."
            messages.success(request, said)
            return
        outcome = leavers.hand_on(
            leavers.at_work_in(division),
            of=division,
            to=form.divisions[to],
            by=staff_of(request),
            reason=form.cleaned_data["reason"],
            token=token,
        )
        if outcome.done:
            where = form.divisions[to].name
            messages.success(request, f"Đã chuyển {len(outcome.done)} hồ sơ sang {where}.")
        for dossier, sentence in outcome.refused:
            messages.warning(request, f"{dossier.code}: {sentence}")


@admin.register(Staff, site=site)
class StaffHandsOnAdmin(StaffAdmin):
    """An account that is closed or moved leaves nothing behind unsaid."""

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        stored = Staff.objects.select_related("office", "division").filter(pk=obj.pk)
        before = stored.first() if change else None
        super().save_model(request, obj, form, change)
        for place in leavers.places_left(before) if before else ():
            messages.warning(request, _sentence(place))


def _sentence(place: leavers.PlaceLeft) -> str:
    said = format_html(
        "{} không còn {} nào, mà {} hồ sơ đang ở đó. ",
        place.words,
        place.role.label,
        place.dossiers,
    )
    if place.division is None or place.division.is_leaders:
        return said + format_html("Mời giao vai trò {} cho một người.", place.role.label)
    address = reverse("admin:motcua_division_hand_on", args=[place.division.pk])
    return said + format_html('<a href="{}">Bàn giao các hồ sơ này</a>', address)
