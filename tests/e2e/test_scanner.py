"""A keyboard scanner: a few milliseconds between two keys, then Enter, wherever the focus is."""

import pytest
from playwright.sync_api import Page, expect

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from dossiers.rules.states import State
from tests.cast import Cast
from tests.e2e.conftest import LogIn, open_act

INTAKE = "/ho-so/tiep-nhan/?thu-tuc=H901"
RETURN = "/tra-ket-qua/"
MAU = "096190000123|381234567|Nguyễn Thị Mẫu|05031990|Nữ|Ấp 1, xã Tân Lộc|12082021"
CUC = "096190000999|381234999|Lê Thị Cúc|05031991|Nữ|Ấp 9, xã Tân Lộc|12082021"
SLIP = "http://127.0.0.1:8000/tra-cuu/?ma={}"


@pytest.fixture
def slow_scanner() -> int:
    return 6


def scan(page: Page, text: str) -> None:
    page.keyboard.type(f"{text}\n", delay=0)  # the line's end is the scanner's Enter


# Of a scanner whose letters are keys of their own; typed by the browser's driver they have none.
KEYS = """text => {
  for (const key of [...text, "Enter"]) {
    const how = { key, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", how));
  }
}"""


def states(dossiers: list[Dossier]) -> list[State]:
    return [Dossier.objects.get(pk=dossier.pk).current_state for dossier in dossiers]


@pytest.fixture
def ready(cast: Cast) -> list[Dossier]:
    """The results of two persons lie ready."""
    made = []
    for name, number in (("Nguyễn Thị Mẫu", "096190000123"), ("Lê Thị Cúc", "096190000999")):
        intake = Intake(
            office=cast.district, procedure=cast.land, applicant_name=name, applicant_id=number
        )
        made.append(perform.register(intake, by=cast.clerk))
        perform.resolve(made[-1], by=cast.leader, outcome="approved")
    return made


def test_scanner_on_a_ticked_row_opens_what_was_scanned_and_forwards_nothing(
    cast: Cast, log_in: LogIn
) -> None:
    ticked, other = (cast.received("2016-03-01T09:00") for _ in range(2))
    before = states([ticked, other])
    page = log_in(cast.clerk)
    for text in (other.code, SLIP.format(other.code)):
        page.goto("/ban-lam-viec/")
        page.get_by_label(f"Chọn hồ sơ {ticked.code}").check()
        page.get_by_label(f"Chọn hồ sơ {ticked.code}").focus()
        scan(page, text)
        page.wait_for_url(f"**/ho-so/{other.code}/")
    assert states([ticked, other]) == before


def test_scanner_beside_an_open_act_opens_what_was_scanned(cast: Cast, log_in: LogIn) -> None:
    shown, other = (cast.received("2016-03-01T09:00") for _ in range(2))
    before = states([shown, other])
    page = log_in(cast.clerk)
    page.goto(f"/ho-so/{shown.code}/")
    open_act(page, "Chuyển xử lý")
    page.get_by_label("Chuyển đến").focus()
    scan(page, other.code)
    page.wait_for_url(f"**/ho-so/{other.code}/")
    page.goto(f"/ho-so/{shown.code}/")
    open_act(page, "Chuyển xử lý")
    page.get_by_label("Nội dung giao").focus()
    scan(page, other.code)
    page.wait_for_url(f"**/ho-so/{other.code}/")
    assert states([shown, other]) == before


