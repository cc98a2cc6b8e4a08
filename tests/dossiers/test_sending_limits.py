"""What strangers may send: by bytes, by what waits, and by the room on the disk."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from dossiers.citizens import filing
from dossiers.models import Attachment, Dossier
from motcua import clock
from motcua.accounts import resend
from motcua.models import Misses
from motcua.web import bodies, disk
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
PDF = b"%PDF-1.7\n%%EOF"
SEND = "/tra-cuu/ho-so-cua-toi/gui-them/"
REGISTERS = "/so-theo-doi/nhap-so-cu/"


@pytest.fixture(autouse=True)
def on_a_sunday() -> Iterator[None]:
    with time_machine.travel(vn("2026-11-22T20:00"), tick=False):
        yield


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte less than twice the least, while health still calls the disk well."""
    left = SimpleNamespace(free=2 * disk.LEAST_FREE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: left)


def scan(size: int = 0, name: str = "đơn.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + b" " * size)


def file(cast: Cast, client: Client, **more: object) -> HttpResponse:
    data = {
        "token": uuid4(),
        "office": cast.district.pk,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Thị Thúy Hằng",
        "phone": "0912 345 678",
        "return_method": "desk",
        "bring": "on",
        **more,
    }
    return client.post(f"/nop-ho-so/{cast.land.key}/", data)


def opened(cast: Cast, client: Client) -> Dossier:
    """The citizen's own page of a dossier just filed."""
    file(cast, client)
    dossier = Dossier.objects.get()
    client.post("/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": "5678"})
    return dossier


def spend(megabytes: int, address: str = "127.0.0.1") -> None:
    bodies.budget.count(address, megabytes * 1024)


def test_sending_limits_full_disk_takes_no_file_however_small_and_keeps_what_was_typed(
    cast: Cast, client: Client, full_disk: None
) -> None:
    answer = file(cast, client, other=scan())
    assert (answer.status_code, answer["Retry-After"]) == (503, "1800")
    page = text(answer)
    assert "Máy chủ tạm thời không còn chỗ cho tệp" in page
    assert "sau 30 phút" in page
    assert "nộp ngay không kèm tệp" in page
    assert 'value="Nguyễn Thị Thúy Hằng"' in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not Misses.objects.exists()
    assert file(cast, client).status_code == 302, "without files it can be filed"


def test_sending_limits_full_disk_takes_nothing_more_for_a_dossier_and_no_register(
    cast: Cast, client: Client, full_disk: None
) -> None:
    dossier = opened(cast, client)
    answer = client.post(SEND, {"tep": scan()})
    assert (answer.status_code, answer["Retry-After"]) == (503, "1800")
    assert "không còn chỗ cho tệp" in text(answer)
    assert not dossier.attachments.exists()
    register = logged_in(cast.leader).post(REGISTERS, {"file": scan(name="so.csv")})
    assert (register.status_code, register["Retry-After"]) == (503, "1800")
    assert "không còn chỗ cho tệp" in text(register)
    assert "Hãy chọn tệp" not in text(register)


def test_sending_limits_files_of_an_address_are_bounded_in_bytes_an_hour(
    cast: Cast, client: Client
) -> None:
    spend(98)
    answer = file(cast, client, other=scan(3 * MEGABYTE))
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    page = text(answer)
    assert "Từ địa chỉ này đã gửi nhiều tệp" in page
    assert "sau 60 phút" in page
    assert 'value="Nguyễn Thị Thúy Hằng"' in answer.content.decode()
    assert not Attachment.objects.exists()
    assert file(cast, client, other=scan(MEGABYTE)).status_code == 302, "what still fits is taken"
    elsewhere = client.post(
        f"/nop-ho-so/{cast.land.key}/", {"other": scan(3 * MEGABYTE)}, REMOTE_ADDR="203.0.113.9"
    )
    assert elsewhere.status_code == 422
    with time_machine.travel(vn("2026-11-22T21:00"), tick=False):
        more = {"applicant_name": "Lê Văn Tám", "other": scan(3 * MEGABYTE)}
        assert file(cast, client, **more).status_code == 302


