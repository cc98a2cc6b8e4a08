"""Which desk receives a procedure: one rule, in Python and in the database."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Office
from procedures.models import OfferedProcedure, OfferedSector, OfficeOffer, Procedure
from procedures.offering import offered_somewhere, offers_of, offices_for
from tests.cast import Cast, make_procedure


def test_levels_received_and_receiving_and_offered_by_agree_for_every_desk(cast: Cast) -> None:
    make_procedure("T901", "Của cấp tỉnh", "Đất đai", "province", 5, "working_day")
    Office.objects.filter(code__in=["32065", "32086"]).update(takes_district_procedures=True)
    offices, procedures = list(Office.objects.all()), list(Procedure.objects.all())
    for procedure in procedures:
        received = {o.pk for o in offices if procedure.level in o.levels_received}
        assert {office.pk for office in offices_for(procedure)} == received
        offering = {o.pk for o in offices if procedure in Procedure.objects.offered_by(o)}
        assert offering == received
    assert {office.code for office in offices_for(cast.land)} == {"967", "32065", "32086"}
    assert "967" not in {office.code for office in offices_for(cast.birth)}


def test_offered_by_leaves_out_what_is_closed(cast: Cast) -> None:
    Procedure.objects.filter(pk=cast.birth.pk).update(is_active=False)
    assert cast.birth not in Procedure.objects.offered_by(cast.tan_loc)


@pytest.fixture
def exceptions(cast: Cast) -> None:
    """Tân Lộc takes no civil status but for one procedure, and one of the district's; Biển Bạch
    all but one."""
    second = make_procedure("X903", "Đăng ký khai sinh", "Hộ tịch", "commune", 0, "same_day")
    OfferedSector.objects.create(office=cast.tan_loc, sector=cast.birth.sector, is_offered=False)
    OfferedSector.objects.create(office=cast.tan_loc, sector=cast.copy.sector, counter="2")
    for office, procedure, is_offered in (
        (cast.tan_loc, second, True),
        (cast.tan_loc, cast.land, True),
        (cast.bien_bach, cast.birth, False),
        (cast.district, cast.land, False),
    ):
        OfferedProcedure.objects.create(office=office, procedure=procedure, is_offered=is_offered)


def test_offered_by_follows_the_office_own_sectors_and_exceptions(
    cast: Cast, exceptions: None
) -> None:
    keys = Procedure.objects.offered_by(cast.tan_loc).values_list("key", flat=True)
    assert sorted(keys) == ["H901", "X901", "X903"]
    keys = Procedure.objects.offered_by(cast.bien_bach).values_list("key", flat=True)
    assert sorted(keys) == ["X901", "X903"]
    assert {office.code for office in offices_for(cast.land)} == {"32086"}


def test_offers_of_says_of_every_desk_and_procedure_what_the_database_says(
    cast: Cast, exceptions: None
) -> None:
    Procedure.objects.filter(pk=cast.copy.pk).update(is_active=False)
    Office.objects.filter(code="32065").update(takes_district_procedures=True)
    offices, procedures = list(Office.objects.all()), list(Procedure.objects.all())
    offers = offers_of(offices)
    for office in offices:
        by_rows = {one.pk for one in procedures if offers[office.pk].receives(one)}
        assert by_rows == set(Procedure.objects.offered_by(office).values_list("pk", flat=True))
    for procedure in (one for one in procedures if one.is_active):
        by_rows = {office.pk for office in offices if offers[office.pk].receives(procedure)}
        assert by_rows == {office.pk for office in offices_for(procedure)}


def test_offers_of_and_offices_for_ask_the_same_of_64_communes(cast: Cast) -> None:
    def asked(offices: list[Office]) -> int:
        with CaptureQueriesContext(connection) as queries:
            offers_of(offices)
            offices_for(cast.birth)
        return len(queries)

    before = asked([cast.tan_loc])
    for number in range(64):
        commune = Office.objects.create(
            code=f"9{number:04}", name=f"Xã {number}", level="commune", parent=cast.district
        )
        OfferedSector.objects.create(office=commune, sector=cast.copy.sector, is_offered=False)
    assert asked(list(Office.objects.all())) == before == 5


def test_offered_by_and_offices_for_agree_about_catalogues(cast: Cast) -> None:
    """An office without a row offers the catalogue of 2016; a centre of 2026 its own; both what an
    administrator entered."""
    procedures = []
    for number, catalogue in enumerate(("2016", "2026", "own"), start=1):
        one = make_procedure(f"C{number}", "Việc", "Hộ tịch", "commune", 1, "working_day")
        one.catalogue = catalogue
        one.save()
        procedures.append(one)
    unknown = make_procedure("C4", "Chưa rõ hạn", "Hộ tịch", "commune", 0, "")
    OfficeOffer.objects.create(office=cast.tan_loc, catalogue="2026")
    OfficeOffer.objects.create(office=cast.bien_bach, catalogue="own")
    offers = offers_of([cast.tan_loc, cast.bien_bach, cast.district])
    for office, wanted in ((cast.tan_loc, "C2 C3"), (cast.bien_bach, "C3"), (cast.district, "")):
        offered = set(Procedure.objects.offered_by(office))
        for procedure in procedures:
            received = procedure.key in wanted
            assert (procedure in offered) is received
            assert offers[office.pk].receives(procedure) is received
            assert (office in offices_for(procedure)) is received
        assert unknown not in offered
        assert not offers[office.pk].receives(unknown)
    assert len(offices_for(procedures[0])) == 10, "the communes without a row of their own"


def test_offices_for_leaves_out_what_is_hidden_or_has_ended(cast: Cast) -> None:
    Office.objects.filter(pk=cast.tan_loc.pk).update(is_hidden=True)
    assert cast.tan_loc not in offices_for(cast.birth)


def test_offered_somewhere_is_what_some_desk_of_the_installation_could_receive(
    cast: Cast, client: Client
) -> None:
    def told() -> set[str]:
        return set(offered_somewhere().procedures.values_list("key", flat=True))

    Procedure.objects.filter(pk=cast.copy.pk).update(catalogue="2016")
    newer = make_procedure("C1", "Cấp bản sao", "Hộ tịch", "commune", 1, "working_day")
    Procedure.objects.filter(pk=newer.pk).update(catalogue="2026")
    assert told() == {"H901", "H902", "X901", "X902"}
    Office.objects.exclude(pk=cast.tan_loc.pk).update(is_hidden=True)
    OfficeOffer.objects.create(office=cast.tan_loc, catalogue="2026")
    assert told() == {"C1", "X902"}, "of the commune alone, and not of 2016"
    assert "Chứng thực bản sao" not in client.get("/thu-tuc/").content.decode()
    OfferedProcedure.objects.create(office=cast.tan_loc, procedure=cast.land, is_offered=True)
    assert told() == {"C1", "H901", "X902"}
    page = client.get("/thu-tuc/X901/").content.decode()
    assert "Hiện không nơi nào ở đây nhận thủ tục này" in page
    assert "Nộp hồ sơ trực tuyến" not in page
    Office.objects.update(is_hidden=True)
    assert len(told()) == 5, "without any desk everything"
