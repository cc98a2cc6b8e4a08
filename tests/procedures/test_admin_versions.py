"""Procedures in the administration: what a dossier was received under never changes."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import steps
from procedures.models import (
    Procedure,
    ProcedureStep,
    ProcedureVersion,
    RequiredPaper,
    Sector,
)
from tests.admin_pages import change, errors, page, sent_back, version_page
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def test_version_that_no_dossier_uses_is_simply_edited(cast: Cast, admin: Client) -> None:
    version = cast.building.versions.get()

    change(
        admin,
        version_page(version),
        **{"limit_value": "20", "papers-0-name": "Đơn theo Mẫu số 01", "papers-1-name": "Bản vẽ"},
    )

    assert cast.building.versions.get().limit_words == "20 ngày"
    assert list(version.papers.values_list("position", "name")) == [
        (1, "Đơn theo Mẫu số 01"),
        (2, "Bản vẽ"),
    ]


def test_admin_versions_used_version_asks_from_when_the_change_holds(
    cast: Cast, admin: Client
) -> None:
    cast.received()
    version = cast.land.versions.get()

    response = change(admin, version_page(version), limit_value="7")

    assert "Hãy ghi ngày bắt đầu áp dụng quy định mới." in errors(response)
    assert cast.land.versions.get().limit_value == 10


def test_admin_versions_fee_is_read_as_at_the_counter(cast: Cast, admin: Client) -> None:
    page = version_page(cast.land.versions.get())
    assert any("Dấu phẩy" in error for error in errors(change(admin, page, fee_vnd="50,000")))
    assert errors(change(admin, page, fee_vnd="50.000")) == []
    assert cast.land.versions.get().fee_vnd == 50_000
    assert 'value="50.000"' in admin.get(page).content.decode()


def test_changing_the_papers_of_a_used_version_asks_too(cast: Cast, admin: Client) -> None:
    cast.received()

    response = change(
        admin, version_page(cast.land.versions.get()), **{"papers-1-name": "Giấy tờ khác"}
    )

    assert any("Áp dụng từ ngày" in error for error in errors(response))
    assert RequiredPaper.objects.filter(name="Giấy tờ khác").count() == 0


def test_change_makes_a_new_version_and_the_dossier_keeps_its_own(
    cast: Cast, admin: Client
) -> None:
    dossier = cast.received()
    old = cast.land.versions.get()
    papers = list(old.papers.values_list("pk", "name"))

    response = change(
        admin,
        version_page(old),
        **{
            "apply_from": "2016-07-01",
            "limit_value": "7",
            "fee_vnd": "50.000",
            "papers-1-DELETE": "on",
            "papers-2-name": "Bản sao căn cước",
            "papers-2-kind": "copy",
        },
    )

    assert errors(response) == []
    fresh = cast.land.versions.get(in_force_from=date(2016, 7, 1))
    assert (fresh.limit_value, fresh.fee_vnd, fresh.in_force_to) == (7, 50_000, None)
    assert list(fresh.papers.values_list("position", "name", "kind")) == [
        (1, "Đơn đăng ký biến động (01 bản chính)", "original"),
        (2, "Bản sao căn cước", "copy"),
    ]
    old.refresh_from_db()
    assert (old.limit_value, old.fee_vnd, old.in_force_to) == (10, None, date(2016, 6, 30))
    assert list(old.papers.values_list("pk", "name")) == papers
    dossier.refresh_from_db()
    assert dossier.version == old
    assert "áp dụng từ 01/07/2016" in response.content.decode()
    assert cast.received("2016-07-04T09:00").version == fresh


def test_source_of_a_used_version_is_put_right_in_place(cast: Cast, admin: Client) -> None:
    cast.received()
    version = cast.land.versions.get()
    papers = list(version.papers.values_list("pk", flat=True))

    change(admin, version_page(version), source="QĐ 12/QĐ-UBND", confidence="decided")

    version = cast.land.versions.get()
    assert (version.source, version.confidence) == ("QĐ 12/QĐ-UBND", "decided")
    assert list(version.papers.values_list("pk", flat=True)) == papers


def test_new_version_begins_after_the_one_before(cast: Cast, admin: Client) -> None:
    ProcedureVersion.objects.filter(procedure=cast.land).update(in_force_from=date(2016, 1, 1))
    cast.received()

    response = change(
        admin, version_page(cast.land.versions.get()), apply_from="2015-12-01", limit_value="7"
    )

    assert "Ngày áp dụng phải sau ngày 01/01/2016." in errors(response)


def test_version_that_ended_and_was_used_is_only_read(cast: Cast, admin: Client) -> None:
    cast.received()
    old = cast.land.versions.get()
    change(admin, version_page(old), apply_from="2016-07-01", limit_value="7")

    assert 'name="_save"' not in page(admin, version_page(old))
    assert admin.post(version_page(old), {"limit_value": "99"}).status_code == 403


def test_page_of_a_procedure_lists_its_versions_with_source_and_confidence(
    cast: Cast, admin: Client
) -> None:
    ProcedureVersion.objects.filter(procedure=cast.land).update(
        source="motcua.daklak.gov.vn", confidence="partly"
    )

    shown = page(admin, reverse("admin:procedures_procedure_change", args=[cast.land.pk]))

    assert "cần kiểm tra lại" in shown
    assert "nguồn: motcua.daklak.gov.vn" in shown
    assert version_page(cast.land.versions.get()) in shown


def test_admin_versions_new_procedure_gets_its_first_version_next(
    cast: Cast, admin: Client
) -> None:
    sector = Sector.objects.get(name="Đất đai")
    response = admin.post(
        "/quan-tri/procedures/procedure/add/",
        {
            "key": "H999",
            "name": "Thủ tục mới",
            "level": "district",
            "sector": sector.pk,
            "is_active": "on",
        },
    )
    procedure = Procedure.objects.get(key="H999")
    assert response.headers["Location"].endswith(f"?procedure={procedure.pk}")

    data = {
        **sent_back(admin.get(response.headers["Location"])),
        "limit_value": "5",
        "limit_unit": "working_day",
        "confidence": "decided",
        "papers-0-name": "Đơn",
    }
    admin.post(response.headers["Location"], data)

    assert procedure.versions.get().limit_words == "5 ngày làm việc"
    assert procedure.versions.get().papers.get().name == "Đơn"


def test_admin_versions_second_open_version_of_one_procedure_is_refused_with_a_sentence(
    cast: Cast, admin: Client
) -> None:
    address = f"/quan-tri/procedures/procedureversion/add/?procedure={cast.land.pk}"
    data = {
        **sent_back(admin.get(address)),
        "limit_value": "5",
        "limit_unit": "working_day",
        "confidence": "found",
    }

    response = admin.post(address, data)

    assert any("trùng với một phiên bản khác" in error for error in errors(response))


@pytest.mark.parametrize("query", ["", "?procedure=0", "?procedure=x"])
def test_version_of_no_procedure_cannot_be_begun(cast: Cast, admin: Client, query: str) -> None:
    response = admin.get(f"/quan-tri/procedures/procedureversion/add/{query}")

    assert response.status_code == (404 if query else 302)


def test_sector_renamed_is_found_by_its_new_name(cast: Cast, admin: Client) -> None:
    sector = Sector.objects.get(name="Hộ tịch")

    change(admin, reverse("admin:procedures_sector_change", args=[sector.pk]), name="Tư pháp")

    assert list(Procedure.objects.search("tu phap")) == [cast.birth]


def test_steps_of_a_version_are_kept_on_its_page_and_proposed_for_its_dossiers(
    cast: Cast, admin: Client
) -> None:
    step = {
        "steps-0-place": "1",
        "steps-0-level": "district",
        "steps-0-department": cast.land_division.name,
        "steps-0-task": "Thẩm tra hồ sơ",
        "steps-0-share_value": "3",
        "steps-0-share_unit": "working_day",
    }

    change(admin, version_page(cast.land.versions.get()), **step)

    kept = ProcedureStep.objects.get()
    assert (kept.position, kept.task, steps.share_words(kept)) == (
        1,
        "Thẩm tra hồ sơ",
        "3 ngày làm việc",
    )
    proposed = steps.proposal(cast.received())
    assert proposed is not None
    assert (proposed.step, proposed.division) == (kept, cast.land_division)
