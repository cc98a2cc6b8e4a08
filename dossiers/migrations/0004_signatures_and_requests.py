from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_events_are_append_only")]

    operations = []
