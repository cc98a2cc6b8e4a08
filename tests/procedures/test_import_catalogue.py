"""`import_catalogue`: procedures from a table, new, changed from a day or ended; all or nothing."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from procedures.catalogue_import.table import TITLES
from procedures.models import Procedure, ProcedureVersion, Sector
from procedures.shipped.catalogue_2026 import load_catalogue_2026
from tests.cast import Cast

NEW = {
    "national_code": "1.014392.H12",
    "name": "Cấp bản sao trích lục hộ tịch",
    "sector": "Hộ tịch",
    "level": "cấp xã",
    "limit_value": "3",
    "limit_unit": "ngày làm việc",
    "fee": "8.000",
    "papers": "Tờ khai (01 bản chính) | Bản sao giấy khai sinh",
    "in_force_from": "01/07/2026",
    "source": "QĐ 01763/QĐ-UBND",
}


def table(*rows: dict[str, str]) -> bytes:
    names = [name for name in TITLES if any(name in row for row in rows)]
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


class Answer:
    """What the command answered as JSON, and how it ended."""

    def __init__(self, folder: Path, *rows: dict[str, str], **options: Any) -> None:
        file, out = folder / "danh-muc.csv", io.StringIO()
        file.write_bytes(table(*rows))
        self.exit = 0
        try:
            call_command("import_catalogue", str(file), json=True, stdout=out, **options)
        except CommandError as error:
            self.exit = error.returncode
        self.told = json.loads(out.getvalue())

    def reasons(self, kind: str) -> list[tuple[int, str | None]]:
        return [(entry["line"], entry["column"]) for entry in self.told[kind]]


@pytest.fixture
def asked(cast: Cast, tmp_path: Path) -> Any:
    return lambda *rows, **options: Answer(tmp_path, *rows, **options)


def test_import_catalogue_a_new_procedure_gets_version_papers_and_sector(asked: Any) -> None:
    answer = asked(NEW)

    assert answer.told == {"good": 1, "refused": [], "doubtful": [], "written": 1}
    made = Procedure.objects.get(key="1.014392")
    assert (made.national_code, made.catalogue, made.level) == ("1.014392.H12", "own", "commune")
    assert made.sector.name == "Hộ tịch"
    version = made.versions.get()
    assert (version.limit_words, version.fee_vnd) == ("3 ngày làm việc", 8_000)
    assert (version.in_force_from, version.confidence) == (date(2026, 7, 1), "decided")
    assert [(paper.name, paper.kind) for paper in version.papers.all()] == [
        ("Tờ khai (01 bản chính)", "original"),
        ("Bản sao giấy khai sinh", "copy"),
    ]
    assert asked(NEW).told["written"] == 1, "the same again changes nothing"
    assert made.versions.count() == 1


def test_import_catalogue_dry_run_writes_nothing(asked: Any) -> None:
    answer = asked(NEW, dry_run=True)

    assert (answer.exit, answer.told["good"], answer.told["written"]) == (0, 1, 0)
    assert not Procedure.objects.filter(key="1.014392").exists()


def test_import_catalogue_a_change_holds_from_its_day_and_empty_cells_leave_what_is_there(
    asked: Any,
) -> None:
    asked(NEW)
    change = {
        "national_code": "1.014392.000.00.00.H12",
        "limit_value": "2",
        "limit_unit": "working_day",
        "fee": "",
        "in_force_from": "2026-12-01",
    }

    assert asked(change).exit == 0
    made = Procedure.objects.get(key="1.014392")
    before, since = made.version_on(date(2026, 11, 30)), made.version_on(date(2026, 12, 1))
    assert before is not None and since is not None
    assert (before.limit_value, since.limit_value, since.fee_vnd) == (3, 2, 8_000)
    assert [p.name for p in since.papers.all()] == [p.name for p in before.papers.all()]


def test_import_catalogue_an_end_closes_the_version_on_its_last_day(asked: Any) -> None:
    asked(NEW)

    assert asked({"national_code": "1.014392", "in_force_to": "31/12/2026"}).exit == 0
    made = Procedure.objects.get(key="1.014392")
    assert made.version_on(date(2026, 12, 31)) is not None
    assert made.version_on(date(2027, 1, 1)) is None
    again = NEW | {"in_force_from": "01/03/2027", "limit_value": "5"}
    assert asked(again).exit == 0
    begun = Procedure.objects.get(key="1.014392").version_on(date(2027, 3, 1))
    assert begun is not None and begun.limit_value == 5
    assert Procedure.objects.get(key="1.014392").version_on(date(2027, 1, 1)) is None


def test_import_catalogue_a_code_that_replaces_another_keeps_the_procedure_and_both_days(
    asked: Any,
) -> None:
    asked(NEW)
    row = {"national_code": "1.116910.H12", "replaces": "1.014392", "in_force_from": "01/10/2026"}

    assert asked(row).exit == 0
    made = Procedure.objects.get(key="1.014392")
    assert made.code_on(date(2026, 9, 30)) == "1.014392.H12"
    assert made.code_on(date(2026, 10, 1)) == "1.116910.H12"
    for written in ("1.014392", "1.116910.000.00.00.H61"):
        assert list(Procedure.objects.search(written)) == [made]
    assert asked(row | {"national_code": "1.116911"} | {"replaces": "1.999999"}).exit == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"national_code": "014392"}, "national_code"),
        ({"name": ""}, "name"),
        ({"level": "cấp vùng"}, "level"),
        ({"limit_unit": "tuần"}, "limit_unit"),
        ({"limit_value": "2,5"}, "limit_value"),
        ({"limit_value": ""}, "limit_value"),
        ({"fee": "tám nghìn"}, "fee"),
        ({"in_force_from": ""}, "in_force_from"),
        ({"in_force_from": "31/02/2026"}, "in_force_from"),
        ({"in_force_to": "30/06/2026"}, "in_force_to"),
        ({"papers": "x" * 501}, "papers"),
    ],
)
def test_import_catalogue_refuses_what_cannot_be_so(
    asked: Any, cells: dict[str, str], column: str
) -> None:
    answer = asked(NEW | cells, NEW | {"national_code": "1.000001", "name": "Tên khác"})

    assert answer.exit == 1
    assert answer.reasons("refused") == [(2, column)]
    assert (answer.told["good"], answer.told["written"]) == (1, 0)
    assert not Procedure.objects.filter(key="1.000001").exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"national_code": "1.014464. H12"}, "national_code"),
        ({"national_code": "5.014464"}, "national_code"),
        ({"fee": "700"}, "fee"),
        ({"fee": "0"}, "fee"),
        ({"limit_unit": ""}, "limit_unit"),
        ({"limit_value": "chưa rõ", "limit_unit": ""}, "limit_value"),
        ({"limit_value": "900"}, "limit_value"),
        ({"name": "Đăng ký kinh doanh 23/09"}, "name"),
        ({"name": "Công bố Danh mục và Quy trình nội bộ giải quyết"}, "name"),
        ({"in_force_from": "01/07/2062"}, "in_force_from"),
    ],
)
def test_import_catalogue_asks_about_what_the_portal_shows(
    asked: Any, cells: dict[str, str], column: str
) -> None:
    row = NEW | cells
    answer = asked(row)

    assert answer.exit == 3
    assert answer.reasons("doubtful") == [(2, column)]
    assert (answer.told["good"], answer.told["written"]) == (0, 0)
    accepted = asked(row, accept_doubtful=True)
    assert (accepted.exit, accepted.told["written"]) == (0, 1)


def test_import_catalogue_asks_whether_a_new_code_replaces_that_of_the_same_title(
    asked: Any, cast: Cast
) -> None:
    answer = asked(NEW | {"name": cast.birth.name.upper(), "level": "xã"})

    assert (answer.exit, answer.reasons("doubtful")) == (3, [(2, "name")])
    assert cast.birth.key in answer.told["doubtful"][0]["reason"]


def test_import_catalogue_an_accepted_zero_is_not_free_and_a_limit_without_unit_no_limit(
    asked: Any,
) -> None:
    asked(NEW | {"fee": "0", "limit_unit": ""}, accept_doubtful=True)

    version = ProcedureVersion.objects.get(procedure__key="1.014392")
    assert version.fee_vnd is None
    assert (version.limit_value, version.limit_unit, version.has_limit) == (3, "", False)
    free = {"national_code": "1.014392", "fee": "Miễn phí", "in_force_from": "01/12/2026"}
    assert asked(free).exit == 0
    latest = Procedure.objects.get(key="1.014392").version_on(date(2026, 12, 1))
    assert latest is not None and latest.fee_vnd == 0


def test_import_catalogue_ten_codes_of_one_title_are_doubtful_and_a_code_twice_refused(
    asked: Any,
) -> None:
    rows = [
        NEW | {"national_code": f"1.01440{n}", "name": "Hỗ trợ phát triển sản xuất cộng đồng"}
        for n in range(10)
    ]
    answer = asked(*rows)
    assert answer.exit == 3
    assert answer.reasons("doubtful") == [(n, "name") for n in range(2, 12)]

    twice = asked(NEW, NEW | {"national_code": "1.014392.000.00.00.H61"})
    assert twice.exit == 1
    assert twice.reasons("refused") == [(3, "national_code")]
    assert twice.told["good"] == 1


def test_import_catalogue_refuses_a_day_before_a_version_that_is_there(asked: Any) -> None:
    asked(NEW)
    row = NEW | {"limit_value": "5"}

    for begins in ("01/07/2026", "30/06/2026"):
        answer = asked(row | {"in_force_from": begins})
        assert answer.reasons("refused") == [(2, "in_force_from")]


def test_import_catalogue_asks_for_the_key_where_a_code_is_of_two_procedures(
    asked: Any, cast: Cast
) -> None:
    Procedure.objects.filter(pk__in=[cast.copy.pk, cast.birth.pk]).update(national_code="2.000815")
    row = {"national_code": "2.000815", "limit_value": "1", "limit_unit": "ngày"}
    row |= {"in_force_from": "01/07/2026"}

    assert asked(row).reasons("refused") == [(2, "national_code")]
    assert asked(row | {"key": cast.copy.key}).exit == 0
    assert cast.copy.versions.count() == 2
    assert cast.birth.versions.count() == 1


def test_import_catalogue_completes_a_version_without_limit_where_it_stands(asked: Any) -> None:
    load_catalogue_2026()
    row = {"national_code": "1.000894", "limit_value": "1", "limit_unit": "ngày làm việc"}

    assert asked(row | {"source": "QĐ 01/QĐ-UBND"}).exit == 0
    version = ProcedureVersion.objects.get(procedure__key="1.000894")
    assert (version.limit_words, version.in_force_from) == ("1 ngày làm việc", date(2026, 1, 1))
    assert (version.confidence, version.source, version.unverified) == (
        "decided",
        "QĐ 01/QĐ-UBND",
        "",
    )
    again = asked(row | {"limit_value": "2"})
    assert again.reasons("refused") == [(2, "in_force_from")], "now it may be in use"


def test_import_catalogue_restores_the_zeros_that_a_spreadsheet_takes_from_a_code(
    asked: Any,
) -> None:
    answer = asked(NEW | {"national_code": "1.01439"}, accept_doubtful=True)

    assert answer.reasons("doubtful") == [(2, "national_code")]
    assert Procedure.objects.filter(key="1.014390").exists()


def test_import_catalogue_an_end_in_the_past_is_doubtful(asked: Any) -> None:
    asked(NEW)

    answer = asked({"national_code": "1.014392", "in_force_to": "31/07/2026"})
    assert answer.reasons("doubtful") == [(2, "in_force_to")]


def test_import_catalogue_runs_the_same_statements_for_two_lines_and_for_forty(
    asked: Any, django_assert_max_num_queries: Any
) -> None:
    rows = [NEW | {"national_code": f"1.0150{n:02}", "name": f"Tên số {n}"} for n in range(40)]
    for count in (2, 40):
        with django_assert_max_num_queries(12):
            asked(*rows[:count], dry_run=True)


def test_import_catalogue_takes_the_titles_of_the_template_for_columns(
    cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "danh-muc.csv"
    titles = ",".join(TITLES[name][0] for name in ("national_code", "in_force_to"))
    load_catalogue_2026()
    file.write_text(f"{titles}\n1.001193,31/12/2026\n", encoding="utf-8")

    call_command("import_catalogue", str(file))

    assert ProcedureVersion.objects.get(procedure__key="1.001193").in_force_to == date(2026, 12, 31)
    assert Sector.objects.filter(name="Hộ tịch").count() == 1


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"name": "Tên mới", "in_force_from": "01/07/2027"}, "in_force_from"),
        ({"level": "cấp huyện", "in_force_from": "01/07/2027"}, "level"),
    ],
)
def test_import_catalogue_what_has_no_days_does_not_change_ahead_of_them(
    asked: Any, change: dict[str, str], column: str
) -> None:
    """The name and the level are the procedure's own: read today, they would be wrong till then."""
    asked(NEW)
    answer = asked({"national_code": NEW["national_code"]} | change)
    assert (answer.exit, answer.reasons("refused")) == (1, [(2, column)])
    made = Procedure.objects.get(key="1.014392")
    assert (made.name, made.level) == (NEW["name"], "commune")


def test_import_catalogue_a_code_must_be_that_of_its_key(asked: Any, cast: Cast) -> None:
    asked(NEW)
    line = NEW | {"national_code": "1.999020", "key": "1.014392", "name": "Thủ tục lạ"}
    answer = asked(line)
    assert (answer.exit, answer.reasons("refused")) == (1, [(2, "national_code")])


def test_import_catalogue_a_sector_however_spelt_is_the_one_there_is(asked: Any) -> None:
    asked(NEW)
    sectors = Sector.objects.count()
    other = NEW | {"national_code": "1.999021", "name": "Việc khác", "sector": "ho tich"}
    assert asked(other).exit == 0
    assert Sector.objects.count() == sectors
