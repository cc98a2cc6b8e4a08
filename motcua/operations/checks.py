"""System checks for what a server operator gets wrong.

Static ones run before every command; those that read the database (accounts, offices) only with
`migrate` and `check --database default`, as `script/server` asks.
"""

import ctypes
import ctypes.util
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import DatabaseError, connection, connections

from motcua.environment import Environment
from motcua.operations import replica

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}
FONTS = (
    "liberation-serif/LiberationSerif-Regular.ttf",
    "liberation-serif/LiberationSerif-Bold.ttf",
    "liberation-serif/LiberationSerif-Italic.ttf",
    "liberation-serif/LiberationSerif-BoldItalic.ttf",
)
# What gives the example of variables away.
EXAMPLES = {
    "MOTCUA_BASE_URL": "motcua.example.vn",
    "MOTCUA_ADMINS": "@motcua.example.vn",
    "MOTCUA_EMAIL_URL": "mail.example.vn",
    "MOTCUA_EMAIL_FROM": "@example.vn",
    "MOTCUA_BACKUP_KEY": "hay-thay-bang-mot-cau",
}
# What a dynamic loader calls the library on Linux, macOS and Windows.
HARFBUZZ_SUBSET = (
    "libharfbuzz-subset.so.0",
    "libharfbuzz-subset.0.dylib",
    "libharfbuzz-subset-0.dll",
)


def open_to_others(path: Path) -> bool:
    """Whether the file exists and somebody other than its owner may read or write it."""
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


@register(Tags.security)
def debug_stays_on_this_machine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    public = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
    if not settings.DEBUG or not public:
        return []
    return [
        Error(
            f"Đang bật MOTCUA_DEBUG mà vẫn phục vụ {', '.join(public)}: trang báo lỗi sẽ để lộ "
            "dữ liệu.",
            hint="Tắt MOTCUA_DEBUG, hoặc chỉ dùng địa chỉ 127.0.0.1.",
            id="motcua.E001",
        )
    ]


