"""The forms of acts that leave a dossier's state as it is: taking over, taking the paper, notes,
what other systems say, undoing one's own last act."""

from crispy_forms.layout import Div, Layout
from django import forms

from dossiers.forms.acts import ActForm, text_field
from dossiers.lifecycle import perform
from dossiers.models import Event
from dossiers.rules.states import Verb
from motcua.days import MomentField


class AddNote(ActForm):
    verb = "note"
    act = staticmethod(perform.add_note)
    button = "Lưu ghi chú"
    done = "Đã ghi chú vào hồ sơ {code}."
    at = MomentField(widget=forms.HiddenInput(), required=False)
    text = text_field(
        "Nội dung ghi chú",
        rows=4,
        help_text="Chỉ cán bộ đọc được; công dân không thấy. Đã lưu thì không sửa được.",
    )

    @property
    def title(self) -> str:
        return "Ghi chú nội bộ"

    def form_layout(self) -> Layout:
        return Layout("token", "seen", "due_shown", Div("text", css_class="act-fields"))


class UndoOwn(ActForm):
    verb = "undo"
    recorded_as = Verb.REVERT.value
    act = staticmethod(perform.undo_own)
    button = "Hoàn tác việc vừa làm"
    done = "Đã hoàn tác việc vừa làm. Hồ sơ {code} trở lại như trước việc đó."
    warning = "Hồ sơ trở lại như trước việc đó. Việc đã làm vẫn còn trong quá trình giải quyết."
    at = MomentField(widget=forms.HiddenInput(), required=False)

    @property
    def title(self) -> str:
        return self.button

    @property
    def target(self) -> Event | None:
        """The act that would be undone."""
        return perform.undoable(self.dossier, by=self.staff)

    def form_layout(self) -> Layout:
        return Layout("token", "seen", "due_shown")


class TakeOver(ActForm):
    verb = "take_over"
    act = staticmethod(perform.take_over)
    button = "Xác nhận đã nhận hồ sơ"
    done = "Đã nhận hồ sơ {code}."

    @property
    def title(self) -> str:
        return "Nhận hồ sơ được chuyển"


class TakePaper(ActForm):
    verb = "take_paper"
    act = staticmethod(perform.take_paper)
    button = "Xác nhận đã nhận bản giấy"
    done = "Đã ghi nhận bản giấy của hồ sơ {code}."

    @property
    def title(self) -> str:
        return "Nhận bản giấy từ nơi tiếp nhận"


class NoteExternal(ActForm):
    verb = "external"
    act = staticmethod(perform.note_external)
    button = "Lưu"
    done = "Đã lưu mã, trạng thái của hồ sơ {code} ở hệ thống khác."
    system = text_field(
        "Hệ thống",
        most=80,
        required=False,
        help_text="Ví dụ: hệ thống đăng ký hộ tịch của Bộ Tư pháp. Để trống cả ba ô: xóa.",
    )
    code = text_field("Mã hồ sơ ở hệ thống đó", most=60, required=False)
    status = text_field("Trạng thái ở hệ thống đó", most=120, required=False)

    @property
    def title(self) -> str:
        return "Mã, trạng thái ở hệ thống khác"

    def prepare(self) -> None:
        for name in ("system", "code", "status"):
            self.fields[name].initial = getattr(self.dossier, f"external_{name}")
