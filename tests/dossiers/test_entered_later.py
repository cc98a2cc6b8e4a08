"""Acts entered later than they happened, where that changes how the dossier stands: what asks for
a reason, in both writers, and where it is marked."""

import csv
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from dossiers.desk.later_entries import later_entries_of, with_later_entries
from dossiers.desk.timeline import timeline
from dossiers.lifecycle import perform, verbs
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from dossiers.rules import entered_later
from dossiers.rules.entered_later import DETAIL, Difference, Times
from dossiers.rules.states import MoveRefused
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text
from tests.dossiers.printed import printed

DUE = date(2016, 3, 15)
BEFORE, ON, AFTER, LATER = (date(2016, 3, day) for day in (14, 15, 16, 30))
REASON = "Mất mạng ba ngày, nhập theo sổ giấy"
# A land dossier received on Tuesday 01/03/2016 is due on 15/03/2016; it is typed on the 30th.
TYPED = "2016-03-30T09:00"


@pytest.mark.parametrize(
    ("stated", "typed", "stopped", "found"),
    [
        (BEFORE, LATER, None, ("early", "late")),
        (ON, LATER, None, ("on_time", "late")),
        (BEFORE, ON, None, ("early", "on_time")),
        (AFTER, LATER, None, None),
        (date(2016, 3, 10), BEFORE, None, None),
        (LATER, LATER, None, None),
        # The clock stood still since before the due date: both days count as that one.
        (AFTER, LATER, BEFORE, None),
    ],
)
def test_entered_later_end_differs_by_its_class(
    stated: date, typed: date, stopped: date | None, found: tuple[str, str] | None
) -> None:
    difference = entered_later.of_end(stated, typed, DUE, stopped_on=stopped)
    assert difference == (Difference(*found) if found else None)
    assert entered_later.of_end(stated, typed, None) is None


@pytest.mark.parametrize(
    ("stated", "typed", "differs"),
    [
        (BEFORE, LATER, True),
        (ON, AFTER, True),
        (ON, ON, False),
        (AFTER, LATER, False),
        (date(2016, 3, 10), ON, False),
    ],
)
def test_pause_differs_when_the_date_has_passed_meanwhile(
    stated: date, typed: date, differs: bool
) -> None:
    expected = Difference("in_time", "overdue") if differs else None
    assert entered_later.of_pause(stated, typed, DUE) == expected
    assert entered_later.of_pause(stated, typed, None) is None


def test_entered_later_resumption_differs_when_the_date_that_it_gives_has_passed() -> None:
    assert entered_later.of_resumption(LATER, DUE, date(2016, 4, 12)) == Difference(
        "overdue", "in_time"
    )
    assert entered_later.of_resumption(LATER, DUE, DUE) is None


@pytest.mark.parametrize(
    ("timed", "paused", "found"),
    [
        (None, None, ("in_time", "overdue")),
        (AFTER, None, ("early", "late")),
        (BEFORE, None, None),
        # Late on the day the clock stopped: it would be so again once the pause ends.
        (None, AFTER, ("in_time", "overdue")),
        (None, ON, None),
        (None, BEFORE, None),
    ],
)
def test_correction_differs_by_the_date_that_it_gives(
    timed: date | None, paused: date | None, found: tuple[str, str] | None
) -> None:
    """Of one that ended by its class, of an open one by whether it is overdue, of a waiting one by
    whether it was when its clock stopped."""
    before, after = (Times(due, timed, paused) for due in (DUE, date(2016, 4, 1)))
    assert entered_later.of_correction(LATER, before, after) == (
        Difference(*found) if found else None
    )
    assert entered_later.of_correction(LATER, before, before) is None


def overdue(cast: Cast) -> Dossier:
    return cast.received("2016-03-01T09:00")


ACTS = [
    (perform.ask_supplement, {"items": "Giấy", "reason": "Thiếu"}, "in_time", "overdue"),
    (perform.ask_payment, {}, "in_time", "overdue"),
    (perform.resolve, {"outcome": "approved"}, "early", "late"),
    (perform.withdraw, {"reason": "Không cần"}, "early", "late"),
    (perform.stop, {"reason": "Tranh chấp"}, "early", "late"),
]