def test_refused_file_is_never_laid_on_the_disk(
    cast: Cast, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django lays a part of more than 2.5 MB into its folder for temporary files: here that folder
    takes none, so that a file which is only taken past it goes through."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    spend(98)
    assert file(cast, client, other=scan(3 * MEGABYTE)).status_code == 429
    client.raise_request_exception = False
    more = {"other": scan(3 * MEGABYTE)}
    address = f"/nop-ho-so/{cast.land.key}/"
    assert client.post(address, more, REMOTE_ADDR="203.0.113.9").status_code == 500


def test_sending_limits_more_for_a_dossier_is_bounded_in_bytes_too(
    cast: Cast, client: Client
) -> None:
    dossier = opened(cast, client)
    spend(100)
    answer = client.post(SEND, {"tep": scan(MEGABYTE)})
    assert answer.status_code == 429
    assert "Từ địa chỉ này đã gửi nhiều tệp" in text(answer)
    assert not dossier.attachments.exists()


def test_sending_limits_stranger_at_the_upload_of_registers_spends_his_bytes(
    client: Client,
) -> None:
    for _ in range(11):
        client.post(REGISTERS, {"file": scan(10 * MEGABYTE, "so.csv")})
    assert 90 * 1024 < Misses.objects.get().count <= bodies.budget.allowed
    assert bodies.budget.wait_for("127.0.0.1", 10 * 1024) == 3600


def test_sending_limits_limits_of_an_address_do_not_bind_who_is_logged_in(cast: Cast) -> None:
    spend(100)
    for _ in range(filing.sendings.allowed):
        filing.sendings.count("127.0.0.1")
    client = logged_in(cast.clerk)
    before = list(Misses.objects.order_by("key").values_list("key", "count"))
    assert file(cast, client, other=scan(MEGABYTE)).status_code == 302
    assert list(Misses.objects.order_by("key").values_list("key", "count")) == before


def test_sending_limits_all_that_waits_is_bounded(
    cast: Cast, client: Client, settings: object
) -> None:
    settings.MOTCUA_WAITING_MB = 1
    first = file(cast, client, phone="", other=scan(MEGABYTE - 100))
    assert first.status_code == 422
    answer = file(cast, client, other=scan(100))
    assert (answer.status_code, answer["Retry-After"]) == (503, "1800")
    assert Attachment.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert file(cast, client, other=scan(100)).status_code == 302
    assert Attachment.objects.count() == 1, "what nobody took went when the next was sent"


def test_sending_limits_files_that_waited_too_long_are_told_once(
    cast: Cast, client: Client
) -> None:
    """Or a dossier would be filed without the scans that its citizen believes in."""
    file(cast, client, phone="", other=scan())
    reference = filing.reference(Attachment.objects.get())
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        late = file(cast, client, kept=reference)
        assert late.status_code == 422
        assert "Có tệp gửi đã quá 2 giờ mà hồ sơ chưa nộp xong" in text(late)
        assert 'name="kept"' not in late.content.decode()
        filing.throw_away_forgotten()
        swept = file(cast, client, kept=reference)
        assert "Có tệp gửi đã quá 2 giờ" in text(swept)
        assert file(cast, client).status_code == 302


@pytest.mark.parametrize(
    ("address", "largest", "words"),
    [
        ("/", bodies.LARGEST_FORM, "dài hơn 256 kB"),
        ("/tra-cuu/xac-nhan/", bodies.LARGEST_FORM, "dài hơn 256 kB"),
        ("/khong-co/", bodies.LARGEST_FORM, "dài hơn 256 kB"),
        ("/ho-so/tiep-nhan/", bodies.LARGEST_FORM, "dài hơn 256 kB"),
        ("/nop-ho-so/khong-co/", bodies.LARGEST_REQUEST, "lớn hơn 40 MB"),
        (SEND, bodies.LARGEST_REQUEST, "lớn hơn 40 MB"),
        (REGISTERS, bodies.LARGEST_REQUEST, "lớn hơn 40 MB"),
    ],
)
def test_sending_limits_request_too_large_for_its_address_is_refused_before_it_is_read(
    client: Client, address: str, largest: int, words: str
) -> None:
    kind = "multipart/form-data; boundary=x"
    refused = client.post(address, b"", content_type=kind, CONTENT_LENGTH=str(largest + 1))
    assert refused.status_code == 413
    assert words in text(refused)
    assert not Misses.objects.exists()
    taken = client.post(address, b"", content_type=kind, CONTENT_LENGTH=str(largest))
    assert taken.status_code != 413


def test_sending_limits_body_of_no_told_length_is_refused(client: Client) -> None:
    answer = client.generic("POST", "/", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert answer.status_code == 411
    assert "không cho biết độ dài" in text(answer)


@pytest.mark.parametrize("length", ["²", "٣", "-1", "x", "9" * 5000])
def test_length_that_is_no_number_is_no_fault_of_the_server(client: Client, length: str) -> None:
    assert client.get("/", CONTENT_LENGTH=length).status_code == 200


def test_sending_limits_what_was_typed_before_a_session_ended_still_fits_the_log_in(
    client: Client,
) -> None:
    typed = "ệ" * resend.LONGEST
    answer = client.post("/dang-nhap/", {"username": "a", "password": "b", resend.NAME: typed})
    assert answer.status_code == 200
    encoded = f"{resend.NAME}={'%E1%BB%87' * resend.LONGEST}"
    kind = "application/x-www-form-urlencoded"
    assert client.post("/dang-nhap/", encoded, content_type=kind).status_code == 200
