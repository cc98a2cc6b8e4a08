"""Every table that offices sign says whether it is signed, by whom and when, or a draft."""

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from motcua.models import Office, Staff
from reports.sign_off import closing as rules
from reports.sign_off.status import status_of
from reports.terms.periods import parse_period
from reports.terms.scopes import scope_of_all, scope_of_office
from tests.cast import Cast, vn
from tests.dossiers.pages import text

QUARTER = parse_period("2016-Q1")


@pytest.fixture
def lived(cast: Cast) -> Cast:
    cast.received("2016-01-04T09:00")
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth)
    return cast


def sign(office: Office, by: Staff) -> None:
    with time_machine.travel(vn("2016-04-04T08:30"), tick=False):
        seen = rules.fingerprint(rules.table_now(office, QUARTER))
        rules.sign(office, QUARTER, by=by, seen=seen)


def test_status_one_office_is_a_draft_until_it_signs_and_again_when_the_count_moves(
    lived: Cast,
) -> None:
    scope = scope_of_office(lived.district)
    assert status_of(QUARTER, scope) == ("BẢN NHÁP: số liệu của kỳ chưa ký chốt.",)
    sign(lived.district, lived.leader)
    who = f"{lived.leader.display_name}, ký lúc 08:30 ngày 04/04/2016"
    assert status_of(QUARTER, scope) == (f"ĐÃ KÝ CHỐT (lần 1): {who}.",)
    later = lived.received("2016-03-01T09:00")
    perform.resolve(later, by=lived.clerk, at=vn("2016-03-02T09:00"), outcome="approved")
    assert status_of(QUARTER, scope) == (f"BẢN NHÁP: số đếm lúc này khác số đã ký chốt ({who}).",)


def test_status_several_offices_name_who_signed_and_who_is_missing(lived: Cast) -> None:
    sign(lived.district, lived.leader)
    scope = scope_of_all([lived.district, lived.tan_loc])
    first, signed, missing = status_of(QUARTER, scope)
    assert first == "BẢN NHÁP: 1 trên 2 đơn vị đã ký số liệu của kỳ."
    assert f"{lived.district.name} ({lived.leader.display_name}, 08:30 ngày 04/04/2016)" in signed
    assert missing == f"Chưa ký: {lived.tan_loc.name}."
    sign(lived.tan_loc, lived.commune_leader)
    assert status_of(QUARTER, scope)[0].startswith("ĐÃ KÝ CHỐT: 2 trên 2 đơn vị")


def test_status_offices_without_a_dossier_are_named_apart_and_not_missing(lived: Cast) -> None:
    """Biển Bạch had none in the quarter: the table is signed once the other two have."""
    scope = scope_of_all([lived.district, lived.tan_loc, lived.bien_bach])
    idle = f"Không có hồ sơ trong kỳ nên không phải ký: {lived.bien_bach.name}."
    sign(lived.district, lived.leader)
    first, _, missing, empty = status_of(QUARTER, scope)
    assert first == "BẢN NHÁP: 1 trên 2 đơn vị có hồ sơ đã ký số liệu của kỳ."
    assert (missing, empty) == (f"Chưa ký: {lived.tan_loc.name}.", idle)
    sign(lived.tan_loc, lived.commune_leader)
    first, _, empty = status_of(QUARTER, scope)
    assert first == "ĐÃ KÝ CHỐT: 2 trên 2 đơn vị có hồ sơ đã ký số liệu của kỳ."
    assert empty == idle
    assert status_of(QUARTER, scope_of_office(lived.bien_bach)) == (
        "BẢN NHÁP: đơn vị không có hồ sơ trong kỳ nên không phải ký.",
    )
    before = parse_period("2015-Q1")
    assert status_of(before, scope)[0] == "BẢN NHÁP: chưa đơn vị nào ký số liệu của kỳ."


@pytest.mark.parametrize(
    ("key", "words"),
    [("2016-Q3", "kỳ chưa kết thúc"), ("2016-01-01..2016-01-31", "khoảng ngày tự chọn")],
)
def test_status_what_cannot_be_signed_is_a_draft(lived: Cast, key: str, words: str) -> None:
    period = parse_period(key).told_on(vn("2016-08-10T09:00").date())
    (line,) = status_of(period, scope_of_office(lived.district))
    assert line.startswith(f"BẢN NHÁP: {words}")


