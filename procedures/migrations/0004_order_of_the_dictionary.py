from django.db import migrations, models

from motcua.text import alphabetical


def sort_what_is_there(apps, schema_editor):
    for name in ("Sector", "Procedure"):
        rows = list(apps.get_model("procedures", name).objects.all())
        for row in rows:
            row.sort_key = alphabetical(row.name)
        apps.get_model("procedures", name).objects.bulk_update(rows, ["sort_key"], 200)


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_filing_online")]

    operations = [
        migrations.AddField(
            model_name="sector",
            name="sort_key",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="procedure",
            name="sort_key",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(sort_what_is_there, migrations.RunPython.noop, elidable=True),
        migrations.AlterModelOptions(
            name="sector",
            options={
                "ordering": ["sort_key"],
                "verbose_name": "lĩnh vực",
                "verbose_name_plural": "lĩnh vực",
            },
        ),
        migrations.AlterModelOptions(
            name="procedure",
            options={
                "ordering": ["level", "sector__sort_key", "sort_key"],
                "verbose_name": "thủ tục hành chính",
                "verbose_name_plural": "thủ tục hành chính",
            },
        ),
    ]
