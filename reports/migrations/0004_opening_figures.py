from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

append_only = import_module("reports.migrations.0002_signed_figures_are_append_only")

TABLE = "reports_openingfigures"


def lay(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in append_only.statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_delete")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_change ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_append_only()")


class Migration(migrations.Migration):
    dependencies = [
        ("motcua", "0001_offices_and_staff"),
        ("procedures", "0001_catalogue_and_calendar"),
        ("reports", "0003_summaries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(verbose_name="đến ngày")),
                ("version", models.PositiveSmallIntegerField(verbose_name="lần nhập")),
                ("figures", models.JSONField(verbose_name="các số")),
                ("is_withdrawn", models.BooleanField(default=False, verbose_name="đã bỏ")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="lý do"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="nhập lúc")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhập",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="motcua.office",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.sector",
                        verbose_name="lĩnh vực",
                    ),
                ),
            ],
            options={
                "verbose_name": "số đầu kỳ",
                "verbose_name_plural": "số đầu kỳ",
                "ordering": ["office", "starts_on", "sector", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("office", "sector", "starts_on", "ends_on", "version"),
                        name="opening_version_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="opening_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.RunPython(lay, lift),
    ]
