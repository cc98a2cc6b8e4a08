"""What `load_base` has brought so far is the catalogue of 2016; everything else somebody entered."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SHIPPED = [
    *(f"H{number:03}" for number in range(1, 238)),
    *(f"X{number:03}" for number in range(1, 136)),
]


def mark(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Procedure", "HistoricalProcedure"):
        rows = apps.get_model("procedures", name)._base_manager.filter(key__in=SHIPPED)
        rows.update(catalogue="2016")


class Migration(migrations.Migration):
    dependencies = [("procedures", "0006_catalogues_codes_and_limits")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
