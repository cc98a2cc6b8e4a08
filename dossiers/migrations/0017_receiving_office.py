"""Who received a dossier is a fact beside who solves it; so far they were one."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("dossiers", "Dossier").objects.update(receiver_id=models.F("office_id"))


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0016_payment_is_announced"),
        ("motcua", "0006_offices_in_time"),
        ("procedures", "0005_search_keys_of_one_spelling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="assigned_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assigned_away",
                to="motcua.office",
                verbose_name="được giao lại từ",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="assigned_on",
            field=models.DateField(editable=False, null=True, verbose_name="được giao lại từ ngày"),
        ),
        migrations.AddField(
            model_name="dossier",
            name="receiver",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received",
                to="motcua.office",
                verbose_name="nơi tiếp nhận",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="motcua.office",
                verbose_name="đơn vị giải quyết",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("assigned_on__isnull", False)),
                fields=["assigned_on"],
                name="dossier_assigned",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assigned_from__isnull", True), ("assigned_on__isnull", True)),
                    models.Q(("assigned_from__isnull", False), ("assigned_on__isnull", False)),
                    _connector="OR",
                ),
                name="assigned_dossier_has_a_day",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
