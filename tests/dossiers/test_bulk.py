"""The two writers of what a verb answers leave the same rows, and refuse with the same words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.lifecycle import bulk, corrections, due_dates, perform, verbs
from dossiers.lifecycle.changes import Rule, plain
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import (
    Apology,
    Deadline,
    Dossier,
    Event,
    LateCause,
    Pause,
    SerialCounter,
    SubmittedPaper,
    SupplementRequest,
    Transfer,
)
from dossiers.rules.states import MOVES, MoveRefused, State, Verb
from reports.models import DaysSummary, Summary
from reports.terms.contributions import MEASURES
from tests.cast import Cast, vn

pytestmark = pytest.mark.django_db

NOW = "2026-11-23T09:30"
ROWS = (Event, Deadline, Pause, SupplementRequest, Apology, Transfer, SubmittedPaper)
LINKS = {"opened_by_id": Event, "closed_by_id": Event, "pause_id": Pause}

# An act: the verb, and how many hours after the act before it.
ACT_NAMES = (
    "forward",
    "forward_back",
    "take_over",
    "ask_supplement",
    "receive_supplement",
    "ask_payment",
    "confirm_payment",
    "apologise",
    "apologise_in_vain",
    "approve",
    "refuse",
    "refuse_without_reason",
    "withdraw",
    "stop",
    "hand_over",
    "hand_over_to_nobody",
    "correct_name",
    "correct_receipt",
    "correct_nothing",
    "take_paper",
    "note_external",
    "note_external_without_system",
    "note_call",
)
ACTS = st.tuples(st.sampled_from(ACT_NAMES), st.integers(-1, 200))
LIVES = st.tuples(
    st.sampled_from(["district", "tan_loc", "bien_bach for tan_loc"]),
    st.sampled_from(["land", "building", "copy", "birth"]),
    st.sampled_from(["2015-12-29", "2016-02-03", "2019-04-27", "2025-08-29", "2026-01-05"]),
    st.integers(0, 48 * 4),
    st.lists(ACTS, max_size=8),
)


def arguments(cast: Cast, act: str, at: datetime) -> tuple[str, dict[str, Any]]:
    """The verb behind an act of the script at this moment, and what it is told."""
    sorry = {"by": cast.leader, "cause": LateCause.objects.get(), "reason": "Chậm", "signer": "Ký"}
    slip = {"by": cast.clerk, "reason": "Ghi nhầm"}
    return {
        "forward": ("forward", {"by": cast.clerk, "division": cast.land_division, "note": "n"}),
        "forward_back": ("forward", {"by": cast.specialist, "office": cast.district}),
        "take_over": ("take_over", {"by": cast.specialist}),
        "ask_supplement": (
            "ask_supplement",
            {"by": cast.specialist, "items": "Bản vẽ", "reason": "Thiếu", "contact_name": "Đời"},
        ),
        "receive_supplement": ("receive_supplement", {"by": cast.clerk}),
        "ask_payment": ("ask_payment", {"by": cast.clerk, "note": "Thuế"}),
        "confirm_payment": ("confirm_payment", {"by": cast.clerk}),
        "approve": ("resolve", {"by": cast.specialist, "outcome": "approved"}),
        "refuse": (
            "resolve",
            {"by": cast.specialist, "outcome": "refused", "result_note": "Đất tranh chấp"},
        ),
        "apologise": ("apologise", sorry | {"new_due_at": at + timedelta(days=60)}),
        "apologise_in_vain": ("apologise", sorry | {"new_due_at": at}),
        "refuse_without_reason": ("resolve", {"by": cast.specialist, "outcome": "refused"}),
        "withdraw": ("withdraw", {"by": cast.clerk, "reason": "Xin rút", "asked_by": "post"}),
        "stop": ("stop", {"by": None, "reason": "Dừng"}),
        "hand_over": ("hand_over", {"by": cast.clerk, "collector_name": " Lê Thị Súng "}),
        "hand_over_to_nobody": ("hand_over", {"by": cast.clerk, "collector_name": " "}),
        "correct_name": ("correct", slip | {"applicant_name": f"Trần Văn Sửa {at:%d}"}),
        "correct_receipt": ("correct", slip | {"received_at": at - timedelta(days=1)}),
        "correct_nothing": ("correct", slip),
        "take_paper": ("take_paper", {"by": cast.commune_clerk}),
        "note_external": (
            "note_external",
            {"by": cast.clerk, "system": "Hệ thống của Bộ", "code": f"HT-{at:%d}"},
        ),
        "note_external_without_system": (
            "note_external",
            {"by": cast.clerk, "system": "", "code": "1"},
        ),
        "note_call": ("note_call", {"by": cast.clerk}),
    }[act]


def intake_of(cast: Cast, office: str, procedure: str, **fields: Any) -> Intake:
    receiver, _, solver = office.partition(" for ")
    return Intake(
        office=getattr(cast, solver or receiver),
        receiver=getattr(cast, receiver),
        procedure=getattr(cast, procedure),
        applicant_name="Nguyễn Bông Súng",
        applicant_id="000000001",
        note="Hai dòng:\n\tmột dấu \\N và một dấu \\",
        papers=(Paper("Đơn"), Paper("Bản sao", kind="copy", copies=2)),
        **fields,
    )


def attempt(act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """What the act was refused with; nothing when it was done."""
    try:
        act(*args, **kwargs)
    except MoveRefused as refused:
        return str(refused)
    return ""


def everything() -> dict[str, Any]:
    """All that matters of what stands in the database, with links as places, not as keys."""
    codes = dict(Dossier.objects.values_list("pk", "code"))
    places: dict[Any, dict[int, tuple[str, int]]] = {}
    for model in ROWS:
        rows = model.objects.order_by("dossier", "pk").values_list("dossier", "pk")
        places[model] = {
            key: (codes[dossier], place)
            for dossier, of_dossier in groupby(rows, key=lambda row: row[0])
            for place, (_, key) in enumerate(of_dossier)
        }
    found: dict[str, Any] = {"dossiers": {d.code: plain_row(d) for d in Dossier.objects.all()}}
    for model in ROWS:
        found[model.__name__] = {}
        for row in model.objects.all():
            told = plain_row(row)
            told["dossier_id"] = codes[row.dossier_id]
            for link, of_model in LINKS.items():
                if told.get(link):
                    told[link] = places[of_model][told[link]]
            if told.get("details", {}).get("transfer"):
                told["details"] = {"transfer": places[Transfer][told["details"]["transfer"]]}
            found[model.__name__][places[model][row.pk]] = told
    found["summaries"] = {
        line for line in Summary.objects.values_list("pk", *MEASURES) if any(line[1:])
    } | set(DaysSummary.objects.exclude(count=0).values_list("pk", "count"))
    found["counters"] = set(SerialCounter.objects.values_list("office", "series", "last"))
    return found


def plain_row(row: models.Model) -> dict[str, Any]:
    return {f.attname: plain(getattr(row, f.attname)) for f in row._meta.fields if f.name != "id"}


@given(lives=st.lists(LIVES, min_size=1, max_size=4))
# Every example is rolled back, so the next finds the cast as it was.
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bulk_dossiers_written_at_once_are_those_that_the_verbs_would_have_written(
    cast: Cast, lives: list[Any]
) -> None:
    lives = sorted(
        ((vn(f"{day}T07:00") + timedelta(minutes=m), o, p, acts) for o, p, day, m, acts in lives),
        key=lambda life: life[0],
    )
    LateCause.objects.get_or_create(code="B9", name="Nguyên nhân khác")
    with time_machine.travel(vn(NOW), tick=False):
        with transaction.atomic():
            told = [by_verbs(cast, *life) for life in lives]
            expected = everything()
            transaction.set_rollback(True)
        with transaction.atomic():
            desks = Desks()
            written = [
                in_memory(cast, desks, *life, answers)
                for life, answers in zip(lives, told, strict=True)
            ]
            written.sort(key=lambda life: life.dossier.receiver_id)  # any order will do
            assert bulk.write(written, recorded_at=vn(NOW)) == len(lives)
            assert everything() == expected
            transaction.set_rollback(True)


def rule_of(verb: str) -> Rule[Any]:
    return corrections.correct if verb == "correct" else getattr(verbs, verb)


def by_verbs(
    cast: Cast, at: datetime, office: str, procedure: str, acts: list[tuple[str, int]]
) -> list[str]:
    dossier = perform.register(intake_of(cast, office, procedure), by=cast.clerk, at=at)
    answers = []
    for act, hours in acts:
        moment = at + timedelta(hours=hours)
        verb, told = arguments(cast, act, moment)
        answer = attempt(getattr(perform, verb), dossier, at=moment, **told)
        at = at if answer else moment
        answers.append(answer)
    return answers


def in_memory(
    cast: Cast,
    desks: Desks,
    at: datetime,
    office: str,
    procedure: str,
    acts: list[tuple[str, int]],
    answers: list[str],
) -> UnsavedDossier:
    life = UnsavedDossier(desks, intake_of(cast, office, procedure), by=cast.clerk, at=at)
    for (act, hours), answer in zip(acts, answers, strict=True):
        moment = at + timedelta(hours=hours)
        verb, told = arguments(cast, act, moment)
        refused = attempt(life.do, rule_of(verb), at=moment, **told)
        assert refused == answer, (act, refused, answer)
        at = at if refused else moment
    return life


def test_bulk_script_does_every_verb_of_a_received_dossier(cast: Cast) -> None:
    LateCause.objects.create(code="B9", name="Nguyên nhân khác")
    done = {rule_of(arguments(cast, act, vn(NOW))[0]) for act in ACT_NAMES}
    rules = {rule for rule in vars(verbs).values() if isinstance(rule, Rule)}
    assert done == rules | {corrections.correct}
    assert {rule.verb for rule in done} == set(MOVES[State.RECEIVED]) | {
        Verb.RECEIVE_SUPPLEMENT,
        Verb.CONFIRM_PAYMENT,
        Verb.HAND_OVER,
    }


@pytest.mark.parametrize(
    ("earlier", "rule", "told", "sentence"),
    [
        (
            [verbs.ask_supplement, verbs.receive_supplement],
            verbs.ask_supplement,
            {"items": "Bản vẽ", "reason": "Thiếu"},
            "chỉ cho phép 1 lần",
        ),
        ([], verbs.resolve, {"outcome": "refused"}, "phải ghi rõ lý do"),
        ([verbs.resolve], verbs.hand_over, {"collector_name": ""}, "tên người nhận kết quả"),
    ],
)
def test_bulk_records_past_is_told_what_a_counter_may_not_do(
    cast: Cast, earlier: list[Rule], rule: Rule, told: dict[str, Any], sentence: str
) -> None:
    told_before: dict[Rule, dict[str, Any]] = {
        verbs.ask_supplement: {"items": "Bản vẽ", "reason": "Thiếu"},
        verbs.resolve: {"outcome": "approved"},
    }
    for records_past in (True, False):
        intake, at = intake_of(cast, "district", "land"), vn("2019-04-24T08:00")
        dossier = UnsavedDossier(Desks(), intake, by=None, at=at, records_past=records_past)
        for act in earlier:
            dossier.do(act, by=None, at=at, **told_before.get(act, {}))
        refused = attempt(dossier.do, rule, by=None, at=at, **told)
        assert bool(refused) != records_past
        assert records_past or sentence in refused


def test_verbs_write_and_ask_nothing_themselves(cast: Cast) -> None:
    LateCause.objects.create(code="B9", name="Nguyên nhân khác")
    desks, at = Desks(), vn("2019-04-24T08:00")
    scripts = [
        ["forward", "take_over", "apologise", "approve", "hand_over"],
        ["ask_supplement", "receive_supplement", "refuse"],
        ["ask_payment", "confirm_payment", "stop"],
        ["withdraw"],
    ]
    told = {act: arguments(cast, act, at) for script in scripts for act in script}
    UnsavedDossier(desks, intake_of(cast, "district", "land"), by=None, at=at)  # reads a calendar
    with CaptureQueriesContext(connection) as asked:
        for script in scripts:
            intake = intake_of(cast, "district", "land")
            dossier = UnsavedDossier(desks, intake, by=cast.clerk, at=at)
            for act in script:
                verb, words = told[act]
                dossier.do(getattr(verbs, verb), at=at, **words)
    assert [query["sql"] for query in asked] == []


def test_bulk_numbers_go_on_where_the_counter_was_and_where_the_dossiers_stopped(
    cast: Cast,
) -> None:
    cast.received("2016-02-04T16:00")
    desks = Desks()
    times = ("2016-02-04T10:00", "2016-02-03T10:00", "2016-02-04T07:00")
    bulk.write(
        UnsavedDossier(desks, intake_of(cast, "district", "land"), by=None, at=vn(t)) for t in times
    )
    cast.received("2016-02-04T16:30")
    rows = Dossier.objects.order_by("book_number").values_list("book_number", "code", "received_at")
    assert [(number, code[-11:], at) for number, code, at in rows] == [
        (1, "160204-0001", vn("2016-02-04T16:00")),
        (2, "160203-0001", vn("2016-02-03T10:00")),
        (3, "160204-0002", vn("2016-02-04T07:00")),
        (4, "160204-0003", vn("2016-02-04T10:00")),
        (5, "160204-0004", vn("2016-02-04T16:30")),
    ]


def test_bulk_given_code_is_kept_and_never_issued_again(cast: Cast) -> None:
    desks = Desks()

    def life(at: str, code: str = "") -> UnsavedDossier:
        intake = intake_of(cast, "district", "land", source="import")
        return UnsavedDossier(desks, intake, by=None, at=vn(at), code=code)

    bulk.write([life("2016-02-04T08:00"), life("2016-02-04T09:00", "H12.TAM.967-160204-0007")])
    bulk.write([life("2016-02-04T10:00", "12/TN-2016"), life("2016-02-05T10:00", "X-160205-0009")])
    cast.received("2016-02-04T11:00")
    cast.received("2016-02-05T11:00")
    assert list(Dossier.objects.order_by("received_at").values_list("code", "code_key")) == [
        ("H12.TAM.967-160204-0008", "H12TAM9671602040008"),
        ("H12.TAM.967-160204-0007", "H12TAM9671602040007"),
        ("12/TN-2016", "12TN2016"),
        ("H12.TAM.967-160204-0009", "H12TAM9671602040009"),
        ("X-160205-0009", "X1602050009"),
        ("H12.TAM.967-160205-0001", "H12TAM9671602050001"),
    ]


def test_bulk_code_that_exists_is_refused_and_nothing_is_written(cast: Cast) -> None:
    taken = cast.received().code
    desks = Desks()
    intake = intake_of(cast, "district", "land")
    lives = [
        UnsavedDossier(desks, intake, by=None, at=vn("2016-02-03T08:00")),
        UnsavedDossier(desks, intake, by=None, at=vn("2016-02-04T08:00"), code=taken),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.write(lives)
    assert Dossier.objects.count() == 1


def test_bulk_due_date_of_an_old_register_stands_as_written(cast: Cast) -> None:
    desks = Desks()
    intake = intake_of(cast, "district", "land", source="import")
    life = UnsavedDossier(
        desks, intake, by=None, at=vn("2012-05-07T08:00"), due_at=vn("2012-05-21T17:00")
    )
    life.do(verbs.resolve, by=None, at=vn("2012-05-22T08:00"), outcome="approved")
    bulk.write([life])
    dossier = Dossier.objects.get()
    promise = dossier.deadlines.get()
    assert (dossier.due_at, dossier.timeliness) == (vn("2012-05-21T17:00"), "late")
    assert dossier.effective_at == vn("2012-05-07T08:00")
    assert (promise.due_at, promise.why) == (dossier.due_at, due_dates.WRITTEN_IN_REGISTER)


def test_bulk_year_without_calendar_is_refused_with_the_year_named(cast: Cast) -> None:
    with pytest.raises(MoveRefused, match="2012"):
        UnsavedDossier(
            Desks(), intake_of(cast, "district", "land"), by=None, at=vn("2012-05-07T08:00")
        )


def test_bulk_acts_in_the_future_are_refused(cast: Cast) -> None:
    with time_machine.travel(vn(NOW), tick=False):
        desks = Desks()
        life = UnsavedDossier(
            desks, intake_of(cast, "district", "land"), by=None, at=vn("2026-11-20T08:00")
        )
        with pytest.raises(MoveRefused, match="chưa tới"):
            life.do(verbs.withdraw, by=None, at=vn("2026-11-23T10:00"), reason="Xin rút")


def test_bulk_each_act_counts_as_typed_in_when_it_happened_unless_told_otherwise(
    cast: Cast,
) -> None:
    life = UnsavedDossier(
        Desks(), intake_of(cast, "district", "land"), by=None, at=vn("2016-02-04T09:00")
    )
    life.do(verbs.withdraw, by=cast.clerk, at=vn("2016-02-05T10:00"), reason="Xin rút")
    bulk.write([life])
    assert [event.recorded_at for event in Event.objects.order_by("pk")] == [
        vn("2016-02-04T09:00"),
        vn("2016-02-05T10:00"),
    ]
