"""Figures across a merger: rows of the period's last day, each with what it has followed, against
a count by hand for every kind of period."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError

from dossiers.lifecycle import perform
from dossiers.merging.assignment import assign
from dossiers.models import Dossier
from motcua.models import FormerDetails, Level, Office, Staff
from reports.figures.month_ends import month_ends, months_until
from reports.figures.offices import every_office, offices_for, scope_of_period
from reports.figures.recount import dossiers_behind, recount
from reports.figures.summaries import days_spent, flows_by_bucket, tally
from reports.figures.tables import By, table
from reports.figures.verify import verify
from reports.leaders.reading import leader_facts
from reports.sign_off import closing as rules
from reports.sign_off.status import status_of
from reports.terms.columns import NAMES
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import offices_of_day
from tests.cast import Cast, make_staff, vn
from tests.dossiers.merged import COMMUNES, Lives, make_lives, office, run, whole_file
from tests.reports.by_hand import Counted, counted

pytestmark = pytest.mark.django_db

BEFORE, DAY, ASSIGNED = date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 15)
NEW = {
    **dict.fromkeys(("32065", "32077"), "32065"),
    **dict.fromkeys(("32071", "32072", "32080"), "32071"),
    **dict.fromkeys(("32083", "32086", "32089"), "32083"),
    **dict.fromkeys(("32068", "32069", "32074"), "32069"),
    "32092": "32092",
}
NAMES_BEFORE = {"32069": "Xã Tân Bằng", "32077": "Xã Thới Bình", "32083": "Xã Tân Lộc Bắc"}
NAMES_AFTER = {"32069": "Xã Biển Bạch", "32065": "Xã Thới Bình", "32083": "Xã Tân Lộc"}
PAPER = {"paper_number": "1234/QĐ-UBND", "paper_date": ASSIGNED}
PERIODS = [
    *("2025-05", "2025-06", "2025-Q2", "2025-6M", "2025-07", "2025-Q3", "2025-9M", "2025"),
    *("2025-05-05..2025-06-30", "2025-06-26..2025-07-01", "2025-07-01..2025-07-10"),
    *("2025-06-20..2025-07-14", "2025-06-20..2025-07-15", "2024", "2026-Q1"),
]


class Crossed:
    """The lives of `make_lives`, the merger and what came after; and the facts to count."""

    def __init__(self, lives: Lives, path: Path) -> None:
        self.lives, self.path, self.cast = lives, path, lives.cast
        self.assigned: dict[str, str] = {}
        self.chairman = make_staff("chu-tich-tinh", Office.objects.get(code="96"), "leader")

    def live(self) -> None:
        lives = self.lives
        district = [self.cast.received(f"2025-06-{day}T09:00") for day in ("02", "16", "25", "26")]
        clerk = self.cast.clerk
        perform.resolve(district[0], by=clerk, at=vn("2025-06-12T09:00"), outcome="approved")
        with time_machine.travel(vn("2025-07-02T10:00"), tick=False):
            late = lives.received("32072", "2025-07-02T08:00")
            run(self.path, whole_file())
        self.resolve(lives.at_the_desk["32080"], "2025-07-01T09:00")
        self.resolve(lives.in_division["32089"], "2025-07-20T09:00")
        self.resolve(late, "2025-07-03T09:00")
        for code, day in (("32071", "03"), ("32069", "10"), ("32092", "15")):
            self.cast.received(f"2025-07-{day}T09:00", office=office(code), procedure=self.birth)
        with time_machine.travel(vn("2025-07-15T10:00"), tick=False):
            for dossier, code in zip(district[:2], ("32083", "32069"), strict=True):
                dossier.refresh_from_db()
                perform.assign(dossier, by=self.chairman, office=office(code), **PAPER)
                self.assigned[dossier.code] = code
        district[1].refresh_from_db()
        perform.resolve(district[1], by=clerk, at=vn("2025-08-01T09:00"), outcome="approved")

    @property
    def birth(self):
        return self.cast.birth

    def resolve(self, dossier: Dossier, at: str) -> None:
        dossier.refresh_from_db()
        perform.resolve(dossier, by=self.cast.clerk, at=vn(at), outcome="approved")

    def row(self, dossier: Dossier, as_of: date) -> str:
        """By hand: the code of the row that the dossier is in, and whether it is a new office."""
        code = dossier.code.split("-")[0].rpartition("TAM.")[2].replace(".", "")
        if code == "967":
            assigned = self.assigned.get(dossier.code)
            return assigned if assigned and as_of >= ASSIGNED else "967"
        return NEW[code] if as_of >= DAY else code

    def facts(self) -> list[tuple[Dossier, Counted]]:
        found = []
        for dossier in Dossier.objects.accepted().select_related("procedure"):
            assert dossier.received_on and dossier.due_on
            found.append(
                (
                    dossier,
                    Counted(
                        "",
                        dossier.procedure.key,
                        dossier.channel,
                        dossier.received_on,
                        [(dossier.received_on, dossier.due_on)],
                        ended_on=dossier.resolved_on,
                        timed_on=dossier.resolved_on,
                        outcome="approved",
                    ),
                )
            )
        return found


@pytest.fixture
def crossed(cast: Cast, tmp_path: Path) -> Iterator[Crossed]:
    with time_machine.travel(vn("2025-06-30T10:00"), tick=False):
        lives = make_lives(cast)
        crossed = Crossed(lives, tmp_path)
    with time_machine.travel(vn("2026-05-04T10:00"), tick=False):
        crossed.live()
        yield crossed


def told(text: str, calendar: str = "calendar") -> Period:
    return parse_period(text, calendar).told_on(date(2026, 5, 4))


@pytest.mark.parametrize("calendar", ["calendar", "nd09"])
def test_table_across_a_merger_is_the_count_by_hand(crossed: Crossed, calendar: str) -> None:
    assert verify().differences == []
    for text in PERIODS:
        period = told(text, calendar)
        mine = defaultdict(list)
        for dossier, facts in crossed.facts():
            mine[crossed.row(dossier, period.as_of)].append(facts)
        scope = every_office().scope_of_all(period)
        found = table(period, scope, By.OFFICE)
        assert found.problems == []
        by_hand = {key: counted(facts, period.start, period.as_of) for key, facts in mine.items()}
        nothing = dict.fromkeys(NAMES, 0)
        for row in found.rows:
            assert row.figures == by_hand.get(row.key, nothing), (text, row.name)
        shown = {row.key for row in found.rows}
        assert {key for key, figures in by_hand.items() if any(figures.values())} <= shown, text
        everything = [facts for all_facts in mine.values() for facts in all_facts]
        assert found.total == counted(everything, period.start, period.as_of)
        assert recount(period, scope, "office_id", "sector_id") == tally(
            period, scope, "office_id", "sector_id"
        )
        for row in found.rows:
            narrowed, key = By.OFFICE.narrow(scope, row.key)
            for name in NAMES if any(row.figures.values()) else ():
                behind = dossiers_behind(name, period, narrowed, **key)
                assert behind.count() == row.figures[name], (text, row.name, name)


def test_table_has_the_offices_of_the_periods_last_day(crossed: Crossed) -> None:
    def rows(text: str) -> dict[str, str]:
        period = told(text)
        found = table(period, every_office().scope_of_all(period), By.OFFICE)
        return {row.key: row.name for row in found.rows}

    then = rows("2025-Q2")
    assert set(then) == {"967", *COMMUNES}
    assert {code: then[code] for code in NAMES_BEFORE} == NAMES_BEFORE
    # The district ended without a successor inside the year: it keeps its row there.
    now = rows("2025")
    assert set(now) == {"967", *NEW.values()}
    assert {code: now[code] for code in NAMES_AFTER} == NAMES_AFTER
    # After its end only while something of its own is not assigned.
    assert "967" in rows("2025-Q3")
    for dossier in Dossier.objects.filter(office__code="967", resolved_on=None):
        with time_machine.travel(vn("2026-05-04T11:00"), tick=False):
            paper = PAPER | {"paper_date": date(2026, 5, 4)}
            perform.assign(dossier, by=crossed.chairman, office=office("32065"), **paper)
    assert "967" in rows("2025-Q3")
    assert set(rows("2026-Q2")) == set(NEW.values())


def test_flows_by_bucket_and_days_of_offices_that_were_assigned_from(crossed: Crossed) -> None:
    period = told("2025-06-01..2025-07-14")
    offices = every_office().of(period)
    district = next(office for office in offices.rows if office.code == "967")
    scope = scope_of_period(district, period)
    flows = flows_by_bucket(period, scope)
    received = sum(f["received_direct"] for f in flows.values())
    assert (received, sum(f["resolved_early"] for f in flows.values())) == (4, 1)
    assert sum(sum(days.values()) for days in days_spent(period, scope).values()) == 1
    commune = next(office for office in offices.rows if office.code == "32083")
    later = flows_by_bucket(period, scope_of_period(commune, period))
    assert sum(f["received_direct"] for f in later.values()) == 6
    after = told("2025-06-01..2025-07-15")
    assert (
        sum(
            f["received_direct"]
            for f in flows_by_bucket(after, scope_of_period(commune, after)).values()
        )
        == 7
    )


def test_month_ends_and_leaders_facts_across_a_merger_are_what_the_dossiers_say(
    crossed: Crossed,
) -> None:
    reader = Staff.objects.filter(username="chu-tich").get()
    for key in ("2025-06-01..2025-07-14", "2025-Q3", "2026"):
        period = told(key)
        scope = offices_for(reader).scope_of_all(period) if offices_for(reader) else None
        everywhere = every_office().scope_of_all(period)
        months = months_until(period, 6)
        for month, ends in zip(months, month_ends(months, everywhere), strict=True):
            found = {(office,): figures for office, figures in ends.items()}
            assert found == recount(month, everywhere, "office_id")
        for chosen in filter(None, (scope, everywhere)):
            facts = leader_facts(period, chosen, reader, date(2026, 5, 4))
            assert facts.problems == ()


def test_report_command_names_the_bearer_of_a_code_at_the_periods_end(
    crossed: Crossed, run_report
) -> None:
    assert run_report("2025-Q2", "--office", "32069")["scope"] == "32069"
    with_all = run_report("2025", "--office", "32069", "--by", "office")["rows"]
    assert [row["name"] for row in with_all] == ["Xã Biển Bạch"]
    before = run_report("2025-Q2", "--office", "32069", "--by", "office")["rows"]
    assert [row["name"] for row in before] == ["Xã Tân Bằng"]


@pytest.fixture
def run_report(capsys: pytest.CaptureFixture[str]):
    import json

    from django.core.management import call_command

    def run(*words: str) -> dict:
        call_command("report", *words, "--format", "json")
        return json.loads(capsys.readouterr().out)

    return run


def test_closing_of_a_predecessor_is_signed_by_the_successors_leader(crossed: Crossed) -> None:
    period = told("2025-Q2")
    old = office("32074", "2025-06-30")
    leader = Staff.objects.get(username="lanhdao.32069")
    assert rules.may_sign(leader, old)
    assert not rules.may_sign(Staff.objects.get(username="lanhdao.32092"), old)
    seen = rules.fingerprint(rules.table_now(old, period))
    signed = rules.sign(old, period, by=leader, seen=seen)
    assert (signed.office, signed.names.office_name) == (old, "Xã Biển Bạch Đông")
    standings = rules.standings(offices_for(leader).offices, [period, told("2025-Q3")])
    assert standings[old]["2025-Q2"].is_signed
    assert not standings[old]["2025-Q3"].stands
    assert not standings[leader.office]["2025-Q2"].stands
    assert standings[leader.office]["2025-Q3"].is_awaited


def test_scopes_of_a_successors_leader_are_the_offices_of_the_period(crossed: Crossed) -> None:
    offices = offices_for(Staff.objects.get(username="lanhdao.32071"))
    assert [s.key for s in offices.scopes(told("2016"))] == ["tat-ca", "32071", "32072", "32080"]
    assert [s.name for s in offices.scopes(told("2025-Q3"))] == ["Xã Trí Phải"]


def an_office(pk: int, until: date | None = None, after: int | None = None) -> Office:
    made = Office(pk=pk, code=str(pk), name=str(pk), level=Level.COMMUNE, exists_until=until)
    made.successor_id = after
    made._prefetched_objects_cache = {"former": FormerDetails.objects.none()}
    return made


def test_offices_of_day_follow_successors_through_several_mergers() -> None:
    first, second = an_office(1, BEFORE, 2), an_office(2, BEFORE + timedelta(days=90), 3)
    last = an_office(3)
    for each, since in ((second, DAY), (last, DAY + timedelta(days=90))):
        each.exists_from = since
    of = {
        day: dict(offices_of_day([first, second, last], day, day).row_of)
        for day in (BEFORE, DAY, date(2025, 12, 31))
    }
    assert of[BEFORE] == {1: 1}
    assert of[DAY] == {1: 2, 2: 2}
    assert of[date(2025, 12, 31)] == {1: 3, 2: 3, 3: 3}


def test_offices_of_day_without_the_successor_among_them_count_nowhere() -> None:
    gone = an_office(1, BEFORE, 2)
    assert offices_of_day([gone], BEFORE, BEFORE).rows == (gone,)
    assert offices_of_day([gone], DAY, BEFORE).row_of == {}


def test_closing_of_a_period_that_began_after_the_end_is_not_asked_for(crossed: Crossed) -> None:
    district = office("967", "2025-06-30")
    later = told("2025-Q3")
    scope = every_office().scope_of_all(later)
    assert district in scope.offices  # something of its own still waits
    assert scope.head.code == "96"
    standings = rules.standings(every_office().offices, [told("2025-Q2"), later])
    assert standings[district]["2025-Q2"].is_awaited
    assert not standings[district]["2025-Q3"].stands
    unsigned = [line for line in status_of(later, scope) if "Chưa ký" in line]
    assert not any("Huyện Thới Bình" in line for line in unsigned)


def test_report_command_of_a_code_that_nobody_bears_any_more(crossed: Crossed, run_report) -> None:
    assert run_report("2025", "--office", "967")["scope"] == "967"
    with pytest.raises(CommandError, match="không có đơn vị nào mang mã 967"):
        run_report("2025-Q3", "--office", "967")
    assert run_report("2025", "--level", "province")["rows"] == []


def test_assign_to_a_province_without_a_desk_leaves_no_total_short(crossed: Crossed) -> None:
    province = office("96")
    waiting, other = Dossier.objects.filter(office__code="967", resolved_on=None)[:2]
    old = PAPER | {"paper_date": date(2025, 6, 1)}
    refused = assign([(other, province)], by=crossed.chairman, token=uuid4(), **old).refused
    assert "trước ngày tiếp nhận" in refused[0][1]
    assert not office("96").has_desk
    before = table(told("2026-Q2"), every_office().scope_of_all(told("2026-Q2"))).total
    paper = PAPER | {"paper_date": date(2026, 5, 4)}
    given = assign([(waiting, province)], by=crossed.chairman, token=uuid4(), **paper)
    assert given.refused == []
    after = table(told("2026-Q2"), every_office().scope_of_all(told("2026-Q2")), By.OFFICE)
    assert after.total["total_in"] == before["total_in"]
    assert next(row for row in after.rows if row.key == "96").figures["total_in"] == 1
    assert office("96").has_desk
