"""Ticked rows of the desk, apologised for together."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from dossiers.lifecycle import perform
from dossiers.models import Apology, Dossier, LateCause, ReasonTemplate
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

TOGETHER = "/ban-lam-viec/xin-loi/"
LATE = "/ban-lam-viec/?hang-doi=qua-han"


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with time_machine.travel(vn("2019-10-21T08:00"), tick=False):
        yield


@pytest.fixture
def three(cast: Cast) -> list[Dossier]:
    """Due Thursday 17/10/2019."""
    return [cast.received(f"2019-10-03T09:{minute}0") for minute in range(3)]


def typed(dossiers: list[Dossier], **words: Any) -> dict[str, Any]:
    cause, _ = LateCause.objects.get_or_create(code="B4", defaults={"name": "Xác minh"})
    return {
        **{"cause": cause.pk, "reason": "Phải đo lại", "new_due_at": "31/10/2019"},
        **{"signer": "Phạm Hoàng Khởi", "told_how": "điện thoại", "token": str(uuid4())},
        **{"hang-doi": "qua-han", "ho-so": [dossier.code for dossier in dossiers]},
        **words,
    }


def test_apologies_together_have_one_reason_and_a_day_for_all_or_of_their_own(
    cast: Cast, three: list[Dossier]
) -> None:
    own = {f"ngay-{three[1].code}": "4/11/2019", "reason-mau": "Thiếu người đo"}
    answer = logged_in(cast.clerk).post(TOGETHER, typed(three, **own), follow=True)
    assert "Đã xin lỗi và hẹn lại 3 hồ sơ." in text(answer)
    assert answer.context["chosen"].key == "qua-han"
    told = Apology.objects.order_by("dossier").values_list("reason", "new_due_at")
    days = ("2019-10-31T17:00", "2019-11-04T17:00", "2019-10-31T17:00")
    assert list(told) == [("Thiếu người đo\nPhải đo lại", vn(day)) for day in days]
    assert [d.events.get(kind="apologise").actor for d in three] == [cast.clerk] * 3


def test_apologies_together_begin_at_the_desk_with_the_ready_words(
    cast: Cast, three: list[Dossier]
) -> None:
    ReasonTemplate.objects.create(kind="apology", text="Chờ kết quả đo đạc")
    client = logged_in(cast.clerk)
    assert f'formaction="{TOGETHER}"' in client.get(LATE).content.decode()
    ticked = {"hang-doi": "qua-han", "ho-so": [three[0].code, three[2].code]}
    page = client.post(TOGETHER, ticked)
    assert page.status_code == 200
    assert "Xin lỗi, hẹn lại 2 hồ sơ" in text(page)
    assert "Chờ kết quả đo đạc" in text(page)
    assert not Apology.objects.exists()
    back = client.get(LATE).content.decode()
    assert back.count(" checked>") == 2
    assert f'formaction="{TOGETHER}"' not in logged_in(cast.specialist).get(LATE).content.decode()


def test_apologies_together_name_each_refusal_and_keep_it_with_what_was_typed(
    cast: Cast, three: list[Dossier]
) -> None:
    told, waits, fine = three
    cause = typed(three)["cause"]
    perform.apologise(
        told,
        by=cast.clerk,
        cause=LateCause.objects.get(pk=cause),
        reason="Đo lại",
        new_due_at=vn("2019-10-30T17:00"),
        signer="Khởi",
    )
    perform.ask_supplement(waits, by=cast.clerk, items="Đơn", reason="Thiếu")
    client = logged_in(cast.clerk)
    page = client.post(TOGETHER, typed(three))
    assert page.status_code == 409
    words = text(page)
    assert "Đã xin lỗi và hẹn lại 1 hồ sơ." in words
    assert f"{told.code} : Hồ sơ này đã xin lỗi 1 lần." in words
    assert f"{waits.code} : Hồ sơ đang chờ công dân bổ sung" in words
    assert fine.code not in words
    assert "Phải đo lại" in words
    assert Apology.objects.count() == 2
    assert client.get(LATE).context["ticked"] == [told.code, waits.code]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"new_due_at": ""}, "Hãy ghi ngày hẹn lại cho mọi hồ sơ, hoặc ngày riêng"),
        ({"new_due_at": "2/11/2019"}, "Ngày 02/11/2019 không làm việc"),
        ({"reason": ""}, "Hãy ghi lý do xin lỗi."),
        ({"token": "x"}, "Phải đo lại"),
    ],
)
def test_apologies_together_with_something_wrong_do_nothing_and_lose_nothing(
    cast: Cast, three: list[Dossier], wrong: dict[str, str], sentence: str
) -> None:
    page = logged_in(cast.clerk).post(TOGETHER, typed(three, **wrong))
    assert page.status_code == 422
    assert sentence in text(page)
    assert page.content.decode().count('name="ho-so"') == 3
    assert not Apology.objects.exists()


def test_apologies_together_leave_dossiers_of_other_offices(
    cast: Cast, three: list[Dossier]
) -> None:
    answer = logged_in(cast.other_clerk).post(TOGETHER, typed(three))
    assert answer.status_code == 422
    assert "Hãy đánh dấu ít nhất một hồ sơ." in text(answer)
