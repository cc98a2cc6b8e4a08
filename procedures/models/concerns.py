"""Whom or what the result of a procedure concerns, where that is not simply who asks for it."""

import re

from django.db import models

CIVIL_STATUS, LAND = "Hộ tịch", "Đất đai"


class Concerns(models.TextChoices):
    """Của ai, của thửa nào."""

    CHILD = "child", "trẻ được khai sinh"
    SPOUSES = "spouses", "hai bên kết hôn"
    PARCEL = "parcel", "thửa đất"
    DECEASED = "deceased", "người chết"


# A copy of a birth certificate or a divorce that was noted concerns nobody of these.
_REGISTERS = (
    (re.compile(r"đăng ký (?:lại )?khai sinh", re.IGNORECASE), Concerns.CHILD),
    (re.compile(r"đăng ký (?:lại )?khai tử", re.IGNORECASE), Concerns.DECEASED),
    (re.compile(r"đăng ký (?:lại )?kết hôn", re.IGNORECASE), Concerns.SPOUSES),
)


def shipped_concerns(name: str, sector: str) -> str:
    """Whom a procedure of the shipped catalogues concerns, by its name and sector; "" for nobody
    but who asks. What an administrator wrote is not read from its name.

    >>> shipped_concerns("Thủ tục đăng ký lại khai sinh", "Hộ tịch")
    'child'
    >>> shipped_concerns("Tách thửa hoặc hợp thửa đất", "Đất đai")
    'parcel'
    >>> shipped_concerns("Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", "Hộ tịch")
    ''
    """
    if sector == LAND:
        return Concerns.PARCEL.value
    if sector == CIVIL_STATUS:
        for registers, concerns in _REGISTERS:
            if registers.search(name):
                return str(concerns.value)
    return ""
