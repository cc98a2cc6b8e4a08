"""The pages on which an administrator keeps what an office offers, by sector and procedure."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Office
from procedures.models import (
    OfferedProcedure,
    OfferedSector,
    OfficeOffer,
    Procedure,
    SolvingDivision,
)
from procedures.offices.solving import solver_of
from tests.cast import Cast, make_procedure, make_staff, vn
from tests.dossiers.pages import text

PAGE = "/quan-tri/don-vi/967/thu-tuc/"


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False):
        yield


@pytest.fixture
def keeper(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def _post(client: Client, act: str, *sectors: object, address: str = PAGE, **fields: str) -> object:
    data = {"act": act, "sectors": [getattr(one, "pk", one) for one in sectors], **fields}
    return client.post(address, data, follow=True)


def test_office_sectors_lists_each_with_its_procedures_and_who_solves(
    cast: Cast, keeper: Client
) -> None:
    told = text(keeper.get(PAGE))
    assert "Huyện Thới Bình nhận 2 thủ tục" in told
    assert "Đất đai nhận 1 / 1 thủ tục Chi nhánh Văn phòng Đăng ký đất đai huyện" in told
    assert "Hộ tịch" not in told, "a commune's"
    found = text(keeper.get(PAGE, {"tim": "nha o rieng le"}))
    assert "Hoạt động xây dựng" in found
    assert "Đất đai nhận" not in found
    assert "Không tìm thấy lĩnh vực" in text(keeper.get(PAGE, {"tim": "phi thuyền"}))
    assert keeper.get(PAGE, {"tim": "x" * 101}).status_code == 400


def test_switch_sectors_on_and_off_together(cast: Cast, keeper: Client) -> None:
    both = (cast.land.sector, cast.building.sector)
    answer = _post(keeper, "off", *both)
    assert "Đã thôi nhận 2 lĩnh vực" in text(answer)
    assert not Procedure.objects.offered_by(cast.district).exists()
    assert "không nhận 0 / 1" in text(keeper.get(PAGE))
    _post(keeper, "off", *both)
    assert OfferedSector.history.count() == 2, "what is so already is not written again"
    _post(keeper, "on", cast.land.sector)
    assert list(Procedure.objects.offered_by(cast.district)) == [cast.land]
    assert OfferedSector.history.filter(history_user=cast.administrator).count() == 3


def test_move_sectors_to_another_division_from_a_day(cast: Cast, keeper: Client) -> None:
    division = cast.district.divisions.create(name="Phòng Tài nguyên và Môi trường")
    told = _post(keeper, "move", cast.land.sector, division=str(division.pk), since="2016-04-01")
    assert "với hồ sơ nhận từ 01/04/2016" in text(told)
    version = cast.land.versions.get()
    for day, solver in (("2016-03-31", cast.land_division), ("2016-04-01", division)):
        on = date.fromisoformat(day)
        assert solver_of(cast.land, version, cast.district, on).division == solver
    _post(keeper, "move", cast.land.sector, division="", since="2016-04-01")
    on = date(2016, 4, 1)
    assert solver_of(cast.land, version, cast.district, on).division == cast.land_division
    assert SolvingDivision.objects.count() == 1


def test_move_sectors_refuses_the_past_and_divisions_that_cannot_solve(
    cast: Cast, keeper: Client
) -> None:
    elsewhere = cast.tan_loc.divisions.create(name="Địa chính")
    closed = cast.district.divisions.create(name="Phòng cũ", is_active=False)
    for division, since, sentence in (
        (cast.land_division, "2016-03-08", "phải từ hôm nay trở đi"),
        (cast.land_division, "31/13/2016", "Ngày chưa đúng"),
        (elsewhere, "", "Hãy chọn một phòng đang hoạt động"),
        (closed, "", "Hãy chọn một phòng đang hoạt động"),
    ):
        answer = _post(keeper, "move", cast.land.sector, division=str(division.pk), since=since)
        assert answer.status_code == 422
        assert sentence in text(answer)
        assert " checked" in answer.content.decode(), "what was ticked stays"
    assert not SolvingDivision.objects.exists()


@pytest.mark.parametrize(
    ("act", "sectors", "sentence"),
    [
        ("off", [], "Hãy đánh dấu ít nhất một lĩnh vực"),
        ("off", ["987654"], "Không có lĩnh vực này"),
        ("off", ["chữ"], "Không có lĩnh vực này"),
        ("off", ["9" * 40], "Không có lĩnh vực này"),
        ("xoa", ["1"], "Không rõ ông/bà chọn việc gì"),
    ],
)
def test_office_sectors_says_what_is_wrong_with_what_was_sent(
    cast: Cast, keeper: Client, act: str, sectors: list[str], sentence: str
) -> None:
    answer = _post(keeper, act, *sectors)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not OfferedSector.objects.exists()


def test_set_counter_is_told_in_public_only_if_the_office_says_so(
    cast: Cast, keeper: Client
) -> None:
    _post(keeper, "counter", cast.land.sector, counter="10")
    _post(keeper, "counter", cast.building.sector, counter="2")
    assert "Quầy" not in text(Client().get("/don-vi/967/"))
    keeper.post(PAGE, {"act": "offer", "catalogue": "2016", "shows_counters": "on"})
    told = text(Client().get("/don-vi/967/"))
    assert "Quầy 2 Hoạt động xây dựng Quầy 10 Đất đai" in told
    _post(keeper, "off", cast.land.sector)
    assert "Quầy 10" not in text(Client().get("/don-vi/967/"))
    answer = keeper.post(PAGE, {"act": "offer", "catalogue": "1999"})
    assert answer.status_code == 422
    assert OfficeOffer.objects.get().catalogue == "2016"


def test_keep_exceptions_of_single_procedures_go_before_their_sector(
    cast: Cast, keeper: Client
) -> None:
    second = make_procedure("H903", "Tách thửa", "Đất đai", "district", 5, "working_day")
    address = f"{PAGE}{cast.land.sector_id}/"
    OfferedSector.objects.create(office=cast.district, sector=cast.land.sector, is_offered=False)
    told = text(keeper.get(address))
    assert "Tách thửa H903 không nhận" in told
    division = cast.district.divisions.create(name="Phòng Tài nguyên và Môi trường")
    fields = {f"offered-{second.pk}": "1", f"division-{second.pk}": str(division.pk)}
    done = keeper.post(address, fields, follow=True)
    assert "Tách thửa H903 nhận; Phòng Tài nguyên và Môi trường giải quyết" in text(done)
    assert second in Procedure.objects.offered_by(cast.district)
    assert "không nhận 1 / 2 thủ tục" in text(keeper.get(PAGE))
    keeper.post(address, fields)
    assert OfferedProcedure.history.count() == SolvingDivision.history.count() == 1

    keeper.post(address, {})
    assert not OfferedProcedure.objects.exists()
    assert solver_of(second, second.versions.get(), cast.district).division is None
    wrong = keeper.post(address, {f"offered-{second.pk}": "2", f"division-{second.pk}": "99999"})
    assert wrong.status_code == 422
    assert text(wrong).count("Hãy chọn một mục trong danh sách") == 4


def test_keep_exceptions_take_a_procedure_of_another_level(cast: Cast, keeper: Client) -> None:
    commune = make_procedure("X903", "Hòa giải đất đai", "Đất đai", "commune", 45, "working_day")
    address = f"{PAGE}{cast.land.sector_id}/"
    assert "Hòa giải đất đai X903 không nhận (cấp xã)" in text(keeper.get(address))
    keeper.post(address, {f"offered-{commune.pk}": "1"})
    assert commune in Procedure.objects.offered_by(cast.district)


def test_office_sectors_are_kept_by_the_administrators_of_the_office_alone(
    cast: Cast, client: Client
) -> None:
    commune = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    client.force_login(commune)
    assert client.get("/quan-tri/don-vi/32086/thu-tuc/").status_code == 200
    for address in (PAGE, f"{PAGE}{cast.land.sector_id}/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "off"}).status_code == 404
    assert client.get(f"/quan-tri/don-vi/32086/thu-tuc/{'9' * 30}/").status_code == 404
    client.force_login(cast.leader)
    assert client.get(PAGE).status_code == 403


def test_sector_lines_ask_the_same_however_many_there_are(cast: Cast, keeper: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            keeper.get(PAGE)
            keeper.get(f"{PAGE}{cast.land.sector_id}/")
        return len(queries)

    asked()
    before = asked()
    for number in range(30):
        make_procedure(f"N{number}", f"Việc {number}", "Đất đai", "district", 1, "working_day")
        make_procedure(f"M{number}", "Việc", f"Mới {number}", "district", 1, "working_day")
    assert asked() == before


def test_office_sectors_of_a_hidden_office_do_not_exist(cast: Cast, keeper: Client) -> None:
    Office.objects.filter(pk=cast.tan_loc.pk).update(is_hidden=True)
    assert keeper.get("/quan-tri/don-vi/32086/thu-tuc/").status_code == 404
