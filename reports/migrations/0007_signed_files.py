"""The files of a signed table and the names they bear; the database itself refuses a change."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("reports_signednames", "reports_signedfile")


def statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            for act in ("UPDATE", "DELETE")
        ]
    return [
        f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is append-only'
            USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_append_only()""",
    ]


def lay(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        for statement in statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_update")
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_append_only()")


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_exports_of_reports")]

    operations = [
        migrations.CreateModel(
            name="SignedNames",
            fields=[
                (
                    "closing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="names",
                        serialize=False,
                        to="reports.closing",
                    ),
                ),
                ("office_code", models.CharField(max_length=10, verbose_name="mã đơn vị")),
                ("office_name", models.CharField(max_length=120, verbose_name="tên đơn vị")),
                ("place", models.CharField(max_length=120, verbose_name="địa danh")),
                (
                    "above_code",
                    models.CharField(blank=True, max_length=10, verbose_name="mã cấp trên"),
                ),
                (
                    "above_name",
                    models.CharField(blank=True, max_length=120, verbose_name="tên cấp trên"),
                ),
                ("made_at", models.DateTimeField(verbose_name="lập tệp lúc")),
                (
                    "made_later",
                    models.BooleanField(default=False, verbose_name="lập khi nâng cấp"),
                ),
            ],
            options={
                "verbose_name": "tên đơn vị lúc ký",
                "verbose_name_plural": "tên đơn vị lúc ký",
            },
        ),
        migrations.CreateModel(
            name="SignedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("format", models.CharField(max_length=4, verbose_name="dạng tệp")),
                ("content", models.BinaryField(verbose_name="nội dung")),
                (
                    "digest",
                    models.CharField(max_length=64, verbose_name="chuỗi kiểm tra SHA-256"),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="reports.closing",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp đã ký",
                "verbose_name_plural": "các tệp đã ký",
                "constraints": [
                    models.UniqueConstraint(fields=("closing", "format"), name="signed_file_once")
                ],
            },
        ),
        migrations.RunPython(lay, lift),
    ]
