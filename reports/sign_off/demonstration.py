"""What sign-off adds to the demonstration: most offices have signed 2016, some late, a few not.

The figures that are signed are those that the demonstration publishes; signing changes none.
"""

from datetime import datetime, time, timedelta
from typing import Any

from dossiers.demo.load import loaded
from motcua import clock
from motcua.models import Level, Office, Staff
from procedures.calendar import calendar_for
from reports.sign_off.closing import fingerprint, sign, table_now
from reports.terms.periods import parse_period

PERIODS = ("2016-Q1", "2016-9M")
# The district and the last communes have not signed the nine months.
UNSIGNED = 2
WAITING = ("2016-9M",)
LATE_EVERY, LATE_BY = 5, 9
MORNING = time(8, 30)


def join() -> None:
    """From now on the demonstration signs when it has been loaded."""
    loaded.connect(sign_2016, dispatch_uid="reports.demonstration")


def sign_2016(**_: Any) -> None:
    """Sign as the leaders of 2016, on days that follow from the order of the offices alone."""
    leaders = {s.office_id: s for s in Staff.objects.filter(is_leader=True, is_demo=True)}
    desks = [o for o in Office.objects.with_desk().order_by("code") if o.pk in leaders]
    communes = [office for office in desks if office.level == Level.COMMUNE]
    behind = {office.pk for office in communes[-UNSIGNED:]}
    behind |= {office.pk for office in desks if office.level != Level.COMMUNE}
    for order, office in enumerate(desks):
        calendar = calendar_for(office)
        for key in PERIODS:
            if key in WAITING and office.pk in behind:
                continue
            period = parse_period(key)
            days = 2 + order % 3 + (LATE_BY if order % LATE_EVERY == 0 else 0)
            # Nobody signs on a Sunday: then on the next working day of the office.
            signed_on = calendar.working_day_on_or_after(period.end + timedelta(days=days))
            sign(
                office,
                period,
                by=leaders[office.pk],
                seen=fingerprint(table_now(office, period)),
                at=clock.aware(datetime.combine(signed_on, MORNING)),
            )
