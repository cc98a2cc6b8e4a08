"""The class of a dossier, explained on its page from its rows, under every regime."""

import pytest
import time_machine

from dossiers.lifecycle import perform, verbs
from dossiers.lifecycle.bulk import write
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Dossier
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, text

pytestmark = pytest.mark.django_db


def supplemented(cast: Cast, received: str, asked: str, arrived: str, resolved: str) -> Dossier:
    """A dossier of ten working days whose clock stood still once."""
    dossier = cast.received(received)
    how = {"by": cast.clerk}
    perform.ask_supplement(dossier, at=vn(asked), items="Bản trích lục", reason="Còn thiếu", **how)
    perform.receive_supplement(dossier, at=vn(arrived), **how)
    perform.resolve(dossier, at=vn(resolved), outcome="approved", **how)
    return dossier


def page_of(cast: Cast, dossier: Dossier) -> str:
    return text(logged_in(cast.clerk).get(path(dossier)))


def test_explanation_2015_the_clock_goes_on_and_both_lists_of_days_are_shown(cast: Cast) -> None:
    dossier = supplemented(
        cast, "2016-03-01T09:00", "2016-03-03T09:00", "2016-03-08T09:00", "2016-03-16T09:00"
    )
    page = page_of(cast, dossier)
    assert (
        "Thời hạn dừng từ ngày 03/03/2016 đến ngày 08/03/2016 vì chờ bổ sung: Bản trích lục."
        in page
    )
    assert "Từ ngày 08/03/2016, ngày hẹn trả là 18/03/2016 (tính lại sau bổ sung)." in page
    assert "So ngày 16/03/2016 với ngày hẹn trả 18/03/2016: sớm 2 ngày làm việc." in page
    assert "Từ ngày tiếp nhận: hẹn 17:00 thứ Ba 15/03/2016" in page
    assert "Sau khi chờ bổ sung xong, 08/03/2016: hẹn 17:00 thứ Sáu 18/03/2016" in page
    assert "thứ Hai 07/03/2016 tính: chờ bổ sung: ngày thứ 2" in page


@pytest.mark.parametrize(
    ("received", "asked", "arrived", "resolved", "words"),
    [
        (
            *("2019-03-04T09:00", "2019-03-06T09:00", "2019-03-11T09:00", "2019-03-28T09:00"),
            "So ngày 28/03/2019 với ngày hẹn trả 25/03/2019: trễ 3 ngày làm việc.",
        ),
        (
            *("2025-08-04T09:00", "2025-08-06T09:00", "2025-08-11T09:00", "2025-08-25T09:00"),
            "So ngày 25/08/2025 với ngày hẹn trả 25/08/2025: đúng hạn.",
        ),
    ],
)
def test_since_2018_a_whole_new_limit_is_counted_from_the_arrival(
    cast: Cast, received: str, asked: str, arrived: str, resolved: str, words: str
) -> None:
    page = page_of(cast, supplemented(cast, received, asked, arrived, resolved))
    assert words in page
    assert page.count("ngày làm việc thứ 10") == 2


def test_explanation_end_while_the_clock_stands_still_gives_no_third_date(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-03-14T09:00"), items="Đơn", reason="Thiếu"
    )
    perform.withdraw(dossier, by=cast.clerk, at=vn("2016-04-01T09:00"), reason="Không cần nữa")
    page = page_of(cast, dossier)
    assert "Kết thúc ngày 01/04/2016: công dân rút." in page
    assert "xét hạn theo ngày thời hạn dừng lại, 14/03/2016." in page
    assert "So ngày 14/03/2016 với ngày hẹn trả 15/03/2016: sớm 1 ngày làm việc." in page
    assert "Sau khi" not in page
    assert "không theo cách tính dưới đây" not in page


def test_copied_date_is_said_to_be_copied_beside_the_reckoned_one(cast: Cast) -> None:
    life = UnsavedDossier(
        Desks(),
        Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út"),
        by=cast.clerk,
        at=vn("2016-03-01T09:00"),
        code="CU-160301-0001",
        due_at=vn("2016-03-21T17:00"),
    )
    life.do(verbs.resolve, by=cast.clerk, at=vn("2016-03-22T09:00"), outcome="approved")
    write([life])
    page = page_of(cast, Dossier.objects.get())
    assert "Ngày hẹn trả 21/03/2016 chép theo sổ cũ, chương trình không tính lại." in page
    assert "Tính theo lịch hiện nay: 17:00 thứ Ba 15/03/2016." in page
    assert "So ngày 22/03/2016 với ngày hẹn trả 21/03/2016: trễ 1 ngày làm việc." in page


def test_explanation_open_dossier_is_explained_as_it_stands_today(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with time_machine.travel(vn("2016-03-17T10:00"), tick=False):
        page = page_of(cast, dossier)
    assert "So hôm nay 17/03/2016 với ngày hẹn trả 15/03/2016: quá hạn 2 ngày làm việc." in page


def test_explanation_of_a_corrected_receipt_tells_the_date_of_the_slip(cast: Cast) -> None:
    dossier = cast.received("2016-03-02T09:00")
    at = vn("2016-03-03T09:00")
    new = {"received_at": vn("2016-03-01T09:00"), "reason": "Nhầm"}
    perform.correct(dossier, by=cast.clerk, at=at, **new)
    page = page_of(cast, dossier)
    assert (
        "Tiếp nhận lúc 09:00 ngày 01/03/2016. Thời hạn 10 ngày làm việc, hẹn trả ngày 15/03/2016. "
        "Trước khi sửa thông tin ngày 03/03/2016, đã hẹn trả ngày 16/03/2016." in page
    )
    assert "ngày hẹn trả là" not in page


def test_explanation_of_a_correction_after_a_pause_tells_no_date_twice(cast: Cast) -> None:
    dossier = cast.received("2019-03-04T09:00")
    how = {"by": cast.clerk}
    perform.ask_supplement(
        dossier, at=vn("2019-03-06T09:00"), items="Bản trích lục", reason="Thiếu", **how
    )
    perform.receive_supplement(dossier, at=vn("2019-03-11T09:00"), **how)
    at, new = vn("2019-03-12T09:00"), {"received_at": vn("2019-03-01T09:00"), "reason": "Nhầm"}
    perform.correct(dossier, at=at, **new, **how)
    page = page_of(cast, dossier)
    # Ten working days after 1/3/2019; the whole limit anew after 11/3/2019, as before.
    assert "hẹn trả ngày 15/03/2019. Trước khi sửa thông tin ngày 12/03/2019" in page
    assert "đã hẹn trả ngày 18/03/2019." in page
    assert "Từ ngày 11/03/2019, ngày hẹn trả là 25/03/2019 (tính lại sau bổ sung)." in page
    assert "(sửa thông tin)" not in page


def test_explanation_of_a_correction_that_moves_the_date_after_a_pause_says_so(
    cast: Cast,
) -> None:
    dossier = cast.received("2019-03-04T09:00")
    how = {"by": cast.clerk}
    perform.ask_supplement(
        dossier, at=vn("2019-03-06T09:00"), items="Bản trích lục", reason="Thiếu", **how
    )
    perform.receive_supplement(dossier, at=vn("2019-03-11T09:00"), **how)
    at = vn("2019-03-12T09:00")
    perform.correct(dossier, at=at, procedure=cast.building, reason="Nhầm", **how)
    page = page_of(cast, dossier)
    assert "Thời hạn 15 ngày, hẹn trả ngày 19/03/2019." in page
    assert "Từ ngày 12/03/2019, ngày hẹn trả là 26/03/2019 (sửa thông tin)." in page
