"""The published results and the ratings: sums of offices, with the number behind every average."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.citizens.ratings import load_criteria
from dossiers.lifecycle import perform
from dossiers.models import Dossier, Rating, RatingCriterion, RatingScore
from reports.public.ratings import Mark, ratings_of
from reports.sign_off import closing
from reports.terms.periods import parse_period
from tests.cast import Cast, vn

NOW = vn("2016-05-10T09:00")
Q1 = parse_period("2016-Q1")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def ended(cast: Cast, received: str, resolved: str, **fields: object) -> Dossier:
    dossier = cast.received(received, **fields)
    perform.resolve(dossier, by=cast.clerk, at=vn(resolved), outcome="approved")
    return dossier


@pytest.fixture
def quarter(cast: Cast) -> list[Dossier]:
    """At the district one early and one late, one open; at Tân Lộc one on time. One in Q2."""
    commune = {"office": cast.tan_loc, "procedure": cast.copy, "by": cast.commune_clerk}
    cast.received("2016-03-31T09:00")
    return [
        ended(cast, "2016-01-04T09:00", "2016-01-11T09:00", applicant_name="Huỳnh Bí Mật"),
        ended(cast, "2016-01-04T09:00", "2016-03-01T09:00"),
        ended(cast, "2016-02-15T09:00", "2016-02-15T10:00", **commune),
        ended(cast, "2016-04-04T09:00", "2016-04-06T09:00"),
    ]


def rated(dossier: Dossier, day: str, comment: str = "", **scores: int) -> None:
    """As if the citizen had rated on that day; a question's code with _ for -."""
    rating = Rating.objects.create(
        dossier=dossier,
        office=dossier.office,
        rated_at=vn(f"{day}T09:00"),
        rated_on=vn(f"{day}T09:00").date(),
        comment=comment,
    )
    for code, score in scores.items():
        criterion = RatingCriterion.objects.get(code=code.replace("_", "-"))
        RatingScore.objects.create(rating=rating, criterion=criterion, score=score)


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def row(found: str, name: str) -> list[str]:
    """The cells of an office's row, without markup."""
    line = found.partition(f'<th scope="row"><b>{name}</b></th>')[2].partition("</tr>")[0]
    return [cell.partition(">")[2].partition("</td>")[0] for cell in line.split("<td")[1:]]


def test_results_last_quarter_that_is_over_is_shown_for_every_office(
    cast: Cast, client: Client, quarter: list[Dossier]
) -> None:
    found = page(client, "/ket-qua/")

    assert "<h2>Quý I năm 2016</h2>" in found
    assert "sớm hoặc đúng hạn: 2 / 3; trễ hạn: 1 hồ sơ." in found
    assert row(found, "Huyện Thới Bình") == ["3", "2", "1", "0", "1", "1", "chưa ký chốt"]
    assert row(found, "Xã Tân Lộc") == ["1", "1", "0", "1", "0", "0", "chưa ký chốt"]
    assert row(found, "Xã Biển Bạch") == ["0"] * 6 + ["chưa ký chốt"]
    assert "tính lúc 09:00 thứ Ba 10/05/2016" in found
    assert 'href="/ket-qua/?ky=2016-Q2"' in found
    assert "Bí Mật" not in found


def test_signed_figures_stay_as_they_were_signed(
    cast: Cast, client: Client, quarter: list[Dossier]
) -> None:
    seen = closing.fingerprint(closing.table_now(cast.district, Q1))
    closing.sign(cast.district, Q1, by=cast.leader, seen=seen)
    Dossier.objects.filter(pk=quarter[0].pk).update(timeliness="late")
    cache.clear()

    found = page(client, "/ket-qua/?ky=2016-Q1")

    assert row(found, "Huyện Thới Bình")[1:6] == ["2", "1", "0", "1", "1"]
    assert row(found, "Huyện Thới Bình")[6] == "đã ký chốt 10/05/2016"
    assert row(found, "Xã Tân Lộc")[6] == "chưa ký chốt"


def test_running_quarter_can_be_read_and_any_other_has_no_page(
    client: Client, quarter: list[Dossier]
) -> None:
    assert "<h2>Quý II năm 2016</h2>" in page(client, "/ket-qua/?ky=2016-Q2")
    for key in ("2016-Q3", "2015-Q4", "2016-9M", "x", ""):
        page(client, f"/ket-qua/?ky={key}", status=404)


