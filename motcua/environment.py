"""The environment variables that the desk listens to, read once by `settings.py`.

Nonsense is refused at start with a sentence that names the variable, what was found and what
is expected: a mistyped switch must not silently leave a desk open or a feature off.
"""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from motcua.text import whole_number

VARIABLES = {
    "SECRET_KEY": "khóa bí mật; để trống thì tự tạo và giữ trong thư mục dữ liệu",
    "DATABASE_URL": "cơ sở dữ liệu; để trống thì dùng SQLite trong thư mục dữ liệu",
    "DATABASE_DIRECT_URL": "địa chỉ không qua pooler của cơ sở dữ liệu, để sao lưu và khôi phục",
    "REPLICA_URL": "bản sao chỉ đọc (streaming replica) của cơ sở dữ liệu PostgreSQL",
    "MOTCUA_REPLICA_LAG": "bản sao được chậm nhiều nhất bao nhiêu giây, mặc định là 10",
    "MOTCUA_VAR": "thư mục dữ liệu, mặc định là var/",
    "MOTCUA_DEBUG": "chế độ phát triển, mặc định là 0",
    "MOTCUA_LISTEN": "địa chỉ máy chủ lắng nghe, mặc định là 127.0.0.1",
    "MOTCUA_PORT": "cổng máy chủ lắng nghe, mặc định là 8000",
    "MOTCUA_BASE_URL": "địa chỉ công khai, in trong mã QR trên phiếu hẹn",
    "MOTCUA_ALLOWED_HOSTS": "các tên máy được phục vụ, cách nhau bằng dấu phẩy",
    "MOTCUA_CSRF_TRUSTED_ORIGINS": "các địa chỉ được gửi biểu mẫu tới, cách nhau bằng dấu phẩy",
    "MOTCUA_PROXIES": "số máy chủ trung gian (proxy) của mình đứng trước, mặc định là 0",
    "MOTCUA_IDLE_HOURS": "số giờ không thao tác thì phiên làm việc kết thúc, mặc định là 3",
    "MOTCUA_SECOND_FACTOR": "ai phải xác thực hai lớp: none, leaders (quản trị, lãnh đạo), all",
    "MOTCUA_LOOKUPS_PER_MINUTE": "số lần tra cứu mỗi phút từ một địa chỉ, mặc định là 30",
    "MOTCUA_LOOKUP_CODES_PER_DAY": (
        "số hồ sơ khác nhau mà một địa chỉ tra cứu được mỗi ngày chỉ bằng mã, mặc định là 100"
    ),
    "MOTCUA_HALL_NETWORKS": (
        "địa chỉ mạng của các bộ phận một cửa, không tính vào số trên, cách nhau bằng dấu phẩy"
    ),
    "MOTCUA_UPLOAD_MB": "số MB tệp mỗi giờ từ một địa chỉ, mặc định là 100",
    "MOTCUA_WAITING_MB": "số MB tệp đã gửi mà chưa hồ sơ nào nhận, mặc định là 1000",
    "MOTCUA_SMS_URL": "cổng tin nhắn của cơ quan; để trống thì tin nhắn chỉ ghi ra màn hình",
    "MOTCUA_SMS_TOKEN": "mã truy cập cổng tin nhắn",
    "MOTCUA_EMAIL_URL": "máy chủ gửi thư; để trống thì thư chỉ ghi ra màn hình",
    "MOTCUA_EMAIL_FROM": "địa chỉ người gửi trong thư báo cho công dân",
    "MOTCUA_ADMINS": "các địa chỉ thư nhận báo lỗi của máy chủ, cách nhau bằng dấu phẩy",
    "MOTCUA_LOG_JSON": "ghi nhật ký mỗi dòng một đối tượng JSON, mặc định là 0",
    "MOTCUA_BACKUP_KEY": "khóa mã hóa của bản sao lưu, ít nhất 12 ký tự",
    "MOTCUA_ADMIN_PASSWORD": "mật khẩu cho lệnh first_administrator khi không có bàn phím",
}

LOOPBACK = "127.0.0.1"
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
NAME = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", re.IGNORECASE)
HOST = re.compile(rf"^(\*|\.?{NAME.pattern.strip('^$')}|\[[0-9a-f:.]+\])$", re.IGNORECASE)
ENGINE = "django.db.backends.postgresql"
ENGINES = {"django.db.backends.sqlite3": "sqlite", ENGINE: "postgresql"}
SHORTEST_KEY = 32
MAIL_TIMEOUT = 20  # seconds
CONNECT_TIMEOUT = 5  # seconds
# A replica that does not answer costs somebody a wait; libpq waits two seconds at least. These are
# the client's own: what a server is told at the start of a session is lost behind a pooler.
REPLICA_OPTIONS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}


def nonsense(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"Biến môi trường {name} có giá trị không hợp lệ: “{value}”. Cần: {expected}."
    )


