"""What is measured at every size, each beside the raw SQL of the same answer."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from dossiers.models import Dossier
from motcua import clock
from motcua.models import Staff
from reports.dashboard.overview import dashboard_data
from reports.figures.tables import By, table
from reports.leaders.reading import leader_facts
from reports.terms.periods import Period, parse_period
from tests.bench.ratios import RAW
from tests.bench.timing import compare
from tests.reports.scopes import scopes_for

SEARCHED = "Nguyễn Thị Bông Súng"
FOLDED = ("nguyen", "thi", "bong", "sung")
ROUNDS, WARM_UP = 7, 1


def all_of_them() -> list[dict[str, Any]]:
    leader = Staff.objects.get(username="lanhdao.967")
    clerk = Staff.objects.get(username="canbo.967")
    scope = scopes_for(leader)[0]
    nine_months, quarter = parse_period("2016-9M"), parse_period("2016-Q1")
    now = parse_period(f"{clock.today().year}-Q{(clock.today().month + 2) // 3}")
    free = parse_period("2016-02-03..2016-08-19")
    reading, working = Client(), Client(REMOTE_ADDR="127.0.0.1")
    for client, staff in ((reading, leader), (working, clerk)):
        client.defaults["HTTP_HOST"] = "localhost"
        client.force_login(staff)
    of_a_day = Dossier.objects.filter(received_on=date(2016, 6, 1)).order_by("pk")
    code, key = of_a_day.values_list("code", "code_key")[0]
    searched = reading.post("/ho-so/", {"q": SEARCHED})["Location"]
    office = clerk.office_id
    words = " AND ".join(f"search_key LIKE '%%{word}%%'" for word in FOLDED)
    return [
        _beside(
            "dashboard 2016-9M", lambda: dashboard_data(nine_months, scope), *_raw(nine_months)
        ),
        _beside(
            "leaders' page 2016-9M",
            lambda: leader_facts(nine_months, scope, leader, clock.today()),
            *_raw(nine_months),
        ),
        _beside("dashboard, current quarter", lambda: dashboard_data(now, scope), *_raw(now)),
        _beside(
            "report 2016-Q1 by sector", lambda: table(quarter, scope, By.SECTOR), *_raw(quarter)
        ),
        _beside("report, free range", lambda: table(free, scope, By.SECTOR), *_raw(free)),
        _beside(
            "look-up by code",
            lambda: _get(working, "/tra-cuu/", {"ma": code}, (200, 429)),
            "SELECT code, state, due_on FROM dossiers_dossier WHERE code_key = %s",
            [key],
        ),
        _beside(
            "desk queue",
            lambda: _get(working, "/ban-lam-viec/"),
            "SELECT id, code, due_on FROM dossiers_dossier WHERE holder_office_id = %s"
            " AND handed_over_on IS NULL AND state IN (2, 4) AND due_on < %s"
            " ORDER BY due_on LIMIT 30",
            [office, clock.today()],
        ),
        _beside(
            "search by name",
            lambda: _get(reading, searched),
            f"SELECT id FROM dossiers_dossier WHERE {words} LIMIT 50",
            [],
        ),
        *(
            _beside(
                f"register, {name} page",
                lambda page=page: _get(reading, "/so-theo-doi/", {"nam": "2016", "page": page}),
                "SELECT id FROM dossiers_dossier WHERE received_on BETWEEN %s AND %s"
                f" ORDER BY received_on {order}, office_id {order}, book_number {order} LIMIT 50",
                [date(2016, 1, 1), date(2016, 12, 31)],
            )
            for name, page, order in (("first", "1", "ASC"), ("last", "last", "DESC"))
        ),
    ]


def _raw(period: Period) -> tuple[str, dict[str, date]]:
    return RAW, {"start": period.start, "end": period.end}


def _get(
    client: Client, address: str, query: Any = None, allowed: tuple[int, ...] = (200,)
) -> None:
    answer = client.get(address, query)
    assert answer.status_code in allowed, (address, answer.status_code)


def _beside(name: str, ours: Callable[[], object], sql: str, values: Any) -> dict[str, Any]:
    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.fetchall()

    return compare(name, ours, floor, allowed=0, rounds=ROUNDS, warm_up=WARM_UP)
