"""Two people of one name in an old register, and one dossier written down twice."""

import unicodedata
from pathlib import Path

import pytest

from dossiers.models import Dossier
from dossiers.old_register.importer import Refused, check, take_in, write
from dossiers.old_register.lines import read
from tests.cast import Cast
from tests.dossiers.pages import logged_in, text
from tests.dossiers.test_register_cases import DAY, doubts, of, told
from tests.dossiers.test_register_import import csv_of, row
from tests.dossiers.test_register_import_page import LEFT, upload

pytestmark = pytest.mark.django_db
SEVEN = DAY | {"applicant_name": "Trùng Bảy"}


def test_register_namesake_left_out_is_given_a_number_and_sent_again(cast: Cast) -> None:
    client = logged_in(cast.leader)
    seen = upload(client, csv_of(row(**SEVEN), row(**SEVEN)))
    assert client.post(seen.url, {"nhan": "da-chon", "dong": "2"}).status_code == 302
    left = client.get(seen.url + LEFT).content.decode()
    again = upload(client, left.replace("Trùng Bảy,", "Trùng Bảy,381000777").encode())
    words = text(client.get(again.url))
    assert "Có thể đã có trong chương trình với mã" in words
    assert "chỉ khác số giấy tờ" in words
    assert client.post(again.url, {"nhan": "tat-ca"}).status_code == 302
    assert sorted(Dossier.objects.values_list("applicant_id", flat=True)) == ["", "381000777"]


@pytest.mark.parametrize(
    ("there", "line", "exits"),
    [
        ({}, {}, 1),
        ({"applicant_id": "381000777"}, {"applicant_id": "381000777"}, 1),
        ({}, {"applicant_id": "381000777"}, 3),
        ({"applicant_id": "381000777"}, {}, 3),
        ({"applicant_id": "381000777"}, {"applicant_id": "381000888"}, 0),
        ({"phone": "0912000001"}, {"phone": "0912000002"}, 3),
        ({}, {"address": "Ấp 5"}, 3),
        ({}, {"resolved_at": "12/01/2016", "outcome": "approved"}, 3),
        ({"resolved_at": "12/01/2016", "outcome": "approved"}, {}, 1),
        ({"receipt_code": "SC-160105-1"}, {"receipt_code": "SC-160105-2"}, 0),
        ({"receipt_code": "SC-160105-1"}, {"receipt_code": "sc.160105.1"}, 1),
        ({"receipt_code": "SC-160105-1"}, {}, 1),
    ],
)
def test_register_line_beside_a_namesake_in_the_database_is_told_apart_by_numbers_alone(
    cast: Cast, tmp_path: Path, there: dict[str, str], line: dict[str, str], exits: int
) -> None:
    take_in(read(csv_of(row(**SEVEN | there))))
    assert of(csv_of(row(**SEVEN | line)), tmp_path)[0] == exits


def test_register_sent_a_second_time_doubles_nothing_though_doubts_are_accepted(
    cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "so.csv"
    file.write_bytes(
        csv_of(
            row(**SEVEN),
            row(**SEVEN),
            row(**SEVEN, applicant_id="381000777", phone="+84912000001/0912000002"),
            row(**SEVEN, applicant_id="381000888", note="hai  bản", due_at="20/01/2016"),
        )
    )
    assert told(file, "--accept-doubtful")[1]["written"] == 4
    exits, said = told(file, "--accept-doubtful")
    assert (exits, len(said["refused"]), said["written"]) == (1, 4, 0)
    assert Dossier.objects.count() == 4


def test_register_namesake_who_came_in_since_the_check_is_not_taken_unseen(cast: Cast) -> None:
    checked = check(read(csv_of(row(**SEVEN, phone="0912000001"))))
    take_in(read(csv_of(row(**SEVEN))))
    with pytest.raises(Refused):
        write(checked, accept_doubtful=True)
    seen = check(read(csv_of(row(**SEVEN, phone="0912000001"))))
    assert write(seen, accept_doubtful=True) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Văn Đôi ",
        " Nguyễn  Văn\u00a0Đôi",
        "NGUYỄN VĂN ĐÔI",
        "nguyễn văn đôi",
        unicodedata.normalize("NFD", "Nguyễn Văn Đôi"),
        unicodedata.normalize("NFD", "NGUYỄN VĂN  ĐÔI"),
    ],
)
def test_register_name_written_twice_in_other_ways_is_doubtful_in_both_lines(
    cast: Cast, tmp_path: Path, typed: str
) -> None:
    people = [row(**DAY, applicant_name=name) for name in ("Nguyễn Văn Đôi", typed)]
    assert doubts(csv_of(*people), tmp_path) == [(2, None), (3, None)]
