from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_second_proof_and_ratings")]

    operations = []
