"""Whom a procedure concerns: read once from the names of the shipped catalogues."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from procedures.models.concerns import shipped_concerns


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    procedures = apps.get_model("procedures", "Procedure")._base_manager
    of_kind: dict[str, list[int]] = {}
    shipped = procedures.exclude(catalogue="own").values_list("pk", "name", "sector__name")
    for pk, name, sector in shipped:
        of_kind.setdefault(shipped_concerns(name, sector), []).append(pk)
    for concerns, keys in of_kind.items():
        if concerns:
            procedures.filter(pk__in=keys).update(concerns=concerns)


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0010_words_by_which_people_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalprocedure",
            name="concerns",
            field=models.CharField(
                blank=True,
                choices=[
                    ("child", "trẻ được khai sinh"),
                    ("spouses", "hai bên kết hôn"),
                    ("parcel", "thửa đất"),
                    ("deceased", "người chết"),
                ],
                help_text="Của ai, của thửa nào: hỏi khi tiếp nhận, ghi trên phiếu và trong sổ.",
                max_length=10,
                verbose_name="kết quả về",
            ),
        ),
        migrations.AddField(
            model_name="procedure",
            name="concerns",
            field=models.CharField(
                blank=True,
                choices=[
                    ("child", "trẻ được khai sinh"),
                    ("spouses", "hai bên kết hôn"),
                    ("parcel", "thửa đất"),
                    ("deceased", "người chết"),
                ],
                help_text="Của ai, của thửa nào: hỏi khi tiếp nhận, ghi trên phiếu và trong sổ.",
                max_length=10,
                verbose_name="kết quả về",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
