"""Reasons in ready words for supplement, refusal and apology."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0024_whom_the_result_concerns"),
        ("motcua", "0006_offices_in_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReasonTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supplement", "yêu cầu bổ sung"),
                            ("refusal", "từ chối tiếp nhận"),
                            ("apology", "xin lỗi và hẹn lại"),
                        ],
                        max_length=12,
                        verbose_name="dùng khi",
                    ),
                ),
                ("text", models.TextField(max_length=500, verbose_name="lý do")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="thứ tự")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang dùng")),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        help_text="Để trống: mọi đơn vị.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="motcua.office",
                        verbose_name="của đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "mẫu lý do",
                "verbose_name_plural": "mẫu lý do",
                "ordering": ["kind", "position", "pk"],
            },
        ),
    ]