def test_without_a_dossier_there_is_nothing_to_publish(cast: Cast, client: Client) -> None:
    assert "Chưa có kết quả nào để công bố." in page(client, "/ket-qua/")


def test_results_second_visitor_costs_no_count(client: Client, quarter: list[Dossier]) -> None:
    page(client, "/ket-qua/")

    with CaptureQueriesContext(connection) as statements:
        page(client, "/ket-qua/")

    assert len(statements) == 0


def test_average_has_one_decimal_halves_upwards_and_none_is_made_of_nothing(
    cast: Cast, quarter: list[Dossier]
) -> None:
    load_criteria()
    first, second, third, later = quarter
    rated(first, "2016-01-12", thai_do=2, so_lan=2)
    rated(second, "2016-03-31", thai_do=1)
    rated(third, "2016-02-16", "Nhanh lắm", thai_do=0)
    rated(later, "2016-04-07", thai_do=0)

    district, commune, none = ratings_of(Q1, [cast.district, cast.tan_loc, cast.bien_bach])

    marks = {mark.criterion.code: mark for mark in district.marks}
    assert (district.ratings, commune.ratings, none.ratings) == (2, 1, 0)
    assert (marks["thai-do"].answers, marks["thai-do"].average) == (2, Decimal("1.5"))
    assert marks["thai-do"].words == "2 trả lời, chưa đủ 20 để tính điểm"
    assert (marks["so-lan"].answers, marks["so-lan"].average) == (1, Decimal("2.0"))
    assert marks["chi-phi"].average is None
    assert {mark.words for mark in none.marks} == {"chưa có"}


@pytest.mark.parametrize(
    ("total", "answers", "average"), [(5, 4, "1.3"), (1, 3, "0.3"), (7, 4, "1.8"), (0, 2, "0.0")]
)
def test_results_value_of_an_index_is_the_sum_by_the_number(
    total: int, answers: int, average: str
) -> None:
    assert Mark(RatingCriterion(), answers, total).average == Decimal(average)


@pytest.mark.parametrize(
    ("total", "answers", "words"),
    [
        (36, 20, "1,8 / 2 (20 trả lời)"),
        (38, 19, "19 trả lời, chưa đủ 20 để tính điểm"),
        (0, 0, "chưa có"),
    ],
)
def test_results_no_average_of_fewer_than_twenty_answers_is_published(
    total: int, answers: int, words: str
) -> None:
    assert Mark(RatingCriterion(), answers, total).words == words


def test_results_everybody_sees_averages_and_nobody_a_comment(
    cast: Cast, client: Client, quarter: list[Dossier]
) -> None:
    load_criteria()
    rated(quarter[0], "2016-01-12", "Chị Mận rất tận tình", thai_do=2)

    found = page(client, "/ket-qua/")

    assert "Huyện Thới Bình: 1 lượt đánh giá" in found
    assert "Thái độ phục vụ của cán bộ: <b>1 trả lời, chưa đủ 20 để tính điểm</b>" in found
    assert "Xã Tân Lộc: " not in found
    assert "tận tình" not in found
    assert quarter[0].code not in found


def test_results_leader_reads_the_comments_of_his_offices_without_code_or_name(
    cast: Cast, client: Client, quarter: list[Dossier]
) -> None:
    load_criteria()
    rated(quarter[0], "2016-01-12", "Phòng chờ <nóng>", thai_do=2)
    address = "/bao-cao/danh-gia/?ky=2016-Q1"

    client.force_login(cast.leader)
    found = page(client, address)
    assert "Phòng chờ &lt;nóng&gt;" in found
    assert "1 trả lời, chưa đủ 20 để tính điểm" in found
    assert quarter[0].code not in found
    assert "Bí Mật" not in found

    client.force_login(cast.commune_leader)
    assert "Phòng chờ" not in page(client, address)
    assert "Trong kỳ này chưa có góp ý nào." in page(client, address)
    client.force_login(cast.overseer)
    assert "1 trả lời, chưa đủ 20 để tính điểm" in page(client, address)
    assert "Phòng chờ" not in page(client, address)
    client.force_login(cast.clerk)
    page(client, address, status=403)
    client.logout()
    assert client.get(address).status_code == 302


def test_period_that_is_none_is_explained(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)

    assert "Hãy nhập năm của kỳ báo cáo." in page(
        client, "/bao-cao/danh-gia/?ky=Q1&nam=", status=400
    )
