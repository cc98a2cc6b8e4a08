"""The past of the demonstration, many times over: as if that many had been loaded."""

from collections import Counter
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from dossiers.demo.names import POOL
from dossiers.demo.plan import plan, total
from dossiers.lifecycle.acts import acts_of
from dossiers.lifecycle.changes import plain
from dossiers.lifecycle.codes import issue_receipt_code, next_book_number
from dossiers.models import Deadline, Dossier, Event, SubmittedPaper, SupplementRequest, Transfer
from dossiers.rules.codes import code_key
from dossiers.rules.states import State
from reports.figures import verify
from tests.bench.multiply import TAX_DIGITS, load_multiplied, twin
from tests.cast import vn
from tests.dossiers.replay import replay
from tests.dossiers.test_demo import SMALL, Silent, communes, counted

pytestmark = pytest.mark.django_db

COPIES = 3


def load_copied(copies: int = COPIES) -> None:
    with time_machine.travel(vn("2026-11-23T09:30"), tick=False):
        call_command("load_base", stdout=StringIO())
        load_multiplied(copies, Silent(), scale=SMALL)


def indexes() -> set[tuple[str, str]]:
    """Every index and foreign key of the tables, as the database keeps it."""
    listing = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'",
    }
    with connection.cursor() as cursor:
        cursor.execute(listing[connection.vendor])
        return set(cursor.fetchall())


def test_demo_multiplied_every_dossier_is_there_so_many_times_with_all_that_belongs_to_it() -> None:
    before = indexes()
    load_copied()
    assert indexes() == before
    assert verify.verify().differences == []
    past = Dossier.objects.filter(received_on__lt="2017-01-01")
    plans = plan(SMALL)
    for offices, of_level in ((["967"], plans[:1]), (communes(), plans[1:])):
        found, counts = counted(*offices), total(of_level)
        for name in ("received", "early", "on_time", "late"):
            assert found.get(name, 0) == COPIES * getattr(counts, name)
        assert found.get("pending", 0) == COPIES * sum(p.pending for p in of_level)
        assert found.get("carried", 0) == COPIES * sum(p.carried for p in of_level)
    for model in (Event, Deadline, Transfer, SupplementRequest, SubmittedPaper):
        of_each = Counter(
            model.objects.filter(dossier__in=past).values_list("dossier_id", flat=True)
        )
        kinds = Counter(of_each.values())
        assert all(count % COPIES == 0 for count in kinds.values()), (model, kinds)
    assert Event.objects.filter(dossier__in=past).exists()
    for model in (Deadline, Transfer, SupplementRequest):
        assert not model.objects.exclude(dossier=F("opened_by__dossier")).exists()
    for dossier in past:
        acts = list(acts_of(dossier))
        assert [act.happened_at for act in acts] == sorted(act.happened_at for act in acts)
        told = replay(acts)
        assert told == {name: plain(getattr(dossier, name)) for name in told}


def test_demo_multiplied_copy_has_codes_and_people_of_its_own_and_receipts_go_on() -> None:
    load_copied()
    past = list(Dossier.objects.filter(received_on__lt="2017-01-01").order_by("pk"))
    for dossier in past:
        assert dossier.code_key == code_key(dossier.code)
        assert dossier.search_key == dossier.make_search_key()
        assert dossier.code.split("-")[1] == f"{dossier.received_on:%y%m%d}"
        if dossier.state == State.HANDED_OVER:
            names = (dossier.applicant_name, dossier.submitter_name)
            assert dossier.collector_name in names
    numbers = Counter((d.office_id, d.received_on.year, d.book_number) for d in past)
    assert set(numbers.values()) == {1}
    first, second = past[0], past[len(past) // COPIES]
    assert (first.received_at, first.due_on) == (second.received_at, second.due_on)
    assert first.applicant_name != second.applicant_name
    assert first.applicant_id != second.applicant_id

    last = Dossier.objects.filter(received_on__year=2016).latest("code_key")
    day = last.received_on
    of_day = Dossier.objects.filter(office=last.office, received_on=day)
    assert issue_receipt_code(last.office, day).endswith(f"-{of_day.count() + 1:04d}")
    of_year = Dossier.objects.filter(office=last.office, received_on__year=day.year)
    assert next_book_number(last.office, day) == of_year.count() + 1
    copied = Dossier.objects.get(pk=last.pk)
    copied.pk, copied.code, copied.code_key = None, "X", "X"
    copied.save(force_insert=True)
    assert copied.pk == Dossier.objects.latest("pk").pk


def test_demo_multiplied_twins_are_people_who_cannot_be_taken_for_real_ones() -> None:
    seen = {twin(f"000{index:06d}", copy).number for index in range(POOL) for copy in (1, 99)}
    assert len(seen) == 2 * POOL
    assert all(number.startswith("000") and len(number) == 9 for number in seen)
    organisation = twin("0000000017", 3)
    assert organisation.is_organisation
    assert len(organisation.number) == TAX_DIGITS
    assert organisation.number.startswith("00")
