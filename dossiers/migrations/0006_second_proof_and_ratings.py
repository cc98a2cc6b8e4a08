from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_working_days_spent")]

    operations = []
