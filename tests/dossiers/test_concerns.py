"""Whom or what the result concerns: asked at the counter, on slip, in the register, in search."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.forms.concerns import doubtful_days, lines_of
from dossiers.models import Dossier
from procedures.catalogue import load_catalogue
from procedures.models import Concerns, Procedure
from procedures.shipped.catalogue_2026 import load_catalogue_2026
from tests.cast import Cast, vn
from tests.dossiers.counter_pages import page_of, text, typed, value
from tests.dossiers.pages import path, send
from tests.dossiers.printed import printed, slip_of

pytestmark = pytest.mark.django_db
NA = "Nguyễn Thị Na, nữ, sinh 05/03/2016"
DAY = "05/03/2016"
BIRTH = {"child_name": "Nguyễn  Thị Na", "child_sex": "nữ", "child_born": "5/3/2016"}


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(vn("2016-03-10T09:05"), tick=False):
        yield


@pytest.fixture
def birth(cast: Cast) -> Procedure:
    Procedure.objects.filter(pk=cast.birth.pk).update(concerns=Concerns.CHILD)
    cast.birth.refresh_from_db()
    return cast.birth


def counter(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.commune_clerk)
    return client


def taken(cast: Cast, procedure: Procedure, concerns: str, **fields: str) -> str:
    """What is kept of these lines, of a procedure that concerns this."""
    Procedure.objects.filter(pk=procedure.pk).update(concerns=concerns)
    procedure.refresh_from_db()
    answer = counter(cast).post(page_of(procedure), typed(procedure, **fields))
    assert answer.status_code == 302, text(answer)
    return Dossier.objects.get().concerns


@pytest.mark.parametrize(
    ("concerns", "fields", "kept"),
    [
        ("child", BIRTH, NA),
        ("child", {"child_name": "Nguyễn Thị Na"}, "Nguyễn Thị Na"),
        (
            "spouses",
            {"groom": "Lê Văn Tám, 096085000111", "bride": "Trần Thị Chín, 096187000222"},
            "Lê Văn Tám, 096085000111 và Trần Thị Chín, 096187000222",
        ),
        (
            "parcel",
            {"parcel": "123", "map_sheet": "4", "parcel_place": "ấp 1 xã Tân Bằng"},
            "Thửa 123, tờ bản đồ 4, ấp 1 xã Tân Bằng",
        ),
        ("parcel", {"parcel": "Thửa 123"}, "Thửa 123"),
        (
            "deceased",
            {"deceased_name": "Phạm Văn Cũ", "death_day": "01032016"},
            "Phạm Văn Cũ, chết ngày 01/03/2016",
        ),
        ("child", {}, ""),
        ("", BIRTH, ""),
    ],
)
def test_intake_keeps_whom_the_result_concerns_in_one_line(
    cast: Cast, concerns: str, fields: dict[str, str], kept: str
) -> None:
    assert taken(cast, cast.birth, concerns, **fields) == kept


def test_intake_asks_only_what_belongs_to_the_procedure(cast: Cast, birth: Procedure) -> None:
    page = counter(cast).get(page_of(birth))
    assert "Kết quả về trẻ được khai sinh" in text(page)
    assert 'name="child_name"' in page.content.decode()
    assert 'name="parcel"' not in page.content.decode()
    Procedure.objects.filter(pk=birth.pk).update(concerns="")
    page = counter(cast).get(page_of(birth))
    assert "Kết quả về" not in text(page)
    assert 'name="child_name"' not in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"child_name": "", "child_sex": "nữ"}, "Hãy ghi họ tên trẻ."),
        ({"child_born": "31/02/2016"}, "Hãy nhập ngày, ví dụ 03/10/2016."),
        ({"child_born": "11/03/2016"}, "Ngày 11/03/2016 chưa tới."),
        ({"child_name": "Na" * 60}, "Hãy ghi ngắn lại, không quá 100 ký tự."),
        ({"child_sex": "khác"}, "Hãy chọn một trong các mục."),
    ],
)
def test_intake_wrong_line_about_whom_is_refused_at_its_place_and_stays(
    cast: Cast, birth: Procedure, wrong: dict[str, str], sentence: str
) -> None:
    page = counter(cast).post(page_of(birth), typed(birth, **(BIRTH | wrong)))
    assert page.status_code in (400, 422)
    assert sentence in text(page)
    assert value(page, "child_name") == (BIRTH | wrong)["child_name"]
    assert not Dossier.objects.exists()


def test_intake_child_of_36_years_is_asked_about_at_its_day_and_blocks_nothing(
    cast: Cast, birth: Procedure
) -> None:
    again = typed(birth, **(BIRTH | {"child_born": "9/3/1980", "applicant_name": "Lê Văn Tám"}))
    assert counter(cast).post(page_of(birth), again).status_code == 302, "of a grown person"
    Procedure.objects.filter(pk=birth.pk).update(name="Đăng ký khai sinh")
    form = typed(birth, **(BIRTH | {"child_born": "9/3/1980"}))
    told = counter(cast).post(f"/ho-so/tiep-nhan/tam-giu/?thu-tuc={birth.key}", form).json()
    sentence = "Con sinh năm 1980, đã 36 tuổi: mời xem lại."
    assert [(d["field"], d["sentence"]) for d in told["doubts"]] == [("child_born", sentence)]
    page = counter(cast).post(page_of(birth), form)
    assert page.status_code == 422
    assert sentence in text(page)
    assert "Ngày sinh Chủ nhật 09/03/1980" in text(page)
    seen = counter(cast).post(page_of(birth), form | {"asked": told["doubts"][0]["key"]})
    assert seen.status_code == 302


@pytest.mark.parametrize(
    ("typed_day", "told"),
    [("10/03/2000", 1), ("11/03/2000", 0), ("11/03/2016", 1), ("10/03/2016", 0), ("3x", 0)],
)
def test_intake_days_are_doubted_from_sixteen_years_on_and_when_they_are_to_come(
    birth: Procedure, typed_day: str, told: int
) -> None:
    birth.name = "Đăng ký khai sinh"
    assert len(doubtful_days(birth, {"child_born": typed_day})) == told


@pytest.mark.parametrize(
    ("concerns", "fields"),
    [
        ("spouses", {"groom": "Ă" * 95, "bride": "Ă" * 95}),
        ("parcel", {"parcel": "9" * 40, "map_sheet": "9" * 20, "parcel_place": "Ă" * 120}),
    ],
)
def test_intake_longest_lines_about_whom_are_kept_whole(
    cast: Cast, concerns: str, fields: dict[str, str]
) -> None:
    kept = taken(cast, cast.birth, concerns, **fields)
    assert all(words in kept for words in fields.values())


def test_search_finds_a_dossier_by_whom_it_concerns(cast: Cast, birth: Procedure) -> None:
    cast.received("2016-03-09T09:00", office=cast.tan_loc, procedure=birth, concerns=NA)
    assert [d.concerns for d in Dossier.objects.search("nguyen thi na")] == [NA]
    assert not Dossier.objects.search("nguyen thi xuan").exists()


def test_correction_puts_right_whom_the_result_concerns(cast: Cast, birth: Procedure) -> None:
    dossier = cast.received(
        "2016-03-09T09:00", office=cast.tan_loc, procedure=birth, by=cast.commune_clerk, concerns=NA
    )
    right = "Nguyễn Thị Nga, nữ, sinh 05/03/2016"
    page = counter(cast).get(path(dossier, "correct"))
    assert [value(page, name) for name in ("child_name", "child_born")] == [
        *("Nguyễn Thị Na", "05/03/2016"),
    ]
    wrong = {"child_name": "", "child_born": "11/3/2016", "reason": "Nhầm tên"}
    refused = text(send(counter(cast), dossier, "correct", **wrong))
    assert "Hãy ghi họ tên trẻ." in refused
    assert "Ngày 11/03/2016 chưa tới." in refused
    send(counter(cast), dossier, "correct", child_name="Nguyễn Thị Nga", reason="Nhầm tên")
    dossier.refresh_from_db()
    assert dossier.concerns == right
    assert dossier.events.get(kind="correct").changes == {"concerns": [NA, right]}
    assert [d.pk for d in Dossier.objects.search("nguyen thi nga")] == [dossier.pk]


def test_correction_of_a_line_that_nobody_can_take_apart_asks_for_one_line(
    cast: Cast, birth: Procedure
) -> None:
    dossier = cast.received(
        *("2016-03-09T09:00",),
        **{"office": cast.tan_loc, "procedure": birth, "by": cast.commune_clerk},
        concerns="Na, con ông Tám, sinh năm 2016",
    )
    page = counter(cast).get(path(dossier, "correct"))
    assert value(page, "concerns") == "Na, con ông Tám, sinh năm 2016"
    assert 'name="child_name"' not in page.content.decode()
    send(counter(cast), dossier, "correct", phone="0912000001", reason="Thiếu")
    dossier.refresh_from_db()
    assert dossier.concerns == "Na, con ông Tám, sinh năm 2016"


@pytest.mark.parametrize(
    ("kind", "kept", "lines"),
    [
        ("child", NA, {"child_name": "Nguyễn Thị Na", "child_sex": "nữ", "child_born": DAY}),
        ("child", "Na", {"child_name": "Na"}),
        ("child", "", {}),
        ("spouses", "A, 1 và B", {"groom": "A, 1", "bride": "B"}),
        ("spouses", "A và B và C", None),
        ("spouses", "A", None),
        ("parcel", "Thửa 1, ấp 2, xã 3", {"parcel": "1", "parcel_place": "ấp 2, xã 3"}),
        ("deceased", f"B, chết ngày {DAY}", {"deceased_name": "B", "death_day": DAY}),
        ("", "Na", None),
    ],
)
def test_correction_takes_apart_only_what_joins_to_the_same(
    kind: str, kept: str, lines: dict[str, str] | None
) -> None:
    assert lines_of(kind, kept) == lines


@pytest.mark.parametrize("at", ["2016-03-09T09:00", "2019-03-11T09:00", "2026-01-05T09:00"])
def test_slip_says_whom_the_result_concerns(cast: Cast, tmp_path: Path, at: str) -> None:
    with time_machine.travel(vn(at), tick=False):
        dossier = cast.received(at, concerns="Thửa 123, tờ bản đồ 4")
        other = cast.received(at)
        client = Client()
        client.force_login(cast.clerk)
        assert "Về: Thửa 123, tờ bản đồ 4" in printed(client, slip_of(dossier), tmp_path, page=1)
        assert "Về:" not in printed(client, slip_of(other), tmp_path, page=1)


def test_dossier_page_and_list_say_whom_it_concerns(cast: Cast) -> None:
    dossier = cast.received(concerns="Thửa 123, tờ bản đồ 4")
    client = Client()
    client.force_login(cast.clerk)
    assert "Kết quả về Thửa 123, tờ bản đồ 4" in text(client.get(path(dossier)))
    with CaptureQueriesContext(connection) as one:
        assert "Về: Thửa 123, tờ bản đồ 4" in text(client.get("/ho-so/"))
    for number in range(3):
        cast.received(concerns=f"Thửa {number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/ho-so/")
    assert len(one) == len(many)


def test_shipped_catalogues_say_whom_each_procedure_concerns() -> None:
    load_catalogue()
    load_catalogue_2026()
    kinds = dict(Procedure.objects.values_list("key", "concerns"))
    of_2016 = {
        "child": "X041 X042 X048 X049 X050 X051 X056 H065 H066 H067 H070",
        "deceased": "X052 X053 X057 H068 H071",
        "spouses": "X054 X055 X058 H069 H072",
    }
    for concerns, keys in of_2016.items():
        said = {key for key, kind in kinds.items() if kind == concerns and key[0] in "XH"}
        assert said == set(keys.split())
    assert (kinds["H216"], kinds["1.001193"], kinds["1.000656"], kinds["1.000894"]) == (
        *("parcel", "child"),
        *("deceased", "spouses"),
    )
    assert (kinds["X044"], kinds["H062"], kinds["2.000635"]) == ("", "", "")
