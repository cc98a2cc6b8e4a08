"""Working days used against the limit: percentiles, verdicts, and the page, whose every number
opens its dossiers."""

import csv
import io
from fractions import Fraction
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from dossiers.rules.deadlines import Limit, LimitUnit
from reports.dashboard.durations import durations
from reports.figures.summaries import days_spent
from reports.figures.verify import rebuild
from reports.terms.periods import parse_period
from reports.terms.verdicts import (
    MEDIAN,
    NINE_TENTHS,
    VerdictKind,
    WorkingLimit,
    in_working_days,
    nearest_rank,
    verdict,
)
from tests.cast import Cast, vn
from tests.reports.scopes import scopes_for
from tests.reports.test_report_views import cell_links

PAGE = reverse("days_used")


@pytest.mark.parametrize(
    ("histogram", "median", "ninety"),
    [
        ({3: 1}, 3, 3),
        ({1: 1, 2: 1}, 1, 2),  # of two, the first is at place ceil(1/2 × 2)
        ({1: 5, 10: 5}, 1, 10),
        ({1: 9, 10: 1}, 1, 1),
        ({1: 8, 10: 2}, 1, 10),
        ({0: 0, 4: 3, 7: 8}, 7, 7),
    ],
)
def test_durations_percentile_is_the_nearest_rank(
    histogram: dict[int, int], median: int, ninety: int
) -> None:
    assert nearest_rank(histogram, MEDIAN) == median
    assert nearest_rank(histogram, NINE_TENTHS) == ninety


def test_durations_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="Không có hồ sơ"):
        nearest_rank({}, MEDIAN)
    with pytest.raises(ValueError, match="Không có hồ sơ"):
        nearest_rank({3: 0}, Fraction(1, 4))


def test_durations_limits_in_other_units_are_about_so_many_working_days() -> None:
    def days(value: int, unit: LimitUnit) -> WorkingLimit | None:
        return in_working_days(Limit(value, unit))

    assert days(10, LimitUnit.WORKING_DAY) == (10, True)
    assert days(15, LimitUnit.CALENDAR_DAY) == (10, False)
    assert days(2, LimitUnit.MONTH) == (42, False)
    assert days(9, LimitUnit.WORKING_HOUR) == (2, False)
    assert days(0, LimitUnit.SAME_DAY) is None


@pytest.mark.parametrize(
    ("histogram", "limit", "met", "kind"),
    [
        ({3: 19}, (10, True), (19, 19), VerdictKind.FEW),
        ({3: 20}, (10, True), (20, 20), VerdictKind.CUT),
        ({6: 20}, (10, True), (20, 20), VerdictKind.CUT),
        ({7: 20}, (10, True), (20, 20), VerdictKind.FITS),  # more than two thirds
        ({1: 20}, (2, True), (20, 20), VerdictKind.FITS),  # a day less is not worth it
        ({2: 17, 9: 3}, (10, True), (20, 20), VerdictKind.FITS),  # nine of ten need nine
        ({10: 20}, (10, True), (20, 20), VerdictKind.FITS),
        ({10: 17, 11: 3}, (10, True), (17, 20), VerdictKind.TIGHT),
        ({10: 10, 11: 10}, (10, True), (10, 20), VerdictKind.TIGHT),
        ({10: 9, 11: 11}, (10, True), (9, 20), VerdictKind.NEVER),
        ({9: 20}, (10, False), (9, 20), VerdictKind.NEVER),
        ({9: 20}, (10, False), (17, 20), VerdictKind.TIGHT),
        ({5: 20}, (10, False), (20, 20), VerdictKind.CUT),
        ({0: 20}, None, (20, 20), VerdictKind.FITS),
        ({1: 20}, None, (2, 20), VerdictKind.NEVER),
    ],
)
def test_verdicts(
    histogram: dict[int, int],
    limit: tuple[int, bool] | None,
    met: tuple[int, int],
    kind: VerdictKind,
) -> None:
    found = verdict(histogram, WorkingLimit(*limit) if limit else None, met)
    assert found.kind is kind


