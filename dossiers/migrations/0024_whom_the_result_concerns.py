"""Whom or what the result of a dossier concerns; empty in the dossiers that are there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0023_drafts_of_intakes"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="concerns",
            field=models.CharField(blank=True, max_length=200, verbose_name="kết quả về"),
        ),
    ]