@register(Tags.security)
def secret_key_is_private(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    path = settings.VAR / "secret-key"
    if not open_to_others(path):
        return []
    return [
        Error(
            f"Người khác trên máy này đọc được tệp khóa bí mật {path}.",
            hint=f"Chạy: chmod 600 {path}",
            id="motcua.E002",
        )
    ]


@register(Tags.security)
def database_file_is_private(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    database = settings.DATABASES["default"]
    path = Path(database["NAME"])
    # A closed folder keeps the file from others whatever the file's own mode is.
    if (
        not database["ENGINE"].endswith("sqlite3")
        or not open_to_others(path)
        or not open_to_others(path.parent)
    ):
        return []
    return [
        Warning(
            f"Người khác trên máy này đọc được dữ liệu hồ sơ trong {path}.",
            hint=f"Chạy: chmod 700 {path.parent} && chmod 600 {path}*",
            id="motcua.W003",
        )
    ]


@register()
def slips_have_their_fonts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    folder = settings.BASE_DIR / "static" / "fonts"
    missing = [name for name in FONTS if not (folder / name).is_file()]
    if not missing:
        return []
    return [
        Error(
            f"Thiếu phông chữ của giấy tờ in trong {folder}: {', '.join(missing)}.",
            hint="Lấy lại đầy đủ mã nguồn của chương trình.",
            id="motcua.E004",
        )
    ]


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register()
def slips_print_at_full_speed(
    app_configs: Any, libraries: Iterable[str] = HARFBUZZ_SUBSET, **kwargs: Any
) -> list[CheckMessage]:
    if any(loads(library) for library in libraries):
        return []
    return [
        Warning(
            "Máy thiếu thư viện libharfbuzz-subset: mỗi phiếu in mất thời gian gấp hơn ba lần.",
            hint="Chạy script/setup, hoặc: apt-get install libharfbuzz-subset0",
            id="motcua.W005",
        )
    ]


@register(Tags.security)
def slips_name_an_address_that_citizens_reach(
    app_configs: Any, **kwargs: Any
) -> list[CheckMessage]:
    if settings.LISTEN in LOOPBACK:
        return []
    return public_address_is_set(app_configs, **kwargs)


def slips_open_this_machine() -> bool:
    """Whether the QR on the slips leads each telephone to itself, and nobody to the desk."""
    host = urlsplit(settings.MOTCUA_BASE_URL).hostname or ""
    return host in LOOPBACK or host.startswith("127.")


@register(Tags.security, deploy=True)
def public_address_is_set(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG or settings.BASE_URL_IS_SET:
        return []
    return [
        Warning(
            "Chưa đặt MOTCUA_BASE_URL: mã QR trên phiếu hẹn sẽ dẫn tới "
            f"{settings.MOTCUA_BASE_URL}, nơi người dân không mở được.",
            hint="Đặt MOTCUA_BASE_URL là địa chỉ công khai, ví dụ https://motcua.thoibinh.gov.vn",
            id="motcua.W006",
        )
    ]


@register(Tags.security, deploy=True)
def no_example_is_left(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Values of deploy/motcua.env.example that everybody can read, or that lead nowhere."""
    env = Environment()
    left = [name for name, example in EXAMPLES.items() if example in env.text(name)]
    if not left:
        return []
    return [
        Warning(
            f"Còn để nguyên giá trị mẫu: {', '.join(left)}.",
            hint="Sửa trong /etc/motcua/motcua.env theo đơn vị mình.",
            id="motcua.W011",
        )
    ]


@register(Tags.security, deploy=True)
def the_proxy_in_front_is_counted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Behind nginx and its socket every visitor would be the same one, or nobody."""
    if not settings.OVER_HTTPS or settings.MOTCUA_PROXIES:
        return []
    return [
        Warning(
            "Địa chỉ công khai là https, tức là có máy chủ trung gian (nginx) đứng trước, mà "
            "MOTCUA_PROXIES là 0: mọi người bị coi là cùng một địa chỉ, nên một người làm quá "
            "giới hạn thì mọi người bị chặn.",
            hint="Đặt MOTCUA_PROXIES=1; mỗi máy chủ trung gian của mình thêm 1.",
            id="motcua.W012",
        )
    ]


@register(Tags.database)
def the_database_answers(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """The checks below say nothing of a database that is not migrated yet; of one that is away
    this one does."""
    if not reads(databases):
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return [
            Error(
                f"Không nối được cơ sở dữ liệu ({type(error).__name__}).",
                hint="Xem cơ sở dữ liệu có đang chạy không và DATABASE_URL có đúng không.",
                id="motcua.E013",
            )
        ]
    return []


@register(Tags.database)
def a_replica_gives_up(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """Its own server says so, since a session behind a pooler cannot."""
    if not reads(databases) or replica.REPLICA not in settings.DATABASES:
        return []
    try:
        with connections[replica.REPLICA].cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            if cursor.fetchone() != ("0",):
                return []
    except DatabaseError:  # named by the page of health
        return []
    return [
        Warning(
            "Bản sao (REPLICA_URL) không giới hạn thời gian của một câu lệnh: khi nó nghẽn, người "
            "xem báo cáo phải chờ mãi.",
            hint="Đặt statement_timeout = 20s trong postgresql.conf của bản sao.",
            id="motcua.W014",
        )
    ]


@register(Tags.database)
def demonstration_accounts_stay_inside(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.LISTEN in LOOPBACK or not reads(databases):
        return []
    staff = apps.get_model("motcua", "Staff")
    try:
        accounts = staff.objects.filter(is_demo=True, is_active=True).count()
    except DatabaseError:  # not migrated yet
        return []
    if not accounts:
        return []
    return [
        Error(
            f"Còn {accounts} tài khoản trình diễn, mật khẩu ai cũng biết, mà máy chủ mở ra mạng "
            f"({settings.LISTEN}).",
            hint="Dùng cơ sở dữ liệu thật (script/server --empty), hoặc bỏ --listen.",
            id="motcua.E007",
        )
    ]


@register(Tags.database)
def offices_have_their_identity_codes(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    if not reads(databases):
        return []
    office = apps.get_model("motcua", "Office")
    try:
        missing = office.objects.with_desk().filter(identity_code="").count()
    except DatabaseError:
        return []
    if not missing:
        return []
    return [
        Info(
            f"{missing} đơn vị chưa có mã định danh: mã hồ sơ của họ mang chữ TAM.",
            hint="Nhập mã theo QĐ 20/2020/QĐ-TTg tại trang Quản trị, mục Cơ quan, đơn vị.",
            id="motcua.I010",
        )
    ]


def reads(databases: Iterable[str] | None) -> bool:
    """Whether a check may read the database: only `migrate` and `check --database` say so."""
    return databases is not None and "default" in databases
