"""Who solves a dossier: proposed to whoever hands it on, named on its papers and in the book."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from dossiers.lifecycle import steps
from dossiers.models import Dossier
from dossiers.paper import forms_04_06
from motcua.models import Division
from procedures.models import SolvingDivision
from reports.register.book import Book
from tests.cast import Cast, vn
from tests.reports.scopes import scopes_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(cast: Cast) -> Division:
    """From 1/7/2016 land goes to another division of the district."""
    division = cast.district.divisions.create(name="Phòng Nông nghiệp và Môi trường")
    SolvingDivision.objects.create(
        office=cast.district, sector=cast.land.sector, division=division, since=date(2016, 7, 1)
    )
    return division


def _proposed(dossier: Dossier) -> Division | None:
    proposal = steps.proposal(Dossier.objects.get(pk=dossier.pk))
    return proposal.division if proposal else None


@time_machine.travel(vn("2016-07-06T09:00"), tick=False)
def test_solving_division_of_an_open_dossier_stays_when_its_sector_moves(
    cast: Cast, moved: Division
) -> None:
    before, after = cast.received("2016-06-30T09:00"), cast.received("2016-07-05T09:00")
    assert _proposed(before) == cast.land_division
    assert _proposed(after) == moved

    Division.objects.filter(pk=cast.land_division.pk).update(is_active=False)
    assert _proposed(before) == moved, "a closed division takes nothing"


@time_machine.travel(vn("2016-07-06T09:00"), tick=False)
def test_solving_division_is_named_on_papers_and_in_the_book_as_of_the_receipt(
    cast: Cast, moved: Division
) -> None:
    before, after = cast.received("2016-06-30T09:00"), cast.received("2016-07-05T09:00")
    authority = "Ủy ban nhân dân huyện Thới Bình"
    assert forms_04_06._solver(before) == f"{cast.land_division}, {authority}"
    assert forms_04_06._solver(after) == f"{moved}, {authority}"
    book = Book(cast.clerk, scopes_for(cast.clerk)[0], 2016)
    told = {line.code: line.lead for line in book.lines()}
    assert told == {before.code: cast.land_division.name, after.code: moved.name}


@time_machine.travel(vn("2016-07-06T09:00"), tick=False)
def test_solving_division_of_today_is_told_at_the_intake(
    cast: Cast, moved: Division, client: Client
) -> None:
    client.force_login(cast.clerk)
    told = client.get("/ho-so/tiep-nhan/", {"thu-tuc": cast.land.key}).content.decode()
    assert f"{moved} giải quyết." in told
