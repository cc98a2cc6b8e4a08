"""Files that people send: what they are is read from their first bytes, never believed from a
name; they lie outside what the web server serves, under names that nobody chose.

Sizes are in bytes.
"""

import hashlib
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import FileField
from django.http import FileResponse

from motcua import clock

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LONGEST_NAME = 120
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class FileKind(StrEnum):
    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"

    @property
    def content_type(self) -> str:
        return {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}[self.value]


_BEGINNINGS = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
)


class FileRefused(Exception):
    """The file is not taken; the text is a sentence for who sent it."""


def sniff(beginning: bytes) -> FileKind | None:
    """What a file is by its first bytes; None for anything that is not taken."""
    return next((kind for mark, kind in _BEGINNINGS if beginning.startswith(mark)), None)


def check(file: "UploadedFile[bytes]") -> FileKind:
    """The kind of a file that may be kept. Raises FileRefused with a sentence."""
    name = shown_name(file.name or "")
    if not file.size:
        raise FileRefused(f"Tệp “{name}” không có nội dung. Mời ông/bà chọn lại.")
    if file.size > LARGEST_FILE:
        raise FileRefused(
            f"Tệp “{name}” lớn hơn {LARGEST_FILE // MEGABYTE} MB. Mời ông/bà chụp hoặc quét lại "
            "với độ nét thấp hơn."
        )
    file.seek(0)
    kind = sniff(file.read(16))
    file.seek(0)
    if kind is None:
        raise FileRefused(f"Tệp “{name}” không phải là PDF, JPEG hay PNG nên không nhận được.")
    return kind


def shown_name(name: str) -> str:
    """The name of a file as it is shown: without folders, control characters, tricks of
    direction, and not longer than a line."""
    last = re.split(r"[\\/]", name)[-1]
    clean = " ".join(_UNPRINTABLE.sub("", last).split())
    return clean[:LONGEST_NAME] or "tệp không tên"


def digest_of(file: "UploadedFile[bytes]") -> str:
    """SHA-256 of the content, in hex."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def uploads_storage() -> Storage:
    """The folder is in the settings, asked for when it is needed; every backup takes it along."""
    return storages["uploads"]


def path_of(instance: Any, filename: str) -> str:
    """Where a new file goes: by month, under a name made here."""
    return f"{clock.today():%Y/%m}/{uuid4().hex}.{instance.kind}"


class UploadField(FileField):
    """A file among the uploads. To migrations it is a plain FileField: where the program lays
    files is no matter of the database, and no migration imports the program for it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "storage": uploads_storage, "upload_to": path_of})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _, arguments, options = super().deconstruct()
        options.pop("storage", None)
        return name, "django.db.models.FileField", arguments, {**options, "upload_to": ""}


def serve(file: Any, kind: FileKind, name: str) -> FileResponse:
    """The file as what it was read to be, and as nothing else: no browser runs or guesses."""
    response = FileResponse(file.open("rb"), content_type=kind.content_type, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    if kind is not FileKind.PDF:  # browsers show a PDF in a cage of their own
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
