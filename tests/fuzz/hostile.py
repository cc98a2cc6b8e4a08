"""What people, programs and accidents send: hostile values, and the bending of one request.

Everything comes from one seeded generator, so a run can be repeated. FUZZ_INPUTS=n goes deeper,
FUZZ_SEED=n elsewhere.
"""

import os
import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

IN_SUITE = 900
INPUTS = int(os.environ.get("FUZZ_INPUTS", IN_SUITE))
"""How many requests the addresses are sent, in all."""
SEED = int(os.environ.get("FUZZ_SEED", 0))

TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\u202egpj.exe",
    "\u200f\u200e\u2066",
    unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ấn"),
    "".join(map(chr, range(1, 32))),
    "\x7f\x85\u2028\u2029\ufeff\ufffe\uffff",
    "=1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "'; DROP TABLE dossiers_dossier; --",
    "%00%ff%s{0}{ma}{{ 7*7 }}",
    "../../etc/passwd",
    "𝔊😀👨‍👩‍👧",
    "a\u0301" * 400,
    "Ấ" * 5_000,
    "[]",
    "{}",
    '{"a": [1, {"b": null}]}',
    "null",
    "None",
    "true",
)
NUMBERS = (
    "0",
    "-0",
    "-1",
    "1",
    "7",
    "32767",
    "32768",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 400,
    "9" * 5_000,
    "1e999",
    "-1e-999",
    "NaN",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    "1.5",
    "1,5",
    "٣",
    "１２",
    "²",
    "½",
    "+1",
    " 1 ",
    "1\x00",
)
DATES = (
    "0000-00-00",
    "0001-01-01",
    "1899-12-31",
    "31/12/1899",
    "29/02/2015",
    "2015-02-29",
    "9999-12-31",
    "31/12/9999",
    "10000-01-01",
    "2016-02-30",
    "٢٠١٦-٠٢-٠٤",
    "2016-02-04",
    "04/02/2016",
    "2016-02-04T25:61",
    "2016-02-04T09:00",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "9999-12-31T23:59:59.999999+14:00",
    "0001-01-01T00:00-14:00",
    "23:59",
    "24:00",
)
PERIODS = (
    "2016-Q1",
    "2016-Q5",
    "2016-6M",
    "2016-9M",
    "2016",
    "0000",
    "0001",
    "9999",
    "9999-Q4",
    "99999",
    "0001-Q1",
    "٢٠١٦-Q1",
    "²⁰¹⁶",
    "2016-01-01..2016-09-30",
    "2016-09-30..2016-01-01",
    "0001-01-01..9999-12-31",
    "9999-12-31..9999-12-31",
    "..",
    "2016-..",
)
WORDS = ("co", "on", "calendar", "nd09", "office", "sector", "procedure", "967", "32086", "H901")
ALL = (*TEXTS, *NUMBERS, *DATES, *PERIODS, *WORDS)
HUGE = "Ộ" * 350_000  # a megabyte

LANGUAGES = ("", "*", "vi", "zz-ZZ;q=9", "en" * 300, "\x7f", ",;q=,;", "vi-" + "x" * 600)
HOSTS = ("", "a b", "evil.example", "[::1", "127.0.0.1:99999999", "x" * 300, "testserver:80:80")
COOKIES = ("", "x", "\x01", "a" * 4_000, "null", "..", '"', "é")
REFERERS = ("", "http://[", "javascript:1", "//x", "http://testserver/\x00", "x" * 9_000)
TYPES = (
    "application/json",
    "text/plain; charset=utf-99",
    "text/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "b" * 300,
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=idna",
    "application/x-www-form-urlencoded",
    "",
    "\x7f/;",
)
BODIES = (
    b"",
    b"\xff\xfe\x00",
    b"{",
    b'{"token": null}',
    b"a=%ff%fe&a=%00&=&&==",
    b"--x\r\n",
    b'--x\r\nContent-Disposition: form-data; name="a',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc',
    b'--x\r\nContent-Disposition: form-data; name="\xff\x00"\r\n\r\n\xff\x00\r\n--x--\r\n',
    b"--x\r\nContent-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: form-data; name="a"\r\n\r\n!\r\n--x--\r\n',
    b"&".join(b"k%d=1" % number for number in range(1_500)),
)
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND")
FILES = (
    b"",
    b"%PDF-",
    b"%PDF-1.7\n%%EOF",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"\x89PNG\r\n\x1a\n<script>",
    b"PK\x03\x04",
    b"PK\x05\x06" + b"\x00" * 18,
    b"\x00" * 64,
    b"\xff\xfe\x00\xd8",
    b"ma_ho_so,ten\n\x00,\x00\n",
    b'"' * 2_000,
    b"a," * 3_000,
    "\ufeffma_ho_so\n".encode(),
)
NAMES = (
    "don.pdf",
    "so.csv",
    "so.xlsx",
    "../../etc/cron.d/x",
    "..\\..\\x.pdf",
    "a\x00.pdf",
    "x" * 400 + ".pdf",
    "\u202efdp.exe",
    ".",
    " ",
    "con.pdf",
)


