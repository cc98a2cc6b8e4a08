"""A dossier received at one desk and solved by another office: the four facts, who acts where."""

from datetime import date

import pytest
import time_machine

from dossiers.desk import permissions, queues
from dossiers.lifecycle import perform, verbs
from dossiers.lifecycle.bulk import write
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier, Event
from dossiers.rules.states import MoveRefused, Verb
from motcua.models import Office, Staff
from procedures.models import OfficeClosure, PaperHandOver
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db

RECEIVED = "2026-03-02T09:00"  # a Monday
FOR_TAN_LOC = {"channel": "direct"}


@pytest.fixture(autouse=True)
def of_that_day() -> object:
    with time_machine.travel(vn("2026-03-02T10:00"), tick=False):
        yield


def intake_of(cast: Cast, **fields: object) -> Intake:
    """Biển Bạch's desk receives for Tân Lộc."""
    return Intake(
        office=cast.tan_loc,
        receiver=cast.bien_bach,
        procedure=cast.birth,
        applicant_name="Nguyễn Văn Ân",
        **fields,  # type: ignore[arg-type]
    )


@pytest.fixture
def birth(cast: Cast) -> Dossier:
    return perform.register(intake_of(cast), by=cast.other_clerk, at=vn(RECEIVED))


def test_register_for_another_office_code_and_book_are_the_receivers(cast: Cast, birth: Dossier):
    own = perform.register(
        Intake(office=cast.bien_bach, procedure=cast.birth, applicant_name="Lê Thị Hai"),
        by=cast.other_clerk,
        at=vn("2026-03-02T09:30"),
    )

    assert birth.code.startswith("H12.TAM.32.068-260302-0001")
    assert (birth.book_number, own.book_number) == (1, 2)
    assert own.code == "H12.TAM.32.068-260302-0002"
    assert (birth.office, birth.receiver) == (cast.tan_loc, cast.bien_bach)
    assert birth.return_place == cast.bien_bach


def test_register_for_another_office_electronic_file_is_there_at_once(cast: Cast, birth: Dossier):
    assert birth.holder_office == cast.tan_loc
    assert birth in Dossier.objects.visible_to(cast.commune_clerk)
    assert permissions.may(cast.commune_clerk, birth, Verb.FORWARD)


def test_register_for_another_office_papers_have_a_limit_of_their_own(cast: Cast, birth: Dossier):
    assert birth.paper_due_at == vn("2026-03-03T17:00")
    assert birth.awaits_paper
    PaperHandOver.objects.create(working_days=3, since=date(2026, 1, 1), source="QĐ thử nghiệm")

    other = perform.register(intake_of(cast), by=cast.other_clerk, at=vn("2026-03-02T09:10"))

    assert other.paper_due_at == vn("2026-03-05T17:00")


def test_register_own_dossier_has_no_paper_to_await(cast: Cast):
    own = cast.received(RECEIVED, office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk)

    assert (own.paper_due_at, own.receiver, own.holder_office) == (
        None,
        cast.tan_loc,
        cast.tan_loc,
    )


def test_due_hours_of_receipt_are_the_receivers_days_are_the_solvers(cast: Cast):
    OfficeClosure.objects.create(office=cast.bien_bach, date=date(2026, 3, 2), reason="mất điện")
    OfficeClosure.objects.create(office=cast.tan_loc, date=date(2026, 3, 5), reason="dời trụ sở")

    birth = perform.register(intake_of(cast), by=cast.other_clerk, at=vn(RECEIVED))

    # Received when the receiver opens again, on Tuesday; five days of Tân Lộc, without its
    # Thursday: 4, 6, 9, 10, 11 March.
    assert birth.effective_at == vn("2026-03-03T07:00")
    assert birth.due_at == vn("2026-03-11T17:00")


