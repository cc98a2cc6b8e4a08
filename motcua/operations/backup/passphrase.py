"""Where the passphrase of a backup comes from: a file, the environment, or the keyboard."""

import sys
from getpass import getpass
from pathlib import Path

from django.core.management.base import CommandError

from motcua.environment import Environment
from motcua.operations.backup.sealed import SHORTEST_PASSPHRASE

VARIABLE = "MOTCUA_BACKUP_KEY"


def passphrase(key_file: Path | None, *, twice: bool) -> str:
    """The passphrase; typed ones are asked for `twice` when a backup is made with them."""
    if key_file is not None:
        try:
            return _long_enough(key_file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"Không đọc được tệp khóa {key_file}.") from None
    if given := Environment().text(VARIABLE):
        return _long_enough(given)
    if not sys.stdin.isatty():
        raise CommandError(f"Chưa có khóa của bản sao lưu: đặt {VARIABLE} hoặc --key-file TỆP.")
    typed = _long_enough(getpass("Khóa của bản sao lưu: "))
    if twice and getpass("Gõ lại khóa: ") != typed:
        raise CommandError("Hai lần gõ không giống nhau.")
    return typed


def _long_enough(key: str) -> str:
    if len(key) < SHORTEST_PASSPHRASE:
        raise CommandError(f"Khóa của bản sao lưu cần ít nhất {SHORTEST_PASSPHRASE} ký tự.")
    return key
