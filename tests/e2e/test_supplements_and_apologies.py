"""The turns of a dossier through the browser, as the person who does each of them.

The acts happened on days of 2016 and 2019 and are typed in now, as after a day without power:
the server reads the real clock, so dates that follow from the acts are literal.
"""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from dossiers.models import Dossier, LateCause
from dossiers.rules.states import State
from procedures.models import CalendarDay
from tests.cast import Cast
from tests.e2e import conftest
from tests.e2e.conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def of_2019(cast: Cast) -> Dossier:
    """A land dossier under the rules of 2018, due on Thursday 17/10/2019."""
    return cast.received("2019-10-03T09:00")


@pytest.fixture
def of_2016(cast: Cast) -> Dossier:
    """A land dossier under the rules of 2015, due on Tuesday 15/03/2016."""
    return cast.received("2016-03-01T09:00")


def open_act(page: Page, dossier: Dossier, act: str) -> None:
    page.goto(f"/ho-so/{dossier.code}/")
    conftest.open_act(page, act)


def done_at(page: Page, moment: str) -> None:
    page.get_by_text("Thời điểm thực hiện khác").click()
    page.get_by_label("Làm lúc").fill(moment)
    why = page.get_by_label("Lý do nhập muộn")
    if why.count():  # what was done in those years is typed in today
        why.fill("Nhập theo sổ giấy")


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def head(page: Page) -> Locator:
    return page.locator(".dossier-head")


@pytest.mark.every_database
def test_papers_are_asked_for_brought_and_not_asked_for_again(
    cast: Cast, of_2019: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2019, "Yêu cầu bổ sung")
    clerk.get_by_label("Nội dung cần bổ sung").fill("Giấy chứng nhận đã cấp (bản gốc)")
    clerk.get_by_role("textbox", name="Lý do", exact=True).fill("Thiếu giấy chứng nhận")
    done_at(clerk, "2019-10-04T09:00")
    press(clerk, "Yêu cầu bổ sung")
    expect(head(clerk)).to_contain_text("chờ bổ sung")
    clerk.goto("/ban-lam-viec/?hang-doi=cho-cong-dan")
    clerk.get_by_role("link", name=f"Nhận bổ sung: {of_2019.code}").click()
    done_at(clerk, "2019-10-07T09:00")
    press(clerk, "Ghi giấy tờ đã nhận")
    expect(clerk.get_by_role("alert")).to_contain_text(
        "Chưa lưu. Ngày hẹn trả sẽ đổi từ 17:00 thứ Năm 17/10/2019 thành 17:00 thứ Hai 21/10/2019."
    )
    expect(clerk.locator(".weeks-of-days")).to_contain_text("21/10/2019")
    press(clerk, "Ghi giấy tờ đã nhận")
    clerk.goto(f"/ho-so/{of_2019.code}/")
    expect(clerk.get_by_text("Hẹn trả 17:00 thứ Hai 21/10/2019")).to_be_visible()
    open_act(clerk, of_2019, "Yêu cầu bổ sung")
    expect(clerk.locator("details.act[open]")).to_contain_text(
        "Hồ sơ này đã được yêu cầu bổ sung 1 lần. NĐ 61/2018/NĐ-CP Điều 11 khoản 2 điểm c chỉ "
        "cho phép 1 lần."
    )


def test_supplements_and_apologies_desk_leads_to_the_apology_and_the_dossier_stays_late(
    cast: Cast, of_2019: Dossier, log_in: LogIn
) -> None:
    cause = LateCause.objects.create(code="B4", name="Phải xác minh thực địa")
    clerk = log_in(cast.clerk)
    clerk.get_by_role("link", name="Cần xin lỗi 1").click()
    clerk.get_by_role("link", name=f"Xin lỗi: {of_2019.code}").click()
    expect(clerk.get_by_text("Xin lỗi muộn: NĐ 61/2018/NĐ-CP")).to_be_visible()
    clerk.get_by_label("Nguyên nhân").select_option(str(cause.pk))
    clerk.get_by_label("Lý do ghi trong phiếu xin lỗi").fill("Chờ đo đạc lại")
    clerk.get_by_label("Hẹn lại ngày").fill("2019-10-31")
    done_at(clerk, "2019-10-16T09:00")
    press(clerk, "Xin lỗi và hẹn lại")
    expect(clerk.get_by_text("Không có hồ sơ nào cần xin lỗi.")).to_be_visible()
    clerk.get_by_role("link", name="Quá hạn 1").click()
    expect(clerk.locator(".queue")).to_contain_text("đã xin lỗi")
    clerk.goto(f"/ho-so/{of_2019.code}/")
    expect(clerk.get_by_text("Đã xin lỗi và hẹn lại 17:00 thứ Năm 31/10/2019.")).to_be_visible()
    expect(clerk.get_by_role("link", name="Xem Phiếu xin lỗi lần 1")).to_be_visible()
    open_act(clerk, of_2019, "Xin lỗi và hẹn lại")
    expect(clerk.locator("details.act[open]")).to_contain_text("chỉ cho phép hẹn lại 1 lần.")


