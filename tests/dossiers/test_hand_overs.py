"""Hand-overs on the pages: the next step with its share, then who gave and took it when."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from procedures.models import ProcedureStep
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def stepped(cast: Cast) -> Dossier:
    """A land dossier whose first step gives the division two working days."""
    ProcedureStep.objects.create(
        version=cast.land.versions.get(),
        position=1,
        level="district",
        department=cast.land_division.name,
        task="Thẩm tra hồ sơ",
        share_value=2,
        share_unit="working_day",
    )
    return cast.received("2016-03-01T09:00")


def test_hand_overs_forwarding_shows_the_next_step_its_share_and_when_it_would_be_due(
    cast: Cast, stepped: Dossier
) -> None:
    with time_machine.travel(vn("2016-03-01T10:00"), tick=False):
        client = logged_in(cast.clerk)
        page = text(client.get(path(stepped, "forward")))
        assert f"Bước tiếp theo của quy trình: {cast.land_division.name}, Thẩm tra hồ sơ." in page
        assert "Thời gian của bước: 2 ngày làm việc" in page
        assert "chuyển bây giờ thì hạn là 17:00 thứ Năm 03/03/2016." in page
        send(client, stepped, "forward")
    transfer = stepped.transfers.get()
    assert (transfer.step.position, transfer.due_at) == (1, vn("2016-03-03T17:00"))


def test_hand_overs_page_lists_giver_receiver_moments_share_and_class(
    cast: Cast, stepped: Dossier
) -> None:
    step = ProcedureStep.objects.get()
    perform.forward(
        stepped,
        by=cast.clerk,
        at=vn("2016-03-01T10:00"),
        division=cast.land_division,
        step=step,
    )
    with time_machine.travel(vn("2016-03-01T11:00"), tick=False):
        page = text(logged_in(cast.clerk).get(path(stepped)))
    assert "Giao nhận hồ sơ: 1 lần" in page
    assert "Chưa xác nhận nhận." in page
    assert "trong hạn" in page
    perform.take_over(stepped, by=cast.specialist, at=vn("2016-03-02T08:00"))
    perform.forward(stepped, by=cast.specialist, at=vn("2016-03-04T08:00"))
    page = text(logged_in(cast.clerk).get(path(stepped)))
    assert (
        f"{cast.district.desk_name} giao {cast.land_division.name} quá hạn "
        "Giao lúc 10:00 thứ Ba 01/03/2016, Trần Thị Mận." in page
    )
    assert "Nhận lúc 08:00 thứ Tư 02/03/2016, Lê Văn Đời nhận muộn." in page
    assert "Thời gian của bước: 2 ngày làm việc; hạn 17:00 thứ Năm 03/03/2016." in page
    assert "Xong lúc 08:00 thứ Sáu 04/03/2016." in page


def test_hand_over_sent_after_15_00_and_taken_next_morning_is_not_late(
    cast: Cast, stepped: Dossier
) -> None:
    perform.forward(stepped, by=cast.clerk, at=vn("2016-03-01T15:30"), division=cast.land_division)
    perform.take_over(stepped, by=cast.specialist, at=vn("2016-03-02T10:00"))
    assert "nhận muộn" not in text(logged_in(cast.clerk).get(path(stepped)))


def test_hand_overs_undone_hand_over_is_no_longer_listed(cast: Cast, stepped: Dossier) -> None:
    perform.forward(stepped, by=cast.clerk, division=cast.land_division)
    perform.revert(stepped, by=cast.leader, reason="Nhầm phòng")
    assert "Giao nhận hồ sơ" not in text(logged_in(cast.clerk).get(path(stepped)))


def test_hand_overs_many_hand_overs_take_no_more_queries(cast: Cast, stepped: Dossier) -> None:
    client = logged_in(cast.clerk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path(stepped)).status_code == 200
        return len(captured)

    perform.forward(stepped, by=cast.clerk, division=cast.land_division)
    perform.take_over(stepped, by=cast.specialist)
    queries()
    few = queries()
    for _ in range(3):
        perform.forward(stepped, by=cast.clerk, office=cast.district)
        perform.take_over(stepped, by=cast.clerk)
        perform.forward(stepped, by=cast.clerk, division=cast.land_division)
        perform.take_over(stepped, by=cast.specialist)
    assert queries() <= few


def test_hand_overs_what_lies_with_a_division_stands_soonest_first(
    cast: Cast, stepped: Dossier
) -> None:
    later = cast.received("2016-03-02T09:00")
    for dossier in (later, stepped):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    for who, queue in ((cast.specialist, "o-phong"), (cast.leader, "o-don-vi")):
        page = logged_in(who).get(f"/ban-lam-viec/?hang-doi={queue}")
        assert list(page.context["page"].object_list) == [stepped, later]
