"""A signed period that the program counts otherwise by now: every table of it says so."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Office
from procedures.models import Sector
from reports.opening.entry import enter
from reports.output.drift import drifts
from reports.sign_off import closing as rules
from reports.sign_off.changes import compare
from reports.terms.periods import parse_period
from reports.terms.scopes import Scope, scope_of_all, scope_of_office
from tests.cast import Cast, vn
from tests.dossiers.pages import text
from tests.reports.read_back import pdf_text
from tests.reports.test_closing import QUARTER, sign
from tests.reports.test_opening import HALF_YEAR

pytestmark = pytest.mark.django_db

SAID = "khác số đã ký chốt của kỳ"


@pytest.fixture
def signed(cast: Cast) -> Cast:
    """The district and Tân Lộc signed their first quarters, with a dossier each."""
    cast.received("2016-01-04T09:00")
    cast.received("2016-03-31T09:00", office=cast.tan_loc, procedure=cast.birth)
    sign(cast.district, cast.leader)
    sign(cast.tan_loc, cast.commune_leader)
    return cast


def everything() -> Scope:
    return scope_of_all(Office.objects.all())


def pages() -> list[str]:
    query = "?ky=2016-Q1&pham-vi=tat-ca"
    return [
        *(reverse(name) + query for name in ("report", "dashboard", "dashboard_tables")),
        reverse("dashboard") + query + "&man-hinh=lon",
        *(reverse("further_report", args=[word]) + query for word in ("ton-dong", "tre-han")),
    ]


def test_figures_that_are_still_those_signed_need_no_word(signed: Cast, client: Client) -> None:
    assert drifts(QUARTER, everything()) == []
    client.force_login(signed.leader)
    for page in pages():
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert SAID not in text(answer), page


def test_drift_every_table_of_the_period_names_the_office_and_leads_to_what_was_signed(
    signed: Cast, client: Client, tmp_path: Path
) -> None:
    signed.received("2016-03-30T09:00")  # entered after the signing
    (drift,) = drifts(QUARTER, everything())
    assert drift.closing.office == signed.district
    client.force_login(signed.leader)
    for page in pages():
        answer = client.get(page)
        assert SAID in text(answer), page
        assert f'href="{drift.address}"' in answer.content.decode(), page
        assert "Xã Tân Lộc (ký" not in text(answer), page
    assert "Khác với số đã ký" in text(client.get(drift.address))

    query = "?ky=2016-Q1&pham-vi=967"
    csv = client.get(reverse("report_export", args=["csv"]) + query)
    assert SAID in csv.content.decode()
    for paper in (
        reverse("report_export", args=["pdf"]),
        reverse("further_export", args=["hinh-thuc", "pdf"]),
        reverse("meeting_paper"),
    ):
        printed = " ".join(pdf_text(client.get(paper + query).content).split())
        assert SAID in printed, paper
    out, err = StringIO(), StringIO()
    call_command("report", "2016-Q1", stdout=out, stderr=err)
    assert SAID in err.getvalue()
    assert SAID not in out.getvalue()  # programs read it
    file = tmp_path / "q1.csv"
    call_command("report", "2016-Q1", format="csv", output=str(file), stderr=err)
    assert SAID in file.read_text(encoding="utf-8")


def test_drift_other_days_another_office_and_a_reopened_period_have_nothing_to_say(
    signed: Cast,
) -> None:
    signed.received("2016-03-30T09:00")
    assert drifts(QUARTER, scope_of_office(signed.tan_loc)) == []
    assert drifts(parse_period("2016-6M"), everything()) == []
    assert len(drifts(parse_period("2016-01-01..2016-03-31"), everything())) == 1
    closing = rules.standing_of(signed.district, QUARTER).latest
    rules.reopen(closing, by=signed.administrator, reason="Nhập sót")
    assert drifts(QUARTER, everything()) == []


def test_dossier_that_changes_its_sector_is_a_difference(signed: Cast) -> None:
    dossier = Dossier.objects.get(office=signed.district)
    perform.correct(
        dossier,
        by=signed.clerk,
        at=vn("2016-04-20T09:00"),
        reason="Chọn nhầm thủ tục",
        procedure=signed.building,
    )
    assert [drift.closing.office for drift in drifts(QUARTER, everything())] == [signed.district]


def test_opening_figures_entered_after_the_signing_are_a_difference_of_no_dossier(
    signed: Cast, client: Client
) -> None:
    span = (QUARTER.start, QUARTER.end)
    enter(signed.district, Sector.objects.get(name="Đất đai"), span, HALF_YEAR, by=signed.leader)
    closing = rules.standing_of(signed.district, QUARTER).latest
    found = compare(closing)
    assert found.lines
    assert found.moved_total == 0
    client.force_login(signed.leader)
    page = text(client.get(reverse("closing", args=["967", "2016-Q1"])))
    assert "Khác với số đã ký" in page
    assert "Số đầu kỳ nhập hoặc sửa sau khi ký" in page
    assert len(drifts(QUARTER, everything())) == 1


def test_takes_one_query_unsigned_and_as_many_for_one_office_as_for_two(signed: Cast) -> None:
    def queries(period: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            drifts(parse_period(period), everything_now)
        return len(caught)

    everything_now = everything()
    assert queries("2016-Q2") == 1
    of_two = queries("2016-Q1")
    rules.reopen(
        rules.standing_of(signed.tan_loc, QUARTER).latest, by=signed.leader, reason="Nhập sót"
    )
    assert queries("2016-Q1") == of_two
