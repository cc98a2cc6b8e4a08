"""The front page, and where and when the desk of a dossier is open."""

from collections.abc import Iterator
from datetime import time

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Office
from procedures.models import WorkSession
from tests.cast import Cast, vn
from tests.dossiers.test_lookup import NOW, answer


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Thursday 18/02/2016, nine working days after Tết began; the land dossier of the cast,
    received on 04/02/2016, is due on Thursday 25/02/2016."""
    with time_machine.travel(NOW, tick=False):
        yield


def test_lookup_home_desk_says_where_it_is_and_when_it_is_open(cast: Cast, client: Client) -> None:
    Office.objects.filter(pk=cast.district.pk).update(
        address="Khóm 1, thị trấn Thới Bình", phone="0290 386 0000"
    )

    page = answer(client, cast.received().code)

    assert "Bộ phận Tiếp nhận và Trả kết quả huyện Thới Bình" in page
    assert "Địa chỉ: Khóm 1, thị trấn Thới Bình" in page
    assert '<a href="tel:02903860000">0290 386 0000</a>' in page
    assert "thứ Hai - thứ Sáu" in page
    assert "07:00 - 11:00, 13:00 - 17:00" in page


def test_office_with_hours_of_its_own_shows_those_in_force(cast: Cast, client: Client) -> None:
    for weekday in (0, 1, 2, 3, 5):
        WorkSession.objects.create(
            office=cast.district, weekday=weekday, opens=time(7, 30), closes=time(11, 30)
        )
    WorkSession.objects.create(
        office=cast.district,
        weekday=6,
        opens=time(8),
        closes=time(9),
        valid_to=vn("2015-12-31T00:00").date(),
    )

    page = answer(client, cast.received().code)

    assert "thứ Hai - thứ Năm" in page
    assert '<th scope="row">thứ Bảy</th>' in page
    assert "07:30 - 11:30" in page
    assert "Chủ nhật" not in page


def test_lookup_home_front_page_has_the_look_up_first_and_every_sector(
    cast: Cast, client: Client
) -> None:
    page = client.get("/").content.decode()

    assert page.index('action="/tra-cuu/"') < page.index('action="/thu-tuc/"')
    assert "Đất đai" in page
    assert "Hộ tịch" in page
    assert "Đăng nhập" in page


def test_lookup_home_front_page_asks_for_sectors_and_events_once_however_many(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.clerk)
    client.get("/")

    with CaptureQueriesContext(connection) as statements:
        client.get("/")

    assert len(statements) == 3  # and the desks, whose catalogues decide what is shown
