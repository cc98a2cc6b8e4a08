"""Every form of the site under hostile fields: it is valid, or says in words what is wrong; an
act that a form lets through is done whole or refused whole.

Beside the walk over the addresses this goes deep instead of wide: no page is drawn, so thousands
of inputs cost seconds.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.datastructures import MultiValueDict

from dossiers.citizens.ratings import load_criteria
from dossiers.forms.filing import FilingForm
from dossiers.forms.intake import IntakeForm, IntakeSheet
from dossiers.forms.own import ProofForm, RatingForm
from dossiers.forms.register_import import RegisterUploadForm
from dossiers.forms.search import SearchForm
from dossiers.forms.verbs import FORMS
from dossiers.lifecycle import perform
from dossiers.lifecycle.late_causes import load_causes
from dossiers.models import Dossier, Event
from dossiers.rules.states import MoveRefused
from dossiers.views.bundle import BundleForm
from motcua.accounts.forms import CodeForm
from motcua.web.uploads import FileRefused, check
from procedures.forms import CatalogueSearch, DayForm
from procedures.workdays import NoCalendarData
from reports.figures.offices import offices_for
from reports.forms.choices import FiguresForm, ReportForm, RowsForm
from reports.forms.further import AgesForm, LateForm
from reports.forms.opening import OpeningForm
from reports.forms.sign_off import ClosingYearForm
from reports.register.form import RegisterForm
from tests.cast import Cast
from tests.fuzz.hostile import Bender

EACH = 240
ACTS = 120
FILES = 3_000
Maker = Callable[[Cast, QueryDict], forms.Form]


def figures(kind: type[FiguresForm]) -> Maker:
    return lambda cast, data: kind(data, offices_for(cast.leader), period="2016-Q1")


MAKERS: dict[str, Maker] = {
    "intake": lambda cast, data: IntakeForm(data),
    "filing": lambda cast, data: FilingForm(data, procedure=cast.land),
    "proof": lambda cast, data: ProofForm(data),
    "rating": lambda cast, data: RatingForm(data),
    "search of a leader": lambda cast, data: SearchForm(data, staff=cast.leader),
    "search of a clerk": lambda cast, data: SearchForm(data, staff=cast.commune_clerk),
    "bundle": lambda cast, data: BundleForm(data),
    "code of the telephone": lambda cast, data: CodeForm(data),
    "catalogue": lambda cast, data: CatalogueSearch(data),
    "day of the catalogue": lambda cast, data: DayForm(data),
    "year of signing": lambda cast, data: ClosingYearForm(data, year=2016),
    "totals from before": lambda cast, data: OpeningForm(data),
    "register": lambda cast, data: RegisterForm(data, offices_for(cast.leader), cast.leader),
    **{
        kind.__name__: figures(kind)
        for kind in (FiguresForm, RowsForm, ReportForm, AgesForm, LateForm)
    },
}


SENT = EACH * (len(MAKERS) + 1) + ACTS * len(FORMS) + FILES
"""How many inputs this file sends."""


@pytest.fixture
def world(cast: Cast) -> Cast:
    load_causes()
    load_criteria()
    return cast


def bent(bender: Bender, form: forms.Form) -> QueryDict:
    """What somebody sends instead of what the form asks: some fields right, some left out."""
    data = QueryDict(mutable=True)
    random = bender.random
    hostile = random.random()
    for name, field in form.fields.items():
        offered = [str(value) for value, _ in getattr(field, "choices", ()) if value != ""]
        first = form.get_initial_for_field(field, name)
        offered += [] if first is None else [str(first)]
        if random.random() < hostile / 5:
            continue
        if random.random() < hostile**2:
            values = [bender.value(offered) for _ in range(random.choice((1, 1, 1, 3)))]
        elif not field.required and not offered and random.random() < 0.5:
            values = [""]
        else:
            values = [random.choice(offered or [str(uuid4()), "Đơn", "1", ""])]
        # Half a surrogate cannot be sent: Django reads a form with such bytes replaced.
        sent = [value.encode("utf-8", "replace").decode() for value in values]
        data.setlist(form.add_prefix(name), sent)
    return data


def held_to(form: forms.Form) -> bool:
    """Whether the form takes it; if not, each field says why."""
    if form.is_valid():
        return True
    said = [sentence for sentences in form.errors.values() for sentence in sentences]
    assert said
    assert all(str(sentence).strip() for sentence in said)
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("name", MAKERS)
def test_form_takes_it_or_says_what_is_wrong(world: Cast, name: str) -> None:
    bender = Bender(len(name), [])
    make = MAKERS[name]
    empty = make(world, QueryDict())
    for _ in range(EACH):
        with suppress(Http404):  # an address that leads to no book is none
            held_to(make(world, bent(bender, empty)))


@pytest.mark.django_db
@pytest.mark.parametrize("verb", FORMS)
def test_forms_act_of_any_form_is_done_whole_or_refused_whole(world: Cast, verb: str) -> None:
    bender = Bender(len(verb), [])
    dossiers = list(lives(world))
    performed = 0
    for at in range(ACTS):
        dossier = Dossier.objects.get(pk=dossiers[at % len(dossiers)])
        form = FORMS[verb](dossier=dossier, staff=world.leader)
        sent = FORMS[verb](bent(bender, form), dossier=dossier, staff=world.leader)
        if not held_to(sent):
            continue
        before = traces(dossier)
        try:
            with transaction.atomic():
                sent.is_confirmed()
                event = sent.perform()
                assert event is None or event.dossier_id == dossier.pk
                performed += 1
                raise Undo
        except (MoveRefused, NoCalendarData) as refused:
            assert str(refused)
        except Undo:
            pass
        assert traces(dossier) == before
    assert performed or verb not in ("resolve", "withdraw", "stop")


class Undo(Exception):
    pass


def lives(cast: Cast) -> Iterator[int]:
    """Dossiers in the states from which most acts start."""
    for state in ("received", "waiting", "resolved", "forwarded"):
        dossier = cast.received("2025-08-04T09:00")
        if state == "waiting":
            perform.ask_supplement(dossier, by=cast.clerk, items="Đơn", reason="Thiếu")
        if state == "resolved":
            perform.resolve(dossier, by=cast.clerk, outcome="approved")
        if state == "forwarded":
            perform.forward(dossier, by=cast.clerk, division=cast.land_division)
        yield dossier.pk


def traces(dossier: Dossier) -> tuple[Any, ...]:
    return (
        Dossier.objects.filter(pk=dossier.pk).values().get(),
        Event.objects.filter(dossier=dossier).count(),
    )


@pytest.mark.django_db
def test_whole_sheet_of_the_counter_shows_again_what_was_typed(world: Cast) -> None:
    bender = Bender(7, [])
    empty = IntakeForm()
    for _ in range(EACH):
        data = bent(bender, empty)
        for name in ("received_at", "paper-1", "copies-1", "extra-name", "extra-copies"):
            data[name] = bender.value([])
        for is_checked in (True, False):
            sheet = IntakeSheet(world.district, world.land, data, check=is_checked)
            if is_checked:
                sheet.is_valid()
            assert sheet.due is not None or sheet.due_problem


@pytest.mark.django_db
def test_forms_file_of_any_kind_is_a_paper_a_register_or_refused_in_words(world: Cast) -> None:
    bender = Bender(3, [])
    for at in range(FILES):
        file = bender.file()
        try:
            assert check(file)
        except FileRefused as refused:
            assert str(refused)
        if at % 3:
            continue
        file.seek(0)
        sent = MultiValueDict({"file": [file]})
        held_to(RegisterUploadForm(QueryDict(), sent, staff=world.leader))
    assert not Dossier.objects.exists()
