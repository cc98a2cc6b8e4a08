"""What one stranger, or four leaders, can do to everybody else: `python -m tests.bench.attack`.

Six attacks on gunicorn as it is deployed, over the demonstration in a scratch folder (SQLite, or
the empty PostgreSQL database named by BENCH_DATABASE_URL); everything stays on 127.0.0.1 and
every loop is bounded. The figures are for reading side by side: the same file runs on an earlier
checkout. Nothing is asserted.
"""

import http.client
import os
import re
import shutil
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from tests.bench.__main__ import lay_environment
from tests.bench.load import filled

if TYPE_CHECKING:
    from tests.faults.desk import Desk

ATTACKER, CITIZEN, HALL = "203.0.113.66", "198.51.100.7", "192.0.2.10"
CSRF = "x" * 32
ADMINISTRATOR = "quantri"
BOUNDARY = "motcua-attack"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Browser:
    """Keeps its cookies and comes from one address."""

    def __init__(self, desk: "Desk", address: str) -> None:
        self.desk, self.address = desk, address
        self.cookies = {"csrftoken": CSRF}

    def ask(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        raw: tuple[str, bytes] | None = None,
    ) -> Answer:
        caller = http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=120)
        headers = {"X-Forwarded-For": self.address}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            raw = ("application/x-www-form-urlencoded", urlencode(form).encode())
        if raw is not None:
            headers["Content-Type"], body = raw
            headers["X-CSRFToken"] = self.cookies["csrftoken"]
        began = time.perf_counter()
        try:
            caller.request(method, path, body, headers)
            answer = caller.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, {}, type(error).__name__.encode(), time.perf_counter() - began)
        finally:
            caller.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        took = time.perf_counter() - began
        return Answer(answer.status, dict(answer.headers), text, took)


def say(attack: str, figures: str) -> None:
    sys.stdout.write(f"{attack:34} {figures}\n")
    sys.stdout.flush()


def longest_while(work: Any, ask: Any, pause: float = 0.05) -> tuple[float, Counter[int], Any]:
    """The longest answer to `ask`, and its statuses, until `work` in another thread is done."""
    longest, statuses = 0.0, Counter[int]()
    with ThreadPoolExecutor(1) as aside:
        at_work = aside.submit(work)
        while not at_work.done():
            answer = ask()
            longest = max(longest, answer.seconds)
            statuses[answer.status] += 1
            time.sleep(pause)
        return longest, statuses, at_work.result()


def close_own_pages(desk: "Desk") -> None:
    """Ten wrong tries on each of twelve codes; then their citizens come with the right digits."""
    from dossiers.models import Dossier
    from motcua.models import Misses

    numbered = Dossier.objects.exclude(phone="").order_by("-pk").only("code", "phone")[:12]
    before, attacker = Misses.objects.count(), Browser(desk, ATTACKER)
    began = time.perf_counter()
    for dossier in numbered:
        wrong = f"{(int(dossier.phone[-4:]) + 1) % 10_000:04}"
        for _ in range(10):
            attacker.ask("POST", "/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": wrong})
    took, rows = time.perf_counter() - began, Misses.objects.count() - before
    citizens = Counter(
        Browser(desk, f"198.51.100.{number}")
        .ask("POST", "/tra-cuu/xac-nhan/", {"ma": dossier.code, "so": dossier.phone[-4:]})
        .status
        for number, dossier in enumerate(numbered, 1)
    )
    figures = f"of 12 citizens {citizens[302]} open their page; {rows} rows, {took:.1f} s"
    say("1 own pages closed by wrong digits", figures)


def stall_by_notice_boards(desk: "Desk") -> None:
    """Thirty-six drawings of notice boards at once, each for a day of its own."""
    from django.db.models import Count

    from dossiers.models import Dossier
    from procedures.models import Sector

    fullest = Sector.objects.annotate(size=Count("procedures")).filter(size__lte=150)
    sectors = fullest.order_by("-size").values_list("pk", flat=True)
    code = Dossier.objects.order_by("-pk").values_list("code", flat=True)[0]
    citizen = Browser(desk, CITIZEN)
    alone = max(citizen.ask("GET", f"/tra-cuu/?ma={code}").seconds for _ in range(10))

    def draw(number: int) -> int:
        day = date(2026, 1, 1) + timedelta(days=number)
        path = f"/thu-tuc/niem-yet-a3.pdf?linh-vuc={sectors[number % 4]}&ngay={day}"
        return Browser(desk, ATTACKER).ask("GET", path).status

    def flood() -> Counter[int]:
        with ThreadPoolExecutor(36) as many:
            return Counter(many.map(draw, range(36)))

    longest, _, drawn = longest_while(flood, lambda: citizen.ask("GET", f"/tra-cuu/?ma={code}"))
    figures = f"look-up {alone:.2f} s alone, {longest:.2f} s beside; boards {dict(drawn)}"
    say("2 notice boards, 36 at once", figures)