class Fields(HTMLParser):
    """What the forms and the links of a page send: names with the values that stand in them."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: dict[str, list[str]] = {}
        self.asked: dict[str, list[str]] = {}
        self.files: set[str] = set()
        self._into = self.asked
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        if tag == "form":
            self._into = self.posted if (has.get("method") or "").lower() == "post" else self.asked
        elif tag == "a":
            for key in re.findall(r"[?&]([\w-]+)=", has.get("href") or ""):
                self.asked.setdefault(key, [])
        elif tag == "select":
            self._select = name
            self._into.setdefault(name, [])
        elif tag == "option" and self._select:
            self._into[self._select].append(has.get("value") or "")
        elif tag in ("input", "textarea", "button") and name:
            if has.get("type") == "file":
                self.files.add(name)
            self._into.setdefault(name, []).append(has.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


@dataclass
class Request:
    """One request, bent."""

    method: str
    query: list[tuple[str, str]] = field(default_factory=list)
    is_raw: bool = False
    """The query is sent as a program sends it that escapes nothing."""
    data: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


class Bender:
    """Makes hostile requests of what a page offers."""

    def __init__(self, seed: int, known: list[str]) -> None:
        self.random = Random(seed)
        self.known = known

    def value(self, offered: list[str]) -> str:
        random = self.random
        if offered and random.random() < 0.3:
            kept = random.choice(offered)
            return kept if random.random() < 0.5 else kept + random.choice(ALL)
        if random.random() < 0.001:
            return HUGE
        return random.choice(ALL)

    def file(self) -> SimpleUploadedFile:
        content, name = self.random.choice(FILES), self.random.choice(NAMES)
        if self.random.random() < 0.3:
            content += self.random.randbytes(200)
        made = SimpleUploadedFile("x", content, "application/pdf")
        made._name = name  # what a client sends is not tidied before it arrives
        return made

    def request(self, method: str, fields: Fields, query: dict[str, str]) -> Request:
        random = self.random
        made = Request(method)
        if method == "POST":
            self._fill(made, fields)
        else:
            names = [*fields.asked, *query, *random.sample(self.known, 2)]
            for name in random.sample(names, min(len(names), random.randint(1, 4))):
                offered = [query[name]] if name in query else fields.asked.get(name, [])
                made.query += [(name, self.value(offered))] * random.choice((1, 1, 1, 2))
            made.query += [(k, v) for k, v in query.items() if k not in dict(made.query)]
        self._wrap(made)
        return made

    def _fill(self, made: Request, fields: Fields) -> None:
        random = self.random
        hostile = random.random()  # how much of this form is bent
        for name, offered in fields.posted.items():
            if name in fields.files:
                if random.random() < 0.6:
                    made.data[name] = self.file()
            elif random.random() < hostile * 0.6:
                fate = random.random()
                if fate < 0.15:
                    continue
                if fate < 0.3:
                    made.data[name] = [self.value(offered), self.value(offered)]
                else:
                    made.data[name] = self.value(offered)
            elif offered:
                made.data[name] = random.choice(offered) or random.choice(("1", "Đơn", ""))
        if not made.data or random.random() < 0.1:
            for name in random.sample(self.known, 3):
                made.data[name] = self.value([])
        if random.random() < 0.06:
            made.body, made.content_type = random.choice(BODIES), random.choice(TYPES)

    def _wrap(self, made: Request) -> None:
        random = self.random
        made.is_raw = random.random() < 0.1
        if random.random() < 0.04:
            made.method = random.choice(METHODS)
        if random.random() < 0.08:
            name, values = random.choice(
                (
                    ("HTTP_ACCEPT_LANGUAGE", LANGUAGES),
                    ("HTTP_HOST", HOSTS),
                    ("HTTP_REFERER", REFERERS),
                    ("HTTP_X_FORWARDED_FOR", TEXTS[:16]),
                    ("HTTP_IF_MODIFIED_SINCE", DATES),
                    ("HTTP_IF_NONE_MATCH", TEXTS[:16]),
                    ("HTTP_RANGE", ("bytes=-", "bytes=9-1", "x")),
                    ("CONTENT_LENGTH", ("-1", "²", "x", "9" * 30)),
                )
            )
            made.headers[name] = random.choice(values)
        if random.random() < 0.03:
            name = random.choice(("sessionid", "csrftoken", "messages"))
            made.cookies[name] = random.choice(COOKIES)
