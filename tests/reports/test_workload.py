"""Who holds what now, and how long each place took: every number against the dossiers behind."""

from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Event
from motcua import clock
from reports.dashboard.workload import Pile, loads, paces
from reports.terms.periods import parse_period
from tests.cast import Cast, vn
from tests.reports.scopes import scopes_for
from tests.reports.test_report_views import cell_links

PAGE, LIST = reverse("workload"), reverse("held_dossiers")
# Thursday; five working days on is Thursday 02/06.
NOW = "2016-05-26T08:00:00Z"


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """At the division: one overdue, one due on that Thursday, one on the Friday, one waiting; at
    the desk one of today; at Tân Lộc one. Two have left the division, one of them in time for the
    step's own share."""

    def at_the_division(received: str, **share):
        dossier = cast.received(f"{received}T09:00")
        perform.forward(
            dossier,
            by=cast.clerk,
            at=vn(f"{received}T10:00"),
            division=cast.land_division,
            **share,
        )
        return dossier

    at_the_division("2016-05-03")
    at_the_division("2016-05-19")
    at_the_division("2016-05-20")
    waiting = at_the_division("2016-05-03")
    perform.ask_supplement(
        waiting, by=cast.clerk, at=vn("2016-05-05T09:00"), items="Bản chính", reason="Thiếu"
    )
    cast.received("2016-05-26T09:00")
    cast.received("2016-05-26T09:00", office=cast.tan_loc, procedure=cast.birth)
    for end in ("2016-03-03T09:00", "2016-03-09T09:00"):
        dossier = at_the_division("2016-03-01", due_at=vn("2016-03-07T17:00"))
        perform.resolve(dossier, by=cast.clerk, at=vn(end), outcome="approved")
    return cast


@time_machine.travel(NOW)
def test_workload_each_place_with_its_piles(lived: Cast) -> None:
    found = loads(scopes_for(lived.leader)[0], lived.leader, clock.today())
    division = found[lived.district.pk, lived.land_division.pk]
    assert {pile: len(keys) for pile, keys in division.piles.items()} == {
        Pile.ALL: 4,
        Pile.OVERDUE: 1,
        Pile.SOON: 1,
        Pile.WAITING: 1,
    }
    assert (division.usual, division.longest) == (5, 17)
    desks = [found[office.pk, None].piles[Pile.ALL] for office in (lived.district, lived.tan_loc)]
    assert [len(keys) for keys in desks] == [1, 1]


def test_workload_how_long_each_place_took_and_whether_in_its_share(lived: Cast) -> None:
    scope = scopes_for(lived.leader)[0]
    pace = paces(parse_period("2016-Q1"), scope)[lived.district.pk, lived.land_division.pk]
    assert (dict(pace.days), pace.usual, pace.ninety) == ({2: 1, 6: 1}, 2, 6)
    assert (pace.met, pace.shares, len(pace.dossiers)) == (1, 2, 2)
    assert paces(parse_period("2016-Q3"), scope) == {}


@time_machine.travel(NOW)
def test_workload_every_number_opens_as_many_dossiers(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    page = unescape(client.get(PAGE, {"ky": "2016-Q1"}).content.decode())
    assert (
        "Hôm nay 3 nơi đang giữ 6 hồ sơ; 1 đã quá hạn, 2 sắp đến hạn, 1 đang chờ công dân." in page
    )
    assert "1 / 2" in page
    links = cell_links(page)
    assert len(links) == 8
    for address, number in links:
        answer = client.get(address)
        assert answer.context["page"].paginator.count == number, address
        rows = b"".join(client.get(address + "&dang=csv").streaming_content).decode()
        assert len(rows.splitlines()) == number + 1
    # The list of a pile with one dossier was taken out twice: as all of it, and as a part.
    read = Event.objects.filter(kind=Event.Kind.READ, actor=lived.leader)
    assert read.count() == sum(number for _, number in links)


@time_machine.travel(NOW)
def test_workload_commune_sees_its_own_places_and_no_others(client: Client, lived: Cast) -> None:
    client.force_login(lived.commune_leader)
    page = client.get(PAGE).content.decode()
    assert "Hôm nay 1 nơi đang giữ 1 hồ sơ" in page
    assert "Chi nhánh" not in page
    for place in (f"967.{lived.land_division.pk}", "32068", "32086.x", ""):
        assert client.get(LIST, {"noi": place, "cot": "dang-giu"}).status_code == 404
    assert client.get(LIST, {"noi": "32086", "cot": "khac"}).status_code == 404
    assert client.get(LIST, {"noi": "32086", "cot": "qua-han"}).status_code == 200


def test_workload_empty_desk_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    page = client.get(PAGE, {"ky": "2012"}).content.decode()
    assert "Hôm nay không có hồ sơ nào đang giải quyết." in page
    assert "Trong kỳ không có hồ sơ nào được chuyển qua các nơi này." in page


def test_workload_page_takes_the_same_queries_for_many(lived: Cast) -> None:
    scope = scopes_for(lived.leader)[0]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            loads(scope, lived.leader, clock.today())
            paces(parse_period("2016-Q1"), scope)
        return len(captured)

    few = queries()
    for minute in range(5):
        lived.received(f"2016-05-16T10:{minute:02}")
    assert queries() == few <= 10
