"""What the catalogue was read in, and what was not read at all: for administrators only."""

import csv
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from dossiers.models import Dossier
from motcua.operations.base_data import load_offices
from procedures.catalogue import DATA, FILES, load_catalogue
from procedures.models import LifeEvent, Procedure, ProcedureVersion, Sector
from tests.cast import Cast

FORGETFUL = ("trí nhớ", "ghi nhớ", "tra được")
ONE_SECTOR = "Phổ biến, giáo dục pháp luật"
SAME_SECTOR = "Phổ biến giáo dục pháp luật"


def migrate(app: str, name: str, *steps: str) -> None:
    """The named steps of a migration on today's tables."""
    module = import_module(f"{app}.migrations.{name}")
    for step in steps:
        getattr(module, step)(apps, SimpleNamespace(connection=connection))


def test_provenance_no_text_of_the_shipped_catalogue_speaks_of_its_makers_memory() -> None:
    for name in FILES.values():
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                told = " ".join(row.values())
                assert not [word for word in FORGETFUL if word in told.lower()], row["id"]


@pytest.mark.django_db
def test_provenance_what_was_not_read_is_marked_and_every_sector_stands_once() -> None:
    load_offices()
    load_catalogue()

    version = ProcedureVersion.objects.get(procedure__key="H192")
    assert version.unverified.splitlines() == ["phí, lệ phí", "mã TTHC"]
    assert version.doubts("phí, lệ phí")
    assert not version.doubts("thời hạn")
    assert ProcedureVersion.objects.get(procedure__key="H175").is_uncertain
    names = [name.replace(",", "") for name in Sector.objects.values_list("name", flat=True)]
    assert len(names) == len(set(names))
    assert Procedure.objects.filter(sector__name=ONE_SECTOR).count() == 4


def test_provenance_citizen_is_warned_and_an_administrator_sees_what_is_unverified(
    cast: Cast, client: Client
) -> None:
    cast.land.versions.update(
        unverified="phí, lệ phí\nmã TTHC", fee_note="Thông tư 279", fee_vnd=700_000
    )
    Procedure.objects.filter(pk=cast.land.pk).update(national_code="1.000684")

    page = client.get("/thu-tuc/H901/").content.decode()
    assert "Mức thu này cần kiểm tra lại." in page
    assert "1.000684" not in page
    assert "chưa kiểm chứng" not in page
    client.force_login(cast.administrator)
    kept = client.get(f"/quan-tri/procedures/procedure/{cast.land.pk}/change/").content.decode()
    assert "chưa kiểm chứng: phí, lệ phí, mã TTHC" in kept


def test_installation_of_before_is_put_right_when_it_is_upgraded(cast: Cast) -> None:
    double = Sector.objects.create(name=SAME_SECTOR)
    Procedure.objects.filter(pk=cast.birth.pk).update(sector=double)
    cast.birth.refresh_from_db()
    dossier = cast.received(office=cast.tan_loc, procedure=cast.birth, by=cast.commune_clerk)
    cast.birth.versions.update(
        limit_note="15 ngày (Thông tư 15/2019, trí nhớ); bản 2025: 09 ngày",
        fee_note="700.000 đồng theo Thông tư 279/2016/TT-BTC (trí nhớ)",
        source="Tên: hocmon.gov.vn; thời hạn theo trí nhớ (Nghị định 46/2017); mã theo trí nhớ",
    )
    untouched = cast.land.versions.values().get()

    for _ in range(2):
        migrate(
            "procedures",
            "0002_life_events_and_provenance",
            "put_provenance_aside",
            "one_sector_for_legal_education",
        )
        migrate("dossiers", "0006_second_proof_and_ratings", "one_sector_for_legal_education")

    version = cast.birth.versions.get()
    assert version.limit_note == "15 ngày (Thông tư 15/2019); bản 2025: 09 ngày"
    assert version.fee_note == "700.000 đồng theo Thông tư 279/2016/TT-BTC"
    assert version.source == "Tên: hocmon.gov.vn; thời hạn (Nghị định 46/2017)"
    assert version.unverified.splitlines() == ["thời hạn", "phí, lệ phí", "mã TTHC"]
    one = Sector.objects.get(name=ONE_SECTOR)
    assert not Sector.objects.filter(name=SAME_SECTOR).exists()
    assert Dossier.objects.get(pk=dossier.pk).sector == one
    assert Procedure.objects.get(pk=cast.birth.pk).sector == one
    assert cast.land.versions.values().get() == untouched


@pytest.mark.django_db
def test_provenance_events_of_a_life_lead_to_the_shipped_procedures_and_stay_as_they_are_kept() -> (
    None
):
    load_offices()
    load_catalogue()

    def led_to(key: str) -> set[str]:
        return set(LifeEvent.objects.get(key=key).procedures.values_list("key", flat=True))

    assert LifeEvent.objects.count() == 12
    assert all(led_to(key) for key in LifeEvent.objects.values_list("key", flat=True))
    births = Procedure.objects.filter(key__in=led_to("sinh-con"))
    assert births.filter(name__icontains="khai sinh").count() >= 6
    land = Procedure.objects.filter(sector__name="Đất đai")
    assert led_to("nha-dat") >= set(land.values_list("key", flat=True))

    LifeEvent.objects.get(key="nha-dat").procedures.clear()
    ProcedureVersion.objects.filter(procedure__key="X001").delete()
    Procedure.objects.get(key="X001").delete()
    load_catalogue()
    assert led_to("nha-dat") == set()
    assert "X001" in led_to("tro-giup")
