"""Who works on across the day of a merger, and who comes with an old slip."""

from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.desk import permissions, queues
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.rules.states import MoveRefused, Verb
from motcua import clock
from motcua.models import Staff
from procedures.models import (
    OfferedProcedure,
    OfferedSector,
    OfficeClosure,
    SolvingDivision,
    WorkSession,
)
from reports.figures.verify import verify
from reports.models import Closing, SignedFile
from reports.sign_off import closing
from reports.terms.periods import parse_period
from tests.cast import Cast, make_procedure, vn
from tests.dossiers.merged import Lives, make_lives, office, run, whole_file
from tests.dossiers.pages import logged_in, text
from tests.dossiers.printed import printed

pytestmark = pytest.mark.django_db


@pytest.fixture
def lives(cast: Cast) -> Lives:
    with time_machine.travel(vn("2025-06-30T10:00"), tick=False):
        return make_lives(cast)


@pytest.fixture(autouse=True)
def on_the_day_after() -> object:
    with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
        yield


def clerk(code: str) -> Staff:
    return Staff.objects.get(username=f"canbo.{code}")


def in_queue(staff: Staff, key: str) -> set[str]:
    queue = next(queue for queue in queues.QUEUES if queue.key == key)
    return {dossier.code for dossier in queues.dossiers_in(queue, staff, clock.today())}


def test_merging_queues_of_the_successor_hold_what_lay_at_its_predecessors(
    lives: Lives, tmp_path: Path
) -> None:
    ready = lives.received("32074", "2025-06-20T09:00")
    perform.resolve(ready, by=clerk("32074"), at=vn("2025-06-24T09:00"), outcome="approved")
    run(tmp_path, whole_file())
    three = ("32068", "32069", "32074")
    for who in map(clerk, three):
        assert in_queue(who, "cho-chuyen") == {lives.at_the_desk[code].code for code in three}
        assert in_queue(who, "o-phong") == {lives.in_division[code].code for code in three}
        assert in_queue(who, "tra-ket-qua") == {ready.code}
    assert in_queue(clerk("32092"), "tra-ket-qua") == set()


def test_merging_bundle_under_way_goes_on_in_the_divisions_of_the_successor(
    lives: Lives, tmp_path: Path
) -> None:
    marriage = make_procedure(
        *("X903", "Đăng ký kết hôn", "Hộ tịch", "commune", 5, "working_day"),
        department="Tư pháp - Hộ tịch",
    )
    ticked = [
        lives.received("32068", f"2025-06-30T0{hour}:00", procedure=marriage) for hour in (7, 8)
    ]
    client = logged_in(clerk("32068"))
    client.get("/ban-lam-viec/?hang-doi=cho-chuyen")
    run(tmp_path, whole_file())
    sent = {"act": "forward", "token": str(uuid4()), "ho-so": [d.code for d in ticked]}
    answer = client.post("/ban-lam-viec/giao-nhan/", sent, follow=True)
    assert "Đã chuyển 2 hồ sơ: 2 hồ sơ đến Tư pháp - Hộ tịch." in text(answer)
    for dossier in ticked:
        dossier.refresh_from_db()
        assert dossier.holder_division.office == office("32069")


def test_merging_hand_over_under_way_is_taken_over_at_the_successor(
    lives: Lives, tmp_path: Path
) -> None:
    run(tmp_path, whole_file())
    held = lives.in_division["32074"]
    held.refresh_from_db()
    assert in_queue(clerk("32069"), "moi-chuyen") >= {held.code}
    assert perform.take_over(held, by=clerk("32069")) is not None
    perform.resolve(held, by=clerk("32069"), outcome="approved")
    assert held.holder_office == office("32069"), "back to a desk that is there"
    assert held.office.code == "32074", "its figures follow by the successor"
    perform.hand_over(held, by=clerk("32068"), collector_name="Nguyễn Văn Ân")
    assert verify().differences == []


