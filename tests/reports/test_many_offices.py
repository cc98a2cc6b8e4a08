"""A province with 64 communes and 1,000 staff: every page asks as many questions as with three."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Division, Office, Staff
from tests.cast import Cast, make_staff

pytestmark = pytest.mark.django_db

COMMUNES, STAFF = 64, 1000
# Addresses, and whether the leader above or a commune's clerk asks.
PAGES = {
    "/bao-cao/?ky=2016-Q1&theo=don-vi": "leader",
    "/bao-cao/bao-cao.csv?ky=2016-Q1&theo=don-vi": "leader",
    "/bao-cao/chot/?nam=2016": "leader",
    "/thong-ke/?ky=2016-Q1": "leader",
    "/so-theo-doi/?nam=2016": "leader",
    "/ho-so/": "leader",
    "/ho-so/tiep-nhan/": "clerk",
    "/ho-so/tiep-nhan/?thu-tuc=X902": "clerk",
    "/ban-lam-viec/": "clerk",
    "/don-vi/": "",
    "/thu-tuc/": "",
    "/nop-ho-so/X902/": "",
    "/quan-tri/motcua/staff/": "keeper",
    "/quan-tri/motcua/office/": "keeper",
}


def make_province(communes: int, staff: int) -> dict[str, Staff]:
    """Communes under one province, with this many staff spread over them."""
    province = Office.objects.create(
        code="97", name="Tỉnh Mới", kind="tỉnh", level="province", has_desk=False
    )
    made = [
        Office(code=f"98{n:03}", name=f"Xã Số {n}", kind="xã", level="commune", parent=province)
        for n in range(communes)
    ]
    Office.objects.bulk_create(made)
    Division.objects.bulk_create(
        Division(office=office, name="Văn hóa - Xã hội") for office in made
    )
    Staff.objects.bulk_create(
        Staff(
            username=f"cb{n:04}",
            full_name=f"Cán bộ {n}",
            office=made[n % communes],
            is_clerk=True,
        )
        for n in range(staff)
    )
    return {
        "leader": make_staff("chu-tich-moi", province, "leader"),
        "clerk": make_staff("canbo-moi", made[0], "clerk", "specialist"),
        "keeper": make_staff("quan-tri-moi", None, "administrator", is_staff=True),
    }


@pytest.fixture
def queries(cast: Cast) -> Callable[[dict[str, Staff]], dict[str, int]]:
    def count(people: dict[str, Staff]) -> dict[str, int]:
        found = {}
        for address, who in PAGES.items():
            client = Client()
            if who:
                client.force_login(people[who])
            client.get(address)  # what is kept in the process is asked once
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            found[address] = len(captured)
        return found

    return count


def test_pages_of_64_communes_and_1000_staff_ask_as_much_as_those_of_three(
    cast: Cast, queries: Callable[[dict[str, Staff]], dict[str, int]]
) -> None:
    people = make_province(3, 9)
    few = queries(people)
    cache.clear()
    province = Office.objects.get(code="97")
    more = [
        Office(code=f"99{n:03}", name=f"Xã Mới {n}", kind="xã", level="commune", parent=province)
        for n in range(COMMUNES - 3)
    ]
    Office.objects.bulk_create(more)
    Staff.objects.bulk_create(
        Staff(
            username=f"nv{n:04}",
            full_name=f"Nhân viên {n}",
            office=more[n % len(more)],
            is_clerk=True,
            is_specialist=n % 2 == 0,
        )
        for n in range(STAFF - 12)
    )
    many = queries(people)
    grown = {
        address: (few[address], many[address]) for address in PAGES if many[address] > few[address]
    }
    assert grown == {}
