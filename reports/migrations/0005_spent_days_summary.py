"""How many dossiers took how many days, filled from the dossiers that are there already."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reports.migrations._counting import fill_days_summary


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    fill_days_summary(apps)


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_opening_figures")]

    operations = [
        migrations.CreateModel(
            name="DaysSummary",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "start",
                        "office_id",
                        "procedure_id",
                        "days",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("start", models.DateField()),
                ("office_id", models.BigIntegerField()),
                ("procedure_id", models.BigIntegerField()),
                ("days", models.SmallIntegerField()),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "số hồ sơ theo số ngày",
                "verbose_name_plural": "các số hồ sơ theo số ngày",
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