def test_merging_who_is_logged_in_works_on_for_the_new_office(lives: Lives, tmp_path: Path) -> None:
    client = logged_in(clerk("32068"))
    assert "Xã Biển Bạch" in text(client.get("/ban-lam-viec/"))
    run(tmp_path, whole_file())
    page = client.get("/ban-lam-viec/")
    assert page.status_code == 200, "nobody is sent to the log-in"
    received = lives.cast.received(
        "2025-07-02T09:00",
        office=clerk("32068").office,
        procedure=lives.cast.birth,
        by=clerk("32068"),
    )
    assert received.code == "H12.TAM.32.069-250702-0001"
    assert client.get(f"/ho-so/{received.code}/").status_code == 200


def test_merging_old_code_is_looked_up_for_ever(lives: Lives, tmp_path: Path) -> None:
    old = lives.in_division["32068"].code
    run(tmp_path, whole_file())
    for known in (old, lives.ended["32083"].code):
        found = Client().get("/tra-cuu/", {"ma": known})
        assert found.status_code == 200
        assert known in text(found)


def test_merging_ended_dossiers_are_read_and_corrected_by_the_successor(
    lives: Lives, tmp_path: Path
) -> None:
    run(tmp_path, whole_file())
    done, who = lives.ended["32068"], clerk("32069")
    assert permissions.may(who, done, Verb.CORRECT)
    page = logged_in(who).get(f"/ho-so/{done.code}/")
    assert page.status_code == 200
    perform.correct(done, by=who, reason="Sai điện thoại", phone="0912345678")
    assert done.phone == "0912345678"
    assert not permissions.may(clerk("32092"), done, Verb.CORRECT)


def test_merging_people_of_an_office_without_successor_only_read(
    lives: Lives, tmp_path: Path
) -> None:
    mine = lives.cast.received("2025-06-25T09:00")
    run(tmp_path, whole_file())
    who = Staff.objects.get(username="mot-cua")
    assert logged_in(who).get(f"/ho-so/{mine.code}/").status_code == 200
    mine.refresh_from_db()
    assert permissions.acts_now(who, mine) == []


def test_merging_act_before_the_merger_is_not_undone_after_it(lives: Lives, tmp_path: Path) -> None:
    run(tmp_path, whole_file())
    held = lives.in_division["32068"]
    leader = Staff.objects.get(username="lanhdao.32068")
    with pytest.raises(MoveRefused, match="Không còn việc nào hoàn tác được"):
        perform.revert(held, by=leader, reason="Nhầm")
    # But what was done before it may still be entered.
    with time_machine.travel(vn("2025-07-02T11:00"), tick=False):
        event = perform.resolve(
            held, by=clerk("32068"), at=vn("2025-06-30T16:00"), outcome="approved"
        )
    assert event.happened_at == vn("2025-06-30T16:00")


def test_merging_signed_files_stay_to_the_byte(lives: Lives, tmp_path: Path) -> None:
    commune, leader = office("32068", "2025-06-30"), lives.leaders["32068"]
    period = parse_period("2025-Q2")
    with time_machine.travel(vn("2025-07-01T08:00"), tick=False):
        seen = closing.fingerprint(closing.table_now(commune, period))
        closing.sign(commune, period, by=leader, seen=seen, note="")
    before = {file.pk: bytes(file.content) for file in SignedFile.objects.all()}
    assert before
    run(tmp_path, whole_file())
    assert {file.pk: bytes(file.content) for file in SignedFile.objects.all()} == before
    assert all(one.is_intact for one in Closing.objects.all())


def test_merging_hours_closures_and_offer_of_the_seat_go_on(lives: Lives, tmp_path: Path) -> None:
    seat, other = office("32069", "2025-06-30"), office("32068", "2025-06-30")
    hours = {"opens": "07:30", "closes": "11:30"}
    WorkSession.objects.create(office=seat, weekday=0, **hours)
    WorkSession.objects.create(office=seat, weekday=1, valid_to="2025-06-30", **hours)
    WorkSession.objects.create(office=other, weekday=2, **hours)
    OfficeClosure.objects.create(office=seat, date="2025-07-04", reason="Họp")
    civil, copies = lives.cast.birth.sector, lives.cast.copy.sector
    OfferedSector.objects.create(office=seat, sector=copies, is_offered=False)
    OfferedSector.objects.create(office=other, sector=civil, is_offered=True, counter="2")
    for code in ("32068", "32069", "32074"):
        OfferedProcedure.objects.create(
            office=office(code, "2025-06-30"), procedure=lives.cast.copy, is_offered=False
        )
    SolvingDivision.objects.create(office=seat, sector=civil, division=lives.civil["32069"])
    run(tmp_path, whole_file())
    new = office("32069")
    assert [(row.weekday, row.opens.hour) for row in new.sessions.all()] == [(0, 7)]
    assert [row.reason for row in new.closures.all()] == ["Họp"]
    assert [(row.sector, row.counter) for row in new.offered_sectors.all()] == [(civil, "2")], (
        "a sector that one of three received is received"
    )
    assert [row.is_offered for row in new.offered_procedures.all()] == [False]
    assert [row.division.office for row in new.solving_divisions.all()] == [new]


