"""The register from before, on screen: look first, then write exactly that file."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import Dossier
from motcua import clock
from tests.cast import Cast
from tests.dossiers.pages import logged_in, text
from tests.dossiers.test_register_import import csv_of, row, xlsx_of

pytestmark = pytest.mark.django_db

PAGE = "/so-theo-doi/nhap-so-cu/"


def upload(client: Client, content: bytes, name: str = "so.csv") -> object:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def test_a_clean_file_is_shown_then_written_once_and_told(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, xlsx_of(row(applicant_name="Lê Thị Súng")), "so.xlsx")
    assert seen.status_code == 302
    words = text(client.get(seen.url))
    assert "mọi dòng đều đúng. Chưa ghi gì" in words
    assert "Lê Thị Súng" in words
    assert not Dossier.objects.exists()
    assert client.post(seen.url).status_code == 302
    assert "Đã ghi 1 hồ sơ" in text(client.get(seen.url))
    client.post(seen.url)
    assert Dossier.objects.get().created_by == cast.leader


def test_every_problem_is_listed_with_its_line_and_nothing_can_be_written(cast: Cast) -> None:
    client = logged_in(cast.leader)
    lines = [row(channel="fax", received_at=f"2016-01-05T08:{m:02d}") for m in range(60)] * 2
    seen = upload(client, csv_of(*lines))
    words = text(client.get(seen.url))
    assert "120 dòng cần sửa" in words
    assert "1 - 100 / 120" in words
    assert "Trần Thị Mận" in words
    assert client.get(seen.url, {"page": 2}).status_code == 200
    assert client.post(seen.url).status_code == 409
    assert not Dossier.objects.exists()


def test_lines_of_other_offices_are_refused(cast: Cast) -> None:
    other = row(office_code="32086", procedure_id="X901")
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(other))
    assert "không được nhập sổ của Xã Tân Lộc" in text(client.get(seen.url))
    client = logged_in(cast.administrator)
    seen = upload(client, csv_of(other))
    assert "mọi dòng đều đúng" in text(client.get(seen.url))


def test_only_leaders_and_administrators_may_and_a_file_is_its_owners(cast: Cast) -> None:
    assert Client().get(PAGE).status_code == 302
    for staff in (cast.clerk, cast.overseer, cast.specialist):
        assert logged_in(staff).get(PAGE).status_code == 403
    seen = upload(logged_in(cast.leader), csv_of(row()))
    assert logged_in(cast.administrator).get(seen.url).status_code == 404
    assert logged_in(cast.leader).get(PAGE + "khong-co/").status_code == 404


def test_an_uploaded_file_is_gone_after_an_hour(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row()))
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert client.post(seen.url).status_code == 404
    assert not Dossier.objects.exists()


def test_what_came_in_between_looking_and_confirming_is_found(cast: Cast) -> None:
    client = logged_in(cast.leader)
    first = upload(client, csv_of(row()))
    second = upload(client, csv_of(row(), row(received_at="2016-01-06")))
    client.post(first.url)
    answer = client.post(second.url)
    assert answer.status_code == 409
    assert "Đã có trong chương trình" in text(answer)
    assert Dossier.objects.count() == 1


def test_a_file_that_is_no_register_is_told_beside_the_field(cast: Cast) -> None:
    client = logged_in(cast.leader)
    answer = upload(client, b"%PDF-1.4 hello")
    assert answer.status_code == 422
    assert "Thiếu cột" in text(answer)
    assert upload(client, b"").status_code == 422
    assert client.get(PAGE + "mau.csv").content.startswith(b"\xef\xbb\xbfoffice_code,")


def test_the_register_book_leads_there_for_those_who_may(cast: Cast) -> None:
    assert PAGE in logged_in(cast.leader).get("/so-theo-doi/").content.decode()
    assert PAGE not in logged_in(cast.clerk).get("/so-theo-doi/").content.decode()
