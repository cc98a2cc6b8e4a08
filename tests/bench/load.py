"""A day of a district in minutes, against gunicorn as it is deployed: `python -m tests.bench.load`.

SQLite in a scratch folder, or the PostgreSQL named by BENCH_DATABASE_URL, whose database must be
empty; both are filled with the demonstration (39,000 dossiers). Everything stays on 127.0.0.1.

The day: 16 clerks receive 200 dossiers, print each slip and look at their desks; leaders open
the dashboard; citizens look up 10,000 times, which is fifty times a look-up for every dossier of
the year, spread over 250 working days. Then two clerks print without pause while citizens look
up: that p99 may not pass 60 ms. Times are from sending a request to its last byte, seen by the
caller, who shares the machine; `--minutes` squeezes the day further or less.
"""

import argparse
import http.client
import os
import random
import shutil
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from tests.bench.__main__ import lay_environment

if TYPE_CHECKING:
    from tests.faults.desk import Desk

DAY = {"look-up": 10_000, "intake": 200, "desk": 400, "dashboard": 60}  # a slip for each intake
CLERKS = 16
CALLERS = 24
ALLOWED_P99 = 60  # ms, for a look-up beside two printing clerks
GOOD = {"look-up": {200}, "intake": {302}, "slip": {200}, "desk": {200}, "dashboard": {200}}


class Person(NamedTuple):
    session: str
    page: str
    form: dict[str, str]


