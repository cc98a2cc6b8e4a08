import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_targets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[("week", "thứ Hai hằng tuần"), ("month", "ngày 01 hằng tháng")],
                        max_length=5,
                        verbose_name="gửi khi nào",
                    ),
                ),
                ("chosen_at", models.DateTimeField(verbose_name="chọn lúc")),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper_choice",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "lựa chọn nhận số liệu qua thư",
                "verbose_name_plural": "lựa chọn nhận số liệu qua thư",
            },
        ),
        migrations.CreateModel(
            name="PaperMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="của ngày")),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="bắt đầu gửi lúc")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="gửi lúc")),
                (
                    "error",
                    models.CharField(blank=True, max_length=250, verbose_name="chưa gửi được vì"),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_mails",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "thư số liệu",
                "verbose_name_plural": "thư số liệu",
                "ordering": ["-due_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("staff", "due_on"), name="one_paper_mail_a_due_day"
                    )
                ],
            },
        ),
    ]
