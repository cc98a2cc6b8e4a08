"""One form for each act on a dossier. A form validates and knows its words; the verb of
`dossiers.lifecycle.perform` that it names does the act.

Every form carries a token, so that a double click is one act, and the revision of the dossier
that its page showed, so that a stale page is refused.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.http import QueryDict

from dossiers.forms.doubts import Doubt, unanswered
from dossiers.forms.fields import no_card, offer_reasons
from dossiers.lifecycle import allowances, due_dates, perform
from dossiers.lifecycle.acts import last_dated_act, what_changed
from dossiers.lifecycle.verbs import WHICH_OUTCOME
from dossiers.models import Dossier, Event, ReasonTemplate
from dossiers.rules.deadlines import Due
from dossiers.rules.states import MoveRefused, StalePage, Verb
from motcua import clock
from motcua.days import MomentField
from motcua.form_layout import CrispyForm, Fold, choice_field, replace_typed
from motcua.models import Staff
from motcua.web.sent_twice import token_of_what_was_typed
from procedures.workdays import NoCalendarData

LATE_SUPPLEMENT = (
    "Đã quá {days} ngày làm việc từ khi tiếp nhận. Vẫn yêu cầu bổ sung được, nhưng yêu cầu này "
    "sẽ được ghi là yêu cầu muộn."
)
WHEN_ASKED = (
    "Chỉ cần ghi khi việc nhập muộn làm hồ sơ khác đi về hạn, ví dụ từ quá hạn thành đúng hạn. "
    "Lý do hiện trên hồ sơ và trước khi ký số liệu."
)
ONE_MINUTE = timedelta(minutes=1)


def text_field(label: str, *, rows: int = 0, most: int = 2000, **options: Any) -> forms.CharField:
    """Words; with `rows`, over several lines."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    required = options.get("required", True)
    if required:
        options.setdefault("error_messages", {"required": f"Hãy ghi {label.lower()}."})
    return forms.CharField(
        label=label, max_length=most, widget=widget, validators=[no_card], **options
    )


