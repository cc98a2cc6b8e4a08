"""The sums that the figures are made of, filled from the dossiers that are there already."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reports.migrations._counting import MEASURES, fill_summary


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    fill_summary(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_signed_figures_are_append_only"),
        ("dossiers", "0005_working_days_spent"),
    ]

    operations = [
        migrations.CreateModel(
            name="Summary",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "grain",
                        "detail",
                        "start",
                        "office_id",
                        "sector_id",
                        "procedure_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("grain", models.PositiveSmallIntegerField()),
                ("detail", models.PositiveSmallIntegerField()),
                ("start", models.DateField()),
                ("office_id", models.BigIntegerField()),
                ("sector_id", models.BigIntegerField()),
                ("procedure_id", models.BigIntegerField()),
                *((name, models.IntegerField(default=0)) for name in MEASURES),
            ],
            options={
                "verbose_name": "số cộng sẵn",
                "verbose_name_plural": "các số cộng sẵn",
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
