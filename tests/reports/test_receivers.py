"""Received here, solved there: figures count at the solver, one report counts by the receiver."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from motcua.models import Office
from reports.figures.offices import every_office
from reports.figures.tables import By, table
from reports.lists.receivers import receivers_behind, receivers_sheet
from reports.register.book import Book
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import Scope
from tests.cast import Cast, make_staff, vn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def of_that_day() -> object:
    with time_machine.travel(vn("2026-03-31T16:00"), tick=False):
        yield


@pytest.fixture
def received(cast: Cast) -> list[Dossier]:
    """Biển Bạch receives one for itself and two for Tân Lộc, Tân Lộc two for itself."""

    def one(day: int, receiver: Office, solver: Office) -> Dossier:
        intake = Intake(
            office=solver,
            receiver=receiver,
            procedure=cast.birth,
            applicant_name=f"Người {day}",
        )
        by = cast.other_clerk if receiver == cast.bien_bach else cast.commune_clerk
        return perform.register(intake, by=by, at=vn(f"2026-03-{day:02}T09:00"))

    here, there = cast.bien_bach, cast.tan_loc
    return [
        one(2, here, here),
        one(3, here, there),
        one(17, here, there),
        one(18, there, there),
        one(20, there, there),
    ]


def march() -> Period:
    return parse_period("2026-03").told_on(date(2026, 3, 31))


def everything(period: Period) -> Scope:
    return every_office().scope_of_all(period)


def test_figures_count_at_the_solver(cast: Cast, received: list[Dossier]):
    period = march()
    rows = {
        row.key: row.figures["received"]
        for row in table(period, everything(period), By.OFFICE).rows
    }

    assert (rows[cast.bien_bach.code], rows[cast.tan_loc.code]) == (1, 4)


def test_receivers_sheet_counts_by_receiver_and_every_number_opens_its_dossiers(
    cast: Cast, received: list[Dossier]
):
    period = march()
    scope = everything(period)
    sheet = receivers_sheet(period, scope)
    rows = {row.key: row.said for row in sheet.rows}

    assert sheet.problems == []
    assert rows[cast.bien_bach.code] == {
        "received_here": 3,
        "for_itself": 1,
        "for_others": 2,
        "by_others": 0,
        "received": 1,
    }
    assert rows[cast.tan_loc.code] == {
        "received_here": 2,
        "for_itself": 2,
        "for_others": 0,
        "by_others": 2,
        "received": 4,
    }
    assert sheet.total is not None
    for row in sheet.rows:
        for name, number in row.said.items():
            found = receivers_behind(name, period, scope.row(row.key))
            assert found.count() == number, (row.key, name)
    for name, number in sheet.total.said.items():
        assert receivers_behind(name, period, scope).count() == number, name


def test_receivers_sheet_of_one_office_alone(cast: Cast, received: list[Dossier]):
    period = march()
    scope = everything(period).row(cast.tan_loc.code)
    (row,) = receivers_sheet(period, scope).rows

    assert row.said == {
        "received_here": 2,
        "for_itself": 2,
        "for_others": 0,
        "by_others": 2,
        "received": 4,
    }


def test_receivers_page_files_and_numbers(cast: Cast, received: list[Dossier]):
    client = Client()
    client.force_login(make_staff("chu-tich-tinh", cast.district, "leader"))
    page = client.get(reverse("further_report", args=["noi-nhan"]), {"ky": "2026-03"})

    assert page.status_code == 200
    assert "Theo nơi tiếp nhận" in page.content.decode()
    opened = client.get(
        reverse("further_dossiers", args=["noi-nhan"]),
        {"ky": "2026-03", "cot": "for_others", "nhom": cast.bien_bach.code},
    )
    assert opened.status_code == 200
    assert [
        received[1].code in opened.content.decode(),
        received[0].code in opened.content.decode(),
    ] == [True, False]
    for format in ("csv", "xlsx", "pdf"):
        file = client.get(reverse("further_export", args=["noi-nhan", format]), {"ky": "2026-03"})
        assert file.status_code == 200, format


def test_book_is_the_receivers(cast: Cast, received: list[Dossier]):
    period = march()
    leader = make_staff("chu-tich-bb", cast.bien_bach, "leader")
    scope = everything(period).row(cast.bien_bach.code)
    book = Book(staff=leader, scope=scope, year=2026, month=3)

    assert [line.number for line in book.lines()] == [1, 2, 3]
    keys = book.keys()
    assert keys.count() == 3
    assert keys[2:3] == [received[2].pk]
    assert keys[0:2] == [received[0].pk, received[1].pk]
