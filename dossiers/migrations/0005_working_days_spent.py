"""The working days that each dossier took. Those that have ended already are filled in by the
rule of that release (`_spending`); where a year has no calendar they stay empty."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations, models

from dossiers.migrations._spending import NoCalendarData, calendars_of, days_spent

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    dossiers = apps.get_model("dossiers", "Dossier").objects
    pauses: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    rows = apps.get_model("dossiers", "Pause").objects.filter(is_void=False)
    for dossier, since, until in rows.values_list("dossier_id", "from_on", "until_on"):
        pauses[dossier].append((since, until))
    ended = dossiers.filter(timed_on__isnull=False, effective_at__isnull=False).order_by()
    calendars = calendars_of(apps, set(ended.values_list("office_id", flat=True)))
    found: dict[int, list[int]] = defaultdict(list)
    for key, office, start, end in ended.values_list("pk", "office_id", "effective_at", "timed_on"):
        began = start.astimezone(VIETNAM).date()
        try:
            found[days_spent(calendars[office], began, end, pauses[key])].append(key)
        except NoCalendarData:
            continue
    for days, keys in found.items():
        for at in range(0, len(keys), BATCH):
            dossiers.filter(pk__in=keys[at : at + BATCH]).update(days_spent=days)


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0004_signatures_and_requests"),
        ("procedures", "0001_catalogue_and_calendar"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="days_spent",
            field=models.PositiveSmallIntegerField(
                editable=False,
                help_text="Theo dossiers/spending.py; trống khi chưa xong hoặc năm đó chưa có "
                "lịch.",
                null=True,
                verbose_name="số ngày làm việc đã dùng",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("resolved_on__isnull", False)),
                fields=["resolved_on", "office", "procedure", "days_spent"],
                name="dossier_days_spent",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
