from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_signed_figures_are_append_only")]

    operations = []
