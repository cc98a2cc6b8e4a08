"""Makes the fixture of a release: `python -m tests.upgrade.make 0.2.0`, in a checkout of that
release into which this file was laid, with DATABASE_URL naming an empty database (SQLite in
MOTCUA_VAR otherwise). It writes the database and what the release itself tells of it beside this
file: every verb, a signed and a reopened quarter, totals from before, a rating.
"""

import json
import lzma
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import django

HERE = Path(__file__).resolve().parent
PERIODS = ("2016-Q1", "2016-Q2", "2016-9M", "2016", "2025", "2026")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("load_base", verbosity=0)
    live()
    name = f"{sys.argv[1]}.{'sql' if connection.vendor == 'postgresql' else 'sqlite3'}"
    told = json.dumps(tell(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(told + "\n", encoding="utf-8")
    (HERE / f"{name}.xz").write_bytes(lzma.compress(content(), preset=9))


def live() -> None:
    """A dozen lives under the three regimes, each verb at least once, and what leaders do."""
    from dossiers.citizens import ratings
    from dossiers.lifecycle import perform
    from dossiers.lifecycle.intake import Intake
    from dossiers.models import LateCause, RatingCriterion
    from motcua.models import Office
    from procedures.models import Procedure, Sector
    from reports.opening import entry
    from reports.sign_off import closing
    from reports.terms.periods import parse_period
    from tests.cast import make_staff, vn

    district, commune = Office.objects.get(code="967"), Office.objects.get(code="32086")
    clerk = make_staff("can-bo", district, "clerk")
    specialist = make_staff("chuyen-vien", district, "specialist")
    leader = make_staff("lanh-dao", district, "leader")
    in_commune = make_staff("can-bo-xa", commune, "clerk", "leader")
    division = district.divisions.order_by("pk").first()
    long, birth = (Procedure.objects.get(key=key) for key in ("H001", "X001"))

    def take(at: str, office: Office = district, procedure: Procedure = long) -> Any:
        person = clerk if office == district else in_commune
        intake = Intake(
            office=office,
            procedure=procedure,
            applicant_name="Trần Thị Mận",
            applicant_id="381000111",
            phone="0912000001",
        )
        return perform.register(intake, by=person, at=vn(at))

    done = take("2016-01-05T08:00")
    perform.forward(done, by=clerk, at=vn("2016-01-05T09:00"), division=division)
    perform.take_over(done, by=specialist, at=vn("2016-01-05T10:00"))
    perform.resolve(done, by=specialist, at=vn("2016-01-08T09:00"), outcome="approved")
    perform.hand_over(done, by=clerk, at=vn("2016-01-11T09:00"), collector_name="Trần Thị Mận")
    late = take("2016-01-06T08:00")
    perform.resolve(
        late, by=clerk, at=vn("2016-04-05T09:00"), outcome="refused", result_note="Thiếu"
    )
    waited = take("2016-02-01T08:00")
    perform.ask_supplement(
        waited, by=clerk, at=vn("2016-02-02T09:00"), items="Đơn", reason="Thiếu chữ ký"
    )
    perform.receive_supplement(waited, by=clerk, at=vn("2016-02-18T09:00"))
    perform.resolve(waited, by=clerk, at=vn("2016-03-01T09:00"), outcome="approved")
    perform.revert(waited, by=leader, at=vn("2016-03-01T10:00"), reason="Ghi nhầm")
    paid = take("2025-08-01T08:00")
    perform.ask_payment(paid, by=clerk, at=vn("2025-08-04T09:00"))
    perform.confirm_payment(paid, by=clerk, at=vn("2025-08-08T09:00"))
    left = take("2016-03-01T08:00")
    perform.withdraw(left, by=clerk, at=vn("2016-03-02T09:00"), reason="Công dân xin rút")
    stopped = take("2016-03-03T08:00")
    perform.stop(stopped, by=clerk, at=vn("2016-03-04T09:00"), reason="Người nộp đã mất")
    sorry = take("2025-07-01T08:00")
    perform.apologise(
        sorry,
        by=leader,
        at=vn("2025-08-15T09:00"),
        cause=LateCause.objects.order_by("pk").first(),
        reason="Chờ ý kiến",
        new_due_at=vn("2025-09-05T17:00"),
        signer="Nguyễn Văn Ân",
    )
    for day in ("2016-01-12", "2016-04-14"):
        of_commune = take(f"{day}T08:00", commune, birth)
        perform.resolve(of_commune, by=in_commune, at=vn(f"{day}T15:00"), outcome="approved")
    ratings.load_criteria()
    ratings.rate(done, dict.fromkeys(RatingCriterion.objects.all(), 2), "Nhanh")

    entry.enter(
        commune,
        Sector.objects.order_by("name").first(),
        (parse_period("2015").start, parse_period("2015").end),
        {"received_direct": 12, "resolved_on_time": 12},
        by=in_commune,
    )
    for office, by in ((district, leader), (commune, in_commune)):
        quarter = parse_period("2016-Q1")
        seen = closing.fingerprint(closing.table_now(office, quarter))
        signed = closing.sign(office, quarter, by=by, seen=seen)
    closing.reopen(signed, by=leader, reason="Nhập sót")
    # After the signing: an entry that is late, beside the figures that stay.
    take("2016-03-30T08:00")


def tell() -> dict[str, Any]:
    from dossiers.models import Event
    from reports.models import Closing
    from tests.upgrade.present import figures, plain, signed_of

    columns = [field.attname for field in Event._meta.concrete_fields]
    return {
        "figures": {period: figures(period) for period in PERIODS},
        "events": [
            {column: plain(getattr(event, column)) for column in columns}
            for event in Event.objects.order_by("pk")
        ],
        "signed": [signed_of(each) for each in Closing.objects.order_by("pk")],
    }


def content() -> bytes:
    """The database as bytes: the file of SQLite, the script of pg_dump."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return Path(connection.settings_dict["NAME"]).read_bytes()
    command = ["pg_dump", "--no-owner", "--no-privileges", os.environ["DATABASE_URL"]]
    script = subprocess.run(command, check=True, capture_output=True).stdout
    # A key for psql alone, which an older one does not know.
    return re.sub(rb"(?m)^\\(un)?restrict .*\n", b"", script)


if __name__ == "__main__":
    main()
