"""A passport or a residence card of a foreigner is told from the number's kind beside it."""

from django.db import migrations, models

KINDS = [
    ("passport", "Hộ chiếu"),
    ("permanent", "Thẻ thường trú"),
    ("temporary", "Thẻ tạm trú"),
]


def kind(words: str) -> models.CharField:
    return models.CharField(
        blank=True, choices=KINDS, default="", max_length=10, verbose_name=words
    )


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0014_search_keys_of_one_spelling")]

    operations = [
        migrations.AddField(
            "dossier",
            "applicant_id_kind",
            kind("loại giấy tờ của người nộp"),
            preserve_default=False,
        ),
        migrations.AddField(
            "dossier",
            "submitter_id_kind",
            kind("loại giấy tờ của người nộp thay"),
            preserve_default=False,
        ),
    ]