def test_visible_to_the_solver_the_receiver_and_who_returns_it(cast: Cast):
    third = Office.objects.get(code="32071")
    of_third = make_staff("mot-cua-thu-ba", third, "clerk")
    nobody = make_staff("mot-cua-thu-tu", Office.objects.get(code="32092"), "clerk")
    birth = perform.register(
        intake_of(cast, return_office=third), by=cast.other_clerk, at=vn(RECEIVED)
    )

    for staff in (cast.commune_clerk, cast.other_clerk, of_third, cast.leader):
        assert birth in Dossier.objects.visible_to(staff), staff
    assert birth not in Dossier.objects.visible_to(nobody)


@pytest.mark.parametrize(
    "verb, receiver, solver",
    [
        (Verb.FORWARD, False, True),
        (Verb.RESOLVE, False, True),
        (Verb.ASK_SUPPLEMENT, True, True),
        (Verb.RECEIVE_SUPPLEMENT, True, True),
        (Verb.CONFIRM_PAYMENT, True, True),
        (Verb.WITHDRAW, True, True),
        (Verb.CORRECT, True, True),
        (Verb.APOLOGISE, False, True),
        (Verb.STOP, False, True),
    ],
)
def test_may_before_the_result(
    cast: Cast, birth: Dossier, verb: Verb, receiver: bool, solver: bool
):
    clerk, other = everything(cast)

    assert permissions.may(other, birth, verb) is receiver
    assert permissions.may(clerk, birth, verb) is solver


def everything(cast: Cast) -> tuple[Staff, Staff]:
    """One of the solver's and one of the receiver's people, with every role of a desk."""
    return (
        make_staff("tan-loc", cast.tan_loc, "clerk", "specialist"),
        make_staff("bien-bach", cast.bien_bach, "clerk", "specialist"),
    )


def test_resolve_result_comes_back_to_the_place_of_return(cast: Cast, birth: Dossier):
    perform.resolve(birth, by=cast.commune_clerk, outcome="approved")

    assert birth.holder_office == cast.bien_bach
    assert permissions.may(cast.other_clerk, birth, Verb.HAND_OVER)
    assert not permissions.may(cast.commune_clerk, birth, Verb.HAND_OVER)
    assert queued(queues.ready, cast.other_clerk) == [birth]
    assert queued(queues.ready, cast.commune_clerk) == []


def test_resolve_result_returned_at_the_solver_stays_there(cast: Cast):
    birth = perform.register(
        intake_of(cast, return_office=cast.tan_loc), by=cast.other_clerk, at=vn(RECEIVED)
    )
    perform.resolve(birth, by=cast.commune_clerk, outcome="approved")

    assert birth.holder_office == cast.tan_loc
    assert permissions.may(cast.commune_clerk, birth, Verb.HAND_OVER)
    assert not permissions.may(cast.other_clerk, birth, Verb.HAND_OVER)


def test_take_paper_by_the_solver_is_an_event_and_late_is_seen(cast: Cast, birth: Dossier):
    assert queued(queues.awaiting_paper, cast.commune_clerk) == [birth]
    assert queued(queues.awaiting_paper, cast.other_clerk) == []
    assert permissions.may_take_paper(cast.commune_clerk, birth)
    assert not permissions.may_take_paper(cast.other_clerk, birth)
    assert not birth.paper_is_late

    with time_machine.travel(vn("2026-03-04T08:00"), tick=False):
        assert birth.paper_is_late
        perform.take_paper(birth, by=cast.commune_clerk)
        assert perform.take_paper(birth, by=cast.commune_clerk) is None

    assert birth.paper_is_late and not birth.awaits_paper
    assert birth.events.filter(kind=Event.Kind.TAKE_PAPER).count() == 1
    assert queued(queues.awaiting_paper, cast.commune_clerk) == []


def test_take_paper_is_undone(cast: Cast, birth: Dossier):
    leader = make_staff("lanh-dao-tl", cast.tan_loc, "leader")
    perform.take_paper(birth, by=cast.commune_clerk)
    perform.revert(birth, by=leader, reason="Nhận nhầm.")

    assert birth.awaits_paper


