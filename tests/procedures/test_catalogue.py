"""The catalogue that the project ships, and how a procedure gets a new version."""

from datetime import date

import pytest

from motcua.models import Division, Office
from motcua.operations.base_data import load_offices
from procedures.catalogue import (
    load_calendar,
    load_catalogue,
    new_version,
    read_paper,
)
from procedures.models import CalendarDay, Procedure, ProcedureVersion, RequiredPaper
from procedures.offices.solving import solver_of
from procedures.offices.templates import begin_shipped_offices
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped() -> None:
    load_offices()
    load_catalogue()


def test_shipped_catalogue_has_as_many_procedures_as_the_report_counts(shipped: None) -> None:
    assert Procedure.objects.filter(level="district").count() == 237
    assert Procedure.objects.filter(level="commune").count() == 135


def test_catalogue_every_shipped_procedure_has_one_version_with_a_limit_that_means_something(
    shipped: None,
) -> None:
    versions = ProcedureVersion.objects.all()

    assert versions.count() == 372
    assert versions.values("procedure").distinct().count() == 372
    assert not versions.exclude(limit_unit="same_day").filter(limit_value=0).exists()
    assert set(versions.values_list("confidence", flat=True)) == {"found", "partly"}


def test_catalogue_loading_again_changes_nothing_that_an_administrator_changed(
    shipped: None,
) -> None:
    procedure = Procedure.objects.get(key="H001")
    procedure.name = "Tên theo quyết định của tỉnh"
    procedure.save()
    papers = RequiredPaper.objects.count()

    assert load_catalogue() == 0
    assert Procedure.objects.get(key="H001").name == "Tên theo quyết định của tỉnh"
    assert RequiredPaper.objects.count() == papers


def test_catalogue_unknown_fee_stays_unknown_and_a_free_procedure_free(shipped: None) -> None:
    fees = ProcedureVersion.objects.values_list("fee_vnd", flat=True)

    assert None in fees
    assert 0 in fees


def test_catalogue_divisions_are_made_where_their_procedures_are_received(shipped: None) -> None:
    begin_shipped_offices()

    district = Office.objects.get(code="967")
    version = ProcedureVersion.objects.get(procedure__key="H001")
    division = solver_of(version.procedure, version, district).division
    assert division is not None
    assert division.name == "Phòng Y tế"
    assert not Division.objects.filter(office__level="commune", name="Phòng Y tế").exists()
    assert begin_shipped_offices() == 0


def test_shipped_calendar_covers_2015_to_2027_and_marks_the_estimate() -> None:
    load_calendar()

    assert {day.year for day in CalendarDay.objects.dates("date", "year")} == set(range(2015, 2028))
    assert CalendarDay.objects.filter(date__year=2027, is_estimate=True).exists()
    assert not CalendarDay.objects.filter(date__year=2016, is_estimate=True).exists()
    assert load_calendar() == 0
    CalendarDay.objects.get(date="2027-02-04").delete()
    assert load_calendar() == 0, "nor does what an administrator took out come back"


@pytest.mark.parametrize(
    ("text", "kind", "copies", "required"),
    [
        ("Đơn đề nghị theo Mẫu số 01 (01 bản chính)", "original", 1, True),
        ("Bản sao Giấy chứng nhận đăng ký kinh doanh", "copy", 1, True),
        ("Xuất trình căn cước công dân", "shown", 1, True),
        ("Bản vẽ thiết kế (02 bộ)", "original", 2, True),
        ("Văn bản ủy quyền (nếu có)", "original", 1, False),
        ("Giấy chứng tử (trường hợp người bán đã chết)", "original", 1, False),
    ],
)
def test_paper_is_read_as_the_decision_words_it(
    text: str, kind: str, copies: int, required: bool
) -> None:
    paper = read_paper(text)

    assert (paper.name, paper.kind, paper.copies, paper.is_required) == (
        text,
        kind,
        copies,
        required,
    )


def test_new_version_takes_over_papers_and_closes_the_one_before(cast: Cast) -> None:
    old = cast.land.versions.get()

    fresh = new_version(old, date(2016, 7, 1), limit_value=7)

    assert fresh.limit_value == 7
    assert [paper.name for paper in fresh.papers.all()] == [p.name for p in old.papers.all()]
    assert cast.land.version_on(date(2016, 6, 30)) == old
    assert cast.land.version_on(date(2016, 7, 1)) == fresh


def test_new_version_cannot_begin_before_the_one_it_follows(cast: Cast) -> None:
    second = new_version(cast.land.versions.get(), date(2016, 7, 1), limit_value=7)

    with pytest.raises(ValueError, match="sau ngày áp dụng"):
        new_version(second, date(2016, 7, 1), limit_value=5)
    assert cast.land.versions.count() == 2


@pytest.mark.parametrize("words", ["dat dai", "ĐẤT ĐAI", "h901", "bien  dong quyen"])
def test_procedure_is_found_without_diacritics(cast: Cast, words: str) -> None:
    assert list(Procedure.objects.search(words)) == [cast.land]
