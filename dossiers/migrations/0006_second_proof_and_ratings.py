from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ONE_SECTOR = "Phổ biến, giáo dục pháp luật"
SAME_SECTOR = "Phổ biến giáo dục pháp luật"


def one_sector_for_legal_education(apps: Any, schema_editor: Any) -> None:
    """The sector stood twice; the procedures have moved, now their dossiers do."""
    sectors = apps.get_model("procedures", "Sector").objects
    double = sectors.filter(name=SAME_SECTOR).first()
    one = sectors.filter(name=ONE_SECTOR).first()
    if double is None or one is None:
        return
    apps.get_model("dossiers", "Dossier").objects.filter(sector=double).update(sector=one)
    double.delete()
    schema_editor.connection.check_constraints()  # or PostgreSQL refuses what comes after


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0005_working_days_spent"),
        ("motcua", "0003_throttle_in_the_database"),
        ("procedures", "0002_life_events_and_provenance"),
    ]

    operations = [
        migrations.CreateModel(
            name="RatingCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="mã")),
                ("question", models.CharField(max_length=200, verbose_name="câu hỏi")),
                ("words_2", models.CharField(max_length=100, verbose_name="trả lời được 2 điểm")),
                ("words_1", models.CharField(max_length=100, verbose_name="trả lời được 1 điểm")),
                ("words_0", models.CharField(max_length=100, verbose_name="trả lời được 0 điểm")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="thứ tự")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang hỏi")),
            ],
            options={
                "verbose_name": "tiêu chí đánh giá",
                "verbose_name_plural": "tiêu chí đánh giá",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rated_at", models.DateTimeField(verbose_name="đánh giá lúc")),
                ("rated_on", models.DateField(verbose_name="ngày đánh giá")),
                ("changed_at", models.DateTimeField(null=True, verbose_name="sửa lúc")),
                ("comment", models.TextField(blank=True, verbose_name="góp ý")),
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="motcua.office",
                    ),
                ),
            ],
            options={
                "verbose_name": "đánh giá",
                "verbose_name_plural": "đánh giá",
                "ordering": ["-rated_at"],
            },
        ),
        migrations.CreateModel(
            name="RatingScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(verbose_name="điểm")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="dossiers.ratingcriterion",
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="dossiers.rating",
                    ),
                ),
            ],
            options={
                "verbose_name": "điểm đánh giá",
                "verbose_name_plural": "điểm đánh giá",
            },
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(fields=["rated_on", "office"], name="rating_by_day"),
        ),
        migrations.AddConstraint(
            model_name="ratingscore",
            constraint=models.UniqueConstraint(
                fields=("rating", "criterion"), name="one_score_per_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__lte", 2)), name="score_is_2_1_or_0"
            ),
        ),
        migrations.RunPython(one_sector_for_legal_education, migrations.RunPython.noop),
    ]
