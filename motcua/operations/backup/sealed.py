"""One encrypted stream: what was written under a passphrase comes back exactly, or not at all.

AES-256-GCM in chunks (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015):
a chunk's nonce holds its number and whether it is the last one, and every chunk answers for the
header, so that no chunk can be changed, moved, left out or cut off unseen. The key is made from
the passphrase by scrypt, which makes guessing expensive; its cost stands in the header.
"""

import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"MOTCUA-BACKUP"
VERSION = 1
SHORTEST_PASSPHRASE = 12
CHUNK = 1 << 20
_TAG = 16
_SALT = 16
_NONCE_PREFIX = 7
_HEADER = struct.Struct(f">{len(MAGIC)}sBBBB{_SALT}s{_NONCE_PREFIX}s")
_LOG_N, _R, _P = 15, 8, 1  # 32 MB and a tenth of a second for each guess
_HIGHEST_LOG_N = 20  # a strange file must not make this machine reckon for hours


class Damaged(Exception):
    """The file is no backup, was cut off or changed, or the passphrase is another one."""


def _cipher(passphrase: str, salt: bytes, log_n: int, r: int, p: int) -> AESGCM:
    kdf = Scrypt(salt=salt, length=32, n=1 << log_n, r=r, p=p)
    return AESGCM(kdf.derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class Writer:
    """A file object for writing; `close` seals the last chunk. Not closed, the file is damaged."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = os.urandom(_SALT), os.urandom(_NONCE_PREFIX)
        self._header = _HEADER.pack(MAGIC, VERSION, _LOG_N, _R, _P, salt, self._prefix)
        self._cipher = _cipher(passphrase, salt, _LOG_N, _R, _P)
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(self._header)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last chunk is kept back, even when it is full
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)


class Reader:
    """A file object for reading; every byte that it gives was checked. Raises Damaged."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._header = file.read(_HEADER.size)
        if len(self._header) != _HEADER.size or not self._header.startswith(MAGIC):
            raise Damaged("Tệp này không phải là bản sao lưu của Một cửa.")
        _, version, log_n, r, p, salt, self._prefix = _HEADER.unpack(self._header)
        if version != VERSION:
            raise Damaged(
                f"Bản sao lưu có dạng thứ {version}, chương trình này chỉ đọc được dạng thứ "
                f"{VERSION}. Hãy dùng đúng phiên bản chương trình đã sao lưu."
            )
        if log_n > _HIGHEST_LOG_N or not 0 < r <= _R or not 0 < p <= _R:
            raise Damaged("Phần đầu của bản sao lưu đã bị hỏng.")
        self._cipher = _cipher(passphrase, salt, log_n, r, p)
        self._file = file
        self._number = 0
        self._open = b""
        self._sealed = file.read(CHUNK + _TAG)
        self._done = False

    def read(self, size: int) -> bytes:
        while not self._done and len(self._open) < size:
            self._open += self._next()
        given, self._open = self._open[:size], self._open[size:]
        return given

    def _next(self) -> bytes:
        sealed, self._sealed = self._sealed, self._file.read(CHUNK + _TAG)
        self._done = not self._sealed
        try:
            chunk = self._cipher.decrypt(
                _nonce(self._prefix, self._number, self._done), sealed, self._header
            )
        except InvalidTag:
            raise Damaged(
                "Khóa không đúng, hoặc tệp sao lưu đã bị hỏng hay bị sửa."
                if self._number == 0
                else "Tệp sao lưu đã bị hỏng, bị sửa hoặc bị cắt ngắn."
            ) from None
        self._number += 1
        return chunk
