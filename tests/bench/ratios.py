"""The ratios that the desk is held to."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.test import Client

from dossiers.models import Dossier
from dossiers.rules.deadlines import Limit, LimitUnit, due
from motcua.models import Staff
from motcua.printing import pdf
from reports.dashboard.overview import dashboard_data
from reports.terms.periods import parse_period
from tests.bench.timing import compare
from tests.procedures.shipped_calendar import shipped_calendar
from tests.reports.scopes import scopes_for

# One raw aggregate: every column of the table per office and sector, in one statement.
RAW = """
SELECT office_id, sector_id,
  SUM(CASE WHEN received_on >= %(start)s AND channel = 'online' THEN 1 ELSE 0 END),
  SUM(CASE WHEN received_on >= %(start)s AND channel <> 'online' THEN 1 ELSE 0 END),
  SUM(CASE WHEN received_on < %(start)s THEN 1 ELSE 0 END),
  SUM(CASE WHEN resolved_on <= %(end)s AND timeliness = 'early' THEN 1 ELSE 0 END),
  SUM(CASE WHEN resolved_on <= %(end)s AND timeliness = 'on_time' THEN 1 ELSE 0 END),
  SUM(CASE WHEN resolved_on <= %(end)s AND timeliness = 'late' THEN 1 ELSE 0 END),
  SUM(CASE WHEN (resolved_on IS NULL OR resolved_on > %(end)s) AND due_on < %(end)s
      THEN 1 ELSE 0 END)
FROM dossiers_dossier
WHERE received_on <= %(end)s AND (resolved_on IS NULL OR resolved_on >= %(start)s)
GROUP BY office_id, sector_id
"""


def all_of_them(new_token: Callable[[], UUID]) -> list[dict[str, Any]]:
    return [due_dates(), look_up(), intake(new_token), slip(), nine_months()]


def due_dates() -> dict[str, Any]:
    """A thousand due dates with their explanations, beside the same days walked and counted."""
    calendar, limit = shipped_calendar(), Limit(10, LimitUnit.WORKING_DAY)
    moments = [datetime(2016, 1, 1, 8) + timedelta(hours=6 * step) for step in range(1_000)]

    def ours() -> None:
        for moment in moments:
            due(calendar, moment, limit)

    def floor() -> None:
        for moment in moments:
            day, left = moment.date(), 10
            while left:
                day += timedelta(days=1)
                left -= calendar.is_working(day)

    return compare("1,000 due dates", ours, floor, allowed=5, rounds=15, warm_up=2)


def look_up() -> dict[str, Any]:
    code = Dossier.objects.filter(received_on=date(2016, 6, 1)).values_list("code", "code_key")[0]
    client = Client(REMOTE_ADDR="127.0.0.1")

    def ours() -> None:
        answer = client.get("/tra-cuu/", {"ma": code[0]})
        assert answer.status_code in (200, 429), answer.status_code

    return compare(
        "look-up page",
        ours,
        lambda: client.get("/floor/select/", {"ma": code[1]}),
        allowed=2,
        rounds=25,
        warm_up=2,
    )


def intake(new_token: Callable[[], UUID]) -> dict[str, Any]:
    client = Client()
    client.force_login(Staff.objects.get(username="canbo.967"))
    form = filled_form(client, "/ho-so/tiep-nhan/?thu-tuc=H100")
    made = Dossier.objects.count()

    def ours() -> None:
        form["token"] = token = str(new_token())
        form["applicant_name"] = f"Nguyễn Văn {token}"  # the same person is asked about
        answer = post(client, "/ho-so/tiep-nhan/?thu-tuc=H100", form)
        assert answer.status_code == 302, answer.content.decode()

    def floor() -> None:
        post(client, "/floor/insert/", {"series": str(new_token())[:18]})

    row = compare("intake POST", ours, floor, allowed=3)
    assert Dossier.objects.count() > made
    return row


def slip() -> dict[str, Any]:
    client = Client()
    clerk = Staff.objects.get(username="canbo.967")
    client.force_login(clerk)
    dossier = Dossier.objects.accepted().filter(office=clerk.office).latest("received_at")
    address = f"/ho-so/{dossier.code}/phieu-hen.pdf"
    seen: list[Any] = []
    render = pdf.render_pdf

    def keeping(template: str, context: dict[str, Any], **kwargs: Any) -> bytes:
        seen.append((template, context, kwargs))
        return render(template, context, **kwargs)

    pdf.render_pdf = keeping
    try:
        assert client.post(address).status_code == 200
    finally:
        pdf.render_pdf = render
    template, context, kwargs = seen[0]
    return compare(
        "slip",
        lambda: client.post(address),
        lambda: render(template, context, **kwargs),
        allowed=1.3,
        rounds=15,
        warm_up=2,
    )


def nine_months() -> dict[str, Any]:
    period = parse_period("2016-9M")

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(RAW, {"start": period.start, "end": period.end})
            cursor.fetchall()

    scope = scopes_for(Staff.objects.get(username="lanhdao.967"))[0]
    return compare(
        "nine-month dashboard data",
        lambda: dashboard_data(period, scope),
        floor,
        allowed=1.5,
        rounds=15,
    )


def post(client: Client, address: str, form: dict[str, Any]) -> Any:
    """As a browser sends a form without files."""
    return client.post(address, urlencode(form), "application/x-www-form-urlencoded")


def filled_form(client: Client, address: str) -> dict[str, Any]:
    """The fields of the empty page as a browser would send them, with an applicant typed in."""
    page = client.post(address).content.decode()
    form: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="radio"' in tag and "checked" not in tag):
            continue
        if 'type="checkbox"' in tag and not name[1].startswith("paper-"):
            continue
        form[name[1]] = value[1] if value else "on" if "checkbox" in tag else ""
    form["applicant_name"] = "Nguyễn Văn Ân"
    return form
