import re
from typing import Any

from django.db import migrations, models

ONE_SECTOR = "Phổ biến, giáo dục pháp luật"
SAME_SECTOR = "Phổ biến giáo dục pháp luật"
NOTED = re.compile(r"\s*\((?:theo )?trí nhớ\)|, (?:theo )?trí nhớ(?=\))|\s*theo trí nhớ|\s*ghi nhớ")
NOT_FOUND = re.compile(r"\s*\(chưa tra được mức của Cà Mau\)|^Chưa tra được mức [\w ]+$")
PARTS = {
    "thời hạn": "thời hạn",
    "ngày": "thời hạn",
    "mã": "mã TTHC",
    "hồ sơ": "thành phần hồ sơ",
    "phí": "phí, lệ phí",
}


def put_provenance_aside(apps: Any, schema_editor: Any) -> None:
    """What was noted between brackets, in texts that citizens read, becomes a mark of its own."""
    versions = apps.get_model("procedures", "ProcedureVersion").objects.all()
    for version in versions:
        parts = []
        if "nhớ" in version.limit_note:
            parts.append("thời hạn")
        if "nhớ" in version.fee_note or NOT_FOUND.search(version.fee_note):
            parts.append("phí, lệ phí")
        kept = []
        for piece in version.source.split("; "):
            told, noted, _ = piece.partition("nhớ")
            if noted:
                parts += [name for word, name in PARTS.items() if word in told.lower()]
                piece = NOTED.sub("", piece)
                if re.fullmatch(r"(?:thời hạn|mã|hồ sơ|phí|, )+", piece):
                    continue
            kept.append(piece)
        if not parts:
            continue
        version.limit_note = NOTED.sub("", version.limit_note)
        version.fee_note = NOT_FOUND.sub("", NOTED.sub("", version.fee_note))
        version.source = "; ".join(kept)
        version.unverified = "\n".join(dict.fromkeys(parts))
        version.save(update_fields=["limit_note", "fee_note", "source", "unverified"])


def one_sector_for_legal_education(apps: Any, schema_editor: Any) -> None:
    """The sector stood twice in the catalogue. Its dossiers follow in the migration of theirs."""
    sectors = apps.get_model("procedures", "Sector").objects
    double = sectors.filter(name=SAME_SECTOR).first()
    if double is None:
        return
    one, _ = sectors.get_or_create(name=ONE_SECTOR)
    procedures = apps.get_model("procedures", "Procedure").objects
    for procedure in procedures.filter(sector=double):
        procedure.sector = one
        procedure.save(update_fields=["sector"])
    schema_editor.connection.check_constraints()  # or PostgreSQL refuses what comes after


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_catalogue_and_calendar")]

    operations = [
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=80, verbose_name="tên sự kiện")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "sự kiện trong đời",
                "verbose_name_plural": "sự kiện trong đời",
                "ordering": ["position", "name"],
            },
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="applicants",
            field=models.TextField(blank=True, verbose_name="đối tượng thực hiện"),
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="conditions",
            field=models.TextField(blank=True, verbose_name="yêu cầu, điều kiện"),
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="form_names",
            field=models.TextField(
                blank=True,
                help_text="Mỗi mẫu một dòng. Để trống: các đơn, tờ khai trong thành phần hồ sơ.",
                verbose_name="mẫu đơn, tờ khai",
            ),
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="sequence",
            field=models.TextField(
                blank=True,
                help_text="Mỗi bước một dòng. Để trống: trình tự chung.",
                verbose_name="trình tự thực hiện",
            ),
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="sets",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="số lượng hồ sơ (bộ)"
            ),
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="unverified",
            field=models.TextField(
                blank=True,
                help_text="Những phần chưa đối chiếu với văn bản, mỗi phần một dòng: thời hạn; phí, lệ phí; mã TTHC; thành phần hồ sơ. Công dân không đọc ô này.",
                verbose_name="chưa kiểm chứng",
            ),
        ),
        migrations.AddField(
            model_name="historicalprocedureversion",
            name="ways",
            field=models.TextField(
                blank=True,
                help_text="Mỗi cách một dòng. Để trống: cách chung.",
                verbose_name="cách thức thực hiện",
            ),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="applicants",
            field=models.TextField(blank=True, verbose_name="đối tượng thực hiện"),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="conditions",
            field=models.TextField(blank=True, verbose_name="yêu cầu, điều kiện"),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="form_names",
            field=models.TextField(
                blank=True,
                help_text="Mỗi mẫu một dòng. Để trống: các đơn, tờ khai trong thành phần hồ sơ.",
                verbose_name="mẫu đơn, tờ khai",
            ),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="sequence",
            field=models.TextField(
                blank=True,
                help_text="Mỗi bước một dòng. Để trống: trình tự chung.",
                verbose_name="trình tự thực hiện",
            ),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="sets",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="số lượng hồ sơ (bộ)"
            ),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="unverified",
            field=models.TextField(
                blank=True,
                help_text="Những phần chưa đối chiếu với văn bản, mỗi phần một dòng: thời hạn; phí, lệ phí; mã TTHC; thành phần hồ sơ. Công dân không đọc ô này.",
                verbose_name="chưa kiểm chứng",
            ),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="ways",
            field=models.TextField(
                blank=True,
                help_text="Mỗi cách một dòng. Để trống: cách chung.",
                verbose_name="cách thức thực hiện",
            ),
        ),
        migrations.AddField(
            model_name="procedure",
            name="life_events",
            field=models.ManyToManyField(
                blank=True,
                related_name="procedures",
                to="procedures.lifeevent",
                verbose_name="sự kiện trong đời",
            ),
        ),
        migrations.RunPython(put_provenance_aside, migrations.RunPython.noop),
        migrations.RunPython(one_sector_for_legal_education, migrations.RunPython.noop),
    ]