@pytest.mark.parametrize(("act", "words", "stated", "typed"), ACTS)
@time_machine.travel(vn(TYPED), tick=False)
def test_entered_later_act_dated_back_over_the_date_needs_a_reason(
    cast: Cast, act: object, words: dict[str, str], stated: str, typed: str
) -> None:
    dossier = overdue(cast)
    how = {"by": cast.clerk, "at": vn("2016-03-14T15:00"), **words}
    for empty in ("", "  "):
        with pytest.raises(MoveRefused) as refused:
            act(dossier, late_reason=empty, **how)
        assert refused.value.field == "late_reason"
        assert "ngày 14/03/2016, nay 30/03/2016 mới nhập" in str(refused.value)
    dossier.refresh_from_db()
    assert dossier.events.count() == 1
    event = act(dossier, late_reason=REASON, **how)
    assert event.details[DETAIL] == {"stated": stated, "typed": typed, "reason": REASON}
    assert [entry.event for entry in later_entries_of(dossier)] == [event]
    assert with_later_entries(Dossier.objects.all()).get() == dossier


@pytest.mark.parametrize("at", ["2016-03-16T09:00", "2016-03-29T09:00", TYPED])
@time_machine.travel(vn(TYPED), tick=False)
def test_entered_later_act_that_changes_nothing_needs_none(cast: Cast, at: str) -> None:
    dossier = overdue(cast)
    perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved", late_reason="")
    assert later_entries_of(dossier) == []


@time_machine.travel(vn(TYPED), tick=False)
def test_late_reason_typed_though_not_needed_stays_in_the_timeline(cast: Cast) -> None:
    dossier = overdue(cast)
    client = logged_in(cast.clerk)
    typed = {"outcome": "approved", "at": "2016-03-29T09:00", "late_reason": f" {REASON} "}
    send(client, dossier, "resolve", **typed)
    assert later_entries_of(dossier) == []
    assert timeline(dossier)[0].late_reason == REASON
    assert f"Lý do nhập muộn:</span> {REASON}" in client.get(path(dossier)).content.decode()


@time_machine.travel(vn(TYPED), tick=False)
def test_papers_dated_back_so_that_the_date_passes_need_a_reason(cast: Cast) -> None:
    """The rule of 2015: arrived on the day after the request, the dossier is overdue by now."""
    dossier = overdue(cast)
    ask = {"by": cast.clerk, "items": "Giấy", "reason": "Thiếu", "late_reason": REASON}
    perform.ask_supplement(dossier, at=vn("2016-03-14T09:00"), **ask)
    with pytest.raises(MoveRefused) as refused:
        perform.receive_supplement(
            dossier, by=cast.clerk, at=vn("2016-03-15T09:00"), late_reason=""
        )
    assert refused.value.field == "late_reason"
    perform.receive_supplement(dossier, by=cast.clerk, late_reason="")
    assert len(later_entries_of(dossier)) == 1


@time_machine.travel(vn(TYPED), tick=False)
def test_receipt_corrected_so_is_marked_with_its_reason(cast: Cast) -> None:
    dossier = overdue(cast)
    perform.correct(
        dossier,
        by=cast.clerk,
        received_at=vn("2016-03-22T09:00"),
        reason="Gõ nhầm ngày",
        late_reason="",
    )
    (entry,) = later_entries_of(dossier)
    assert entry.difference == Difference("in_time", "overdue")
    assert "tiếp nhận sửa thành ngày 22/03/2016, nhập ngày 30/03/2016" in entry.sentence
    assert entry.reason == "Gõ nhầm ngày"


@pytest.mark.parametrize("ends", [False, True])
@time_machine.travel(vn(TYPED), tick=False)
def test_receipt_corrected_while_the_clock_stands_is_marked(cast: Cast, ends: bool) -> None:
    """Asked for papers on 18/03, three days after the date: the lateness of then does not vanish
    silently, neither when they come nor when the dossier is withdrawn meanwhile."""
    dossier = overdue(cast)
    how = {"by": cast.clerk, "late_reason": ""}
    asked = vn("2016-03-18T09:00")
    perform.ask_supplement(dossier, at=asked, items="Giấy", reason="Thiếu", **how)
    received = vn("2016-03-08T09:00")
    perform.correct(dossier, received_at=received, reason="Gõ nhầm ngày", **how)
    (entry,) = later_entries_of(dossier)
    assert (entry.difference, entry.reason) == (Difference("in_time", "overdue"), "Gõ nhầm ngày")
    if ends:
        perform.withdraw(dossier, reason="Không cần", **how)
        assert dossier.timeliness == "early"
    else:
        perform.receive_supplement(dossier, **how)
    assert with_later_entries(Dossier.objects.all()).get() == dossier


