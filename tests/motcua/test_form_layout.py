"""The template pack: what every field of every form says to a browser and to a screen reader."""

import re
from pathlib import Path

import pytest
from crispy_forms.layout import Div, Layout
from django import forms
from django.template import Context, Template

from motcua.form_layout import CrispyForm, Fold

pytestmark = pytest.mark.pure

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Applicant(CrispyForm):
    note = forms.CharField(label="Ghi chú", required=False)
    name = forms.CharField(label="Họ và tên", help_text="Như trên giấy tờ")
    kind = forms.ChoiceField(label="Loại", choices=[("p", "cá nhân")])
    way = forms.ChoiceField(
        label="Hình thức", choices=[("d", "trực tiếp")], widget=forms.RadioSelect, help_text="Một"
    )
    scan = forms.FileField(label="Bản quét", help_text="PDF")
    phone = forms.CharField(
        label="Điện thoại", required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    agreed = forms.BooleanField(label="Đồng ý", required=False)
    token = forms.CharField(widget=forms.HiddenInput)

    def form_layout(self) -> Layout:
        names = ("name", "kind", "way", "scan", "phone", "agreed", "token")
        return Layout(Div(*names, css_class="field-row"), Fold("Thêm", "note"))


def drawn(form: forms.Form) -> str:
    page = Template(
        '{% load crispy_forms_tags %}{% include "motcua/errors.html" %}{% crispy form %}'
    )
    return page.render(Context({"form": form}))


def controls(html: str) -> dict[str, str]:
    return {
        tag.split('name="')[1].split('"')[0]: tag
        for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", html)
    }


def test_form_layout_gives_each_control_the_look_of_its_kind():
    shown = controls(drawn(Applicant()))
    looks = {name: (re.findall('class="([^"]*)"', tag) or [""])[0] for name, tag in shown.items()}
    assert looks == {
        "name": "form-control",
        "kind": "form-select",
        "way": "",
        "scan": "form-control",
        "phone": "form-control",
        "agreed": "form-check-input",
        "token": "",
        "note": "form-control",
    }


def test_form_layout_says_of_every_control_whether_a_browser_fills_it():
    shown = controls(drawn(Applicant()))
    assert 'autocomplete="tel"' in shown.pop("phone")
    assert [name for name, tag in shown.items() if 'autocomplete="off"' not in tag] == []


def test_form_layout_joins_hint_and_error_to_the_control():
    html = drawn(Applicant({"token": "1"}))
    shown = controls(html)
    for name in ("name", "scan"):
        assert f'aria-describedby="id_{name}_helptext id_{name}_error"' in shown[name]
        assert 'aria-invalid="true"' in shown[name]
        assert "form-control is-invalid" in shown[name]
        assert f'id="id_{name}_helptext"' in html
        assert f'id="id_{name}_error"' in html
    group = re.search(r"<fieldset[^>]*>", html)
    assert group is not None
    assert 'aria-describedby="id_way_helptext id_way_error"' in group[0]


def test_form_layout_marks_what_may_be_left_empty_but_not_in_filters():
    assert drawn(Applicant()).count("(nếu có)") == 2

    class Filter(Applicant):
        marks_optional = False

    assert "(nếu có)" not in drawn(Filter())


def test_form_layout_errors_stand_in_the_order_of_the_page_and_lead_to_a_control():
    html = drawn(Applicant({"note": "x"}))
    links = re.findall(r'<a href="#([^"]*)">', html)
    assert links == ["id_name", "id_kind", "id_way_0", "id_scan"]
    assert [link for link in links if f'id="{link}"' not in html] == []
    assert "error-summary" not in drawn(Applicant())


def test_form_layout_errors_have_the_focus_instead_of_a_field():
    class Eager(CrispyForm):
        name = forms.CharField(widget=forms.TextInput(attrs={"autofocus": True}))

    assert "autofocus" in drawn(Eager())
    assert "autofocus" not in drawn(Eager({}))


@pytest.mark.parametrize(("note", "is_open"), [("", False), ("x", True)])
def test_form_layout_fold_stands_open_where_a_field_is_filled_in(note, is_open):
    html = drawn(Applicant(initial={"note": note}))
    assert ('<details class="fold" open>' in html) is is_open


def test_form_layout_templates_draw_no_field_by_hand():
    """A form's fields are drawn by the pack; what is written by hand is no field of a form."""
    by_hand = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if not {"admin", "motcua"} & set(path.relative_to(TEMPLATES).parts)
        and re.search(r"{% for field in|id_for_label|\|as_widget|\.as_p", path.read_text("utf-8"))
    ]
    assert by_hand == []


def test_form_layout_templates_say_of_every_control_whether_a_browser_fills_it():
    """The few that stand in a table, in the check-list or in the frame are written by hand."""
    silent = [
        f"{path.relative_to(TEMPLATES)}: {tag}"
        for path in TEMPLATES.rglob("*.html")
        if "admin" not in path.relative_to(TEMPLATES).parts
        for tag in re.findall(r"<(?:input|select|textarea)\b.*", path.read_text("utf-8"))
        if 'type="hidden"' not in tag and "autocomplete=" not in tag
    ]
    assert silent == []
