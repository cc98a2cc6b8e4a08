"""From an empty installation to the first printed slip, as docs/bat-dau.md leads: the commune's
centre of 2026, the district of 2016, a province with communes. Pages opened and forms sent are
counted, and stand in docs/measured.md; a minute is not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, Response, expect

from motcua import clock
from motcua.models import Office
from procedures.models import Procedure, ProcedureVersion
from tests.cast import Cast
from tests.dossiers.printed import words_of
from tests.e2e.conftest import LogIn, wait_for_print
from tests.e2e.test_accessibility import complaints

ADMINISTRATOR, FIRST, OWN = "quan-tri-moi", "cham-chi-va-lich-su", "mot-mat-khau-cua-minh"
STEPS = (
    *("don-vi", "ten", "dia-chi", "gio", "phong", "can-bo", "thu-tuc"),
    *("dia-chi-cong-khai", "khoa-sao-luu", "thu", "phieu-thu"),
)
MEASURED = (Path(__file__).resolve().parents[2] / "docs" / "measured.md").read_text("utf-8")


class Counted:
    """What a person had to open and to send, whoever it was."""

    def __init__(self) -> None:
        self.pages = self.forms = 0

    def watch(self, page: Page) -> Page:
        page.on("response", self._answered)
        return page

    def _answered(self, response: Response) -> None:
        request = response.request
        if not request.is_navigation_request():
            return
        self.forms += request.method == "POST"
        self.pages += response.status == 200

    def row(self, what: str) -> str:
        return f"| {what} | {self.pages} | {self.forms} |"


@pytest.fixture
def empty(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `script/server --empty` leaves it, before anybody has opened a page."""
    monkeypatch.setenv("MOTCUA_ADMIN_PASSWORD", FIRST)
    call_command("load_base", verbosity=0)
    call_command("first_administrator", username=ADMINISTRATOR, full_name="Lê Thị Út")


