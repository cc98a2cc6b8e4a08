"""Who was here before is found by telephone, and by the first letters of the name in an office.

On PostgreSQL the names are ordered by their letters alone, whatever the language of the database
is, so that the beginning of one is found by the index; SQLite knows no other order.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0025_reasons_in_ready_words")]

    operations = [
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["phone"],
                condition=models.Q(("phone", ""), _negated=True),
                name="dossier_phone",
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["office", "search_key"],
                name="dossier_office_names",
                opclasses=["int8_ops", "text_pattern_ops"],
            ),
        ),
    ]
