import datetime

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0008_what_an_office_offers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperHandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "working_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="số ngày làm việc",
                    ),
                ),
                (
                    "since",
                    models.DateField(default=datetime.date(2025, 7, 1), verbose_name="từ ngày"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Số, ngày của văn bản. Chưa ghi dòng nào: 1 ngày làm việc, như QĐ 1490/QĐ-UBND ngày 18/11/2025 của Bắc Ninh.",
                        max_length=200,
                        verbose_name="theo văn bản",
                    ),
                ),
            ],
            options={
                "verbose_name": "hạn chuyển bản giấy",
                "verbose_name_plural": "hạn chuyển bản giấy",
                "ordering": ["since"],
            },
        ),
        migrations.CreateModel(
            name="ElsewhereRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("province", "cấp tỉnh"),
                            ("district", "cấp huyện"),
                            ("commune", "cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                ("is_allowed", models.BooleanField(verbose_name="được nhận thay")),
                (
                    "since",
                    models.DateField(default=datetime.date(2025, 7, 1), verbose_name="từ ngày"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Số, ngày của văn bản; ví dụ quyết định của tỉnh.",
                        max_length=200,
                        verbose_name="theo văn bản",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="procedures.procedure",
                        verbose_name="thủ tục",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="procedures.sector",
                        verbose_name="lĩnh vực",
                    ),
                ),
            ],
            options={
                "verbose_name": "quy định nhận thay đơn vị khác",
                "verbose_name_plural": "quy định nhận thay đơn vị khác",
                "ordering": ["level", "sector", "procedure", "since"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalElsewhereRule",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("province", "cấp tỉnh"),
                            ("district", "cấp huyện"),
                            ("commune", "cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                ("is_allowed", models.BooleanField(verbose_name="được nhận thay")),
                (
                    "since",
                    models.DateField(default=datetime.date(2025, 7, 1), verbose_name="từ ngày"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Số, ngày của văn bản; ví dụ quyết định của tỉnh.",
                        max_length=200,
                        verbose_name="theo văn bản",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procedures.procedure",
                        verbose_name="thủ tục",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procedures.sector",
                        verbose_name="lĩnh vực",
                    ),
                ),
            ],
            options={
                "verbose_name": "lịch sử quy định nhận thay",
                "verbose_name_plural": "historical quy định nhận thay đơn vị khác",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPaperHandOver",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "working_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="số ngày làm việc",
                    ),
                ),
                (
                    "since",
                    models.DateField(default=datetime.date(2025, 7, 1), verbose_name="từ ngày"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Số, ngày của văn bản. Chưa ghi dòng nào: 1 ngày làm việc, như QĐ 1490/QĐ-UBND ngày 18/11/2025 của Bắc Ninh.",
                        max_length=200,
                        verbose_name="theo văn bản",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lịch sử hạn chuyển bản giấy",
                "verbose_name_plural": "historical hạn chuyển bản giấy",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