def test_take_paper_of_an_own_dossier_is_refused(cast: Cast):
    own = cast.received(RECEIVED, office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk)

    with pytest.raises(MoveRefused, match="không do nơi khác nhận thay"):
        perform.take_paper(own, by=cast.commune_clerk)


def test_guide_for_another_office_waits_at_the_receiver(cast: Cast):
    waiting = perform.guide(
        intake_of(cast), by=cast.other_clerk, items="Đơn", reason="Thiếu", at=vn(RECEIVED)
    )

    assert waiting.code.startswith("H12.TAM.32.068")
    assert waiting.holder_office == cast.bien_bach
    assert queued(queues.new_submissions, cast.other_clerk) == [waiting]
    assert queued(queues.new_submissions, cast.commune_clerk) == []
    assert permissions.may(cast.other_clerk, waiting, Verb.ACCEPT)
    assert not permissions.may(cast.commune_clerk, waiting, Verb.ACCEPT)

    perform.accept(waiting, by=cast.other_clerk, at=vn("2026-03-02T10:00"))

    assert waiting.holder_office == cast.tan_loc
    assert waiting.paper_due_at == vn("2026-03-03T17:00")


def test_note_external_keeps_one_code_and_is_found_by_it(cast: Cast, birth: Dossier):
    code = birth.code
    perform.note_external(
        birth,
        by=cast.commune_clerk,
        system="Hệ thống đăng ký hộ tịch",
        code="HT-2026-77",
        status="đang tra cứu",
    )

    assert birth.code == code
    assert list(Dossier.objects.search("ht-2026-77")) == [birth]
    event = birth.events.get(kind=Event.Kind.EXTERNAL)
    assert event.changes["external_code"] == ["", "HT-2026-77"]
    assert (
        perform.note_external(
            birth,
            by=cast.commune_clerk,
            system="Hệ thống đăng ký hộ tịch",
            code="HT-2026-77",
            status="đang tra cứu",
        )
        is None
    )


def test_note_external_code_without_system_is_refused(cast: Cast, birth: Dossier):
    with pytest.raises(MoveRefused, match="tên hệ thống"):
        perform.note_external(birth, by=cast.commune_clerk, system=" ", code="1")


def test_unsaved_dossier_received_for_another_is_written_as_by_perform(cast: Cast):
    one = perform.register(intake_of(cast), by=cast.other_clerk, at=vn(RECEIVED))
    perform.take_paper(one, by=cast.commune_clerk, at=vn("2026-03-02T09:40"))
    perform.resolve(one, by=cast.commune_clerk, at=vn("2026-03-02T09:50"), outcome="approved")
    many = UnsavedDossier(Desks(), intake_of(cast), by=cast.other_clerk, at=vn(RECEIVED))
    many.do(verbs.take_paper, by=cast.commune_clerk, at=vn("2026-03-02T09:40"))
    many.do(verbs.resolve, by=cast.commune_clerk, at=vn("2026-03-02T09:50"), outcome="approved")
    write([many])

    other = Dossier.objects.exclude(pk=one.pk).get()

    assert other.code == "H12.TAM.32.068-260302-0002"
    for name in (
        *("office", "receiver", "holder_office", "paper_due_at", "paper_came_at", "due_at"),
        *("state", "timeliness", "days_spent"),
    ):
        assert getattr(one, name) == getattr(other, name), name
    kinds = [list(d.events.order_by("pk").values_list("kind", "office")) for d in (one, other)]
    assert kinds[0] == kinds[1]


def queued(rule: object, staff: Staff) -> list[Dossier]:
    queue = next(queue for queue in queues.QUEUES if queue.rule is rule)
    return list(queues.dossiers_in(queue, staff, date(2026, 3, 2)))
