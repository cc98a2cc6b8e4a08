"""The page of one dossier: what it says, what it offers, what it records."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def land(cast: Cast) -> Dossier:
    """Received on Tuesday 01/03/2016, due on Tuesday 15/03/2016."""
    return cast.received("2016-03-01T09:00", applicant_id="381234567")


def test_dossier_page_page_says_what_it_is_where_it_is_and_when_it_is_due(
    cast: Cast, land: Dossier
) -> None:
    perform.forward(land, by=cast.clerk, at=vn("2016-03-01T10:00"), division=cast.land_division)
    perform.take_over(land, by=cast.specialist, at=vn("2016-03-01T14:30"))
    page = text(logged_in(cast.clerk).get(path(land)))
    assert "đang giải quyết còn 4 ngày làm việc" in page
    assert "Hẹn trả 17:00 thứ Ba 15/03/2016 Vì sao?" in page
    assert f"Đang ở {cast.land_division.name} từ 10:00 thứ Ba 01/03/2016." in page
    assert "Lê Văn Đời đã nhận lúc 14:30 thứ Ba 01/03/2016." in page
    assert "thứ Ba 01/03/2016 không tính: ngày tiếp nhận, không tính" in page
    assert "thứ Ba 15/03/2016 tính: ngày làm việc thứ 10" in page
    assert "381234567" in page


def test_timeline_tells_old_and_new_the_latest_first(cast: Cast, land: Dossier) -> None:
    perform.correct(
        land,
        by=cast.clerk,
        at=vn("2016-03-02T09:00"),
        reason="Ghi nhầm",
        applicant_name="Nguyễn Văn Ẩn",
        procedure=cast.building,
        fee_vnd=150000,
        fee_paid=True,
        channel="post",
    )
    page = text(logged_in(cast.clerk).get(path(land)))
    assert page.index("Sửa thông tin Ghi nhầm") < page.index("Tiếp nhận mã hồ sơ")
    assert "cá nhân, tổ chức: Nguyễn Văn Ân → Nguyễn Văn Ẩn" in page
    assert f"thủ tục: {cast.land.name} → {cast.building.name}" in page
    assert "phí, lệ phí (đồng): 150.000 đ" in page
    assert "đã thu: không → có" in page
    assert "hình thức nộp: trực tiếp → dịch vụ bưu chính" in page
    assert "hẹn trả: 17:00 15/03/2016 → 17:00 16/03/2016" in page
    assert "Trần Thị Mận, Huyện Thới Bình; nhập lúc 10:00 thứ Tư 09/03/2016" in page
    assert "lĩnh vực" not in page.lower().split("quá trình")[1]


def test_dossier_page_undone_act_stays_and_says_so(cast: Cast, land: Dossier) -> None:
    perform.resolve(land, by=cast.clerk, at=vn("2016-03-08T09:00"), outcome="approved")
    perform.revert(land, by=cast.leader, reason="Nhầm hồ sơ")
    page = text(logged_in(cast.clerk).get(path(land)))
    assert "Hoàn tác: ghi nhận kết quả lúc 09:00 08/03/2016 Nhầm hồ sơ" in page
    assert "Ghi nhận kết quả (đã hoàn tác)" in page


def test_likely_act_is_the_first_of_those_that_can_be_done(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)

    def first() -> list[str]:
        page = client.get(path(land)).content.decode()
        listed = re.findall(r'class="act" href="[^"]*/viec/(\w+)/"', page)
        likely = re.findall(r'/viec/(\w+)/" data-act data-likely', page)
        assert likely == listed[:1]
        return likely

    assert first() == ["forward"]
    perform.forward(land, by=cast.clerk, division=cast.land_division)
    assert first() == ["resolve"]
    perform.resolve(land, by=cast.specialist, outcome="approved")
    assert first() == ["hand_over"]
    perform.hand_over(land, by=cast.clerk, collector_name="Nguyễn Văn Ân")
    assert first() == []


def test_dossier_page_what_is_solved_at_once_is_not_forwarded_first(cast: Cast) -> None:
    copy = cast.received(office=cast.tan_loc, procedure=cast.copy, by=cast.commune_clerk)
    page = logged_in(cast.commune_clerk).get(path(copy)).content.decode()
    assert f'class="act" href="{path(copy, "resolve")}" data-act data-likely' in page


def test_dossier_page_prints_are_one_line_of_the_timeline(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    perform.record_print(land, by=cast.clerk, paper="slip")
    assert "10:00 thứ Tư 09/03/2016 In phiếu hẹn Trần Thị Mận" in text(client.get(path(land)))
    for paper in ("slip", "control", "slip"):
        perform.record_print(land, by=cast.clerk, paper=paper)
    page = text(client.get(path(land)))
    assert "In phiếu hẹn 3 lần, phiếu kiểm soát 1 lần, lần cuối 10:00 thứ Tư 09/03/2016" in page
    assert "In phiếu hẹn, bản in thứ 3, 10:00 thứ Tư 09/03/2016, Trần Thị Mận" in page
    assert page.count("lần cuối") == 1


def test_dossier_page_taking_over_is_one_press(cast: Cast, land: Dossier) -> None:
    perform.forward(land, by=cast.clerk, division=cast.land_division)
    client = logged_in(cast.specialist)
    page = client.get(path(land)).content.decode()
    form = page.split('<form class="act-now"')[1].split("</form>")[0]
    sent = dict(re.findall(r'name="(token|seen)" value="([^"]*)"', form))
    assert f'action="{path(land, "take_over")}"' in form
    for _ in range(2):
        answer = client.post(path(land, "take_over"), sent)
        assert (answer.status_code, answer["Location"]) == (302, path(land))
    assert land.events.filter(kind="take_over").count() == 1
    assert 'class="act-now"' not in client.get(path(land)).content.decode()


def test_dossier_page_note_of_an_officer_stays_and_no_citizen_sees_it(
    cast: Cast, land: Dossier
) -> None:
    client, revision = logged_in(cast.clerk), land.revision
    empty = send(client, land, "note", text=" ")
    assert (empty.status_code, "Hãy ghi nội dung ghi chú." in text(empty)) == (422, True)
    sent = send(client, land, "note", text="Đã gọi <b>hai</b> lần, không bắt máy")
    assert (sent.status_code, sent["Location"]) == (302, path(land))
    answer = logged_in(cast.leader).get(path(land))
    assert "10:00 thứ Tư 09/03/2016 Ghi chú nội bộ Đã gọi &lt;b&gt;hai" in text(answer)
    assert "Trần Thị Mận" in text(answer)
    land.refresh_from_db()
    assert land.revision == revision, "a note makes no page of another officer stale"
    assert perform.revertible(land) is None
    note = land.events.get(kind="note")
    with pytest.raises(TypeError):
        note.save()
    looked = client.get(f"/tra-cuu/?ma={land.code}").content.decode()
    assert "không bắt máy" not in looked
    assert "hi chú nội bộ" not in looked
    assert "không bắt máy" not in text(logged_in(cast.leader).get(f"{path(land)}ai-da-xem/"))


def test_dossier_page_look_is_recorded(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.leader)
    client.get(path(land))
    client.get(path(land))
    assert [event.actor for event in land.events.filter(kind="read")] == [cast.leader]
    assert f"{path(land)}ai-da-xem/" in client.get(path(land)).content.decode()
    assert "ai-da-xem" not in logged_in(cast.clerk).get(path(land)).content.decode()


def test_dossier_page_many_events_take_no_more_queries(cast: Cast, land: Dossier) -> None:
    client = logged_in(cast.clerk)
    perform.forward(land, by=cast.clerk, division=cast.land_division)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path(land))
        return len(captured)

    client.get(path(land))
    few = queries()
    for _ in range(3):
        perform.forward(land, by=cast.specialist)
        perform.forward(land, by=cast.clerk, division=cast.land_division)
    assert queries() == few
