from django.db import migrations, models

HELP = "Hồ sơ chuyển đến đây là trình lãnh đạo ký. Mỗi đơn vị có một nơi."


class Migration(migrations.Migration):
    dependencies = [("motcua", "0003_throttle_in_the_database")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="is_leaders",
                field=models.BooleanField("nơi lãnh đạo ký", default=False, help_text=HELP),
            )
            for model in ("division", "historicaldivision")
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.UniqueConstraint(
                condition=models.Q(is_active=True, is_leaders=True),
                fields=("office",),
                name="one_place_to_sign_per_office",
                violation_error_message="Đơn vị này đã có nơi lãnh đạo ký.",
            ),
        ),
    ]
