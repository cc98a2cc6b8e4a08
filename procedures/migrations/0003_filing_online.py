from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_life_events_and_provenance")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="files_online",
            field=models.BooleanField(
                default=True,
                help_text="Thủ tục giải quyết trong ngày luôn nộp tại quầy.",
                verbose_name="nhận hồ sơ trực tuyến",
            ),
        )
        for model in ("procedure", "historicalprocedure")
    ]
