"""What administrators keep of the search: what words mean, what people call a procedure, what other
agencies handle, the steps of an event, and what was asked in vain."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from motcua.text import fold, tidy
from motcua.web.admin_site import KeptAdmin, KeptInline, site
from procedures.models import (
    HandledElsewhere,
    LifeEvent,
    LifeEventStep,
    Procedure,
    ProcedureWords,
    SearchTerm,
    UnansweredQuestion,
)
from procedures.search.questions import says_nothing
from procedures.search.spelling import words_of

MOST_NAMES = 30
LONGEST_NAME = 80
NO_WORD = "Hãy ghi ít nhất một từ."
ONLY_FILLERS = (
    "Những từ như “làm”, “xin”, “ở đâu” được bỏ qua khi tìm, nên không đặt nghĩa riêng được."
)

if TYPE_CHECKING:  # at run time Django's classes take no parameter
    TermModelForm = forms.ModelForm[SearchTerm]
    WordsModelForm = forms.ModelForm[ProcedureWords]
    MatterModelForm = forms.ModelForm[HandledElsewhere]
    Procedures = forms.ModelMultipleChoiceField[Procedure]
else:
    TermModelForm = WordsModelForm = MatterModelForm = forms.ModelForm
    Procedures = forms.ModelMultipleChoiceField


def tidy_names(text: str) -> str:
    """Names, one per line, each once; ValidationError where they are too many or too long."""
    once: dict[str, str] = {}
    for line in filter(None, map(tidy, text.splitlines())):
        once.setdefault(line.lower(), line)
    names = list(once.values())
    if len(names) > MOST_NAMES:
        raise ValidationError(f"Có {len(names)} cách gọi; chỉ ghi được {MOST_NAMES}.")
    for name in names:
        if len(name) > LONGEST_NAME:
            raise ValidationError(
                f"Cách gọi “{name[:30]}…” dài {len(name)} ký tự; chỉ ghi được {LONGEST_NAME}."
            )
        if not words_of(name):
            raise ValidationError(f"Cách gọi “{name}” không có chữ nào.")
    return "\n".join(names)


SHIPPED_KEY = re.compile(r"[hx]\d{3}")


class KeysInput(forms.TextInput):
    """Keys of procedures in one line; nobody picks them from a list of several hundred."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField", "autocomplete": "off"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        # The shipped catalogue writes its keys with capitals; who types them need not.
        typed = (data.get(name) or "").replace(",", " ").replace(";", " ").split()
        return [key.upper() if SHIPPED_KEY.fullmatch(key) else key for key in typed]

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else ", ".join(str(key) for key in value or ())


class KeysField(Procedures):
    """Procedures by the keys that the catalogue shows."""

    widget = KeysInput

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Procedure.objects.order_by("pk"),
            to_field_name="key",
            required=False,
            help_text="Mã trong danh mục, cách nhau bằng dấu phẩy. Ví dụ: H001, X048.",
            error_messages={"invalid_choice": "Không có thủ tục nào mang mã “%(value)s”."},
            **options,
        )


def names_of(procedures: Iterable[Procedure]) -> str:
    items = format_html_join("", "<li>{}: {}</li>", ((one.key, one.name) for one in procedures))
    return format_html("<ul>{}</ul>", items) if items else "-"


class SearchTermForm(TermModelForm):
    class Meta:
        model = SearchTerm
        fields = ("word", "means", "source")

    def clean_word(self) -> str:
        word = tidy(self.cleaned_data["word"])
        if not words_of(word):
            raise ValidationError(NO_WORD)
        if says_nothing(word):
            raise ValidationError(ONLY_FILLERS)
        return word

    def clean_means(self) -> str:
        means = tidy(self.cleaned_data["means"])
        if not words_of(means):
            raise ValidationError(NO_WORD)
        return means

    def clean(self) -> dict[str, Any]:
        """The same word with the same meaning is not kept twice, whatever its capitals."""
        data = super().clean() or {}
        word, means = data.get("word"), data.get("means")
        if word and means and word.lower() == means.lower():
            self.add_error("means", "Nghĩa là chính từ ấy. Hãy ghi chữ trong tên thủ tục.")
        elif word and means:
            alike = SearchTerm.objects.filter(search_key=fold(word)).exclude(pk=self.instance.pk)
            asked = (word.lower(), means.lower())
            if any((each.word.lower(), each.means.lower()) == asked for each in alike):
                self.add_error("word", f"Từ này đã có, với nghĩa “{means}”.")
        return data


@admin.register(SearchTerm, site=site)
class SearchTermAdmin(KeptAdmin):
    """What a word of the people means in the words of the catalogue."""

    is_shared = True
    may_delete = True
    form = SearchTermForm
    folded_search = ("word", "means")
    search_help_text = "Từ người dân dùng hoặc nghĩa của từ"
    list_display = ("word", "means", "source")


