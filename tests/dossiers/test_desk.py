"""The desk: each queue holds what its name says, the soonest on top, and counts are links."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk import queues
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, LateCause
from motcua.models import Staff
from procedures.calendar import calendar_for
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db

# A Monday. Land dossiers take ten working days.
TODAY = "2016-10-03T08:00"
DUE_TODAY, DUE_WEDNESDAY, OVERDUE = "2016-09-19T09:00", "2016-09-21T09:00", "2016-09-14T09:00"
DESK = "/ban-lam-viec/"


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(vn(TODAY), tick=False):
        yield


def logged_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def in_queue(staff: Staff, key: str) -> list[Dossier]:
    queue = next(queue for queue in queues.QUEUES if queue.key == key)
    return list(queues.dossiers_in(queue, staff, date(2016, 10, 3)))


def to_division(cast: Cast, dossier: Dossier) -> Dossier:
    at = dossier.received_at
    perform.forward(dossier, by=cast.clerk, at=at, division=cast.land_division)
    return dossier


def resolved(cast: Cast, dossier: Dossier, at: str) -> Dossier:
    perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved")
    return dossier


def test_due_today_overdue_and_soon_are_kept_apart(cast: Cast) -> None:
    today, soon, late = (cast.received(at) for at in (DUE_TODAY, DUE_WEDNESDAY, OVERDUE))
    cast.received("2016-09-30T09:00")
    assert in_queue(cast.clerk, "hom-nay") == [today]
    assert in_queue(cast.clerk, "sap-den-han") == [soon]
    assert in_queue(cast.clerk, "qua-han") == [late]


def test_dossier_that_waits_for_the_citizen_is_in_no_queue_of_dates(cast: Cast) -> None:
    dossier = cast.received(OVERDUE)
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-09-15T09:00"), items="Đơn", reason="Thiếu"
    )
    assert in_queue(cast.clerk, "qua-han") == []
    assert in_queue(cast.clerk, "cho-cong-dan") == [dossier]


def test_desk_unpaid_obligation_that_stops_no_clock_is_late_and_waiting(cast: Cast) -> None:
    dossier = cast.received("2016-09-01T09:00", procedure=cast.building)
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2016-09-05T09:00"))
    assert in_queue(cast.clerk, "qua-han") == [dossier]
    assert in_queue(cast.clerk, "cho-cong-dan") == [dossier]


def test_results_wait_in_the_order_in_which_they_came(cast: Cast) -> None:
    later = resolved(cast, cast.received(OVERDUE), "2016-09-30T09:00")
    sooner = resolved(cast, cast.received(DUE_TODAY), "2016-09-20T09:00")
    done = resolved(cast, cast.received(DUE_TODAY), "2016-09-20T09:00")
    perform.hand_over(done, by=cast.clerk, collector_name="Nguyễn Văn Ân")
    assert in_queue(cast.clerk, "tra-ket-qua") == [sooner, later]


def test_hand_over_waits_with_its_receiver_until_it_is_confirmed(cast: Cast) -> None:
    dossier = to_division(cast, cast.received(DUE_TODAY))
    elsewhere = make_staff("phong-khac", cast.district, "specialist", division=None)
    elsewhere.division = cast.district.divisions.create(name="Phòng Nội vụ")
    assert in_queue(cast.specialist, "moi-chuyen") == [dossier]
    assert in_queue(elsewhere, "moi-chuyen") == []
    assert in_queue(cast.clerk, "moi-chuyen") == []
    perform.take_over(dossier, by=cast.specialist)
    assert in_queue(cast.specialist, "moi-chuyen") == []
    assert in_queue(cast.specialist, "o-phong") == [dossier]


def test_desk_what_a_commune_hands_up_is_new_at_the_district(cast: Cast) -> None:
    dossier = cast.received(
        DUE_TODAY, office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    assert in_queue(cast.clerk, "moi-chuyen") == []
    perform.forward(dossier, by=cast.commune_clerk, office=cast.district)
    assert in_queue(cast.clerk, "moi-chuyen") == [dossier]
    assert in_queue(cast.leader, "o-don-vi") == [dossier]


def test_specialist_answers_for_the_division_and_a_clerk_for_the_desk(cast: Cast) -> None:
    mine = to_division(cast, cast.received(OVERDUE))
    other = cast.received(OVERDUE)
    assert in_queue(cast.specialist, "qua-han") == [mine]
    assert in_queue(cast.clerk, "qua-han") == [mine, other]


def test_new_submissions_wait_for_the_clerk(cast: Cast) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = perform.guide(intake, by=cast.clerk, items="Đơn", reason="Thiếu")
    assert in_queue(cast.clerk, "moi-nop") == [dossier]
    perform.accept(dossier, by=cast.clerk)
    assert in_queue(cast.clerk, "moi-nop") == []


def test_desk_leader_sees_what_is_late_below_apart_from_the_own_desk(cast: Cast) -> None:
    below = cast.received(OVERDUE, office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk)
    own = cast.received(OVERDUE)
    assert in_queue(cast.leader, "qua-han") == [own]
    assert in_queue(cast.leader, "cap-duoi-qua-han") == [below]
    assert in_queue(cast.commune_leader, "qua-han") == [below]


def test_desk_most_urgent_queue_that_is_not_empty_opens_first(cast: Cast) -> None:
    resolved(cast, cast.received(DUE_WEDNESDAY), "2016-09-30T09:00")
    client = logged_in(cast.clerk)
    assert client.get(DESK).context["chosen"].key == "tra-ket-qua"
    cast.received(DUE_TODAY)
    assert client.get(DESK).context["chosen"].key == "hom-nay"
    assert client.get(f"{DESK}?hang-doi=tra-ket-qua").context["chosen"].key == "tra-ket-qua"
    assert client.get(f"{DESK}?hang-doi=khong-co").context["chosen"].key == "hom-nay"


def test_desk_page_says_date_days_left_holder_and_the_next_act(cast: Cast) -> None:
    to_division(cast, cast.received(DUE_WEDNESDAY))
    late = cast.received(OVERDUE, applicant_name="Trần Thị Bưởi")
    client = logged_in(cast.clerk)
    page = client.get(DESK).content.decode()
    assert "Hôm nay thứ Hai 03/10/2016</p>" in page
    assert "quá hạn 3 ngày làm việc" in page
    assert "Trần Thị Bưởi" in page
    assert "thứ Tư 28/09/2016" in page
    assert f"/ho-so/{late.code}/viec/forward/?next=" in page
    soon = client.get(f"{DESK}?hang-doi=sap-den-han").content.decode()
    assert "còn 2 ngày làm việc" in soon
    assert cast.land_division.name in soon
    assert "Ghi nhận kết quả" in soon


def test_desk_day_with_nothing_due_says_so(cast: Cast) -> None:
    page = logged_in(cast.clerk).get(DESK).content.decode()
    assert "không có hồ sơ nào đến hạn hay quá hạn." in page
    assert "Không có hồ sơ nào quá hạn." in page


def test_days_left_follow_the_office_that_received(cast: Cast) -> None:
    cast.received(DUE_WEDNESDAY)
    cast.district.closures.create(date=date(2016, 10, 4), reason="Mất điện")
    assert (
        calendar_for(cast.district).working_days_between(date(2016, 10, 3), date(2016, 10, 5)) == 1
    )
    page = logged_in(cast.clerk).get(f"{DESK}?hang-doi=sap-den-han").content.decode()
    assert "còn 1 ngày làm việc" in page


def test_overdue_dossier_whose_citizen_was_told_says_so(cast: Cast) -> None:
    dossier = cast.received(OVERDUE)
    perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn("2016-09-27T09:00"),
        cause=LateCause.objects.create(code="B4", name="Hồ sơ phức tạp"),
        reason="Đo lại",
        new_due_at=vn("2016-10-14T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    assert "quá hạn 3 ngày làm việc, đã xin lỗi" in logged_in(cast.clerk).get(DESK).content.decode()


def test_desk_overseer_reads_and_has_no_button(cast: Cast) -> None:
    cast.received(OVERDUE)
    page = logged_in(cast.overseer).get(DESK).content.decode()
    assert "quá hạn 3 ngày làm việc" in page
    assert "/viec/" not in page


def test_desk_who_has_no_desk_goes_where_the_work_is(cast: Cast) -> None:
    assert logged_in(cast.administrator).get(DESK)["Location"] == "/quan-tri/"
    nobody = make_staff("moi", cast.district)
    assert logged_in(nobody).get(DESK).status_code == 403
    assert Client().get(DESK)["Location"] == "/dang-nhap/?next=/ban-lam-viec/"


@pytest.mark.parametrize("role", ["clerk", "specialist", "leader"])
def test_desk_one_row_or_many_take_the_same_number_of_queries(cast: Cast, role: str) -> None:
    client = logged_in(getattr(cast, role))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"{DESK}?hang-doi=qua-han").status_code == 200
        return len(captured)

    to_division(cast, cast.received(OVERDUE))
    client.get(DESK)
    one = queries()
    for number in range(4):
        to_division(cast, cast.received(OVERDUE, applicant_name=f"Người thứ {number}"))
    assert queries() == one