def stall_by_reports(desk: "Desk") -> None:
    """Four leaders ask for a report by procedure as PDF while a clerk prints slips."""
    from django.test import Client

    from dossiers.models import Dossier
    from motcua.models import Staff

    def browser(staff: Staff) -> Browser:
        inside, outside = Client(), Browser(desk, HALL)
        inside.force_login(staff)
        outside.cookies["sessionid"] = inside.cookies["sessionid"].value
        return outside

    clerk = Staff.objects.filter(is_clerk=True, office__code="967", is_active=True)[0]
    code = Dossier.objects.filter(office=clerk.office, state=2).order_by("-pk")[0].code
    slip, counter = f"/ho-so/{code}/phieu-hen.pdf", browser(clerk)
    alone = max(counter.ask("GET", slip).seconds for _ in range(5))
    leaders = [browser(leader) for leader in Staff.objects.filter(is_leader=True)[:4]]
    path = "/bao-cao/bao-cao.pdf?ky=2016&theo=thu-tuc"

    def flood() -> tuple[Counter[int], float]:
        with ThreadPoolExecutor(4) as many:
            answers = list(many.map(lambda leader: leader.ask("GET", path), leaders))
        return Counter(a.status for a in answers), max(a.seconds for a in answers)

    longest, slips, (reports, last) = longest_while(flood, lambda: counter.ask("GET", slip))
    figures = f"slip {alone:.2f} s alone, {longest:.2f} s beside {dict(slips)}; "
    say("3 reports as PDF, 4 at once", figures + f"reports {dict(reports)} within {last:.1f} s")


def fill_the_disk(desk: "Desk") -> None:
    """Filings without a name, each with four scans of 9 MB, from one address."""
    from procedures.models import Procedure, ProcedureVersion

    procedure = next(
        each
        for each in Procedure.objects.filter(is_active=True, files_online=True).order_by("key")
        if (version := each.versions.last()) is not None
        and version.limit_unit != ProcedureVersion.Unit.SAME_DAY
    )
    scan = b"\xff\xd8\xff\xe0" + os.urandom(9 * 1024 * 1024)
    part = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="other"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    body = b"".join(part + scan + b"\r\n" for _ in range(4)) + f"--{BOUNDARY}--\r\n".encode()
    raw = (f"multipart/form-data; boundary={BOUNDARY}", body)
    before, began, attacker = _size(desk.folder), time.perf_counter(), Browser(desk, ATTACKER)
    statuses = Counter(
        attacker.ask("POST", f"/nop-ho-so/{procedure.key}/", raw=raw).status for _ in range(12)
    )
    took, kept = time.perf_counter() - began, (_size(desk.folder) - before) / 1024**2
    figures = f"{12 * len(body) // 1024**2} MB sent in {took:.1f} s, {kept:.0f} MB kept"
    say("4 scans that no dossier takes", f"{figures}; {dict(statuses)}")


def lock_an_account(desk: "Desk") -> None:
    """Twenty wrong passwords from four addresses; then the administrator, where she worked before,
    and a colleague at an address from which the attacker has tried."""
    from dossiers.demo.staff import PASSWORD

    own, right = Browser(desk, HALL), {"username": ADMINISTRATOR, "password": PASSWORD}
    first = own.ask("POST", "/dang-nhap/", right).status
    own.cookies.pop("sessionid", None)
    wrong = right | {"password": "not the password"}
    for number in range(20):
        Browser(desk, f"203.0.113.{number % 4}").ask("POST", "/dang-nhap/", wrong)
    known = own.ask("POST", "/dang-nhap/", right).status
    stranger = Browser(desk, "198.51.100.99").ask("POST", "/dang-nhap/", right).status
    figures = f"log-in before {first}; after, in the known browser {known}, elsewhere {stranger}"
    say("5 an administrator locked out", figures)


def read_everything(desk: "Desk") -> None:
    """Codes one after the other from one address, as quickly as they are answered."""
    from dossiers.models import Dossier

    codes = Dossier.objects.order_by("code").values_list("code", flat=True)[:600]
    attacker, began = Browser(desk, ATTACKER), time.perf_counter()
    answers = [attacker.ask("GET", f"/tra-cuu/?ma={code}") for code in codes]
    shown = sum(
        a.status == 200 and re.search(rb"class=\"[^\"]*progress", a.body) is not None
        for a in answers
    )
    statuses = dict(Counter(a.status for a in answers))
    took = time.perf_counter() - began
    say("6 codes read in a row", f"{shown} of 600 dossiers shown in {took:.1f} s; {statuses}")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


ATTACKS = (
    close_own_pages,
    stall_by_notice_boards,
    stall_by_reports,
    lock_an_account,
    read_everything,
    fill_the_disk,
)


def main() -> None:
    folder = lay_environment()
    import django

    django.setup()
    from django.conf import settings

    from tests.faults.desk import Desk, free_port

    settings.ALLOWED_HOSTS = ["testserver"]
    filled()
    desk = Desk.__new__(Desk)
    desk.port, desk.folder, desk.master = free_port(), Path(folder), None
    variables = {"MOTCUA_PROXIES": "1", "MOTCUA_LOOKUPS_PER_MINUTE": "100000"}
    if address := os.environ.get("DATABASE_URL"):
        variables["DATABASE_URL"] = address
    desk.database = SimpleNamespace(variables=variables, stop=lambda: None)
    try:
        desk.start()
        for attack in ATTACKS:
            attack(desk)
    finally:
        desk.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