def test_durations_cut_is_said_in_working_days() -> None:
    exact = verdict({2: 18, 4: 3}, WorkingLimit(10, exact=True), (21, 21))
    assert exact.words == (
        "có thể rút từ 10 xuống 4 ngày làm việc: chín phần mười số hồ sơ chỉ cần đến 4 ngày"
    )
    about = verdict({0: 20}, WorkingLimit(10, exact=False), (20, 20))
    assert about.words.startswith("có thể rút từ khoảng 10 xuống 1 ngày làm việc")


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Land (ten working days): two in 2 days, one in 12; a copy within the day; one of which
    the days are not known."""
    for end in ("2016-03-03", "2016-03-03", "2016-03-17"):
        dossier = cast.received("2016-03-01T09:00")
        perform.resolve(dossier, by=cast.clerk, at=vn(f"{end}T09:00"), outcome="approved")
    for _ in range(2):
        copy = cast.received("2016-03-01T09:00", procedure=cast.copy, office=cast.tan_loc)
        perform.resolve(copy, by=cast.clerk, at=vn("2016-03-01T10:00"), outcome="approved")
    Dossier.objects.filter(pk=copy.pk).update(days_spent=None)
    rebuild()  # no act of the program has done this
    return cast


def found_of(cast: Cast, who: str = "leader") -> tuple:
    return parse_period("2016-Q1"), scopes_for(getattr(cast, who))[0]


def test_durations_days_of_every_dossier_that_was_resolved(lived: Cast) -> None:
    assert days_spent(*found_of(lived)) == {
        lived.land.pk: {2: 2, 12: 1},
        lived.copy.pk: {0: 1, None: 1},
    }
    assert days_spent(*found_of(lived, "commune_leader")) == {lived.copy.pk: {0: 1, None: 1}}
    assert [(d.key, d.number, d.median, d.ninety, d.met) for d in durations(*found_of(lived))] == [
        ("H901", 3, 2, 12, (2, 3)),
        ("X901", 1, 0, 0, (2, 2)),
    ]


def test_durations_page_says_it_and_every_number_opens(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    page = unescape(client.get(PAGE, {"ky": "2016-Q1"}).content.decode())
    assert "2 thủ tục có hồ sơ giải quyết xong: 2 chưa đủ 20 hồ sơ để nhận xét." in page
    assert "2 / 3" in page
    assert "1 tính được số ngày" in page
    links = cell_links(page)
    assert len(links) == 3
    for address, number in links:
        assert client.get(address).context["page"].paginator.count == number, address
    client.force_login(lived.commune_leader)
    assert "Đăng ký biến động" not in client.get(PAGE, {"ky": "2016-Q1"}).content.decode()
    assert client.get(PAGE, {"pham-vi": "967"}).status_code == 404
    assert client.get(PAGE, {"ky": "2016-13M"}).status_code == 400


def test_durations_empty_period_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    page = client.get(PAGE, {"ky": "2012"}).content.decode()
    assert "Trong kỳ chưa có hồ sơ nào giải quyết xong." in page


def test_table_as_a_file(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    answer = client.get(PAGE, {"ky": "2016-Q1", "dang": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    table, _, said = text.partition("\r\n\r\n")
    assert said.startswith('"Kỳ báo cáo:') or said.startswith("Kỳ báo cáo:")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(r["Mã thủ tục"], r["Trung vị (ngày làm việc)"], r["Quá hạn"]) for r in rows] == [
        ("H901", "2", "1"),
        ("X901", "0", "0"),
    ]
    assert "thoi-gian-2016-Q1-tat-ca.csv" in answer["Content-Disposition"]


def test_durations_page_takes_the_same_queries_for_many_procedures(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            durations(*found_of(cast))
        return len(captured)

    for procedure in (cast.land, cast.building):
        dossier = cast.received("2016-03-01T09:00", procedure=procedure)
        perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), outcome="approved")
        found_of(cast)
        assert queries() <= 6  # one asks whether dossiers were assigned elsewhere since
