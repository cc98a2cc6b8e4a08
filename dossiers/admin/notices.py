"""The administration of notices: the words that citizens get, and the queue they are sent from."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from dossiers.lifecycle import notices
from dossiers.models import Notice, NoticeChannel, NoticeTemplate
from motcua import clock
from motcua.web.admin_site import KeptAdmin, site

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


if TYPE_CHECKING:  # at run time Django's class takes no parameter
    TemplateModelForm = forms.ModelForm[NoticeTemplate]
else:
    TemplateModelForm = forms.ModelForm


class TemplateForm(TemplateModelForm):
    """Words whose fields in braces can all be filled."""

    class Meta:
        model = NoticeTemplate
        fields = ("kind", "channel", "subject", "body", "is_active")
        widgets = {"body": forms.Textarea(attrs={"rows": 6, "cols": 80})}

    def clean_subject(self) -> str:
        return _known_only(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        return _known_only(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_email = data.get("channel") == NoticeChannel.EMAIL
        if is_email and not data.get("subject") and "subject" not in self.errors:
            self.add_error("subject", "Thư điện tử cần có tiêu đề.")
        return data


def _known_only(text: str) -> str:
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in notices.PLACEHOLDERS]
    if unknown:
        known = ", ".join("{" + name + "}" for name in notices.PLACEHOLDERS)
        wrong = ", ".join("{" + name + "}" for name in unknown)
        raise forms.ValidationError(f"Không có ô tên là {wrong}. Các ô dùng được: {known}.")
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        raise forms.ValidationError("Có dấu ngoặc nhọn thiếu một bên. Hãy viết như {ma}.")
    return text


@admin.register(NoticeTemplate, site=site)
class NoticeTemplateAdmin(KeptAdmin):
    is_shared = True
    form = TemplateForm
    folded_search = ("subject", "body")
    list_display = ("kind", "channel", "subject", "is_active")
    list_display_links = ("kind", "channel")
    list_filter = ("channel", "is_active")
    readonly_fields = ("placeholders", "preview")
    fields = ("kind", "channel", "is_active", "subject", "body", "placeholders", "preview")

    @admin.display(description="các ô điền sẵn")
    def placeholders(self, template: NoticeTemplate) -> str:
        return format_html_join(
            mark_safe("<br>"),
            "<code>{}</code> {}, ví dụ: {}",
            (("{" + k + "}", what, like) for k, (what, like) in notices.PLACEHOLDERS.items()),
        )

    @admin.display(description="công dân sẽ đọc (theo bản đã lưu)")
    def preview(self, template: NoticeTemplate) -> str:
        if template.pk is None:
            return "Xem được sau khi lưu."
        subject, body = notices.preview(template)
        return format_html("<b>{}</b><br>{}", subject, body)


@admin.register(Notice, site=site)
class NoticeAdmin(KeptAdmin):
    """The queue: read, and sent again where its fate is unknown or it was given up."""

    office_path = "dossier__office"
    folded_search = ("dossier__code",)
    list_display = ("code", "what", "channel", "to", "state", "queued_at", "sent_at", "error")
    list_display_links = ("code",)
    list_filter = ("state", "channel")
    list_select_related = ("dossier", "event")
    actions = ("send_again",)
    fields = (
        *("code", "what", "channel", "to", "subject", "body", "state"),
        *("queued_at", "attempts", "claimed_at", "sent_at", "error"),
    )
    readonly_fields = fields
    ordering = ("-pk",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.action(description="Gửi lại các thông báo đã chọn")
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        again = 0
        # One that was claimed a moment ago is being sent: that is not yet an unknown fate.
        now = clock.now()
        lately = (now - notices.RETRY_AFTER, now + clock.TOLERANCE)
        being_sent = Q(state=Notice.State.SENDING, claimed_at__range=lately)
        for notice in queryset.filter(state__in=notices.RELEASABLE).exclude(being_sent):
            notices.release(notice)
            again += 1
        left = queryset.count() - again
        if again:
            messages.success(request, f"Đã đưa {again} thông báo vào hàng đợi để gửi lại.")
        if left:
            messages.warning(
                request,
                f"{left} thông báo không gửi lại: chỉ gửi lại những thông báo không gửi được "
                "hoặc đã quá 15 phút mà chưa rõ kết quả.",
            )

    @admin.display(description="mã hồ sơ", ordering="dossier__code")
    def code(self, notice: Notice) -> str:
        return notice.dossier.code

    @admin.display(description="về việc")
    def what(self, notice: Notice) -> str:
        return notice.event.get_kind_display()

    @admin.display(description="gửi tới")
    def to(self, notice: Notice) -> str:
        """An administrator keeps the queue and has no dossiers: the address is half covered."""
        name, at, host = notice.address.partition("@")
        if at:
            return f"{name[:2]}…@{host}"
        return f"…{notice.address[-3:]}"
