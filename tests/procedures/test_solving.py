"""Which division of an office solves: by procedure, sector, the catalogue's name; on a day."""

from datetime import date

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Division, Office
from procedures.models import SolvingDivision
from procedures.offices.solving import Solvers, solved_at, solver_of
from procedures.parts import parts_of
from tests.cast import Cast, vn


def _solves(office: Office, name: str, since: date | None = None, **what: object) -> Division:
    division, _ = Division.objects.get_or_create(office=office, name=name)
    days = {"since": since} if since else {}
    SolvingDivision.objects.create(office=office, division=division, **what, **days)
    return division


def test_solver_of_without_rows_is_the_division_with_the_department_name(cast: Cast) -> None:
    land, birth = cast.land.versions.get(), cast.birth.versions.get()
    own = solver_of(cast.land, land, cast.district)
    assert (own.division, own.words) == (cast.land_division, cast.land_division.name)
    elsewhere = solver_of(cast.land, land, cast.tan_loc)
    assert (elsewhere.division, elsewhere.words) == (None, cast.land_division.name)
    assert solver_of(cast.birth, birth, cast.tan_loc).words == ""
    assert solver_of(cast.birth, None, cast.tan_loc).words == ""


def test_solver_of_procedure_comes_before_sector_before_name(cast: Cast) -> None:
    version, building = cast.land.versions.get(), cast.building.versions.get()
    of_sector = _solves(cast.district, "Phòng Tài nguyên", sector=cast.land.sector)
    assert solver_of(cast.land, version, cast.district).division == of_sector
    own = _solves(cast.district, "Phòng Tài chính", procedure=cast.land)
    assert solver_of(cast.land, version, cast.district).division == own
    assert solver_of(cast.building, building, cast.district).words == "Phòng Kinh tế và Hạ tầng"
    assert solver_of(cast.land, version, cast.bien_bach).words == cast.land_division.name


@time_machine.travel(vn("2016-08-01T09:00"), tick=False)
def test_solver_of_a_day_is_who_solved_then(cast: Cast) -> None:
    version = cast.land.versions.get()
    first = _solves(cast.district, "Phòng Tài nguyên", sector=cast.land.sector)
    second = _solves(cast.district, "Phòng Nông nghiệp", date(2016, 7, 1), sector=cast.land.sector)
    SolvingDivision.objects.create(
        office=cast.district, sector=cast.land.sector, since=date(2016, 9, 1)
    )
    days = (date(2016, 6, 30), date(2016, 7, 1), date(2016, 8, 31), date(2016, 9, 1))
    solvers = Solvers([cast.district])
    told = [solvers.of(cast.land, version, cast.district, day).division for day in days]
    assert told == [first, second, second, cast.land_division]
    second.is_active = False
    second.save()
    closed = solver_of(cast.land, version, cast.district, date(2016, 7, 31))
    assert (closed.division, closed.words) == (None, "Phòng Nông nghiệp")
    assert solver_of(cast.land, version, cast.district).division == cast.land_division


def test_solvers_ask_the_same_of_64_communes(cast: Cast) -> None:
    version = cast.birth.versions.get()
    for number in range(64):
        commune = Office.objects.create(
            code=f"9{number:04}", name=f"Xã {number}", level="commune", parent=cast.district
        )
        _solves(commune, "Phòng Văn hóa - Xã hội", sector=cast.birth.sector)
    offices = list(Office.objects.filter(level="commune"))
    with CaptureQueriesContext(connection) as queries:
        solvers = Solvers(offices)
        told = [solvers.of(cast.birth, version, office).words for office in offices]
    assert len(queries) == 2
    assert told.count("Phòng Văn hóa - Xã hội") == 64


def test_solved_at_names_the_division_of_each_desk_where_they_differ(
    cast: Cast, client: Client
) -> None:
    cast.birth.versions.update(department="Tư pháp - Hộ tịch")
    same = client.get("/thu-tuc/X902/").content.decode()
    assert "giải quyết: Tư pháp - Hộ tịch" in same
    assert "Giải quyết: Tư pháp" not in same

    _solves(cast.tan_loc, "Phòng Văn hóa - Xã hội", sector=cast.birth.sector)
    shown = client.get("/thu-tuc/X902/").content.decode()
    assert "phòng giải quyết ghi ở từng nơi nộp dưới đây" in shown
    assert shown.count("<span>Giải quyết: Phòng Văn hóa - Xã hội</span>") == 1
    assert shown.count("<span>Giải quyết: Tư pháp - Hộ tịch</span>") == 11

    solved = solved_at(
        cast.birth,
        cast.birth.versions.get(),
        [cast.tan_loc, cast.bien_bach],
        date(2016, 1, 1),
    )
    agency = next(
        p for p in parts_of(cast.birth, cast.birth.versions.get(), solved) if p.key == "agency"
    )
    assert agency.lines[1:] == (
        "Giải quyết: Phòng Văn hóa - Xã hội (Xã Tân Lộc)",
        "Giải quyết: Tư pháp - Hộ tịch (Xã Biển Bạch)",
    )