class Seen:
    """Times by kind of request, and every answer that was not the expected one."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[tuple[str, object]] = Counter()
        self.late = 0.0
        self._lock = threading.Lock()

    def time(self, kind: str, ask: Any) -> tuple[int, str, bytes]:
        began = time.perf_counter()
        try:
            answer = ask()
        except (OSError, http.client.HTTPException) as error:
            answer = (0, "", type(error).__name__.encode())
        took = time.perf_counter() - began
        with self._lock:
            self.times[kind].append(took * 1000)
            if answer[0] not in GOOD[kind]:
                self.errors[kind, answer[0]] += 1
        return answer

    def table(self) -> str:
        lines = [f"{'':12} {'number':>7} {'p50':>8} {'p95':>8} {'p99':>8} {'longest':>8}  ms"]
        for kind, times in self.times.items():
            times.sort()
            at = [times[min(len(times) - 1, int(len(times) * q))] for q in (0.5, 0.95, 0.99)]
            numbers = " ".join(f"{each:8.1f}" for each in (*at, times[-1]))
            lines.append(f"{kind:12} {len(times):7} {numbers}")
        return "\n".join([*lines, f"errors: {dict(self.errors) or 'none'}"])


class Town:
    """Who asks for what."""

    def __init__(self, desk: "Desk") -> None:
        from django.test import Client

        from dossiers.models import Dossier
        from motcua.models import Staff
        from procedures.models import Procedure
        from tests.dossiers.counter_pages import page_of, typed

        def session(staff: Staff) -> str:
            browser = Client()
            browser.force_login(staff)
            return browser.cookies["sessionid"].value

        self.desk, self.seen = desk, Seen()
        staff = Staff.objects.filter(is_active=True, office__isnull=False).select_related("office")
        self.clerks = []
        for clerk in staff.filter(is_clerk=True).order_by("username")[:CLERKS]:
            offered = Procedure.objects.offered_by(clerk.office)
            procedure = offered.filter(versions__limit_unit="working_day").order_by("key").first()
            self.clerks.append(Person(session(clerk), page_of(procedure), typed(procedure)))
        self.leaders = [session(leader) for leader in staff.filter(is_leader=True)[:4]]
        codes = Dossier.objects.order_by("?").values_list("code", flat=True)
        self.codes = list(codes[:4000])

    def look_up(self, chance: random.Random) -> None:
        address = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        path = f"/tra-cuu/?ma={chance.choice(self.codes)}"
        self.seen.time("look-up", lambda: self.desk.ask("GET", path, address=address))

    def intake(self, chance: random.Random) -> None:
        clerk = chance.choice(self.clerks)
        token = str(uuid4())  # another person each time: the same one is asked about
        form = clerk.form | {"token": token, "applicant_name": f"Nguyễn Văn {token}"}
        ask = self.desk.ask
        _, location, _ = self.seen.time(
            "intake", lambda: ask("POST", clerk.page, form, clerk.session)
        )
        if location:
            self.slip(clerk, location.split("/")[2])

    def slip(self, clerk: Person, code: str) -> None:
        path = f"/ho-so/{code}/phieu-hen.pdf"
        self.seen.time("slip", lambda: self.desk.ask("POST", path, {}, session=clerk.session))

    def at_desk(self, chance: random.Random) -> None:
        clerk = chance.choice(self.clerks)
        self.seen.time(
            "desk", lambda: self.desk.ask("GET", "/ban-lam-viec/", session=clerk.session)
        )

    def dashboard(self, chance: random.Random) -> None:
        leader = chance.choice(self.leaders)
        path = "/thong-ke/?ky=2016-9M"
        self.seen.time("dashboard", lambda: self.desk.ask("GET", path, session=leader))


def a_day(town: Town, minutes: float) -> Seen:
    """Every request of the day at a moment of its own, whether the earlier ones are back or not,
    as far as the callers suffice; how late the last one left is told."""
    town.seen = Seen()
    chance = random.Random(2016)
    acts = {
        "look-up": town.look_up,
        "intake": town.intake,
        "desk": town.at_desk,
        "dashboard": town.dashboard,
    }
    share = min(1.0, minutes / 3)  # a shorter run is a shorter day, not a harder one
    moments = sorted(
        (chance.uniform(0, minutes * 60), kind)
        for kind, number in DAY.items()
        for _ in range(int(number * share))
    )
    waiting = iter(moments)
    lock = threading.Lock()
    began = time.perf_counter()

    def call(number: int) -> None:
        own = random.Random(number)
        while True:
            with lock:
                moment, kind = next(waiting, (0.0, ""))
            if not kind:
                return
            ahead = began + moment - time.perf_counter()
            if ahead > 0:
                time.sleep(ahead)
            town.seen.late = max(town.seen.late, -ahead)
            acts[kind](own)

    _together([lambda n=n: call(n) for n in range(CALLERS)])
    return town.seen


def beside_printing(town: Town, seconds: float) -> Seen:
    """Two clerks print without pause, four citizens look up without pause."""
    town.seen = Seen()
    until = time.perf_counter() + seconds
    _, location, _ = town.desk.ask(
        "POST", town.clerks[0].page, town.clerks[0].form, town.clerks[0].session
    )
    code = location.split("/")[2]

    def print_on() -> None:
        while time.perf_counter() < until:
            town.slip(town.clerks[0], code)

    def look_up(number: int) -> None:
        chance = random.Random(number)
        while time.perf_counter() < until:
            town.look_up(chance)

    _together([print_on, print_on, *(lambda n=n: look_up(n) for n in range(4))])
    return town.seen


def _together(works: list[Any]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def filled() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=3, help="length of the day, at most 10")
    asked.add_argument("--seconds", type=float, default=20, help="of printing without pause")
    options = asked.parse_args()
    minutes, seconds = min(options.minutes, 10), min(options.seconds, 120)
    folder = lay_environment()
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from tests.faults.desk import Desk, free_port

    settings.ALLOWED_HOSTS = ["testserver"]
    filled()
    desk = Desk.__new__(Desk)
    desk.port, desk.folder, desk.master = free_port(), Path(folder), None
    address = os.environ.get("DATABASE_URL")
    variables = {"MOTCUA_PROXIES": "1", **({"DATABASE_URL": address} if address else {})}
    desk.database = SimpleNamespace(variables=variables, stop=lambda: None)
    try:
        desk.start()
        town = Town(desk)
        say = sys.stdout.write
        busy = os.getloadavg()[0]
        say(f"\n{connection.vendor}, {os.cpu_count()} cores, load before the run {busy:.1f}\n")
        day = a_day(town, minutes)
        say(f"\nA day in {minutes:g} minutes (left at most {day.late:.1f} s late)\n{day.table()}\n")
        pressed = beside_printing(town, seconds)
        say(f"\nTwo clerks print without pause, {seconds:g} s\n{pressed.table()}\n")
        p99 = pressed.times["look-up"][int(len(pressed.times["look-up"]) * 0.99)]
        say(f"look-up p99 {p99:.1f} ms, allowed {ALLOWED_P99}\n")
    finally:
        desk.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(bool(day.errors or pressed.errors) or p99 > ALLOWED_P99)


if __name__ == "__main__":
    main()
