"""An old register of 40,000 lines, by command and by page: `python -m tests.bench.old_register`.

A scratch SQLite database, or the PostgreSQL named by BENCH_DATABASE_URL, whose database must be
empty, is laid out as a real desk starts. The file is written from a fixed seed: half of its lines
bring a code of their own, some wait for papers, some are open. Told are seconds until it is
done, and the highest memory of the command's process.
"""

import argparse
import csv
import io
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.__main__ import lay_environment

PAGE = "/so-theo-doi/nhap-so-cu/"
FAMILY = ("Trần", "Lê", "Nguyễn", "Huỳnh", "Võ", "Đặng", "Phan", "Lâm")
GIVEN = ("Mận", "Đời", "Súng", "Bông", "Hoàng Ân", "Út", "Tư", "Lành")


def register(lines: int, year: int, seed: int = 967) -> bytes:
    """That many lines of one year as CSV, always the same for the same numbers."""
    from dossiers.old_register.lines import COLUMNS
    from motcua.models import Level, Office
    from procedures.calendar import calendar_for
    from procedures.models import Procedure

    dice = random.Random(seed)
    offices = list(Office.objects.with_desk().order_by("code"))
    keys = {
        level: sorted(Procedure.objects.filter(level=level).values_list("key", flat=True))
        for level in (Level.DISTRICT, Level.COMMUNE)
    }
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS)
    sheet.writeheader()
    opens = datetime(year, 1, 4, 7, 30)
    calendar = calendar_for(offices[0])
    for number in range(lines):
        office = offices[number % len(offices)]
        minutes = dice.randrange(355 * 24 * 60)
        sheet.writerow(
            {
                "office_code": office.code,
                "procedure_id": dice.choice(keys[office.level]),
                "receipt_code": f"CU-{year}0101-{number:06}" if number % 2 else "",
                "applicant_name": f"{dice.choice(FAMILY)} Thị {dice.choice(GIVEN)} {number}",
                "phone": f"09{dice.randrange(10**8):08}" if number % 3 else "",
                "address": f"Ấp {dice.randrange(1, 12)}, xã Tân Lộc",
                "channel": dice.choice(("direct", "direct", "direct", "post", "online")),
                **_moments(opens + timedelta(minutes=minutes), dice, number, calendar),
                "note": "chép từ sổ cũ",
            }
        )
    return out.getvalue().encode()


def _moments(begun: datetime, dice: random.Random, number: int, calendar: Any) -> dict[str, str]:
    def on(moment: datetime) -> datetime:
        """On a working day: an ordinary register raises no doubt."""
        return datetime.combine(calendar.working_day_on_or_after(moment.date()), moment.time())

    received = on(begun)
    told = {"received_at": received}
    if number % 4 == 0:
        told["due_at"] = received + timedelta(days=20)
    if number % 10 == 0:
        told["supplement_from"] = on(received + timedelta(days=2))
        told["supplement_to"] = on(received + timedelta(days=5))
    words = {name: f"{moment:%Y-%m-%dT%H:%M}" for name, moment in told.items()}
    if number % 20 == 7:
        return words  # still open
    ended = on(received + timedelta(days=dice.randrange(6, 25)))
    words |= {"resolved_at": f"{ended:%Y-%m-%dT%H:%M}"}
    words["outcome"] = dice.choice(("approved", "approved", "approved", "refused", "withdrawn"))
    if words["outcome"] != "withdrawn":
        words["handed_over_at"] = f"{on(ended + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    return words


def by_command(file: Path) -> str:
    run = [sys.executable, "manage.py", "import_register", str(file)]
    _, seconds = timed(lambda: subprocess.run(run, check=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return f"command: {seconds:.1f} s, {peak} MB"


def by_page(content: bytes) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from motcua.models import Staff

    admin = Staff.objects.create(username="bench", is_administrator=True)
    client = Client(headers={"host": "localhost"})
    client.force_login(admin)
    upload = {"file": SimpleUploadedFile("so.csv", content)}
    answer, sent = timed(lambda: client.post(PAGE, upload))
    page = answer.url
    _, checked = timed(lambda: wait(client, page))
    _, written = timed(lambda: (client.post(page), wait(client, page)))
    says = "Đã ghi" in client.get(page).content.decode()
    return f"page: upload {sent:.1f} s, check {checked:.1f} s, write {written:.1f} s, all {says}"


def wait(client: Any, page: str) -> None:
    """Look again until nobody is at work any more, as the page itself does."""
    while "Refresh" in client.get(page).headers:
        time.sleep(0.1)


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = act()
    return result, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=40_000)
    parser.add_argument("--keep", type=Path, help="write the file here and stop")
    options = parser.parse_args()
    folder = lay_environment()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_base", verbosity=0)
    if options.keep:
        options.keep.write_bytes(register(options.lines, 2016))
        return
    file = folder / "so-cu.csv"
    file.write_bytes(register(options.lines, 2016))
    connection.close()
    say = sys.stdout.write
    say(f"{connection.vendor}, {options.lines} lines\n{by_command(file)}\n")
    say(f"{by_page(register(options.lines, 2015, seed=968))}\n")


if __name__ == "__main__":
    main()
