"""The same form sent twice gets the first answer again, whatever the first has changed; somebody
else's same token is a token that nobody knows."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from dossiers.forms.verbs import FORMS
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Attachment, Dossier, Event, LateCause
from motcua.models import Staff
from procedures.models import CalendarDay, RequiredPaper
from tests.cast import Cast, make_cast, make_staff, vn
from tests.dossiers.counter_pages import page_of, typed
from tests.dossiers.pages import logged_in, path
from tests.dossiers.return_pages import MAU, RETURN, UNDO, sent_by_enter, sent_to_undo

pytestmark = pytest.mark.django_db

Form = tuple[Staff, str, dict[str, Any]]
"""Who sends, where to, what: as the page had it before anything was sent."""

NOW = "2016-03-09T10:00"
BUNDLE, RESCHEDULING = "/ban-lam-viec/giao-nhan/", "/ho-so/doi-han/"
OWN = "/tra-cuu/ho-so-cua-toi/"


@pytest.fixture(autouse=True)
def on_a_wednesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(vn(NOW), tick=False) as traveller:
        yield traveller


# How each form comes to be


def form_of(by: Staff, dossier: Dossier, verb: str, **data: Any) -> Form:
    address = path(dossier, verb)
    page = logged_in(by).get(address)
    fields = {f.html_name: f.value() for f in page.context["form"] if f.value() is not None}
    return by, address, fields | data


def submission(cast: Cast) -> Dossier:
    intake = Intake(cast.district, cast.land, "Nguyễn Văn Ân")
    return perform.guide(intake, by=cast.clerk, items="Đơn", reason="Thiếu")


def accept(cast: Cast) -> Form:
    papers = list(RequiredPaper.objects.filter(version__procedure=cast.land))
    ticked = {"papers": [p.pk for p in papers], "came": ["0"]}
    return form_of(cast.clerk, submission(cast), "accept", **ticked)


def decline(cast: Cast) -> Form:
    return form_of(cast.clerk, submission(cast), "decline", reason="Không thuộc thẩm quyền")


def ask_supplement_of_a_submission(cast: Cast) -> Form:
    words = {"items": "Bản đồ", "reason": "Thiếu"}
    return form_of(cast.clerk, submission(cast), "ask_supplement", **words)


def received(cast: Cast) -> Dossier:
    return cast.received("2016-03-01T09:00")


def forward(cast: Cast) -> Form:
    return form_of(cast.clerk, received(cast), "forward", to=f"d{cast.land_division.pk}")


def take_over(cast: Cast) -> Form:
    dossier = received(cast)
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    return form_of(cast.specialist, dossier, "take_over")


def ask_supplement(cast: Cast) -> Form:
    return form_of(cast.clerk, received(cast), "ask_supplement", items="Đơn", reason="Thiếu")


def receive_supplement(cast: Cast) -> Form:
    dossier, at = received(cast), vn("2016-03-03T09:00")
    perform.ask_supplement(dossier, by=cast.clerk, at=at, items="Đơn", reason="Thiếu")
    return form_of(cast.clerk, dossier, "receive_supplement")


def ask_payment(cast: Cast) -> Form:
    return form_of(cast.clerk, received(cast), "ask_payment")


def confirm_payment(cast: Cast) -> Form:
    dossier = received(cast)
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2016-03-03T09:00"))
    return form_of(cast.clerk, dossier, "confirm_payment")


def apologise(cast: Cast) -> Form:
    cause = LateCause.objects.create(code="B4", name="Hồ sơ phức tạp")
    words = {"cause": cause.pk, "reason": "Đo lại", "told_how": "điện thoại"}
    return form_of(cast.clerk, received(cast), "apologise", **words, new_due_at="2016-03-22")


def resolve(cast: Cast) -> Form:
    return form_of(cast.leader, received(cast), "resolve", outcome="approved")


def hand_over(cast: Cast) -> Form:
    dossier = received(cast)
    perform.resolve(dossier, by=cast.leader, outcome="approved")
    back = "/ban-lam-viec/?hang-doi=tra-ket-qua"
    return form_of(cast.clerk, dossier, "hand_over", next=back)


def call(cast: Cast) -> Form:
    dossier = received(cast)
    perform.resolve(dossier, by=cast.leader, outcome="approved")
    return form_of(cast.clerk, dossier, "call", next="/ban-lam-viec/?hang-doi=tra-ket-qua")


def withdraw(cast: Cast) -> Form:
    return form_of(cast.clerk, received(cast), "withdraw", reason="Đổi ý")


def stop(cast: Cast) -> Form:
    return form_of(cast.clerk, received(cast), "stop", reason="Trùng hồ sơ")


def correct(cast: Cast) -> Form:
    words = {"applicant_name": "Nguyễn Văn An", "note": "Gọi trước", "reason": "Viết nhầm"}
    return form_of(cast.clerk, received(cast), "correct", **words)


def take_paper(cast: Cast) -> Form:
    dossier = cast.received(
        "2016-03-01T09:00",
        office=cast.tan_loc,
        receiver=cast.bien_bach,
        procedure=cast.birth,
        by=cast.other_clerk,
    )
    return form_of(cast.commune_clerk, dossier, "take_paper")


def external(cast: Cast) -> Form:
    words = {"system": "Hộ tịch điện tử", "code": "HT-1", "status": "Đang xử lý"}
    return form_of(cast.clerk, received(cast), "external", **words)


def revert(cast: Cast) -> Form:
    dossier = received(cast)
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    return form_of(cast.leader, dossier, "revert", reason="Nhầm phòng")


def undo(cast: Cast) -> Form:
    dossier = received(cast)
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    return form_of(cast.clerk, dossier, "undo")


def note(cast: Cast) -> Form:
    return form_of(cast.clerk, received(cast), "note", text="Đã gọi, hẹn thứ Sáu")


VERBS: dict[str, Callable[[Cast], Form]] = {
    form.__name__: form
    for form in (
        accept,
        decline,
        take_over,
        forward,
        ask_supplement,
        receive_supplement,
        ask_payment,
        confirm_payment,
        apologise,
        resolve,
        hand_over,
        call,
        withdraw,
        stop,
        correct,
        take_paper,
        external,
        revert,
        undo,
        note,
    )
}


def intake(act: str, **words: str) -> Callable[[Cast], Form]:
    def make(cast: Cast) -> Form:
        return cast.clerk, page_of(cast.land), typed(cast.land, act=act, **words)

    return make


def bundle(act: str, before: Callable[[Cast], Form] | None) -> Callable[[Cast], Form]:
    """Two dossiers at once, each where `before` has it."""

    def make(cast: Cast) -> Form:
        places = [before(cast)[1] if before else path(received(cast)) for _ in range(2)]
        codes = [place.split("/")[2] for place in places]
        by = cast.specialist if act == "take_over" else cast.clerk
        return by, BUNDLE, {"act": act, "token": str(uuid4()), "ho-so": codes}

    return make


def signature(cast: Cast) -> Form:
    leaders = cast.district.divisions.create(name="Lãnh đạo ký duyệt", is_leaders=True)
    dossier = received(cast)
    for giver, place in ((cast.clerk, cast.land_division), (cast.specialist, leaders)):
        perform.forward(dossier, by=giver, division=place)
    return cast.leader, BUNDLE, {"act": "sign", "token": str(uuid4()), "ho-so": [dossier.code]}


def apologies(cast: Cast) -> Form:
    cause = LateCause.objects.create(code="B4", name="Hồ sơ phức tạp")
    words = {"cause": cause.pk, "reason": "Đo lại", "told_how": "điện thoại", "signer": "Khởi"}
    codes = [received(cast).code for _ in range(2)]
    words |= {"new_due_at": "22/03/2016", f"ngay-{codes[1]}": "23/03/2016", "ho-so": codes}
    return cast.clerk, "/ban-lam-viec/xin-loi/", words | {"token": str(uuid4())}


def rescheduling(cast: Cast) -> Form:
    dossier = received(cast)
    CalendarDay.objects.create(date=date(2016, 3, 11), kind="holiday", name="Nghỉ đột xuất")
    words = {"ho-so": [dossier.code], "reason": "Công văn 12", "token": str(uuid4())}
    return cast.leader, RESCHEDULING, words


def return_counter(q: str = "") -> Callable[[Cast], Form]:
    return lambda cast: (cast.clerk, RETURN, sent_by_enter(cast, q))


OTHERS: dict[str, Callable[[Cast], Form]] = {
    "ask_supplement of a submission": ask_supplement_of_a_submission,
    "register": intake("register"),
    "guide": intake("guide", guide_reason="Thiếu", items="Đơn"),
    "turn_away": intake("turn_away", refusal_reason="Không thuộc thẩm quyền"),
    "bundle: forward": bundle("forward", None),
    "bundle: take over": bundle("take_over", take_over),
    "bundle: sign": signature,
    "bundle: resolve": bundle("resolve", None),
    "bundle: hand over": bundle("hand_over", hand_over),
    "apologies": apologies,
    "rescheduling": rescheduling,
    "return counter": return_counter(),
    "return counter: card": return_counter(MAU),
    "return counter: undo": lambda cast: (cast.clerk, UNDO, sent_to_undo(cast)),
}
FORMS_HERE = VERBS | OTHERS


def test_sent_twice_every_act_of_a_page_is_walked() -> None:
    assert set(VERBS) == set(FORMS)


def sent(form: Form, by: Staff | None = None) -> HttpResponse:
    staff, address, data = form
    return logged_in(by or staff).post(address, data)


def answer(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.headers.get("Location", "")


def written() -> tuple[int, int, int]:
    acts = Event.objects.exclude(kind__in=Event.LOOKS)
    return Dossier.objects.count(), acts.count(), Attachment.objects.count()


@pytest.mark.parametrize("name", FORMS_HERE)
def test_sent_twice_form_sent_twice_gets_the_first_answer_and_is_done_once(
    cast: Cast, name: str
) -> None:
    form = FORMS_HERE[name](cast)
    before = written()
    first = sent(form)
    assert first.status_code == 302, first.content.decode()[:2000]
    done = written()
    assert done != before
    assert answer(sent(form)) == answer(first)
    assert written() == done


@pytest.mark.parametrize("name", FORMS_HERE)
def test_sent_twice_form_sent_again_much_later_gets_the_first_answer(
    cast: Cast, name: str, on_a_wednesday: time_machine.Traveller
) -> None:
    """After the procedure has gone from the desk, the division is closed, the dossier ended."""
    form = FORMS_HERE[name](cast)
    first = answer(sent(form))
    on_a_wednesday.shift(3600)
    cast.land.versions.update(in_force_to=date(2016, 3, 8))
    cast.land_division.is_active = False
    cast.land_division.save()
    done = written()
    assert answer(sent(form)) == first
    assert written() == done


@pytest.mark.parametrize("name", FORMS_HERE)
def test_sent_twice_somebody_elses_token_is_one_that_nobody_knows(cast: Cast, name: str) -> None:
    form = FORMS_HERE[name](cast)
    other = make_staff("nguoi-khac", cast.district, "clerk", "specialist", "leader")
    assert sent(form).status_code == 302
    told = []
    for token in (form[2]["token"], str(uuid4())):
        with transaction.atomic():
            said = sent((other, form[1], form[2] | {"token": token}))
            told.append((answer(said), written()))
            transaction.set_rollback(True)
    assert told[0] == told[1]


def test_receipt_of_another_person_with_the_same_token_is_a_receipt_of_its_own(
    cast: Cast,
) -> None:
    form = intake("register")(cast)
    other = make_staff("quay-hai", cast.district, "clerk")
    first, second = sent(form), sent(form, other)
    assert second.status_code == 302
    assert answer(first) != answer(second)
    assert Dossier.objects.count() == 2


def test_accepted_submission_is_answered_under_the_code_it_had(cast: Cast) -> None:
    form = accept(cast)
    first = sent(form)
    dossier = Dossier.objects.get()
    assert dossier.submission_code in form[1]
    assert first["Location"] == f"/ho-so/{dossier.code}/da-tiep-nhan/"
    other = logged_in(cast.other_clerk).post(form[1], form[2])
    assert other.status_code == 404


def test_sent_twice_forwarded_dossier_says_again_that_it_was_forwarded(cast: Cast) -> None:
    staff, address, data = forward(cast)
    client = logged_in(staff)
    client.post(address, data)
    page = client.post(address, data, follow=True).content.decode()
    assert "Đã chuyển hồ sơ" in page
    assert "Chưa lưu được" not in page


def test_token_does_not_answer_for_another_dossier_or_another_act(cast: Cast) -> None:
    form = forward(cast)
    sent(form)
    elsewhere = received(cast)
    refused = logged_in(cast.clerk).post(path(elsewhere, "forward"), form[2])
    assert refused.status_code == 409
    refused = logged_in(cast.clerk).post(form[1].replace("forward", "withdraw"), form[2])
    assert refused.status_code == 422
    moved = rescheduling(cast)
    sent(moved)
    for word in ("reschedule", "khong-co"):
        assert logged_in(cast.leader).post(path(elsewhere, word), moved[2]).status_code == 404


def test_sent_twice_next_citizen_typed_over_the_last_is_no_second_sending(cast: Cast) -> None:
    """Also where the form of the next one is not right yet."""
    form = intake("register")(cast)
    sent(form)
    refused = sent((form[0], form[1], form[2] | {"applicant_name": "Trần Văn Bé", "sets": "x"}))
    assert refused.status_code == 422
    assert "Trần Văn Bé" in refused.content.decode()


# What a citizen sends


def at_once(form: Form, times: int = 4) -> list[tuple[int, str]]:
    begin, answers = threading.Barrier(times), []

    def run(client: Client) -> None:
        try:
            begin.wait()
            answers.append(answer(client.post(form[1], form[2])))
        finally:
            connection.close()

    clients = [logged_in(form[0]) for _ in range(times)]
    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["forward", "accept", "register", "bundle: take over"])
def test_sent_twice_forms_sent_at_the_same_moment_all_get_the_first_answer(name: str) -> None:
    form = FORMS_HERE[name](make_cast())
    before = written()
    answers = at_once(form)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert answers[0][0] == 302
    dossiers, acts, _ = written()
    new = (dossiers - before[0], acts - before[1])
    assert new == {"register": (1, 1), "bundle: take over": (0, 2)}.get(name, (0, 1))


@pytest.mark.parametrize(
    ("form", "other"),
    [
        (resolve, {"outcome": "refused", "result_note": "Không đủ điều kiện"}),
        (forward, {"note": "Xin xem gấp"}),
    ],
)
def test_sent_twice_form_sent_again_with_something_else_is_not_told_to_be_done(
    cast: Cast, form: Callable[[Cast], Form], other: dict[str, str]
) -> None:
    """The line broke, the person went on typing and pressed again: what was typed since is not
    saved, so the page says what happened and keeps it."""
    by, address, data = form(cast)
    browser = logged_in(by)
    browser.post(address, data, follow=True)
    acts = written()

    again = browser.post(address, data | other)
    assert again.status_code in (409, 422)  # 422: forwarded, it can go there no more
    assert "Việc của ông/bà chưa được ghi" in again.content.decode()
    assert next(iter(other.values())) in again.content.decode(), "what was typed stays"
    assert not any("Đã" in str(told) for told in again.context["messages"])
    assert written() == acts
    assert browser.post(address, data).status_code == 302, "the first is still answered as before"
