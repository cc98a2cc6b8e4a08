from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("motcua", "0002_accounts")]

    operations = []
