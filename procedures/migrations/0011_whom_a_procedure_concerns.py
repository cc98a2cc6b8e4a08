"""Whom a procedure concerns: read once from the names of the shipped catalogues."""

import re

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REGISTERS = (
    (re.compile(r"đăng ký (?:lại )?khai sinh", re.IGNORECASE), "child"),
    (re.compile(r"đăng ký (?:lại )?khai tử", re.IGNORECASE), "deceased"),
    (re.compile(r"đăng ký (?:lại )?kết hôn", re.IGNORECASE), "spouses"),
)


def concerns_of(name: str, sector: str) -> str:
    """As `shipped_concerns` of procedures/models/concerns.py in 0.4.0."""
    if sector == "Đất đai":
        return "parcel"
    of_register = (concerns for registers, concerns in REGISTERS if registers.search(name))
    return next(of_register, "") if sector == "Hộ tịch" else ""


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    procedures = apps.get_model("procedures", "Procedure")._base_manager
    of_kind: dict[str, list[int]] = {}
    shipped = procedures.exclude(catalogue="own").values_list("pk", "name", "sector__name")
    for pk, name, sector in shipped:
        of_kind.setdefault(concerns_of(name, sector), []).append(pk)
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
