"""Every dossier has a receiver. Apart from 0017: PostgreSQL alters no table in the transaction
that has just written its rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0017_receiving_office")]

    operations = [
        migrations.AlterField(
            model_name="dossier",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received",
                to="motcua.office",
                verbose_name="nơi tiếp nhận",
            ),
        )
    ]