@time_machine.travel(vn(TYPED), tick=False)
def test_entered_later_undone_act_is_not_marked_any_more(cast: Cast) -> None:
    dossier = overdue(cast)
    how = {"by": cast.clerk, "late_reason": REASON}
    perform.resolve(dossier, at=vn("2016-03-14T15:00"), outcome="approved", **how)
    perform.revert(dossier, by=cast.clerk, reason="Nhầm hồ sơ")
    assert later_entries_of(dossier) == []
    assert not with_later_entries(Dossier.objects.all()).exists()


@time_machine.travel(vn(TYPED), tick=False)
def test_revert_that_takes_lateness_away_is_marked(cast: Cast) -> None:
    """Papers came on 11/03 and moved the date to 16/03; undone on 30/03 and entered as of today
    the dossier is in time again."""
    dossier = overdue(cast)
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-03-10T09:00"), items="Giấy", reason="Thiếu"
    )
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-03-11T09:00"))
    assert later_entries_of(dossier) == []
    client = logged_in(cast.leader)
    send(client, dossier, "revert", reason="Giấy tờ chưa đủ")
    perform.receive_supplement(dossier, by=cast.clerk, late_reason="")
    dossier.refresh_from_db()
    assert dossier.due_on > date(2016, 3, 30)
    (entry,) = later_entries_of(dossier)
    assert (entry.difference, entry.reason) == (
        Difference("in_time", "overdue"),
        "Giấy tờ chưa đủ",
    )
    assert "trước đó là đang quá hạn, nay là trong hạn" in entry.sentence
    assert with_later_entries(Dossier.objects.all()).get() == dossier
    assert any("Giấy tờ chưa đủ" in line.later for line in timeline(dossier))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (Times(DUE), Times(DUE, paused_on=BEFORE), ("in_time", "overdue")),
        (Times(DUE), Times(date(2016, 4, 1)), ("in_time", "overdue")),
        (Times(DUE, timed_on=AFTER), Times(DUE, paused_on=AFTER), ("in_time", "late")),
        # The undone act had brought the difference; its own mark goes with it.
        (Times(DUE, timed_on=BEFORE), Times(DUE), None),
        (Times(DUE, paused_on=BEFORE), Times(DUE), None),
        # Late before it and after it.
        (Times(DUE, timed_on=AFTER), Times(DUE), None),
        (Times(date(2016, 4, 1)), Times(date(2016, 4, 4)), None),
    ],
)
def test_entered_later_undoing_differs_where_it_takes_lateness_away(
    before: Times, after: Times, found: tuple[str, str] | None
) -> None:
    difference = entered_later.of_undoing(LATER, before, after)
    assert difference == (Difference(*found) if found else None)


@time_machine.travel(vn(TYPED), tick=False)
def test_entered_later_both_writers_ask_and_an_old_register_is_not_asked(cast: Cast) -> None:
    def unsaved(*, records_past: bool) -> UnsavedDossier:
        intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Ân")
        at = vn("2016-03-01T09:00")
        return UnsavedDossier(Desks(), intake, by=None, at=at, records_past=records_past)

    how = {"by": None, "at": vn("2016-03-14T15:00"), "outcome": "approved"}
    with pytest.raises(MoveRefused):
        unsaved(records_past=False).do(verbs.resolve, late_reason="", **how)
    marked = unsaved(records_past=False)
    marked.do(verbs.resolve, late_reason=REASON, **how)
    assert marked.events[-1]["details"][DETAIL]["reason"] == REASON
    register = unsaved(records_past=True)
    register.do(verbs.resolve, late_reason="", **how)
    assert DETAIL not in register.events[-1]["details"]