@pytest.mark.parametrize("where", ["[name=collector]", "[name=name]", "[name=ho-so]"])
def test_scanner_at_the_return_counter_opens_the_next_slip_and_hands_over_nothing(
    cast: Cast, ready: list[Dossier], log_in: LogIn, where: str
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{RETURN}?ma={ready[0].code}")
    page.locator(where).first.focus()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        scan(page, SLIP.format(ready[1].code))
    page.wait_for_url(f"**{RETURN}?ma={ready[1].code}")
    assert "ho-so" not in (sent.value.post_data_json or {})
    assert "collector" not in (sent.value.post_data_json or {})
    assert states(ready) == [State.RESOLVED, State.RESOLVED]


def test_scanner_leaves_the_number_in_a_field_and_sends_no_form(
    cast: Cast, ready: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(f"{RETURN}?ma={ready[0].code}")
    page.locator("[name=name]").focus()
    scan(page, "8934567890123")
    expect(page.locator("[name=name]")).to_have_value("8934567890123")
    page.wait_for_timeout(300)
    assert states(ready) == [State.RESOLVED, State.RESOLVED]


def test_scanner_at_the_intake_clears_what_belongs_to_the_person_before(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(INTAKE)
    scan(page, MAU)
    expect(page.locator("#id_phone")).to_be_focused()
    page.fill("#id_phone", "0900000123")
    page.fill("#id_email", "mau@example.vn")
    page.get_by_role("radio", name="cá nhân").first.focus()
    page.evaluate(KEYS, CUC)
    expect(page.locator("#id_applicant_id")).to_have_value("096190000999")
    expect(page.locator("#id_applicant_name")).to_have_value("Lê Thị Cúc")
    expect(page.locator("#id_address")).to_have_value("Ấp 9, xã Tân Lộc")
    expect(page.locator("#id_phone")).to_have_value("")
    expect(page.locator("#id_email")).to_have_value("")
    expect(page.locator("#id_phone")).to_be_focused()
    spoiled = MAU.replace("Nguyễn Thị Mẫu", "Nguye^~n Thi. Ma^~u")
    page.locator("#id_email").focus()
    page.keyboard.type(f"{spoiled}\n", delay=0)
    expect(page.locator("#id_applicant_id")).to_have_value("096190000123")
    expect(page.locator("#id_applicant_name")).not_to_have_value("Lê Thị Cúc")
    expect(page.locator("#id_email")).to_have_value("")


def test_scanner_at_the_intake_opens_a_scanned_slip_and_keeps_what_was_typed(
    cast: Cast, ready: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(INTAKE)
    page.fill("#id_applicant_name", "Võ Thị Đào")
    page.locator("#id_phone").focus()
    scan(page, ready[0].code)
    page.wait_for_url(f"**/ho-so/{ready[0].code}/")
    page.goto("/ho-so/tiep-nhan/")
    page.get_by_role("link", name="Võ Thị Đào").click()
    expect(page.locator("#id_applicant_name")).to_have_value("Võ Thị Đào")
    expect(page.locator("#id_phone")).to_have_value("")


def test_scanner_at_the_intake_fills_the_submitter_of_an_organisation(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(INTAKE)
    page.locator("[name=applicant_kind][value=organisation]").check()
    page.fill("#id_applicant_name", "Công ty Lúa")
    page.fill("#id_applicant_id", "2000123456")
    page.locator("#id_address").focus()
    scan(page, MAU)
    expect(page.locator("#id_submitter_name")).to_have_value("Nguyễn Thị Mẫu")
    expect(page.locator("#id_submitter_name")).to_be_visible()
    expect(page.locator("#id_submitter_id")).to_have_value("096190000123")
    expect(page.locator("#id_submitter_address")).to_have_value("Ấp 1, xã Tân Lộc")
    expect(page.locator("#id_applicant_name")).to_have_value("Công ty Lúa")
    expect(page.locator("#id_applicant_id")).to_have_value("2000123456")
    expect(page.locator("#id_address")).to_have_value("")
    expect(page.locator("[name=applicant_kind][value=organisation]")).to_be_checked()


def test_scanner_at_the_intake_leaves_every_other_field_as_it_was(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto(INTAKE)
    page.get_by_text("Đổi cách nộp, cách trả, ghi chú").click()
    page.fill("#id_note", "Hẹn qua điện thoại")
    page.fill("#id_sets", "2")
    for field, card, name in (("note", MAU, "Nguyễn Thị Mẫu"), ("sets", CUC, "Lê Thị Cúc")):
        page.locator(f"#id_{field}").focus()
        scan(page, card)
        expect(page.locator("#id_applicant_id")).to_have_value(card[:12])
        if field == "note":  # a field of numbers takes no letters without keys
            expect(page.locator("#id_applicant_name")).to_have_value(name)
    expect(page.locator("#id_note")).to_have_value("Hẹn qua điện thoại")
    expect(page.locator("#id_sets")).to_have_value("2")


def test_scanner_in_the_search_of_procedures_sends_no_card_and_opens_a_slip(
    cast: Cast, ready: list[Dossier], log_in: LogIn
) -> None:
    page = log_in(cast.clerk)
    page.goto("/ho-so/tiep-nhan/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for card in (MAU, CUC):
        page.locator("[data-suggest] [name=q]").focus()
        scan(page, card)
        expect(
            page.get_by_text("Đây là thẻ căn cước. Mời chọn thủ tục trước, rồi quét thẻ.")
        ).to_be_visible()
        expect(page.locator("[data-suggest] [name=q]")).to_have_value("")
    page.fill("[data-suggest] [name=q]", MAU)
    expect(page.locator("[data-suggest] [name=q]")).to_have_value("")
    page.wait_for_timeout(400)
    assert [url for url in asked if "/static/" not in url] == []
    scan(page, ready[0].code)
    page.wait_for_url(f"**/ho-so/{ready[0].code}/")
