"""Signing a quarter in the browser: a commune's head, the district's leader above, an overseer."""

import pytest
from playwright.sync_api import expect

from dossiers.lifecycle import perform
from tests.cast import Cast, vn
from tests.e2e.conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)

QUARTER = "2016-Q1"


def received_in_the_quarter(cast: Cast, day: str) -> None:
    dossier = cast.received(
        f"{day}T09:00", office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk
    )
    perform.resolve(dossier, by=cast.commune_clerk, at=vn(f"{day}T15:00"), outcome="approved")


@pytest.mark.every_database
def test_closing_head_signs_the_leader_above_sees_reopens_and_reminds_the_overseer_reads(
    cast: Cast, log_in: LogIn
) -> None:
    received_in_the_quarter(cast, "2016-02-01")
    cast.received("2016-02-01T09:00", office=cast.bien_bach, procedure=cast.birth)
    place = f"/bao-cao/chot/{cast.tan_loc.code}/{QUARTER}/"

    head = log_in(cast.commune_leader)
    head.goto(place)
    expect(head.locator("table.data tfoot, table.data tbody").last).to_contain_text("1")
    head.get_by_role("button", name="Ký số liệu").click()
    expect(head.get_by_text("Số liệu dưới đây đúng là số đã ký.")).to_be_visible()
    expect(head.get_by_role("button", name="Ký số liệu")).to_have_count(0)
    expect(head.get_by_text("Mở lại kỳ này")).to_have_count(0)

    received_in_the_quarter(cast, "2016-03-01")  # typed in after the signing
    leader = log_in(cast.leader)
    leader.goto("/bao-cao/chot/?nam=2016")
    leader.get_by_text("Nhắc các đơn vị cấp dưới chưa ký").click()
    leader.get_by_role("button", name="Nhắc các đơn vị này ký Quý I năm 2016").click()
    expect(leader.get_by_text("1 đơn vị chưa khai thư điện tử").first).to_be_visible()
    leader.goto(place)
    expect(leader.locator("table.data").first).to_contain_text("2")
    leader.get_by_text("Mở lại kỳ này").click()
    leader.get_by_label("Lý do mở lại").fill("Nhập sót một hồ sơ")
    leader.get_by_role("button", name="Mở lại Quý I năm 2016").click()
    expect(leader.locator(".timeline")).to_contain_text("Mở lại: Nhập sót một hồ sơ")

    head.goto(place)
    head.get_by_role("button", name="Ký số liệu").click()
    expect(head.get_by_text("(lần ký thứ 2)")).to_be_visible()

    overseer = log_in(cast.overseer)
    overseer.goto(place)
    expect(overseer.get_by_text("Số liệu dưới đây đúng là số đã ký.")).to_be_visible()
    expect(overseer.locator("main button")).to_have_count(0)