def test_supplements_and_apologies_time_that_a_land_dossier_waits_for_payment_is_not_counted(
    cast: Cast, of_2016: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2016, "Thông báo nghĩa vụ tài chính")
    done_at(clerk, "2016-03-07T09:00")
    press(clerk, "Thông báo nghĩa vụ tài chính")
    expect(head(clerk)).to_contain_text("chờ nghĩa vụ tài chính")
    open_act(clerk, of_2016, "Xác nhận đã nộp nghĩa vụ tài chính")
    done_at(clerk, "2016-03-09T09:00")
    press(clerk, "Xác nhận đã nộp")
    expect(clerk.get_by_role("alert")).to_contain_text(
        "từ 17:00 thứ Ba 15/03/2016 thành 17:00 thứ Năm 17/03/2016."
    )
    press(clerk, "Xác nhận đã nộp")
    expect(clerk.get_by_text("Hẹn trả 17:00 thứ Năm 17/03/2016")).to_be_visible()


def test_supplements_and_apologies_citizen_takes_the_dossier_back(
    cast: Cast, of_2016: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2016, "Rút hồ sơ")
    expect(clerk.get_by_text("Hồ sơ sẽ kết thúc và giấy tờ được trả lại")).to_be_visible()
    clerk.get_by_label("Lý do rút").fill("Công dân đổi ý")
    done_at(clerk, "2016-03-03T09:00")
    press(clerk, "Rút hồ sơ này")
    expect(head(clerk)).to_contain_text("đã rút hồ sơ")
    expect(head(clerk)).to_contain_text("trước hạn")
    expect(clerk.get_by_role("link", name="Xem Thông báo dừng giải quyết")).to_be_visible()


def test_office_stops_a_proceeding_that_the_citizen_asked_to_stop(
    cast: Cast, of_2019: Dossier, log_in: LogIn
) -> None:
    leader = log_in(cast.leader)
    open_act(leader, of_2019, "Dừng giải quyết")
    expect(leader.get_by_text("Hồ sơ sẽ kết thúc mà không có kết quả.")).to_be_visible()
    press(leader, "Dừng giải quyết hồ sơ này")
    expect(leader.get_by_text("Hãy ghi lý do dừng.").first).to_be_visible()
    leader.get_by_label("Lý do dừng").fill("Tòa án đang thụ lý tranh chấp")
    leader.get_by_label("dịch vụ bưu chính").check()
    done_at(leader, "2019-10-10T09:00")
    press(leader, "Dừng giải quyết hồ sơ này")
    expect(head(leader)).to_contain_text("đã dừng giải quyết")
    expect(leader.locator(".timeline > li").first).to_contain_text(
        "Dừng giải quyết (công dân đề nghị: dịch vụ bưu chính)"
    )
    expect(leader.get_by_role("link", name="Xem Thông báo dừng giải quyết")).to_be_visible()
    expect(leader.get_by_role("link", name="Chuyển xử lý")).to_have_count(0)


def test_supplements_and_apologies_request_is_refused_with_its_reason_and_form_03(
    cast: Cast, of_2019: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2019, "Ghi nhận kết quả")
    clerk.get_by_label("Từ chối giải quyết").check()
    press(clerk, "Ghi nhận kết quả")
    expect(clerk.get_by_text("Từ chối giải quyết phải ghi rõ lý do.").first).to_be_visible()
    clerk.get_by_label("Nội dung kết quả").fill("Thửa đất không phù hợp quy hoạch")
    done_at(clerk, "2019-10-17T16:00")
    press(clerk, "Ghi nhận kết quả")
    expect(head(clerk)).to_contain_text("đã có kết quả")
    expect(head(clerk)).to_contain_text("đúng hạn")
    expect(clerk.get_by_role("link", name="Xem Phiếu từ chối")).to_be_visible()


@pytest.mark.every_database
def test_dossier_goes_from_the_desk_over_the_division_to_the_leader_s_signature_and_back(
    cast: Cast, of_2019: Dossier, log_in: LogIn
) -> None:
    cast.district.divisions.create(name="Lãnh đạo ký duyệt", is_leaders=True)
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2019, "Chuyển xử lý")
    press(clerk, "Chuyển hồ sơ")
    specialist = log_in(cast.specialist)
    specialist.goto(f"/ho-so/{of_2019.code}/")
    press(specialist, "Nhận hồ sơ")
    open_act(specialist, of_2019, "Chuyển xử lý")
    expect(specialist.get_by_label("Chuyển đến")).to_have_value("d" + str(leaders_place(cast)))
    press(specialist, "Chuyển hồ sơ")
    leader = log_in(cast.leader)
    leader.get_by_role("link", name="Chờ lãnh đạo ký 1").click()
    leader.get_by_label(f"Chọn hồ sơ {of_2019.code}").check()
    press(leader, "Ký, chuyển 1 hồ sơ")
    expect(leader.get_by_text("Đã ký và chuyển 1 hồ sơ")).to_be_visible()
    clerk.goto("/ban-lam-viec/?hang-doi=moi-chuyen")
    clerk.get_by_role("link", name="Chọn cả trang").click()
    press(clerk, "Nhận 1 hồ sơ")
    open_act(clerk, of_2019, "Ghi nhận kết quả")
    press(clerk, "Ghi nhận kết quả")
    expect(clerk.locator(".timeline")).to_contain_text("Lãnh đạo đã ký")
    kinds = of_2019.events.exclude(kind="read").values_list("kind", flat=True)
    assert list(kinds) == ["accept", *["forward", "take_over"] * 3, "resolve"]


