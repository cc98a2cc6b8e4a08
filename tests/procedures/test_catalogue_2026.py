"""The second catalogue: what a commune's centre receives in 2026, and what is not known of it."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from dossiers.lifecycle.desks import NO_LIMIT, Desks
from dossiers.rules.states import MoveRefused
from motcua.models import Office
from motcua.operations.base_data import load_offices
from procedures.catalogue import load_catalogue
from procedures.models import (
    DataRule,
    OfficeOffer,
    Procedure,
    ProcedureVersion,
    RequiredPaper,
    Sector,
)
from procedures.shipped.catalogue_2026 import (
    load_catalogue_2026,
    papers_of_all_cases,
    read_day,
    read_fee,
    read_fee_note,
)
from tests.cast import Cast


@pytest.fixture
def catalogue_2026(db: None) -> None:
    load_offices()
    load_catalogue_2026()


def test_load_catalogue_2026_has_385_procedures_beside_those_of_2016(catalogue_2026: None) -> None:
    load_catalogue()

    found = Procedure.objects.filter(catalogue="2026")
    assert found.count() == 385
    assert set(found.values_list("level", flat=True)) == {"commune"}
    assert all(procedure.key == procedure.national_code for procedure in found)
    assert Procedure.objects.filter(catalogue="2016", level="district").count() == 237
    assert Procedure.objects.filter(catalogue="2016", level="commune").count() == 135


def test_load_catalogue_2026_again_leaves_what_an_administrator_changed_or_made(
    catalogue_2026: None,
) -> None:
    Procedure.objects.filter(key="1.001193").update(name="Khai sinh", is_active=False)
    ProcedureVersion.objects.filter(procedure__key="1.116910").delete()
    Procedure.objects.filter(key="1.116910").delete()
    Procedure.objects.create(
        key="MAI-TANG",
        national_code="1.116910.H12",
        name="Mai táng",
        level="commune",
        sector=Sector.objects.first(),
    )

    assert load_catalogue_2026() == 0
    kept = Procedure.objects.get(key="1.001193")
    assert (kept.name, kept.is_active) == ("Khai sinh", False)
    assert not Procedure.objects.filter(key="1.116910").exists()


def test_load_base_loads_the_catalogue_of_2026_when_it_is_asked_for(db: None) -> None:
    call_command("load_base")
    assert not Procedure.objects.filter(catalogue="2026").exists()

    call_command("load_base", catalogue="2026")
    assert Procedure.objects.filter(catalogue="2026").count() == 385


@pytest.mark.parametrize(
    ("text", "fee", "note"),
    [
        ("", None, ""),
        ("0 (Cổng ghi miễn phí/không ghi số)", None, ""),
        ("Phí : 0 Đồng", None, ""),
        (
            "HĐND tỉnh quy định (Cổng ghi 0)",
            None,
            "Theo nghị quyết của Hội đồng nhân dân tỉnh",
        ),
        ("theo văn bản phí (Cổng ghi 0)", None, "Theo văn bản về phí, lệ phí"),
        ('Cổng ghi "700" (thiếu nghìn; hiểu là 700.000 đ, cần kiểm)', None, ""),
        ("20.000 đ (trực tuyến)", None, "20.000 đồng (trực tuyến)"),
        ("70.000 đ/giấy chứng nhận", 70_000, "70.000 đồng/giấy chứng nhận"),
        (
            "5.000 đ (trực tuyến); 10.000 đ (trực tiếp)",
            10_000,
            "5.000 đồng (trực tuyến); 10.000 đồng (trực tiếp)",
        ),
    ],
)
def test_read_fee_takes_no_bare_zero_for_free(text: str, fee: int | None, note: str) -> None:
    assert read_fee(text) == fee
    assert read_fee_note(text) == note


def test_read_fee_leaves_no_procedure_of_the_catalogue_free(catalogue_2026: None) -> None:
    assert not ProcedureVersion.objects.filter(fee_vnd=0).exists()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-07-01 (dẫn 125/2025/NĐ-CP)", date(2025, 7, 1)),
        ("2026 (dẫn 18/2026/NĐ-CP)", date(2026, 1, 1)),
        ("2026 (dẫn 217/2026/NĐ-CP, 19/6/2026)", date(2026, 6, 19)),
        ("sau 8/2026 (có trên Cổng 10/10/2026; không có ở Núi Cấm 06/8/2026)", date(2026, 10, 10)),
        ("", date(2025, 7, 1)),
    ],
)
def test_read_day_never_begins_before_communes_have_centres(text: str, day: date) -> None:
    assert read_day(text) == day


def test_papers_of_all_cases_demand_the_application_alone() -> None:
    papers = papers_of_all_cases(
        "Văn bản ủy quyền (1 bản chính) | Tờ khai đăng ký khai sinh theo mẫu (1 bản chính) | "
        "Biên bản họp (20251 bản chính, 1 bản sao)"
    )

    assert [(paper.is_required, paper.copies) for paper in papers] == [
        (False, 1),
        (True, 1),
        (False, 1),
    ]
    two = papers_of_all_cases("Đơn đề nghị cấp (1 bản chính) | Đơn đề nghị cấp lại (1 bản chính)")
    assert not any(paper.is_required for paper in two), "one of them, by the case"


def test_without_limit_is_loaded_shown_and_not_offered(
    catalogue_2026: None, client: Client
) -> None:
    commune = Office.objects.get(code="32071")
    OfficeOffer.objects.create(office=commune, catalogue="2026")
    marriage = Procedure.objects.get(key="1.000894")
    version = marriage.versions.get()

    assert (version.limit_value, version.limit_unit, version.limit_words) == (1, "", "chưa rõ")
    assert marriage in Procedure.objects.to_complete()
    assert not Procedure.objects.offered_by(commune).filter(pk=marriage.pk).exists()
    page = client.get("/thu-tuc/1.000894/").content.decode()
    assert "Chưa có thời hạn được công bố" in page
    with pytest.raises(MoveRefused, match="chưa rõ") as refused:
        Desks().version(marriage, date(2026, 11, 30))
    assert str(refused.value) == NO_LIMIT

    version.limit_unit = "working_day"
    version.save()
    assert Procedure.objects.offered_by(commune).filter(pk=marriage.pk).exists()
    assert marriage not in Procedure.objects.to_complete()


def test_without_limit_every_other_procedure_of_2026_can_be_received(catalogue_2026: None) -> None:
    commune = Office.objects.get(code="32071")
    OfficeOffer.objects.create(office=commune, catalogue="2026")

    assert Procedure.objects.to_complete().count() == 180
    offered = Procedure.objects.offered_by(commune).filter(catalogue="2026")
    assert offered.count() == 205


def test_to_complete_is_a_list_of_the_administration(cast: Cast, client: Client) -> None:
    cast.birth.versions.update(limit_unit="", limit_value=0)
    client.force_login(cast.administrator)

    index = client.get("/quan-tri/?tat-ca").content.decode()
    assert "Bổ sung thời hạn cho 1 thủ tục" in index
    page = client.get("/quan-tri/procedures/procedure/?thieu=thoi-han").content.decode()
    assert cast.birth.name in page
    assert cast.land.name not in page


def test_data_rule_replaces_the_paper_of_residence_between_its_days(
    catalogue_2026: None, client: Client
) -> None:
    rule = DataRule.objects.get()
    assert (rule.name, rule.in_force_from, rule.in_force_to) == (
        "NQ 66.7/2025/NQ-CP",
        date(2026, 1, 1),
        date(2027, 2, 28),
    )
    papers = RequiredPaper.objects.filter(data_rule=rule)
    assert papers.count() == 32
    assert all("thông tin về cư trú" in paper.name for paper in papers)
    paper = papers[0]
    assert not paper.is_replaced_on(date(2025, 12, 31))
    assert paper.is_replaced_on(date(2026, 1, 1))
    assert paper.is_replaced_on(date(2027, 2, 28))
    assert not paper.is_replaced_on(date(2027, 3, 1))
