"""Words that people read on screen and paper, and what is not offered while nobody can have it."""

from pathlib import Path

import pytest
import time_machine
from django.test import Client

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, text
from tests.dossiers.printed import printed, received, slip_of


def test_return_method_that_nobody_can_have_is_not_offered(cast: Cast, client: Client) -> None:
    electronic = "bản điện tử"
    dossier = cast.received()
    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    clerk = logged_in(cast.clerk)
    for page in (
        clerk.get(f"/ho-so/tiep-nhan/?thu-tuc={cast.land.key}"),
        clerk.get(path(dossier, "hand_over")),
        clerk.get(path(dossier, "correct")),
        client.get(f"/nop-ho-so/{cast.land.key}/"),
    ):
        assert page.status_code == 200
        assert electronic not in page.content.decode()


def test_return_method_of_a_dossier_that_has_it_is_still_shown_and_kept(
    cast: Cast, tmp_path: Path
) -> None:
    dossier = received(cast, "2019-10-01T09:00", return_method=Dossier.ReturnMethod.ONLINE)
    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    clerk = logged_in(cast.clerk)
    assert "bản điện tử" in text(clerk.get(path(dossier)))
    for verb, field in (("hand_over", "method"), ("correct", "return_method")):
        form = clerk.get(path(dossier, verb)).context["form"]
        assert form[field].value() == "online"
        assert ("online", "bản điện tử") in form.fields[field].choices
    assert "bản điện tử" in printed(clerk, slip_of(dossier), tmp_path)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("", "đăng ký biến động quyền sử dụng đất"),
        ("Đăng ký thửa 12 của Cà Mau", "đăng ký thửa 12 của Cà Mau"),
        ("Lan xin cấp lại giấy", "Lan xin cấp lại giấy"),
        ("UBND xã xác nhận", "UBND xã xác nhận"),
    ],
)
def test_subject_begins_in_small_after_a_colon_and_breaks_no_name(
    cast: Cast, tmp_path: Path, subject: str, words: str
) -> None:
    dossier = received(cast, "2019-10-01T09:00", subject=subject)
    clerk = logged_in(cast.clerk)
    said = f"Nội dung yêu cầu giải quyết: {words} 1."
    assert said in printed(clerk, slip_of(dossier), tmp_path)
    assert f"Nguyễn Văn Ân : {words}" in text(clerk.get(path(dossier)))


def test_wording_holder_and_verbs_are_written_as_the_rules_write_them(
    cast: Cast, client: Client
) -> None:
    dossier = cast.received()
    page = text(logged_in(cast.clerk).get(path(dossier)))
    assert "Bộ phận một cửa huyện Thới Bình" in page
    assert "Thông báo nghĩa vụ tài chính" in page
    assert "Sao chép" in page
    act = text(logged_in(cast.clerk).get(path(dossier, "ask_payment")))
    assert "Thời điểm thực hiện khác" in act
    assert "Số liệu giải quyết" in text(client.get("/"))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2016-03-01T09:00", "Bộ phận Tiếp nhận và Trả kết quả xã Tân Lộc"),
        ("2025-10-06T09:00", "Trung tâm Phục vụ hành chính công xã Tân Lộc"),
    ],
)
def test_wording_desk_has_one_name_on_screen_and_on_paper(
    cast: Cast, client: Client, tmp_path: Path, day: str, name: str
) -> None:
    with time_machine.travel(vn(day), tick=False):
        at_home = {"office": cast.tan_loc, "by": cast.commune_clerk, "procedure": cast.birth}
        dossier = cast.received(day, **at_home)
        clerk = logged_in(cast.commune_clerk)
        assert name in text(clerk.get(f"/ho-so/tiep-nhan/?thu-tuc={cast.birth.key}"))
        assert name in text(client.get("/tra-cuu/", {"ma": dossier.code}))
        if "2016" not in day:  # the slip of 2016 names no desk but in its head
            assert name in printed(clerk, slip_of(dossier), tmp_path)
