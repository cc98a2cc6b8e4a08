from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_catalogue_and_calendar")]

    operations = []
