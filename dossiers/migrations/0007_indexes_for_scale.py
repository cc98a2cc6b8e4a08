"""Indexes for millions of dossiers: lists, search by name, what is late, what came from elsewhere.

Searching for a part of a name goes by the parts of three letters on PostgreSQL (pg_trgm, an
extension that the owner of a database may add since PostgreSQL 13). Where that is refused the
search finds the same, reading every row.
"""

import sys

from django.apps.registry import Apps
from django.db import Error, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
INDEX = (
    "CREATE INDEX dossier_words ON dossiers_dossier"
    " USING gin (search_key gin_trgm_ops, code_key gin_trgm_ops)"
)
REFUSED = (
    "Không thêm được phần mở rộng pg_trgm vào cơ sở dữ liệu. Chương trình vẫn chạy đủ, nhưng tìm "
    "theo tên sẽ chậm khi có hàng trăm nghìn hồ sơ. Nhờ người quản trị PostgreSQL chạy hai lệnh:\n"
    f"  {EXTENSION};\n  {INDEX};\n"
)


def lay(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute(EXTENSION)
    except Error:
        sys.stderr.write(REFUSED)
    else:
        schema_editor.execute(INDEX)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS dossier_words")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_second_proof_and_ratings")]

    operations = [
        migrations.AddIndex(
            "dossier", models.Index(fields=["received_at", "id"], name="dossier_newest")
        ),
        migrations.AddIndex("dossier", models.Index(fields=["search_key"], name="dossier_by_name")),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["resolved_on", "received_on", "office", "due_on", "timed_on"],
                condition=models.Q(("timeliness", "late")),
                name="dossier_late",
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["due_since", "resolved_on", "office"],
                condition=models.Q(("due_since__isnull", False)),
                name="dossier_moved",
            ),
        ),
        migrations.RemoveIndex("transfer", "transfer_to_office"),
        migrations.AddIndex(
            "transfer",
            models.Index(
                fields=["to_office", "dossier"],
                condition=models.Q(("from_office", models.F("to_office")), _negated=True),
                name="transfer_between_offices",
            ),
        ),
        migrations.AddIndex(
            "transfer",
            models.Index(
                fields=["to_office", "to_division"],
                condition=models.Q(
                    ("ended_at__isnull", True), ("is_void", False), ("taken_at__isnull", True)
                ),
                name="transfer_not_taken",
            ),
        ),
        migrations.RunPython(lay, lift),
    ]
