"""A procedure whose name has Ð for Đ, a bent apostrophe or something unseen is found as typed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from procedures.migrations._search_keys import renew


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    renew(apps, "procedures", "Procedure")


class Migration(migrations.Migration):
    dependencies = [("procedures", "0004_order_of_the_dictionary")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
