"""The pages of opening figures: who enters, what is said, what the reports then show."""

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import OpeningFigures
from tests.cast import Cast
from tests.dossiers.pages import logged_in, text
from tests.reports.test_opening import HALF_YEAR, totals

LIST = "/bao-cao/so-dau-ky/"
ENTRY = "/bao-cao/so-dau-ky/967/nhap/"
TYPED = {
    **{name: str(value) for name, value in HALF_YEAR.items() if value},
    "resolved_early": "60",
    "tu": "2016-01-01",
    "den": "2016-06-30",
    "total_in": "100",
    "resolved_total": "94",
    "pending_total": "6",
}


def typed(cast: Cast, **changed: str) -> dict[str, str]:
    return {**TYPED, "linh_vuc": str(cast.land.sector_id), **changed}


def test_opening_pages_leader_enters_totals_and_the_report_marks_them(cast: Cast) -> None:
    client = logged_in(cast.leader)
    assert client.post(ENTRY, typed(cast)).status_code == 302
    cast.received("2016-06-28T09:00")
    report = client.get("/bao-cao/", {"ky": "2016-6M", "pham-vi": "967"})
    page = text(report)
    assert "85 gồm 84 số đầu kỳ nhập tay" in page
    assert f'href="{LIST}"' in report.content.decode()
    behind = client.get(
        "/bao-cao/ho-so/", {"ky": "2016-6M", "pham-vi": "967", "cot": "received_direct"}
    )
    assert behind.context["page"].paginator.count == 1
    for format in ("csv", "xlsx", "pdf"):
        file = client.get(f"/bao-cao/bao-cao.{format}", {"ky": "2016-6M", "pham-vi": "967"})
        assert file.status_code == 200
    csv = client.get("/bao-cao/bao-cao.csv", {"ky": "2016-6M", "pham-vi": "967"})
    assert "Trong đó số đầu kỳ nhập tay" in csv.content.decode()
    board = text(client.get("/thong-ke/", {"ky": "2016-9M", "pham-vi": "967"}))
    assert "gồm cả số đầu kỳ nhập tay (tiếp nhận 89, giải quyết 94)" in board


def test_opening_pages_administrator_enters_and_the_level_above_reads(cast: Cast) -> None:
    assert logged_in(cast.administrator).post(ENTRY, typed(cast)).status_code == 302
    totals(cast, cast.tan_loc)
    overseer = logged_in(cast.overseer)
    page = text(overseer.get(LIST))
    assert "Huyện Thới Bình, từ 01/01/2016 đến 30/06/2016" in page
    assert "Xã Tân Lộc, từ 01/01/2016 đến 30/06/2016" in page
    assert "Sửa, bỏ" not in page
    assert "Nhập số đầu kỳ" not in page
    assert overseer.get(ENTRY).status_code == 403
    below = logged_in(cast.commune_leader)
    assert "Huyện Thới Bình" not in text(below.get(LIST)).split("Số đầu kỳ nhập tay")[1]
    assert below.get(ENTRY).status_code == 404


def test_opening_pages_who_types_wrong_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    client = logged_in(cast.leader)
    wrong = client.post(ENTRY, typed(cast, total_in="101", resolved_late=""))
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Hãy nhập số này; không có thì nhập 0." in page
    assert 'value="101"' in page
    wrong = client.post(ENTRY, typed(cast, total_in="101"))
    assert "Số không khớp: tiếp nhận: tổng số (101) khác tiếp nhận: trong kỳ (90)" in text(wrong)
    crossing = client.post(ENTRY, typed(cast, den="2999-12-31"))
    assert crossing.status_code == 409
    assert "ngày cuối phải trước hôm nay" in text(crossing)
    assert not OpeningFigures.objects.exists()


def test_opening_pages_one_sector_after_the_other_keeps_the_days(cast: Cast) -> None:
    client = logged_in(cast.leader)
    answer = client.post(ENTRY, typed(cast, tiep="1"), follow=True)
    assert 'value="30/06/2016"' in answer.content.decode()


def test_change_and_a_withdrawal_ask_for_a_reason_and_stay_in_the_history(cast: Cast) -> None:
    entry = totals(cast)
    client = logged_in(cast.leader)
    change = reverse("opening_change", args=["967", entry.pk])
    corrected = typed(cast, carried_over="11", resolved_early="61", total_in="101")
    corrected["resolved_total"] = "95"
    assert "Hãy ghi lý do sửa số đã nhập." in text(client.post(change, corrected))
    assert client.post(change, {**corrected, "ly_do": "Chép nhầm"}).status_code == 302
    assert client.get(change).status_code == 404  # another version is the last word now
    last = OpeningFigures.objects.get(version=2)
    withdraw = reverse("opening_withdraw", args=["967", last.pk])
    empty = client.post(withdraw, {"ly_do_bo": ""})
    assert (empty.status_code, "Hãy ghi lý do bỏ số đã nhập." in text(empty)) == (409, True)
    long = client.post(withdraw, {"ly_do_bo": "Đã nhập đủ. " * 50})
    assert (long.status_code, "Đã nhập đủ. " * 50 in long.content.decode()) == (409, True)
    assert client.post(withdraw, {"ly_do_bo": "Đã nhập đủ hồ sơ"}).status_code == 302
    page = text(client.get(LIST))
    assert "Chưa có số đầu kỳ nào được nhập." in page
    assert "tiếp nhận: từ kỳ trước 10;" in page
    assert "Đất đai, từ 01/01/2016 đến 30/06/2016: Chép nhầm" in page
    assert "Đã nhập đủ hồ sơ" in page


@pytest.mark.parametrize("who", ["clerk", "specialist"])
def test_clerk_reads_and_does_not_enter(cast: Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(LIST).status_code == 200
    assert client.post(ENTRY, typed(cast)).status_code == 403
