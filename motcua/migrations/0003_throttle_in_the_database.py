from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("motcua", "0002_accounts")]

    operations = [
        migrations.CreateModel(
            name="Misses",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("until", models.BigIntegerField(db_index=True)),
            ],
            options={
                "verbose_name": "lần thử sai",
                "verbose_name_plural": "lần thử sai",
            },
        ),
    ]
