"""What a new office offers that others became, and who solves it there."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from motcua.models import Office
from procedures.models import (
    OfferedProcedure,
    OfferedSector,
    OfficeOffer,
    Procedure,
    SolvingDivision,
)
from procedures.offices.solving import solver_of
from procedures.offices.succession import take_over_offer
from tests.cast import Cast, make_procedure, vn

DAY = date(2025, 7, 1)


@pytest.fixture
def successor(cast: Cast) -> Office:
    return Office.objects.create(
        code="99001", name="Xã Mới", kind="xã", level="commune", exists_from=DAY
    )


def test_take_over_offer_joins_what_the_predecessors_offered(cast: Cast, successor: Office) -> None:
    both = [cast.tan_loc, cast.bien_bach]
    marriage = make_procedure("X903", "Kết hôn", "Hộ tịch", "commune", 3, "working_day")
    OfficeOffer.objects.create(office=cast.bien_bach, catalogue="own", shows_counters=True)
    for office in both:
        OfferedSector.objects.create(
            office=office, sector=cast.copy.sector, is_offered=False, counter="3"
        )
    OfferedSector.objects.create(office=both[0], sector=cast.birth.sector, is_offered=False)
    for office, procedure, is_offered in (
        (both[0], marriage, False),
        (both[0], cast.land, True),
        (both[1], cast.land, False),
    ):
        OfferedProcedure.objects.create(office=office, procedure=procedure, is_offered=is_offered)

    take_over_offer(None, predecessors=both, successor=successor, divisions={}, day=DAY)
    offered = set(Procedure.objects.offered_by(successor))
    assert offered == {cast.birth, marriage, cast.land}
    offer = OfficeOffer.objects.get(office=successor)
    assert (offer.catalogue, offer.shows_counters) == ("own", False)
    assert not OfferedSector.objects.filter(office=successor).exclude(counter="").exists()


def test_take_over_offer_solves_as_the_seat_did_by_what_its_divisions_became(
    cast: Cast, successor: Office
) -> None:
    old = cast.tan_loc.divisions.create(name="Tổ hộ tịch")
    new = successor.divisions.create(name="Tổ hộ tịch")
    other = cast.bien_bach.divisions.create(name="Văn phòng")
    for office, division in ((cast.tan_loc, old), (cast.bien_bach, other)):
        SolvingDivision.objects.create(
            office=office, sector=cast.birth.sector, division=division, since=date(2024, 1, 1)
        )
    take_over_offer(
        None,
        predecessors=[cast.tan_loc, cast.bien_bach],
        successor=successor,
        divisions={old.pk: new.pk},
        day=DAY,
    )
    version = cast.birth.versions.get()
    assert solver_of(cast.birth, version, successor, date(2025, 6, 1)).division == new
    assert solver_of(cast.birth, version, successor, date(2023, 6, 1)).division is None
    assert SolvingDivision.objects.filter(office=successor).count() == 1


def test_take_over_offer_leaves_an_office_that_was_there_before_as_it_is(cast: Cast) -> None:
    OfferedSector.objects.create(office=cast.tan_loc, sector=cast.birth.sector, is_offered=False)
    take_over_offer(
        None, predecessors=[cast.tan_loc], successor=cast.bien_bach, divisions={}, day=DAY
    )
    assert not OfferedSector.objects.filter(office=cast.bien_bach).exists()


@time_machine.travel(vn("2025-07-01T08:00"), tick=False)
def test_take_over_offer_hears_of_every_merger(cast: Cast, tmp_path: Path) -> None:
    for office in (cast.tan_loc, cast.bien_bach):
        OfficeOffer.objects.create(office=office, catalogue="own")
    file = tmp_path / "merger.csv"
    file.write_text(
        "old_code,old_name,new_code,new_name,on\n"
        "32086,Xã Tân Lộc,32083,Xã Tân Lộc Mới,2025-07-01\n"
        "32083,Xã Tân Lộc Bắc,32083,Xã Tân Lộc Mới,2025-07-01\n"
        "32068,Xã Biển Bạch,32083,Xã Tân Lộc Mới,2025-07-01\n",
        encoding="utf-8",
    )
    call_command("merge_offices", str(file), stdout=StringIO())
    successor = Office.objects.get(name="Xã Tân Lộc Mới")
    assert OfficeOffer.objects.get(office=successor).catalogue == "own"
