"""What the tests of the register book share."""

from datetime import timedelta

from dossiers.models import Dossier
from dossiers.rules.codes import code_key
from motcua.models import Office
from reports.figures import verify
from reports.register.book import Book
from tests.cast import Cast, vn
from tests.reports.scopes import scopes_for

# TT 01/2018/TT-VPCP, form 06.
FORM_06 = [
    "TT",
    "Mã hồ sơ",
    "Tên TTHC",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Trả kết quả: ngày, tháng, năm",
    "Trả kết quả: phương thức nhận kết quả",
    "Trả kết quả: ký nhận",
    "Ghi chú",
]
XLSX = "/so-theo-doi/so-theo-doi.xlsx"
PDF = "/so-theo-doi/so-theo-doi.pdf"


def book(cast: Cast, year: int = 2016, **fields: object) -> Book:
    scope = next(s for s in scopes_for(cast.clerk) if s.single == cast.district)
    return Book(staff=cast.clerk, scope=scope, year=year, **fields)


def many(cast: Cast, count: int, *, office: Office | None = None) -> None:
    """Rows enough for a thick book, laid straight into the table."""
    template = cast.received("2016-01-04T08:00", office=office)
    rows = []
    for number in range(2, count + 1):
        row = Dossier.objects.get(pk=template.pk)
        row.pk = None
        received = vn("2016-01-04T08:00") + timedelta(days=(number * 300) // count)
        row.code = f"{template.code[:-4]}B{number:05}"
        row.code_key = code_key(row.code)
        row.book_number = number
        row.received_at = received
        row.received_on = received.date()
        row.applicant_name = f"Nguyễn Thị Số {number}"
        rows.append(row)
    Dossier.objects.bulk_create(rows)
    verify.rebuild()


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)


def text_of(page: str) -> str:
    return " ".join(page.split())
