"""Who needs an apology each morning, and how an apologised dossier reads afterwards."""

from datetime import date

import pytest
import time_machine

from dossiers.desk import queues
from dossiers.lifecycle import perform
from dossiers.models import Dossier, LateCause
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db

# A Friday under the rules of 2018; land dossiers take ten working days.
FRIDAY = date(2019, 10, 18)


def needing(cast: Cast, today: date = FRIDAY) -> list[Dossier]:
    queue = next(queue for queue in queues.QUEUES if queue.key == "can-xin-loi")
    return list(queues.dossiers_in(queue, cast.clerk, today))


def apologise(cast: Cast, dossier: Dossier, at: str, new: str = "2019-10-31T17:00") -> None:
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn(at),
        cause=LateCause.objects.get_or_create(code="B4", defaults={"name": "Xác minh"})[0],
        reason="Đo lại",
        new_due_at=vn(new),
        signer="Phạm Hoàng Khởi",
    )


def test_since_2018_it_is_overdue_due_today_or_due_on_the_next_working_day(cast: Cast) -> None:
    overdue = cast.received("2019-10-03T09:00")  # due Thursday 17
    today = cast.received("2019-10-04T09:00")
    on_monday = cast.received("2019-10-07T09:00")
    cast.received("2019-10-08T09:00")  # due Tuesday 22
    assert needing(cast) == [overdue, today, on_monday]


def test_under_the_rules_of_2015_nothing_is_asked_a_day_ahead(cast: Cast) -> None:
    today = cast.received("2016-09-19T09:00")  # due Monday 03/10/2016
    cast.received("2016-09-20T09:00")
    assert needing(cast, date(2016, 10, 3)) == [today]


def test_apologies_apologised_or_waiting_dossier_needs_none_and_an_undone_apology_counts_not(
    cast: Cast,
) -> None:
    told = cast.received("2019-10-03T09:00")
    apologise(cast, told, "2019-10-16T09:00")
    waits = cast.received("2019-10-03T09:30")
    perform.ask_supplement(
        waits, by=cast.clerk, at=vn("2019-10-04T09:00"), items="Đơn", reason="Thiếu"
    )
    assert needing(cast) == []
    perform.revert(told, by=cast.leader, at=vn("2019-10-16T10:00"), reason="Nhầm hồ sơ")
    assert needing(cast) == [told]


def test_apologies_what_is_solved_within_the_day_is_asked_for_only_once_it_is_late(
    cast: Cast,
) -> None:
    copy = cast.received(
        "2019-10-18T08:00", office=cast.tan_loc, procedure=cast.copy, by=cast.commune_clerk
    )
    queue = next(queue for queue in queues.QUEUES if queue.key == "can-xin-loi")
    found = [
        list(queues.dossiers_in(queue, cast.commune_clerk, day))
        for day in (FRIDAY, date(2019, 10, 21))
    ]
    assert found == [[], [copy]]


def test_queue_leads_to_the_apology_for_clerk_and_leader(cast: Cast) -> None:
    dossier = cast.received("2019-10-03T09:00")
    with time_machine.travel(vn("2019-10-18T08:00"), tick=False):
        for who in (cast.clerk, cast.leader):
            page = logged_in(who).get("/ban-lam-viec/?hang-doi=can-xin-loi").content.decode()
            assert f"{path(dossier, 'apologise')}?next=" in page
        specialist = logged_in(cast.specialist).get("/ban-lam-viec/").content.decode()
        assert "Cần xin lỗi" not in specialist


def test_page_of_the_act_says_when_it_is_late(cast: Cast) -> None:
    dossier = cast.received("2019-10-04T09:00")  # due Friday 18
    with time_machine.travel(vn("2019-10-17T08:00"), tick=False):
        early = text(logged_in(cast.clerk).get(path(dossier, "apologise")))
        assert "Xin lỗi muộn" not in early
    with time_machine.travel(vn("2019-10-18T08:00"), tick=False):
        page = text(logged_in(cast.clerk).get(path(dossier, "apologise")))
    assert (
        "Xin lỗi muộn: NĐ 61/2018/NĐ-CP Điều 19 khoản 9 yêu cầu xin lỗi chậm nhất 1 ngày trước "
        "khi hết hạn." in page
    )


def test_page_of_a_second_apology_refuses_before_anything_is_typed(cast: Cast) -> None:
    dossier = cast.received("2019-10-03T09:00")
    apologise(cast, dossier, "2019-10-16T09:00")
    with time_machine.travel(vn("2019-10-18T08:00"), tick=False):
        answer = logged_in(cast.clerk).get(path(dossier, "apologise"))
    assert answer.status_code == 409
    assert (
        "Hồ sơ này đã xin lỗi 1 lần. NĐ 61/2018/NĐ-CP Điều 19 khoản 9 chỉ cho phép hẹn lại 1 lần."
        in text(answer)
    )


def test_page_of_a_second_supplement_refuses_with_its_article(cast: Cast) -> None:
    dossier = cast.received("2019-10-03T09:00")
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2019-10-04T09:00"), items="Đơn", reason="Thiếu"
    )
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2019-10-07T09:00"))
    with time_machine.travel(vn("2019-10-08T08:00"), tick=False):
        answer = logged_in(cast.clerk).get(path(dossier, "ask_supplement"))
    assert answer.status_code == 409
    assert (
        "Hồ sơ này đã được yêu cầu bổ sung 1 lần. NĐ 61/2018/NĐ-CP Điều 11 khoản 2 điểm c chỉ "
        "cho phép 1 lần." in text(answer)
    )


def test_supplement_after_three_working_days_is_announced_as_late(cast: Cast) -> None:
    dossier = cast.received("2019-10-03T09:00")
    client = logged_in(cast.clerk)
    with time_machine.travel(vn("2019-10-09T08:00"), tick=False):
        page = text(client.get(path(dossier, "ask_supplement")))
        assert "Đã quá 3 ngày làm việc từ khi tiếp nhận." in page
        send(client, dossier, "ask_supplement", items="Đơn", reason="Thiếu")
    assert dossier.supplements.get().asked_late


def test_overdue_or_late_ended_dossier_says_that_the_citizen_was_told(cast: Cast) -> None:
    dossier = cast.received("2019-10-03T09:00")
    apologise(cast, dossier, "2019-10-16T09:00")
    client = logged_in(cast.clerk)
    with time_machine.travel(vn("2019-10-21T08:00"), tick=False):
        for address in ("/ban-lam-viec/?hang-doi=qua-han", "/ho-so/", path(dossier)):
            assert "quá hạn 2 ngày làm việc, đã xin lỗi" in text(client.get(address)), address
        perform.resolve(dossier, by=cast.clerk, outcome="approved")
        for address in ("/ban-lam-viec/?hang-doi=tra-ket-qua", "/ho-so/", path(dossier)):
            assert "quá hạn, đã xin lỗi" in text(client.get(address)), address
    assert dossier.timeliness == "late"


def test_results_that_nobody_collects_for_thirty_days_have_their_queue(cast: Cast) -> None:
    old, young = cast.received("2019-08-01T09:00"), cast.received("2019-08-01T10:00")
    perform.resolve(old, by=cast.clerk, at=vn("2019-09-18T09:00"), outcome="approved")
    perform.resolve(young, by=cast.clerk, at=vn("2019-09-19T09:00"), outcome="approved")
    with time_machine.travel(vn("2019-10-18T08:00"), tick=False):
        answer = logged_in(cast.clerk).get("/ban-lam-viec/?hang-doi=chua-nhan")
    assert list(answer.context["page"].object_list) == [old]
    assert "đã chờ 30 ngày" in text(answer)