@time_machine.travel(vn(TYPED), tick=False)
def test_entered_later_form_asks_for_the_reason_at_its_field_and_keeps_what_was_typed(
    cast: Cast,
) -> None:
    dossier = overdue(cast)
    client = logged_in(cast.clerk)
    assert "Lý do nhập muộn" in text(client.get(path(dossier, "resolve")))
    typed = {"outcome": "approved", "result_note": "Số 12", "at": "2016-03-14T15:00"}
    refused = send(client, dossier, "resolve", **typed)
    assert refused.status_code == 409
    form = refused.context["form"]
    assert "Hãy ghi lý do nhập muộn." in form.errors["late_reason"][0]
    assert "Số 12" in refused.content.decode()
    dossier.refresh_from_db()
    assert dossier.is_open
    done = send(client, dossier, "resolve", **typed, late_reason=REASON)
    assert done.status_code == 302
    dossier.refresh_from_db()
    assert dossier.timeliness == "early"


@time_machine.travel(vn(TYPED), tick=False)
def test_entered_later_is_marked_on_the_dossier_in_the_explanation_and_in_lists(cast: Cast) -> None:
    dossier = overdue(cast)
    client = logged_in(cast.clerk)
    asked = {"items": "Giấy chứng nhận", "reason": "Thiếu", "at": "2016-03-14T15:00"}
    assert send(client, dossier, "ask_supplement", **asked).status_code == 409
    send(client, dossier, "ask_supplement", **asked, late_reason=REASON)
    page = client.get(path(dossier))
    days = "làm ngày 14/03/2016, nhập ngày 30/03/2016"
    assert days in page.content.decode()
    assert any(days in sentence for sentence in page.context["explanation"].sentences)
    assert any(REASON in entry.later for entry in page.context["timeline"])
    assert "nhập muộn" in text(client.get("/ho-so/"))
    assert "nhập muộn" in text(client.get("/ban-lam-viec/?hang-doi=cho-cong-dan"))
    assert "nhập muộn" in text(client.get("/so-theo-doi/?nam=2016"))
    file = b"".join(client.get("/ho-so/danh-sach.csv").streaming_content).decode()
    head, line = list(csv.reader(file.splitlines()))[:2]
    assert line[head.index("Có việc nhập muộn làm đổi xét hạn")] == "có"


@time_machine.travel(vn(TYPED), tick=False)
def test_papers_bear_both_days(cast: Cast, tmp_path: Path) -> None:
    dossier = overdue(cast)
    perform.ask_supplement(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-14T15:00"),
        items="Giấy chứng nhận",
        reason="Thiếu",
        late_reason=REASON,
    )
    client = logged_in(cast.clerk)
    days = "làm ngày 14/03/2016, nhập ngày 30/03/2016"
    for paper in ("phieu-bo-sung-1.pdf", "phieu-kiem-soat.pdf"):
        words = printed(client, path(dossier) + paper, tmp_path)
        assert days in words
        assert REASON not in words
    assert days not in printed(client, path(dossier) + "phieu-hen.pdf", tmp_path)
    other = overdue(cast)
    perform.stop(
        other, by=cast.clerk, at=vn("2016-03-14T15:00"), reason="Tranh chấp", late_reason=REASON
    )
    assert days in printed(client, path(other) + "thong-bao-dung.pdf", tmp_path)


@time_machine.travel(vn("2016-04-20T09:00"), tick=False)
def test_paper_of_the_new_date_bears_both_days_of_request_and_arrival(
    cast: Cast, tmp_path: Path
) -> None:
    """Request and arrival are both typed on 20/04/2016, when the old and the new date are over."""
    dossier = overdue(cast)
    how = {"by": cast.clerk, "late_reason": REASON}
    asked, came = vn("2016-03-14T15:00"), vn("2016-03-21T09:00")
    perform.ask_supplement(dossier, at=asked, items="Giấy", reason="Thiếu", **how)
    perform.receive_supplement(dossier, at=came, **how)
    words = printed(logged_in(cast.clerk), path(dossier) + "phieu-hen-lai-1.pdf", tmp_path)
    for day in ("14/03/2016", "21/03/2016"):
        assert f"làm ngày {day}, nhập ngày 20/04/2016" in words
    assert REASON not in words


def test_entered_later_anonymous_reader_learns_nothing_of_it(client: Client, cast: Cast) -> None:
    with time_machine.travel(vn(TYPED), tick=False):
        dossier = overdue(cast)
        how = {"by": cast.clerk, "at": vn("2016-03-14T15:00"), "late_reason": REASON}
        perform.resolve(dossier, outcome="approved", **how)
        assert REASON not in text(client.get(f"/tra-cuu/?ma={dossier.code}"))
