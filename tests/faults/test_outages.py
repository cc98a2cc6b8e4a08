"""Database away, disk full: a clear page, nothing lost, and the draft still in the form."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from re import findall

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from dossiers.models import Dossier, Event
from motcua.operations.outage import is_outage
from tests.cast import Cast
from tests.dossiers.counter_pages import page_of, text, typed

SENTENCE = "Máy chủ tạm thời chưa làm việc được"


@pytest.fixture
def clerk(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.clerk)
    return client


def draft_of(response) -> list[tuple[str, str]]:
    """The fields that the page would send again."""
    fields = findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', response.content.decode()
    )
    return [(unescape(n), unescape(v)) for n, v in fields if n != "csrfmiddlewaretoken"]


def _refuse(*args: object) -> None:
    raise OperationalError("could not connect to server: Connection refused")


@contextmanager
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While inside, no statement reaches the database."""
    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", _refuse)
        yield


def test_draft_is_in_the_page_and_can_be_sent_once_the_database_is_back(
    cast: Cast, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = 'Nguyễn "Ba" <Ân>'
    form = typed(cast.land, applicant_name=name, phone="0900000001", subject="Dòng 1")
    with away(monkeypatch):
        answer = clerk.post(page_of(cast.land), form)
    assert answer.status_code == 503
    assert SENTENCE in text(answer)
    assert "Những gì vừa nhập còn ở trang này." in text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert dict(draft_of(answer)) == form
    assert f'action="{page_of(cast.land)}"' in answer.content.decode()
    assert not Dossier.objects.exists()

    again = clerk.post(page_of(cast.land), dict(draft_of(answer)))
    assert again.status_code == 302
    assert Dossier.objects.get().applicant_name == name
    clerk.post(page_of(cast.land), dict(draft_of(answer)))
    assert Dossier.objects.count() == 1, "sent again, saved once"


def test_outages_page_that_is_only_read_says_wait(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("/ban-lam-viec/", "/tra-cuu/?ma=H12.TAM.967-160301-0001", "/quan-tri/"):
        with away(monkeypatch):
            answer = clerk.get(page)
        assert (answer.status_code, SENTENCE in text(answer)) == (503, True), page
        assert draft_of(answer) == []


def test_password_is_not_written_into_the_page(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"username": "mot-cua", "password": "bi-mat-cua-toi", "token": "1"}
    with away(monkeypatch):
        answer = Client(raise_request_exception=False).post("/dang-nhap/", form)
    assert answer.status_code == 503
    assert "bi-mat-cua-toi" not in answer.content.decode()
    assert "Việc vừa gửi có thể chưa được lưu." in text(answer)


def test_outages_file_that_was_sent_has_to_be_chosen_again(
    cast: Cast, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = typed(cast.land) | {"scan": SimpleUploadedFile("don.pdf", b"%PDF-1.7")}
    with away(monkeypatch):
        answer = clerk.post(page_of(cast.land), form)
    assert "Tệp đính kèm không giữ được" in text(answer)


@pytest.mark.django_db(transaction=True)
def test_outages_full_disk_loses_nothing_and_keeps_the_draft(cast: Cast, clerk: Client) -> None:
    """SQLite: the file may not grow (max_page_count); the first receipt stands, the next is
    refused wholly, and goes in once there is room again. On PostgreSQL the server's disk is
    not ours to fill: the refusal in the middle of the act is the database's own."""
    assert clerk.post(page_of(cast.land), typed(cast.land)).status_code == 302
    events = Event.objects.count()
    with no_room():
        for turn in range(60):  # a few pages may still have room
            form = typed(cast.land, applicant_name=f"Người thứ {turn}", subject="Ô" * 250)
            answer = clerk.post(page_of(cast.land), form)
            if answer.status_code != 302:
                break
            events += 1
    assert answer.status_code == 503
    assert dict(draft_of(answer)) == form
    assert Event.objects.filter(kind="accept").count() == Dossier.objects.count() == events
    assert clerk.post(page_of(cast.land), dict(draft_of(answer))).status_code == 302
    serials = sorted(int(code[-4:]) for code in Dossier.objects.values_list("code", flat=True))
    assert serials == list(range(1, len(serials) + 1)), "no serial was lost either"


@contextmanager
def no_room() -> Iterator[None]:
    """While inside, the database has no room for another page."""
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if on_sqlite:
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        else:
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$; "
                "CREATE TRIGGER no_room BEFORE INSERT ON dossiers_event "
                "FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
            )
    yield
    with connection.cursor() as cursor:
        if on_sqlite:
            cursor.execute("PRAGMA max_page_count = 1073741823")
        else:
            cursor.execute("DROP TRIGGER no_room ON dossiers_event; DROP FUNCTION no_room()")


def test_outages_disk_that_takes_no_more_bytes_is_an_outage(tmp_path: Path) -> None:
    """The operating system's own refusal, made with a limit on the size of files."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
        try:
            with (tmp_path / "file").open("wb", buffering=0) as file:
                file.write(b"x" * 10)
                file.write(b"x")
        except OSError as error:
            os._exit(42 if is_outage(error) else 1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 42


def test_outages_fault_of_the_program_is_not_called_an_outage(db: None) -> None:
    assert not is_outage(ValueError("x"))
    assert is_outage(OSError(28, "No space left on device"))
