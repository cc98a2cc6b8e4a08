"""Offices have days, successors and former names; a province has had no desk so far."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("motcua", "Office").objects.filter(level="province").update(has_desk=False)


class Migration(migrations.Migration):
    dependencies = [
        ("motcua", "0005_old_logins_may_go"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="tên")),
                (
                    "kind",
                    models.CharField(
                        help_text="tỉnh, huyện, xã, thị trấn, phường",
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "identity_code",
                    models.CharField(
                        blank=True,
                        help_text="Theo QĐ 20/2020/QĐ-TTg. Để trống: dùng mã tạm có chữ TAM.",
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9A-Z]{2,3}(\\.[0-9A-Z]{2,3}){0,4}$",
                                "Mã định danh gồm các nhóm 2 - 3 chữ in hoa hoặc chữ số, cách nhau bằng dấu chấm, ví dụ H12.29 hoặc 000.05.29.H12.",
                            )
                        ],
                        verbose_name="mã định danh",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="địa chỉ")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="điện thoại")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="thư điện tử"),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Ví dụ: Thới Bình. Để trống: lấy tên đơn vị.",
                        max_length=80,
                        verbose_name="địa danh ghi trên giấy tờ",
                    ),
                ),
                (
                    "header_above",
                    models.CharField(
                        blank=True,
                        help_text="Ví dụ: Văn phòng UBND tỉnh Cà Mau. Để trống: Ủy ban nhân dân và tên đơn vị.",
                        max_length=120,
                        verbose_name="dòng trên của tiêu đề giấy tờ",
                    ),
                ),
                (
                    "header",
                    models.CharField(
                        blank=True,
                        help_text="Để trống: Bộ phận Tiếp nhận và Trả kết quả; cấp xã từ 01/7/2025 là Trung tâm Phục vụ hành chính công.",
                        max_length=120,
                        verbose_name="dòng dưới của tiêu đề giấy tờ",
                    ),
                ),
                (
                    "leader_title",
                    models.CharField(
                        blank=True,
                        help_text="Ví dụ: Giám đốc. Để trống: Thủ trưởng cơ quan, đơn vị.",
                        max_length=80,
                        verbose_name="chức danh người ký",
                    ),
                ),
                ("last_day", models.DateField(verbose_name="đến hết ngày")),
            ],
            options={
                "verbose_name": "tên, địa chỉ trước đây",
                "verbose_name_plural": "tên, địa chỉ trước đây",
                "ordering": ["office", "-last_day"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalReceptionPoint",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="tên điểm")),
                ("address", models.CharField(max_length=200, verbose_name="địa chỉ")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="điện thoại")),
                ("open_from", models.DateField(blank=True, null=True, verbose_name="có từ ngày")),
                (
                    "open_until",
                    models.DateField(blank=True, null=True, verbose_name="đến hết ngày"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "lịch sử điểm tiếp nhận",
                "verbose_name_plural": "historical điểm tiếp nhận",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ReceptionPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="tên điểm")),
                ("address", models.CharField(max_length=200, verbose_name="địa chỉ")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="điện thoại")),
                ("open_from", models.DateField(blank=True, null=True, verbose_name="có từ ngày")),
                (
                    "open_until",
                    models.DateField(blank=True, null=True, verbose_name="đến hết ngày"),
                ),
            ],
            options={
                "verbose_name": "điểm tiếp nhận",
                "verbose_name_plural": "điểm tiếp nhận",
                "ordering": ["office", "name"],
            },
        ),
        migrations.AlterModelOptions(
            name="office",
            options={
                "ordering": ["code", "exists_from"],
                "verbose_name": "cơ quan, đơn vị",
                "verbose_name_plural": "cơ quan, đơn vị",
            },
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="exists_from",
            field=models.DateField(blank=True, null=True, verbose_name="có từ ngày"),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="exists_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="đến hết ngày"
            ),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="has_desk",
            field=models.BooleanField(default=True, verbose_name="có bộ phận một cửa"),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="header",
            field=models.CharField(
                blank=True,
                help_text="Để trống: Bộ phận Tiếp nhận và Trả kết quả; cấp xã từ 01/7/2025 là Trung tâm Phục vụ hành chính công.",
                max_length=120,
                verbose_name="dòng dưới của tiêu đề giấy tờ",
            ),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="header_above",
            field=models.CharField(
                blank=True,
                help_text="Ví dụ: Văn phòng UBND tỉnh Cà Mau. Để trống: Ủy ban nhân dân và tên đơn vị.",
                max_length=120,
                verbose_name="dòng trên của tiêu đề giấy tờ",
            ),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="is_hidden",
            field=models.BooleanField(
                default=False,
                help_text="Đơn vị có sẵn trong chương trình mà nơi này không dùng: không hiện ở đâu.",
                verbose_name="không dùng ở đây",
            ),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="leader_title",
            field=models.CharField(
                blank=True,
                help_text="Ví dụ: Giám đốc. Để trống: Thủ trưởng cơ quan, đơn vị.",
                max_length=80,
                verbose_name="chức danh người ký",
            ),
        ),
        migrations.AddField(
            model_name="historicaloffice",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="motcua.office",
                verbose_name="đơn vị kế thừa",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="exists_from",
            field=models.DateField(blank=True, null=True, verbose_name="có từ ngày"),
        ),
        migrations.AddField(
            model_name="office",
            name="exists_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="đến hết ngày"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="has_desk",
            field=models.BooleanField(default=True, verbose_name="có bộ phận một cửa"),
        ),
        migrations.AddField(
            model_name="office",
            name="header",
            field=models.CharField(
                blank=True,
                help_text="Để trống: Bộ phận Tiếp nhận và Trả kết quả; cấp xã từ 01/7/2025 là Trung tâm Phục vụ hành chính công.",
                max_length=120,
                verbose_name="dòng dưới của tiêu đề giấy tờ",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="header_above",
            field=models.CharField(
                blank=True,
                help_text="Ví dụ: Văn phòng UBND tỉnh Cà Mau. Để trống: Ủy ban nhân dân và tên đơn vị.",
                max_length=120,
                verbose_name="dòng trên của tiêu đề giấy tờ",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="is_hidden",
            field=models.BooleanField(
                default=False,
                help_text="Đơn vị có sẵn trong chương trình mà nơi này không dùng: không hiện ở đâu.",
                verbose_name="không dùng ở đây",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="leader_title",
            field=models.CharField(
                blank=True,
                help_text="Ví dụ: Giám đốc. Để trống: Thủ trưởng cơ quan, đơn vị.",
                max_length=80,
                verbose_name="chức danh người ký",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="motcua.office",
                verbose_name="đơn vị kế thừa",
            ),
        ),
        migrations.AlterField(
            model_name="historicaloffice",
            name="code",
            field=models.CharField(max_length=10, verbose_name="mã đơn vị hành chính"),
        ),
        migrations.AlterField(
            model_name="office",
            name="code",
            field=models.CharField(max_length=10, verbose_name="mã đơn vị hành chính"),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(
                condition=models.Q(("exists_until__isnull", True)),
                fields=("code",),
                name="code_of_one_office_at_a_time",
                violation_error_message="Mã này đang là của một đơn vị khác.",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("exists_until__isnull", True),
                    ("exists_from__isnull", True),
                    ("exists_until__gte", models.F("exists_from")),
                    _connector="OR",
                ),
                name="office_ends_after_it_begins",
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor__isnull", True), ("exists_until__isnull", False), _connector="OR"
                ),
                name="only_ended_offices_have_successors",
            ),
        ),
        migrations.AddField(
            model_name="formerdetails",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former",
                to="motcua.office",
                verbose_name="đơn vị",
            ),
        ),
        migrations.AddField(
            model_name="formerdetails",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="motcua.office",
                verbose_name="trực thuộc",
            ),
        ),
        migrations.AddField(
            model_name="historicalreceptionpoint",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalreceptionpoint",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="motcua.office",
                verbose_name="đơn vị",
            ),
        ),
        migrations.AddField(
            model_name="receptionpoint",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points",
                to="motcua.office",
                verbose_name="đơn vị",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerdetails",
            constraint=models.UniqueConstraint(
                fields=("office", "last_day"), name="former_details_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionpoint",
            constraint=models.UniqueConstraint(
                fields=("office", "name"),
                name="point_name_once_per_office",
                violation_error_message="Đơn vị này đã có điểm tiếp nhận cùng tên.",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("open_until__isnull", True),
                    ("open_from__isnull", True),
                    ("open_until__gte", models.F("open_from")),
                    _connector="OR",
                ),
                name="point_ends_after_it_begins",
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
