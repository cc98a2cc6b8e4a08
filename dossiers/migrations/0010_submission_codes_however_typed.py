"""A submission code is found however it is typed, as a receipt code is."""

import re

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    dossiers = apps.get_model("dossiers", "Dossier").objects.order_by()
    filed = dossiers.exclude(submission_code="").values_list("pk", "submission_code")
    for key, code in filed.iterator():
        dossiers.filter(pk=key).update(submission_key=re.sub(r"[^0-9A-Z]", "", code.upper()))


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0009_index_of_replaced_dates")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="submission_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=60),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
