"""Receipt codes: their pattern, their serials, and no two alike whoever asks at once."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from dossiers.lifecycle import codes, perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, SerialCounter
from dossiers.rules.codes import code_key, readings
from motcua.models import Office
from tests.cast import Cast, make_cast, vn


@pytest.mark.django_db
def test_code_names_office_date_and_serial_of_the_day(cast: Cast) -> None:
    first = cast.received("2016-09-15T08:00")
    second = cast.received("2016-09-15T08:01")
    next_day = cast.received("2016-09-16T08:00")
    assert first.code == "H12.TAM.967-160915-0001"
    assert second.code == "H12.TAM.967-160915-0002"
    assert next_day.code == "H12.TAM.967-160916-0001"


@pytest.mark.django_db
def test_codes_each_office_counts_for_itself(cast: Cast) -> None:
    cast.received("2016-09-15T08:00")
    commune = cast.received(
        "2016-09-15T08:00", office=cast.tan_loc, procedure=cast.copy, by=cast.commune_clerk
    )
    assert commune.code == "H12.TAM.32.086-160915-0001"


@pytest.mark.django_db
def test_known_identity_code_takes_the_place_of_the_provisional_one(cast: Cast) -> None:
    cast.district.identity_code = "H12.29"
    cast.district.save()
    assert cast.received("2022-09-14T08:00").code == "H12.29-220914-0001"


@pytest.mark.django_db
def test_office_without_province_gets_a_visibly_provisional_code(db: None) -> None:
    office = Office(code="967", name="Huyện Thới Bình", kind="huyện", level="district")
    assert codes.identity_code(office) == "X00.TAM.967"


@pytest.mark.django_db
def test_codes_book_number_goes_on_through_the_year(cast: Cast) -> None:
    numbers = [cast.received(at).book_number for at in ("2016-01-04T08:00", "2016-12-30T08:00")]
    assert numbers == [1, 2]
    assert cast.received("2017-01-03T08:00").book_number == 1


@pytest.mark.django_db
def test_codes_submission_has_a_code_of_its_own_and_gets_a_receipt_code_when_accepted(
    cast: Cast,
) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = perform.guide(
        intake, by=cast.clerk, items="Giấy chứng nhận", reason="Thiếu", at=vn("2016-09-15T08:00")
    )
    assert dossier.code == "H12.TAM.967-160915-N0001"
    perform.accept(dossier, by=cast.clerk, at=vn("2016-09-19T08:00"))
    assert dossier.code == "H12.TAM.967-160919-0001"
    assert dossier.submission_code == "H12.TAM.967-160915-N0001"


@pytest.mark.django_db
def test_database_refuses_a_second_dossier_with_the_same_code(cast: Cast) -> None:
    first, second = cast.received(), cast.received()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=second.pk).update(code=first.code)


@pytest.mark.parametrize(
    "typed",
    [
        "H12.TAM.967-160915-0007",
        "h12.tam.967-160915-0007",
        " h12 tam 967 160915 0007 ",
        "H12TAM9671609150007",
        "H12.TAM.967 – 160915 – 0007",
    ],
)
def test_code_is_understood_however_typed(typed: str) -> None:
    assert code_key(typed) == "H12TAM9671609150007"


@pytest.mark.django_db(transaction=True)
def test_codes_sixteen_clerks_at_once_get_sixteen_codes_without_a_gap() -> None:
    cast = make_cast()
    begin = threading.Barrier(16)
    issued: list[str] = []
    failed: list[BaseException] = []

    def clerk(number: int) -> None:
        try:
            begin.wait()
            issued.append(
                cast.received("2016-09-15T08:00", applicant_name=f"Người thứ {number}").code
            )
        except BaseException as error:  # told to the test, which runs in another thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(issued) == [f"H12.TAM.967-160915-{n:04d}" for n in range(1, 17)]
    book = Dossier.objects.order_by("book_number").values_list("book_number", flat=True)
    assert list(book) == list(range(1, 17))


@pytest.mark.django_db
def test_receipt_that_fails_gives_its_number_back(cast: Cast) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        assert codes.issue_receipt_code(cast.district, date(2016, 9, 15)).endswith("-0001")
        raise RuntimeError
    assert cast.received("2016-09-15T08:00").code.endswith("-0001")


@pytest.mark.django_db
def test_codes_brought_by_an_old_register_are_passed_over(cast: Cast) -> None:
    """An administrator gives the office the identity that its old register was kept under."""
    for serial in (1, 2):
        dossier = cast.received("2016-09-15T08:00", applicant_name=f"Người thứ {serial}")
        code = f"CM.967-160915-000{serial}"
        Dossier.objects.filter(pk=dossier.pk).update(code=code, code_key=code_key(code))
    SerialCounter.objects.all().delete()
    cast.district.identity_code = "CM.967"
    cast.district.save()
    assert cast.received("2016-09-15T09:00").code == "CM.967-160915-0003"


@pytest.mark.pure
@pytest.mark.parametrize(
    "typed",
    [
        "H12.TAM.967-160915-0007",
        "h12 tam 967 160915 7",
        "H12.TAM.967-160915-07",
        "HI2.TAM.967-l609I5-OOO7",
        "h12tam967160915ooo7",
        "Mã hồ sơ: H12.TAM.967-160915-0007",
        "H12.TAM.967-160915-0007 Nguyễn Văn Ân",
        "H12.TAM.967-160915-7 - Y Ơi",
        "H12.TAM.967-160915-0007 - Người Thử 1",
        "H12.TAM.967-160915-7 Trần Văn 2 (0912 345 678)",
        "H12.TAM.967-160915-0007, Nguyễn Văn Ân, 0912345678",
        "H12.TAM.967-160915-0007; 0912345678; Ân",
        "H12.TAM.967-160915-0007\t096095001234",
        "https://motcua.example.vn/tra-cuu/?ma=H12.TAM.967-160915-0007",
        "HTTPS://KHAC.EXAMPLE/TRA-CUU/?MA=H12.TAM.967-160915-0007",
        "motcua.example.vn/tra-cuu/?x=1&ma=H12.TAM.967-160915-0007#noi-tra",
        "Ｈ１２．ＴＡＭ．９６７－１６０９１５－０００７",
    ],
)
def test_readings_of_all_ways_of_writing_a_code_share_the_last(typed: str) -> None:
    assert readings(typed)[-1] == "H12TAM9671609150007"


@pytest.mark.pure
def test_readings_believe_what_stands_there_first() -> None:
    assert readings("H12.LAI.967-160915-0007") == (
        "H12LAI9671609150007",
        "H121A19671609150007",
        "H121A19671609150007",
    )


@pytest.mark.pure
@pytest.mark.parametrize(
    "typed",
    [
        "H12.TAM.967-160915-00071",
        "H12.TAM.967-160915-0007 12",
        "H12.TAM.967-160915-0007-1 Ân",
        "H12.TAM.967-161315-7",
    ],
)
def test_readings_take_no_other_number_for_the_code(typed: str) -> None:
    assert "H12TAM9671609150007" not in readings(typed)
