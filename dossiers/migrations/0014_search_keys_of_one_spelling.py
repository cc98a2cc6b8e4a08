"""A dossier whose names have Ð for Đ, a bent apostrophe or something unseen is found by their
plain spelling. The names stay as they were written."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from procedures.migrations._search_keys import renew


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    renew(apps, "dossiers", "Dossier")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0013_days_spent_in_plain_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