def test_merging_takes_five_statements_for_each_further_dossier(
    lives: Lives, tmp_path: Path
) -> None:
    with CaptureQueriesContext(connection) as few:
        run(tmp_path, whole_file())
    run(tmp_path, "", "--undo")
    for number in range(10):
        held = lives.received("32068", f"2025-06-30T07:{number + 10}")
        perform.forward(
            held,
            by=clerk("32068"),
            at=vn(f"2025-06-30T08:{number + 10}"),
            division=lives.civil["32068"],
        )
    with CaptureQueriesContext(connection) as more:
        run(tmp_path, whole_file())
    assert len(more) - len(few) <= 10 * 5 + 5


def test_merging_submission_under_way_is_received_by_the_successor(
    lives: Lives, tmp_path: Path
) -> None:
    waiting = perform.submit(
        Intake(
            office=office("32068", "2025-06-30"),
            procedure=lives.cast.birth,
            applicant_name="Lê Thị Nở",
            phone="0912345678",
            channel="online",
        ),
        at=vn("2025-06-30T16:00"),
    )
    code = waiting.code
    run(tmp_path, whole_file())
    waiting.refresh_from_db()
    new = office("32069")
    assert (waiting.office, waiting.receiver, waiting.code) == (new, new, code)
    assert in_queue(clerk("32069"), "moi-nop") == {code}
    perform.accept(waiting, by=clerk("32068"))
    assert waiting.code == "H12.TAM.32.069-250702-0001"
    assert Client().get("/tra-cuu/", {"ma": code}).status_code == 200
    assert verify().differences == []


def test_merging_what_the_ended_district_had_of_a_commune_comes_back_to_its_desk(
    lives: Lives, tmp_path: Path
) -> None:
    sent, staying = lives.at_the_desk["32068"], lives.at_the_desk["32092"]
    for dossier, code in ((sent, "32068"), (staying, "32092")):
        perform.forward(
            dossier, by=clerk(code), at=vn("2025-06-27T09:00"), office=lives.cast.district
        )
    run(tmp_path, whole_file())
    for dossier, code in ((sent, "32069"), (staying, "32092")):
        dossier.refresh_from_db()
        assert (dossier.holder_office, dossier.holder_division) == (office(code), None)
        assert dossier.code in in_queue(clerk(code), "moi-chuyen")
    assert sent.events.get(kind="merge").note == (
        "Xã Biển Bạch (mã 32068) thôi hoạt động hết ngày 30/06/2025; Xã Biển Bạch (mã 32069) kế "
        "thừa."
    )
    assert staying.events.get(kind="merge").note == (
        "Huyện Thới Bình thôi hoạt động hết ngày 30/06/2025; hồ sơ về lại bộ phận một cửa."
    )


def test_merging_control_sheet_has_a_line_for_the_merger(lives: Lives, tmp_path: Path) -> None:
    run(tmp_path, whole_file())
    held, who = lives.in_division["32069"], clerk("32069")
    perform.resolve(held, by=who, outcome="approved")
    before = lives.ended["32069"]
    sheet = printed(logged_in(who), f"/ho-so/{held.code}/phieu-kiem-soat.pdf", tmp_path)
    assert "Tư pháp - Hộ tịch, Ủy ban nhân dân xã Biển Bạch" in sheet
    assert "Trung tâm Phục vụ hành chính công xã Biển Bạch" in sheet, "where the result came"
    assert before.resolved_on is not None
    old = printed(logged_in(who), f"/ho-so/{before.code}/phieu-kiem-soat.pdf", tmp_path)
    assert "xã Biển Bạch" not in old.replace(before.code, "")
