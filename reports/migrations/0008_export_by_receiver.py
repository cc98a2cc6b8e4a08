from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0007_signed_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registerexport",
            name="what",
            field=models.CharField(
                choices=[
                    ("so-theo-doi", "sổ theo dõi"),
                    ("bao-cao", "báo cáo theo kỳ"),
                    ("tre-han", "danh sách hồ sơ trễ hạn"),
                    ("ton-dong", "báo cáo hồ sơ tồn theo tuổi"),
                    ("nguyen-nhan", "báo cáo nguyên nhân trễ hạn"),
                    ("hinh-thuc", "báo cáo theo hình thức nộp"),
                    ("noi-nhan", "báo cáo theo nơi tiếp nhận"),
                ],
                default="so-theo-doi",
                max_length=20,
                verbose_name="lấy gì",
            ),
        ),
    ]
