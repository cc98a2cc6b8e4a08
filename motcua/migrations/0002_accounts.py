from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("motcua", "0001_offices_and_staff")]

    operations = []
