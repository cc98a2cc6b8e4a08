"""What was found out since about the shipped catalogue of 2016, applied by `load_base`."""

from datetime import date

import pytest
from django.test import Client

from motcua.operations.base_data import load_offices
from procedures.catalogue import load_catalogue
from procedures.models import Procedure, ProcedureCode, ProcedureVersion
from procedures.shipped.mends import mend_catalogue_2016
from tests.cast import Cast

LAST_OF_2016, FIRST_OF_2017 = date(2016, 12, 31), date(2017, 1, 1)


@pytest.fixture
def shipped(db: None) -> None:
    load_offices()
    load_catalogue()


def test_mend_catalogue_2016_fees_of_2017_hold_from_their_day_and_none_is_known_before(
    shipped: None,
) -> None:
    mend_catalogue_2016()

    assert ProcedureVersion.objects.count() == 372 + 23
    copies = Procedure.objects.get(key="X011")
    before, since = copies.version_on(LAST_OF_2016), copies.version_on(FIRST_OF_2017)
    assert before is not None and since is not None
    assert (before.fee_vnd, before.fee_note) == (None, "Mức thu trước 01/01/2017 chưa rõ.")
    assert since.fee_vnd == 2_000
    assert before.legal_acts == ["23/2015/NĐ-CP"]
    assert since.legal_acts == ["23/2015/NĐ-CP", "226/2016/TT-BTC"]
    assert before.limit_words == since.limit_words
    assert [p.name for p in before.papers.all()] == [p.name for p in since.papers.all()]


def test_mend_catalogue_2016_fills_missing_codes_and_marks_them_for_administrators(
    shipped: None,
) -> None:
    mend_catalogue_2016()

    school = Procedure.objects.get(key="H031")
    assert school.national_code == "1.012970"
    assert school.versions.get().doubts("mã TTHC")
    assert list(Procedure.objects.search("1.012970.H12")) == [school]
    assert Procedure.objects.filter(national_code="").count() == empty_codes() - 22


def empty_codes() -> int:
    """How many rows of the shipped files have none."""
    from procedures.catalogue import _rows

    return sum(not row["code"] for _, row in _rows())


def test_mend_catalogue_2016_marks_rows_that_cite_later_law_and_changes_no_limit(
    shipped: None,
) -> None:
    limits = set(ProcedureVersion.objects.values_list("procedure", "limit_value", "limit_unit"))

    mend_catalogue_2016()

    version = ProcedureVersion.objects.get(procedure__key="X002")
    assert version.doubts("căn cứ pháp lý")
    assert "20/2021/NĐ-CP (hiệu lực 2021-07-01)" in version.source
    marked = ProcedureVersion.objects.filter(unverified__contains="căn cứ pháp lý")
    # 211 cite later law; of 23 with fees of 2017, 22 cite nothing but the act of those fees.
    assert marked.values("procedure").distinct().count() == 211 - 22
    now = set(ProcedureVersion.objects.values_list("procedure", "limit_value", "limit_unit"))
    assert now == limits


def test_mend_catalogue_2016_links_rows_to_their_codes_of_2026_with_the_evidence(
    shipped: None, client: Client
) -> None:
    mend_catalogue_2016()

    assert ProcedureCode.objects.count() == 191
    funeral = Procedure.objects.get(key="X002")
    codes = {row.code: row.evidence for row in funeral.codes.all()}
    assert codes == {"1.001731": "B", "1.116910": "B"}
    for written in ("1.116910", "1.116910.H12", "1.116910.000.00.00.H61", "1.116910. H12"):
        assert list(Procedure.objects.search(written)) == [funeral], written
        assert list(Procedure.objects.coded(written.replace(" ", ""))) == [funeral]
    assert "1.116910" not in client.get("/thu-tuc/X002/").content.decode(), "no decision was seen"


def test_mend_catalogue_2016_again_changes_nothing(shipped: None) -> None:
    assert mend_catalogue_2016() > 0
    versions = list(ProcedureVersion.objects.order_by("pk").values())
    records = ProcedureVersion.history.count() + Procedure.history.count()

    assert mend_catalogue_2016() == 0
    assert list(ProcedureVersion.objects.order_by("pk").values()) == versions
    assert ProcedureVersion.history.count() + Procedure.history.count() == records


def test_mend_catalogue_2016_leaves_what_a_person_changed(shipped: None, cast: Cast) -> None:
    school = Procedure.objects.get(key="H031")
    school._history_user = cast.administrator
    school.save()
    copies = ProcedureVersion.objects.get(procedure__key="X011")
    copies._history_user = cast.administrator
    copies.save()

    mend_catalogue_2016()

    assert Procedure.objects.get(key="H031").national_code == ""
    assert ProcedureVersion.objects.get(procedure__key="X011").fee_vnd == 2_000
    assert not ProcedureCode.objects.filter(procedure__key="X011").exists()


def test_mend_catalogue_2016_leaves_the_fee_under_which_a_dossier_was_received(
    shipped: None, cast: Cast
) -> None:
    copies = Procedure.objects.get(key="X011")
    dossier = cast.received(
        office=cast.tan_loc, procedure=copies, by=cast.commune_clerk, at="2016-11-25T08:00"
    )

    mend_catalogue_2016()

    version = ProcedureVersion.objects.get(procedure=copies)
    assert dossier.version == version
    assert (version.fee_vnd, version.in_force_from) == (2_000, None)
    assert version.doubts("căn cứ pháp lý")
