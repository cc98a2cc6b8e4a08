"""What will be late in the next five working days: the rule by literal cases, and the page."""

from datetime import date
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from reports.forecast import forecast
from reports.forecasting import Chance, outlook, recent_or_ever
from reports.terms.scopes import scopes_for
from tests.cast import Cast, vn

PAGE = reverse("forecast")
ALWAYS_ON_THE_DAY = {0: 100}


def test_who_is_slower_than_nine_of_ten_will_be_late() -> None:
    # Ten dossiers took 4 to 8 days from here; this one came a day ago and has two left.
    found = outlook(2, 1, {4: 5, 6: 3, 8: 2}, {})
    assert found is not None
    assert found.chance is Chance.LIKELY
    assert found.words == (
        "còn 2 ngày làm việc, từ lần chuyển này hồ sơ cùng thủ tục thường mất 4 ngày, chín phần "
        "mười mất từ 4 ngày trở lên; hồ sơ này mới qua 1 ngày"
    )


def test_who_is_as_quick_as_the_quickest_tenth_is_not_called_late() -> None:
    # An office that finishes on the due day: ten days are the limit, not the work.
    found = outlook(3, 7, {10: 50}, ALWAYS_ON_THE_DAY)
    assert found is not None
    assert found.chance is Chance.FINE
    assert outlook(3, 6, {10: 50}, ALWAYS_ON_THE_DAY).chance is Chance.LIKELY


@pytest.mark.parametrize(
    ("left", "margins", "chance", "late", "number"),
    [
        (0, {-5: 90, 0: 19, 3: 1}, Chance.RISKY, 1, 20),  # five days before the end they were done
        (0, {0: 20, 3: 1}, Chance.FINE, 1, 21),
        (5, {-5: 90, 0: 19, 3: 1}, Chance.FINE, 1, 110),
        (2, {-3: 7, 0: 5, 1: 5}, Chance.RISKY, 5, 10),  # half of them is not more than half
        (2, {-3: 7, 0: 4, 1: 6}, Chance.LIKELY, 6, 10),
    ],
)
def test_the_share_that_was_late_with_as_few_days_left(
    left: int, margins: dict[int, int], chance: Chance, late: int, number: int
) -> None:
    found = outlook(left, 3, {}, margins)
    assert found is not None
    assert (found.chance, found.late, found.number) == (chance, late, number)


def test_of_too_few_nothing_is_said() -> None:
    assert outlook(2, 1, {9: 9}, {0: 9}) is None
    assert outlook(2, 1, {}, {-5: 100, 0: 9}) is None


def test_the_reason_on_the_due_day() -> None:
    found = outlook(0, 3, {}, {0: 5, 2: 5})
    assert found.words == (
        "đến hạn hôm nay; 5 trong 10 hồ sơ cùng thủ tục chưa xong khi còn chừng ấy ngày đã trễ hạn"
    )


def test_last_year_tells_where_it_has_enough() -> None:
    assert recent_or_ever({3: 30}, {3: 100}) == {3: 30}
    assert recent_or_ever({3: 29}, {3: 100}) == {3: 100}


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Ten land dossiers with the division, each done ten working days after it was handed on;
    then one handed on when eight of its ten days were gone, one in time, one due far ahead, one
    overdue, one waiting for the citizen."""

    def handed(received: str, sent: str) -> Dossier:
        dossier = cast.received(f"{received}T09:00")
        perform.forward(dossier, by=cast.clerk, at=vn(f"{sent}T10:00"), division=cast.land_division)
        return dossier

    for _ in range(10):
        done = handed("2016-03-01", "2016-03-01")
        perform.resolve(done, by=cast.clerk, at=vn("2016-03-15T09:00"), outcome="approved")
    cast.late_one = handed("2016-05-16", "2016-05-26")  # due 30/05
    cast.fine_one = handed("2016-05-16", "2016-05-16")
    handed("2016-05-26", "2016-05-26")
    handed("2016-05-03", "2016-05-03")
    waiting = handed("2016-05-16", "2016-05-26")
    perform.ask_supplement(
        waiting, by=cast.clerk, at=vn("2016-05-26T15:00"), items="Bản chính", reason="Thiếu"
    )
    return cast


FRIDAY = date(2016, 5, 27)


def test_only_what_was_handed_on_too_late_is_named(lived: Cast) -> None:
    found = forecast(scopes_for(lived.leader)[0], FRIDAY)
    assert (found.due, found.unknown, found.likely) == (2, 0, 1)
    assert [e.dossier.pk for e in found.late] == [lived.late_one.pk]
    assert "hồ sơ này mới qua 1 ngày" in found.late[0].outlook.words


def test_a_date_written_in_an_old_register_for_a_year_without_calendar_spoils_nothing(
    lived: Cast,
) -> None:
    ended = Dossier.objects.filter(resolved_on__isnull=False)
    late = ended.order_by("pk").first()
    Dossier.objects.filter(pk=late.pk).update(due_on=date(2090, 1, 2))
    found = forecast(scopes_for(lived.leader)[0], FRIDAY)
    assert (found.due, found.unknown, found.likely) == (2, 1, 1)


def test_a_morning_of_the_past_knows_nothing_of_what_came_after(lived: Cast) -> None:
    scope = scopes_for(lived.leader)[0]
    for dossier in (lived.late_one, lived.fine_one):
        perform.resolve(dossier, by=lived.clerk, at=vn("2016-06-20T09:00"), outcome="approved")
    found = forecast(scope, FRIDAY, as_of=date(2016, 5, 26))
    assert [e.dossier.pk for e in found.late] == [lived.late_one.pk]
    earlier = forecast(scope, date(2016, 5, 26), as_of=date(2016, 5, 25))
    assert [len(e.dossier.sent_on) for e in earlier.late] == []


@time_machine.travel("2016-05-27T02:00:00Z")
def test_the_page_names_them_with_the_reason(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    response = client.get(PAGE)
    page = unescape(response.content.decode())
    assert (
        "Trong 5 ngày làm việc tới có 2 hồ sơ đến hạn; theo các hồ sơ trước đây, 1 hồ sơ sẽ trễ "
        "nếu không giục."
    ) in page
    assert [dossier for dossier, _ in response.context["lines"]] == [lived.late_one]
    rows = b"".join(client.get(PAGE, {"dang": "csv"}).streaming_content).decode().splitlines()
    assert len(rows) == 2
    assert lived.late_one.code in rows[1]
    assert "còn 1 ngày làm việc" in rows[1]
    assert "Nguyễn Văn Ân" not in rows[1]


@time_machine.travel("2016-05-27T02:00:00Z")
def test_a_commune_sees_its_own(client: Client, lived: Cast) -> None:
    client.force_login(lived.commune_leader)
    response = client.get(PAGE)
    assert response.context["lines"] == []
    assert "Trong 5 ngày làm việc tới có 0 hồ sơ đến hạn" in response.content.decode()
    assert client.get(PAGE, {"pham-vi": "967"}).status_code == 404


def test_the_forecast_takes_the_same_queries_for_many(lived: Cast) -> None:
    scope = scopes_for(lived.leader)[0]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            forecast(scope, FRIDAY)
        return len(captured)

    few = queries()
    for minute in range(5):
        lived.received(f"2016-05-16T10:{minute:02}")
    assert queries() == few <= 13
