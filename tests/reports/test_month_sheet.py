"""/thong-ke/phieu-thang/: the figures of the report and what else is known, on a page and on A4."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier
from procedures.calendar import calendar_for
from procedures.models import CalendarDay
from reports.figures.offices import every_office
from reports.figures.tables import table
from reports.month_sheet.acceptance import is_late
from reports.month_sheet.paper import month_sheet_paper
from reports.month_sheet.sheet import COLUMNS, MonthSheet, month_sheet_of
from reports.terms.columns import BY_NAME
from reports.terms.periods import parse_period
from tests.cast import Cast, vn
from tests.reports.test_every_number import links

PAGE, PAPER = reverse("month_sheet"), reverse("month_paper")
LIST = reverse("month_sheet_dossiers")
MARCH = "2026-03"


@pytest.fixture(autouse=True)
def of_that_day() -> Iterator[None]:
    with time_machine.travel("2026-04-10T03:00:00Z", tick=False):
        yield


@pytest.fixture
def march(cast: Cast) -> Cast:
    """Of Tân Lộc: one by post solved early, one late, one open, one overdue, two online, of which
    one was taken up too late; Biển Bạch received one of them for it."""

    def birth(day: int, **fields: Any) -> Dossier:
        return cast.received(
            f"2026-03-{day:02}T08:00",
            office=cast.tan_loc,
            procedure=cast.birth,
            by=cast.commune_clerk,
            **fields,
        )

    ends = {"by": cast.commune_clerk, "outcome": "approved"}
    perform.resolve(birth(2, channel="post"), at=vn("2026-03-03T08:00"), **ends)
    perform.resolve(birth(2), at=vn("2026-03-20T08:00"), **ends)
    birth(31)
    birth(3)
    for submitted in ("2026-03-30T15:00", "2026-03-27T15:00"):
        dossier = birth(31, channel="online")
        Dossier.objects.filter(pk=dossier.pk).update(submitted_at=vn(submitted))
    intake = Intake(
        office=cast.tan_loc,
        receiver=cast.bien_bach,
        procedure=cast.birth,
        applicant_name="Người nơi khác",
    )
    perform.register(intake, by=cast.other_clerk, at=vn("2026-03-31T09:00"))
    return cast


def sheet_of(cast: Cast, key: str = MARCH) -> MonthSheet:
    period = parse_period(key)
    scope = every_office().scope_of_all(period).row(cast.tan_loc.code)
    return month_sheet_of(period, scope, {"ky": key, "pham-vi": cast.tan_loc.code})


def said(sheet: MonthSheet) -> dict[str, list[int | None]]:
    return {part.heading: [line.value for line in part.lines] for part in sheet.parts}


@pytest.mark.django_db
def test_month_sheet_figures_are_those_counted_by_hand(march: Cast) -> None:
    assert said(sheet_of(march)) == {
        # online, direct and post, post alone, received, carried over, to be dealt with
        "Tiếp nhận": [2, 5, 1, 7, 0, 7],
        # early, on time, late, all, refused, withdrawn, stopped
        "Đã giải quyết": [1, 0, 1, 2, 0, 0, 0],
        # in time, waiting, overdue, all
        "Đang giải quyết, hết tháng": [4, 0, 1, 5],
        # taken up late, asked more than once
        "Việc cần để ý": [1, 0],
        # for others, by others
        "Phi địa giới hành chính": [0, 1],
        # rated, disliked
        "Người dân đánh giá": [0, 0],
    }


@pytest.mark.django_db
def test_month_sheet_figures_equal_those_of_the_report(march: Cast) -> None:
    sheet = sheet_of(march)
    total = table(sheet.period, sheet.scope).total
    numbers = [value for part in list(said(sheet).values())[:3] for value in part]
    names = [
        *("received_online", "received_direct", "-", "received", "carried_over", "total_in"),
        *("resolved_early", "resolved_on_time", "resolved_late", "resolved_total"),
        *("ended_refused", "ended_withdrawn", "ended_stopped"),
        *("pending_in_time", "pending_waiting", "pending_overdue", "pending_total"),
    ]
    assert set(names) - {"-"} == set(BY_NAME)
    for name, number in zip(names, numbers, strict=True):
        assert name == "-" or total[name] == number, name


@pytest.mark.django_db
def test_month_sheet_every_number_opens_as_many(client: Client, march: Cast) -> None:
    client.force_login(march.commune_leader)
    found = links(client.get(PAGE, {"ky": MARCH}).content.decode())
    assert len(found) == 13
    for address, number in found:
        answer = client.get(address)
        assert answer.context["page"].paginator.count == number, address
        lines = b"".join(client.get(f"{address}&dang=csv").streaming_content).decode()
        assert len(list(csv.reader(io.StringIO(lines)))) == number + 1
    for name in COLUMNS:
        assert client.get(LIST, {"ky": MARCH, "cot": name}).status_code == 200
    assert client.get(LIST, {"ky": MARCH, "cot": "khac"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status"),
    [({"ky": "2026-Q1"}, 400), ({"ky": "2026"}, 400), ({}, 200), ({"pham-vi": "32068"}, 404)],
)
def test_month_sheet_takes_months_of_the_own_scope(
    client: Client, march: Cast, query: dict[str, str], status: int
) -> None:
    client.force_login(march.commune_leader)
    for address in (PAGE, PAPER, f"{LIST}?cot=post"):
        assert client.get(address, {**query, "cot": "post"}).status_code == status


@pytest.mark.django_db
def test_month_sheet_says_what_is_not_known_and_to_which_day(client: Client, march: Cast) -> None:
    client.force_login(march.commune_leader)
    page = " ".join(client.get(PAGE).content.decode().split())
    assert "Tháng 4 năm 2026 (từ 01/04/2026 đến 30/04/2026, tính đến hết 10/04/2026)" in page
    assert "Chưa có dữ liệu: tỷ lệ hồ sơ thanh toán không dùng tiền mặt." in page
    assert page.count("Chưa có dữ liệu: ") == 4


@pytest.mark.django_db
def test_month_sheet_without_a_calendar_says_so_and_keeps_the_rest(march: Cast) -> None:
    CalendarDay.objects.filter(date__year=2026).delete()
    (line, _) = next(p for p in sheet_of(march).parts if p.heading == "Việc cần để ý").lines
    assert line.value is None
    assert line.words.startswith("chưa tính được: Chưa có lịch nghỉ, làm bù của năm 2026.")


@pytest.mark.django_db
def test_month_sheet_paper_is_one_page_full_and_empty(client: Client, march: Cast) -> None:
    for key in (MARCH, "2011-05"):
        assert month_sheet_paper(sheet_of(march, key)).pages == 1
    client.force_login(march.commune_leader)
    answer = client.get(PAPER, {"ky": MARCH})
    assert answer["Content-Type"] == "application/pdf"
    assert "phieu-thang-2026-03-32086.pdf" in answer["Content-Disposition"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2026-11-27T16:00", "2026-11-30T16:00"),  # Friday to Monday
        ("2026-11-23T16:00", "2026-11-25T16:00"),  # 24/11 is a day off
    ],
)
def test_month_sheet_acceptance_has_eight_working_hours(
    cast: Cast, submitted: str, due: str
) -> None:
    calendar, last = calendar_for(cast.tan_loc), datetime.fromisoformat(due)
    sent = datetime.fromisoformat(submitted)
    assert not is_late(calendar, sent, last)
    assert is_late(calendar, sent, last.replace(minute=1))