def as_admins(addresses: list[str]) -> list[str] | list[tuple[str, str]]:
    """The addresses as this Django wants its ADMINS: 6 takes them as they are and warns of pairs,
    5.2 refuses everything but pairs of name and address."""
    return addresses if django.VERSION >= (6,) else [(each, each) for each in addresses]


class Environment:
    """The variables of one process; every reader raises ImproperlyConfigured on nonsense."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables
        unknown = sorted(
            name for name in self.variables if name.startswith("MOTCUA_") and name not in VARIABLES
        )
        if unknown:
            known = "".join(f"\n  {name}: {meaning}" for name, meaning in VARIABLES.items())
            raise ImproperlyConfigured(
                f"Không có biến môi trường nào tên là {', '.join(unknown)}. Các biến được dùng:"
                + known
            )

    def text(self, name: str) -> str:
        return self.variables.get(name, "").strip()

    def flag(self, name: str) -> bool:
        value = self.text(name)
        if value.lower() in YES:
            return True
        if value.lower() in NO:
            return False
        raise nonsense(name, value, "1 (bật) hoặc 0 (tắt)")

    def number(self, name: str, default: int, smallest: int, largest: int) -> int:
        value = self.text(name)
        if not value:
            return default
        found = whole_number(value)
        if found is not None and smallest <= found <= largest:
            return found
        raise nonsense(name, value, f"một số từ {smallest} đến {largest}, ví dụ {default}")

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """One of these words; the default when nothing is set."""
        value = self.text(name)
        known = tuple(choices)
        if value and value not in known:
            raise nonsense(name, value, f"một trong các từ: {', '.join(known)}")
        return value or default

    def port(self, name: str, default: int) -> int:
        return self.number(name, default, 1, 65535)

    def service(self, name: str) -> str:
        """The address of a service that the desk calls, or nothing: a path may follow the host."""
        value = self.text(name)
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.hostname):
            raise nonsense(name, value, "địa chỉ đầy đủ, ví dụ https://sms.thoibinh.gov.vn/gui")
        return value

    def mail(self, name: str) -> dict[str, Any]:
        """Django's description of the mail server; without one, mail is written to the console.

        Port 25 unless the address names another: smtp as it is, smtp+tls with STARTTLS (587 is
        usual), smtp+ssl encrypted from the first byte (465).
        """
        value = self.text(name)
        if not value:
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        # The value is not repeated in the message: it may carry a password.
        refused = nonsense(
            name, value.partition(":")[0] + ":…", "smtp+tls://người_dùng:mật_khẩu@máy:587"
        )
        if value.partition(":")[0] not in ("smtp", "smtp+tls", "smtp+ssl"):
            raise refused
        try:
            config = environ.Env.email_url_config(value)
        except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
            raise refused from error
        if not config.get("EMAIL_HOST"):
            raise refused
        config.pop("EMAIL_FILE_PATH", None)
        config["EMAIL_PORT"] = config.get("EMAIL_PORT") or 25
        return {**config, "EMAIL_TIMEOUT": MAIL_TIMEOUT}

    def sender(self, name: str) -> str:
        """An e-mail address, alone or as "Tên <dia-chi@may>"; nothing when it is not set."""
        return mail_address(name, self.text(name))

    def people(self, name: str) -> list[str]:
        """E-mail addresses."""
        return [mail_address(name, word) for word in self.words(name)]

    def listen(self, name: str) -> str:
        """The IP address to listen on, as it stands in a web address; loopback unless told."""
        value = self.text(name)
        if not value:
            return LOOPBACK
        try:
            address = ip_address(value)
        except ValueError as error:
            raise nonsense(name, value, "một địa chỉ IP của máy này, ví dụ 192.168.1.10") from error
        return f"[{address}]" if address.version == 6 else str(address)

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """IP addresses, or whole networks with the length of their prefix."""
        found = []
        for word in self.words(name):
            try:
                found.append(ip_network(word))
            except ValueError as error:
                expected = "các địa chỉ hoặc mạng, ví dụ 203.0.113.7, 10.20.0.0/16"
                raise nonsense(name, word, expected) from error
        return found

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def hosts(self, name: str) -> list[str]:
        hosts = self.words(name)
        for host in hosts:
            if not HOST.match(host):
                raise nonsense(
                    name, host, "tên máy không kèm http:// và cổng, ví dụ motcua.thoibinh.gov.vn"
                )
        return hosts

    def address(self, name: str, default: str) -> str:
        """A public address without the last slash: scheme, host and perhaps a port."""
        return web_address(name, self.text(name)) or default

    def addresses(self, name: str) -> list[str]:
        return [web_address(name, word) for word in self.words(name)]

    def folder(self, name: str, default: Path) -> Path:
        """The folder, made when it is missing, for its owner only.

        A relative path stands beside the default one, wherever the command was typed.
        """
        value = self.text(name)
        folder = default.parent / Path(value).expanduser() if value else default
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise nonsense(name, str(folder), f"một thư mục ghi được ({error.strerror})") from error
        return folder

    def database(self, name: str, folder: Path) -> dict[str, Any]:
        """Django's description of the database: SQLite in `folder` unless the variable is set."""
        value = self.text(name)
        if not value:
            return sqlite({"NAME": folder / "motcua.sqlite3"})
        expected = "sqlite:////đường/dẫn/tệp hoặc postgresql://người_dùng:mật_khẩu@máy:cổng/tên"
        # The value is not repeated in the message: it may carry a password.
        refused = nonsense(name, value.partition(":")[0] + ":…", expected)
        if value.partition(":")[0] not in ("sqlite", "postgres", "postgresql", "psql", "pgsql"):
            raise refused
        try:
            config = environ.Env.db_url_config(value)
        except (ValueError, environ.ImproperlyConfigured) as error:
            raise refused from error
        vendor = ENGINES.get(config.get("ENGINE", ""))
        if vendor is None or not config.get("NAME"):
            raise refused
        if vendor == "postgresql":
            return postgresql(config)
        if not Path(config["NAME"]).is_absolute():
            raise nonsense(name, value, "đường dẫn đầy đủ, bốn dấu gạch: sqlite:////srv/motcua.db")
        return sqlite(config)

    def direct(self, name: str, pooled: dict[str, Any]) -> dict[str, Any]:
        """Django's description of the same database without the pooler; nothing unless set."""
        if not self.text(name):
            return {}
        config = self.database(name, Path())
        if not config["ENGINE"] == pooled["ENGINE"] == ENGINE:
            raise nonsense(
                name,
                self.text(name).partition(":")[0] + ":…",
                "địa chỉ thẳng của cơ sở dữ liệu PostgreSQL trong DATABASE_URL, ví dụ "
                "postgresql://người_dùng:mật_khẩu@máy:cổng/tên",
            )
        return config

    def replica(self, name: str, primary: dict[str, Any]) -> dict[str, Any]:
        """Django's description of the replica of `primary`; nothing when there is none."""
        if not self.text(name):
            return {}
        config = self.database(name, Path())
        if not config["ENGINE"] == primary["ENGINE"] == ENGINE:
            raise nonsense(
                name,
                self.text(name).partition(":")[0] + ":…",
                "bản sao PostgreSQL của cơ sở dữ liệu PostgreSQL trong DATABASE_URL, ví dụ "
                "postgresql://người_dùng:mật_khẩu@máy:cổng/tên",
            )
        return {**config, "OPTIONS": {**config["OPTIONS"], **REPLICA_OPTIONS}}

    def secret_key(self, name: str, folder: Path) -> str:
        """The key of the variable, otherwise the one kept in `folder`, made on the first run."""
        value = self.text(name)
        if not value:
            return kept_secret(folder / "secret-key")
        if len(value) < SHORTEST_KEY:
            raise nonsense(name, "…", f"một chuỗi ngẫu nhiên dài ít nhất {SHORTEST_KEY} ký tự")
        return value


