"""The register from before, on screen: look first, then write exactly that file."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from dossiers.management.commands import work_off_register
from dossiers.models import Dossier
from dossiers.old_register import files
from dossiers.old_register.lines import COLUMNS
from motcua import clock
from motcua.operations import jobs
from procedures.models import Procedure
from tests.cast import Cast
from tests.dossiers.pages import logged_in, text
from tests.dossiers.test_register_import import csv_of, repacked, row, xlsx_of

pytestmark = pytest.mark.django_db

PAGE = "/so-theo-doi/nhap-so-cu/"


def upload(client: Client, content: bytes, name: str = "so.csv") -> object:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def test_clean_file_is_shown_then_written_once_and_told(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row(applicant_name="Lê Thị Súng")))
    assert seen.status_code == 302
    words = text(client.get(seen.url))
    assert "mọi dòng đều đúng. Chưa ghi gì" in words
    assert "Lê Thị Súng" in words
    assert not Dossier.objects.exists()
    first = client.post(seen.url)
    assert first.status_code == 302
    assert "Đã ghi 1 hồ sơ" in text(client.get(seen.url))
    again = client.post(seen.url)
    assert (again.status_code, again.url) == (302, first.url)
    assert Dossier.objects.get().created_by == cast.leader


def test_register_import_page_page_tells_every_column_and_every_word_that_may_stand_in_it(
    cast: Cast,
) -> None:
    words = text(logged_in(cast.administrator).get(PAGE))
    for column in COLUMNS:
        assert column in words
    for value, label in (*Dossier.Channel.choices, *Dossier.Outcome.choices):
        assert f"{value} ({label})" in words


def test_register_import_page_every_problem_is_listed_with_its_line_and_nothing_can_be_written(
    cast: Cast,
) -> None:
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


SUNDAY = {"received_at": "10/01/2016", "applicant_name": "Lê Thị Súng"}
LEFT = "con-lai.csv"


def test_doubtful_lines_are_shown_with_their_reasons_and_written_at_one_press(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row(), row(**SUNDAY)))
    words = text(client.get(seen.url))
    assert "1 dòng đúng và 1 dòng cần xem lại" in words
    assert "10/01/2016 là ngày không làm việc" in words
    assert not Dossier.objects.exists()
    assert client.post(seen.url, {"nhan": "tat-ca"}).status_code == 302
    assert Dossier.objects.count() == 2
    assert "Đã ghi 2 hồ sơ" in text(client.get(seen.url))
    assert client.get(seen.url + LEFT).status_code == 404


def test_doubtful_lines_are_taken_one_by_one_and_the_rest_is_mended_and_sent_again(
    cast: Cast,
) -> None:
    client = logged_in(cast.leader)
    fonts = row(applicant_name="NguyÔn V¨n §øc", phone="+84912000001", received_at="06/01/2016")
    seen = upload(client, csv_of(row(), row(**SUNDAY), fonts))
    assert len(client.get(seen.url + LEFT).content.decode().splitlines()) == 3
    assert client.post(seen.url, {"nhan": "da-chon", "dong": ["3", "99", "x"]}).status_code == 302
    names = Dossier.objects.order_by("received_at").values_list("applicant_name", flat=True)
    assert list(names) == ["Trần Thị Mận", "Lê Thị Súng"]
    assert "Còn 1 dòng cần xem lại chưa được ghi" in text(client.get(seen.url))

    left = client.get(seen.url + LEFT).content
    assert "chữ phông cũ" in left.decode()
    assert client.get(upload(client, left).url).status_code == 200
    mended = left.decode().replace("NguyÔn V¨n §øc", "Nguyễn Văn Đức").encode()
    client.post(upload(client, mended).url)
    last = Dossier.objects.order_by("received_at")[1]
    assert (last.applicant_name, last.phone) == ("Nguyễn Văn Đức", "0912000001")


def test_register_import_page_with_no_line_chosen_and_none_that_is_good_nothing_is_written(
    cast: Cast,
) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row(**SUNDAY)))
    answer = client.post(seen.url, {"nhan": "da-chon"})
    assert answer.status_code == 422
    assert "Chưa chọn dòng nào" in text(answer)
    assert client.post(seen.url).status_code == 422
    assert not Dossier.objects.exists()


def test_doubt_about_the_whole_file_must_be_looked_at(cast: Cast) -> None:
    client = logged_in(cast.leader)
    swapped = csv_of(row(received_at="2016-04-01"), row(received_at="13/01/2016"))
    seen = upload(client, swapped)
    assert "đổi chỗ ngày và tháng" in text(client.get(seen.url))
    assert client.post(seen.url, {"nhan": "da-chon"}).status_code == 422
    assert not Dossier.objects.exists()
    assert client.post(seen.url, {"nhan": "da-chon", "dong": "0"}).status_code == 302
    assert Dossier.objects.count() == 2


def test_doubt_that_nobody_has_seen_keeps_the_file_out(cast: Cast) -> None:
    """A namesake came in between with a code of the book, and the line has one of ours."""
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row(receipt_code="SC-160105-2"), row(**SUNDAY)))
    first = upload(client, csv_of(row()))
    client.post(first.url)
    answer = client.post(seen.url, {"nhan": "tat-ca"})
    assert answer.status_code == 409
    assert "Có thể đã có trong chương trình" in text(answer)
    assert Dossier.objects.count() == 1
    assert client.post(seen.url, {"nhan": "tat-ca"}).status_code == 302
    assert Dossier.objects.count() == 3


def test_refused_lines_keep_doubtful_ones_out_and_both_are_told(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row(channel="fax"), row(**SUNDAY)))
    words = text(client.get(seen.url))
    assert "1 dòng cần sửa; ngoài ra có 1 dòng cần xem lại" in words
    assert client.post(seen.url, {"nhan": "tat-ca"}).status_code == 409
    assert not Dossier.objects.exists()


def test_sheet_is_named_where_several_have_lines(cast: Cast, settings) -> None:
    settings.JOB_COMMAND = ["true"]
    client = logged_in(cast.leader)
    two = (Path(__file__).parent / "register_cases" / "two_sheets.xlsx").read_bytes()
    file = SimpleUploadedFile("so.xlsx", two)
    Procedure.objects.filter(key="H901").update(key="H001")
    page = client.post(PAGE, {"file": file, "sheet": "T2"}).url
    _wait_for_processes()
    call_command("work_off_register", str(cast.leader.pk), page.split("/")[-2])
    words = text(client.get(page))
    assert "Lê Văn Hai" in words
    assert "Trần Thị Thử" not in words


def test_lines_of_other_offices_are_refused(cast: Cast) -> None:
    other = row(office_code="32086", procedure_id="X901")
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(other))
    assert "không được nhập sổ của Xã Tân Lộc" in text(client.get(seen.url))
    client = logged_in(cast.administrator)
    seen = upload(client, csv_of(other))
    assert "mọi dòng đều đúng" in text(client.get(seen.url))


def test_register_import_page_only_leaders_and_administrators_may_and_a_file_is_its_owners(
    cast: Cast,
) -> None:
    assert Client().get(PAGE).status_code == 302
    for staff in (cast.clerk, cast.overseer, cast.specialist):
        assert logged_in(staff).get(PAGE).status_code == 403
    seen = upload(logged_in(cast.leader), csv_of(row()))
    assert logged_in(cast.administrator).get(seen.url).status_code == 404
    assert logged_in(cast.leader).get(PAGE + "khong-co/").status_code == 404


def test_register_import_page_uploaded_file_is_gone_after_an_hour(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row()))
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert client.post(seen.url).status_code == 404
    assert not Dossier.objects.exists()


def test_register_import_page_file_kept_by_a_clock_that_ran_ahead_is_swept(cast: Cast) -> None:
    seen = upload(logged_in(cast.leader), csv_of(row()))
    found = files.Upload(cast.leader, seen.url.rstrip("/").rsplit("/", 1)[-1])
    ahead = (clock.now() + timedelta(days=300)).timestamp()
    os.utime(found.file, (ahead, ahead))
    files.remove_expired()
    assert not found.file.exists()


def test_register_import_page_file_that_is_being_worked_on_is_not_swept_away(cast: Cast) -> None:
    """Confirmed in its last minute, its hour begins anew, and its lock keeps others out."""
    seen = upload(logged_in(cast.leader), csv_of(row()))
    digest = seen.url.rstrip("/").rsplit("/", 1)[-1]
    found = files.Upload(cast.leader, digest)
    nearly = (clock.now() - timedelta(minutes=59)).timestamp()
    for path in (found.file, found.found, found.lock):
        os.utime(path, (nearly, nearly))
    files._ask(found, found.finding(), files.CHECK, 0)
    oldest = (clock.now() - timedelta(minutes=5)).timestamp()
    assert all(path.stat().st_mtime > oldest for path in (found.file, found.found, found.lock))


def test_register_import_page_what_came_in_between_looking_and_confirming_is_found(
    cast: Cast,
) -> None:
    client = logged_in(cast.leader)
    first = upload(client, csv_of(row()))
    second = upload(client, csv_of(row(), row(received_at="2016-01-06")))
    client.post(first.url)
    answer = client.post(second.url)
    assert answer.status_code == 409
    assert "Đã có trong chương trình" in text(answer)
    assert Dossier.objects.count() == 1


def test_register_import_page_file_that_is_no_register_is_told_beside_the_field(cast: Cast) -> None:
    client = logged_in(cast.leader)
    answer = upload(client, b"%PDF-1.4 hello")
    assert answer.status_code == 422
    assert "Thiếu cột" in text(answer)
    assert upload(client, b"").status_code == 422
    assert client.get(PAGE + "mau.csv").content.startswith(b"\xef\xbb\xbfoffice_code,")


def test_register_book_leads_there_for_those_who_may(cast: Cast) -> None:
    assert PAGE in logged_in(cast.leader).get("/so-theo-doi/").content.decode()
    assert PAGE not in logged_in(cast.clerk).get("/so-theo-doi/").content.decode()


def test_register_import_page_administration_leads_there_and_to_reopening(cast: Cast) -> None:
    index = logged_in(cast.administrator).get("/quan-tri/?tat-ca").content.decode()
    assert PAGE in index
    assert "/bao-cao/chot/mo-lai/" in index


def test_register_import_page_long_file_is_worked_off_by_a_process_of_its_own(
    cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_COMMAND = ["true"]  # a process that dies at once
    monkeypatch.setattr(files, "AT_ONCE", 10)
    client = logged_in(cast.leader)
    page = upload(client, csv_of(row())).url
    digest = page.split("/")[-2]
    _wait_for_processes()
    with _somebody_at(digest, cast):
        answer = client.get(page)
        assert "Đang kiểm tra" in text(answer)
        assert answer.headers["Refresh"]
    assert "đã dừng giữa chừng" in text(client.get(page))
    call_command("work_off_register", str(cast.leader.pk), digest)
    assert "mọi dòng đều đúng. Chưa ghi gì" in text(client.get(page))

    assert client.post(page).status_code == 302
    assert not Dossier.objects.exists()
    _wait_for_processes()
    with _somebody_at(digest, cast):
        assert "Đang ghi" in text(client.get(page))
        assert client.post(page).status_code == 302  # a second press
    call_command("work_off_register", str(cast.leader.pk), digest)
    assert "Đã ghi 1 hồ sơ" in text(client.get(page))
    call_command("work_off_register", str(cast.leader.pk), digest)
    assert Dossier.objects.get().created_by == cast.leader


def test_register_import_page_long_file_that_is_no_register_is_told_on_its_page(
    cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_COMMAND = ["true"]
    monkeypatch.setattr(files, "AT_ONCE", 10)
    client = logged_in(cast.leader)
    page = upload(client, b"%PDF-1.4 hello, hello").url
    _wait_for_processes()
    call_command("work_off_register", str(cast.leader.pk), page.split("/")[-2])
    assert re.search("Chưa ghi gì.*Thiếu cột", text(client.get(page)))
    with pytest.raises(CommandError, match="Không có tệp sổ cũ này"):
        call_command("work_off_register", str(cast.clerk.pk), page.split("/")[-2])


def test_register_import_page_many_short_lines_are_a_long_file_too(cast: Cast, settings) -> None:
    settings.JOB_COMMAND = ["true"]
    client = logged_in(cast.leader)
    header = csv_of(row()).partition(b"\n")[0]
    page = upload(client, header + b"\nx,y,z" * 1_001).url
    _wait_for_processes()
    assert "đã dừng giữa chừng" in text(client.get(page))


def test_workbook_is_read_by_a_process_of_its_own_however_short(cast: Cast, settings) -> None:
    """What it unpacks to, and how long that takes to read, its length does not tell."""
    settings.JOB_COMMAND = ["true"]
    client = logged_in(cast.leader)
    page = upload(client, xlsx_of(row(applicant_name="Lê Thị Súng")), "so.xlsx").url
    _wait_for_processes()
    assert "đã dừng giữa chừng" in text(client.get(page))
    work = ("work_off_register", str(cast.leader.pk), page.split("/")[-2])
    call_command(*work)
    assert "mọi dòng đều đúng. Chưa ghi gì" in text(client.get(page))
    client.post(page)
    _wait_for_processes()
    call_command(*work)
    assert Dossier.objects.get().applicant_name == "Lê Thị Súng"


def test_workbook_that_takes_too_long_to_read_is_told_on_its_page(
    cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_COMMAND = ["true"]
    monkeypatch.setattr(work_off_register, "SECONDS", 0.2)
    client = logged_in(cast.leader)
    page = upload(client, repacked(xlsx_of(row()), rows=b"<row/>" * 500_000), "so.xlsx").url
    _wait_for_processes()
    call_command("work_off_register", str(cast.leader.pk), page.split("/")[-2])
    assert "cần quá nhiều thời gian để đọc" in text(client.get(page))


def test_register_import_page_one_long_file_of_a_person_is_worked_off_at_a_time(
    cast: Cast, settings
) -> None:
    settings.JOB_COMMAND = ["true"]
    client = logged_in(cast.leader)
    first, second = xlsx_of(row()), xlsx_of(row(applicant_name="Lê Thị Súng"))
    page = upload(client, first).url
    _wait_for_processes()
    with _somebody_at(page.split("/")[-2], cast):
        refused = upload(client, second)
        assert refused.status_code == 422
        assert "Một tệp khác của ông/bà đang được kiểm tra" in text(refused)
        assert upload(client, first).status_code == 302, "the same file again leads to its page"
        assert upload(client, csv_of(row())).status_code == 302, "a short list holds nobody up"
        assert upload(logged_in(cast.administrator), second).status_code == 302
    assert upload(client, second).status_code == 302


def test_uploads_go_at_night_although_nobody_comes(cast: Cast) -> None:
    upload(logged_in(cast.leader), csv_of(row()))
    assert list(files.folder().iterdir())
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        call_command("prune_files", stdout=StringIO())
    assert not list(files.folder().iterdir())


def _wait_for_processes() -> None:
    """Each holds the lock of its file until it has ended."""
    for child in jobs._children:
        child.wait()


@contextmanager
def _somebody_at(digest: str, cast: Cast) -> Iterator[None]:
    """While another process works at the file of the leader."""
    with (files.folder() / f"{cast.leader.pk}-{digest}.khoa").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