class WordsForm(WordsModelForm):
    class Meta:
        model = ProcedureWords
        fields = ("names", "when", "often", "source")

    def clean_names(self) -> str:
        return tidy_names(self.cleaned_data["names"])


class WordsInline(KeptInline):
    """On the page of the procedure; one row at most, so it is drawn as a block."""

    model = ProcedureWords
    form = WordsForm
    is_shared = True
    template = "admin/edit_inline/stacked.html"
    verbose_name_plural = "Người dân gọi thủ tục này là gì"


@admin.register(ProcedureWords, site=site)
class ProcedureWordsAdmin(KeptAdmin):
    """All of them in one list; those of a procedure that has none are written on its own page."""

    is_shared = True
    may_delete = True
    form = WordsForm
    folded_search = ("names", "when", "procedure__search_key")
    search_help_text = "Cách gọi, tên hoặc mã thủ tục"
    list_display = ("__str__", "official", "when", "often", "source")
    list_select_related = ("procedure",)
    fields = ("procedure", "names", "when", "often", "source")
    readonly_fields = ("procedure",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Django would never break the line of a key to another table.
    @admin.display(description="thủ tục", ordering="procedure")
    def official(self, words: ProcedureWords) -> str:
        return f"{words.procedure.key}: {words.procedure.name}"


class MatterForm(MatterModelForm):
    neighbours = KeysField(label="Thủ tục gần với việc này")

    class Meta:
        model = HandledElsewhere
        fields = ("matter", "words", "where", "advice", "neighbours", "source")

    def clean_matter(self) -> str:
        matter = tidy(self.cleaned_data["matter"])
        if not words_of(matter):
            raise ValidationError(NO_WORD)
        return matter

    def clean_words(self) -> str:
        return tidy_names(self.cleaned_data["words"])


@admin.register(HandledElsewhere, site=site)
class HandledElsewhereAdmin(KeptAdmin):
    """What people bring here though another agency handles it, and where to send them."""

    is_shared = True
    may_delete = True
    form = MatterForm
    folded_search = ("matter", "words", "where")
    search_help_text = "Việc, cách gọi hoặc nơi làm"
    list_display = ("matter", "where", "source")
    fields = ("matter", "words", "where", "advice", "neighbours", "neighbour_names", "source")
    readonly_fields = ("neighbour_names",)

    @admin.display(description="đang ghi")
    def neighbour_names(self, matter: HandledElsewhere) -> str:
        return names_of(matter.neighbours.order_by("pk")) if matter.pk else "-"


class EventStepInline(KeptInline):
    """What is to be done in the event, in its order."""

    model = LifeEventStep
    is_shared = True
    extra = 1
    template = "admin/edit_inline/stacked.html"
    fields = ("position", "name", "when", "procedures", "procedure_names", "elsewhere")
    readonly_fields = ("procedure_names",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LifeEventStep]:
        return super().get_queryset(request).prefetch_related("procedures")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **options: Any) -> Any:
        return KeysField(label="Thủ tục")

    @admin.display(description="đang ghi")
    def procedure_names(self, step: LifeEventStep) -> str:
        return names_of(step.procedures.all()) if step.pk else "-"


@admin.register(LifeEvent, site=site)
class LifeEventAdmin(KeptAdmin):
    """The events of a life with their steps; which procedures belong to one is kept at each
    procedure."""

    is_shared = True
    may_delete = True
    folded_search = ("name", "key")
    list_display = ("name", "key", "position")
    inlines = (EventStepInline,)


@admin.register(UnansweredQuestion, site=site)
class UnansweredQuestionAdmin(KeptAdmin):
    """Read, never written; what was dealt with may go."""

    is_shared = True
    may_delete = True
    actions = ()  # Django's own: delete the chosen ones, after a question
    folded_search = ("words",)
    list_display = ("words", "times", "last_asked_on", "to_do")
    list_display_links = None
    fields = ("words", "times", "last_asked_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnansweredQuestion]:
        """What fewer than three asked is nobody's to read."""
        return super().get_queryset(request).filter(is_shown=True)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Who only reads is offered nothing to do."""
        may = self.has_delete_permission(request)
        return self.list_display if may else [*self.list_display[:-1]]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj)

    @admin.display(description="xử lý")
    def to_do(self, question: UnansweredQuestion) -> str:
        add = f"{reverse('admin:procedures_searchterm_add')}?{urlencode({'word': question.words})}"
        delete = reverse("admin:procedures_unansweredquestion_delete", args=[question.pk])
        return format_html(
            '<a href="{}">Thêm từ đồng nghĩa</a> · <a href="{}">Xóa</a>', add, delete
        )