def mail_address(name: str, value: str) -> str:
    _, address = parseaddr(value)
    try:
        if value:
            validate_email(address)
    except ValidationError as error:
        raise nonsense(name, value, "một địa chỉ thư, ví dụ motcua@thoibinh.gov.vn") from error
    return value


def web_address(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        sound = (
            parts.scheme in ("http", "https")
            and (":" in host or NAME.match(host))
            and (parts.port is None or parts.port > 0)
            and not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        sound = False
    if not sound:
        raise nonsense(
            name, value, "địa chỉ đầy đủ không kèm đường dẫn, ví dụ https://motcua.thoibinh.gov.vn"
        )
    return value.rstrip("/")


def sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """WAL so that readers do not wait, IMMEDIATE so that two writers queue instead of failing,
    FULL because a printed receipt code must survive a power cut."""
    return {
        **config,
        "ENGINE": "django.db.backends.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"
            ),
        },
    }


def postgresql(config: dict[str, Any]) -> dict[str, Any]:
    """A connection for each request costs nine tenths of the speed, so they are kept.

    Nothing lives longer than a transaction, so a pooler of transactions may stand between: no
    parameters for the session, and no cursors of the server, which rows outside of a transaction
    would need (`paging.in_portions` reads long lists instead).
    """
    return {
        **config,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            # A clerk whose database is away is told so within seconds.
            "connect_timeout": CONNECT_TIMEOUT,
            **config.get("OPTIONS", {}),
        },
    }


def kept_secret(path: Path) -> str:
    """The key in the file; made when missing, readable by its owner only.

    Several processes may start at once: the key is written whole under another name and then
    linked into place, so that all of them read the one that came first.
    """
    try:
        return key_in(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"Không đọc hoặc không tạo được tệp khóa bí mật {path} ({error.strerror})."
        ) from error


def key_in(path: Path) -> str:
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(
                os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w"
            ) as file:
                file.write(secrets.token_urlsafe(50) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"Tệp khóa bí mật {path} trống hoặc hỏng. Hãy khôi phục tệp, hoặc xóa tệp để tạo khóa "
            "mới (mọi người sẽ phải đăng nhập lại)."
        )
    return key