class Hour:
    """An administrator and a clerk, each at a computer, step by step."""

    def __init__(self, computer: Callable[..., Page], count: Counted) -> None:
        self.computer, self.count = computer, count
        self.page = self._log_in(ADMINISTRATOR, FIRST)

    def _log_in(self, name: str, password: str) -> Page:
        page = self.count.watch(self.computer())
        page.goto("/dang-nhap/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: not address.endswith("/dang-nhap/"))
        return page

    def save(self, step: str, **fields: str) -> None:
        """Fill in the step, which stands open by itself, and save it."""
        for name, value in fields.items():
            self.page.fill(f"#viec-{step} [name='{name}']", value)
        self.page.get_by_role("button", name="Lưu").click()
        expect(self.page.locator(f"#viec-{step} .state-done")).to_be_visible()

    def add_person(self, name: str, full_name: str, role: str, office: Office) -> None:
        page = self.page
        page.goto(f"/quan-tri/bat-dau/?viec=can-bo&chon={office.code}")
        page.get_by_role("link", name="Lập một tài khoản").click()
        page.fill("[name=username]", name)
        page.fill("[name=password1]", FIRST)
        page.fill("[name=password2]", FIRST)
        page.fill("[name=full_name]", full_name)
        expect(page.locator("[name=office]")).to_have_value(str(office.pk))
        page.check(f"[name=is_{role}]")
        page.locator("[name=_save]").click()
        expect(page.locator(".messagelist .success")).to_be_visible()

    def first_slip(self, clerk: str, procedure: Procedure) -> tuple[str, str]:
        """The clerk's first receipt: its code, and the words of its slip."""
        page = self._log_in(clerk, FIRST)
        page.fill("[name=new_password1]", OWN)
        page.fill("[name=new_password2]", OWN)
        page.keyboard.press("Enter")
        page.wait_for_url("**/ban-lam-viec/")
        page.goto(f"/ho-so/tiep-nhan/?thu-tuc={procedure.key}")
        page.fill("[name=applicant_name]", "Nguyễn Văn Ân")
        page.fill("[name=address]", "Ấp 2, xã Tân Lộc")
        for tick in page.locator("[type=checkbox][name^=paper-]").all():
            tick.check()
        page.get_by_role("button", name="Tiếp nhận và in").click()
        page.wait_for_url("**/da-tiep-nhan/*")
        code = page.locator(".code").first.inner_text()
        # The copy prints by itself; to look at it is no further copy.
        wait_for_print(page)
        answer = page.request.get(f"/ho-so/{code}/phieu-hen.pdf")
        assert answer.status == 200
        return code, words_of(answer.body())

    def trial_slip(self, office: Office) -> str:
        answer = self.page.request.get(f"/quan-tri/bat-dau/{office.code}/phieu-thu.pdf")
        assert answer.status == 200
        return words_of(answer.body())


@pytest.mark.parametrize("phone", [False, True])
def test_first_hour_page_is_whole_for_everybody_at_every_step(
    cast: Cast, log_in: LogIn, *, phone: bool
) -> None:
    page = log_in(cast.administrator, phone=phone)
    for step in STEPS:
        page.goto(f"/quan-tri/bat-dau/?viec={step}")
        expect(page.locator(f"#viec-{step}.is-open")).to_be_visible()
        assert complaints(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, step


def solved_in_days(office: Office) -> Procedure:
    """Something that the office offers and that is not solved while the citizen waits."""
    days = ProcedureVersion.objects.in_force(clock.today()).filter(
        limit_unit=ProcedureVersion.Unit.WORKING_DAY,
        procedure__in=Procedure.objects.offered_by(office),
    )
    return days.select_related("procedure").order_by("procedure__key")[0].procedure


def test_first_hour_of_a_commune_of_2026_ends_with_its_slip(
    empty: None, computer: Callable[..., Page], live_server: Any
) -> None:
    count = Counted()
    hour = Hour(computer, count)
    page = hour.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Bắt đầu")
    page.get_by_label("Xã, phường từ 01/7/2025: Trung tâm Phục vụ hành chính công").check()
    hour.save(
        "don-vi",
        code="32065",
        name="Xã Thới Bình",
        superior_code="96",
        superior_name="Tỉnh Cà Mau",
    )
    office = Office.objects.get(code="32065", is_hidden=False)
    assert "H12.TAM.32.065-" in hour.trial_slip(office)
    hour.save("ten", identity_code="H12.32")
    hour.save("dia-chi", address="Ấp 1, xã Thới Bình, tỉnh Cà Mau", phone="0290 000 0000")
    page.get_by_text("Ngày có giờ khác").click()
    half = {"5-morning_opens": "07:30", "5-morning_closes": "11:00"}
    hour.save("gio", **half)
    hour.add_person("mot-cua", "Trần Thị Tiếp", "clerk", office)
    hour.add_person("lanh-dao", "Phạm Văn Ký", "leader", office)
    page.goto("/quan-tri/bat-dau/")
    expect(page.locator("#viec-thu-tuc .state-done")).to_be_visible()
    expect(page.locator("#viec-can-bo .state-done")).to_be_visible()

    code, words = hour.first_slip("mot-cua", solved_in_days(office))
    assert code == f"H12.32-{clock.today():%y%m%d}-0001"
    for part in (
        "ỦY BAN NHÂN DÂN XÃ THỚI BÌNH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        f"Mã hồ sơ: {code}",
        "Địa chỉ cơ quan tiếp nhận: Ấp 1, xã Thới Bình, tỉnh Cà Mau",
        "thứ Hai - thứ Sáu 07:00 - 11:00, 13:00 - 17:00; thứ Bảy 07:30 - 11:00",
        "Trần Thị Tiếp",
        "0290 000 0000",
    ):
        assert part in words
    assert "PHIẾU THỬ" not in words
    assert "huyện" not in words.lower()
    page.goto("/quan-tri/")  # the hour is over: the whole list again
    expect(page.get_by_role("link", name="Cơ quan, đơn vị").first).to_be_visible()

    visitor = computer(phone=True)
    visitor.goto("/don-vi/")
    expect(visitor.locator(".choices li")).to_have_count(1)
    expect(visitor.locator(".site-name")).to_have_text(
        "Trung tâm Phục vụ hành chính công xã Thới Bình"
    )
    expect(visitor.locator("footer")).to_contain_text("0290 000 0000")
    row = count.row("Commune centre of 2026")
    assert row in MEASURED, row


def test_first_hour_of_the_district_of_2016_ends_with_its_slip(
    empty: None, computer: Callable[..., Page], live_server: Any
) -> None:
    count = Counted()
    hour = Hour(computer, count)
    page = hour.page
    page.get_by_label("Huyện trước 01/7/2025").check()
    page.get_by_label("Đơn vị có sẵn trong chương trình").select_option(label="Huyện Thới Bình")
    page.get_by_label("Dùng cả các đơn vị có sẵn nằm dưới đơn vị này").check()
    hour.save("don-vi")
    office = Office.objects.get(code="967")
    hour.save("ten", identity_code="H12.29")
    hour.save("dia-chi", address="Khóm 1, thị trấn Thới Bình", phone="0290 3860 000")
    hour.save("gio")
    hour.add_person("mot-cua", "Trần Thị Tiếp", "clerk", office)
    hour.add_person("lanh-dao", "Phạm Văn Ký", "leader", office)

    code, words = hour.first_slip("mot-cua", solved_in_days(office))
    assert code == f"H12.29-{clock.today():%y%m%d}-0001"
    for part in (
        "ỦY BAN NHÂN DÂN HUYỆN THỚI BÌNH BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
        f"Mã hồ sơ: {code}",
        "Địa chỉ cơ quan tiếp nhận: Khóm 1, thị trấn Thới Bình",
        "Giờ làm việc: thứ Hai - thứ Sáu 07:00 - 11:00, 13:00 - 17:00",
        "Trần Thị Tiếp",
    ):
        assert part in words

    visitor = computer()
    visitor.goto("/don-vi/")
    expect(visitor.locator(".choices li")).to_have_count(13)
    expect(visitor.locator(".site-name")).to_have_text("Một cửa điện tử huyện Thới Bình")
    row = count.row("District of 2016, with its 12 communes")
    assert row in MEASURED, row


def test_first_hour_of_a_province_with_communes_ends_with_a_slip_of_one(
    empty: None, computer: Callable[..., Page], live_server: Any
) -> None:
    count = Counted()
    hour = Hour(computer, count)
    page = hour.page
    page.get_by_label("Tỉnh: Trung tâm Phục vụ hành chính công cấp tỉnh").check()
    page.get_by_label("Đơn vị có sẵn trong chương trình").select_option(label="Tỉnh Cà Mau")
    hour.save("don-vi", below="32065 Xã Thới Bình\n32071 Xã Trí Phải")
    page.get_by_label("Đơn vị", exact=True).select_option(label="Xã Trí Phải")
    page.get_by_role("button", name="Xem đơn vị này").click()
    office = Office.objects.get(code="32071", is_hidden=False)
    hour.save("ten", identity_code="H12.71")
    hour.save("dia-chi", address="Ấp 1, xã Trí Phải, tỉnh Cà Mau", phone="0290 000 0001")
    hour.save("gio")
    hour.add_person("mot-cua", "Trần Thị Tiếp", "clerk", office)
    hour.add_person("lanh-dao", "Phạm Văn Ký", "leader", office)

    code, words = hour.first_slip("mot-cua", solved_in_days(office))
    assert code == f"H12.71-{clock.today():%y%m%d}-0001"
    for part in (
        "ỦY BAN NHÂN DÂN XÃ TRÍ PHẢI TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "Địa chỉ cơ quan tiếp nhận: Ấp 1, xã Trí Phải, tỉnh Cà Mau",
    ):
        assert part in words

    visitor = computer()
    visitor.goto("/don-vi/")
    expect(visitor.locator(".choices li")).to_have_count(3)
    expect(visitor.locator(".site-name")).to_have_text("Một cửa điện tử tỉnh Cà Mau")
    row = count.row("Province with its communes, to the slip of one")
    assert row in MEASURED, row
