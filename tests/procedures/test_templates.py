"""What an office begins from, and the first step of a real desk: one office, one template."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from motcua.models import Division, Office
from motcua.operations.base_data import load_offices
from procedures.catalogue import DATA, load_catalogue
from procedures.models import OfficeOffer, Procedure, Sector, SolvingDivision
from procedures.offices.solving import solver_of
from procedures.offices.templates import (
    NewOffice,
    begin_from,
    begin_shipped_offices,
    choose_office,
    templates,
)
from tests.cast import Cast, make_procedure, make_staff

pytestmark = pytest.mark.django_db

LEADERS = "Lãnh đạo ký duyệt"


@pytest.fixture
def shipped() -> None:
    """As `load_base` leaves it, without the procedures."""
    load_offices()
    begin_shipped_offices()


def _named(office: Office) -> list[str]:
    return list(office.divisions.order_by("name").values_list("name", flat=True))


def _lines(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("key", "catalogue"),
    [("commune-2016", "catalogue_commune.csv"), ("district-2016", "catalogue_district.csv")],
)
def test_templates_of_2016_have_the_divisions_that_its_catalogue_names(
    key: str, catalogue: str
) -> None:
    named = {row["department"] for row in _lines(catalogue)} - {""}
    divisions = templates()[key].divisions
    assert {line.name for line in divisions if not line.is_leaders} == named
    assert [line.name for line in divisions if line.is_leaders] == [LEADERS]


def test_templates_of_2026_name_only_sectors_of_its_catalogue_and_each_once() -> None:
    known = {row["sector"].strip() for row in _lines("catalogue_commune_2026.csv")}
    named = [name for line in templates()["commune-2026"].divisions for name in line.sectors]
    assert len(named) == len(set(named))
    assert set(named) <= known
    assert known - set(named) == {"Hải quan", "Đăng ký biện pháp bảo đảm"}


def test_templates_of_a_level_are_those_of_its_offices() -> None:
    of_level: dict[str, list[str]] = {}
    for each in templates().values():
        of_level.setdefault(each.level, []).append(each.key)
    assert of_level["commune"] == ["commune-2016", "commune-2026"]
    assert of_level["province"] == ["province"]


def test_begin_from_commune_2026_makes_divisions_solvers_and_the_catalogue() -> None:
    load_offices()
    ward = Office.objects.create(code="99001", name="Phường Mới", kind="phường", level="commune")
    begin_from(ward, "commune-2026")
    names = _named(ward)
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in names
    assert "Phòng Kinh tế" not in names
    assert ward.divisions.get(is_leaders=True).name == LEADERS
    birth = Procedure.objects.get(key="1.001193")
    assert solver_of(birth, birth.versions.get(), ward).words == "Văn phòng HĐND và UBND"
    offered = Procedure.objects.offered_by(ward)
    assert offered.count() == 205
    assert set(offered.values_list("catalogue", flat=True)) == {"2026"}


def test_begin_from_again_changes_nothing_that_an_administrator_changed() -> None:
    Sector.objects.create(name="Hộ tịch")
    office = Office.objects.create(code="99001", name="Xã Mới", kind="xã", level="commune")
    begin_from(office, "commune-2026")
    economy = office.divisions.get(name="Phòng Kinh tế")
    economy.name = "Phòng Kinh tế và Đô thị"
    economy.save()
    SolvingDivision.objects.filter(office=office, sector__name="Hộ tịch").update(division=economy)
    OfficeOffer.objects.filter(office=office).update(catalogue="own")
    before = office.divisions.count()

    begin_from(office, "commune-2026")
    # What was renamed is not known by its name any more, so that the template's comes beside it.
    assert office.divisions.count() == before + 1
    assert SolvingDivision.objects.get(office=office, sector__name="Hộ tịch").division == economy
    assert OfficeOffer.objects.get(office=office).catalogue == "own"


def test_begin_from_another_template_puts_away_only_what_nobody_uses(shipped: None) -> None:
    office = Office.objects.get(code="32086")
    make_staff(
        "ho-tich",
        office,
        "specialist",
        division=office.divisions.get(name="Tư pháp - Hộ tịch"),
    )
    begin_from(office, "commune-2026")
    assert _named(office) == [
        *("Ban Chỉ huy Quân sự xã", "Công an xã", LEADERS, "Phòng Kinh tế"),
        *("Phòng Văn hóa - Xã hội", "Tư pháp - Hộ tịch", "Văn phòng HĐND và UBND"),
    ]
    begin_from(office, "commune-2016")
    assert "Phòng Kinh tế" not in _named(office)
    solving = SolvingDivision.objects.filter(office=office)
    assert {row.division.name for row in solving} <= {"Ban Chỉ huy Quân sự xã"}, "of both"


def test_begin_from_refuses_a_template_of_another_level(shipped: None) -> None:
    with pytest.raises(ValueError, match="dành cho cấp huyện"):
        begin_from(Office.objects.get(code="32086"), "district-2016")


def test_begin_shipped_offices_leaves_alone_what_an_administrator_made_or_changed() -> None:
    load_offices()
    load_catalogue()
    administrator = make_staff("quan-tri", Office.objects.get(code="967"), "administrator")
    ward = Office.objects.create(code="99001", name="Phường Mới", kind="phường", level="commune")
    changed, begun = Office.objects.get(code="32068"), Office.objects.get(code="32069")
    changed.phone = "0290 3860 123"
    changed._history_user = administrator
    changed.save()
    Division.objects.create(office=begun, name="Tổ một cửa").delete()

    assert begin_shipped_offices() > 0
    for untouched in (ward, changed, begun):
        assert not untouched.divisions.exists()
    assert Office.objects.get(code="32086").divisions.filter(is_leaders=True).exists()
    renamed = Division.objects.get(office__code="32086", name="Tư pháp - Hộ tịch")
    renamed.name = "Tư pháp"
    renamed.save()
    assert begin_shipped_offices() == 0


def test_load_base_brings_back_neither_offices_nor_divisions_after_the_choice() -> None:
    call_command("load_base", stdout=StringIO())
    chosen = choose_office(Office.objects.get(code="32092"), "commune-2026")
    assert [office.code for office in Office.objects.filter(is_hidden=False)] == [
        *("32092", "96", "967"),
    ]
    before = (Office.objects.count(), Division.objects.count(), _named(chosen))

    call_command("load_base", stdout=StringIO())
    assert (Office.objects.count(), Division.objects.count(), _named(chosen)) == before
    assert list(Office.objects.with_desk().values_list("code", flat=True)) == ["32092", "967"]


def test_choose_office_new_with_the_code_of_an_unused_shipped_one(shipped: None) -> None:
    """32065 was the town of Thới Bình and is the commune since 1/7/2025."""
    province = Office.objects.get(code="96")
    facts = NewOffice("32065", "Xã Thới Bình", "xã", "commune", province)
    office = choose_office(facts, "commune-2026")
    assert (office.name, office.parent, office.is_hidden) == ("Xã Thới Bình", province, False)
    assert [one.code for one in Office.objects.filter(is_hidden=False)] == ["32065", "96"]
    assert "Tư pháp - Hộ tịch" not in _named(office)
    history = office.history.count()

    again = choose_office(facts, "commune-2026")
    assert again.pk == office.pk
    assert again.history.count() == history
    assert Office.objects.filter(is_hidden=False).count() == 2


def test_choose_office_of_another_province_makes_the_line_above_it(shipped: None) -> None:
    province = NewOffice("92", "Thành phố Cần Thơ", "thành phố", "province")
    office = choose_office(
        NewOffice("31117", "Phường Ninh Kiều", "phường", "commune", province), "commune-2026"
    )
    assert office.parent is not None
    assert office.parent.name == "Thành phố Cần Thơ"
    assert {one.code for one in Office.objects.filter(is_hidden=False)} == {"92", "31117"}


def test_choose_office_keeps_what_has_staff_and_the_communes_below_if_wished(
    shipped: None,
) -> None:
    make_staff("can-bo", Office.objects.get(code="32068"), "clerk")
    district = Office.objects.get(code="967")
    choose_office(district, "district-2016")
    shown = Office.objects.filter(is_hidden=False)
    assert {one.code for one in shown} == {"96", "967", "32068"}

    choose_office(district, "district-2016", with_those_below=True)
    assert shown.all().count() == 14


def test_choose_office_does_not_take_the_code_of_an_office_in_use(shipped: None) -> None:
    make_staff("can-bo", Office.objects.get(code="32065"), "clerk")
    facts = NewOffice("32065", "Xã Thới Bình", "xã", "commune")
    with pytest.raises(ValueError, match="Mã 32065 đang là của Thị trấn Thới Bình"):
        choose_office(facts, "commune-2026")
    assert Office.objects.get(code="32065").name == "Thị trấn Thới Bình"


def test_choose_office_province_receives_what_its_administrator_enters(shipped: None) -> None:
    office = choose_office(Office.objects.get(code="96"), "province")
    assert office in Office.objects.with_desk()
    assert not Procedure.objects.offered_by(office).exists()
    own = make_procedure("T1", "Cấp phép", "Đất đai", "province", 5, "working_day")
    assert list(Procedure.objects.offered_by(office)) == [own]


def test_choose_office_for_a_second_one_hides_none_that_the_first_left(shipped: None) -> None:
    district, commune = (Office.objects.get(code=code) for code in ("967", "32086"))
    choose_office(district, "district-2016", with_those_below=True)
    seen = Office.objects.filter(is_hidden=False).count()
    choose_office(commune, "commune-2016")
    assert Office.objects.filter(is_hidden=False).count() == seen == 14


def test_begin_from_names_the_desk_as_the_template_does(cast: Cast) -> None:
    """A commune of the time of districts has no centre, whatever day it is."""
    assert cast.tan_loc.desk_on(date(2026, 1, 5))[0] == "Trung tâm Phục vụ"
    begin_from(cast.tan_loc, "commune-2016")
    assert cast.tan_loc.desk_on(date(2026, 1, 5)) == ("Bộ phận Tiếp nhận", "và Trả kết quả")
    cast.bien_bach.header = "Bộ phận một cửa"
    begin_from(cast.bien_bach, "commune-2016")
    assert cast.bien_bach.header == "Bộ phận một cửa"
