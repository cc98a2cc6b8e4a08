"""How is a form drawn? What all forms share, and the pieces of a `Layout` that are our own.

The markup is the template pack `templates/motcua/`. A page writes the form tag and its buttons:

    {% include "motcua/errors.html" with heading="..." %}
    <form method="post">{% csrf_token %}{% crispy form %}<button>...</button></form>
"""

from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.forms import BoundField
from django.template import Context
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

if TYPE_CHECKING:  # at run time Django's class takes no parameter
    AnyModelChoiceField = forms.ModelChoiceField[Any]
else:
    AnyModelChoiceField = forms.ModelChoiceField


class Helper(FormHelper):  # type: ignore[misc]
    """Draws the fields alone, each with the look of its kind."""

    form_tag = False
    disable_csrf = True
    include_media = False

    def __init__(self, layout: Layout, *, marks_optional: bool) -> None:
        super().__init__()
        self.layout = layout
        self.marks_optional = marks_optional

    def render_layout(self, form: forms.BaseForm, context: Context, **kwargs: Any) -> SafeString:
        for field in form:
            _dress(field)
            if form.errors:  # the summary of errors has the focus
                field.field.widget.attrs.pop("autofocus", None)
        html: SafeString = super().render_layout(form, context, **kwargs)
        return html


class CrispyMixin:
    """A form that `{% crispy form %}` draws, its fields in their order if it says no layout."""

    marks_optional: ClassVar[bool] = True
    """Whether "(nếu có)" stands at a field that may be left empty; filters may all be."""

    fields: dict[str, forms.Field]

    def form_layout(self) -> Layout:
        return Layout(*self.fields)

    @cached_property
    def helper(self) -> Helper:
        return Helper(self.form_layout(), marks_optional=self.marks_optional)

    @property
    def drawn_fields(self) -> list[BoundField]:
        """All fields as the page shows them from top to bottom, for the summary of errors."""
        names = [pointer.name for pointer in self.helper.layout.get_field_names()]
        return [self[name] for name in dict.fromkeys([*names, *self.fields])]  # type: ignore[index]


class CrispyForm(CrispyMixin, forms.Form):
    """`CrispyMixin` for a form with nothing else to inherit from."""


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The form's field, whose choices are to be set. TypeError where it has none."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field of choices.")
    return field


def model_choice_field(form: forms.BaseForm, name: str) -> AnyModelChoiceField:
    """The form's field, whose rows are to be set. TypeError where it offers no rows."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is no field of rows.")
    return field


def replace_typed(form: forms.BaseForm, name: str, value: str) -> None:
    """Show the bound form again with this value in the place of what was sent."""
    if not isinstance(form.data, dict):  # a QueryDict is one
        raise TypeError("What was sent cannot be copied.")
    data = form.data.copy()
    data[name] = value
    form.data = data


class Fold(Div):  # type: ignore[misc]
    """Fields seldom needed, behind a summary; it stands open where one is wrong or says something
    else than what it begins with."""

    template = "%s/layout/fold.html"

    def __init__(self, summary: str, *fields: Any, css_class: str = "fold", **kwargs: Any) -> None:
        super().__init__(*fields, css_class=css_class, **kwargs)
        self.summary = summary

    def render(self, form: forms.BaseForm, context: Context, **kwargs: Any) -> SafeString:
        inside = [form[pointer.name] for pointer in self.get_field_names()]
        self.is_open = any(_says_more(field) or field.errors for field in inside)
        html: SafeString = super().render(form, context, **kwargs)
        return html


def _says_more(field: BoundField) -> bool:
    """Whether it holds something else than what it begins with."""
    return str(field.value() or "") not in ("", str(field.field.initial or ""))


def _dress(field: BoundField) -> None:
    """The class of its kind, the mark of an error, and what a browser may fill in: nothing, where
    the field does not say. A desk is shared, and most numbers are those of somebody else."""
    widget = field.field.widget
    classes = [*widget.attrs.get("class", "").split(), _look(widget)]
    if field.errors:
        classes.append("is-invalid")
    if names := " ".join(dict.fromkeys(filter(None, classes))):
        widget.attrs["class"] = names
    widget.attrs.setdefault("autocomplete", "off")


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.HiddenInput):
        return ""
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