def test_status_page_and_every_file_of_the_form_say_so(
    lived: Cast, client: Client, tmp_path: Path
) -> None:
    client.force_login(lived.leader)
    query = {"ky": "2016-Q1", "mau": "ii-06a", "pham-vi": "967"}
    draft = "BẢN NHÁP: số liệu của kỳ chưa ký chốt."
    assert draft in text(client.get(reverse("report"), query))

    def file(format: str) -> bytes:
        response = client.get(reverse("report_export", args=[format]), query)
        return response.content

    assert draft in file("csv").decode()
    book = openpyxl.load_workbook(io.BytesIO(file("xlsx")))
    assert draft in [row[0].value for row in book["Số liệu"].iter_rows()]
    paper = tmp_path / "bieu.pdf"
    paper.write_bytes(file("pdf"))
    words = subprocess.run(
        ["pdftotext", str(paper), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert draft in " ".join(words.split())
    out = tmp_path / "bieu.csv"
    call_command("report", "2016-Q1", "--office", "967", "--format", "csv", "--output", str(out))
    assert draft in out.read_text()


def test_status_files_of_other_choices_and_states_have_other_names(
    lived: Cast, client: Client
) -> None:
    client.force_login(lived.leader)

    def name(**query: str) -> str:
        address = reverse("report_export", args=["csv"])
        response = client.get(address, {"ky": "2016-Q1", "pham-vi": "967", **query})
        return response["Content-Disposition"].partition('filename="')[2].rstrip('"')

    draft = name()
    assert draft == "bao-cao-2016-Q1-967-linh-vuc-nhap.csv"
    assert name(lich="nd09") == "bao-cao-2016-Q1-967-nd09-linh-vuc-nhap.csv"
    assert name(mau="ii-06a") == "bao-cao-ii-06a-2016-Q1-967-linh-vuc-nhap.csv"
    with time_machine.travel(vn("2016-03-30T09:00"), tick=False):
        assert name() == "bao-cao-2016-Q1-den-20160330-967-linh-vuc-nhap.csv"
    sign(lived.district, lived.leader)
    client.force_login(lived.leader)
    assert name() == "bao-cao-2016-Q1-967-linh-vuc-da-ky.csv"

    def listed(group: str) -> str:
        query = {"ky": "2016-Q1", "cot": "received", "nhom": group, "dang": "csv"}
        return client.get(reverse("figure_dossiers"), query)["Content-Disposition"]

    assert "-dat-dai.csv" in listed("Đất đai")
    assert listed("Đất đai") != listed("Hộ tịch")


def test_files_of_two_procedures_with_long_names_have_different_names(
    lived: Cast, client: Client
) -> None:
    """Their first forty letters are the same."""
    client.force_login(lived.leader)
    names = set()
    for procedure in (lived.land, lived.building):
        procedure.name = f"Cấp giấy chứng nhận quyền sử dụng đất cho {procedure.name}"
        procedure.save()
        query = {"ky": "2016-Q1", "cot": "received", "theo": "thu-tuc", "dang": "csv"}
        response = client.get(reverse("figure_dossiers"), {**query, "nhom": procedure.key})
        names.add(response["Content-Disposition"])
    assert len(names) == 2


@pytest.mark.parametrize("word", ["report", "days_used"])
@time_machine.travel(vn("2016-03-30T09:00"), tick=False)
def test_status_every_csv_of_figures_says_period_scope_calendar_day_of_count_and_of_making(
    lived: Cast, client: Client, word: str
) -> None:
    """Under the table: its first line stays that of the headings."""
    client.force_login(lived.leader)
    query = {"ky": "2016-Q1", "pham-vi": "967", "lich": "nd09", "dang": "csv"}
    if word == "report":
        response = client.get(reverse("report_export", args=["csv"]), query)
    else:
        response = client.get(reverse("days_used"), query)
    lines = response.getvalue().decode().splitlines()
    assert lines[0].startswith("\ufeffMã")
    under = "\n".join(lines[lines.index("") :])
    assert "Quý I năm 2016 (từ 15/12/2015 đến 14/03/2016)" in under
    assert "Huyện Thới Bình" in under
    assert (
        "Lịch kỳ báo cáo: Nghị định 09/2019/NĐ-CP (tháng từ ngày 15 tháng trước). Số liệu tính "
        "đến hết ngày 14/03/2016. Lập lúc 09:00 ngày 30/03/2016." in under
    )