class ActForm(CrispyForm):
    """What every act asks: nothing but, where it was not now, when."""

    verb: ClassVar[str]
    """The verb in the address of the page."""
    act: ClassVar[Callable[..., Event | None]]
    """The function of `dossiers.lifecycle.perform` that does it."""
    recorded_as: ClassVar[str] = ""
    """The kind of its event, where it is not the verb."""
    button: ClassVar[str]
    done: ClassVar[str]
    """The sentence that says it was done; `{code}` is the receipt code."""
    warning: ClassVar[str] = ""
    """What a destructive act says before it is done."""
    field_of: ClassVar[dict[str, str]] = {}
    """The verb's name of an input -> the form's, where they differ."""

    may_change_class: ClassVar[bool] = False
    """Whether the act, entered later than it happened, can change how the dossier stands."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    due_shown = forms.DateField(widget=forms.HiddenInput, required=False)
    at = MomentField(label="Làm lúc", required=False, help_text="Để trống nếu làm ngay bây giờ.")

    def __init__(self, *args: Any, dossier: Dossier, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.staff = staff
        self.fields["token"].initial = uuid4
        self.fields["seen"].initial = dossier.revision
        self.due: Due | None = None
        self.due_is_new = False
        if self.may_change_class:
            self.fields["late_reason"] = text_field(
                "Lý do nhập muộn", rows=2, required=False, help_text=WHEN_ASKED
            )
        self.doubts: list[Doubt] = []
        self.asked: list[str] = []
        self.prepare()
        if not self.is_bound:
            self._show_due()

    def prepare(self) -> None:
        """Fill choices and first values from the dossier."""

    @property
    def title(self) -> str:
        words = Verb(self.verb).label
        return words[:1].upper() + words[1:]

    def form_layout(self) -> Layout:
        """The inputs of this act, a long form in two columns; then the moment, folded away."""
        folded = [name for name in ("at", "late_reason") if name in self.fields]
        asked = self.asks(
            [field.name for field in self.visible_fields() if field.name not in folded]
        )
        return Layout(
            *(field.name for field in self.hidden_fields()),
            Div(*asked, css_class="act-fields two" if len(asked) > 8 else "act-fields"),
            HTML('{% include "dossiers/_act_facts.html" %}'),
            Fold("Thời điểm thực hiện khác", *folded, css_class="fold act-moment"),
        )

    def asks(self, names: list[str]) -> list[Any]:
        """The inputs of this act, as they stand in its form."""
        return list(names)

    @classmethod
    def only_looks(cls, data: QueryDict) -> bool:
        """Whether the page is only to show something more, all that was typed staying in it."""
        return False

    @classmethod
    def done_words(cls, dossier: Dossier) -> str:
        """The sentence that says what was done, of the dossier as it is since."""
        return cls.done.format(code=dossier.code)

    @property
    def remarks(self) -> list[str]:
        """What the person should know before doing this act now; it is done all the same."""
        return []

    def clean_at(self) -> Any:
        """A moment typed to the minute lies inside its minute: not before an act that was done
        in the same minute."""
        at = self.cleaned_data["at"]
        last = last_dated_act(self.dossier)
        if at is not None and last is not None and at < last.happened_at < at + ONE_MINUTE:
            return last.happened_at
        return at

    def arguments(self) -> dict[str, Any]:
        """What the verb is told, beside who, when, token and revision."""
        mine = set(self.fields) - {"token", "seen", "due_shown", "at", "late_reason"}
        return {name: self.cleaned_data[name] for name in mine}

    def new_due(self) -> Due | None:
        """The due date that the act would give, for the acts that give one."""
        return None

    def doubted(self) -> list[Doubt]:
        """What is asked about once before the act is done."""
        return []

    def is_confirmed(self) -> bool:
        """Whether the person has been asked about what is doubtful, and has seen the due date that
        the act gives.

        Raises MoveRefused where no date can be reckoned.
        """
        doubts = self.doubted()
        self.doubts = unanswered(doubts, self.data)
        self.asked = [doubt.key for doubt in doubts]
        self.due_is_new = not self._has_seen_due()
        return not (self.due_is_new or self.doubts)

    def _has_seen_due(self) -> bool:
        self.due = self.new_due()
        if self.due is None or self.due.due_at.date() in (
            self.cleaned_data["due_shown"],
            self.dossier.due_on,
        ):
            return True
        self._set("due_shown", self.due.due_at.date().isoformat())
        return False

    def perform(self) -> Event | None:
        """Do the act. Raises MoveRefused; the sentence then stands at its field."""
        cleaned = self.cleaned_data
        try:
            return type(self).act(
                self.dossier,
                by=self.staff,
                at=cleaned["at"],
                token=token_of_what_was_typed(self.data),
                seen=cleaned["seen"],
                late_reason=cleaned.get("late_reason", ""),
                **self.arguments(),
            )
        except MoveRefused as refused:
            self.refuse(refused)
            raise

    def refuse(self, refused: MoveRefused) -> None:
        """Put the sentence at its field, or on top; a stale page may be sent again as it is."""
        name = self.field_of.get(refused.field or "", refused.field)
        self.add_error(name if name in self.fields else None, str(refused))
        if isinstance(refused, StalePage):
            self.dossier.refresh_from_db()
            self._set("seen", str(self.dossier.revision))

    def say_what_changed(self) -> None:
        """Of a page older than the last act, beside what else is wrong with it; the page stays as
        old as it is, and is refused for that once the rest is right."""
        if self.cleaned_data.get("seen") not in (None, self.dossier.revision):
            self.add_error(None, what_changed(self.dossier))

    def _show_due(self) -> None:
        try:
            self.due = self.new_due()
        except (MoveRefused, NoCalendarData):
            return
        if self.due is not None:
            self.fields["due_shown"].initial = self.due.due_at.date()

    def _set(self, name: str, value: str) -> None:
        replace_typed(self, name, value)

    def _at(self) -> Any:
        return (self.is_bound and self.cleaned_data.get("at")) or clock.now()


class Decline(ActForm):
    verb = "decline"
    act = staticmethod(perform.decline)
    button = "Từ chối tiếp nhận hồ sơ này"
    done = "Đã từ chối tiếp nhận hồ sơ {code}. Hãy in phiếu từ chối cho công dân."
    warning = "Hồ sơ sẽ không được tiếp nhận và không mở lại được."
    reason = text_field("Lý do từ chối", rows=4)

    def prepare(self) -> None:
        offer_reasons(self, "reason", ReasonTemplate.Kind.REFUSAL, self.staff.office)


class AskSupplement(ActForm):
    may_change_class = True
    verb = "ask_supplement"
    act = staticmethod(perform.ask_supplement)
    button = "Yêu cầu bổ sung"
    done = "Đã yêu cầu bổ sung hồ sơ {code}. Hãy in phiếu yêu cầu bổ sung cho công dân."
    items = text_field("Nội dung cần bổ sung", rows=4, help_text="Mỗi nội dung một dòng.")
    reason = text_field("Lý do", rows=3)
    contact_name = text_field("Người liên hệ", most=80, required=False)
    contact_phone = text_field("Điện thoại liên hệ", most=30, required=False)

    def prepare(self) -> None:
        offer_reasons(self, "reason", ReasonTemplate.Kind.SUPPLEMENT, self.staff.office)
        self.fields["contact_name"].initial = self.staff.display_name
        self.fields["contact_phone"].initial = self.staff.phone or self.dossier.office.heir.phone

    @property
    def remarks(self) -> list[str]:
        try:
            late = self.dossier.is_accepted and allowances.asks_late(self.dossier, clock.now())
        except NoCalendarData:
            late = False
        days = self.dossier.regime.supplement_notice_days
        said = [LATE_SUPPLEMENT.format(days=days)] if late else []
        return [*said, *filter(None, [allowances.late_in_index_remark(self.dossier)])]


class EndsThePause(ActForm):
    """The due date that follows when nothing more is awaited from the citizen."""

    may_change_class = True

    def new_due(self) -> Due | None:
        pause = self.dossier.pauses.filter(until_on__isnull=True, is_void=False).first()
        if pause is None:
            return None
        try:
            return due_dates.due_after_pause(self.dossier, pause, self._at())
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing


class AskPayment(ActForm):
    may_change_class = True
    verb = "ask_payment"
    act = staticmethod(perform.ask_payment)
    button = "Thông báo nghĩa vụ tài chính"
    done = "Đã ghi thông báo nghĩa vụ tài chính của hồ sơ {code}."
    note = text_field("Nội dung, số thông báo của cơ quan thuế", rows=2, required=False)


class ConfirmPayment(EndsThePause):
    verb = "confirm_payment"
    act = staticmethod(perform.confirm_payment)
    button = "Xác nhận đã nộp"
    done = "Đã xác nhận nghĩa vụ tài chính của hồ sơ {code}."
    note = text_field("Số chứng từ, ghi chú", rows=2, required=False)


class Resolve(ActForm):
    may_change_class = True
    verb = "resolve"
    act = staticmethod(perform.resolve)
    button = "Ghi nhận kết quả"
    done = "Đã ghi nhận kết quả hồ sơ {code}."
    outcome = forms.ChoiceField(
        label="Kết quả",
        choices=[
            (Dossier.Outcome.APPROVED.value, "Giải quyết xong"),
            (Dossier.Outcome.REFUSED.value, "Từ chối giải quyết"),
        ],
        initial=Dossier.Outcome.APPROVED.value,
        widget=forms.RadioSelect,
        error_messages={"required": WHICH_OUTCOME},
    )
    result_note = text_field(
        "Nội dung kết quả",
        rows=3,
        required=False,
        help_text="Số, ngày văn bản. Từ chối giải quyết thì phải ghi rõ lý do.",
    )


class HandOver(ActForm):
    verb = "hand_over"
    act = staticmethod(perform.hand_over)
    button = "Trả kết quả"
    done = "Đã trả kết quả hồ sơ {code}."
    collector_name = text_field("Người nhận kết quả", most=200)
    collector_paper = text_field(
        "Giấy tờ người nhận xuất trình",
        most=200,
        required=False,
        help_text="Ví dụ: CCCD, hộ chiếu, giấy hẹn, giấy ủy quyền.",
    )
    method = forms.ChoiceField(label="Cách trả")

    def prepare(self) -> None:
        self.fields["collector_name"].initial = self.dossier.applicant_name
        known = self.dossier.return_method
        choice_field(self, "method").choices = Dossier.ReturnMethod.offered(known)
        self.fields["method"].initial = known


class Withdraw(ActForm):
    may_change_class = True
    verb = "withdraw"
    act = staticmethod(perform.withdraw)
    button = "Rút hồ sơ này"
    done = "Đã ghi nhận công dân rút hồ sơ {code}."
    warning = "Hồ sơ sẽ kết thúc và giấy tờ được trả lại cho công dân."
    reason = text_field("Lý do rút", rows=3)
    asked_by = forms.ChoiceField(
        label="Công dân đề nghị bằng hình thức",
        choices=Dossier.Channel.choices,
        widget=forms.RadioSelect,
        initial=Dossier.Channel.DIRECT.value,
        error_messages={"required": "Hãy chọn hình thức công dân đề nghị."},
    )


class Stop(ActForm):
    may_change_class = True
    verb = "stop"
    act = staticmethod(perform.stop)
    button = "Dừng giải quyết hồ sơ này"
    done = "Đã dừng giải quyết hồ sơ {code}."
    warning = "Hồ sơ sẽ kết thúc mà không có kết quả."
    reason = text_field("Lý do dừng", rows=3)
    asked_by = forms.ChoiceField(
        label="Công dân đề nghị dừng bằng hình thức",
        choices=[("", "không có đề nghị, cơ quan tự dừng"), *Dossier.Channel.choices],
        widget=forms.RadioSelect,
        initial="",
        required=False,
    )


class Revert(ActForm):
    verb = "revert"
    act = staticmethod(perform.revert)
    button = "Hoàn tác việc này"
    done = "Đã hoàn tác. Hồ sơ {code} trở lại như trước việc đó."
    warning = "Hồ sơ trở lại như trước việc đó. Việc đã làm vẫn còn trong quá trình giải quyết."
    reason = text_field("Lý do hoàn tác", rows=3)

    @property
    def target(self) -> Event | None:
        """The act that would be undone."""
        return perform.revertible(self.dossier)
