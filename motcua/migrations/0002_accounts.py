import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "motcua_loginevent is append-only"

SQLITE = [
    f"""CREATE TRIGGER motcua_loginevent_no_{act.lower()} BEFORE {act} ON motcua_loginevent
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    for act in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    f"""CREATE FUNCTION motcua_loginevent_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    """CREATE TRIGGER motcua_loginevent_no_change BEFORE UPDATE OR DELETE ON motcua_loginevent
       FOR EACH ROW EXECUTE FUNCTION motcua_loginevent_append_only()""",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER motcua_loginevent_no_update",
        "DROP TRIGGER motcua_loginevent_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER motcua_loginevent_no_change ON motcua_loginevent",
        "DROP FUNCTION motcua_loginevent_append_only()",
    ],
}


def lay(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("motcua", "0001_offices_and_staff")]

    operations = [
        migrations.AddField(
            model_name="historicalstaff",
            name="must_change_password",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="phải đổi mật khẩu khi đăng nhập"
            ),
        ),
        migrations.AddField(
            model_name="historicalstaff",
            name="office_since",
            field=models.DateField(
                blank=True,
                help_text="Để trống khi chuyển đơn vị: lấy ngày hôm nay.",
                null=True,
                verbose_name="làm việc tại đơn vị từ ngày",
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="must_change_password",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="phải đổi mật khẩu khi đăng nhập"
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="office_since",
            field=models.DateField(
                blank=True,
                help_text="Để trống khi chuyển đơn vị: lấy ngày hôm nay.",
                null=True,
                verbose_name="làm việc tại đơn vị từ ngày",
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="session_round",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="LoginEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="lúc")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("in", "đăng nhập"),
                            ("out", "đăng xuất"),
                            ("wrong_password", "sai mật khẩu"),
                            ("wrong_code", "sai mã xác thực"),
                            ("locked", "tạm khóa vì sai nhiều lần"),
                            ("unlocked", "mở khóa"),
                            ("password_changed", "đổi mật khẩu"),
                            ("password_reset", "được đặt lại mật khẩu"),
                            ("factor_on", "bật xác thực hai lớp"),
                            ("factor_off", "tắt xác thực hai lớp"),
                            ("closed", "đóng tài khoản"),
                            ("opened", "mở lại tài khoản"),
                        ],
                        max_length=20,
                        verbose_name="việc",
                    ),
                ),
                ("address", models.CharField(max_length=45, verbose_name="địa chỉ mạng")),
                ("note", models.CharField(blank=True, max_length=80, verbose_name="ghi chú")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người làm",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="motcua.office",
                        verbose_name="đơn vị lúc đó",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="login_events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần đăng nhập",
                "verbose_name_plural": "nhật ký đăng nhập",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.CharField(max_length=64)),
                ("since", models.DateTimeField(verbose_name="từ lúc")),
                ("last_step", models.BigIntegerField(default=0)),
                ("recovery", models.JSONField(default=list)),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "xác thực hai lớp",
                "verbose_name_plural": "xác thực hai lớp",
            },
        ),
        migrations.RunPython(lay, lift),
    ]
