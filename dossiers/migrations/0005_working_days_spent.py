from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0004_signatures_and_requests")]

    operations = []