def leaders_place(cast: Cast) -> int:
    return cast.district.divisions.get(is_leaders=True).pk


def test_supplements_and_apologies_wrong_name_and_procedure_are_corrected(
    cast: Cast, of_2016: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2016, "Sửa thông tin")
    clerk.locator("[name=q]").last.fill("giay phep xay dung")
    clerk.get_by_role("radio", name=cast.building.name).check()
    clerk.get_by_label("Cá nhân, tổ chức").fill("Nguyễn Văn An")
    clerk.get_by_label("Lý do sửa").fill("Viết nhầm tên và thủ tục")
    press(clerk, "Lưu sửa đổi")
    expect(clerk.get_by_role("alert")).to_contain_text(
        "từ 17:00 thứ Ba 15/03/2016 thành 17:00 thứ Tư 16/03/2016."
    )
    press(clerk, "Lưu sửa đổi")
    expect(clerk.get_by_text("Hẹn trả 17:00 thứ Tư 16/03/2016")).to_be_visible()
    changes = clerk.locator(".timeline > li").first
    expect(changes.locator("del").filter(has_text="Nguyễn Văn Ân")).to_be_visible()
    expect(changes.locator("del").filter(has_text=cast.land.name)).to_be_visible()
    expect(changes).to_contain_text("Viết nhầm tên và thủ tục")


def test_supplements_and_apologies_leader_undoes_the_last_act_and_it_stays_in_the_timeline(
    cast: Cast, of_2016: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    open_act(clerk, of_2016, "Ghi nhận kết quả")
    press(clerk, "Ghi nhận kết quả")
    expect(head(clerk)).to_contain_text("đã có kết quả")
    leader = log_in(cast.leader)
    open_act(leader, of_2016, "Hoàn tác")
    leader.get_by_label("Lý do hoàn tác").fill("Ghi nhầm hồ sơ")
    press(leader, "Hoàn tác việc này")
    expect(head(leader)).to_contain_text("đã tiếp nhận")
    expect(leader.locator(".timeline .is-undone")).to_contain_text("Ghi nhận kết quả")


@pytest.mark.every_database
def test_bundle_goes_to_the_division_and_is_taken_over_with_one_press(
    cast: Cast, of_2016: Dossier, of_2019: Dossier, log_in: LogIn
) -> None:
    clerk = log_in(cast.clerk)
    clerk.get_by_role("link", name="Đã nhận, chờ chuyển 2").click()
    for dossier in (of_2016, of_2019):
        clerk.get_by_label(f"Chọn hồ sơ {dossier.code}").check()
    clerk.get_by_role("button", name="Chuyển 2 hồ sơ").dblclick()
    expect(
        clerk.get_by_text(f"Đã chuyển 2 hồ sơ: 2 hồ sơ đến {cast.land_division.name}.")
    ).to_be_visible()
    specialist = log_in(cast.specialist)
    specialist.get_by_role("link", name="Mới chuyển đến 2").click()
    specialist.get_by_role("link", name="Chọn cả trang").click()
    press(specialist, "Nhận 2 hồ sơ")
    expect(specialist.get_by_text("Đã nhận 2 hồ sơ.")).to_be_visible()
    for dossier in (of_2016, of_2019):
        kinds = dossier.events.exclude(kind="read").values_list("kind", flat=True)
        assert list(kinds) == ["accept", "forward", "take_over"]


def test_supplements_and_apologies_leader_moves_the_dates_that_a_new_day_off_touches(
    cast: Cast, of_2016: Dossier, log_in: LogIn
) -> None:
    CalendarDay.objects.create(date=date(2016, 3, 9), kind="holiday", name="Nghỉ đột xuất")
    leader = log_in(cast.leader)
    leader.locator(".menu-person summary").click()
    leader.get_by_role("link", name="Dời hạn theo lịch").click()
    expect(leader.locator("table")).to_contain_text("17:00 thứ Tư 16/03/2016")
    leader.get_by_label("Lý do").fill("Công văn 12/UBND")
    press(leader, "Dời hạn các hồ sơ đã chọn")
    expect(leader.get_by_text("Đã dời hạn 1 hồ sơ.")).to_be_visible()
    of_2016.refresh_from_db()
    assert of_2016.due_on == date(2016, 3, 16)
    assert of_2016.current_state is State.RECEIVED
