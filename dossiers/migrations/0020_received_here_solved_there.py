import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0019_mergers_of_offices"),
        ("motcua", "0006_offices_in_time"),
        ("procedures", "0009_received_for_another_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="dossier",
            name="dossier_register",
        ),
        migrations.AddField(
            model_name="dossier",
            name="external_code",
            field=models.CharField(blank=True, max_length=60, verbose_name="mã ở hệ thống khác"),
        ),
        migrations.AddField(
            model_name="dossier",
            name="external_status",
            field=models.CharField(
                blank=True, max_length=120, verbose_name="trạng thái ở hệ thống khác"
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="external_system",
            field=models.CharField(blank=True, max_length=80, verbose_name="hệ thống khác"),
        ),
        migrations.AddField(
            model_name="dossier",
            name="paper_came_at",
            field=models.DateTimeField(null=True, verbose_name="đã nhận bản giấy lúc"),
        ),
        migrations.AddField(
            model_name="dossier",
            name="paper_due_at",
            field=models.DateTimeField(null=True, verbose_name="hạn chuyển bản giấy"),
        ),
        migrations.AddField(
            model_name="dossier",
            name="point",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received",
                to="motcua.receptionpoint",
                verbose_name="điểm tiếp nhận",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="return_office",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returned",
                to="motcua.office",
                verbose_name="nơi trả kết quả",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="return_point",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returned",
                to="motcua.receptionpoint",
                verbose_name="điểm trả kết quả",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submit", "nộp hồ sơ"),
                    ("accept", "tiếp nhận"),
                    ("decline", "từ chối tiếp nhận"),
                    ("forward", "chuyển xử lý"),
                    ("ask_supplement", "yêu cầu bổ sung"),
                    ("receive_supplement", "nhận giấy tờ bổ sung"),
                    ("ask_payment", "thông báo nghĩa vụ tài chính"),
                    ("confirm_payment", "xác nhận đã nộp nghĩa vụ tài chính"),
                    ("apologise", "xin lỗi và hẹn lại"),
                    ("resolve", "ghi nhận kết quả"),
                    ("hand_over", "trả kết quả"),
                    ("withdraw", "rút hồ sơ"),
                    ("stop", "dừng giải quyết"),
                    ("correct", "sửa thông tin"),
                    ("revert", "hoàn tác"),
                    ("take_over", "nhận hồ sơ được chuyển"),
                    ("take_paper", "nhận bản giấy từ nơi tiếp nhận"),
                    ("external", "ghi mã, trạng thái ở hệ thống khác"),
                    ("attach", "công dân gửi thêm tệp trực tuyến"),
                    ("reschedule", "dời hạn vì lịch làm việc thay đổi"),
                    ("merge", "sắp xếp đơn vị hành chính"),
                    ("assign", "phân công đơn vị giải quyết"),
                    ("read", "xem hồ sơ"),
                    ("print", "in giấy tờ"),
                ],
                max_length=20,
                verbose_name="việc",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                fields=["receiver", "received_on", "book_number"], name="dossier_register"
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("receiver", models.F("office")), _negated=True),
                fields=["receiver", "received_on"],
                name="dossier_elsewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("return_office__isnull", False)),
                fields=["return_office"],
                name="dossier_returned_at",
            ),
        ),
    ]
